#include <criterion/criterion.h>
#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bgpd/io/api.h"
#include "bgpd/io/apiconns.h"
#include "bgpd/io/watch.h"
#include "tests/unit/io/turn.h"

#define STRANGER 65534

struct served {
	struct event_base *base;
	struct io_api *api;
	struct io_roles *roles;
	struct sockaddr_un at;
	struct log log;
	char dir[32];
	unsigned asked, ordered;
	struct io_api_ask *held; /* answered later */
	bool hold;
	char path[64], query[64];
};

static void served_asked(
	void *arg, struct io_api_ask *ask, bool order, const char *path, const char *query)
{
	struct served *s = arg;

	s->asked++;
	s->ordered += order;
	snprintf(s->path, sizeof(s->path), "%s", path);
	snprintf(s->query, sizeof(s->query), "%s", query);
	if (s->hold)
		s->held = ask;
	else
		io_api_answer(ask, 200, "{\"ok\":true}\n", 12);
}

static struct io_api *served_api(struct served *s, int fd, enum fib_api kind)
{
	return io_api_new(s->base, fd,
		&(struct io_api_setup){.kind = kind,
			.roles = s->roles,
			.log = &s->log,
			.fn = served_asked,
			.arg = s});
}

static void served_open(struct served *s)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*s = (struct served){.at = {.sun_family = AF_UNIX}, .log = {"test", LOG_ERROR_, 2}};
	strcpy(s->dir, "/tmp/io-api-XXXXXX");
	cr_assert(mkdtemp(s->dir) != NULL);
	chmod(s->dir, 0755);
	snprintf(s->at.sun_path, sizeof(s->at.sun_path), "%s/sock", s->dir);
	cr_assert(bind(fd, (struct sockaddr *)&s->at, sizeof(s->at)) == 0 && listen(fd, 64) == 0);
	chmod(s->at.sun_path, 0666);
	signal(SIGPIPE, SIG_IGN); /* as the loop does */
	s->base = event_base_new();
	s->roles = io_roles_new(NULL, geteuid(), &s->log);
	s->api = served_api(s, fd, FIB_API_READ_WRITE);
}

static void served_close(struct served *s)
{
	io_api_free(s->api);
	io_roles_free(s->roles);
	event_base_free(s->base);
	unlink(s->at.sun_path);
	rmdir(s->dir);
}

static int client_open(struct served *s)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	cr_assert(connect(fd, (struct sockaddr *)&s->at, sizeof(s->at)) == 0);
	return fd;
}

struct reading {
	int fd;
	char in[4096];
	size_t n;
	bool end;
};

static bool read_to_end(void *arg)
{
	struct reading *r = arg;
	ssize_t n = read(r->fd, r->in + r->n, sizeof(r->in) - 1 - r->n);

	if (n > 0)
		r->n += (size_t)n;
	r->in[r->n] = '\0';
	r->end = n == 0 || (n < 0 && errno != EAGAIN);
	return r->end;
}

/* Sends a request and returns the status of the answer, 0 if the connection ended without one, -1 if it stays open. */
static int ask(struct served *s, const char *request, unsigned ms)
{
	struct reading r = {.fd = client_open(s)};
	int status = 0;

	for (size_t at = 0, len = strlen(request); at < len;) {
		ssize_t n = send(r.fd, request + at, len - at, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN)
			break;
		at += n > 0 ? (size_t)n : 0;
		event_base_loop(s->base, EVLOOP_NONBLOCK);
	}
	if (!turn_until(s->base, read_to_end, &r, ms))
		status = -1;
	else
		sscanf(r.in, "HTTP/1.1 %d", &status);
	close(r.fd);
	return status;
}

Test(api, answers_get_and_post_and_nothing_else)
{
	static char big[IO_API_HEADERS_MAX * 2];
	struct served s;

	served_open(&s);
	cr_assert(ask(&s, "GET /v1/vrf?name=vrf-a HTTP/1.1\r\nHost: x\r\n\r\n", 1000) == 200);
	cr_assert_str_eq(s.path, "/v1/vrf");
	cr_assert_str_eq(s.query, "name=vrf-a");
	cr_assert_eq(s.ordered, 0);
	cr_assert(ask(&s,
			  "POST /v1/bgp/neighbors/reset?name=a HTTP/1.1\r\nHost: x\r\n"
			  "X-Ravelin: 1\r\nContent-Length: 0\r\n\r\n",
			  1000) == 200);
	cr_assert_str_eq(s.path, "/v1/bgp/neighbors/reset");
	cr_assert_eq(s.ordered, 1);
	const char *const refused[] = {
		"POST /v1/vrf HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
		"PUT /v1/vrf HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
		"DELETE /v1/vrf HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /v1/vrf HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
		"\x16\x03\x01 nonsense\r\n\r\n",
		big,
	};
	memset(big, 'x', sizeof(big) - 1);
	memcpy(big, "GET / HTTP/1.1\r\nA: ", 19);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		s.asked = 0;
		int status = ask(&s, refused[i], 1000);
		cr_assert(status == 0 || status >= 400, "request %zu: %d", i, status);
		cr_assert(s.asked == 0, "request %zu reached the router", i);
	}
	served_close(&s);
}

Test(api, a_socket_for_questions_takes_no_orders)
{
	const char *const order = "POST /v1/reload HTTP/1.1\r\nHost: x\r\nX-Ravelin: 1\r\n"
				  "Content-Length: 0\r\n\r\n";
	const char *const bare = "POST /v1/reload HTTP/1.1\r\nHost: x\r\n"
				 "Content-Length: 0\r\n\r\n";
	struct served s;

	served_open(&s);
	cr_expect_eq(ask(&s, order, 1000), 200);
	cr_expect_eq(ask(&s, bare, 1000), 403, "an order that a form could have sent");
	cr_expect_eq(ask(&s, "OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n", 1000), 405);
	io_api_free(s.api);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	unlink(s.at.sun_path);
	cr_assert(bind(fd, (struct sockaddr *)&s.at, sizeof(s.at)) == 0 && listen(fd, 4) == 0);
	s.api = served_api(&s, fd, FIB_API_READ_ONLY);
	s.asked = 0;
	cr_expect_eq(ask(&s, order, 1000), 403);
	cr_expect_eq(s.asked, 0u);
	cr_expect_eq(ask(&s, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 1000), 200);
	served_close(&s);
}

Test(api, a_late_answer_to_a_client_that_left_is_harmless)
{
	struct served s;

	served_open(&s);
	s.hold = true;
	cr_assert(ask(&s, "GET /v1/mpls HTTP/1.1\r\nHost: x\r\n\r\n", 100) == -1);
	cr_assert(s.held != NULL);
	event_base_loop(s.base, EVLOOP_NONBLOCK);
	io_api_answer(s.held, 200, "{}", 2);
	s.hold = false;
	cr_assert(ask(&s, "GET /v1/mpls HTTP/1.1\r\nHost: x\r\n\r\n", 1000) == 200);
	served_close(&s);
}

Test(api, connections_are_bounded_and_come_back)
{
	const char get[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
	int idle[IO_API_CONNS_MAX];
	struct served s;

	served_open(&s);
	for (unsigned i = 0; i < IO_API_CONNS_MAX; i++) {
		idle[i] = client_open(&s);
		event_base_loop(s.base, EVLOOP_NONBLOCK);
	}
	cr_assert(ask(&s, get, 200) == -1, "one more than the limit is answered");
	cr_assert(s.asked == 0);
	for (unsigned i = 0; i < IO_API_CONNS_MAX; i++)
		close(idle[i]);
	cr_assert(ask(&s, get, 2000) == 200, "places do not come back");
	for (unsigned i = 0; i < 3 * IO_API_CONNS_MAX; i++)
		cr_assert(ask(&s, get, 2000) == 200);
	served_close(&s);
}

/* As another user, in another process: SO_PEERCRED is what the kernel says, not what the client says. */
static int ask_as_stranger(struct served *s)
{
	int status[2];

	cr_assert(pipe(status) == 0);
	pid_t pid = fork();
	if (pid == 0) {
		char in[64] = "";
		int got = 0, fd = socket(AF_UNIX, SOCK_STREAM, 0);
		if (setresgid(STRANGER, STRANGER, STRANGER) ||
			setresuid(STRANGER, STRANGER, STRANGER) ||
			connect(fd, (struct sockaddr *)&s->at, sizeof(s->at)) ||
			write(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27) != 27 ||
			read(fd, in, 63) <= 0)
			_exit(1);
		sscanf(in, "HTTP/1.1 %d", &got);
		_exit(write(status[1], &got, sizeof(got)) != sizeof(got));
	}
	struct pollfd p = {status[0], POLLIN, 0};
	int got = 0;
	close(status[1]);
	for (unsigned i = 0; i < 1000 && poll(&p, 1, 2) == 0; i++)
		event_base_loop(s->base, EVLOOP_NONBLOCK);
	cr_assert(read(status[0], &got, sizeof(got)) == sizeof(got));
	waitpid(pid, NULL, 0);
	close(status[0]);
	return got;
}

Test(api, strangers_are_refused)
{
	struct served s;

	if (geteuid() != 0)
		cr_skip_test("needs root to become somebody else");
	served_open(&s);
	cr_assert(ask_as_stranger(&s) == 403);
	cr_assert(s.asked == 0);
	io_api_free(s.api);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0); /* the same, with that user allowed */
	unlink(s.at.sun_path);
	cr_assert(bind(fd, (struct sockaddr *)&s.at, sizeof(s.at)) == 0 && listen(fd, 4) == 0);
	chmod(s.at.sun_path, 0666);
	io_roles_free(s.roles);
	s.roles = io_roles_new(NULL, STRANGER, &s.log);
	s.api = served_api(&s, fd, FIB_API_READ_WRITE);
	cr_assert(ask_as_stranger(&s) == 200);
	served_close(&s);
}

static void seen(void *arg, unsigned ready)
{
	*(unsigned *)arg |= ready;
}

static bool is_seen(void *arg)
{
	return *(unsigned *)arg != 0;
}

/* An event left behind on a closed descriptor makes libevent deaf on the next one of that number. */
Test(api, the_number_of_a_closed_connection_can_be_used_again)
{
	struct served s;

	served_open(&s);
	for (unsigned i = 0; i < 20; i++) {
		unsigned ready = 0;
		int fd[2];
		cr_assert(ask(&s, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 1000) == 200);
		cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) == 0);
		struct io_watch *w[2] = {io_watch_fd(s.base, fd[0], seen, &ready),
			io_watch_fd(s.base, fd[1], seen, &ready)};
		for (int end = 0; end < 2; end++) {
			ready = 0;
			io_watch_want(w[end], IO_READABLE);
			cr_assert(write(fd[!end], "x", 1) == 1);
			cr_assert(turn_until(s.base, is_seen, &ready, 500), "turn %u: deaf", i);
			io_watch_free(w[end]);
		}
		close(fd[0]);
		close(fd[1]);
	}
	served_close(&s);
}

/* --- long answers --- */

#define PIECES 3000u

struct telling {
	unsigned said; /* pieces */
	unsigned ended;
};

static bool telling_next(void *arg, const char **text, size_t *len)
{
	static char piece[1000];
	struct telling *t = arg;

	memset(piece, 'a' + (int)(t->said % 26), sizeof(piece));
	*text = piece;
	*len = t->said % 3 == 2 ? 0 : sizeof(piece); /* now and then there is nothing yet */
	return ++t->said < PIECES;
}

static void telling_end(void *arg)
{
	((struct telling *)arg)->ended++;
}

static const struct io_api_source telling_calls = {telling_next, telling_end};

static bool has_been_asked(void *arg)
{
	return ((struct served *)arg)->held != NULL;
}

static bool has_ended(void *arg)
{
	return ((struct telling *)arg)->ended != 0;
}

static bool is_never(void *arg)
{
	(void)arg;
	return false;
}

static int client_ask(struct served *s)
{
	static const char request[] = "GET /v1/vrf HTTP/1.1\r\nHost: x\r\n\r\n";
	int fd = client_open(s);

	s->hold = true;
	s->held = NULL;
	cr_assert(write(fd, request, sizeof(request) - 1) == sizeof(request) - 1);
	cr_assert(turn_until(s->base, has_been_asked, s, 1000));
	return fd;
}

/* --- answers without an end --- */

struct happening {
	unsigned happened, said, ended;
};

static bool happening_next(void *arg, const char **text, size_t *len)
{
	struct happening *h = arg;

	*text = "event\n";
	*len = h->said < h->happened ? 6 : 0;
	h->said += *len > 0;
	return true;
}

static void happening_end(void *arg)
{
	((struct happening *)arg)->ended++;
}

static bool happening_has_ended(void *arg)
{
	return ((struct happening *)arg)->ended != 0;
}

static const struct io_api_source happening_calls = {
	.next = happening_next, .end = happening_end, .waits = true, .alive = "\n"};

struct following {
	struct reading r;
	const char *until;
};

static bool has_come(void *arg)
{
	struct following *f = arg;

	return read_to_end(&f->r) || strstr(f->r.in, f->until);
}

Test(api, a_stream_waits_until_something_happens_and_shows_that_it_lives)
{
	struct happening h = {.happened = 1};
	struct following f = {.until = "event\n"};
	struct served s;

	served_open(&s);
	f.r.fd = client_ask(&s);
	io_api_stream_as(s.held, 200, "application/x-ndjson", &happening_calls, &h);
	cr_assert(turn_until(s.base, has_come, &f, 1000), "%s", f.r.in);
	h.happened++;
	f.until = "event\n\r\n6\r\nevent\n";
	cr_assert(!turn_until(s.base, has_come, &f, 100), "nobody has woken it: %s", f.r.in);
	io_api_wake(s.api);
	cr_assert(turn_until(s.base, has_come, &f, 1000), "%s", f.r.in);
	f.until = "1\r\n\n\r\n";
	cr_assert(turn_until(s.base, has_come, &f, 2 * IO_API_ALIVE_MS), "%s", f.r.in);
	cr_expect_eq(h.ended, 0u);
	close(f.r.fd);
	cr_assert(turn_until(s.base, happening_has_ended, &h, 3 * IO_API_ALIVE_MS),
		"a reader that has gone is not noticed");
	served_close(&s);
	cr_expect_eq(h.ended, 1u);
}

Test(api, streams_that_wait_leave_room_for_questions)
{
	struct happening h = {0};
	int fds[IO_API_WAITING_MAX + 1];
	struct served s;

	served_open(&s);
	for (unsigned i = 0; i <= IO_API_WAITING_MAX; i++) {
		fds[i] = client_ask(&s);
		io_api_stream_as(s.held, 200, "text/plain", &happening_calls, &h);
	}
	cr_expect_eq(h.ended, 1u, "one more than the limit is begun");
	s.hold = false;
	cr_expect_eq(ask(&s, "GET /v1/mpls HTTP/1.1\r\nHost: x\r\n\r\n", 1000), 200);
	for (unsigned i = 0; i <= IO_API_WAITING_MAX; i++)
		close(fds[i]);
	served_close(&s);
	cr_expect_eq(h.ended, IO_API_WAITING_MAX + 1);
}

struct counting {
	int fd;
	size_t octets, letters;
};

static bool count_to_end(void *arg)
{
	struct counting *c = arg;
	char in[65536];
	ssize_t n = read(c->fd, in, sizeof(in));

	for (ssize_t i = 0; i < n; i++)
		c->letters += in[i] >= 'g' && in[i] <= 'z'; /* no hexadecimal digits */
	c->octets += n > 0 ? (size_t)n : 0;
	return n == 0;
}

/* Pieces are made as the client takes them, not before. */
Test(api, a_long_answer_waits_for_its_reader)
{
	struct telling t = {0};
	struct served s;
	size_t letters = 0;

	served_open(&s);
	struct counting c = {.fd = client_ask(&s)};
	io_api_stream(s.held, 200, &telling_calls, &t);
	turn_until(s.base, is_never, &s, 300);
	unsigned waiting = t.said;
	cr_assert(waiting > 10 && waiting < PIECES / 2, "%u pieces", waiting);
	turn_until(s.base, is_never, &s, 50);
	cr_assert(t.said == waiting);
	cr_assert(turn_until(s.base, count_to_end, &c, 5000));
	for (unsigned i = 0; i < PIECES; i++)
		letters += i % 3 != 2 && i % 26 >= 6 ? 1000 : 0;
	cr_assert(t.ended == 1 && t.said == PIECES);
	cr_assert(c.letters > letters && c.letters < letters + 400, "the header is short");
	close(c.fd);
	served_close(&s);
}

/* Reads not a single octet, hangs up in the middle, or is there when the process ends: ended once, nothing leaks. */
Test(api, a_long_answer_ends_with_its_reader)
{
	struct telling t[3] = {0};
	struct served s;

	served_open(&s);
	int fd = client_ask(&s);
	close(fd);
	io_api_stream(s.held, 200, &telling_calls, &t[0]);
	cr_assert(turn_until(s.base, has_ended, &t[0], 1000));
	fd = client_ask(&s);
	io_api_stream(s.held, 200, &telling_calls, &t[1]);
	turn_until(s.base, is_never, &s, 50);
	cr_assert(t[1].ended == 0);
	close(fd);
	cr_assert(turn_until(s.base, has_ended, &t[1], 1000));
	fd = client_ask(&s);
	io_api_stream(s.held, 200, &telling_calls, &t[2]);
	turn_until(s.base, is_never, &s, 50);
	served_close(&s);
	close(fd);
	for (unsigned i = 0; i < 3; i++)
		cr_assert(t[i].ended == 1 && t[i].said < PIECES, "%u", i);
}
