/*
 * Packs prefixes with equal attributes and equal receivers into as few UPDATEs as possible (RFC 4271 4.3): withdrawals
 * first, then announcements, bucket by bucket. Fill it with out_pack_add, then out_pack_flush gives blocks.
 *
 * A prefix is encoded when it is added; the prefixes of a bucket stand in runs of octets, which flushing copies. The
 * attributes of a bucket are rewritten and encoded once, when it is flushed.
 */
#ifndef BGPD_OUT_PACK_H
#define BGPD_OUT_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/out/bits.h"
#include "bgpd/out/block.h"
#include "bgpd/out/encode.h"
#include "bgpd/rib/store.h"

#define OUT_BLOCK_OCTETS                                                                           \
	65536 /* of a block at most, so that a block holds the longest message (RFC 8654) */

/* Who gets a prefix: everybody but the source, or only the source (which gets a withdrawal of what is now its own). */
enum out_scope { OUT_EXCEPT, OUT_ONLY };

struct out_to { /* receivers */
	enum out_scope scope;
	uint16_t who; /* a member's source; RIB_SOURCE_NONE with OUT_EXCEPT: everybody */
};

struct out_route {
	struct rib_attrset *attrs; /* NULL: withdraw */
	uint16_t source;	   /* of attrs; RIB_SOURCE_NONE without */
	struct out_to to;
	const uint64_t *key;
	uint32_t label;	  /* not in a withdrawal */
	uint32_t path_id; /* with ADD-PATH */
};

struct out_run { /* encoded NLRI, in pack.octets */
	uint32_t at, len;
	uint32_t next; /* of the same bucket; UINT32_MAX ends */
};

struct out_bucket {
	struct rib_attrset *attrs; /* one reference; NULL: withdrawals */
	uint16_t source;	   /* one reference, unless RIB_SOURCE_NONE */
	struct out_to to;
	uint32_t first, last; /* runs */
	uint32_t octets;
};

struct out_pack {
	const struct out_view *view; /* borrowed */
	const struct wire_family_desc *family;
	uint8_t *octets;
	uint32_t n_octets, cap_octets;
	struct out_run *runs;
	uint32_t n_runs, cap_runs;
	struct out_bucket *buckets; /* in order of their first prefix */
	uint32_t n_buckets, cap_buckets;
	uint32_t *index; /* open addressing over buckets */
	uint32_t cap_index;
	bool add_path;		   /* RFC 7911: every prefix has a path identifier */
	bool mixed;		   /* not all buckets are for the same receivers */
	bool listed;		   /* exports are: */
	struct out_bits is_export; /* by source: it is in ... */
	uint16_t *exports;	   /* the RIB_VRF_EXPORT sources of what is announced, each once */
	uint32_t n_exports, cap_exports;
	uint64_t messages, too_long; /* UPDATEs made; runs of prefixes that fit into none */
};

/* A run of whole messages for `to`; block is borrowed. */
typedef void out_pack_fn(void *arg, struct out_to to, struct out_block *block);

void out_pack_init(struct out_pack *p, const struct out_view *v);
void out_pack_fini(struct out_pack *p, struct rib_store *st);

/* Takes references of its own. The same prefix at most once between two flushes. */
void out_pack_add(struct out_pack *p, struct rib_store *st, const struct out_route *r);

/* It makes a whole block: waiting for more gains nothing. */
bool out_pack_is_full(const struct out_pack *p);

static inline bool out_pack_is_empty(const struct out_pack *p)
{
	return p->n_buckets == 0;
}

/* Empties it: nobody needs it any more. */
void out_pack_drop(struct out_pack *p, struct rib_store *st);

/* Encodes everything and empties the pack; fn is called in the order in which the blocks must be sent. */
void out_pack_flush(struct out_pack *p, struct rib_store *st, struct out_encoder *e,
	out_pack_fn *fn, void *arg);

#endif
