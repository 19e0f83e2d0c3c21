/*
 * Named, counted pools of objects of one size: `ravelin show memory` prints them, tests assert they end at zero.
 *
 * Objects come from slabs and go back to a free list; slabs are returned at pool_fini.
 */
#ifndef LIB_POOL_H
#define LIB_POOL_H

#include <stddef.h>
#include <stdint.h>

struct pool {
	const char *name; /* borrowed, static */
	size_t size;	  /* octets an object */
	uint32_t live;	  /* objects handed out now */
	uint32_t peak;
	size_t slab_octets; /* held from the system, free objects included */
	void *free;
	void *slabs;
};

void pool_init(struct pool *p, const char *name, size_t size);

/* Aborts if objects are still live: whoever made them must have given them back. */
void pool_fini(struct pool *p);

/* Zeroed; never NULL (out of memory aborts). */
void *pool_get(struct pool *p);
void pool_put(struct pool *p, void *object);

#endif
