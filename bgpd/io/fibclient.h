/*
 * This process's end of the pair to mplsfwd: records batched into datagrams, descriptors taken in, back-pressure.
 *
 * What is sent within one round of the loop leaves in as few datagrams as possible (io_fib_flush). When the other
 * side is slow, datagrams wait here; past IO_FIB_CONGESTED of them the owner stops making more work.
 */
#ifndef BGPD_IO_FIBCLIENT_H
#define BGPD_IO_FIBCLIENT_H

#include <stdbool.h>

#include "mplsfwd/fibmsg.h"

#define IO_FIB_CONGESTED 8 /* datagrams waiting */

struct event_base;
struct io_fib;

/* Within them io_fib_send is allowed, io_fib_free is not. */
struct io_fib_handler {
	/* fd: the descriptor that came with the record (the callee owns it), or -1 */
	void (*message)(void *arg, const struct fib_msg *m, int fd);
	void (*drained)(void *arg); /* was congested and is no more */

	/* why: "closed", "malformed record", ...: mplsfwd is gone or lost its mind; nothing comes any more */
	void (*ended)(void *arg, const char *why);
};

/* Owns fd (SOCK_SEQPACKET), which it makes non-blocking. */
struct io_fib *io_fib_new(
	struct event_base *base, int fd, const struct io_fib_handler *handler, void *arg);
void io_fib_free(struct io_fib *f);

void io_fib_send(struct io_fib *f, const struct fib_msg *m);
void io_fib_flush(struct io_fib *f);
bool io_fib_is_congested(const struct io_fib *f);

/* Everything sent, waiting for the other side up to ms milliseconds if need be. False if that was not enough. */
bool io_fib_finish(struct io_fib *f, int ms);

#endif
