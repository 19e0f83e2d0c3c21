/* What TLS towards caches and stations needs, read while files can still be seen; and what went wrong, in words. */
#ifndef BGPD_IO_TLS_H
#define BGPD_IO_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/ssl.h>

#include "conf/model.h"

/* Certificates and keys of one remote, for TLS 1.3. NULL: *why (cap octets) names the file and what is wrong with it. */
SSL_CTX *io_tls_new(const struct conf_remote *r, char *why, size_t cap);

/* Of one connection: asks for the name of r, or its address, in the certificate. */
SSL *io_tls_open(SSL_CTX *ctx, const struct conf_remote *r);

/* error: of the OpenSSL queue, 0: none. False if it says no more than that the connection ended. */
bool io_tls_explain(
	SSL *ssl, const struct conf_remote *r, unsigned long error, char *why, size_t cap);

#endif
