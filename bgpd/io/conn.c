#include "bgpd/io/conn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bgpd/io/watch.h"
#include "lib/check.h"

#define IO_CONN_IOV 64

enum io_conn_state { CONN_CONNECTING, CONN_OPEN, CONN_CLOSING, CONN_LINGER, CONN_LOST };

struct io_conn {
	int fd;
	uint32_t id;
	enum io_conn_state state;
	const struct io_conn_handler *handler;
	void *arg;
	struct io_watch *io, *timer;
	int error; /* why it is lost */
	bool was_up;

	struct out_block **queue; /* a ring: q_cap slots, a power of two */
	size_t q_cap, q_head, q_n;
	size_t q_octets;  /* in the queue, less what was written of the first block */
	size_t q_written; /* octets of the first block that the kernel has */

	size_t have; /* octets in buffer */
	uint8_t buffer[IO_CONN_BUFFER];
};

uint32_t io_conn_id(const struct io_conn *c)
{
	return c->id;
}

int io_conn_fd(const struct io_conn *c)
{
	return c->fd;
}

size_t io_conn_queued(const struct io_conn *c)
{
	return c->q_octets;
}

static void io_conn_want(struct io_conn *c)
{
	unsigned want = 0;

	if (c->state == CONN_CONNECTING)
		want = IO_WRITABLE;
	else if (c->state == CONN_OPEN || c->state == CONN_LINGER)
		want = IO_READABLE;
	if (c->q_n && (c->state == CONN_OPEN || c->state == CONN_CLOSING))
		want |= IO_WRITABLE;
	io_watch_want(c->io, want);
}

void io_conn_drop(struct io_conn *c, int error)
{
	if (c->state == CONN_LOST)
		return;
	/* A connection that is being closed has been given up already: its owner hears only gone. */
	if (c->state == CONN_CLOSING || c->state == CONN_LINGER)
		error = -1;
	c->was_up = c->state != CONN_CONNECTING;
	c->state = CONN_LOST;
	c->error = error;
	io_conn_want(c);
	io_watch_after(c->timer, 0);
}

/* The end of a callback: nothing may touch c after this. */
static void io_conn_finish(struct io_conn *c)
{
	io_watch_cancel(c->timer);
	if (c->error >= 0)
		c->handler->lost(c->arg, c, c->was_up, c->error);
	c->handler->gone(c->arg, c);
}

static void io_conn_pop(struct io_conn *c)
{
	out_block_unref(c->queue[c->q_head]);
	c->q_head = (c->q_head + 1) & (c->q_cap - 1);
	c->q_n--;
	c->q_written = 0;
}

/* Octets taken by the kernel leave the queue. */
static void io_conn_wrote(struct io_conn *c, size_t n)
{
	c->q_octets -= n;
	while (c->q_n) {
		size_t left = c->queue[c->q_head]->len - c->q_written;
		if (n < left) {
			c->q_written += n;
			return;
		}
		n -= left;
		io_conn_pop(c);
	}
}

static void io_conn_write(struct io_conn *c)
{
	struct iovec iov[IO_CONN_IOV];
	size_t n = c->q_n < IO_CONN_IOV ? c->q_n : IO_CONN_IOV;
	struct msghdr msg = {.msg_iov = iov, .msg_iovlen = n};

	for (size_t i = 0; i < n; i++) {
		struct out_block *b = c->queue[(c->q_head + i) & (c->q_cap - 1)];
		size_t skip = i == 0 ? c->q_written : 0;
		iov[i] = (struct iovec){.iov_base = b->data + skip, .iov_len = b->len - skip};
	}
	ssize_t done = sendmsg(c->fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (done < 0) {
		if (errno != EAGAIN && errno != EINTR)
			io_conn_drop(c, errno);
		return;
	}
	io_conn_wrote(c, (size_t)done);
	if (c->state != CONN_OPEN)
		return;
	if (c->q_n)
		io_watch_after(c->timer, IO_CONN_SEND_HOLD_MS);
	else
		io_watch_cancel(c->timer);
}

static void io_conn_read(struct io_conn *c)
{
	size_t at = c->state == CONN_LINGER ? 0 : c->have; /* what lingers is thrown away */
	ssize_t got = recv(c->fd, c->buffer + at, sizeof(c->buffer) - at, MSG_DONTWAIT);

	if (got < 0) {
		if (errno != EAGAIN && errno != EINTR)
			io_conn_drop(c, errno);
		return;
	}
	if (got == 0) {
		io_conn_drop(c, 0);
		return;
	}
	if (c->state == CONN_LINGER)
		return;
	c->have += (size_t)got;
	size_t taken = c->handler->received(c->arg, c, c->buffer, c->have);
	CHECK(taken <= c->have);
	c->have -= taken;
	memmove(c->buffer, c->buffer + taken, c->have);
	if (c->have == sizeof(c->buffer) && c->state == CONN_OPEN)
		io_conn_drop(
			c, EMSGSIZE); /* no message is that long: the owner should have said so */
}

static void io_conn_connected(struct io_conn *c)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	if (error) {
		io_conn_drop(c, error);
		return;
	}
	c->state = CONN_OPEN;
	c->handler->up(c->arg, c);
}

/* Everything is written: FIN, and wait for theirs. */
static void io_conn_linger(struct io_conn *c)
{
	c->state = CONN_LINGER;
	if (shutdown(c->fd, SHUT_WR) < 0)
		io_conn_drop(c, errno);
}

static void io_conn_ready(void *arg, unsigned ready)
{
	struct io_conn *c = arg;

	if (c->state == CONN_CONNECTING)
		io_conn_connected(c);
	else if ((ready & IO_WRITABLE) && c->q_n)
		io_conn_write(c);
	if ((ready & IO_READABLE) && (c->state == CONN_OPEN || c->state == CONN_LINGER))
		io_conn_read(c);
	if (c->state == CONN_CLOSING && c->q_n == 0)
		io_conn_linger(c);
	if (c->state == CONN_LOST)
		io_conn_finish(c);
	else
		io_conn_want(c);
}

static void io_conn_elapsed(void *arg, unsigned ready)
{
	struct io_conn *c = arg;

	(void)ready;
	if (c->state == CONN_OPEN)
		io_conn_drop(c, ETIMEDOUT); /* SendHoldTimer_Expires (RFC 9687 4) */
	else if (c->state == CONN_CLOSING || c->state == CONN_LINGER)
		io_conn_drop(c, 0);
	if (c->state == CONN_LOST)
		io_conn_finish(c);
}

struct io_conn *io_conn_new(struct event_base *base, int fd, uint32_t id, bool connecting,
	const struct io_conn_handler *handler, void *arg)
{
	struct io_conn *c = malloc(sizeof(*c));

	CHECK(c != NULL && id != 0);
	memset(c, 0, offsetof(struct io_conn, buffer));
	c->fd = fd;
	c->id = id;
	c->state = connecting ? CONN_CONNECTING : CONN_OPEN;
	c->handler = handler;
	c->arg = arg;
	c->io = io_watch_fd(base, fd, io_conn_ready, c);
	c->timer = io_watch_timer(base, io_conn_elapsed, c);
	io_conn_want(c);
	return c;
}

void io_conn_free(struct io_conn *c)
{
	while (c->q_n)
		io_conn_pop(c);
	free(c->queue);
	io_watch_free(c->io);
	io_watch_free(c->timer);
	close(c->fd);
	free(c);
}

static void io_conn_grow(struct io_conn *c)
{
	size_t cap = c->q_cap ? c->q_cap * 2 : 16;
	struct out_block **ring = malloc(cap * sizeof(*ring));

	CHECK(ring != NULL);
	for (size_t i = 0; i < c->q_n; i++)
		ring[i] = c->queue[(c->q_head + i) & (c->q_cap - 1)];
	free(c->queue);
	c->queue = ring;
	c->q_cap = cap;
	c->q_head = 0;
}

void io_conn_send(struct io_conn *c, struct out_block *block)
{
	if (c->state != CONN_OPEN || block->len == 0)
		return;
	if (c->q_octets + block->len > IO_CONN_QUEUE_MAX) {
		io_conn_drop(c, ENOBUFS);
		return;
	}
	if (c->q_n == c->q_cap)
		io_conn_grow(c);
	if (c->q_n == 0)
		io_watch_after(c->timer, IO_CONN_SEND_HOLD_MS);
	c->queue[(c->q_head + c->q_n++) & (c->q_cap - 1)] = out_block_ref(block);
	c->q_octets += block->len;
	io_conn_want(c);
}

void io_conn_close(struct io_conn *c)
{
	if (c->state == CONN_CONNECTING) {
		c->state = CONN_LINGER; /* nothing was promised: drop hears only gone */
		io_conn_drop(c, 0);
		return;
	}
	if (c->state != CONN_OPEN)
		return;
	c->state = CONN_CLOSING;
	io_watch_after(c->timer, IO_CONN_LINGER_MS);
	if (c->q_n == 0)
		io_conn_linger(c);
	io_conn_want(c);
}
