/* Signatures by Ed25519 (RFC 8032), keys as PEM (RFC 8410), by OpenSSL. */
#ifndef LAB_EVIDENCE_SIGN_H
#define LAB_EVIDENCE_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define EVIDENCE_SIGNATURE_LEN	 64
#define EVIDENCE_SHA256_LEN	 32
#define EVIDENCE_FINGERPRINT_LEN 72 /* "sha256:" and 64 digits, and the NUL */

struct evidence_key; /* private, or the public part alone */

/* All return NULL or false with the reason in why; what is returned is for evidence_key_free(). */
struct evidence_key *evidence_key_new(char *why, size_t cap);
struct evidence_key *evidence_key_load(const char *file, bool public, char *why, size_t cap);
void evidence_key_free(struct evidence_key *k);

/* A new file, mode 0600; one that is there is left alone. */
bool evidence_key_save(const struct evidence_key *k, const char *file, char *why, size_t cap);
bool evidence_key_print(const struct evidence_key *k, FILE *out); /* the public part, PEM */

/* SHA-256 of the SubjectPublicKeyInfo: `openssl pkey -pubin -outform DER | sha256sum`. */
void evidence_key_fingerprint(const struct evidence_key *k, char out[EVIDENCE_FINGERPRINT_LEN]);

bool evidence_sign(const struct evidence_key *k, const void *octets, size_t n,
	uint8_t signature[EVIDENCE_SIGNATURE_LEN]);
bool evidence_signed(const struct evidence_key *k, const void *octets, size_t n,
	const uint8_t *signature, size_t signature_len);

/* Of a stream from where it stands to its end, as 64 digits. False: could not be read. */
bool evidence_sha256(FILE *in, char out[2 * EVIDENCE_SHA256_LEN + 1]);

#endif
