#include <criterion/criterion.h>
#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bgpd/io/fibclient.h"
#include "tests/unit/io/turn.h"

struct heard {
	unsigned messages, drained;
	struct fib_msg last;
	int fd;
	const char *ended;
};

static void heard_message(void *arg, const struct fib_msg *m, int fd)
{
	struct heard *h = arg;

	h->messages++;
	h->last = *m;
	if (fd >= 0)
		h->fd = fd;
}

static void heard_drained(void *arg)
{
	((struct heard *)arg)->drained++;
}

static void heard_ended(void *arg, const char *why)
{
	((struct heard *)arg)->ended = why;
}

static const struct io_fib_handler heard_calls = {heard_message, heard_drained, heard_ended};

static bool has_ended(void *arg)
{
	return ((struct heard *)arg)->ended != NULL;
}

static bool has_two(void *arg)
{
	return ((struct heard *)arg)->messages >= 2;
}

static bool has_drained(void *arg)
{
	return ((struct heard *)arg)->drained != 0;
}

static struct io_fib *fib_open(struct event_base *base, struct heard *h, int *other)
{
	int fd[2];

	*h = (struct heard){.fd = -1};
	cr_assert(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fd) == 0);
	*other = fd[1];
	return io_fib_new(base, fd[0], &heard_calls, h);
}

/* One datagram with these records, and a descriptor if it is not -1. */
static void fib_say(int to, const struct fib_msg *m, size_t n, int fd)
{
	uint8_t octets[FIB_DGRAM_MAX];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	union {
		struct cmsghdr align;
		char octets[CMSG_SPACE(sizeof(int))];
	} control = {0};

	for (size_t i = 0; i < n; i++)
		fib_msg_put(&w, &m[i]);
	cr_assert(wbuf_ok(&w));
	struct iovec iov = {octets, w.len};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	if (fd >= 0) {
		msg.msg_control = control.octets;
		msg.msg_controllen = sizeof(control.octets);
		struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
		*c = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
		memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	}
	cr_assert(sendmsg(to, &msg, 0) == (ssize_t)w.len);
}

/* Reads what waits; how many datagrams and records it was. */
static unsigned fib_drain(int from, unsigned *datagrams)
{
	static uint8_t octets[FIB_DGRAM_MAX];
	unsigned records = 0;
	struct fib_msg m;
	ssize_t n;

	while ((n = recv(from, octets, sizeof(octets), MSG_DONTWAIT)) > 0) {
		struct rbuf r = rbuf_of(octets, (size_t)n);
		++*datagrams;
		while (rbuf_left(&r)) {
			cr_assert(fib_msg_get(&r, &m));
			records++;
		}
	}
	return records;
}

Test(fibclient, batches_records_and_waits_for_a_slow_reader)
{
	struct event_base *base = event_base_new();
	struct heard h;
	int other;
	struct io_fib *f = fib_open(base, &h, &other);
	struct fib_msg m = {.type = FIB_ROUTE_DEL, .prefix = {ip_addr_v4(0x0a000000), 8}};
	unsigned records = 0, datagrams = 0;
	const unsigned want = 100000;

	for (unsigned i = 0; i < want; i++)
		io_fib_send(f, &m);
	io_fib_flush(f);
	cr_assert(io_fib_is_congested(f));
	for (unsigned i = 0; i < 1000 && records < want; i++) {
		records += fib_drain(other, &datagrams);
		event_base_loop(base, EVLOOP_NONBLOCK);
	}
	cr_assert(records == want, "%u records", records);
	cr_assert(datagrams < want / 500, "%u datagrams", datagrams);
	cr_assert(turn_until(base, has_drained, &h, 1000) && h.drained == 1);
	cr_assert(io_fib_finish(f, 10));
	io_fib_free(f);
	close(other);
	event_base_free(base);
}

Test(fibclient, takes_descriptors_in)
{
	struct event_base *base = event_base_new();
	struct heard h;
	int other, null = dup(2);
	struct stat want, got;
	struct io_fib *f = fib_open(base, &h, &other);
	const struct fib_msg m[] = {{.type = FIB_CONNECTED,
		.vrf = 3,
		.prefix = {ip_addr_v4(0xc0a80100), 30},
		.up = true}};

	fib_say(other, &(struct fib_msg){.type = FIB_LISTENER, .vrf = 7}, 1, null);
	fib_say(other, m, 1, -1);
	cr_assert(turn_until(base, has_two, &h, 1000));
	cr_assert(h.fd >= 0 && fstat(h.fd, &got) == 0 && fstat(null, &want) == 0);
	cr_assert(got.st_ino == want.st_ino && got.st_dev == want.st_dev);
	cr_assert(h.last.type == FIB_CONNECTED && h.last.vrf == 3 && h.last.up);
	close(h.fd);
	/* A record that carries none: the descriptor is not leaked. */
	int before = dup(null);
	close(before);
	h.messages = 1;
	fib_say(other, m, 1, null);
	cr_assert(turn_until(base, has_two, &h, 1000));
	int after = dup(null);
	cr_assert(after == before);
	close(after);
	close(null);
	io_fib_free(f);
	close(other);
	event_base_free(base);
}

/* No descriptor free here: the message comes without, and nobody dies of it. */
Test(fibclient, a_descriptor_too_many_is_not_the_end)
{
	struct event_base *base = event_base_new();
	const struct fib_msg m = {.type = FIB_SOCKET, .peer = 1};
	struct rlimit before, none;
	struct heard h;
	int other;
	struct io_fib *f = fib_open(base, &h, &other);
	int next = dup(2);

	close(next);
	fib_say(other, &m, 1, 2);
	fib_say(other, &m, 1, -1);
	cr_assert(getrlimit(RLIMIT_NOFILE, &before) == 0);
	none = (struct rlimit){(rlim_t)next, before.rlim_max};
	cr_assert(setrlimit(RLIMIT_NOFILE, &none) == 0);
	cr_assert(turn_until(base, has_two, &h, 1000));
	cr_assert(setrlimit(RLIMIT_NOFILE, &before) == 0);
	cr_assert(h.ended == NULL && h.fd < 0);
	io_fib_free(f);
	close(other);
	event_base_free(base);
}

Test(fibclient, ends_once_when_the_other_side_is_gone_or_mad)
{
	const uint8_t mad[] = {0xee, 0, 9, 0, 0};
	struct event_base *base = event_base_new();
	struct heard h;
	int other;
	struct io_fib *f = fib_open(base, &h, &other);

	close(other);
	cr_assert(turn_until(base, has_ended, &h, 1000));
	io_fib_send(f, &(struct fib_msg){.type = FIB_SYNC});
	io_fib_flush(f);
	io_fib_free(f);
	f = fib_open(base, &h, &other);
	cr_assert(send(other, mad, sizeof(mad), 0) == sizeof(mad));
	cr_assert(turn_until(base, has_ended, &h, 1000));
	cr_assert_str_eq(h.ended, "malformed record");
	cr_assert(h.messages == 0);
	io_fib_free(f);
	close(other);
	event_base_free(base);
}
