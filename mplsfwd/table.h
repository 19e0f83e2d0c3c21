/*
 * Exact match over packed keys: open addressing, entries at addresses that never move while they live.
 *
 * An entry's first key_len octets are its key; the caller makes sure that no padding stands between them.
 * Identifiers are small numbers from 1; 0 is "none".
 */
#ifndef MPLSFWD_TABLE_H
#define MPLSFWD_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct fwd_slot {
	uint32_t hash;
	uint32_t id; /* 0: empty */
};

struct fwd_table {
	struct fwd_slot *slots;
	uint32_t mask; /* slots - 1 */
	uint32_t n;    /* live entries */
	uint8_t **chunks;
	uint32_t n_chunks;
	uint32_t used;	/* highest identifier ever given out */
	uint32_t spare; /* head of the list of freed identifiers */
	uint16_t stride, key_len;
	uint64_t seed;
};

/* stride: octets an entry; key_len: octets of its key, at least 4. seed: hash secret of the run. */
void fwd_table_init(struct fwd_table *t, uint16_t stride, uint16_t key_len, uint64_t seed);
void fwd_table_fini(struct fwd_table *t);

/* The identifier of the entry with this key, or 0. */
uint32_t fwd_table_find(const struct fwd_table *t, const void *key);

/* Finds or makes (zeroed but for its key). Out of memory aborts. */
uint32_t fwd_table_add(struct fwd_table *t, const void *key);
void fwd_table_del(struct fwd_table *t, uint32_t id);

/* Borrowed until the entry is deleted. */
void *fwd_table_at(const struct fwd_table *t, uint32_t id);

/*
 * Walks all entries: *pos starts at 0; 0 when there are no more. Nothing may be added during a walk;
 * entries that a walk deletes are to be collected first.
 */
uint32_t fwd_table_next(const struct fwd_table *t, uint32_t *pos);

/* Octets held from the system. */
size_t fwd_table_octets(const struct fwd_table *t);

#endif
