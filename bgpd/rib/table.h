/*
 * A Loc-RIB: the paths of one address family, of the core or of one VRF (RFC 4271 3.2, RFC 4364 3.1).
 *
 * Flow: rib_table_add/del change paths and queue the destination; rib_change_next() decides and tells consumers.
 * A destination is found by exact match in an open-addressing hash over its packed key; order is made only when a
 * person asks (rib_table_sorted). Cost of a VPN-IPv4 route with one path: destination 24 octets, path 24, slot 8/load.
 *
 *   key words   IPv4    addr << 8 | len
 *               VPNv4   rd, addr << 8 | len
 *               RT membership  route target, origin AS << 8 | len
 *
 * Missing on purpose: longest-prefix match (the kernel does that), per-peer copies (the paths are the Adj-RIB-In).
 */
#ifndef BGPD_RIB_TABLE_H
#define BGPD_RIB_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/rib/attrset.h"
#include "bgpd/rib/slab.h"
#include "bgpd/rib/slots.h"
#include "bgpd/rib/source.h"
#include "bgpd/wire/nlri.h"
#include "lib/hash.h"

struct rib_store;

#define RIB_KEY_WORDS_MAX 2

/*
 * Paths of one source to one destination, at most: each is compared with all the others (RFC 4271 9.1.2.2 c), so that
 * without a bound a neighbour's path identifiers would cost their square, and everybody's time. Stale ones do not count.
 */
#define RIB_PATHS_OF_SOURCE_MAX 64

enum rib_path_flag {
	RIB_PATH_BEST = 1, /* what consumers were last told is best */
	RIB_PATH_GONE = 2, /* withdrawn or replaced; kept until consumers have seen the change */
	RIB_PATH_IMPORTED =
		4, /* a copy of a VPN route; id is its destination in table->import_from */
	RIB_PATH_LEAKED =
		8, /* imported from another VRF of this router: not forwarded by this version, so never
				   installed, never advertised, and less preferred than anything else */
	RIB_PATH_PRIVATE = 16,	 /* used here, not redistributed: neither exported nor advertised */
	RIB_PATH_BLACKHOLE = 32, /* what goes there is dropped here (RFC 7999 3.3) */
	RIB_PATH_REJECTED =
		64, /* by the import policy: never eligible; kept to be asked about, the reason is its label */
	RIB_PATH_EPOCH = 0xc000, /* when it was said last, in epochs of its source: rib/stale */
};

struct rib_path {
	struct rib_attrset *attrs; /* one reference */
	uint32_t next;		   /* in store->paths; RIB_SLAB_NONE at the end */
	uint32_t label;		   /* 20 bits, or WIRE_LABEL_NONE */
	uint32_t id;		   /* 0; RIB_PATH_IMPORTED: VPN destination */
	uint16_t source;
	uint16_t flags; /* enum rib_path_flag */
};

enum rib_dest_flag { RIB_DEST_LIVE = 1, RIB_DEST_QUEUED = 2 };

struct rib_dest {
	uint32_t paths; /* in store->paths; the best is the first, if one is best */
	uint8_t flags;	/* enum rib_dest_flag */
	uint8_t step;	/* enum rib_step that decided */
	uint16_t spare;
	uint64_t key[]; /* table->words */
};

struct rib_table {
	struct rib_store *store;
	enum wire_family family;
	uint16_t vrf; /* RIB_VRF_CORE or the owner's VRF number */
	uint16_t id;  /* index into store->tables */
	uint8_t words;
	bool report_all; /* changes of paths that are not best are reported too (rib_change.same) */
	bool watched; /* ... and those of destinations without a best: the owner follows every path */
	struct rib_slab dests;
	struct rib_slab *paths; /* of the store */
	struct rib_slots slots;
	struct hash_key hash;
	const struct rib_table
		*import_from; /* where the ids of imported paths point; borrowed, may be NULL */
	uint64_t n_paths;
};

/* What is to be put in: attrs is borrowed (a reference is taken). */
struct rib_route {
	struct rib_attrset *attrs;
	uint16_t source;
	uint16_t flags; /* RIB_PATH_IMPORTED, _LEAKED, _PRIVATE */
	uint32_t label;
	uint32_t id;
};

enum rib_result { RIB_UNCHANGED, RIB_ADDED, RIB_REPLACED, RIB_REMOVED, RIB_CROWDED };

/* Owned by the store until rib_table_free, which drops every path without telling anybody. */
struct rib_table *rib_table_new(struct rib_store *st, enum wire_family f, uint16_t vrf);
void rib_table_free(struct rib_table *t);

/*
 * Announce: a path is identified by (source, id), an imported one by id alone; it replaces the one before
 * (RFC 4271 3.1: implicit withdraw). n->label is ignored, r->label counts. Queues the destination unless unchanged.
 * RIB_CROWDED: one more path than a source may have; it is left out, and counted at the source.
 */
enum rib_result rib_table_add(
	struct rib_table *t, const struct wire_nlri *n, const struct rib_route *r);

/* Withdraw. r: source, id and flags name the path. RIB_UNCHANGED if there is no such path. */
enum rib_result rib_table_del(
	struct rib_table *t, const struct wire_nlri *n, const struct rib_route *r);

/*
 * The same for the n prefixes of one message, in their order; each one's label and path_id (RFC 7911 3) count. What they need of the table is
 * fetched for all of them at once, where rib_table_add and _del would wait for memory prefix by prefix.
 */
void rib_table_add_many(
	struct rib_table *t, const struct wire_nlri *list, unsigned n, const struct rib_route *r);
void rib_table_del_many(
	struct rib_table *t, const struct wire_nlri *list, unsigned n, const struct rib_route *r);

/* Whether the path that r names is there: rib_table_add() would replace it. */
bool rib_table_has(const struct rib_table *t, const struct wire_nlri *n, const struct rib_route *r);

/* The destination's number, RIB_SLAB_NONE if it has no path. */
uint32_t rib_table_find(const struct rib_table *t, const struct wire_nlri *n);

/* Destinations with at least one path, those waiting to be forgotten included. */
uint32_t rib_table_count(const struct rib_table *t);

/*
 * Safe walk: for (id = rib_table_next(t, 0); id; id = rib_table_next(t, id)) in no useful order. The number is the
 * cursor: it may be kept over any change of the table. A destination added behind the cursor is not seen: whoever
 * resumes a walk hears of it from the change queue.
 */
uint32_t rib_table_next(const struct rib_table *t, uint32_t after);

/* All destinations in order of RD, address, length, for a person: *n numbers that the caller free()s. */
uint32_t *rib_table_sorted(const struct rib_table *t, size_t *n);

static inline struct rib_dest *rib_dest_get(const struct rib_table *t, uint32_t dest)
{
	return (struct rib_dest *)rib_slab_get(&t->dests, dest);
}

void rib_dest_nlri(const struct rib_table *t, uint32_t dest,
	struct wire_nlri *out); /* label: WIRE_LABEL_NONE */

/* The path with this number; NULL for RIB_SLAB_NONE. */
static inline struct rib_path *rib_path_get(const struct rib_table *t, uint32_t path)
{
	return path ? (struct rib_path *)rib_slab_get(t->paths, path) : NULL;
}

/* What bgpd/rib/slots wants of a key (table->words of it): never 0 in its low half. */
static inline uint64_t rib_key_hash(const struct rib_table *t, const uint64_t *key)
{
	return hash_words(&t->hash, key, t->words) | 1;
}

/* The paths of a destination: first, then rib_path_next() until NULL. Skip RIB_PATH_GONE. */
static inline struct rib_path *rib_dest_paths(const struct rib_table *t, uint32_t dest)
{
	return rib_path_get(t, rib_dest_get(t, dest)->paths);
}

static inline struct rib_path *rib_path_next(const struct rib_table *t, const struct rib_path *p)
{
	return rib_path_get(t, p->next);
}

/* The path that consumers know as best; NULL if none. */
static inline struct rib_path *rib_dest_best(const struct rib_table *t, uint32_t dest)
{
	struct rib_path *p = rib_dest_paths(t, dest);

	return p && p->flags & RIB_PATH_BEST ? p : NULL;
}

/* For change and store: a path goes (GONE if consumers know it), is freed, or becomes first; an empty destination goes. */
void rib_path_withdraw(struct rib_table *t, uint32_t dest, struct rib_path *p);
void rib_path_del(struct rib_table *t, struct rib_dest *d, struct rib_path *p);
void rib_path_first(struct rib_table *t, struct rib_dest *d, struct rib_path *p);
void rib_dest_del(struct rib_table *t, uint32_t dest);

/* Packed keys, for who keeps a prefix beyond the destination's life (out/pack). Returns words used. */
unsigned rib_key_put(
	enum wire_family f, const struct wire_nlri *n, uint64_t key[RIB_KEY_WORDS_MAX]);
void rib_key_get(enum wire_family f, const uint64_t *key, struct wire_nlri *out);

#endif
