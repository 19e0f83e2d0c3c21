#include "lib/sha256.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void expect(const char *octets, size_t len, size_t piece, const char *want)
{
	uint8_t out[SHA256_OCTETS];
	char digits[2 * SHA256_OCTETS + 1];
	struct sha256 s;

	sha256_init(&s);
	for (size_t at = 0; at < len; at += piece)
		sha256_add(&s, octets + at, len - at < piece ? len - at : piece);
	sha256_end(&s, out);
	for (unsigned i = 0; i < SHA256_OCTETS; i++)
		snprintf(digits + (size_t)2 * i, 3, "%02x", out[i]);
	cr_expect_str_eq(digits, want, "%zu octets, %zu at a time", len, piece);
}

/* Its own definition, FIPS 180-4; the digests of "abc", of two blocks and of a million are NIST's examples. */
Test(sha256, examples_in_pieces_of_any_size)
{
	static char many[1000000];
	static const char two[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

	memset(many, 'a', sizeof(many));
	expect("", 0, 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	expect("abc", 3, 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	for (size_t piece = 1; piece <= sizeof(two); piece++)
		expect(two, sizeof(two) - 1, piece,
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	expect(many, 55, 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
	expect(many, 64, 7, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
	expect(many, sizeof(many), 977,
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
