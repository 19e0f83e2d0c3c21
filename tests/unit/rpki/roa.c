/* Origin validation: the examples of RFC 6811 and RFC 6483, and many random payloads against a naive reading. */
#include "bgpd/rpki/roa.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static struct ip_prefix prefix(const char *text)
{
	struct ip_prefix p;

	cr_assert(ip_prefix_parse(text, &p, NULL), "%s", text);
	return p;
}

static struct rpki_roa roa(const char *text, uint8_t max_len, uint32_t as)
{
	return (struct rpki_roa){.prefix = prefix(text), .max_len = max_len, .as = as};
}

/* Said and in force at once. True: the set changed. */
static bool roas_add(struct rpki_roas *t, const struct rpki_roa *r, unsigned cache)
{
	return rpki_roas_say(t, r, true, false, cache) == RPKI_SAID_OK &&
	       rpki_roas_commit(t, false, cache);
}

static bool roas_del(struct rpki_roas *t, const struct rpki_roa *r, unsigned cache)
{
	return rpki_roas_say(t, r, false, false, cache) == RPKI_SAID_OK &&
	       rpki_roas_commit(t, false, cache);
}

static enum pol_rov judge(const struct rpki_roas *t, const char *text, uint32_t as)
{
	struct ip_prefix p = prefix(text);

	return rpki_roas_judge(t, true, &p, as);
}

Test(roa, says_valid_invalid_not_found)
{
	struct rpki_roas *t = rpki_roas_new(1);
	struct rpki_roa a = roa("10.0.0.0/16", 24, 64496), six = roa("2001:db8::/32", 48, 64496);
	struct ip_prefix p = prefix("10.0.0.0/16");

	cr_expect(eq(int, rpki_roas_judge(t, false, &p, 64496), POL_ROV_UNKNOWN));
	cr_expect(eq(int, judge(t, "10.0.0.0/16", 64496), POL_ROV_NOT_FOUND));
	cr_assert(roas_add(t, &a, 0));
	cr_assert(roas_add(t, &six, 0));
	cr_expect(eq(int, judge(t, "10.0.0.0/16", 64496), POL_ROV_VALID));
	cr_expect(eq(int, judge(t, "10.0.3.0/24", 64496), POL_ROV_VALID));
	cr_expect(eq(int, judge(t, "10.0.3.0/25", 64496), POL_ROV_INVALID));
	cr_expect(eq(int, judge(t, "10.0.3.0/24", 64497), POL_ROV_INVALID));
	cr_expect(eq(int, judge(t, "10.0.0.0/15", 64496), POL_ROV_NOT_FOUND));
	cr_expect(eq(int, judge(t, "10.1.0.0/16", 64496), POL_ROV_NOT_FOUND));
	cr_expect(eq(int, judge(t, "2001:db8:1::/48", 64496), POL_ROV_VALID));
	cr_expect(eq(int, judge(t, "2001:db8:1::/49", 64496), POL_ROV_INVALID));
	/* no origin (AS_SET): never valid */
	cr_expect(eq(int, judge(t, "10.0.0.0/16", 0), POL_ROV_INVALID));
	rpki_roas_free(t);
}

Test(roa, as_0_makes_invalid_only)
{
	struct rpki_roas *t = rpki_roas_new(1);
	struct rpki_roa none = roa("192.0.2.0/24", 32, 0), some = roa("192.0.2.0/24", 24, 64500);

	roas_add(t, &none, 0);
	cr_expect(eq(int, judge(t, "192.0.2.0/24", 0), POL_ROV_INVALID));
	cr_expect(eq(int, judge(t, "192.0.2.0/24", 64500), POL_ROV_INVALID));
	roas_add(t, &some, 0);
	cr_expect(eq(int, judge(t, "192.0.2.0/24", 64500), POL_ROV_VALID));
	rpki_roas_free(t);
}

Test(roa, is_there_as_long_as_one_cache_says_so)
{
	struct rpki_roas *t = rpki_roas_new(1);
	struct rpki_roa a = roa("192.0.2.0/24", 24, 64500);

	cr_expect(roas_add(t, &a, 0));
	cr_expect(not(roas_add(t, &a, 1)));
	cr_expect(not(roas_add(t, &a, 1)));
	cr_expect(eq(u32, rpki_roas_count(t, 1), 1));
	cr_expect(eq(u32, rpki_roas_count(t, RPKI_CACHES_MAX), 1));
	cr_expect(not(rpki_roas_clear(t, 0)));
	cr_expect(eq(int, judge(t, "192.0.2.0/24", 64500), POL_ROV_VALID));
	cr_expect(not(roas_del(t, &a, 0)));
	cr_expect(roas_del(t, &a, 1));
	cr_expect(not(roas_del(t, &a, 1)));
	cr_expect(eq(int, judge(t, "192.0.2.0/24", 64500), POL_ROV_NOT_FOUND));
	cr_expect(eq(u32, rpki_roas_count(t, RPKI_CACHES_MAX), 0));
	rpki_roas_free(t);
}

Test(roa, an_answer_counts_when_it_is_whole)
{
	struct rpki_roas *t = rpki_roas_new(1);
	struct rpki_roa a = roa("192.0.2.0/24", 24, 64500), b = roa("198.51.100.0/24", 24, 64501);

	cr_assert(eq(int, rpki_roas_say(t, &a, true, true, 3), RPKI_SAID_OK));
	cr_expect(eq(int, rpki_roas_say(t, &a, true, true, 3), RPKI_SAID_TWICE));
	cr_expect(eq(int, rpki_roas_say(t, &b, false, true, 3), RPKI_SAID_UNKNOWN));
	cr_expect(eq(int, judge(t, "192.0.2.0/24", 64500), POL_ROV_NOT_FOUND));
	cr_expect(eq(u32, rpki_roas_count(t, 3), 0));
	cr_expect(rpki_roas_commit(t, true, 3));
	cr_expect(eq(int, judge(t, "192.0.2.0/24", 64500), POL_ROV_VALID));
	/* the same once more changes nothing */
	cr_assert(eq(int, rpki_roas_say(t, &a, true, true, 3), RPKI_SAID_OK));
	cr_expect(not(rpki_roas_commit(t, true, 3)));
	/* a full answer without it takes it away, one that was forgotten does not */
	cr_assert(eq(int, rpki_roas_say(t, &b, true, true, 3), RPKI_SAID_OK));
	rpki_roas_forget(t, 3);
	cr_expect(eq(int, judge(t, "192.0.2.0/24", 64500), POL_ROV_VALID));
	cr_assert(eq(int, rpki_roas_say(t, &b, true, true, 3), RPKI_SAID_OK));
	cr_expect(rpki_roas_commit(t, true, 3));
	cr_expect(eq(int, judge(t, "192.0.2.0/24", 64500), POL_ROV_NOT_FOUND));
	cr_expect(eq(int, judge(t, "198.51.100.0/24", 64501), POL_ROV_VALID));
	rpki_roas_free(t);
}

/* Changes, in the order in which they are said: gone and here again, here and gone again. */
Test(roa, changes_follow_one_another)
{
	struct rpki_roas *t = rpki_roas_new(1);
	struct rpki_roa a = roa("192.0.2.0/24", 24, 64500), b = roa("198.51.100.0/24", 24, 64501);

	cr_assert(roas_add(t, &a, 0));
	cr_expect(eq(int, rpki_roas_say(t, &a, true, false, 0), RPKI_SAID_TWICE));
	cr_expect(eq(int, rpki_roas_say(t, &a, false, false, 0), RPKI_SAID_OK));
	cr_expect(eq(int, rpki_roas_say(t, &a, false, false, 0), RPKI_SAID_UNKNOWN));
	cr_expect(eq(int, judge(t, "192.0.2.0/24", 64500), POL_ROV_VALID), "not yet");
	cr_expect(eq(int, rpki_roas_say(t, &a, true, false, 0), RPKI_SAID_OK));
	cr_expect(eq(int, rpki_roas_say(t, &b, true, false, 0), RPKI_SAID_OK));
	cr_expect(eq(int, rpki_roas_say(t, &b, false, false, 0), RPKI_SAID_OK));
	cr_expect(not(rpki_roas_commit(t, false, 0)));
	cr_expect(eq(u32, rpki_roas_count(t, 0), 1));
	cr_expect(eq(int, judge(t, "198.51.100.0/24", 64501), POL_ROV_NOT_FOUND));
	rpki_roas_free(t);
}

/* What expires while a full answer is under way takes nothing of the answer with it. */
Test(roa, clearing_leaves_an_answer_alone)
{
	struct rpki_roas *t = rpki_roas_new(1);
	struct rpki_roa a = roa("192.0.2.0/24", 24, 64500), b = roa("198.51.100.0/24", 24, 64501);

	cr_assert(roas_add(t, &a, 0));
	cr_assert(roas_add(t, &b, 0));
	cr_assert(eq(int, rpki_roas_say(t, &a, true, true, 0), RPKI_SAID_OK));
	cr_expect(rpki_roas_clear(t, 0));
	cr_expect(eq(u32, rpki_roas_count(t, RPKI_CACHES_MAX), 0));
	cr_expect(rpki_roas_commit(t, true, 0));
	cr_expect(eq(int, judge(t, "192.0.2.0/24", 64500), POL_ROV_VALID));
	cr_expect(eq(int, judge(t, "198.51.100.0/24", 64501), POL_ROV_NOT_FOUND));
	rpki_roas_free(t);
}

#define MANY 3000

static struct rpki_roa roa_random(unsigned *seed)
{
	struct ip_prefix p = {.addr = ip_addr_v4(((uint32_t)rand_r(seed) & 0xffffffu) << 8),
		.len = (uint8_t)(12 + rand_r(seed) % 13)};

	ip_prefix_mask(&p);
	return (struct rpki_roa){.prefix = p,
		.max_len = (uint8_t)(p.len + rand_r(seed) % 3),
		.as = (uint32_t)(rand_r(seed) % 4)};
}

static bool roa_same(const struct rpki_roa *a, const struct rpki_roa *b)
{
	return ip_prefix_equal(&a->prefix, &b->prefix) && a->max_len == b->max_len &&
	       a->as == b->as;
}

struct naive {
	struct rpki_roa list[MANY];
	unsigned n;
};

static void naive_del(struct naive *v, const struct rpki_roa *r)
{
	for (unsigned i = 0; i < v->n; i++)
		if (roa_same(&v->list[i], r)) {
			v->list[i] = v->list[--v->n];
			return;
		}
}

static enum pol_rov naive_judge(const struct naive *v, const struct ip_prefix *p, uint32_t as)
{
	enum pol_rov found = POL_ROV_NOT_FOUND;

	for (unsigned i = 0; i < v->n; i++) {
		const struct rpki_roa *r = &v->list[i];

		if (r->prefix.len > p->len || !ip_prefix_contains(&r->prefix, &p->addr))
			continue;
		if (r->as && r->as == as && p->len <= r->max_len)
			return POL_ROV_VALID;
		found = POL_ROV_INVALID;
	}
	return found;
}

Test(roa, many_random_ones_are_as_a_naive_reading_says)
{
	struct rpki_roas *t = rpki_roas_new(7);
	struct naive *v = calloc(1, sizeof *v);
	unsigned seed = 4, of[4] = {0};

	for (unsigned i = 0; i < MANY; i++) {
		struct rpki_roa r = roa_random(&seed);

		if (roas_add(t, &r, 0))
			v->list[v->n++] = r;
		if (i % 3 == 0) {
			r = v->list[rand_r(&seed) % v->n];
			cr_assert(roas_del(t, &r, 0));
			naive_del(v, &r);
		}
	}
	cr_assert(eq(u32, rpki_roas_count(t, 0), v->n));
	for (unsigned i = 0; i < 4 * MANY; i++) {
		struct rpki_roa ask = i % 2 ? roa_random(&seed) : v->list[rand_r(&seed) % v->n];
		enum pol_rov want = naive_judge(v, &ask.prefix, ask.as);
		struct rpki_roa cover[4];

		of[want]++;
		cr_assert(eq(int, rpki_roas_judge(t, true, &ask.prefix, ask.as), want));
		cr_assert(eq(int, rpki_roas_covering(t, &ask.prefix, cover, 4) == 0,
			want == POL_ROV_NOT_FOUND));
	}
	cr_expect(of[POL_ROV_VALID] > 100 && of[POL_ROV_INVALID] > 100 &&
		  of[POL_ROV_NOT_FOUND] > 100);
	cr_expect(rpki_roas_clear(t, 0));
	cr_expect(eq(u32, rpki_roas_count(t, RPKI_CACHES_MAX), 0));
	rpki_roas_free(t);
	free(v);
}
