#include "bgpd/io/api.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>

#include "bgpd/io/watch.h"
#include "lib/check.h"

#define IO_API_REAP_MS 50

struct io_api {
	struct evhttp *http;
	struct evconnlistener *listener;
	struct io_watch *reap;
	uid_t uid;
	const struct log *log;
	io_api_asked_fn *fn;
	void *arg;
	/* One reference each of our own: evhttp does not say when a connection ends, the count of references does. */
	struct bufferevent *conns[IO_API_CONNS_MAX];
};

struct io_api_ask {
	struct evhttp_request *req;
};

/* Forgets the connections that evhttp has let go; how many are left. */
static unsigned io_api_reap(struct io_api *api)
{
	unsigned live = 0;

	for (unsigned i = 0; i < IO_API_CONNS_MAX; i++) {
		if (!api->conns[i])
			continue;
		if (bufferevent_decref(api->conns[i])) {
			api->conns[i] = NULL;
			continue;
		}
		bufferevent_incref(api->conns[i]);
		live++;
	}
	return live;
}

static void io_api_elapsed(void *arg, unsigned ready)
{
	struct io_api *api = arg;

	(void)ready;
	unsigned live = io_api_reap(api);
	if (live < IO_API_CONNS_MAX)
		evconnlistener_enable(api->listener);
	if (live)
		io_watch_after(api->reap, IO_API_REAP_MS);
}

/* evhttp has accepted a connection and wants a bufferevent for it. */
static struct bufferevent *io_api_connected(struct event_base *base, void *arg)
{
	struct io_api *api = arg;
	/* Closed with our reference: a number that is free for use again while libevent still watches it goes deaf. */
	struct bufferevent *bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);

	CHECK(bev != NULL);
	unsigned live = io_api_reap(api);
	for (unsigned i = 0; i < IO_API_CONNS_MAX; i++) {
		if (api->conns[i])
			continue;
		bufferevent_incref(bev);
		api->conns[i] = bev;
		live++;
		break;
	}
	if (live == IO_API_CONNS_MAX)
		evconnlistener_disable(api->listener);
	io_watch_after(api->reap, IO_API_REAP_MS);
	return bev;
}

static bool io_api_allows(const struct io_api *api, struct evhttp_request *req)
{
	struct bufferevent *bev =
		evhttp_connection_get_bufferevent(evhttp_request_get_connection(req));
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(bufferevent_getfd(bev), SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return false;
	if (peer.uid == 0 || peer.uid == api->uid)
		return true;
	log_line(api->log, LOG_WARN_, "api_refused", "uid=%u pid=%d", (unsigned)peer.uid,
		(int)peer.pid);
	return false;
}

void io_api_answer(struct io_api_ask *ask, int status, const char *body, size_t len)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(ask->req);
	struct evbuffer *out = evbuffer_new();

	CHECK(out != NULL);
	CHECK(evbuffer_add(out, body, len) == 0);
	evhttp_add_header(headers, "Content-Type", "application/json");
	evhttp_add_header(headers, "Connection", "close");
	evhttp_send_reply(ask->req, status, NULL, out);
	evbuffer_free(out);
	free(ask);
}

static void io_api_request(struct evhttp_request *req, void *arg)
{
	static const char refusal[] = "{\"error\":\"only root may ask\"}\n";
	struct io_api *api = arg;
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(req);
	const char *path = uri ? evhttp_uri_get_path(uri) : NULL;
	const char *query = uri ? evhttp_uri_get_query(uri) : NULL;
	struct io_api_ask *ask = calloc(1, sizeof(*ask));

	CHECK(ask != NULL);
	ask->req = req;
	if (!io_api_allows(api, req)) {
		io_api_answer(ask, 403, refusal, sizeof(refusal) - 1);
		return;
	}
	api->fn(api->arg, ask, path ? path : "/", query ? query : "");
}

struct io_api *io_api_new(struct event_base *base, int fd, uid_t uid, const struct log *log,
	io_api_asked_fn *fn, void *arg)
{
	struct io_api *api = calloc(1, sizeof(*api));

	CHECK(api != NULL);
	*api = (struct io_api){.uid = uid, .log = log, .fn = fn, .arg = arg};
	CHECK(evutil_make_socket_nonblocking(fd) == 0);
	api->http = evhttp_new(base);
	api->listener = evconnlistener_new(
		base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	CHECK(api->http != NULL && api->listener != NULL);
	api->reap = io_watch_timer(base, io_api_elapsed, api);
	evhttp_set_allowed_methods(api->http, EVHTTP_REQ_GET);
	evhttp_set_max_headers_size(api->http, IO_API_HEADERS_MAX);
	evhttp_set_max_body_size(api->http, 0);
	evhttp_set_timeout(api->http, IO_API_TIMEOUT_S);
	evhttp_set_bevcb(api->http, io_api_connected, api);
	evhttp_set_gencb(api->http, io_api_request, api);
	CHECK(evhttp_bind_listener(api->http, api->listener) != NULL);
	return api;
}

void io_api_free(struct io_api *api)
{
	if (!api)
		return;
	evhttp_free(api->http); /* with the listener and every connection */
	for (unsigned i = 0; i < IO_API_CONNS_MAX; i++)
		if (api->conns[i])
			bufferevent_decref(api->conns[i]);
	io_watch_free(api->reap);
	free(api);
}
