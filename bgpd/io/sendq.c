#include "bgpd/io/sendq.h"

#include <stdlib.h>
#include <sys/uio.h>

#include "lib/check.h"

#define SENDQ_FIRST 16u /* slots */

static struct out_block *sendq_at(const struct io_sendq *q, uint32_t i)
{
	return q->ring[(q->head + i) & (q->cap - 1)];
}

static void sendq_grow(struct io_sendq *q)
{
	uint32_t cap = q->cap ? q->cap * 2 : SENDQ_FIRST;
	struct out_block **ring = malloc(cap * sizeof(struct out_block *));

	CHECK(ring != NULL);
	for (uint32_t i = 0; i < q->n; i++)
		ring[i] = sendq_at(q, i);
	free(q->ring);
	q->ring = ring;
	q->cap = cap;
	q->head = 0;
}

void io_sendq_add(struct io_sendq *q, struct out_block *block)
{
	if (q->n == q->cap)
		sendq_grow(q);
	q->ring[(q->head + q->n++) & (q->cap - 1)] = out_block_ref(block);
	q->octets += block->len;
}

unsigned io_sendq_get(const struct io_sendq *q, struct iovec *iov, unsigned max, size_t *octets)
{
	unsigned n = q->n < max ? q->n : max;

	*octets = 0;
	for (unsigned i = 0; i < n; i++) {
		struct out_block *b = sendq_at(q, i);
		uint32_t skip = i == 0 ? q->written : 0;

		iov[i] = (struct iovec){.iov_base = b->data + skip, .iov_len = b->len - skip};
		*octets += b->len - skip;
	}
	return n;
}

static void sendq_pop(struct io_sendq *q)
{
	out_block_unref(q->ring[q->head]);
	q->head = (q->head + 1) & (q->cap - 1);
	q->n--;
	q->written = 0;
}

void io_sendq_del(struct io_sendq *q, size_t octets)
{
	CHECK(octets <= q->octets);
	q->octets -= octets;
	while (q->n) {
		size_t left = q->ring[q->head]->len - q->written;

		if (octets < left) {
			q->written += (uint32_t)octets;
			return;
		}
		octets -= left;
		sendq_pop(q);
	}
	if (q->cap > IO_SENDQ_KEEP)
		io_sendq_fini(q);
}

void io_sendq_fini(struct io_sendq *q)
{
	while (q->n)
		sendq_pop(q);
	free(q->ring);
	*q = (struct io_sendq){0};
}
