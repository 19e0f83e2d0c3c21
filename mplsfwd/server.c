#include "mplsfwd/server.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/check.h"

#define QUEUE_PAUSE (1u << 20)	/* octets: requests are not read until half of it has gone */
#define QUEUE_MAX   (16u << 20) /* octets: bgpd has not read for so long that it is given up */
#define READ_DGRAMS 16		/* a wake-up */

struct fwd_dgram {
	struct fwd_dgram *next;
	size_t len, cap;
	int fd; /* -1: none */
	uint8_t octets[];
};

void fwd_server_init(struct fwd_server *s, const struct log *log,
	const struct fwd_server_calls *calls, void *arg)
{
	*s = (struct fwd_server){.log = log, .calls = calls, .arg = arg, .fd = -1};
}

static void dgram_free(struct fwd_dgram *d)
{
	if (d->fd >= 0)
		close(d->fd);
	free(d);
}

static bool records_read(struct fwd_server *s, const uint8_t *octets, size_t len)
{
	struct rbuf r = rbuf_of(octets, len);
	struct fib_msg m;

	while (rbuf_left(&r)) {
		if (!fib_msg_get(&r, &m) || m.type >= FIB_SOCKET)
			return false;
		s->calls->request(s->arg, &m);
		if (s->fd < 0)
			return true; /* the request ended the conversation */
	}
	return true;
}

static void descriptors_close(struct msghdr *h)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = 0; at + sizeof(int) <= c->cmsg_len - CMSG_LEN(0);
			at += sizeof(int)) {
			int fd;
			memcpy(&fd, CMSG_DATA(c) + at, sizeof(fd));
			close(fd);
		}
	}
}

/* One datagram. False: nothing more now, or the conversation is over. */
static bool dgram_read(struct fwd_server *s)
{
	uint8_t octets[FIB_DGRAM_MAX];
	char control[CMSG_SPACE(16 * sizeof(int))] __attribute__((aligned(8)));
	struct iovec iov = {octets, sizeof(octets)};
	struct msghdr h = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control)};
	ssize_t n = recvmsg(s->fd, &h, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) {
		s->calls->broken(s->arg, n ? strerror(errno) : "closed");
		return false;
	}
	descriptors_close(&h);
	if (h.msg_controllen || (h.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) ||
		!records_read(s, octets, (size_t)n)) {
		s->calls->broken(s->arg, "malformed");
		return false;
	}
	return s->fd >= 0;
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct fwd_server *s = arg;

	for (int i = 0; i < READ_DGRAMS && !s->paused; i++)
		if (!dgram_read(s))
			break;
	if (s->fd >= 0)
		s->calls->idle(s->arg);
}

static bool dgram_send(struct fwd_server *s, struct fwd_dgram *d)
{
	char control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8))) = {0};
	struct iovec iov = {d->octets, d->len};
	struct msghdr h = {.msg_iov = &iov, .msg_iovlen = 1};
	ssize_t n;

	if (d->fd >= 0) {
		h.msg_control = control;
		h.msg_controllen = sizeof(control);
		struct cmsghdr *c = CMSG_FIRSTHDR(&h);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &d->fd, sizeof(int));
	}
	do
		n = sendmsg(s->fd, &h, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	/* anything but "full" means that nobody reads any more: the readable side will say so */
	return n >= 0 || (errno != EAGAIN && errno != ENOBUFS);
}

void fwd_server_flush(struct fwd_server *s)
{
	while (s->first && dgram_send(s, s->first)) {
		struct fwd_dgram *d = s->first;
		s->first = d->next;
		s->queued -= d->len;
		s->descriptors -= d->fd >= 0;
		dgram_free(d);
	}
	if (!s->first)
		s->last = NULL;
	if (s->paused && s->queued < QUEUE_PAUSE / 2) {
		s->paused = false;
		event_add(s->readable, NULL);
	}
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct fwd_server *s = arg;

	fwd_server_flush(s);
	if (s->first)
		event_add(s->writable, NULL);
}

void fwd_server_open(struct fwd_server *s, struct event_base *base, int fd)
{
	s->fd = fd;
	s->paused = false;
	s->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, s);
	s->writable = event_new(base, fd, EV_WRITE, on_writable, s);
	CHECK(s->readable && s->writable && event_add(s->readable, NULL) == 0);
}

void fwd_server_close(struct fwd_server *s)
{
	if (s->fd < 0)
		return;
	event_free(s->readable);
	event_free(s->writable);
	close(s->fd);
	s->fd = -1;
	while (s->first) {
		struct fwd_dgram *d = s->first;
		s->first = d->next;
		dgram_free(d);
	}
	s->last = NULL;
	s->queued = 0;
	s->descriptors = 0;
}

static struct fwd_dgram *dgram_new(struct fwd_server *s, size_t cap)
{
	struct fwd_dgram *d = malloc(sizeof(*d) + cap);

	CHECK(d);
	*d = (struct fwd_dgram){.cap = cap, .fd = -1};
	if (s->last)
		s->last->next = d;
	else
		s->first = d;
	s->last = d;
	return d;
}

static void record_put(struct fwd_server *s, struct fwd_dgram *d, const struct fib_msg *m)
{
	struct wbuf w = wbuf_of(d->octets + d->len, d->cap - d->len);

	fib_msg_put(&w, m);
	CHECK(wbuf_ok(&w));
	d->len += w.len;
	s->queued += w.len;
	event_add(s->writable, NULL);
	if (s->queued > QUEUE_PAUSE && !s->paused) {
		s->paused = true;
		event_del(s->readable);
	}
	if (s->queued > QUEUE_MAX)
		s->calls->broken(s->arg, "does not read");
}

void fwd_server_send(struct fwd_server *s, const struct fib_msg *m)
{
	struct fwd_dgram *d = s->last;

	if (s->fd < 0)
		return;
	if (!d || d->fd >= 0 || d->cap - d->len < FIB_RECORD_MAX)
		d = dgram_new(s, FIB_DGRAM_MAX);
	record_put(s, d, m);
}

void fwd_server_send_fd(struct fwd_server *s, const struct fib_msg *m, int fd)
{
	struct fib_msg refusal = *m;

	if (s->fd < 0) {
		close(fd);
		return;
	}
	if (s->descriptors >= FWD_SERVER_DESCRIPTORS)
		fwd_server_flush(s); /* a batch of requests can be long */
	if (s->descriptors >= FWD_SERVER_DESCRIPTORS && m->type == FIB_SOCKET) {
		close(fd);
		refusal.error = EMFILE;
		fwd_server_send(s, &refusal);
		return;
	}
	struct fwd_dgram *d = dgram_new(s, FIB_RECORD_MAX);
	d->fd = fd;
	s->descriptors++;
	record_put(s, d, m);
}
