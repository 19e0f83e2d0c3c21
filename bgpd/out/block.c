#include "bgpd/out/block.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

struct out_block *out_block_alloc(size_t cap)
{
	struct out_block *b = malloc(sizeof(*b) + cap);

	CHECK(b != NULL);
	b->refs = b->messages = 1;
	b->len = 0;
	return b;
}

struct out_block *out_block_trim(struct out_block *b, size_t len)
{
	CHECK(b->refs == 1);
	b = realloc(b, sizeof(*b) + len);
	CHECK(b != NULL);
	b->len = (uint32_t)len;
	return b;
}

struct out_block *out_block_new(const void *octets, size_t len)
{
	struct out_block *b = out_block_alloc(len);

	b->len = (uint32_t)len;
	memcpy(b->data, octets, len);
	return b;
}

struct out_block *out_block_ref(struct out_block *b)
{
	b->refs++;
	return b;
}

void out_block_unref(struct out_block *b)
{
	CHECK(b->refs > 0);
	if (--b->refs == 0)
		free(b);
}
