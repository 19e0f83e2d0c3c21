#include "lib/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_octets(const void *octets, size_t len, uint64_t seed)
{
	return XXH3_64bits_withSeed(octets, len, seed);
}
