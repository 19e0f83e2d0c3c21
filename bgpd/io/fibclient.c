#include "bgpd/io/fibclient.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bgpd/io/clock.h"
#include "bgpd/io/watch.h"
#include "lib/check.h"
#include "lib/rbuf.h"
#include "lib/wbuf.h"

#define IO_FIB_READS 8 /* datagrams in a row before others have their turn */

struct io_fib_dgram {
	struct io_fib_dgram *next;
	struct wbuf w;
	uint8_t octets[FIB_DGRAM_MAX];
};

struct io_fib {
	int fd;
	const struct io_fib_handler *handler;
	void *arg;
	struct io_watch *io;
	struct io_fib_dgram *first, *last; /* the last one may still grow */
	struct io_fib_dgram *spare;
	unsigned waiting;
	bool was_congested;
	bool ended;
	uint8_t in[FIB_DGRAM_MAX];
};

static void io_fib_end(struct io_fib *f, const char *why)
{
	if (f->ended)
		return;
	f->ended = true;
	io_watch_want(f->io, 0);
	f->handler->ended(f->arg, why);
}

static void io_fib_want(struct io_fib *f)
{
	if (!f->ended)
		io_watch_want(f->io, IO_READABLE | (f->first ? IO_WRITABLE : 0u));
}

static void io_fib_pop(struct io_fib *f)
{
	struct io_fib_dgram *d = f->first;

	f->first = d->next;
	if (!f->first)
		f->last = NULL;
	f->waiting--;
	free(f->spare);
	f->spare = d;
}

void io_fib_flush(struct io_fib *f)
{
	while (f->first && !f->ended) {
		struct io_fib_dgram *d = f->first;
		ssize_t n = send(f->fd, d->octets, d->w.len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == ENOBUFS))
			break;
		if (n < 0) {
			io_fib_end(f, strerror(errno));
			return;
		}
		io_fib_pop(f);
	}
	f->was_congested |= io_fib_is_congested(f);
	io_fib_want(f);
}

bool io_fib_is_congested(const struct io_fib *f)
{
	return f->waiting > IO_FIB_CONGESTED;
}

static struct io_fib_dgram *io_fib_room(struct io_fib *f)
{
	struct io_fib_dgram *d = f->last;

	if (d && wbuf_left(&d->w) >= FIB_RECORD_MAX)
		return d;
	d = f->spare ? f->spare : malloc(sizeof(*d));
	CHECK(d != NULL);
	f->spare = NULL;
	d->next = NULL;
	d->w = wbuf_of(d->octets, sizeof(d->octets));
	if (f->last)
		f->last->next = d;
	else
		f->first = d;
	f->last = d;
	f->waiting++;
	return d;
}

void io_fib_send(struct io_fib *f, const struct fib_msg *m)
{
	if (f->ended)
		return;
	struct io_fib_dgram *d = io_fib_room(f);
	fib_msg_put(&d->w, m);
	CHECK(wbuf_ok(&d->w));
}

/* The one descriptor that may come with a datagram; every other one is closed. */
static int io_fib_descriptor(struct msghdr *msg)
{
	int fd = -1;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int), i = 0; i < n; i++) {
			if (fd >= 0)
				close(fd);
			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
		}
	}
	return fd;
}

static bool io_fib_carries(uint8_t type)
{
	return type == FIB_SOCKET || type == FIB_LISTENER || type == FIB_API || type == FIB_CONF ||
	       type == FIB_RELOADED;
}

static void io_fib_deliver(struct io_fib *f, size_t len, int fd)
{
	struct rbuf r = rbuf_of(f->in, len);
	struct fib_msg m;

	while (rbuf_left(&r) && !f->ended) {
		if (!fib_msg_get(&r, &m)) {
			io_fib_end(f, "malformed record");
			break;
		}
		int given = -1;
		if (io_fib_carries(m.type)) {
			given = fd;
			fd = -1;
		}
		f->handler->message(f->arg, &m, given);
	}
	if (fd >= 0)
		close(fd);
}

/* False when there is nothing (more) to read. */
static bool io_fib_read(struct io_fib *f)
{
	union {
		struct cmsghdr align;
		char octets[CMSG_SPACE(4 * sizeof(int))];
	} control;
	struct iovec iov = {.iov_base = f->in, .iov_len = sizeof(f->in)};
	struct msghdr msg = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.octets,
		.msg_controllen = sizeof(control.octets)};
	ssize_t n = recvmsg(f->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n < 0) {
		if (errno != EAGAIN && errno != EINTR)
			io_fib_end(f, strerror(errno));
		return false;
	}
	int fd = io_fib_descriptor(&msg);
	if (n == 0)
		io_fib_end(f, "closed");
	else if (msg.msg_flags & MSG_TRUNC) /* MSG_CTRUNC: we are out of descriptors, and live on */
		io_fib_end(f, "datagram too long");
	if (f->ended) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	io_fib_deliver(f, (size_t)n, fd);
	return !f->ended;
}

static void io_fib_ready(void *arg, unsigned ready)
{
	struct io_fib *f = arg;

	for (unsigned i = 0; (ready & IO_READABLE) && i < IO_FIB_READS; i++)
		if (!io_fib_read(f))
			break;
	io_fib_flush(f);
	if (f->was_congested && !io_fib_is_congested(f) && !f->ended) {
		f->was_congested = false;
		f->handler->drained(f->arg);
	}
}

struct io_fib *io_fib_new(
	struct event_base *base, int fd, const struct io_fib_handler *handler, void *arg)
{
	struct io_fib *f = malloc(sizeof(*f));

	CHECK(f != NULL);
	memset(f, 0, offsetof(struct io_fib, in));
	f->fd = fd;
	f->handler = handler;
	f->arg = arg;
	CHECK(fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) == 0);
	f->io = io_watch_fd(base, fd, io_fib_ready, f);
	io_fib_want(f);
	return f;
}

bool io_fib_finish(struct io_fib *f, int ms)
{
	uint64_t until = io_clock_now_ms() + (uint64_t)ms;

	for (;;) {
		io_fib_flush(f);
		uint64_t now = io_clock_now_ms();
		if (!f->first || f->ended || now >= until)
			return !f->first;
		struct pollfd p = {.fd = f->fd, .events = POLLOUT};
		poll(&p, 1, (int)(until - now));
	}
}

void io_fib_free(struct io_fib *f)
{
	while (f->first)
		io_fib_pop(f);
	free(f->spare);
	io_watch_free(f->io);
	close(f->fd);
	free(f);
}
