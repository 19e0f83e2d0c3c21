#include "lib/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_octets(const void *octets, size_t len, uint64_t seed)
{
	return XXH3_64bits_withSeed(octets, len, seed);
}

void hash_key_init(struct hash_key *k, uint64_t seed)
{
	uint8_t i = 0;

	k->plus = hash_octets(&i, sizeof(i), seed);
	for (i = 1; i <= 2 * HASH_WORDS_MAX; i++)
		k->times[i - 1] = hash_octets(&i, sizeof(i), seed) | 1;
}
