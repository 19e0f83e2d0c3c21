#include "bgpd/io/conn.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bgpd/io/clock.h"
#include "bgpd/io/sendq.h"
#include "bgpd/io/watch.h"
#include "lib/check.h"

#define CONN_IOV 256

enum io_conn_state { CONN_CONNECTING, CONN_OPEN, CONN_CLOSING, CONN_LINGER, CONN_LOST };

struct io_conn {
	struct io_conns *shared;
	int fd;
	uint32_t id;
	enum io_conn_state state;
	const struct io_conn_handler *handler;
	void *arg;
	struct io_watch *io, *timer;
	int error; /* why it is lost */
	bool was_up;

	TAILQ_ENTRY(io_conn) reads, writes;
	bool is_reading, is_writing; /* in the list */

	struct io_sendq queue;
	size_t given; /* octets since the last flush */
	bool blocked; /* the kernel could not take all: it will say when it can */
	bool moved;   /* something was written since the timer was set */
	bool full;    /* IO_CONN_FULL was the last word */
	bool stalled; /* so was IO_CONN_STALLED */

	uint8_t *rest; /* octets received and not taken */
	size_t rest_len, rest_cap;
};

TAILQ_HEAD(io_conn_list, io_conn);

struct io_conns {
	struct event_base *base;
	struct io_conn_list reads;  /* can be read */
	struct io_conn_list writes; /* have something new to write */
	size_t most_given;
	uint8_t buffer[IO_CONN_REST_MAX + IO_CONN_READ]; /* of the one that is being read */
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
	return c->queue.octets;
}

static void io_conn_want(struct io_conn *c)
{
	unsigned want = 0;

	if (c->state == CONN_CONNECTING)
		want = IO_WRITABLE;
	else if (c->state == CONN_OPEN || c->state == CONN_LINGER)
		want = IO_READABLE;
	if (c->blocked && (c->state == CONN_OPEN || c->state == CONN_CLOSING))
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

/* --- writing --- */

/* Everything is written: FIN, and wait for theirs. */
static void io_conn_linger(struct io_conn *c)
{
	c->state = CONN_LINGER;
	if (shutdown(c->fd, SHUT_WR) < 0)
		io_conn_drop(c, errno);
}

/* False if the kernel takes no more for now, or the connection is lost. */
static bool io_conn_write_some(struct io_conn *c)
{
	struct iovec iov[CONN_IOV];
	size_t octets;
	struct msghdr msg = {
		.msg_iov = iov, .msg_iovlen = io_sendq_get(&c->queue, iov, CONN_IOV, &octets)};
	ssize_t done = sendmsg(c->fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (done < 0) {
		if (errno == EINTR)
			return true;
		if (errno != EAGAIN)
			io_conn_drop(c, errno);
		return false;
	}
	io_sendq_del(&c->queue, (size_t)done);
	c->moved = true;
	return (size_t)done == octets;
}

static void io_conn_say(struct io_conn *c, enum io_conn_flow what)
{
	c->handler->flow(c->arg, c, what);
}

/* What of the last writing is worth a word. */
static void io_conn_report(struct io_conn *c)
{
	if (c->state == CONN_OPEN && c->stalled && c->moved) {
		c->stalled = false;
		io_conn_say(c, IO_CONN_PROGRESS);
	}
	if (c->state == CONN_OPEN && !c->full && c->queue.octets > IO_CONN_QUEUE_HIGH) {
		c->full = true;
		io_conn_say(c, IO_CONN_FULL);
	} else if (c->state == CONN_OPEN && c->full && c->queue.octets < IO_CONN_QUEUE_LOW) {
		c->full = false;
		io_conn_say(c, IO_CONN_DRAINED);
	}
}

static void io_conn_write(struct io_conn *c)
{
	bool was_blocked = c->blocked;

	while (c->queue.n && io_conn_write_some(c))
		;
	if (c->state == CONN_LOST)
		return;
	c->blocked = c->queue.n > 0;
	if (c->state == CONN_CLOSING && !c->blocked)
		io_conn_linger(c);
	if (c->state == CONN_OPEN && c->blocked && !was_blocked) {
		c->moved = false;
		io_watch_after(c->timer, IO_CONN_STALL_MS);
	} else if (c->state == CONN_OPEN && !c->blocked && was_blocked) {
		io_watch_cancel(c->timer);
	}
	if (c->state != CONN_LOST)
		io_conn_want(c);
	io_conn_report(c);
}

static bool io_conn_can_write(const struct io_conn *c)
{
	return c->state == CONN_OPEN || c->state == CONN_CLOSING;
}

size_t io_conns_flush(struct io_conns *s)
{
	struct io_conn *c;
	size_t most = s->most_given;

	s->most_given = 0;
	while ((c = TAILQ_FIRST(&s->writes))) {
		TAILQ_REMOVE(&s->writes, c, writes);
		c->is_writing = false;
		c->given = 0;
		if (!io_conn_can_write(c))
			continue;
		if (c->blocked)
			io_conn_report(c);
		else
			io_conn_write(c);
	}
	return most;
}

/* A second has gone by with something in the queue. */
static void io_conn_tick(struct io_conn *c)
{
	bool moved = c->moved;

	c->moved = false;
	io_watch_after(c->timer, IO_CONN_STALL_MS);
	if (moved && c->full) {
		io_conn_say(c, IO_CONN_PROGRESS);
	} else if (!moved && !c->stalled) {
		c->stalled = true;
		io_conn_say(c, IO_CONN_STALLED);
	}
}

/* --- reading --- */

static void io_conn_keep(struct io_conn *c, const uint8_t *octets, size_t len)
{
	if (len > c->rest_cap) {
		free(c->rest);
		c->rest_cap = len;
		c->rest = malloc(len);
		CHECK(c->rest != NULL);
	} else if (len == 0) {
		free(c->rest); /* an idle connection holds no memory for this */
		c->rest = NULL;
		c->rest_cap = 0;
	}
	if (len)
		memcpy(c->rest, octets, len);
	c->rest_len = len;
}

static void io_conn_deliver(struct io_conn *c, const uint8_t *octets, size_t len)
{
	size_t taken = c->handler->received(c->arg, c, octets, len);

	CHECK(taken <= len);
	if (len - taken > IO_CONN_REST_MAX)
		io_conn_drop(
			c, EMSGSIZE); /* no message is that long: the owner should have said so */
	else
		io_conn_keep(c, octets + taken, len - taken);
}

static void io_conn_queue_read(struct io_conn *c)
{
	if (c->is_reading)
		return;
	TAILQ_INSERT_TAIL(&c->shared->reads, c, reads);
	c->is_reading = true;
}

static void io_conn_read(struct io_conn *c)
{
	uint8_t *octets = c->shared->buffer;
	size_t at = c->state == CONN_LINGER ? 0 : c->rest_len; /* what lingers is thrown away */
	ssize_t got = recv(c->fd, octets + at, IO_CONN_READ, MSG_DONTWAIT);

	if (got <= 0) {
		if (got == 0 || (errno != EAGAIN && errno != EINTR))
			io_conn_drop(c, got ? errno : 0);
		return;
	}
	if (got == IO_CONN_READ)
		io_conn_queue_read(c); /* there is more */
	if (c->state != CONN_OPEN)
		return;
	if (at)
		memcpy(octets, c->rest, at);
	io_conn_deliver(c, octets, at + (size_t)got);
}

bool io_conns_read(struct io_conns *s, uint64_t until_us)
{
	struct io_conn *c;

	while ((c = TAILQ_FIRST(&s->reads))) {
		TAILQ_REMOVE(&s->reads, c, reads);
		c->is_reading = false;
		if (c->state == CONN_OPEN || c->state == CONN_LINGER)
			io_conn_read(c);
		if (io_clock_now_us() >= until_us)
			break;
	}
	return !TAILQ_EMPTY(&s->reads);
}

/* --- what libevent says --- */

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
	io_conn_want(c);
	c->handler->up(c->arg, c);
}

static void io_conn_ready(void *arg, unsigned ready)
{
	struct io_conn *c = arg;

	if (ready & IO_READABLE)
		io_conn_queue_read(c);
	if (!(ready & IO_WRITABLE))
		return;
	if (c->state == CONN_CONNECTING)
		io_conn_connected(c);
	else if (io_conn_can_write(c))
		io_conn_write(c);
}

/* lost and gone are said from here alone, so that whoever works on a connection finds it still there afterwards. */
static void io_conn_elapsed(void *arg, unsigned ready)
{
	struct io_conn *c = arg;

	(void)ready;
	if (c->state == CONN_OPEN) {
		io_conn_tick(c);
		return;
	}
	if (c->state == CONN_CLOSING || c->state == CONN_LINGER)
		io_conn_drop(c, 0);
	if (c->state != CONN_LOST)
		return;
	io_watch_cancel(c->timer);
	if (c->error >= 0)
		c->handler->lost(c->arg, c, c->was_up, c->error);
	c->handler->gone(c->arg, c);
}

/* --- life --- */

struct io_conns *io_conns_new(struct event_base *base)
{
	struct io_conns *s = malloc(sizeof(*s));

	CHECK(s != NULL);
	s->base = base;
	s->most_given = 0;
	TAILQ_INIT(&s->reads);
	TAILQ_INIT(&s->writes);
	return s;
}

void io_conns_free(struct io_conns *s)
{
	CHECK(!s || (TAILQ_EMPTY(&s->reads) && TAILQ_EMPTY(&s->writes)));
	free(s);
}

struct io_conn *io_conn_new(struct io_conns *s, int fd, uint32_t id, bool connecting,
	const struct io_conn_handler *handler, void *arg)
{
	struct io_conn *c = calloc(1, sizeof(*c));
	int one = 1;

	CHECK(c != NULL && id != 0);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)); /* without it: only later */
	c->shared = s;
	c->fd = fd;
	c->id = id;
	c->state = connecting ? CONN_CONNECTING : CONN_OPEN;
	c->handler = handler;
	c->arg = arg;
	c->io = io_watch_fd(s->base, fd, io_conn_ready, c);
	c->timer = io_watch_timer(s->base, io_conn_elapsed, c);
	io_conn_want(c);
	return c;
}

void io_conn_free(struct io_conn *c)
{
	if (c->is_reading)
		TAILQ_REMOVE(&c->shared->reads, c, reads);
	if (c->is_writing)
		TAILQ_REMOVE(&c->shared->writes, c, writes);
	io_sendq_fini(&c->queue);
	io_watch_free(c->io);
	io_watch_free(c->timer);
	close(c->fd);
	free(c->rest);
	free(c);
}

void io_conn_send(struct io_conn *c, struct out_block *block)
{
	if (c->state != CONN_OPEN || block->len == 0)
		return;
	if (c->queue.octets + block->len > IO_CONN_QUEUE_MAX) {
		io_conn_drop(c, ENOBUFS);
		return;
	}
	io_sendq_add(&c->queue, block);
	c->given += block->len;
	if (c->given > c->shared->most_given)
		c->shared->most_given = c->given;
	if (c->is_writing)
		return;
	TAILQ_INSERT_TAIL(&c->shared->writes, c, writes);
	c->is_writing = true;
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
	if (c->queue.n == 0)
		io_conn_linger(c);
	if (c->state != CONN_LOST)
		io_conn_want(c);
}
