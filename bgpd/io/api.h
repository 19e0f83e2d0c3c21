/*
 * The management API: HTTP/1.1 on the listening unix socket that mplsfwd hands over (libevent's evhttp).
 *
 * Read only (GET), for root and for the user that this process started as; others get 403. Bounded: IO_API_CONNS_MAX
 * connections (evhttp has no cap of its own: past it the listener rests), IO_API_HEADERS_MAX octets of headers,
 * no body, IO_API_TIMEOUT_S for a client that dawdles. One answer a connection.
 */
#ifndef BGPD_IO_API_H
#define BGPD_IO_API_H

#include <stddef.h>
#include <sys/types.h>

#include "lib/log.h"

#define IO_API_CONNS_MAX   16
#define IO_API_HEADERS_MAX 4096
#define IO_API_TIMEOUT_S   5

struct event_base;
struct io_api;
struct io_api_ask;

/*
 * path: "/v1/bgp/summary". query: after the '?', still encoded; "" if none. Both borrowed for the call. Exactly one
 * io_api_answer() must follow, within the call or later.
 */
typedef void io_api_asked_fn(
	void *arg, struct io_api_ask *ask, const char *path, const char *query);

/* Owns fd (listening, AF_UNIX). uid: allowed besides root. */
struct io_api *io_api_new(struct event_base *base, int fd, uid_t uid, const struct log *log,
	io_api_asked_fn *fn, void *arg);

/* What is still unanswered is never answered: the caller forgets those asks first. */
void io_api_free(struct io_api *api); /* NULL is harmless */

/* status: of HTTP; body: JSON, copied. The client may have gone: harmless. ask is gone afterwards. */
void io_api_answer(struct io_api_ask *ask, int status, const char *body, size_t len);

#endif
