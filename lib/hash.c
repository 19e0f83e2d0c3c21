#include "lib/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_octets(const void *octets, size_t len, uint64_t seed)
{
	return XXH3_64bits_withSeed(octets, len, seed);
}

uint64_t hash_words(const uint64_t *words, unsigned n, uint64_t seed)
{
	switch (n) { /* a constant length leaves a few instructions of it */
	case 1:
		return XXH3_64bits_withSeed(words, sizeof(*words), seed);
	case 2:
		return XXH3_64bits_withSeed(words, 2 * sizeof(*words), seed);
	default:
		return hash_octets(words, n * sizeof(*words), seed);
	}
}
