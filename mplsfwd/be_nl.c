#include "mplsfwd/be_nl.h"

#include <errno.h>
#include <event2/event.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/check.h"
#include "mplsfwd/nlroute.h"

#define NL_BUFFER     (4 << 20)
#define SLICE_BATCHES 16 /* about 2000 operations, 5-10 ms */

static void slice_run(evutil_socket_t fd, short what, void *arg);

int be_nl_open(struct be_nl *b, struct event_base *base, struct fwd_lfib *lfib,
	const struct log *log, be_nl_fn *done, void *arg)
{
	int size = NL_BUFFER, one = 1;
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK}, self = {0};
	socklen_t len = sizeof(self);

	_Static_assert(sizeof(b->octets) / BE_NL_BATCH >= FWD_NL_OP_MAX, "every operation fits");
	*b = (struct be_nl){.lfib = lfib, .log = log, .done = done, .arg = arg};
	b->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (b->fd < 0)
		return -errno;
	if (setsockopt(b->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(b->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(b->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(b->fd, SOL_NETLINK, NETLINK_CAP_ACK, &one,
		sizeof(one)); /* errors without an echo */
	if (connect(b->fd, (struct sockaddr *)&kernel, sizeof(kernel)) ||
		getsockname(b->fd, (struct sockaddr *)&self, &len))
		return -errno;
	b->port = self.nl_pid;
	b->slice = event_new(base, -1, 0, slice_run, b);
	CHECK(b->slice);
	return 0;
}

void be_nl_close(struct be_nl *b)
{
	if (b->slice)
		event_free(b->slice);
	if (b->fd >= 0)
		close(b->fd);
	b->slice = NULL;
	b->fd = -1;
}

/* Reads answers until the one to the last message of n is there. What was not answered has succeeded. */
static int answers_get(struct be_nl *b, uint32_t first, unsigned n)
{
	uint8_t buf[32768] __attribute__((aligned(NLMSG_ALIGNTO)));

	for (;;) {
		ssize_t got = recv(b->fd, buf, sizeof(buf), 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		size_t left = (size_t)got;
		for (struct nlmsghdr *h = (void *)buf; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
			uint32_t i = h->nlmsg_seq - first;
			if (h->nlmsg_type != NLMSG_ERROR || i >= n)
				continue;
			b->errors[i] = -((struct nlmsgerr *)NLMSG_DATA(h))->error;
			if (i == n - 1)
				return 0;
		}
	}
}

/* One sendmsg. Fills b->errors with positive errnos. */
static void batch_send(struct be_nl *b, unsigned n)
{
	struct wbuf w = wbuf_of(b->octets, sizeof(b->octets));
	uint32_t first = b->seq + 1;
	ssize_t sent;
	int err;

	for (unsigned i = 0; i < n; i++) {
		fwd_nl_put_op(&w, &b->ops[i], ++b->seq, i == n - 1 ? NLM_F_ACK : 0);
		b->errors[i] = 0;
	}
	CHECK(wbuf_ok(&w));
	do
		sent = send(b->fd, b->octets, w.len, 0);
	while (sent < 0 && errno == EINTR);
	err = sent < 0 ? -errno : answers_get(b, first, n);
	b->sent += n;
	if (!err)
		return;
	log_line(b->log, LOG_ERROR_, "netlink_failed", "operations=%u error=\"%s\"", n,
		strerror(-err));
	for (unsigned i = 0; i < n; i++)
		b->errors[i] = -err;
}

static void refused_log(struct be_nl *b, const struct fwd_op *op, int error)
{
	char text[IP_ADDR_STRLEN];
	struct ip_addr a = ip_addr_v4(op->addr);

	b->refused++;
	log_line(b->log, LOG_WARN_, "kernel_refused",
		"op=%s table=%u prefix=%s/%u label=%u nexthop=%u error=\"%s\"",
		fwd_op_name(op->kind), op->table, ip_addr_print(&a, text), op->len, op->label,
		op->nhid, strerror(error));
}

static bool batch_run(struct be_nl *b)
{
	unsigned n = fwd_plan_next(b->lfib, b->ops, BE_NL_BATCH);

	if (!n)
		return false;
	batch_send(b, n);
	for (unsigned i = 0; i < n; i++) {
		if (b->errors[i] && b->errors[i] != ESRCH && b->errors[i] != ENOENT)
			refused_log(b, &b->ops[i], b->errors[i]);
		fwd_plan_result(b->lfib, &b->ops[i], b->errors[i]);
	}
	return true;
}

static void slice_run(evutil_socket_t fd, short what, void *arg)
{
	struct be_nl *b = arg;
	unsigned i = 0;

	while (i < SLICE_BATCHES && batch_run(b))
		i++;
	b->done(b->arg);
	if (i == SLICE_BATCHES)
		be_nl_kick(b);
}

void be_nl_kick(struct be_nl *b)
{
	static const struct timeval now = {0, 0};

	if (!event_pending(b->slice, EV_TIMEOUT, NULL))
		event_add(b->slice, &now);
}

void be_nl_run(struct be_nl *b)
{
	while (batch_run(b))
		;
	b->done(b->arg);
}
