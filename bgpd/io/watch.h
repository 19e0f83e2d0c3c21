/*
 * Readiness, timers and signals over libevent.
 *
 * The only file of this room that sees libevent's `struct event`: ours (bgpd/core/event.h) has the same name.
 */
#ifndef BGPD_IO_WATCH_H
#define BGPD_IO_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct event_base;
struct io_watch;

enum io_ready { IO_READABLE = 1, IO_WRITABLE = 2, IO_ELAPSED = 4 };

/* ready: enum io_ready bits. The callback may free the watch that it is called for. */
typedef void io_watch_fn(void *arg, unsigned ready);

/* A descriptor (borrowed), at first watched for nothing. */
struct io_watch *io_watch_fd(struct event_base *base, int fd, io_watch_fn *fn, void *arg);

/*
 * want: IO_READABLE | IO_WRITABLE, level triggered; each is told in a call of its own. A system call for each of them
 * that changes, none if it is the same as before: ask for IO_WRITABLE only when the kernel has said that it is full.
 */
void io_watch_want(struct io_watch *w, unsigned want);

/* A timer, not running. */
struct io_watch *io_watch_timer(struct event_base *base, io_watch_fn *fn, void *arg);

/* Once, in ms milliseconds; 0 = after the descriptors that are ready have been served. Replaces an earlier time. */
void io_watch_after(struct io_watch *w, uint64_t ms);
void io_watch_cancel(struct io_watch *w);

struct io_watch *io_watch_signal(struct event_base *base, int signo, io_watch_fn *fn, void *arg);

void io_watch_free(struct io_watch *w); /* NULL is harmless */

#endif
