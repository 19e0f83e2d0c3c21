/* Keyed hashing, so that a peer cannot choose collisions (libxxhash, XXH3 seeded with a secret of the run). */
#ifndef LIB_HASH_H
#define LIB_HASH_H

#include <stddef.h>
#include <stdint.h>

/* seed: a random value of this process, handed in by the shell (fixed in tests and replay). */
uint64_t hash_octets(const void *octets, size_t len, uint64_t seed);

#define HASH_WORDS_MAX 2

struct hash_key { /* for hash_words() */
	uint64_t plus, times[2 * HASH_WORDS_MAX];
};

void hash_key_init(struct hash_key *k, uint64_t seed);

/*
 * For short keys that are hashed all the time: the halves of n words (n <= HASH_WORDS_MAX), each times a secret number.
 * Two keys collide for 1 of 2^32 secrets at most, whichever they are (multilinear hashing). What follows spreads
 * neighbouring keys, which are the rule, over all bits.
 */
static inline uint64_t hash_words(const struct hash_key *k, const uint64_t *words, unsigned n)
{
	uint64_t h = k->plus;

	for (unsigned i = 0; i < n; i++)
		h += k->times[2 * i] * (uint32_t)words[i] + k->times[2 * i + 1] * (words[i] >> 32);
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 32;
}

#endif
