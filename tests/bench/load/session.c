#include "tests/bench/load/session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bgpd/wire/notify.h"
#include "bgpd/wire/open.h"
#include "bgpd/wire/update.h"
#include "lib/check.h"

#define DIAL_AGAIN_NS UINT64_C(50000000)
#define EVENTS	      64
#define BGP_PORT      179

uint64_t load_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

void session_init(struct session *s, struct load *l, uint32_t address, uint32_t as, bool receives)
{
	*s = (struct session){.load = l,
		.address = address,
		.as = as,
		.family = l->model.family,
		.fd = -1,
		.buffer = malloc(SESSION_BUFFER),
		.sink = receives ? malloc(sizeof(*s->sink)) : NULL};
	CHECK(s->buffer && (s->sink || !receives));
	if (receives)
		sink_init(s->sink, &l->model);
}

void session_fini(struct session *s)
{
	if (s->fd >= 0)
		close(s->fd);
	if (s->sink)
		sink_fini(s->sink);
	free(s->sink);
	free(s->buffer);
}

static void want(struct session *s, bool writable, int op)
{
	struct epoll_event e = {.events = (s->is_slow && s->state == SESSION_UP ? 0 : EPOLLIN) |
					  (writable ? EPOLLOUT : 0),
		.data.u32 = (uint32_t)(s - s->load->list)};

	CHECK(epoll_ctl(s->load->epoll, op, s->fd, &e) == 0);
	s->is_writable_wanted = writable;
}

void session_close(struct session *s, const char *why)
{
	if (s->state == SESSION_UP)
		s->load->n_up--;
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->state = SESSION_DOWN;
	s->have = s->bulk_left = 0;
	s->dial_at_ns = load_now_ns() + DIAL_AGAIN_NS;
	snprintf(s->why, sizeof(s->why), "%s", why);
	if (s->sink)
		sink_clear(s->sink);
}

static struct sockaddr_in address_of(uint32_t address, uint16_t port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(address), .sin_port = htons(port)};
}

void session_dial(struct session *s)
{
	struct sockaddr_in from = address_of(s->address, 0);
	struct sockaddr_in to = address_of(s->load->model.subject, BGP_PORT);
	int one = 1;

	s->wanted = true;
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	CHECK(s->fd >= 0);
	setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (s->is_slow) /* what the kernel takes for it is no relief to the subject */
		setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &(int){SESSION_SLOW_BUFFER}, sizeof(int));
	CHECK(bind(s->fd, (struct sockaddr *)&from, sizeof(from)) == 0);
	if (connect(s->fd, (struct sockaddr *)&to, sizeof(to)) != 0 && errno != EINPROGRESS) {
		session_close(s, strerror(errno));
		return;
	}
	s->state = SESSION_CONNECTING;
	want(s, true, EPOLL_CTL_ADD);
}

/* Small messages: the socket has room for them, nothing else is under way. */
static void say(struct session *s, const struct wbuf *w)
{
	CHECK(wbuf_ok(w));
	s->spoke_at_ns = load_now_ns();
	if (send(s->fd, w->base, w->len, MSG_NOSIGNAL) != (ssize_t)w->len)
		session_close(s, "no room for a small message");
}

static void connected(struct session *s)
{
	struct wire_open open = {.as = s->as,
		.hold_s = s->load->hold_s,
		.id = s->address,
		.mp = true,
		.families = WIRE_FAMILY_BIT(s->family),
		.as4 = true,
		.refresh = true,
		.role = WIRE_ROLE_NONE};
	uint8_t octets[256];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	int error = 0;
	socklen_t len = sizeof(error);

	getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (error) {
		session_close(s, strerror(error));
		return;
	}
	s->state = SESSION_OPEN_SENT;
	want(s, false, EPOLL_CTL_MOD);
	wire_open_put(&w, &open);
	say(s, &w);
}

static void keepalive(struct session *s)
{
	uint8_t octets[WIRE_HEADER_LEN];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	wire_keepalive_put(&w);
	say(s, &w);
}

static void up(struct session *s)
{
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	s->state = SESSION_UP;
	s->n_ups++;
	s->up_at_ns = load_now_ns();
	s->load->n_up++;
	if (s->is_slow)
		want(s, false, EPOLL_CTL_MOD);
	if (!s->sink)
		return;
	wire_update_put_eor(&w, s->load->model.family);
	say(s, &w);
}

/* False: the session is closed. */
static bool message(struct session *s, const struct wire_msg *m)
{
	char why[96];
	struct wire_notify n;

	switch (m->type) {
	case WIRE_OPEN:
		s->state = SESSION_CONFIRM;
		keepalive(s);
		break;
	case WIRE_KEEPALIVE:
		if (s->state == SESSION_CONFIRM)
			up(s);
		break;
	case WIRE_UPDATE:
		if (s->sink && !sink_update(s->sink, m->body, m->body_len)) {
			s->sink->malformed = true;
			session_close(s, "a malformed UPDATE");
		}
		break;
	case WIRE_NOTIFICATION:
		if (wire_notify_get(m->body, m->body_len, &n)) {
			wire_notify_name(n.code, n.subcode, why, sizeof(why));
			session_close(s, why);
		}
		break;
	default:
		break;
	}
	return s->fd >= 0;
}

static void heard(struct session *s)
{
	uint64_t now = load_now_ns();

	if (s->state == SESSION_UP && now - s->heard_at_ns > s->silence_ns)
		s->silence_ns = now - s->heard_at_ns;
	s->heard_at_ns = now;
}

static void readable(struct session *s)
{
	size_t room = s->is_slow ? SESSION_SLOW : SESSION_BUFFER - s->have;
	ssize_t n = recv(s->fd, s->buffer + s->have, room, 0);
	struct wire_fault fault;
	struct wire_msg m;
	size_t at = 0;
	int took;

	if (n <= 0) {
		if (n == 0 || (errno != EAGAIN && errno != EINTR))
			session_close(s, n == 0 ? "closed by the subject" : strerror(errno));
		return;
	}
	heard(s);
	s->have += (size_t)n;
	while ((took = wire_msg_split(s->buffer + at, s->have - at, WIRE_MSG_MAX, &m, &fault)) >
		0) {
		at += (size_t)took;
		if (!message(s, &m))
			return;
	}
	if (took < 0) {
		session_close(s, "a malformed header");
		return;
	}
	s->have -= at;
	memmove(s->buffer, s->buffer + at, s->have);
}

static void writable(struct session *s)
{
	if (s->bulk_left) {
		size_t len = s->bulk_left < SESSION_BUFFER ? s->bulk_left : SESSION_BUFFER;
		ssize_t n = send(s->fd, s->bulk, len, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN) {
			session_close(s, strerror(errno));
			return;
		}
		if (n > 0) {
			s->bulk += n;
			s->bulk_left -= (size_t)n;
			s->spoke_at_ns = load_now_ns();
		}
	}
	if (s->is_writable_wanted != (s->bulk_left > 0))
		want(s, s->bulk_left > 0, EPOLL_CTL_MOD);
}

void session_send(struct session *s, const uint8_t *octets, size_t len)
{
	s->bulk = octets;
	s->bulk_left = len;
	if (s->fd >= 0)
		writable(s);
}

void session_hurry(struct session *s)
{
	s->is_slow = false;
	if (s->state == SESSION_UP)
		want(s, s->bulk_left > 0, EPOLL_CTL_MOD);
}

void session_adopt(struct session *s, int fd)
{
	s->is_raw = true;
	s->heard_at_ns = load_now_ns();
	s->fd = fd;
	s->state = SESSION_UP;
	s->load->n_up++;
	want(s, false, EPOLL_CTL_ADD);
}

static void due(struct session *s, uint64_t now)
{
	if (s->wanted && s->state == SESSION_DOWN && now >= s->dial_at_ns)
		session_dial(s);
	if (s->is_slow && s->state == SESSION_UP && now - s->read_at_ns > SESSION_SLOW_NS) {
		s->read_at_ns = now;
		readable(s);
	}
	if (s->state == SESSION_UP && !s->is_raw && !s->bulk_left &&
		now - s->spoke_at_ns > UINT64_C(1000000000) * s->load->hold_s / 3)
		keepalive(s);
}

void load_turn(struct load *l, int wait_ms)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(l->epoll, events, EVENTS, wait_ms);
	uint64_t now = load_now_ns();

	for (int i = 0; i < n; i++) {
		struct session *s = &l->list[events[i].data.u32];
		if (s->fd >= 0 && s->state == SESSION_CONNECTING)
			connected(s);
		else if (s->fd >= 0 && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
			readable(s);
		if (s->fd >= 0 && s->state != SESSION_CONNECTING && events[i].events & EPOLLOUT)
			writable(s);
	}
	for (unsigned i = 0; i < l->n; i++)
		due(&l->list[i], now);
}
