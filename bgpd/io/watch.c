#include "bgpd/io/watch.h"

#include <stdlib.h>

#include <event2/event.h>

#include "lib/check.h"

struct io_watch {
	struct event_base *base;
	struct event *ev;    /* of a descriptor: reading */
	struct event *write; /* NULL until it is wanted the first time */
	io_watch_fn *fn;
	void *arg;
	int fd; /* -1: a timer or a signal */
	unsigned want;
};

static void io_watch_fire(evutil_socket_t fd, short what, void *arg)
{
	struct io_watch *w = arg;
	unsigned ready = 0;

	(void)fd;
	if (what & EV_READ)
		ready |= IO_READABLE;
	if (what & EV_WRITE)
		ready |= IO_WRITABLE;
	if (what & (EV_TIMEOUT | EV_SIGNAL))
		ready |= IO_ELAPSED;
	w->fn(w->arg, ready);
}

static struct io_watch *io_watch_new(struct event_base *base, int fd, io_watch_fn *fn, void *arg)
{
	struct io_watch *w = calloc(1, sizeof(*w));

	CHECK(w != NULL);
	*w = (struct io_watch){.base = base, .fn = fn, .arg = arg, .fd = fd};
	return w;
}

struct io_watch *io_watch_fd(struct event_base *base, int fd, io_watch_fn *fn, void *arg)
{
	struct io_watch *w = io_watch_new(base, fd, fn, arg);

	w->ev = event_new(base, fd, EV_READ | EV_PERSIST, io_watch_fire, w);
	CHECK(w->ev != NULL);
	return w;
}

static void io_watch_set(struct event *ev, bool on)
{
	if (on)
		CHECK(event_add(ev, NULL) == 0);
	else
		event_del(ev);
}

void io_watch_want(struct io_watch *w, unsigned want)
{
	unsigned changed = w->want ^ want;

	CHECK(w->fd >= 0);
	w->want = want;
	if ((changed & IO_WRITABLE) && !w->write) {
		w->write = event_new(w->base, w->fd, EV_WRITE | EV_PERSIST, io_watch_fire, w);
		CHECK(w->write != NULL);
	}
	if (changed & IO_READABLE)
		io_watch_set(w->ev, want & IO_READABLE);
	if (changed & IO_WRITABLE)
		io_watch_set(w->write, want & IO_WRITABLE);
}

struct io_watch *io_watch_timer(struct event_base *base, io_watch_fn *fn, void *arg)
{
	struct io_watch *w = io_watch_new(base, -1, fn, arg);

	w->ev = event_new(base, -1, EV_TIMEOUT, io_watch_fire, w);
	CHECK(w->ev != NULL);
	return w;
}

void io_watch_after(struct io_watch *w, uint64_t ms)
{
	struct timeval tv = {
		.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};

	CHECK(event_add(w->ev, &tv) == 0);
}

void io_watch_cancel(struct io_watch *w)
{
	event_del(w->ev);
}

struct io_watch *io_watch_signal(struct event_base *base, int signo, io_watch_fn *fn, void *arg)
{
	struct io_watch *w = io_watch_new(base, -1, fn, arg);

	w->ev = event_new(base, signo, EV_SIGNAL | EV_PERSIST, io_watch_fire, w);
	CHECK(w->ev != NULL);
	CHECK(event_add(w->ev, NULL) == 0);
	return w;
}

void io_watch_free(struct io_watch *w)
{
	if (!w)
		return;
	event_free(w->ev);
	if (w->write)
		event_free(w->write);
	free(w);
}
