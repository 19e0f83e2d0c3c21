#include "bgpd/io/apitls.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <openssl/err.h>
#include <openssl/rand.h>

#include "bgpd/io/sockaddr.h"
#include "lib/check.h"

#define APITLS_DEPTH 8 /* authorities between a client and ours */

static int apitls_no_passphrase(char *buf, int size, int writing, void *arg)
{
	return -1;
}

static bool apitls_fail(const char *key, const char *file, char *why, size_t cap)
{
	const char *reason = ERR_reason_error_string(ERR_peek_error());

	snprintf(why, cap, "api tls %s %s: %s", key, file, reason ? reason : "cannot be read");
	ERR_clear_error();
	return false;
}

static bool apitls_load(SSL_CTX *ctx, const struct conf_api *api, char *why, size_t cap)
{
	if (SSL_CTX_use_certificate_chain_file(ctx, api->tls_cert) != 1)
		return apitls_fail("certificate", api->tls_cert, why, cap);
	if (SSL_CTX_use_PrivateKey_file(ctx, api->tls_key, SSL_FILETYPE_PEM) != 1)
		return apitls_fail("key", api->tls_key, why, cap);
	if (SSL_CTX_load_verify_file(ctx, api->tls_client_ca) != 1)
		return apitls_fail("client-ca", api->tls_client_ca, why, cap);
	SSL_CTX_set_client_CA_list(ctx, SSL_load_client_CA_file(api->tls_client_ca));
	return true;
}

/* The alert that ends a handshake says why it does, to the client and here. */
static void apitls_alerted(const SSL *ssl, int where, int alert)
{
	const struct log *log = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
	struct ip_addr from = {.af = IP_NONE};
	char text[IP_ADDR_STRLEN] = "?";

	if (!(where & SSL_CB_WRITE_ALERT) || (alert & 0xff) == SSL_AD_CLOSE_NOTIFY)
		return;
	if (io_sockaddr_remote(SSL_get_fd(ssl), &from))
		ip_addr_print(&from, text);
	bool has_none =
		(alert & 0xff) == SSL_AD_CERTIFICATE_REQUIRED; /* newer than libssl's words */
	log_line(log, LOG_WARN_, "api_tls_refused", "from=%s reason=\"%s\"", text,
		has_none ? "certificate required" : SSL_alert_desc_string_long(alert));
}

SSL_CTX *io_apitls_new(const struct conf_api *api, const struct log *log, char *why, size_t cap)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	CHECK(ctx != NULL);
	ERR_clear_error();
	SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_CTX_set_verify_depth(ctx, APITLS_DEPTH);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_num_tickets(ctx, 0); /* a certificate is shown each time */
	SSL_CTX_set_default_passwd_cb(ctx, apitls_no_passphrase);
	SSL_CTX_set_app_data(ctx, (void *)log);
	SSL_CTX_set_info_callback(ctx, apitls_alerted);
	if (RAND_status() != 1)
		snprintf(why, cap, "api tls: the system gives no random numbers");
	else if (apitls_load(ctx, api, why, cap))
		return ctx;
	SSL_CTX_free(ctx);
	return NULL;
}
