#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bgpd/io/clock.h"
#include "bgpd/io/conn.h"
#include "tests/unit/io/turn.h"

#define MESSAGE 10u /* octets: the owner takes only whole ones */

struct seen {
	struct io_conn *conn; /* NULL once gone */
	bool up, lost, was_up, gone;
	int error;
	size_t taken, offered;
	bool close_on_data;
	struct out_block *reply;
	unsigned flows[IO_CONN_PROGRESS + 1]; /* how often each was said */
	enum io_conn_flow last;
};

static void seen_up(void *arg, struct io_conn *c)
{
	struct seen *s = arg;
	s->up = true;
}

static size_t seen_received(void *arg, struct io_conn *c, const uint8_t *data, size_t len)
{
	struct seen *s = arg;

	s->offered = len;
	if (s->close_on_data) {
		if (s->reply)
			io_conn_send(c, s->reply);
		io_conn_close(c);
		return 0;
	}
	s->taken += len - len % MESSAGE;
	return len - len % MESSAGE;
}

static void seen_flow(void *arg, struct io_conn *c, enum io_conn_flow what)
{
	struct seen *s = arg;

	s->flows[what]++;
	s->last = what;
}

static void seen_lost(void *arg, struct io_conn *c, bool up, int error)
{
	struct seen *s = arg;
	s->lost = true;
	s->was_up = up;
	s->error = error;
}

static void seen_gone(void *arg, struct io_conn *c)
{
	struct seen *s = arg;
	s->gone = true;
	s->conn = NULL;
	io_conn_free(c);
}

static const struct io_conn_handler seen_calls = {
	seen_up, seen_received, seen_flow, seen_lost, seen_gone};

static bool is_gone(void *arg)
{
	return ((struct seen *)arg)->gone;
}

static bool is_up_or_lost(void *arg)
{
	struct seen *s = arg;
	return s->up || s->lost;
}

static bool is_offered(void *arg)
{
	return ((struct seen *)arg)->offered != 0;
}

static bool is_drained(void *arg)
{
	return ((struct seen *)arg)->flows[IO_CONN_DRAINED] != 0;
}

static bool is_stalled(void *arg)
{
	return ((struct seen *)arg)->flows[IO_CONN_STALLED] != 0;
}

static bool is_never(void *arg)
{
	(void)arg;
	return false;
}

static void pair_open(int fd[2])
{
	cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) == 0);
}

/* A listening TCP socket on loopback, and its port. */
static int tcp_listen(struct sockaddr_in *at)
{
	socklen_t len = sizeof(*at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	*at = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	cr_assert(bind(fd, (struct sockaddr *)at, sizeof(*at)) == 0);
	cr_assert(listen(fd, 4) == 0);
	cr_assert(getsockname(fd, (struct sockaddr *)at, &len) == 0);
	return fd;
}

static int tcp_dial(const struct sockaddr_in *to)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	cr_assert(
		connect(fd, (const struct sockaddr *)to, sizeof(*to)) == 0 || errno == EINPROGRESS);
	return fd;
}

Test(conn, offers_again_what_was_not_taken)
{
	struct event_base *base = event_base_new();
	struct io_conns *conns = io_conns_new(base);
	struct seen s = {0};
	int fd[2];

	pair_open(fd);
	s.conn = io_conn_new(conns, fd[0], 1, false, &seen_calls, &s);
	const size_t dribs[] = {1, 8, 3, 25, 3}; /* 40 octets: four messages */
	size_t sent = 0;
	for (size_t i = 0; i < sizeof(dribs) / sizeof(dribs[0]); i++) {
		char octets[32] = {0};
		s.offered = 0;
		cr_assert(write(fd[1], octets, dribs[i]) == (ssize_t)dribs[i]);
		cr_assert(turn_conns_until(base, conns, is_offered, &s, 1000));
		sent += dribs[i];
		cr_assert(s.taken == sent - sent % MESSAGE, "after %zu octets %zu were taken", sent,
			s.taken);
	}
	close(fd[1]);
	cr_assert(turn_conns_until(base, conns, is_gone, &s, 1000));
	cr_assert(s.lost && s.was_up && s.error == 0);
	io_conns_free(conns);
	event_base_free(base);
}

Test(conn, drops_a_peer_that_does_not_read)
{
	struct event_base *base = event_base_new();
	struct io_conns *conns = io_conns_new(base);
	struct out_block *b = out_block_new((uint8_t[65536]){0}, 65536);
	struct seen s = {0};
	size_t most = 0;
	int fd[2];

	pair_open(fd);
	s.conn = io_conn_new(conns, fd[0], 1, false, &seen_calls, &s);
	for (unsigned i = 0; i < 2 * IO_CONN_QUEUE_MAX / 65536 && !s.gone; i++) {
		io_conn_send(s.conn, b);
		most = io_conn_queued(s.conn) > most ? io_conn_queued(s.conn) : most;
		turn_conns(base, conns);
	}
	cr_assert(turn_conns_until(base, conns, is_gone, &s, 1000));
	cr_assert(s.lost && s.error == ENOBUFS);
	cr_assert(most > IO_CONN_QUEUE_MAX / 2 && most <= IO_CONN_QUEUE_MAX);
	cr_assert(b->refs == 1, "%u references are left", b->refs);
	out_block_unref(b);
	close(fd[1]);
	io_conns_free(conns);
	event_base_free(base);
}

Test(conn, close_flushes_what_was_sent)
{
	struct event_base *base = event_base_new();
	struct io_conns *conns = io_conns_new(base);
	struct seen s = {0};
	size_t got = 0, wrong = 0;
	static uint8_t octets[1u << 20];
	int fd[2];

	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(i * 7 >> 3);
	pair_open(fd);
	s.conn = io_conn_new(conns, fd[0], 1, false, &seen_calls, &s);
	for (size_t at = 0; at < sizeof(octets); at += 4096) {
		struct out_block *b = out_block_new(octets + at, 4096);
		io_conn_send(s.conn, b);
		out_block_unref(b);
	}
	io_conn_close(s.conn);
	for (unsigned i = 0; i < 100000; i++) {
		uint8_t in[3000];
		ssize_t n = read(fd[1], in, sizeof(in));
		if (n == 0)
			break;
		for (ssize_t j = 0; j < n; j++)
			wrong += in[j] != octets[got++];
		turn_conns(base, conns);
	}
	cr_assert(got == sizeof(octets) && wrong == 0);
	cr_assert(!s.gone, "it waits for the other side's end");
	close(fd[1]);
	cr_assert(turn_conns_until(base, conns, is_gone, &s, 1000));
	cr_assert(!s.lost);
	io_conns_free(conns);
	event_base_free(base);
}

Test(conn, close_does_not_wait_for_ever)
{
	struct event_base *base = event_base_new();
	struct io_conns *conns = io_conns_new(base);
	struct out_block *b = out_block_new((uint8_t[65536]){0}, 65536);
	int fd[2];

	for (int full = 0; full < 2;
		full++) { /* nothing to flush; more than the other side ever takes */
		struct seen s = {0};
		pair_open(fd);
		s.conn = io_conn_new(conns, fd[0], 1, false, &seen_calls, &s);
		for (int i = 0; full && i < 64; i++)
			io_conn_send(s.conn, b);
		uint64_t begin = io_clock_now_ms();
		io_conn_close(s.conn);
		cr_assert(turn_conns_until(base, conns, is_gone, &s, IO_CONN_LINGER_MS + 2000));
		cr_assert(io_clock_now_ms() - begin >= IO_CONN_LINGER_MS / 2);
		cr_assert(!s.lost);
		close(fd[1]);
	}
	out_block_unref(b);
	io_conns_free(conns);
	event_base_free(base);
}

/* With octets unread a bare close() sends RST, which may overtake the NOTIFICATION. */
Test(conn, last_words_survive_unread_octets)
{
	struct event_base *base = event_base_new();
	struct io_conns *conns = io_conns_new(base);
	struct out_block *b = out_block_new("NOTIFICATION", 12);
	struct seen s = {.close_on_data = true, .reply = b};
	struct sockaddr_in at;
	int listener = tcp_listen(&at), client = tcp_dial(&at);
	char noise[60000] = {0}, in[64];

	int server = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	cr_assert(server >= 0);
	s.conn = io_conn_new(conns, server, 1, false, &seen_calls, &s);
	cr_assert(write(client, noise, sizeof(noise)) > 0);
	cr_assert(turn_conns_until(base, conns, is_offered, &s, 1000));
	cr_assert(write(client, noise, sizeof(noise)) > 0);
	turn_conns_until(base, conns, is_never, &s, 50);
	ssize_t n = read(client, in, sizeof(in));
	cr_assert(
		n == 12 && memcmp(in, "NOTIFICATION", 12) == 0, "read %zd: %s", n, strerror(errno));
	close(client);
	cr_assert(turn_conns_until(base, conns, is_gone, &s, 1000));
	out_block_unref(b);
	close(listener);
	io_conns_free(conns);
	event_base_free(base);
}

Test(conn, says_how_a_dial_ended)
{
	struct event_base *base = event_base_new();
	struct io_conns *conns = io_conns_new(base);
	struct sockaddr_in at;
	int listener = tcp_listen(&at);
	struct seen good = {0}, bad = {0};

	good.conn = io_conn_new(conns, tcp_dial(&at), 1, true, &seen_calls, &good);
	cr_assert(turn_conns_until(base, conns, is_up_or_lost, &good, 1000));
	cr_assert(good.up && !good.lost);
	close(listener);
	bad.conn = io_conn_new(conns, tcp_dial(&at), 2, true, &seen_calls, &bad);
	cr_assert(turn_conns_until(base, conns, is_gone, &bad, 1000));
	cr_assert(bad.lost && !bad.was_up && bad.error == ECONNREFUSED);
	if (good.conn)
		io_conn_free(good.conn);
	io_conns_free(conns);
	event_base_free(base);
}

Test(conn, a_dial_can_be_given_up)
{
	struct event_base *base = event_base_new();
	struct io_conns *conns = io_conns_new(base);
	struct sockaddr_in at;
	int listener = tcp_listen(&at);
	struct seen s = {0};

	s.conn = io_conn_new(conns, tcp_dial(&at), 1, true, &seen_calls, &s);
	io_conn_close(s.conn);
	cr_assert(turn_conns_until(base, conns, is_gone, &s, 1000));
	cr_assert(!s.lost && !s.up);
	close(listener);
	io_conns_free(conns);
	event_base_free(base);
}

/* Octets that say where in the stream they are. */
static struct out_block *numbered(size_t from, size_t len)
{
	static uint8_t octets[65536];

	for (size_t i = 0; i < len; i++)
		octets[i] = (uint8_t)((from + i) * 7 >> 3);
	return out_block_new(octets, len);
}

/* Reads up to len octets, how many of them were wrong is added to *wrong. */
static size_t read_numbered(int fd, size_t from, size_t len, size_t *wrong)
{
	static uint8_t in[65536];
	ssize_t n = read(fd, in, len < sizeof(in) ? len : sizeof(in));

	for (ssize_t i = 0; i < n; i++)
		*wrong += in[i] != (uint8_t)((from + (size_t)i) * 7 >> 3);
	return n > 0 ? (size_t)n : 0;
}

/* Blocks of all sizes, a kernel that takes them in pieces, a reader that reads in others: every octet once, in order. */
Test(conn, partial_writes_lose_nothing)
{
	struct event_base *base = event_base_new();
	struct io_conns *conns = io_conns_new(base);
	struct seen s = {0};
	size_t sent = 0, got = 0, wrong = 0;
	int fd[2], small = 8192;

	pair_open(fd);
	setsockopt(fd[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	s.conn = io_conn_new(conns, fd[0], 1, false, &seen_calls, &s);
	for (unsigned i = 0; i < 3000; i++) {
		size_t len = 1 + i * 37 % (i % 50 ? 300 : 60000);
		struct out_block *b = numbered(sent, len);

		io_conn_send(s.conn, b);
		cr_assert(b->refs == 2, "queued, not copied");
		out_block_unref(b);
		sent += len;
		if (i % 3 == 0) {
			turn_conns(base, conns);
			got += read_numbered(fd[1], got, 1 + i * 13 % 5000, &wrong);
		}
	}
	cr_assert(io_conn_queued(s.conn) > 0);
	for (unsigned i = 0; i < 100000 && got < sent; i++) {
		turn_conns(base, conns);
		got += read_numbered(fd[1], got, 5000, &wrong);
	}
	cr_assert(got == sent && wrong == 0, "%zu of %zu, %zu wrong", got, sent, wrong);
	cr_assert(io_conn_queued(s.conn) == 0 && !s.lost);
	io_conn_free(s.conn);
	close(fd[1]);
	io_conns_free(conns);
	event_base_free(base);
}

Test(conn, nothing_is_written_before_the_flush)
{
	struct event_base *base = event_base_new();
	struct io_conns *conns = io_conns_new(base);
	struct out_block *b = out_block_new("KEEPALIVE", 9);
	struct seen s[2] = {0};
	char in[64];
	int fd[2][2];

	for (unsigned i = 0; i < 2; i++) {
		pair_open(fd[i]);
		s[i].conn = io_conn_new(conns, fd[i][0], 1 + i, false, &seen_calls, &s[i]);
	}
	for (unsigned i = 0; i < 5; i++)
		io_conn_send(s[i % 2].conn, b);
	cr_assert(read(fd[0][1], in, sizeof(in)) < 0);
	cr_assert(io_conns_flush(conns) == 27, "the most that one of them was given");
	cr_assert(read(fd[0][1], in, sizeof(in)) == 27 && read(fd[1][1], in, sizeof(in)) == 18);
	cr_assert(io_conns_flush(conns) == 0);
	out_block_unref(b);
	for (unsigned i = 0; i < 2; i++) {
		io_conn_free(s[i].conn);
		close(fd[i][1]);
	}
	io_conns_free(conns);
	event_base_free(base);
}

/* FULL once above the high mark, DRAINED once below the low one, and nothing in between. */
Test(conn, a_reader_that_falls_behind_is_reported_once)
{
	struct event_base *base = event_base_new();
	struct io_conns *conns = io_conns_new(base);
	struct out_block *b = out_block_new((uint8_t[65536]){0}, 65536);
	struct seen s = {0};
	static uint8_t in[65536];
	int fd[2];

	pair_open(fd);
	s.conn = io_conn_new(conns, fd[0], 1, false, &seen_calls, &s);
	for (unsigned round = 1; round <= 3; round++) {
		while (io_conn_queued(s.conn) <= IO_CONN_QUEUE_HIGH) {
			cr_assert(s.flows[IO_CONN_FULL] == round - 1);
			io_conn_send(s.conn, b);
			turn_conns(base, conns);
		}
		for (unsigned i = 0; i < 8; i++) {
			io_conn_send(s.conn, b);
			turn_conns(base, conns);
		}
		cr_assert(s.flows[IO_CONN_FULL] == round && s.last == IO_CONN_FULL);
		while (io_conn_queued(s.conn) >= IO_CONN_QUEUE_LOW) {
			cr_assert(s.flows[IO_CONN_DRAINED] == round - 1);
			cr_assert(read(fd[1], in, sizeof(in)) > 0);
			turn_conns(base, conns);
		}
		cr_assert(s.flows[IO_CONN_DRAINED] == round && s.last == IO_CONN_DRAINED);
		cr_assert(io_conn_queued(s.conn) > 0, "not empty: that is what the mark is for");
	}
	cr_assert(!s.lost);
	out_block_unref(b);
	io_conn_free(s.conn);
	close(fd[1]);
	io_conns_free(conns);
	event_base_free(base);
}

/* The send hold timer needs to know since when nothing leaves, however little waits. */
Test(conn, a_stall_and_its_end_are_reported)
{
	struct event_base *base = event_base_new();
	struct io_conns *conns = io_conns_new(base);
	struct out_block *b = out_block_new((uint8_t[4096]){0}, 4096);
	struct seen s = {0};
	static uint8_t in[65536];
	int fd[2];

	pair_open(fd);
	s.conn = io_conn_new(conns, fd[0], 1, false, &seen_calls, &s);
	while (io_conn_queued(s.conn) == 0) {
		io_conn_send(s.conn, b);
		turn_conns(base, conns);
	}
	uint64_t begin = io_clock_now_ms();
	cr_assert(turn_conns_until(base, conns, is_stalled, &s, 3000));
	cr_assert(io_clock_now_ms() - begin >= IO_CONN_STALL_MS - 10);
	cr_assert(!turn_conns_until(base, conns, is_drained, &s, IO_CONN_STALL_MS + 200));
	cr_assert(s.flows[IO_CONN_STALLED] == 1 && s.flows[IO_CONN_PROGRESS] == 0);
	cr_assert(s.flows[IO_CONN_FULL] == 0, "%zu octets are not much", io_conn_queued(s.conn));
	while (read(fd[1], in, sizeof(in)) > 0)
		turn_conns(base, conns);
	cr_assert(s.flows[IO_CONN_PROGRESS] == 1 && io_conn_queued(s.conn) == 0);
	turn_conns_until(base, conns, is_never, &s, IO_CONN_STALL_MS + 200);
	cr_assert(s.flows[IO_CONN_STALLED] == 1, "an empty queue does not stall");
	out_block_unref(b);
	io_conn_free(s.conn);
	close(fd[1]);
	io_conns_free(conns);
	event_base_free(base);
}

/* However much one peer has to say, the others have their turn, even if a turn has time for one of them only. */
Test(conn, a_talker_leaves_the_others_their_turn)
{
	enum { PEERS = 5, BIG = 1 << 20 };
	struct event_base *base = event_base_new();
	struct io_conns *conns = io_conns_new(base);
	static char noise[1 << 18];
	struct seen s[PEERS] = {0};
	int fd[PEERS][2], big = BIG;

	for (unsigned i = 0; i < PEERS; i++) {
		pair_open(fd[i]);
		setsockopt(fd[i][1], SOL_SOCKET, SO_SNDBUF, &big, sizeof(big));
		s[i].conn = io_conn_new(conns, fd[i][0], 1 + i, false, &seen_calls, &s[i]);
		cr_assert(write(fd[i][1], noise, i ? MESSAGE : sizeof(noise)) > 0);
	}
	for (unsigned turn = 0; turn < PEERS; turn++) {
		event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
		io_conns_read(conns, 0); /* the time is over after each of them */
		cr_assert(s[0].offered <= IO_CONN_READ + IO_CONN_REST_MAX);
		cr_assert(s[0].taken <= 2 * IO_CONN_READ);
	}
	for (unsigned i = 1; i < PEERS; i++)
		cr_assert(s[i].taken == MESSAGE, "peer %u was not read", i);
	for (unsigned i = 0; i < PEERS; i++) {
		io_conn_free(s[i].conn);
		close(fd[i][1]);
	}
	io_conns_free(conns);
	event_base_free(base);
}
