/*
 * TCP connections to peers: octets in, refcounted blocks out, neither without bound.
 *
 *   dialled   CONNECTING --connect done--> OPEN --close--> CLOSING --all written--> LINGER --EOF or time--> gone
 *   accepted                               OPEN ...
 *
 * A turn of the loop: libevent says which connections can be read, io_conns_read() reads them in turn, io_conn_send()
 * only queues, io_conns_flush() writes: one system call a connection and turn, whatever the number of blocks. The
 * kernel is asked to say when it can take more (EPOLLOUT) only after it could not take all.
 *
 * A close flushes what was sent before it, says FIN and then reads on (and throws away) until the peer says FIN too:
 * a socket that is closed with octets unread sends RST, and RST takes our NOTIFICATION with it (RFC 4271 6).
 *
 * The owner hears when a peer does not read (io_conn_flow) and should send less then. If it does not, the peer is
 * dropped past IO_CONN_QUEUE_MAX octets. How long a peer may take nothing at all is the owner's business (RFC 9687 4).
 *
 * The kernel's buffers are left to its own tuning: SO_SNDBUF would turn that off, and they are what evens out a
 * receiver that is slow for a moment. TCP_NODELAY is on: what we write is whole, and waits for nothing.
 */
#ifndef BGPD_IO_CONN_H
#define BGPD_IO_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/out/block.h"

#define IO_CONN_READ	 65536u /* octets read of a connection in one turn */
#define IO_CONN_REST_MAX 65535u /* and not taken by its owner: no message is longer (RFC 8654 3) */
#define IO_CONN_QUEUE_HIGH                                                                         \
	(1u << 20) /* octets not yet taken by the kernel: more are IO_CONN_FULL ... */
#define IO_CONN_QUEUE_LOW (256u << 10) /* ... until less than these wait */
#define IO_CONN_QUEUE_MAX (32u << 20)
#define IO_CONN_STALL_MS  1000u
#define IO_CONN_LINGER_MS 1000u /* from close to gone, at most */

struct event_base;
struct io_conn;
struct io_conns; /* what all connections of a loop share */

/* bgpd/core/event.h says when: EV_CONN_FULL, EV_CONN_DRAINED, EV_CONN_STALLED, EV_CONN_PROGRESS. */
enum io_conn_flow { IO_CONN_FULL, IO_CONN_DRAINED, IO_CONN_STALLED, IO_CONN_PROGRESS };

/* What a connection tells its owner. Within them io_conn_send and io_conn_close are allowed, io_conn_free is not. */
struct io_conn_handler {
	void (*up)(void *arg, struct io_conn *c); /* the dial succeeded */

	/* data holds everything not yet taken; returns how many octets were taken now */
	size_t (*received)(void *arg, struct io_conn *c, const uint8_t *data, size_t len);

	void (*flow)(void *arg, struct io_conn *c, enum io_conn_flow what);

	/* error: 0 = the peer said FIN; ENOBUFS: it does not read; up: it had been OPEN */
	void (*lost)(void *arg, struct io_conn *c, bool up, int error);

	/* the last word, after lost or after a close is done: io_conn_free is allowed here, and only here */
	void (*gone)(void *arg, struct io_conn *c);
};

struct io_conns *io_conns_new(struct event_base *base);
void io_conns_free(struct io_conns *s); /* after the last of them; NULL is harmless */

/*
 * Reads those that libevent found readable, one after the other and round and round, until it is until_us
 * (io_clock_now_us) or all have been emptied. True if some have still to wait.
 */
bool io_conns_read(struct io_conns *s, uint64_t until_us);

/* Writes what was sent since the last time. Returns the most octets that one connection was given since then. */
size_t io_conns_flush(struct io_conns *s);

/* Owns fd (non-blocking) from here on. connecting: connect() has begun. id: the owner's, never 0. */
struct io_conn *io_conn_new(struct io_conns *s, int fd, uint32_t id, bool connecting,
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
