/*
 * The connections of one socket of the management API: how many, whose, and until when each may take for what it does now.
 *
 * evhttp has no cap, does not say when a connection ends, and counts a client that sends an octet now and then as lively. So one reference
 * to each bufferevent is ours, and a deadline stands at each: past it, or above its user's share, its socket is shut down, and
 * evhttp finds the end of it.
 */
#ifndef BGPD_IO_APICONNS_H
#define BGPD_IO_APICONNS_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/io/roles.h"

#define IO_API_CONNS_MAX 16
#define IO_API_CONNS_WHO                                                                           \
	8 /* of one user or certificate; of all strangers together. Root has no such limit */
#define IO_API_ASK_MS                                                                              \
	10000 /* from the beginning, a TLS handshake included, to the end of the question */
#define IO_API_TAKE_MS 60000 /* for an answer, or a piece of one, to be taken */

struct bufferevent;
struct event_base;
struct io_apiconns;

/* full: another one has come or gone; whether there is room now. */
typedef void io_apiconns_fn(void *arg, bool full);

struct io_apiconns *io_apiconns_new(struct event_base *base, const struct io_roles *roles,
	const struct log *log, io_apiconns_fn *fn, void *arg);
void io_apiconns_free(struct io_apiconns *t); /* after evhttp */

/* ssl: whether the bufferevent is TLS's. It has IO_API_ASK_MS for its question. */
void io_apiconns_add(struct io_apiconns *t, struct bufferevent *bev, bool ssl);

/* It has so long from now; 0: as long as it likes. bev: NULL if it has gone. */
void io_apiconns_expect(struct io_apiconns *t, const struct bufferevent *bev, uint64_t ms);

/* Of a connection whose question has come; NONE if it has gone. */
enum io_role io_apiconns_role(struct io_apiconns *t, const struct bufferevent *bev);

/* For the log: "uid=0", "certificate=0123456789abcdef" (how its SHA-256 begins), "uid=-" if it has gone. */
#define IO_API_WHO_MAX 40
void io_apiconns_who(
	struct io_apiconns *t, const struct bufferevent *bev, char out[IO_API_WHO_MAX]);

#endif
