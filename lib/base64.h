/* Octets as text of 64 letters (RFC 4648 4), padded. Pure. */
#ifndef LIB_BASE64_H
#define LIB_BASE64_H

#include <stddef.h>
#include <stdint.h>

#define BASE64_LEN(octets) (((octets) + 2) / 3 * 4) /* without the NUL */

/* out: BASE64_LEN(n) + 1. Its length. */
size_t base64_print(char *out, const uint8_t *octets, size_t n);

/* The octets, at most cap; -1: not base64 (other letters, wrong padding, bits that are none), or more than cap. */
long base64_parse(uint8_t *out, size_t cap, const char *text);

#endif
