/*
 * Packs prefixes with equal attributes and equal receivers into as few UPDATEs as possible (RFC 4271 4.3): withdrawals
 * first, then announcements, bucket by bucket. Fill it with out_pack_add, then out_pack_flush gives blocks.
 */
#ifndef BGPD_OUT_PACK_H
#define BGPD_OUT_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/out/block.h"
#include "bgpd/rib/store.h"
#include "bgpd/wire/ctx.h"

/* Who gets a prefix: everybody but the source, or only the source (which gets a withdrawal of what is now its own). */
enum out_scope { OUT_EXCEPT, OUT_ONLY };

struct out_item {
	uint64_t key[RIB_KEY_WORDS_MAX];
	uint32_t label;
	uint32_t next; /* in the same bucket; UINT32_MAX ends */
};

struct out_bucket {
	struct rib_attrset *attrs; /* one reference; NULL: withdrawals */
	enum out_scope scope;
	uint16_t source;
	uint32_t head, tail;
};

struct out_pack {
	enum wire_family family;
	struct wire_ctx ctx;
	struct out_item *items;
	uint32_t n_items, cap_items;
	struct out_bucket *buckets; /* in order of their first prefix */
	uint32_t n_buckets, cap_buckets;
	uint32_t *index; /* open addressing over buckets */
	uint32_t cap_index;
	uint64_t messages, too_long; /* UPDATEs made; prefixes that fit into none */
};

/* A run of whole messages for those that (scope, source) names; block is borrowed. */
typedef void out_pack_fn(void *arg, enum out_scope scope, uint16_t source, struct out_block *block);

void out_pack_init(struct out_pack *p, enum wire_family f, const struct wire_ctx *ctx);
void out_pack_fini(struct out_pack *p, struct rib_store *st);

/* attrs NULL: withdraw. Takes a reference of its own. The same prefix at most once between two flushes. */
void out_pack_add(struct out_pack *p, struct rib_attrset *attrs, enum out_scope scope,
	uint16_t source, const uint64_t *key, uint32_t label);

/* Encodes everything and empties the pack; fn is called in the order in which the blocks must be sent. */
void out_pack_flush(struct out_pack *p, struct rib_store *st, out_pack_fn *fn, void *arg);

#endif
