#include "bgpd/io/tls.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "lib/check.h"

/* Where systems keep what they trust. A folder of certificates (CApath) would be read when it is too late: behind the chroot. */
static const char *tls_system_ca(void)
{
	const char *const files[] = {X509_get_default_cert_file(),
		"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
		"/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		if (access(files[i], R_OK) == 0)
			return files[i];
	return NULL;
}

/* A key with a passphrase would be asked for on the terminal that a daemon does not have. */
static int tls_no_passphrase(char *buf, int size, int writing, void *arg)
{
	return -1;
}

static bool tls_fail(
	const struct conf_remote *r, const char *key, const char *file, char *why, size_t cap)
{
	const char *reason = ERR_reason_error_string(ERR_peek_error());

	snprintf(why, cap, "%s: tls %s %s: %s", r->name, key, file,
		reason ? reason : "cannot be read");
	ERR_clear_error();
	return false;
}

static bool tls_load_ca(SSL_CTX *ctx, const struct conf_remote *r, char *why, size_t cap)
{
	const char *file = r->tls_ca ? r->tls_ca : tls_system_ca();

	if (!file) {
		snprintf(why, cap,
			"%s: this system has no file of trusted certificates; say tls ca", r->name);
		return false;
	}
	return SSL_CTX_load_verify_file(ctx, file) == 1 || tls_fail(r, "ca", file, why, cap);
}

static bool tls_load_own(SSL_CTX *ctx, const struct conf_remote *r, char *why, size_t cap)
{
	if (!r->tls_cert)
		return true;
	if (SSL_CTX_use_certificate_chain_file(ctx, r->tls_cert) != 1)
		return tls_fail(r, "certificate", r->tls_cert, why, cap);
	if (SSL_CTX_use_PrivateKey_file(ctx, r->tls_key, SSL_FILETYPE_PEM) != 1)
		return tls_fail(r, "key", r->tls_key, why, cap);
	return true;
}

SSL_CTX *io_tls_new(const struct conf_remote *r, char *why, size_t cap)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	CHECK(ctx != NULL);
	ERR_clear_error();
	SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_default_passwd_cb(ctx, tls_no_passphrase);
	if (RAND_status() != 1)
		snprintf(why, cap, "%s: tls: the system gives no random numbers", r->name);
	else if (tls_load_ca(ctx, r, why, cap) && tls_load_own(ctx, r, why, cap))
		return ctx;
	SSL_CTX_free(ctx);
	return NULL;
}

SSL *io_tls_open(SSL_CTX *ctx, const struct conf_remote *r)
{
	SSL *ssl = SSL_new(ctx);

	CHECK(ssl != NULL);
	SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	if (r->tls_name) {
		CHECK(SSL_set1_host(ssl, r->tls_name) == 1);
		SSL_set_tlsext_host_name(ssl, r->tls_name);
	} else {
		size_t octets = r->addr.af == IP_V6 ? 16 : 4;

		CHECK(X509_VERIFY_PARAM_set1_ip(SSL_get0_param(ssl), r->addr.o, octets) == 1);
	}
	return ssl;
}

bool io_tls_explain(
	SSL *ssl, const struct conf_remote *r, unsigned long error, char *why, size_t cap)
{
	long verdict = SSL_get_verify_result(ssl);
	char addr[IP_ADDR_STRLEN];

	if (verdict != X509_V_OK) {
		ip_addr_print(&r->addr, addr);
		snprintf(why, cap, "TLS: its certificate is refused: %s (it has to be for %s)",
			X509_verify_cert_error_string(verdict), r->tls_name ? r->tls_name : addr);
		return true;
	}
	if (!error || ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		return false;
	const char *reason = ERR_reason_error_string(error);
	if (ERR_GET_REASON(error) == SSL_R_WRONG_VERSION_NUMBER)
		reason = "what is on that port does not speak TLS";
	snprintf(why, cap, "TLS: %s", reason ? reason : "unknown error");
	return true;
}
