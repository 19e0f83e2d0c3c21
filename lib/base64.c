/* Octets as text of 64 letters (RFC 4648 4). */
#include "lib/base64.h"

#include <string.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t base64_print(char *out, const uint8_t *octets, size_t n)
{
	char *at = out;

	for (size_t i = 0; i < n; i += 3, at += 4) {
		size_t left = n - i;
		uint32_t v = (uint32_t)octets[i] << 16 |
			     (left > 1 ? (uint32_t)octets[i + 1] << 8 : 0) |
			     (left > 2 ? octets[i + 2] : 0);

		at[0] = letters[v >> 18];
		at[1] = letters[v >> 12 & 63];
		at[2] = left > 1 ? letters[v >> 6 & 63] : '=';
		at[3] = left > 2 ? letters[v & 63] : '=';
	}
	*at = 0;
	return at - out;
}

/* One group of four. How many octets are in it; 0: it is none. */
static size_t base64_group(const char *text, uint32_t *out)
{
	size_t n = 3;

	if (text[3] == '=')
		n = text[2] == '=' ? 1 : 2;
	*out = 0;
	for (size_t i = 0; i < 4; i++) {
		const char *letter = i <= n ? strchr(letters, text[i]) : letters;

		if (!letter || !*letter)
			return 0;
		*out = *out << 6 | (uint32_t)(letter - letters);
	}
	/* RFC 4648 3.5: what hangs over is zero, so that octets have one text only */
	return *out & (0xffffffU >> 8 * n & 0xffffff) ? 0 : n;
}

long base64_parse(uint8_t *out, size_t cap, const char *text)
{
	size_t len = strlen(text), got = 0;
	uint32_t v;

	if (len % 4)
		return -1;
	for (size_t i = 0; i < len; i += 4) {
		size_t n = base64_group(text + i, &v);

		if (!n || (n < 3 && i + 4 < len) || cap - got < n)
			return -1;
		for (size_t k = 0; k < n; k++)
			out[got++] = v >> (16 - 8 * k);
	}
	return (long)got;
}
