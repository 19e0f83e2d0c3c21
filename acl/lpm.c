#include "acl/lpm.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

void acl_lpm_init(struct acl_lpm *t)
{
	*t = (struct acl_lpm){0};
}

void acl_lpm_fini(struct acl_lpm *t)
{
	free(t->list);
	acl_lpm_init(t);
}

static uint32_t mask_of(uint8_t len)
{
	return len ? UINT32_MAX << (32 - len) : 0;
}

static int entry_cmp(const struct acl_lpm_entry *a, uint32_t addr, uint8_t len)
{
	if (a->addr != addr)
		return a->addr < addr ? -1 : 1;
	return (a->len > len) - (a->len < len);
}

/* Where the prefix is, or would be. */
static size_t place_of(const struct acl_lpm *t, uint32_t addr, uint8_t len)
{
	size_t lo = 0, hi = t->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (entry_cmp(&t->list[mid], addr, len) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool is_at(const struct acl_lpm *t, size_t i, uint32_t addr, uint8_t len)
{
	return i < t->n && entry_cmp(&t->list[i], addr, len) == 0;
}

void acl_lpm_add(struct acl_lpm *t, uint32_t addr, uint8_t len, uint8_t value)
{
	CHECK(len <= 32);
	addr &= mask_of(len);
	size_t i = place_of(t, addr, len);
	if (is_at(t, i, addr, len)) {
		t->list[i].value = value;
		return;
	}
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 16;
		t->list = realloc(t->list, t->cap * sizeof(*t->list));
		CHECK(t->list);
	}
	memmove(&t->list[i + 1], &t->list[i], (t->n - i) * sizeof(*t->list));
	t->list[i] = (struct acl_lpm_entry){.addr = addr, .len = len, .value = value};
	t->n++;
	t->lens |= UINT64_C(1) << len;
}

bool acl_lpm_del(struct acl_lpm *t, uint32_t addr, uint8_t len)
{
	CHECK(len <= 32);
	addr &= mask_of(len);
	size_t i = place_of(t, addr, len);
	if (!is_at(t, i, addr, len))
		return false;
	memmove(&t->list[i], &t->list[i + 1], (t->n - i - 1) * sizeof(*t->list));
	t->n--;
	t->lens = 0;
	for (i = 0; i < t->n; i++)
		t->lens |= UINT64_C(1) << t->list[i].len;
	return true;
}

uint8_t acl_lpm_find(const struct acl_lpm *t, uint32_t addr)
{
	for (int len = 32; len >= 0; len--) {
		if (!(t->lens >> len & 1))
			continue;
		uint32_t prefix = addr & mask_of((uint8_t)len);
		size_t i = place_of(t, prefix, (uint8_t)len);
		if (is_at(t, i, prefix, (uint8_t)len))
			return t->list[i].value;
	}
	return 0;
}

/* Each of a's entries that b does not have so. */
static void each_missing(const struct acl_lpm *a, const struct acl_lpm *b, bool by_value,
	acl_lpm_fn *fn, void *arg, bool present)
{
	size_t k = 0;

	for (size_t i = 0; i < a->n; i++) {
		const struct acl_lpm_entry *e = &a->list[i];
		while (k < b->n && entry_cmp(&b->list[k], e->addr, e->len) < 0)
			k++;
		if (is_at(b, k, e->addr, e->len) && (!by_value || b->list[k].value == e->value))
			continue;
		fn(arg, e, present);
	}
}

void acl_lpm_diff(const struct acl_lpm *was, const struct acl_lpm *is, acl_lpm_fn *fn, void *arg)
{
	each_missing(is, was, true, fn, arg, true);
	each_missing(was, is, false, fn, arg, false);
}
