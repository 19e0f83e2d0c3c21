/*
 * One TCP connection to a peer: octets in, refcounted blocks out, neither without bound.
 *
 *   dialled   CONNECTING --connect done--> OPEN --close--> CLOSING --all written--> LINGER --EOF or time--> gone
 *   accepted                               OPEN ...
 *
 * A close flushes what was sent before it, says FIN and then reads on (and throws away) until the peer says FIN too:
 * a socket that is closed with octets unread sends RST, and RST takes our NOTIFICATION with it (RFC 4271 6).
 *
 * A peer that does not read is dropped past IO_CONN_QUEUE_MAX octets, or when nothing could be written for
 * IO_CONN_SEND_HOLD_MS (RFC 9687 4).
 */
#ifndef BGPD_IO_CONN_H
#define BGPD_IO_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/out/block.h"

#define IO_CONN_BUFFER	     65536u
#define IO_CONN_QUEUE_MAX    (32u << 20) /* octets not yet taken by the kernel */
#define IO_CONN_SEND_HOLD_MS (8 * 60 * 1000u)
#define IO_CONN_LINGER_MS    1000u /* from close to gone, at most */

struct event_base;
struct io_conn;

/* What a connection tells its owner. Within them io_conn_send and io_conn_close are allowed, io_conn_free is not. */
struct io_conn_handler {
	void (*up)(void *arg, struct io_conn *c); /* the dial succeeded */

	/* data holds everything not yet taken; returns how many octets were taken now */
	size_t (*received)(void *arg, struct io_conn *c, const uint8_t *data, size_t len);

	/* error: 0 = the peer said FIN; ENOBUFS, ETIMEDOUT: it does not read; up: it had been OPEN */
	void (*lost)(void *arg, struct io_conn *c, bool up, int error);

	/* the last word, after lost or after a close is done: io_conn_free is allowed here, and only here */
	void (*gone)(void *arg, struct io_conn *c);
};

/* Owns fd (non-blocking) from here on. connecting: connect() has begun. id: the owner's, never 0. */
struct io_conn *io_conn_new(struct event_base *base, int fd, uint32_t id, bool connecting,
	const struct io_conn_handler *handler, void *arg);
void io_conn_free(struct io_conn *c);

uint32_t io_conn_id(const struct io_conn *c);
int io_conn_fd(const struct io_conn *c);
size_t io_conn_queued(const struct io_conn *c); /* octets */

/* Takes a reference of its own. Silently nothing after io_conn_close or lost. Never calls the handler. */
void io_conn_send(struct io_conn *c, struct out_block *block);

/* Orderly, see above. The handler hears only gone. */
void io_conn_close(struct io_conn *c);

/* Ends it as if the system had: the handler hears lost (with this errno) and gone, after the current callback. */
void io_conn_drop(struct io_conn *c, int error);

#endif
