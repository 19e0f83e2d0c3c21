/*
 * What waits to be written to one connection: blocks in order, shared with other connections, of the first one perhaps
 * only the end. A ring of pointers, so that nothing is allocated or copied for a block.
 */
#ifndef BGPD_IO_SENDQ_H
#define BGPD_IO_SENDQ_H

#include <stddef.h>
#include <stdint.h>

#include "bgpd/out/block.h"

#define IO_SENDQ_KEEP 256u /* slots that an empty queue may hold on to */

struct iovec;

struct io_sendq { /* all zero: empty */
	struct out_block **ring;
	uint32_t cap; /* slots, a power of two */
	uint32_t head, n;
	uint32_t written; /* octets of the first block that are gone already */
	size_t octets;	  /* that wait */
};

void io_sendq_fini(struct io_sendq *q); /* lets go of what waits */

/* Takes a reference of its own. block->len > 0. */
void io_sendq_add(struct io_sendq *q, struct out_block *block);

/* The first octets that wait, in at most max pieces: how many pieces; *octets: how much that is. */
unsigned io_sendq_get(const struct io_sendq *q, struct iovec *iov, unsigned max, size_t *octets);

/* So many octets of the front are gone. No more than wait. */
void io_sendq_del(struct io_sendq *q, size_t octets);

#endif
