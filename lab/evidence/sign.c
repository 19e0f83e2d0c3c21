/* Signatures by Ed25519 (RFC 8032), by OpenSSL. */
#include "lab/evidence/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/check.h"

#define FINGERPRINT "sha256:"
#define CHUNK	    16384

struct evidence_key {
	EVP_PKEY *pkey;
};

static void sign_why(char *why, size_t cap, const char *what)
{
	char text[160] = "";
	unsigned long e = ERR_get_error();

	if (e)
		ERR_error_string_n(e, text, sizeof text);
	ERR_clear_error();
	snprintf(why, cap, "%s%s%s", what, *text ? ": " : "", text);
}

static struct evidence_key *key_of(EVP_PKEY *pkey)
{
	struct evidence_key *k = calloc(1, sizeof *k);

	CHECK(k);
	k->pkey = pkey;
	return k;
}

struct evidence_key *evidence_key_new(char *why, size_t cap)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

	if (!pkey)
		sign_why(why, cap, "no key could be made");
	return pkey ? key_of(pkey) : NULL;
}

struct evidence_key *evidence_key_load(const char *file, bool public, char *why, size_t cap)
{
	FILE *f = fopen(file, "re");
	EVP_PKEY *pkey;

	if (!f) {
		snprintf(why, cap, "%s: %s", file, strerror(errno));
		return NULL;
	}
	pkey = public ? PEM_read_PUBKEY(f, NULL, NULL, NULL)
		      : PEM_read_PrivateKey(f, NULL, NULL, NULL);
	fclose(f);
	ERR_clear_error();
	if (pkey && EVP_PKEY_is_a(pkey, "ED25519"))
		return key_of(pkey);
	EVP_PKEY_free(pkey);
	snprintf(
		why, cap, "%s: not %s Ed25519 key in PEM", file, public ? "a public" : "a private");
	return NULL;
}

void evidence_key_free(struct evidence_key *k)
{
	if (k)
		EVP_PKEY_free(k->pkey);
	free(k);
}

bool evidence_key_save(const struct evidence_key *k, const char *file, char *why, size_t cap)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	bool ok;

	if (!f) {
		snprintf(why, cap, "%s: %s", file, strerror(errno));
		return false;
	}
	ok = PEM_write_PKCS8PrivateKey(f, k->pkey, NULL, NULL, 0, NULL, NULL) == 1;
	if (fclose(f) == 0 && ok)
		return true;
	snprintf(why, cap, "%s: could not be written", file);
	unlink(file);
	return false;
}

bool evidence_key_print(const struct evidence_key *k, FILE *out)
{
	return PEM_write_PUBKEY(out, k->pkey) == 1;
}

static void sign_digits(const uint8_t *octets, size_t n, char *out)
{
	for (size_t i = 0; i < n; i++)
		snprintf(out + 2 * i, 3, "%02x", octets[i]);
}

void evidence_key_fingerprint(const struct evidence_key *k, char out[EVIDENCE_FINGERPRINT_LEN])
{
	uint8_t *der = NULL, sum[EVP_MAX_MD_SIZE];
	int n = i2d_PUBKEY(k->pkey, &der);

	CHECK(n > 0 && EVP_Digest(der, n, sum, NULL, EVP_sha256(), NULL));
	OPENSSL_free(der);
	strcpy(out, FINGERPRINT);
	sign_digits(sum, EVIDENCE_SHA256_LEN, out + strlen(FINGERPRINT));
}

bool evidence_sign(const struct evidence_key *k, const void *octets, size_t n,
	uint8_t signature[EVIDENCE_SIGNATURE_LEN])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = EVIDENCE_SIGNATURE_LEN;
	bool ok = ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, k->pkey) == 1 &&
		  EVP_DigestSign(ctx, signature, &len, octets, n) == 1 &&
		  len == EVIDENCE_SIGNATURE_LEN;

	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return ok;
}

bool evidence_signed(const struct evidence_key *k, const void *octets, size_t n,
	const uint8_t *signature, size_t signature_len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx && signature_len == EVIDENCE_SIGNATURE_LEN &&
		  EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, k->pkey) == 1 &&
		  EVP_DigestVerify(ctx, signature, signature_len, octets, n) == 1;

	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return ok;
}

bool evidence_sha256(FILE *in, char out[2 * EVIDENCE_SHA256_LEN + 1])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t chunk[CHUNK], sum[EVP_MAX_MD_SIZE];
	size_t n;

	CHECK(ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1);
	while ((n = fread(chunk, 1, sizeof chunk, in)) > 0)
		CHECK(EVP_DigestUpdate(ctx, chunk, n) == 1);
	CHECK(EVP_DigestFinal_ex(ctx, sum, NULL) == 1);
	EVP_MD_CTX_free(ctx);
	sign_digits(sum, EVIDENCE_SHA256_LEN, out);
	return !ferror(in);
}
