/*
 * Validated ASPA payloads. The procedures are those of draft-ietf-sidrops-aspa-verification 6: how far the path can have gone up from the
 * origin, and down to us, with the providers that are known; in between there is room for one lateral hop.
 */
#include "bgpd/rpki/aspa.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/rpki/roa.h"
#include "bgpd/wire/aspath.h"
#include "lib/check.h"
#include "lib/hash.h"

#define BUCKETS_MIN 256
#define HOPS_MAX    1024 /* different AS in a row: nobody's path; a longer one is not judged */

struct providers { /* of one customer, as one cache says */
	struct providers *next;
	uint32_t customer;
	unsigned cache;
	bool said;     /* in an answer that is under way; not in force */
	bool gone;     /* said: it is taken back */
	bool replaces; /* said: something was in force */
	unsigned n;
	uint32_t as[]; /* ascending */
};

struct rpki_aspas {
	uint64_t seed;
	struct providers **buckets;
	uint32_t n_buckets, n_used, n; /* records; those in force */
	uint32_t by_cache[RPKI_CACHES_MAX];
	uint64_t providers[RPKI_CACHES_MAX]; /* of all records */
};

struct rpki_aspas *rpki_aspas_new(uint64_t seed)
{
	struct rpki_aspas *t = calloc(1, sizeof *t);

	CHECK(t);
	t->seed = seed;
	t->n_buckets = BUCKETS_MIN;
	t->buckets = calloc(t->n_buckets, sizeof(struct providers *));
	CHECK(t->buckets);
	return t;
}

void rpki_aspas_free(struct rpki_aspas *t)
{
	for (uint32_t b = 0; t && b < t->n_buckets; b++)
		for (struct providers *p = t->buckets[b], *next; p; p = next) {
			next = p->next;
			free(p);
		}
	if (t)
		free(t->buckets);
	free(t);
}

static struct providers **bucket_of(const struct rpki_aspas *t, uint32_t customer)
{
	return &t->buckets[hash_octets(&customer, sizeof customer, t->seed) & (t->n_buckets - 1)];
}

static struct providers **record_find(
	const struct rpki_aspas *t, uint32_t customer, bool said, unsigned cache)
{
	struct providers **at = bucket_of(t, customer);

	while (*at &&
		!((*at)->customer == customer && (*at)->cache == cache && (*at)->said == said))
		at = &(*at)->next;
	return at;
}

static void buckets_grow(struct rpki_aspas *t)
{
	struct providers **old = t->buckets;
	uint32_t n_old = t->n_buckets;

	t->n_buckets *= 2;
	t->buckets = calloc(t->n_buckets, sizeof(struct providers *));
	CHECK(t->buckets);
	for (uint32_t b = 0; b < n_old; b++)
		for (struct providers *p = old[b], *next; p; p = next) {
			struct providers **head = bucket_of(t, p->customer);

			next = p->next;
			p->next = *head;
			*head = p;
		}
	free(old);
}

static int as_cmp(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static struct providers *record_new(
	uint32_t customer, const uint32_t *providers, unsigned n, unsigned cache)
{
	struct providers *p = malloc(sizeof *p + n * sizeof *p->as);

	CHECK(p);
	*p = (struct providers){.customer = customer, .cache = cache, .n = n};
	if (n) {
		memcpy(p->as, providers, n * sizeof *p->as);
		qsort(p->as, n, sizeof *p->as, as_cmp);
	}
	return p;
}

enum rpki_said rpki_aspas_say(struct rpki_aspas *t, uint32_t customer, const uint32_t *providers,
	unsigned n, bool announce, bool full, unsigned cache)
{
	struct providers **at, *now;

	CHECK(cache < RPKI_CACHES_MAX);
	if (t->n_used >= t->n_buckets)
		buckets_grow(t);
	at = record_find(t, customer, true, cache);
	if (!announce && (*at ? (*at)->gone : full || !*record_find(t, customer, false, cache)))
		return RPKI_SAID_UNKNOWN;
	now = record_new(customer, providers, announce ? n : 0, cache);
	now->said = true;
	now->gone = !announce;
	now->next = *at ? (*at)->next : NULL;
	t->n_used += !*at;
	t->providers[cache] += now->n;
	t->providers[cache] -= *at ? (*at)->n : 0;
	free(*at);
	*at = now;
	return RPKI_SAID_OK;
}

static void record_drop(struct rpki_aspas *t, struct providers **at)
{
	struct providers *p = *at;

	t->n -= !p->said;
	t->by_cache[p->cache] -= !p->said;
	t->n_used--;
	t->providers[p->cache] -= p->n;
	*at = p->next;
	free(p);
}

/* What is in force, or what was said, of one cache is gone. True: there was something in force. */
static bool records_drop(struct rpki_aspas *t, bool said, unsigned cache)
{
	uint32_t before = t->n;

	CHECK(cache < RPKI_CACHES_MAX);
	for (uint32_t b = 0; b < t->n_buckets; b++)
		for (struct providers **at = &t->buckets[b]; *at;)
			if ((*at)->cache == cache && (*at)->said == said)
				record_drop(t, at);
			else
				at = &(*at)->next;
	return t->n != before;
}

/* What is in force makes room for what was said in its place; *changed: by something else, or nothing. False: it stays. */
static bool record_yields(struct rpki_aspas *t, struct providers **at, bool full, bool *changed)
{
	struct providers *was = *at, *now = *record_find(t, was->customer, true, was->cache);
	bool same = now && !now->gone && now->n == was->n &&
		    !memcmp(now->as, was->as, was->n * sizeof *was->as);

	if (now)
		now->replaces = true;
	if (!now && !full)
		return false;
	*changed |= !same;
	record_drop(t, at);
	return true;
}

bool rpki_aspas_commit(struct rpki_aspas *t, bool full, unsigned cache)
{
	bool changed = false;

	CHECK(cache < RPKI_CACHES_MAX);
	for (uint32_t b = 0; b < t->n_buckets; b++)
		for (struct providers **at = &t->buckets[b]; *at;)
			if ((*at)->cache != cache || (*at)->said ||
				!record_yields(t, at, full, &changed))
				at = &(*at)->next;
	for (uint32_t b = 0; b < t->n_buckets; b++)
		for (struct providers *p = t->buckets[b]; p; p = p->next) {
			if (p->cache != cache || !p->said || p->gone)
				continue;
			p->said = false;
			t->n++;
			t->by_cache[cache]++;
			changed |= !p->replaces;
		}
	records_drop(t, true, cache);
	return changed;
}

void rpki_aspas_forget(struct rpki_aspas *t, unsigned cache)
{
	records_drop(t, true, cache);
}

bool rpki_aspas_clear(struct rpki_aspas *t, unsigned cache)
{
	return records_drop(t, false, cache);
}

uint32_t rpki_aspas_count(const struct rpki_aspas *t, unsigned cache)
{
	return cache < RPKI_CACHES_MAX ? t->by_cache[cache] : t->n;
}

uint64_t rpki_aspas_providers(const struct rpki_aspas *t, unsigned cache)
{
	return t->providers[cache];
}

/* --- the procedures --- */

enum hop { HOP_NO_ATTESTATION, HOP_NOT_PROVIDER, HOP_PROVIDER };

/* Whether `to` is a provider of `from`: the union of what all caches say. */
static enum hop hop_find(const struct rpki_aspas *t, uint32_t from, uint32_t to)
{
	enum hop found = HOP_NO_ATTESTATION;

	for (const struct providers *p = *bucket_of(t, from); p; p = p->next) {
		if (p->customer != from || p->said)
			continue;
		if (p->n && bsearch(&to, p->as, p->n, sizeof *p->as, as_cmp))
			return HOP_PROVIDER;
		found = HOP_NOT_PROVIDER;
	}
	return found;
}

/* The path without repetitions, the origin first. How many AS; 0: it is empty, holds a set, or is too long. */
static unsigned hops_list(struct wire_span path, uint32_t out[HOPS_MAX])
{
	struct wire_segment seg;
	uint32_t last = 0;
	unsigned n = 0;

	while (wire_segment_next(&path, &seg))
		for (unsigned i = 0; i < seg.n; i++) {
			uint32_t as = wire_segment_as(&seg, i);

			if (seg.type != WIRE_AS_SEQUENCE || n == HOPS_MAX)
				return 0;
			if (n && as == last)
				continue;
			out[n++] = last = as;
		}
	for (unsigned i = 0; i < n / 2; i++) {
		uint32_t as = out[i];

		out[i] = out[n - 1 - i];
		out[n - 1 - i] = as;
	}
	return n;
}

struct ramps { /* in AS: how far the path certainly, or at most, goes up from the origin, and down to the neighbour */
	unsigned up_min, up_max, down_min, down_max;
};

static struct ramps ramps_find(const struct rpki_aspas *t, const uint32_t *as, unsigned n)
{
	struct ramps r = {n, n, n, n};

	for (unsigned i = 0; i + 1 < n; i++) {
		enum hop h = hop_find(t, as[i], as[i + 1]);

		if (h != HOP_PROVIDER && r.up_min == n)
			r.up_min = i + 1;
		if (h == HOP_NOT_PROVIDER) {
			r.up_max = i + 1;
			break;
		}
	}
	if (r.up_min > r.up_max)
		r.up_min = r.up_max;
	for (unsigned i = n - 1; i > 0; i--) {
		enum hop h = hop_find(t, as[i], as[i - 1]);

		if (h != HOP_PROVIDER && r.down_min == n)
			r.down_min = n - i;
		if (h == HOP_NOT_PROVIDER) {
			r.down_max = n - i;
			break;
		}
	}
	if (r.down_min > r.down_max)
		r.down_min = r.down_max;
	return r;
}

enum pol_aspa rpki_aspas_judge(
	const struct rpki_aspas *t, struct wire_span as_path, uint32_t neighbor_as, bool downstream)
{
	uint32_t as[HOPS_MAX];
	unsigned n = hops_list(as_path, as);
	struct ramps r;

	if (t->n == 0)
		return POL_ASPA_NONE;
	if (n == 0 || (neighbor_as && as[n - 1] != neighbor_as))
		return POL_ASPA_INVALID;
	r = ramps_find(t, as, n);
	if (!downstream)
		return r.up_max < n   ? POL_ASPA_INVALID
		       : r.up_min < n ? POL_ASPA_UNKNOWN
				      : POL_ASPA_VALID;
	if (n <= 2)
		return POL_ASPA_VALID;
	if (r.up_max + r.down_max < n)
		return POL_ASPA_INVALID;
	return r.up_min + r.down_min < n ? POL_ASPA_UNKNOWN : POL_ASPA_VALID;
}
