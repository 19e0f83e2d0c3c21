#include "bgpd/io/apiconns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/ssl.h>

#include "bgpd/io/clock.h"
#include "bgpd/io/watch.h"
#include "lib/check.h"
#include "lib/text.h"

#define APICONNS_LOOK_MS 50

struct io_apiconn {
	struct bufferevent *bev; /* NULL: an empty place */
	bool ssl, judged, cut;
	enum io_role role;
	uint64_t who;
	uint64_t until_ms; /* 0: no deadline */
};

struct io_apiconns {
	const struct io_roles *roles;
	const struct log *log;
	struct io_watch *look;
	bool looking;
	io_apiconns_fn *fn;
	void *arg;
	struct io_apiconn list[IO_API_CONNS_MAX];
};

static struct io_apiconn *apiconn_find(struct io_apiconns *t, const struct bufferevent *bev)
{
	for (unsigned i = 0; i < IO_API_CONNS_MAX; i++)
		if (t->list[i].bev == bev)
			return &t->list[i];
	return NULL;
}

/* Forgets those that evhttp has let go; how many are left. */
static unsigned apiconns_reap(struct io_apiconns *t)
{
	unsigned live = 0;

	for (unsigned i = 0; i < IO_API_CONNS_MAX; i++) {
		struct bufferevent *bev = t->list[i].bev;

		if (!bev)
			continue;
		if (bufferevent_decref(bev)) {
			t->list[i] = (struct io_apiconn){0};
			continue;
		}
		bufferevent_incref(bev);
		live++;
	}
	return live;
}

/* As soon as it can be known: of TLS, after the handshake. */
static void apiconn_judge(const struct io_apiconns *t, struct io_apiconn *c)
{
	int fd = bufferevent_getfd(c->bev);

	if (c->judged || fd < 0)
		return;
	if (!c->ssl) {
		c->role = io_roles_of_peer(t->roles, fd, &c->who);
		c->judged = true;
		return;
	}
	SSL *ssl = bufferevent_openssl_get_ssl(c->bev);
	X509 *cert = SSL_is_init_finished(ssl) ? SSL_get0_peer_certificate(ssl) : NULL;
	if (!cert || SSL_get_verify_result(ssl) != X509_V_OK)
		return;
	c->role = io_roles_of_cert(t->roles, cert, &c->who);
	c->judged = true;
}

static bool apiconn_is_same(const struct io_apiconn *a, const struct io_apiconn *b)
{
	if (!a->bev || !a->judged || a->cut || a->ssl != b->ssl)
		return false;
	return a->who == b->who || (a->role == IO_ROLE_NONE && b->role == IO_ROLE_NONE);
}

/* More than its share; the newest go. */
static bool apiconn_is_too_many(const struct io_apiconns *t, const struct io_apiconn *c)
{
	unsigned n = 0;

	if (!c->judged || (!c->ssl && c->who == 0))
		return false;
	for (unsigned i = 0; i < IO_API_CONNS_MAX; i++)
		n += apiconn_is_same(&t->list[i], c);
	return n > IO_API_CONNS_WHO;
}

static void apiconn_cut(const struct io_apiconns *t, struct io_apiconn *c, const char *why)
{
	log_line(t->log, LOG_DEBUG_, "api_cut_off", "why=\"%s\"", why);
	c->cut = true;
	(void)shutdown(bufferevent_getfd(c->bev), SHUT_RDWR);
}

static void apiconns_look(void *arg, unsigned ready)
{
	struct io_apiconns *t = arg;
	uint64_t now = io_clock_now_ms();
	unsigned live = apiconns_reap(t);

	(void)ready;
	for (unsigned i = IO_API_CONNS_MAX; i-- > 0;) {
		struct io_apiconn *c = &t->list[i];

		if (!c->bev || c->cut)
			continue;
		apiconn_judge(t, c);
		if (c->until_ms && now >= c->until_ms)
			apiconn_cut(t, c, "it takes too long");
		else if (apiconn_is_too_many(t, c))
			apiconn_cut(t, c, "too many of one user");
	}
	t->looking = live > 0;
	if (live)
		io_watch_after(t->look, APICONNS_LOOK_MS);
	t->fn(t->arg, live == IO_API_CONNS_MAX);
}

struct io_apiconns *io_apiconns_new(struct event_base *base, const struct io_roles *roles,
	const struct log *log, io_apiconns_fn *fn, void *arg)
{
	struct io_apiconns *t = calloc(1, sizeof(*t));

	CHECK(t != NULL);
	t->roles = roles;
	t->log = log;
	t->fn = fn;
	t->arg = arg;
	t->look = io_watch_timer(base, apiconns_look, t);
	return t;
}

void io_apiconns_free(struct io_apiconns *t)
{
	for (unsigned i = 0; i < IO_API_CONNS_MAX; i++)
		if (t->list[i].bev)
			bufferevent_decref(t->list[i].bev);
	io_watch_free(t->look);
	free(t);
}

void io_apiconns_add(struct io_apiconns *t, struct bufferevent *bev, bool ssl)
{
	unsigned live = apiconns_reap(t);
	struct io_apiconn *c = apiconn_find(t, NULL);

	if (c) {
		bufferevent_incref(bev);
		*c = (struct io_apiconn){
			.bev = bev, .ssl = ssl, .until_ms = io_clock_now_ms() + IO_API_ASK_MS};
		live++;
	}
	if (!t->looking)
		io_watch_after(t->look, APICONNS_LOOK_MS);
	t->looking = true;
	t->fn(t->arg, live == IO_API_CONNS_MAX);
}

void io_apiconns_expect(struct io_apiconns *t, const struct bufferevent *bev, uint64_t ms)
{
	struct io_apiconn *c = bev ? apiconn_find(t, bev) : NULL;

	if (c)
		c->until_ms = ms ? io_clock_now_ms() + ms : 0;
}

enum io_role io_apiconns_role(struct io_apiconns *t, const struct bufferevent *bev)
{
	struct io_apiconn *c = bev ? apiconn_find(t, bev) : NULL;

	if (!c)
		return IO_ROLE_NONE;
	apiconn_judge(t, c);
	return c->role;
}

void io_apiconns_who(struct io_apiconns *t, const struct bufferevent *bev, char out[IO_API_WHO_MAX])
{
	const struct io_apiconn *c = bev ? apiconn_find(t, bev) : NULL;
	uint8_t digest[sizeof(c->who)];

	if (!c || !c->judged || c->who == UINT64_MAX) {
		snprintf(out, IO_API_WHO_MAX, "uid=-");
		return;
	}
	if (!c->ssl) {
		snprintf(out, IO_API_WHO_MAX, "uid=%llu", (unsigned long long)c->who);
		return;
	}
	struct text name = text_of(out, IO_API_WHO_MAX);
	text_add(&name, "certificate=");
	memcpy(digest, &c->who, sizeof(digest));
	for (size_t i = 0; i < sizeof(digest); i++)
		text_add(&name, "%02x", digest[i]);
}
