/* TLS of the management API: 1.3, and a certificate of one of our authorities from every client, or no connection. */
#ifndef BGPD_IO_APITLS_H
#define BGPD_IO_APITLS_H

#include <stddef.h>

#include <openssl/ssl.h>

#include "conf/model.h"
#include "lib/log.h"

/*
 * Certificate, key and the clients' authorities, read while files can still be seen. NULL: *why (cap octets) names the file and what is
 * wrong with it. log (borrowed) hears of clients that are refused, and why.
 */
SSL_CTX *io_apitls_new(const struct conf_api *api, const struct log *log, char *why, size_t cap);

#endif
