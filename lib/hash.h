/* Keyed hashing, so that a peer cannot choose collisions (libxxhash, XXH3 seeded with a secret of the run). */
#ifndef LIB_HASH_H
#define LIB_HASH_H

#include <stddef.h>
#include <stdint.h>

/* seed: a random value of this process, handed in by the shell (fixed in tests and replay). */
uint64_t hash_octets(const void *octets, size_t len, uint64_t seed);

/* The same of n words of 8 octets; faster for one and two of them. */
uint64_t hash_words(const uint64_t *words, unsigned n, uint64_t seed);

#endif
