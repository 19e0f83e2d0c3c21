#include "bgpd/out/block.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

struct out_block *out_block_new(const void *octets, size_t len)
{
	struct out_block *b = malloc(sizeof(*b) + len);

	CHECK(b != NULL);
	b->refs = 1;
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
