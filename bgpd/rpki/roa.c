/* Validated ROA payloads: a hash of prefixes; which lengths occur at all is counted, so that few are looked up. */
#include "bgpd/rpki/roa.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "lib/hash.h"

#define BUCKETS_MIN 1024
#define LENGTHS	    129
#define NONE	    UINT32_MAX

struct entry {
	uint64_t addr[2]; /* big-endian halves */
	uint32_t as;
	uint32_t next;	 /* of the bucket, or of the free ones; NONE ends */
	uint16_t caches; /* in force */
	uint16_t said;	 /* in an answer that is under way: there when full, else turned over */
	uint8_t af, len, max_len;
};

struct rpki_roas {
	uint64_t seed;
	struct entry *list;
	uint32_t *buckets;
	uint32_t n_list, cap_list, free, n_buckets;
	uint32_t n_used, n;	      /* entries; those in force */
	uint32_t lengths[2][LENGTHS]; /* entries, by family and prefix length */
	uint32_t by_cache[RPKI_CACHES_MAX];
};

struct rpki_roas *rpki_roas_new(uint64_t seed)
{
	struct rpki_roas *t = calloc(1, sizeof *t);

	CHECK(t);
	t->seed = seed;
	t->free = NONE;
	t->n_buckets = BUCKETS_MIN;
	t->buckets = malloc(t->n_buckets * sizeof *t->buckets);
	CHECK(t->buckets);
	memset(t->buckets, 0xff, t->n_buckets * sizeof *t->buckets);
	return t;
}

void rpki_roas_free(struct rpki_roas *t)
{
	if (!t)
		return;
	free(t->list);
	free(t->buckets);
	free(t);
}

static struct entry entry_of(const struct ip_prefix *p, uint8_t max_len, uint32_t as)
{
	struct entry e = {
		.af = p->addr.af, .len = p->len, .max_len = max_len, .as = as, .next = NONE};

	for (unsigned i = 0; i < 16; i++)
		e.addr[i / 8] = e.addr[i / 8] << 8 | p->addr.o[i];
	return e;
}

static uint32_t *bucket_of(const struct rpki_roas *t, const struct entry *e)
{
	const uint64_t words[] = {e->addr[0], e->addr[1], (uint64_t)e->af << 8 | e->len};

	return &t->buckets[hash_octets(words, sizeof words, t->seed) & (t->n_buckets - 1)];
}

static bool same_prefix(const struct entry *a, const struct entry *b)
{
	return a->addr[0] == b->addr[0] && a->addr[1] == b->addr[1] && a->len == b->len &&
	       a->af == b->af;
}

/* Where the number of the equal entry stands; of NONE if there is none. */
static uint32_t *entry_find(const struct rpki_roas *t, const struct entry *e)
{
	uint32_t *at = bucket_of(t, e);

	while (*at != NONE) {
		const struct entry *k = &t->list[*at];

		if (same_prefix(k, e) && k->as == e->as && k->max_len == e->max_len)
			break;
		at = &t->list[*at].next;
	}
	return at;
}

static void buckets_grow(struct rpki_roas *t)
{
	free(t->buckets);
	t->n_buckets *= 2;
	t->buckets = malloc(t->n_buckets * sizeof *t->buckets);
	CHECK(t->buckets);
	memset(t->buckets, 0xff, t->n_buckets * sizeof *t->buckets);
	for (uint32_t i = 0; i < t->n_list; i++) {
		uint32_t *head;

		if (!t->list[i].caches && !t->list[i].said)
			continue;
		head = bucket_of(t, &t->list[i]);
		t->list[i].next = *head;
		*head = i;
	}
}

static uint32_t entry_new(struct rpki_roas *t)
{
	uint32_t i = t->free;

	if (i != NONE) {
		t->free = t->list[i].next;
		return i;
	}
	if (t->n_list == t->cap_list) {
		t->cap_list = t->cap_list ? t->cap_list + t->cap_list / 2 : BUCKETS_MIN;
		t->list = realloc(t->list, t->cap_list * sizeof *t->list);
		CHECK(t->list);
	}
	return t->n_list++;
}

/* A new entry, in force for nobody. */
static struct entry *entry_add(struct rpki_roas *t, const struct entry *e)
{
	uint32_t i, *head;

	if (t->n_used >= t->n_buckets)
		buckets_grow(t);
	i = entry_new(t);
	head = bucket_of(t, e);
	t->list[i] = *e;
	t->list[i].next = *head;
	*head = i;
	t->n_used++;
	t->lengths[e->af == IP_V6][e->len]++;
	return &t->list[i];
}

enum rpki_said rpki_roas_say(
	struct rpki_roas *t, const struct rpki_roa *roa, bool announce, bool full, unsigned cache)
{
	struct entry e = entry_of(&roa->prefix, roa->max_len, roa->as), *at;
	uint32_t i = *entry_find(t, &e);
	uint16_t bit = (uint16_t)(1u << cache), now;

	CHECK(cache < RPKI_CACHES_MAX);
	at = i == NONE ? &e : &t->list[i];
	now = (full ? at->said : at->said ^ at->caches) & bit;
	if (announce && now)
		return RPKI_SAID_TWICE;
	if (!announce && !now)
		return RPKI_SAID_UNKNOWN;
	if (i == NONE)
		at = entry_add(t, &e);
	at->said ^= bit;
	return RPKI_SAID_OK;
}

/* Takes an entry that nobody says any more out of its bucket. */
static void entry_drop(struct rpki_roas *t, struct entry *e)
{
	uint32_t *at = entry_find(t, e), i = *at;

	*at = e->next;
	t->lengths[e->af == IP_V6][e->len]--;
	t->n_used--;
	e->next = t->free;
	t->free = i;
}

enum settle {
	SETTLE_FULL,	/* what was said is there */
	SETTLE_CHANGES, /* what was said is turned over */
	SETTLE_FORGET,	/* nothing was said */
	SETTLE_CLEAR	/* nothing is there; a full answer may be under way */
};

static bool settle_there(enum settle how, bool was, bool said)
{
	switch (how) {
	case SETTLE_FULL:
		return said;
	case SETTLE_CHANGES:
		return said != was;
	case SETTLE_FORGET:
		return was;
	case SETTLE_CLEAR:
		return false;
	}
	return was;
}

/* True: whether some cache says it changed. */
static bool entry_settle(struct rpki_roas *t, struct entry *e, enum settle how, unsigned cache)
{
	uint16_t bit = (uint16_t)(1u << cache), all = e->caches;
	bool was = all & bit, there = settle_there(how, was, e->said & bit);

	e->caches = (uint16_t)(there ? all | bit : all & ~bit);
	if (how != SETTLE_CLEAR)
		e->said &= (uint16_t)~bit;
	t->by_cache[cache] += (uint32_t)there - (uint32_t)was;
	t->n += (uint32_t)(e->caches != 0) - (uint32_t)(all != 0);
	if (!e->caches && !e->said)
		entry_drop(t, e);
	return (e->caches != 0) != (all != 0);
}

static bool settle_each(struct rpki_roas *t, enum settle how, unsigned cache)
{
	bool changed = false;

	CHECK(cache < RPKI_CACHES_MAX);
	for (uint32_t i = 0; i < t->n_list; i++)
		if (t->list[i].caches || t->list[i].said) /* not a free one */
			changed |= entry_settle(t, &t->list[i], how, cache);
	return changed;
}

bool rpki_roas_commit(struct rpki_roas *t, bool full, unsigned cache)
{
	return settle_each(t, full ? SETTLE_FULL : SETTLE_CHANGES, cache);
}

void rpki_roas_forget(struct rpki_roas *t, unsigned cache)
{
	settle_each(t, SETTLE_FORGET, cache);
}

bool rpki_roas_clear(struct rpki_roas *t, unsigned cache)
{
	return settle_each(t, SETTLE_CLEAR, cache);
}

/* Calls fn for each payload in force that covers p, until it says true. */
typedef bool covering_fn(void *arg, const struct entry *e);

static void covering_each(
	const struct rpki_roas *t, const struct ip_prefix *p, covering_fn *fn, void *arg)
{
	const uint32_t *lengths = t->lengths[p->addr.af == IP_V6];

	for (unsigned len = 0; len <= p->len && len < LENGTHS; len++) {
		struct ip_prefix cover = {.addr = p->addr, .len = (uint8_t)len};
		struct entry e;

		if (!lengths[len])
			continue;
		ip_prefix_mask(&cover);
		e = entry_of(&cover, 0, 0);
		for (uint32_t i = *bucket_of(t, &e); i != NONE; i = t->list[i].next)
			if (t->list[i].caches && same_prefix(&t->list[i], &e) &&
				fn(arg, &t->list[i]))
				return;
	}
}

struct judge {
	uint8_t len;
	uint32_t as;
	bool covered, matched;
};

static bool judge_one(void *arg, const struct entry *e)
{
	struct judge *j = arg;

	j->covered = true;
	/* AS 0 says that nobody may originate it (RFC 6483 4) */
	j->matched = e->as && e->as == j->as && j->len <= e->max_len;
	return j->matched;
}

enum pol_rov rpki_roas_judge(
	const struct rpki_roas *t, bool known, const struct ip_prefix *p, uint32_t origin_as)
{
	struct judge j = {.len = p->len, .as = origin_as};

	if (!known)
		return POL_ROV_UNKNOWN;
	covering_each(t, p, judge_one, &j);
	return j.matched ? POL_ROV_VALID : j.covered ? POL_ROV_INVALID : POL_ROV_NOT_FOUND;
}

struct collect {
	struct rpki_roa *out;
	unsigned n, cap;
};

static bool collect_one(void *arg, const struct entry *e)
{
	struct collect *c = arg;

	if (c->n < c->cap) {
		struct rpki_roa *r = &c->out[c->n];

		*r = (struct rpki_roa){.max_len = e->max_len,
			.as = e->as,
			.caches = e->caches,
			.prefix = {.addr.af = e->af, .len = e->len}};
		for (unsigned i = 0; i < 16; i++)
			r->prefix.addr.o[i] = (uint8_t)(e->addr[i / 8] >> 8 * (7 - i % 8));
	}
	c->n++;
	return false;
}

unsigned rpki_roas_covering(
	const struct rpki_roas *t, const struct ip_prefix *p, struct rpki_roa *out, unsigned n)
{
	struct collect c = {.out = out, .cap = n};

	covering_each(t, p, collect_one, &c);
	return c.n;
}

uint32_t rpki_roas_count(const struct rpki_roas *t, unsigned cache)
{
	return cache < RPKI_CACHES_MAX ? t->by_cache[cache] : t->n;
}

size_t rpki_roas_octets(const struct rpki_roas *t)
{
	return sizeof *t + t->cap_list * sizeof *t->list + t->n_buckets * sizeof *t->buckets;
}
