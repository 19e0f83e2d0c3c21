#include <criterion/criterion.h>
#include <string.h>

#include "acl/lpm.h"
#include "acl/police.h"
#include "acl/reason.h"
#include "tests/support/acl_frames.h"

#define NAIVE_MAX 4096

struct naive {
	struct acl_lpm_entry list[NAIVE_MAX];
	unsigned n;
};

static uint32_t mask(uint8_t len)
{
	return len ? UINT32_MAX << (32 - len) : 0;
}

static void naive_add(struct naive *m, uint32_t addr, uint8_t len, uint8_t value)
{
	for (unsigned i = 0; i < m->n; i++)
		if (m->list[i].len == len && m->list[i].addr == (addr & mask(len))) {
			m->list[i].value = value;
			return;
		}
	cr_assert_lt(m->n, NAIVE_MAX);
	m->list[m->n++] = (struct acl_lpm_entry){addr & mask(len), len, value};
}

static bool naive_del(struct naive *m, uint32_t addr, uint8_t len)
{
	for (unsigned i = 0; i < m->n; i++)
		if (m->list[i].len == len && m->list[i].addr == (addr & mask(len))) {
			m->list[i] = m->list[--m->n];
			return true;
		}
	return false;
}

static uint8_t naive_find(const struct naive *m, uint32_t addr)
{
	int best = -1;
	uint8_t value = 0;

	for (unsigned i = 0; i < m->n; i++)
		if ((addr & mask(m->list[i].len)) == m->list[i].addr && m->list[i].len > best) {
			best = m->list[i].len;
			value = m->list[i].value;
		}
	return value;
}

/* Few different addresses and lengths, so that prefixes meet. */
static uint32_t addr_of(struct rng *g)
{
	static const uint32_t base[] = {0, 0x0a000000, 0x0a010000, 0x0a010180, 0xffffff00};

	return base[rng_below(g, 5)] + (rng_one_in(g, 2) ? rng_below(g, 256) : 0);
}

Test(lpm, is_what_a_naive_table_is)
{
	static struct naive m;
	struct rng g = {3};
	struct acl_lpm t;

	acl_lpm_init(&t);
	cr_expect_eq(acl_lpm_find(&t, 0), 0);
	for (unsigned i = 0; i < 40000; i++) {
		uint32_t addr = addr_of(&g);
		uint8_t len = (uint8_t)rng_below(&g, 33), value = (uint8_t)rng_below(&g, 8);
		if (rng_one_in(&g, 3)) {
			cr_assert_eq(acl_lpm_del(&t, addr, len), naive_del(&m, addr, len));
		} else if (m.n < 60 || rng_one_in(&g, 50)) {
			acl_lpm_add(&t, addr, len, value);
			naive_add(&m, addr, len, value);
		}
		cr_assert_eq(t.n, m.n);
		addr = addr_of(&g) + rng_below(&g, 3) - 1;
		cr_assert_eq(acl_lpm_find(&t, addr), naive_find(&m, addr));
	}
	acl_lpm_fini(&t);
	cr_expect_null(t.list);
}

Test(lpm, a_longer_prefix_of_value_0_covers_a_shorter_one)
{
	struct acl_lpm t;

	acl_lpm_init(&t);
	acl_lpm_add(&t, 0x0aff0000, 16, ACL_DST_INFRA);
	acl_lpm_add(&t, 0x0aff0700, 24, ACL_DST_FORWARD);
	cr_expect_eq(acl_lpm_find(&t, 0x0aff0701), ACL_DST_FORWARD);
	cr_expect_eq(acl_lpm_find(&t, 0x0aff0801), ACL_DST_INFRA);
	acl_lpm_fini(&t);
}

struct changes {
	struct acl_lpm *t;
	unsigned n, gone;
};

/* What stays allowed is allowed at every moment: no prefix goes before all others have come. */
static void change(void *arg, const struct acl_lpm_entry *e, bool present)
{
	struct changes *c = arg;

	c->n++;
	if (present) {
		cr_assert_eq(c->gone, 0);
		acl_lpm_add(c->t, e->addr, e->len, e->value);
	} else {
		c->gone++;
		cr_assert(acl_lpm_del(c->t, e->addr, e->len));
	}
}

static bool same(const struct acl_lpm *a, const struct acl_lpm *b)
{
	return a->n == b->n && a->lens == b->lens &&
	       (a->n == 0 || memcmp(a->list, b->list, a->n * sizeof(*a->list)) == 0);
}

Test(lpm, the_difference_makes_one_the_other_additions_first)
{
	struct rng g = {5};

	for (unsigned round = 0; round < 500; round++) {
		struct acl_lpm was, is, t;
		unsigned differ = 0;
		acl_lpm_init(&was);
		acl_lpm_init(&is);
		acl_lpm_init(&t);
		for (unsigned n = rng_below(&g, 30); n; n--) {
			uint32_t addr = addr_of(&g);
			uint8_t len = (uint8_t)(20 + rng_below(&g, 13));
			uint8_t value = (uint8_t)rng_below(&g, 3);
			if (!rng_one_in(&g, 4)) {
				acl_lpm_add(&was, addr, len, value);
				acl_lpm_add(&t, addr, len, value);
			}
			if (!rng_one_in(&g, 4))
				acl_lpm_add(&is, addr, len, rng_one_in(&g, 4) ? 7 : value);
		}
		struct changes c = {.t = &t};
		acl_lpm_diff(&was, &is, change, &c);
		cr_assert(same(&t, &is));
		for (size_t i = 0; i < was.n; i++)
			differ += !acl_lpm_del(&t, was.list[i].addr, was.list[i].len);
		cr_assert_eq(c.gone, differ);
		acl_lpm_fini(&t);
		acl_lpm_init(&t);
		c = (struct changes){.t = &t};
		acl_lpm_diff(&is, &is, change, &c);
		cr_assert_eq(c.n, 0);
		acl_lpm_fini(&was);
		acl_lpm_fini(&is);
	}
}

static unsigned passed(uint64_t *tat, const struct acl_bucket *b, uint64_t now, unsigned n)
{
	unsigned ok = 0;

	while (n--)
		ok += acl_police(tat, b, now);
	return ok;
}

Test(police, burst_refill_and_a_long_way)
{
	struct acl_bucket b = acl_bucket_make(10, 5); /* one in 100 ms */
	uint64_t tat = 0, now = 0;
	const uint64_t ms = 1000000;

	cr_assert_eq(b.interval_ns, 100 * ms);
	cr_expect_eq(passed(&tat, &b, now, 100), 5);
	cr_expect_eq(passed(&tat, &b, now += 99 * ms, 100), 0);
	cr_expect_eq(passed(&tat, &b, now += 1 * ms, 100), 1);
	cr_expect_eq(passed(&tat, &b, now += 250 * ms, 100), 2);
	cr_expect_eq(passed(&tat, &b, now += 50 * ms, 100), 1);
	cr_expect_eq(passed(&tat, &b, now += 100000 * ms, 100), 5);
	cr_expect_eq(passed(&tat, &b, now += UINT64_C(1) << 61, 100), 5);
	tat = UINT64_C(1) << 62; /* somebody's debts of a hundred years */
	cr_expect_eq(passed(&tat, &b, 1, 100), 0);
	cr_expect_eq(tat, UINT64_C(1) << 62);
}

Test(police, a_flood_gets_the_rate)
{
	static const uint32_t rates[] = {1, 3, 10, 50, 1000, 10000};
	static const uint32_t bursts[] = {0, 1, 2, 20, 2000};
	const uint64_t step = 20000; /* of which the intervals are multiples, nearly */

	for (size_t r = 0; r < 6; r++)
		for (size_t k = 0; k < 5; k++) {
			struct acl_bucket b = acl_bucket_make(rates[r], bursts[k]);
			uint64_t tat = 0, now = 0;
			unsigned ok = 0, burst = bursts[k] ? bursts[k] : 1;
			for (; now < UINT64_C(2000000000); now += step)
				ok += acl_police(&tat, &b, now);
			cr_expect_geq(ok, 2 * rates[r] - rates[r] / 500, "%u", rates[r]);
			cr_expect_leq(ok, 2 * rates[r] + burst + 1, "%u", rates[r]);
		}
}

Test(police, no_limit_and_the_highest)
{
	struct acl_bucket none = acl_bucket_make(0, 100), most = acl_bucket_make(UINT32_MAX, 1);
	struct acl_bucket widest = acl_bucket_make(1, UINT32_MAX);
	uint64_t tat = 7;

	cr_expect_eq(passed(&tat, &none, 0, 1000), 1000);
	cr_expect_eq(tat, 7);
	cr_expect_eq(most.interval_ns, 1);
	tat = 0;
	cr_expect_eq(passed(&tat, &most, 1, 1000), 1);
	tat = 0;
	cr_expect_eq(widest.burst_ns / widest.interval_ns, UINT32_MAX - 1);
	cr_expect_eq(passed(&tat, &widest, UINT64_C(1) << 62, 1000), 1000);
}

Test(reasons, have_names_of_their_own_and_back)
{
	for (unsigned r = 0; r < ACL_REASONS; r++) {
		const char *name = acl_reason_name((enum acl_reason)r);
		cr_assert(name && *name);
		cr_expect_eq(acl_reason_find(name), r);
		cr_expect_eq(strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789"), strlen(name));
		cr_expect(*acl_reason_text((enum acl_reason)r));
		cr_expect_eq(*acl_reason_clause((enum acl_reason)r) == '\0', r == ACL_PASS);
	}
	cr_expect_eq(acl_reason_find("no_such_reason"), ACL_REASONS);
	cr_expect_str_eq(acl_reason_name(ACL_REASONS), "?");
	cr_expect_str_eq(acl_reason_name(ACL_MPLS_NOT_ENABLED), "mpls_not_enabled");
	cr_expect_leq(ACL_REASONS, ACL_REASONS_MAX);
}
