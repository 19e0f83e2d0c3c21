#include "cli/web.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "cli/http.h"
#include "lib/check.h"
#include "lib/complaint.h"
#include "lib/text.h"

#define WEB_PIECE 16384

struct web_conn {
	int client;		   /* -1: nobody has this place */
	int daemon;		   /* -1: not asked, or it has said all */
	char in[CLI_WEB_HEAD_MAX]; /* the request, until it is judged */
	char out[WEB_PIECE];	   /* for the client */
	size_t have, at, len;	   /* of in; of out: from here to there */
	uint64_t until_ms;	   /* it has to have read or said something; 0: the daemon's turn */
};

struct web {
	const struct cli *cli;
	struct cli_web_gate gate;
	int listener;
	struct web_conn conns[CLI_WEB_CONNS_MAX];
};

static volatile sig_atomic_t web_interrupted;

static void web_interrupt(int signal)
{
	(void)signal;
	web_interrupted = 1;
}

static uint64_t web_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static void web_hasten(struct web_conn *c)
{
	c->until_ms = web_now_ms() + CLI_WEB_TIMEOUT_S * 1000;
}

static void web_close(struct web_conn *c)
{
	close(c->client);
	if (c->daemon >= 0)
		close(c->daemon);
	c->client = c->daemon = -1;
}

static void web_say(struct web_conn *c, const char *status, const char *header, const char *body)
{
	int n = snprintf(c->out, sizeof(c->out),
		"HTTP/1.1 %s\r\n%sContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
		"%zu\r\n"
		"X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
		"Cache-Control: no-store\r\nConnection: close\r\n\r\n%s",
		status, header, strlen(body), body);

	CHECK(n > 0 && (size_t)n < sizeof(c->out));
	c->at = 0;
	c->len = (size_t)n;
	web_hasten(c);
}

static void web_enter(const struct web *w, struct web_conn *c)
{
	char header[256];

	snprintf(header, sizeof(header),
		"Location: /\r\nSet-Cookie: ravelin-%u=%s; Path=/; HttpOnly; SameSite=Strict\r\n",
		w->gate.port, w->gate.token);
	web_say(c, "303 See Other", header, "");
}

static void web_hand_on(const struct web *w, struct web_conn *c, const char *target)
{
	c->daemon = cli_http_open(w->cli->socket, "GET", target);
	c->until_ms = 0;
	if (c->daemon == -EMSGSIZE)
		web_say(c, "414 URI Too Long", "", "the address is too long\n");
	else if (c->daemon < 0)
		web_say(c, "502 Bad Gateway", "", "the daemon does not answer\n");
	if (c->daemon < 0)
		c->daemon = -1;
}

static void web_judge(const struct web *w, struct web_conn *c)
{
	char target[CLI_WEB_HEAD_MAX];

	switch (cli_web_judge(&w->gate, c->in, target)) {
	case CLI_WEB_ASK:
		web_hand_on(w, c, target);
		break;
	case CLI_WEB_ENTER:
		web_enter(w, c);
		break;
	case CLI_WEB_REFUSE:
		web_say(c, "403 Forbidden", "",
			"open the address that `ravelin web` has printed, as it stands there\n");
		break;
	case CLI_WEB_METHOD:
		web_say(c, "405 Method Not Allowed", "Allow: GET\r\n",
			"only GET is handed on; give orders at a terminal\n");
		break;
	default:
		web_say(c, "400 Bad Request", "", "this is no request\n");
	}
}

/* False: it has gone, or what it says is none of our business any more. */
static bool web_read(const struct web *w, struct web_conn *c)
{
	char more[512];

	if (c->daemon >= 0 || c->len) /* it has asked already */
		return recv(c->client, more, sizeof(more), MSG_DONTWAIT) > 0;
	ssize_t n = recv(c->client, c->in + c->have, sizeof(c->in) - 1 - c->have, MSG_DONTWAIT);
	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	c->have += (size_t)n;
	c->in[c->have] = '\0';
	if (strlen(c->in) != c->have)
		web_say(c, "400 Bad Request", "", "this is no request\n");
	else if (strstr(c->in, "\r\n\r\n"))
		web_judge(w, c);
	else if (c->have == sizeof(c->in) - 1)
		web_say(c, "431 Request Header Fields Too Large", "", "too many headers\n");
	return true;
}

static bool web_take(struct web_conn *c)
{
	ssize_t n = recv(c->daemon, c->out, sizeof(c->out), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0)
		return false;
	c->at = 0;
	c->len = (size_t)n;
	web_hasten(c);
	return true;
}

static bool web_give(struct web_conn *c)
{
	ssize_t n = send(c->client, c->out + c->at, c->len - c->at, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->at += (size_t)n;
	if (c->at < c->len) {
		web_hasten(c);
		return true;
	}
	c->at = c->len = 0;
	c->until_ms = 0;
	return c->daemon >= 0;
}

static void web_serve(const struct web *w, struct web_conn *c, short client, short daemon)
{
	bool goes_on = c->until_ms == 0 || web_now_ms() < c->until_ms;

	if (goes_on && client & (POLLIN | POLLHUP | POLLERR))
		goes_on = web_read(w, c);
	if (goes_on && client & POLLOUT && c->len)
		goes_on = web_give(c);
	if (goes_on && daemon && c->daemon >= 0 && !c->len)
		goes_on = web_take(c);
	if (!goes_on)
		web_close(c);
}

static void web_accept(struct web *w)
{
	int fd = accept4(w->listener, NULL, NULL, SOCK_CLOEXEC);

	for (unsigned i = 0; fd >= 0 && i < CLI_WEB_CONNS_MAX; i++) {
		struct web_conn *c = &w->conns[i];
		if (c->client >= 0)
			continue;
		*c = (struct web_conn){.client = fd, .daemon = -1};
		web_hasten(c);
		return;
	}
	if (fd >= 0)
		close(fd);
}

/* One turn: those that are there, and the listener while there is a place. */
static void web_turn(struct web *w, const sigset_t *waiting)
{
	struct pollfd fds[2 * CLI_WEB_CONNS_MAX + 1];
	bool full = true;

	for (unsigned i = 0; i < CLI_WEB_CONNS_MAX; i++) {
		const struct web_conn *c = &w->conns[i];
		fds[2 * i] = (struct pollfd){
			.fd = c->client, .events = (short)(POLLIN | (c->len ? POLLOUT : 0))};
		fds[2 * i + 1] = (struct pollfd){.fd = c->len ? -1 : c->daemon, .events = POLLIN};
		full = full && c->client >= 0;
	}
	fds[2 * CLI_WEB_CONNS_MAX] =
		(struct pollfd){.fd = full ? -1 : w->listener, .events = POLLIN};
	struct timespec tick = {.tv_sec = 1};
	if (ppoll(fds, ARRAY_LEN(fds), &tick, waiting) < 0)
		return;
	for (unsigned i = 0; i < CLI_WEB_CONNS_MAX; i++)
		if (w->conns[i].client >= 0)
			web_serve(w, &w->conns[i], fds[2 * i].revents, fds[2 * i + 1].revents);
	if (fds[2 * CLI_WEB_CONNS_MAX].revents)
		web_accept(w);
}

/* 0, or a negative errno. The port that it got is put into w. */
static int web_listen(struct web *w, uint16_t port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	int on = 1;

	w->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (w->listener < 0)
		return -errno;
	setsockopt(w->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(w->listener, (struct sockaddr *)&at, sizeof(at)) < 0 ||
		listen(w->listener, CLI_WEB_CONNS_MAX) < 0 ||
		getsockname(w->listener, (struct sockaddr *)&at, &len) < 0) {
		int error = errno;
		close(w->listener);
		return -error;
	}
	w->gate.port = ntohs(at.sin_port);
	return 0;
}

static bool web_make_token(char token[CLI_WEB_TOKEN_LEN + 1])
{
	uint8_t octets[CLI_WEB_TOKEN_LEN / 2];

	if (getrandom(octets, sizeof(octets), 0) != (ssize_t)sizeof(octets))
		return false;
	for (size_t i = 0; i < sizeof(octets); i++)
		snprintf(token + 2 * i, 3, "%02x", octets[i]);
	return true;
}

static void web_run(struct web *w)
{
	struct sigaction sa = {.sa_handler = web_interrupt};
	sigset_t ours, waiting;

	sigemptyset(&ours);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGTERM);
	sigprocmask(SIG_BLOCK, &ours, &waiting);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	printf(w->cli->json ? "{\"url\":\"http://127.0.0.1:%u/?token=%s\"}\n"
			    : "http://127.0.0.1:%u/?token=%s\n",
		w->gate.port, w->gate.token);
	fflush(stdout);
	if (!w->cli->json)
		fputs("open it in your browser; it is yours alone; ^C ends it\n", stderr);
	while (!web_interrupted)
		web_turn(w, &waiting);
	for (unsigned i = 0; i < CLI_WEB_CONNS_MAX; i++)
		if (w->conns[i].client >= 0)
			web_close(&w->conns[i]);
}

/* The daemon's socket for those who only read, where it stands beside the other one: no more is needed. */
static const char *web_socket(const char *path, char *beside, size_t cap)
{
	static const char own[] = "/ravelin.sock";
	size_t len = strlen(path), n = sizeof(own) - 1;

	if (len < n || strcmp(path + len - n, own) != 0)
		return path;
	int put = snprintf(beside, cap, "%.*s/ravelin-ro.sock", (int)(len - n), path);
	return put > 0 && (size_t)put < cap && access(beside, F_OK) == 0 ? beside : path;
}

static int web_help(FILE *to)
{
	fputs("usage: ravelin [-s SOCKET] web [-p PORT]\n\n"
	      "  the daemon's page for your browser, at the address that is printed, until ^C\n\n"
	      "  -p, --port=PORT  of 127.0.0.1; without it, one that is free\n",
		to);
	return to == stdout ? CLI_OK : CLI_USAGE;
}

/* CLI_OK: go on. */
static int web_options(const struct cli *cli, int argc, char **argv, uint64_t *port, bool *help)
{
	static const struct option options[] = {
		{"port", required_argument, NULL, 'p'}, {"help", no_argument, NULL, 'h'}, {0}};
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "p:h", options, NULL)) != -1) {
		if (c == 'h')
			*help = true;
		else if (c != 'p')
			return web_help(complaint_to());
		else if (!text_parse_u64(optarg, UINT16_MAX, port))
			return cli_fail(cli->json, CLI_USAGE, "--port takes a number, 1 to 65535");
	}
	return optind == argc ? CLI_OK : web_help(complaint_to());
}

int cli_web(const struct cli *given, int argc, char **argv)
{
	char beside[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	struct cli mine = *given, *cli = &mine;
	struct cli_answer answer = {0};
	uint64_t port = 0;
	bool help = false;
	int rc = web_options(cli, argc, argv, &port, &help);

	if (rc != CLI_OK)
		return rc;
	if (help)
		return web_help(stdout);
	mine.socket = web_socket(given->socket, beside, sizeof(beside));
	rc = cli_http_ask(cli->socket, "GET", "/v1/version", &answer);
	cli_http_free(&answer);
	if (rc < 0)
		return cli_fail_daemon(cli, -rc);
	struct web *w = calloc(1, sizeof(*w));
	CHECK(w != NULL);
	w->cli = cli;
	for (unsigned i = 0; i < CLI_WEB_CONNS_MAX; i++)
		w->conns[i] = (struct web_conn){.client = -1, .daemon = -1};
	rc = web_listen(w, (uint16_t)port);
	if (rc == 0 && !web_make_token(w->gate.token))
		rc = -errno;
	if (rc == 0) {
		web_run(w);
		close(w->listener);
		rc = CLI_OK;
	} else {
		rc = cli_fail(cli->json, CLI_NO, "port %u of 127.0.0.1: %s", (unsigned)port,
			strerror(-rc));
	}
	free(w);
	return rc;
}
