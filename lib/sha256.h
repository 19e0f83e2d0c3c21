/*
 * SHA-256 (FIPS 180-4). Ours, because the privileged process must not bring up a library with providers and configuration files of
 * its own for one function of a page. Nothing secret goes through it: the time that it takes does not matter. Pure.
 */
#ifndef LIB_SHA256_H
#define LIB_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_OCTETS 32

struct sha256 {
	uint32_t state[8];
	uint64_t len;	   /* octets so far */
	uint8_t block[64]; /* what does not make a whole one yet */
};

void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *octets, size_t len);
void sha256_end(struct sha256 *s, uint8_t out[SHA256_OCTETS]);

#endif
