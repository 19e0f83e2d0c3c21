/*
 * What the service manager is told: datagrams to $NOTIFY_SOCKET (sd_notify(3); a path, or '@' and an abstract name).
 *
 *   READY=1      the listeners stand and bgpd, which has been given them, answers on the pair
 *   WATCHDOG=1   both processes go round their loops: sent for an answer of bgpd (FIB_ALIVE), and for nothing else
 *   STOPPING=1   a signal asked for the end
 *
 * Where $WATCHDOG_USEC is set, bgpd is asked three times in that span. While an answer is outstanding nothing more is asked and
 * nothing said: a bgpd that hangs, or this process hanging, lets the span run out.
 */
#ifndef MPLSFWD_NOTIFY_H
#define MPLSFWD_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "lib/log.h"

struct event;
struct event_base;

typedef void fwd_notify_ask_fn(void *arg, uint32_t seq); /* sends FIB_ALIVE_GET */

struct fwd_notify {
	int fd; /* -1: nobody wants to know */
	struct sockaddr_un to;
	socklen_t to_len;
	uint64_t watchdog_us; /* 0: no watchdog */
	struct event *tick;
	fwd_notify_ask_fn *ask;
	void *arg;
	uint32_t seq;	  /* of the last question */
	bool outstanding; /* it has no answer yet */
	bool ready;	  /* READY=1 has been said */
};

/*
 * Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID and takes them out of the environment, so that bgpd cannot speak for us. A value
 * that cannot be used is logged, and nothing is told.
 */
void fwd_notify_open(struct fwd_notify *n, struct event_base *base, const struct log *log,
	fwd_notify_ask_fn *ask, void *arg);
void fwd_notify_close(struct fwd_notify *n);

/* There is a new bgpd, and it has been sent its listeners: it is asked at once, and what the one before owed is forgotten. */
void fwd_notify_child(struct fwd_notify *n);

/* bgpd has answered question seq. */
void fwd_notify_alive(struct fwd_notify *n, uint32_t seq);

void fwd_notify_stopping(struct fwd_notify *n);

#endif
