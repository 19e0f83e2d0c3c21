/*
 * The pair to bgpd: datagrams of records in, datagrams of records out, descriptors by SCM_RIGHTS.
 *
 * The other end is the process that talks to strangers: what comes from it is checked as if they had written it. A
 * datagram that does not decode to its last octet, or brings a descriptor, ends the conversation (broken()).
 * Back-pressure: when bgpd does not read its answers, its requests are not read either.
 */
#ifndef MPLSFWD_SERVER_H
#define MPLSFWD_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/log.h"
#include "mplsfwd/fibmsg.h"

struct event;
struct event_base;
struct fwd_dgram;

struct fwd_server_calls {
	void (*request)(void *arg, const struct fib_msg *m);
	void (*idle)(void *arg); /* a batch of requests has been handed over */
	void (*broken)(void *arg,
		const char *why); /* nothing more will come; close from here is allowed */
};

struct fwd_server {
	const struct log *log;
	const struct fwd_server_calls *calls;
	void *arg;
	int fd; /* -1: nobody there */
	struct event *readable, *writable;
	struct fwd_dgram *first, *last; /* to be sent */
	size_t queued;			/* octets */
	unsigned descriptors;		/* among them */
	bool paused;
};

void fwd_server_init(struct fwd_server *s, const struct log *log,
	const struct fwd_server_calls *calls, void *arg);

/* Takes over one end of the pair. */
void fwd_server_open(struct fwd_server *s, struct event_base *base, int fd);
void fwd_server_close(struct fwd_server *s); /* harmless if not open */

/* Queues a record; nothing if nobody is there. */
void fwd_server_send(struct fwd_server *s, const struct fib_msg *m);

/*
 * The same with a descriptor, which is closed once sent (or given up). Of sockets that bgpd asks for no more than
 * FWD_SERVER_DESCRIPTORS wait here: past it the answer is EMFILE, so that it cannot use up those of this process.
 */
#define FWD_SERVER_DESCRIPTORS 256
void fwd_server_send_fd(struct fwd_server *s, const struct fib_msg *m, int fd);

/* Sends what is queued without waiting for the loop: before the end. */
void fwd_server_flush(struct fwd_server *s);

#endif
