#include "bgpd/out/bits.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

#define BITS_MIN 1024u

void out_bits_hold(struct out_bits *b, uint32_t i)
{
	uint32_t n = b->n ? b->n : BITS_MIN;

	while (n <= i)
		n += n / 2 / 64 * 64;
	if (n == b->n)
		return;
	b->words = realloc(b->words, n / 8);
	CHECK(b->words != NULL);
	memset((uint8_t *)b->words + b->n / 8, 0, (n - b->n) / 8);
	b->n = n;
}

void out_bits_set_range(struct out_bits *b, uint32_t from, uint32_t to)
{
	if (from >= to)
		return;
	out_bits_hold(b, to - 1);
	for (; from < to && from % 64; from++)
		out_bits_set(b, from);
	for (; from + 64 <= to; from += 64)
		b->words[from / 64] = UINT64_MAX;
	for (; from < to; from++)
		out_bits_set(b, from);
}

void out_bits_add(struct out_bits *b, const struct out_bits *from)
{
	if (from->n == 0)
		return;
	out_bits_hold(b, from->n - 1);
	for (uint32_t i = 0; i < from->n / 64; i++)
		b->words[i] |= from->words[i];
}

void out_bits_fini(struct out_bits *b)
{
	free(b->words);
	*b = (struct out_bits){0};
}

uint32_t out_bits_next(const struct out_bits *b, uint32_t i)
{
	if (++i >= b->n)
		return 0;
	uint64_t word = b->words[i / 64] & UINT64_MAX << (i % 64);
	for (i /= 64; !word;)
		if (++i >= b->n / 64)
			return 0;
		else
			word = b->words[i];
	return i * 64 + (uint32_t)__builtin_ctzll(word);
}
