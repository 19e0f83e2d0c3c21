/* A refcounted run of encoded messages: encoded once for an update group, written to every member. */
#ifndef BGPD_OUT_BLOCK_H
#define BGPD_OUT_BLOCK_H

#include <stddef.h>
#include <stdint.h>

struct out_block {
	uint32_t refs;
	uint32_t len;	   /* octets */
	uint32_t messages; /* in them; 1 unless whoever made it says otherwise */
	uint8_t data[];
};

/* A copy of len octets with one reference, which the caller owns. */
struct out_block *out_block_new(const void *octets, size_t len);

/* Room for cap octets, none of them written; one reference. */
struct out_block *out_block_alloc(size_t cap);

/* len octets have been written: the rest goes back. Returns the block, which may have moved: only while nobody else has it. */
struct out_block *out_block_trim(struct out_block *b, size_t len);

struct out_block *out_block_ref(struct out_block *b);
void out_block_unref(struct out_block *b); /* frees at the last one */

#endif
