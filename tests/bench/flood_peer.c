/*
 * The other ends of a router's BGP sessions, who note when they last heard of it.
 *
 *   flood_peer NETNS,FROM,TO SESSION...      SESSION: NAME,NETNS,LOCAL,REMOTE,AS,PREFIX[,RD,ROUTE-TARGET,LABEL]
 *
 * Besides, an echo request goes from FROM to TO every FLOOD_ECHO_MS.
 * Each session is dialled from its network namespace, proposes 3 s of hold time (a keepalive every second), announces
 * its prefix (as a VPN route if it has an RD), and dials again when it was lost. Commands on standard input:
 *
 *   wait      prints "up" once all sessions are up and TO answers
 *   begin     from now on counts anew
 *   end       for each session: NAME up=0|1 resets=N gap_ms=N: how often it was lost, and the longest silence (a session
 *             that is down is silent) from the last message before `begin` until now. And: echo sent=N answered=N
 *             worst_ms=N, of what was sent in that time; then "done", after FLOOD_ECHO_LATE_MS for the last answers
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bgpd/wire/ctx.h"
#include "bgpd/wire/msg.h"
#include "bgpd/wire/open.h"
#include "bgpd/wire/rd.h"
#include "bgpd/wire/update.h"
#include "lib/check.h"
#include "tests/bench/flood_echo.h"

#define SESSIONS_MAX  8
#define HOLD_S	      3
#define KEEPALIVE_MS  900
#define DIAL_AGAIN_MS 200
#define DIAL_MS	      2000 /* nobody answered: try anew */
#define BGP_PORT      179
#define TTL	      255

enum state { DOWN, CONNECTING, OPEN_SENT, UP };

struct session {
	const char *name;
	int netns;
	struct ip_addr local, remote;
	uint32_t as;
	struct wire_nlri route;
	uint64_t target; /* 0: IPv4 unicast to an external neighbour */
	enum state state;
	int fd;
	uint64_t state_at_ms, spoke_at_ms, heard_at_ms, gap_ms;
	unsigned resets;
	uint8_t buffer[2 * WIRE_MSG_MAX];
	size_t have;
};

struct peers {
	struct session list[SESSIONS_MAX];
	unsigned n;
	struct flood_echo echo;
	bool waiting;
	uint64_t done_at_ms; /* "done" is due; 0: it is not */
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static int netns_open(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static bool session_parse(struct session *s, char *text)
{
	char *field[9] = {0};
	struct ip_prefix *prefix = &s->route.prefix;
	unsigned n = 0;

	for (char *f = strtok(text, ","); f && n < ARRAY_LEN(field); f = strtok(NULL, ","))
		field[n++] = f;
	s->fd = -1;
	s->route.label = WIRE_LABEL_NONE;
	if (n != 6 && n != 9)
		return false;
	s->name = field[0];
	s->as = (uint32_t)strtoul(field[4], NULL, 10);
	s->netns = netns_open(field[1]);
	if (n == 9)
		s->route.label = (uint32_t)strtoul(field[8], NULL, 10);
	return s->netns >= 0 && ip_addr_parse(field[2], &s->local) &&
	       ip_addr_parse(field[3], &s->remote) && ip_prefix_parse(field[5], prefix, NULL) &&
	       (n == 6 || (wire_rd_parse(field[6], &s->route.rd) &&
				  wire_rt_parse(field[7], &s->target)));
}

static enum wire_family session_family(const struct session *s)
{
	return s->target ? WIRE_VPNV4 : WIRE_IPV4_UNICAST;
}

static void session_state(struct session *s, enum state state)
{
	s->state = state;
	s->state_at_ms = now_ms();
}

static void session_lost(struct session *s)
{
	s->resets += s->state == UP;
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->have = 0;
	session_state(s, DOWN);
}

static struct sockaddr_in address_of(const struct ip_addr *a, uint16_t port)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};

	memcpy(&in.sin_addr, a->o, 4);
	return in;
}

static void session_dial(struct session *s)
{
	struct sockaddr_in from = address_of(&s->local, 0), to = address_of(&s->remote, BGP_PORT);
	int ttl = TTL;

	CHECK(setns(s->netns, CLONE_NEWNET) == 0);
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	CHECK(s->fd >= 0);
	setsockopt(s->fd, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	session_state(s, CONNECTING);
	if (bind(s->fd, (struct sockaddr *)&from, sizeof(from)) != 0 ||
		(connect(s->fd, (struct sockaddr *)&to, sizeof(to)) != 0 && errno != EINPROGRESS))
		session_lost(s);
}

static void session_say(struct session *s, const struct wbuf *w)
{
	CHECK(wbuf_ok(w));
	s->spoke_at_ms = now_ms();
	if (send(s->fd, w->base, w->len, MSG_NOSIGNAL) != (ssize_t)w->len)
		session_lost(s);
}

static void session_open(struct session *s)
{
	struct wire_open open = {.as = s->as,
		.hold_s = HOLD_S,
		.id = ntohl(address_of(&s->local, 0).sin_addr.s_addr) + s->as,
		.mp = true,
		.families = WIRE_FAMILY_BIT(session_family(s)),
		.as4 = true,
		.role = WIRE_ROLE_NONE};
	uint8_t octets[256];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	int error = 0;
	socklen_t len = sizeof(error);

	getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (error) {
		session_lost(s);
		return;
	}
	session_state(s, OPEN_SENT);
	wire_open_put(&w, &open);
	session_say(s, &w);
}

static void session_keepalive(struct session *s)
{
	uint8_t octets[WIRE_HEADER_LEN];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	wire_keepalive_put(&w);
	session_say(s, &w);
}

static void put_u32(uint8_t *p, uint32_t v)
{
	v = htonl(v);
	memcpy(p, &v, 4);
}

static void session_announce(struct session *s)
{
	struct wire_ctx ctx = {.as4 = true,
		.ebgp = !s->target,
		.families = WIRE_FAMILY_BIT(session_family(s)),
		.msg_max = WIRE_MSG_MAX};
	struct wire_attrs a = {.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) |
					  WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
					  WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP),
		.next_hop = s->local};
	uint8_t octets[512], path[6] = {2, 1}, target[8];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	put_u32(path + 2, s->as);
	if (s->target) {
		put_u32(target, (uint32_t)(s->target >> 32));
		put_u32(target + 4, (uint32_t)s->target);
		a.ext_communities = (struct wire_span){target, sizeof(target)};
		a.local_pref = 100;
		a.present |= WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES) |
			     WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
	} else {
		a.as_path = (struct wire_span){path, sizeof(path)};
	}
	CHECK(wire_update_put_reach(&w, &ctx, session_family(s), &a, &s->route, 1) == 1);
	wire_update_put_eor(&w, session_family(s));
	session_say(s, &w);
}

static void session_message(struct session *s, const struct wire_msg *m)
{
	if (m->type == WIRE_OPEN) {
		session_keepalive(s);
	} else if (m->type == WIRE_NOTIFICATION) {
		session_lost(s);
	} else if (m->type == WIRE_KEEPALIVE && s->state == OPEN_SENT) {
		session_state(s, UP);
		session_announce(s);
	}
}

/* It was silent until now. */
static void session_heard(struct session *s)
{
	uint64_t now = now_ms();

	if (now - s->heard_at_ms > s->gap_ms)
		s->gap_ms = now - s->heard_at_ms;
	s->heard_at_ms = now;
}

static void session_read(struct session *s)
{
	ssize_t n = recv(s->fd, s->buffer + s->have, sizeof(s->buffer) - s->have, 0);
	struct wire_fault fault;
	struct wire_msg m;
	size_t at = 0;
	int took = 0;

	if (n <= 0) {
		if (n == 0 || (errno != EAGAIN && errno != EINTR))
			session_lost(s);
		return;
	}
	s->have += (size_t)n;
	while (s->fd >= 0 && (took = wire_msg_split(s->buffer + at, s->have - at, WIRE_MSG_MAX, &m,
				      &fault)) > 0) {
		at += (size_t)took;
		session_heard(s);
		session_message(s, &m);
	}
	if (s->fd < 0)
		return;
	CHECK(took == 0);
	s->have -= at;
	memmove(s->buffer, s->buffer + at, s->have);
}

/* How long a session may stay in a state; UP: without a word from the router. */
static const unsigned patience_ms[] = {
	[CONNECTING] = DIAL_MS, [OPEN_SENT] = DIAL_MS, [UP] = 1000 * HOLD_S};

static void session_due(struct session *s)
{
	uint64_t now = now_ms(), since = s->state == UP ? s->heard_at_ms : s->state_at_ms;

	if (s->state == DOWN && now - since >= DIAL_AGAIN_MS)
		session_dial(s);
	else if (s->state != DOWN && now - since >= patience_ms[s->state])
		session_lost(s);
	else if (s->state == UP && now - s->spoke_at_ms >= KEEPALIVE_MS)
		session_keepalive(s);
}

static bool peers_up(const struct peers *p)
{
	unsigned up = 0;

	for (unsigned i = 0; i < p->n; i++)
		up += p->list[i].state == UP;
	return up == p->n && p->echo.answered;
}

static void peers_end(const struct peers *p)
{
	uint64_t now = now_ms();

	for (unsigned i = 0; i < p->n; i++) {
		const struct session *s = &p->list[i];
		uint64_t silent = now - s->heard_at_ms;

		printf("%s up=%d resets=%u gap_ms=%llu\n", s->name, s->state == UP, s->resets,
			(unsigned long long)(silent > s->gap_ms ? silent : s->gap_ms));
	}
}

static void peers_done(struct peers *p)
{
	printf("echo sent=%u answered=%u worst_ms=%llu\ndone\n", p->echo.sent, p->echo.answered,
		(unsigned long long)p->echo.worst_ms);
	p->done_at_ms = 0;
}

/* False: no more commands. */
static bool peers_command(struct peers *p)
{
	char line[32];
	ssize_t n = read(
		0, line, sizeof(line) - 1); /* one command at a time is what the script writes */

	if (n <= 0)
		return false;
	line[n] = 0;
	p->waiting |= !strcmp(line, "wait\n");
	if (!strcmp(line, "begin\n")) {
		for (unsigned i = 0; i < p->n; i++)
			p->list[i].resets = 0, p->list[i].gap_ms = 0;
		flood_echo_begin(&p->echo);
	} else if (!strcmp(line, "end\n")) {
		peers_end(p);
		p->done_at_ms = now_ms() + FLOOD_ECHO_LATE_MS;
	}
	return true;
}

static void peers_echo(struct peers *p)
{
	flood_echo_read(&p->echo, now_ms());
	if (!p->done_at_ms)
		flood_echo_due(&p->echo, now_ms());
	else if (now_ms() >= p->done_at_ms || p->echo.answered == p->echo.sent)
		peers_done(p);
}

static bool peers_turn(struct peers *p)
{
	struct pollfd fds[SESSIONS_MAX + 2] = {{0, POLLIN, 0}};

	for (unsigned i = 0; i < p->n; i++)
		fds[i + 1] = (struct pollfd){
			p->list[i].fd, p->list[i].state == CONNECTING ? POLLOUT : POLLIN, 0};
	fds[p->n + 1] = (struct pollfd){p->echo.fd, POLLIN, 0};
	if (poll(fds, p->n + 2, FLOOD_ECHO_MS) < 0)
		return errno == EINTR;
	peers_echo(p);
	for (unsigned i = 0; i < p->n; i++) {
		struct session *s = &p->list[i];

		if (fds[i + 1].revents && s->state == CONNECTING)
			session_open(s);
		else if (fds[i + 1].revents)
			session_read(s);
		session_due(s);
	}
	if (p->waiting && peers_up(p)) {
		p->waiting = false;
		printf("up\n");
	}
	return !fds[0].revents || peers_command(p);
}

static bool echo_parse(struct flood_echo *e, char *text)
{
	char *netns = strtok(text, ","), *from = strtok(NULL, ","), *to = strtok(NULL, ",");
	struct ip_addr src, dst;
	int fd = netns ? netns_open(netns) : -1;

	return fd >= 0 && from && to && ip_addr_parse(from, &src) && ip_addr_parse(to, &dst) &&
	       setns(fd, CLONE_NEWNET) == 0 && flood_echo_open(e, &src, &dst);
}

int main(int argc, char **argv)
{
	static struct peers p;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 1; i < argc; i++) {
		bool ok = i == 1 ? echo_parse(&p.echo, argv[i])
				 : p.n < SESSIONS_MAX && session_parse(&p.list[p.n++], argv[i]);

		if (!ok) {
			fprintf(stderr, "flood_peer: argument %d: not understood\n", i);
			return 2;
		}
	}
	while (argc > 2 && peers_turn(&p))
		;
	return 0;
}
