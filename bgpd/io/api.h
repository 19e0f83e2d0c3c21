/*
 * The management API: HTTP/1.1 on listening sockets that mplsfwd hands over (libevent's evhttp). One of these for each kind of socket
 * (enum fib_api), with limits of its own, so that none can use up what another has.
 *
 * GET asks and POST orders, as far as who it is may (bgpd/io/roles); an order has to have IO_API_HEADER, which no form of another site
 * can send. Other methods: 405. Bounded: connections and times (bgpd/io/apiconns), IO_API_HEADERS_MAX octets of headers, no body,
 * IO_API_TIMEOUT_S for a client that says or takes nothing at all. One answer a connection: what follows the first question is not read. A
 * long one is made piece by piece, each when the client has taken the one before: it costs the memory of a piece, and the loop goes on
 * in between.
 */
#ifndef BGPD_IO_API_H
#define BGPD_IO_API_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/ssl.h>

#include "bgpd/io/roles.h"
#include "lib/log.h"
#include "mplsfwd/fibmsg.h"

#define IO_API_HEADERS_MAX 4096
#define IO_API_TIMEOUT_S   5
#define IO_API_WAITING_MAX 8 /* of IO_API_CONNS_MAX */
#define IO_API_ALIVE_MS	   3000
#define IO_API_HEADER	   "X-Ravelin"

struct event_base;
struct io_api;
struct io_api_ask;

/* Where a long answer comes from. */
struct io_api_source {
	/* The next piece, borrowed until the next call; *len 0: not yet, call again. False: this was the last one. */
	bool (*next)(void *arg, const char **text, size_t *len);

	/* Called once, after the last piece or when the client has gone. */
	void (*end)(void *arg);

	/*
	 * Without an end: *len 0 means that nothing has happened, and it is asked again after io_api_wake(). At most
	 * IO_API_WAITING_MAX of these at a time; the next ones are told 503.
	 */
	bool waits;

	/* NULL, or what is sent where nothing has happened for IO_API_ALIVE_MS: shows both sides that the other is there. */
	const char *alive;
};

/*
 * order: a POST. path: "/v1/bgp/summary". query: after the '?', still encoded; "" if none. Both borrowed for the call. Exactly one
 * io_api_answer() or io_api_stream() must follow, within the call or later.
 */
typedef void io_api_asked_fn(
	void *arg, struct io_api_ask *ask, bool order, const char *path, const char *query);

struct io_api_setup {
	enum fib_api kind;
	const struct io_roles *roles;
	SSL_CTX *tls; /* of FIB_API_TLS; else NULL */
	const struct log *log;
	io_api_asked_fn *fn;
	void *arg;
};

/* Owns fd (listening); all else is borrowed. */
struct io_api *io_api_new(struct event_base *base, int fd, const struct io_api_setup *setup);

/*
 * A socket from mplsfwd (-1: none), which may be the first of its kind: *api is NULL then. TLS listens on more than one; TCP without
 * TLS is never spoken.
 */
void io_api_serve(
	struct io_api **api, struct event_base *base, int fd, const struct io_api_setup *setup);

/* What is still unanswered is never answered: the caller forgets those asks first. Streams end. */
void io_api_free(struct io_api *api); /* NULL is harmless */

/* Whether the client names this type in its Accept; "anything" does not count. */
bool io_api_accepts(const struct io_api_ask *ask, const char *type);

/* status: of HTTP; body: copied, JSON or of that type. The client may have gone: harmless. ask is gone afterwards. */
void io_api_answer(struct io_api_ask *ask, int status, const char *body, size_t len);
void io_api_answer_as(
	struct io_api_ask *ask, int status, const char *type, const char *body, size_t len);

/* The same in pieces (chunked, RFC 9112 7.1). source: static. ask belongs to the API from here on. */
void io_api_stream(
	struct io_api_ask *ask, int status, const struct io_api_source *source, void *arg);
void io_api_stream_as(struct io_api_ask *ask, int status, const char *type,
	const struct io_api_source *source, void *arg);

/* Something has happened: streams that wait are asked again, in the next turn. NULL is harmless. */
void io_api_wake(struct io_api *api);

#endif
