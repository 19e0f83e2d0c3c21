/* The pair to bgpd as bgpd sees it, or somebody who has taken bgpd over. */
#include "mplsfwd/server.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct heard {
	struct fwd_server *server;
	unsigned requests, idles;
	struct fib_msg last;
	const char *broken;
};

static void heard_request(void *arg, const struct fib_msg *m)
{
	struct heard *h = arg;
	h->requests++;
	h->last = *m;
}

static void heard_idle(void *arg)
{
	struct heard *h = arg;
	h->idles++;
}

static void heard_broken(void *arg, const char *why)
{
	struct heard *h = arg;
	h->broken = why;
	fwd_server_close(h->server);
}

static const struct fwd_server_calls calls = {heard_request, heard_idle, heard_broken};
static const struct log silent = {.proc = "test", .minimum = LOG_ERROR_ + 1, .fd = 2};

struct desk {
	struct event_base *base;
	struct fwd_server server;
	struct heard heard;
	int fd; /* bgpd's end */
};

static void desk_init(struct desk *d)
{
	int pair[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair), 0);
	*d = (struct desk){.base = event_base_new(), .fd = pair[1]};
	d->heard.server = &d->server;
	fwd_server_init(&d->server, &silent, &calls, &d->heard);
	fwd_server_open(&d->server, d->base, pair[0]);
}

static void desk_fini(struct desk *d)
{
	fwd_server_close(&d->server);
	event_base_free(d->base);
	close(d->fd);
}

static void desk_run(struct desk *d)
{
	for (int i = 0; i < 64; i++)
		event_base_loop(d->base, EVLOOP_NONBLOCK);
}

static size_t records_of(uint8_t *octets, size_t cap, enum fib_type type, unsigned n)
{
	struct wbuf w = wbuf_of(octets, cap);

	for (unsigned i = 0; i < n; i++)
		fib_msg_put(&w, &(struct fib_msg){.type = type, .seq = i + 1});
	cr_assert(wbuf_ok(&w));
	return w.len;
}

Test(server, requests_of_one_datagram_come_in_order_and_then_idle)
{
	struct desk d;
	uint8_t octets[512];

	desk_init(&d);
	size_t len = records_of(octets, sizeof(octets), FIB_SYNC, 7);
	cr_assert_eq(send(d.fd, octets, len, 0), (ssize_t)len);
	desk_run(&d);
	cr_assert_eq(d.heard.requests, 7);
	cr_assert_eq(d.heard.last.seq, 7);
	cr_assert_eq(d.heard.idles, 1);
	cr_assert_null(d.heard.broken);
	desk_fini(&d);
}

Test(server, what_does_not_decode_ends_the_conversation)
{
	uint8_t good[512];
	size_t len = records_of(good, sizeof(good), FIB_SYNC, 2);
	uint8_t answer[64];
	size_t answer_len = records_of(answer, sizeof(answer), FIB_API, 1);
	const struct {
		const char *what;
		const uint8_t *octets;
		size_t len;
	} bad[] = {
		{"unknown type", (const uint8_t *)"\xff\0\0\0\0\0\0", 7},
		{"cut short", good, len - 1},
		{"one octet", good, 1},
		{"an answer as a request", answer, answer_len},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct desk d;
		desk_init(&d);
		cr_assert_eq(send(d.fd, bad[i].octets, bad[i].len, 0), (ssize_t)bad[i].len);
		desk_run(&d);
		cr_expect(d.heard.broken && strcmp(d.heard.broken, "malformed") == 0, "%s",
			bad[i].what);
		cr_expect_eq(d.server.fd, -1);
		desk_fini(&d);
	}
}

static int fds_open(void)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

Test(server, a_descriptor_from_bgpd_is_closed_and_ends_the_conversation)
{
	struct desk d;
	uint8_t octets[64];
	char control[CMSG_SPACE(2 * sizeof(int))] __attribute__((aligned(8))) = {0};
	int fds[2] = {0, 1};

	desk_init(&d);
	struct iovec iov = {octets, records_of(octets, sizeof(octets), FIB_SYNC, 1)};
	struct msghdr h = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&h);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(c), fds, sizeof(fds));
	int before = fds_open();
	cr_assert_gt(sendmsg(d.fd, &h, 0), 0);
	desk_run(&d);
	cr_assert_not_null(d.heard.broken);
	cr_assert_eq(d.heard.requests, 0);
	cr_assert_eq(fds_open(), before - 1); /* our end of the pair */
	desk_fini(&d);
}

Test(server, the_end_of_bgpd_is_told_once)
{
	struct desk d;

	desk_init(&d);
	shutdown(d.fd, SHUT_RDWR);
	desk_run(&d);
	cr_assert_str_eq(d.heard.broken, "closed");
	desk_fini(&d);
}

Test(server, a_descriptor_travels_alone_and_records_keep_their_order)
{
	struct desk d;
	uint8_t octets[FIB_DGRAM_MAX];
	char control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8)));
	unsigned with_fd = 0, datagrams = 0;

	desk_init(&d);
	fwd_server_send(&d.server, &(struct fib_msg){.type = FIB_ACK, .seq = 1});
	fwd_server_send(&d.server, &(struct fib_msg){.type = FIB_ACK, .seq = 2});
	fwd_server_send_fd(&d.server, &(struct fib_msg){.type = FIB_API, .seq = 3}, dup(0));
	fwd_server_send(&d.server, &(struct fib_msg){.type = FIB_ACK, .seq = 4});
	desk_run(&d);
	uint32_t seq = 0;
	for (;;) {
		struct iovec iov = {octets, sizeof(octets)};
		struct msghdr h = {.msg_iov = &iov,
			.msg_iovlen = 1,
			.msg_control = control,
			.msg_controllen = sizeof(control)};
		struct fib_msg m;
		ssize_t n = recvmsg(d.fd, &h, 0);
		if (n < 0)
			break;
		struct rbuf r = rbuf_of(octets, (size_t)n);
		datagrams++;
		while (rbuf_left(&r)) {
			cr_assert(fib_msg_get(&r, &m));
			cr_assert_eq(m.seq, ++seq);
		}
		struct cmsghdr *c = CMSG_FIRSTHDR(&h);
		if (c) {
			int fd;
			cr_assert_eq(m.type, FIB_API);
			memcpy(&fd, CMSG_DATA(c), sizeof(fd));
			close(fd);
			with_fd++;
		}
	}
	cr_assert_eq(seq, 4);
	cr_assert_eq(datagrams, 3);
	cr_assert_eq(with_fd, 1);
	desk_fini(&d);
}

Test(server, a_reader_that_is_slow_is_waited_for_and_not_heard_meanwhile)
{
	struct desk d;
	uint8_t octets[FIB_DGRAM_MAX];
	unsigned sent = 0, got = 0;

	desk_init(&d);
	while (!d.server.paused && sent < 1000000)
		fwd_server_send(&d.server, &(struct fib_msg){.type = FIB_ACK, .seq = ++sent});
	cr_assert(d.server.paused);
	size_t len = records_of(octets, sizeof(octets), FIB_SYNC, 1);
	cr_assert_eq(send(d.fd, octets, len, 0), (ssize_t)len);
	desk_run(&d);
	cr_assert_eq(d.heard.requests, 0);
	for (int i = 0; i < 1000 && got < sent; i++) {
		ssize_t n;
		while ((n = recv(d.fd, octets, sizeof(octets), 0)) > 0) {
			struct fib_msg m;
			struct rbuf r = rbuf_of(octets, (size_t)n);
			while (rbuf_left(&r)) {
				cr_assert(fib_msg_get(&r, &m));
				cr_assert_eq(m.seq, ++got);
			}
		}
		desk_run(&d);
	}
	cr_assert_eq(got, sent);
	cr_assert_eq(d.heard.requests, 1);
	cr_assert_null(d.heard.broken);
	desk_fini(&d);
}

/* Somebody in bgpd's place asks for socket after socket and takes none. */
Test(server, descriptors_that_wait_are_few)
{
	struct desk d;
	uint8_t octets[FIB_DGRAM_MAX];
	unsigned answers = 0, refused = 0;
	ssize_t n;

	desk_init(&d);
	for (uint16_t i = 0; i < 800; i++)
		fwd_server_send_fd(
			&d.server, &(struct fib_msg){.type = FIB_SOCKET, .peer = i}, dup(0));
	cr_assert_leq(d.server.descriptors, FWD_SERVER_DESCRIPTORS);
	cr_assert_leq(fds_open(), FWD_SERVER_DESCRIPTORS + 32);
	for (int turn = 0; turn < 100; turn++) {
		while ((n = recv(d.fd, octets, sizeof(octets), 0)) > 0) {
			struct rbuf r = rbuf_of(octets, (size_t)n);
			struct fib_msg m;
			for (; rbuf_left(&r) && fib_msg_get(&r, &m); answers++)
				refused += m.error == EMFILE;
		}
		desk_run(&d);
	}
	cr_assert_eq(answers, 800);
	cr_assert(refused > 0 && refused < 800 - FWD_SERVER_DESCRIPTORS);
	cr_assert_eq(d.server.descriptors, 0);
	desk_fini(&d);
}

Test(server, a_reader_that_never_reads_is_given_up)
{
	struct desk d;

	desk_init(&d);
	for (unsigned i = 0; i < 4000000 && !d.heard.broken; i++)
		fwd_server_send(&d.server, &(struct fib_msg){.type = FIB_ACK, .seq = i});
	cr_assert_str_eq(d.heard.broken, "does not read");
	desk_fini(&d);
}
