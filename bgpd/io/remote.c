#include "bgpd/io/remote.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>

#include "bgpd/io/tls.h"
#include "bgpd/io/watch.h"
#include "lib/check.h"

#define REMOTE_WHY	 256
#define REMOTE_READ	 (64u << 10)  /* octets at once */
#define REMOTE_REST_MAX	 (128u << 10) /* not taken: no message is that long */
#define REMOTE_WRITE	 (256u << 10)
#define REMOTE_QUEUE_MAX (64u << 20)
#define REMOTE_LINGER_MS 2000

enum link_state { LINK_CONNECTING, LINK_SHAKING_HANDS, LINK_UP, LINK_CLOSING, LINK_LINGER };

/* One connection. A remote has one at most, besides those that are being closed. */
struct link {
	struct io_remotes *all;
	uint32_t remote;
	enum link_state state;
	int fd; /* of CONNECTING; later the bufferevent's */
	struct io_watch *connecting, *timer;
	struct bufferevent *bev;
	SSL *ssl; /* the bufferevent's; NULL: plain */
	bool full;
	TAILQ_ENTRY(link) closing;
};

struct io_remotes {
	const struct conf *conf;
	struct event_base *base;
	const struct io_remote_handler *calls;
	void *arg;
	SSL_CTX *tls[CONF_REMOTES_MAX];	     /* of each remote; NULL: plain */
	struct link *link[CONF_REMOTES_MAX]; /* of each remote; NULL: none */
	TAILQ_HEAD(, link) closing;
};

struct io_remotes *io_remotes_new(const struct conf *conf, char *why, size_t cap)
{
	struct io_remotes *all = calloc(1, sizeof(*all));

	CHECK(all != NULL);
	all->conf = conf;
	TAILQ_INIT(&all->closing);
	for (uint32_t i = 0; i < conf->n_remotes; i++) {
		if (!conf->remotes[i].tls)
			continue;
		all->tls[i] = io_tls_new(&conf->remotes[i], why, cap);
		if (!all->tls[i]) {
			io_remotes_free(all);
			return NULL;
		}
	}
	return all;
}

void io_remotes_run(struct io_remotes *all, struct event_base *base,
	const struct io_remote_handler *calls, void *arg)
{
	all->base = base;
	all->calls = calls;
	all->arg = arg;
}

static void link_free(struct link *l)
{
	if (l->state >= LINK_CLOSING)
		TAILQ_REMOVE(&l->all->closing, l, closing);
	else
		l->all->link[l->remote] = NULL;
	io_watch_free(l->connecting);
	io_watch_free(l->timer);
	if (l->bev)
		bufferevent_free(l->bev);
	else if (l->fd >= 0)
		close(l->fd);
	free(l);
}

void io_remotes_free(struct io_remotes *all)
{
	struct link *l;

	if (!all)
		return;
	for (uint32_t i = 0; i < CONF_REMOTES_MAX; i++) {
		if (all->link[i])
			link_free(all->link[i]);
		SSL_CTX_free(all->tls[i]);
	}
	while ((l = TAILQ_FIRST(&all->closing)))
		link_free(l);
	free(all);
}

/* It is gone before anybody hears of it: who hears may dial again. */
static void link_lost(struct link *l, const char *why)
{
	struct io_remotes *all = l->all;
	uint32_t remote = l->remote;
	bool owned = l->state < LINK_CLOSING;

	link_free(l);
	if (owned)
		all->calls->down(all->arg, remote, why);
}

static const struct conf_remote *link_conf(const struct link *l)
{
	return &l->all->conf->remotes[l->remote];
}

static void link_lost_errno(struct link *l, const char *what, int error)
{
	const struct conf_remote *r = link_conf(l);
	char why[REMOTE_WHY], addr[IP_ADDR_STRLEN];

	ip_addr_print(&r->addr, addr);
	snprintf(why, sizeof(why), "%s %s port %u: %s", what, addr, r->port, strerror(error));
	link_lost(l, why);
}

static size_t link_queued(const struct link *l)
{
	return evbuffer_get_length(bufferevent_get_output(l->bev));
}

/* --- while it is up --- */

/* Said from the loop alone, never while the effects of a step are carried out. */
static void link_report(struct link *l)
{
	size_t queued = link_queued(l);
	bool full = l->full ? queued >= IO_REMOTE_DRAINED : queued > IO_REMOTE_FULL;

	if (full == l->full)
		return;
	l->full = full;
	l->all->calls->flow(l->all->arg, l->remote, full);
}

static void link_linger(struct link *l)
{
	l->state = LINK_LINGER;
	if (l->ssl)
		SSL_shutdown(l->ssl);
	shutdown(bufferevent_getfd(l->bev), SHUT_WR);
}

static void link_written(struct bufferevent *bev, void *arg)
{
	struct link *l = arg;

	(void)bev;
	if (l->state == LINK_UP)
		link_report(l);
	else if (l->state == LINK_CLOSING && link_queued(l) == 0)
		link_linger(l);
}

static void link_read(struct bufferevent *bev, void *arg)
{
	struct link *l = arg;
	struct evbuffer *in = bufferevent_get_input(bev);
	size_t len = evbuffer_get_length(in);

	if (l->state != LINK_UP) {
		evbuffer_drain(in, len);
		return;
	}
	size_t taken =
		l->all->calls->received(l->all->arg, l->remote, evbuffer_pullup(in, -1), len);
	CHECK(taken <= len);
	evbuffer_drain(in, taken);
	if (l->state == LINK_UP && len - taken > REMOTE_REST_MAX)
		link_lost(l, "it sends a message that has no end");
}

static void link_up(struct link *l)
{
	l->state = LINK_UP;
	io_watch_cancel(l->timer);
	l->all->calls->up(l->all->arg, l->remote);
}

static void link_failed(struct link *l, short what)
{
	const struct conf_remote *r = link_conf(l);
	char why[REMOTE_WHY];
	int error = EVUTIL_SOCKET_ERROR();

	if (l->ssl &&
		io_tls_explain(l->ssl, r, bufferevent_get_openssl_error(l->bev), why, sizeof(why)))
		link_lost(l, why);
	else if (l->state == LINK_SHAKING_HANDS)
		link_lost(l, "TLS: the other side ended the connection instead of a handshake");
	else if ((what & BEV_EVENT_EOF) || (l->ssl && !error))
		link_lost(l, "the other side closed the connection");
	else
		link_lost_errno(l, "connection to", error);
}

static void link_event(struct bufferevent *bev, short what, void *arg)
{
	struct link *l = arg;

	(void)bev;
	if (what & BEV_EVENT_CONNECTED) {
		if (l->state == LINK_SHAKING_HANDS)
			link_up(l);
	} else if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) {
		link_failed(l, what);
	}
}

/* --- dialling --- */

/* TCP is there: what is read and written from here on is the bufferevent's. */
static void link_open(struct link *l)
{
	const int flags = BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS;
	SSL_CTX *ctx = l->all->tls[l->remote];

	io_watch_free(l->connecting);
	l->connecting = NULL;
	if (ctx) {
		l->ssl = io_tls_open(ctx, link_conf(l));
		l->bev = bufferevent_openssl_socket_new(
			l->all->base, l->fd, l->ssl, BUFFEREVENT_SSL_CONNECTING, flags);
		CHECK(l->bev != NULL);
		bufferevent_openssl_set_allow_dirty_shutdown(l->bev, 1);
	} else {
		l->bev = bufferevent_socket_new(l->all->base, l->fd, flags);
		CHECK(l->bev != NULL);
	}
	bufferevent_setcb(l->bev, link_read, link_written, link_event, l);
	bufferevent_setwatermark(l->bev, EV_WRITE, IO_REMOTE_DRAINED - 1, 0);
	bufferevent_set_max_single_read(l->bev, REMOTE_READ);
	bufferevent_set_max_single_write(l->bev, REMOTE_WRITE);
	bufferevent_enable(l->bev, EV_READ | EV_WRITE);
	if (ctx)
		l->state = LINK_SHAKING_HANDS;
	else
		link_up(l);
}

static void link_connected(void *arg, unsigned ready)
{
	struct link *l = arg;
	int error = 0;
	socklen_t len = sizeof(error);

	(void)ready;
	if (getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	if (error)
		link_lost_errno(l, "cannot connect to", error);
	else
		link_open(l);
}

/* What a timer means depends on what goes on. */
static void link_elapsed(void *arg, unsigned ready)
{
	struct link *l = arg;

	(void)ready;
	switch (l->state) {
	case LINK_CONNECTING: /* at once, if there was not even a socket */
		link_lost_errno(l, "cannot connect to", l->fd < 0 ? -l->fd : ETIMEDOUT);
		break;
	case LINK_SHAKING_HANDS:
		link_lost(l, "TLS: no handshake in time");
		break;
	case LINK_UP:
		if (link_queued(l) > REMOTE_QUEUE_MAX)
			link_lost(l, "it does not read: too much waits for it");
		else
			link_report(l);
		break;
	case LINK_CLOSING:
	case LINK_LINGER:
		link_free(l);
		break;
	}
}

/* A socket that connects, or -errno. */
static int link_socket(const struct conf_remote *r)
{
	struct sockaddr_in in = {.sin_family = AF_INET,
		.sin_port = htons(r->port),
		.sin_addr.s_addr = htonl(ip_addr_get_v4(&r->addr))};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
	int idle = 60, interval = 10, probes = 3;

	if (fd < 0)
		return -errno;
	/* one that is silently gone is found out in a minute and a half */
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(fd, (struct sockaddr *)&in, sizeof(in)) < 0 && errno != EINPROGRESS) {
		int error = errno;
		close(fd);
		return -error;
	}
	return fd;
}

void io_remote_dial(struct io_remotes *all, uint32_t remote)
{
	struct link *l = calloc(1, sizeof(*l));

	CHECK(l != NULL && remote < all->conf->n_remotes && all->link[remote] == NULL);
	*l = (struct link){
		.all = all, .remote = remote, .fd = link_socket(&all->conf->remotes[remote])};
	all->link[remote] = l;
	l->timer = io_watch_timer(all->base, link_elapsed, l);
	io_watch_after(l->timer, l->fd < 0 ? 0 : IO_REMOTE_DIAL_MS);
	if (l->fd < 0)
		return;
	l->connecting = io_watch_fd(all->base, l->fd, link_connected, l);
	io_watch_want(l->connecting, IO_WRITABLE);
}

static void link_unref_block(const void *data, size_t len, void *block)
{
	out_block_unref(block);
}

void io_remote_send(struct io_remotes *all, uint32_t remote, struct out_block *block)
{
	struct link *l = all->link[remote];

	if (!l || l->state != LINK_UP || block->len == 0)
		return;
	out_block_ref(block);
	CHECK(evbuffer_add_reference(bufferevent_get_output(l->bev), block->data, block->len,
		      link_unref_block, block) == 0);
	if ((!l->full && link_queued(l) > IO_REMOTE_FULL) || link_queued(l) > REMOTE_QUEUE_MAX)
		io_watch_after(l->timer, 0);
}

/*
 * What was sent goes out, then FIN, and theirs is waited for: a socket that is closed with octets unread would answer with RST, and
 * that may destroy our last words on the other side.
 */
void io_remote_close(struct io_remotes *all, uint32_t remote)
{
	struct link *l = all->link[remote];

	if (!l)
		return;
	if (l->state != LINK_UP) {
		link_free(l);
		return;
	}
	all->link[remote] = NULL;
	TAILQ_INSERT_TAIL(&all->closing, l, closing);
	l->state = LINK_CLOSING;
	bufferevent_setwatermark(l->bev, EV_WRITE, 0, 0);
	io_watch_after(l->timer, REMOTE_LINGER_MS);
	if (link_queued(l) == 0)
		link_linger(l);
}

void io_remotes_keep(struct io_remotes *all, const struct conf *conf)
{
	CHECK(conf->n_remotes >= all->conf->n_remotes && conf->n_remotes <= CONF_REMOTES_MAX);
	all->conf = conf;
	for (uint32_t i = 0; i < conf->n_remotes; i++) {
		CHECK(!conf->remotes[i].tls || all->tls[i]);
		if (conf->remotes[i].tls)
			continue;
		SSL_CTX_free(
			all->tls[i]); /* a connection that is being closed has its own hold on it */
		all->tls[i] = NULL;
	}
}

bool io_remotes_are_flushed(const struct io_remotes *all)
{
	const struct link *l;

	TAILQ_FOREACH(l, &all->closing, closing)
	if (l->state == LINK_CLOSING)
		return false;
	return true;
}
