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
#define IO_API_JSON    "application/json"

struct io_api {
	struct event_base *base;
	struct evhttp *http;
	struct evconnlistener *listener;
	struct io_watch *reap;
	uid_t uid;
	const struct log *log;
	io_api_asked_fn *fn;
	void *arg;
	/* One reference each of our own: evhttp does not say when a connection ends, the count of references does. */
	struct bufferevent *conns[IO_API_CONNS_MAX];
	struct io_api_ask
		*streams[IO_API_CONNS_MAX]; /* long answers under way: no more than connections */
};

struct io_api_ask {
	struct io_api *api;
	struct evhttp_request *req;

	/* of a stream */
	unsigned slot;
	const struct io_api_source *source;
	void *arg;
	struct io_watch *again; /* when there was no piece yet */
	bool idle;		/* source->waits, and nothing has happened since */
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

bool io_api_accepts(const struct io_api_ask *ask, const char *type)
{
	const char *accept =
		evhttp_find_header(evhttp_request_get_input_headers(ask->req), "Accept");

	return accept && strcasestr(accept, type);
}

static void io_api_say_type(struct io_api_ask *ask, const char *type)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(ask->req);

	evhttp_add_header(headers, "Content-Type", type);
	evhttp_add_header(headers, "Connection", "close");
	/* for a browser: what the page may load, that a type is what it is said to be, and that nothing is kept */
	evhttp_add_header(headers, "Content-Security-Policy",
		"default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
	evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
	evhttp_add_header(headers, "Referrer-Policy", "no-referrer");
	evhttp_add_header(headers, "Cache-Control", "no-store");
}

void io_api_answer(struct io_api_ask *ask, int status, const char *body, size_t len)
{
	io_api_answer_as(ask, status, IO_API_JSON, body, len);
}

void io_api_answer_as(
	struct io_api_ask *ask, int status, const char *type, const char *body, size_t len)
{
	struct evbuffer *out = evbuffer_new();

	CHECK(out != NULL);
	CHECK(evbuffer_add(out, body, len) == 0);
	io_api_say_type(ask, type);
	evhttp_send_reply(ask->req, status, NULL, out);
	evbuffer_free(out);
	free(ask);
}

/* Ours only: the request is evhttp's. */
static void io_api_stream_free(struct io_api_ask *ask)
{
	struct evhttp_connection *conn = evhttp_request_get_connection(ask->req);

	if (conn)
		evhttp_connection_set_closecb(conn, NULL, NULL);
	ask->api->streams[ask->slot] = NULL;
	io_watch_free(ask->again);
	ask->source->end(ask->arg);
	free(ask);
}

static void io_api_stream_end(struct io_api_ask *ask)
{
	struct evhttp_request *req = ask->req;

	io_api_stream_free(ask);
	evhttp_send_reply_end(req); /* frees it, at once if the client has gone */
}

static void io_api_stream_closed(struct evhttp_connection *conn, void *arg)
{
	(void)conn;
	io_api_stream_end(arg);
}

static void io_api_stream_go_on(struct evhttp_connection *conn, void *arg);

static void io_api_stream_send(struct io_api_ask *ask, const char *text, size_t len)
{
	struct evbuffer *piece = evbuffer_new();

	CHECK(piece != NULL && evbuffer_add(piece, text, len) == 0);
	evhttp_send_reply_chunk_with_cb(ask->req, piece, io_api_stream_go_on, ask);
	evbuffer_free(piece);
}

/* The client has taken everything so far. */
static void io_api_stream_go_on(struct evhttp_connection *conn, void *arg)
{
	struct io_api_ask *ask = arg;
	const char *text = NULL;
	size_t len = 0;
	bool more = ask->source->next(ask->arg, &text, &len);

	(void)conn;
	if (len) {
		io_api_stream_send(ask, text, len);
	} else if (more) {
		ask->idle = ask->source->waits;
		if (!ask->idle || ask->source->alive)
			io_watch_after(ask->again, ask->idle ? IO_API_ALIVE_MS : 0);
	}
	if (!more)
		io_api_stream_end(ask);
}

static void io_api_stream_again(void *arg, unsigned ready)
{
	struct io_api_ask *ask = arg;
	const char *alive = ask->idle ? ask->source->alive : NULL;

	(void)ready;
	ask->idle = false;
	if (alive)
		io_api_stream_send(ask, alive, strlen(alive));
	else
		io_api_stream_go_on(NULL, ask);
}

void io_api_wake(struct io_api *api)
{
	for (unsigned i = 0; api && i < IO_API_CONNS_MAX; i++) {
		struct io_api_ask *ask = api->streams[i];

		if (!ask || !ask->idle)
			continue;
		ask->idle = false;
		io_watch_after(ask->again, 0);
	}
}

/* Whether one more of this kind may begin. */
static bool io_api_stream_fits(const struct io_api *api, const struct io_api_source *source)
{
	unsigned n = 0, waiting = 0;

	for (unsigned i = 0; i < IO_API_CONNS_MAX; i++) {
		n += api->streams[i] != NULL;
		waiting += api->streams[i] && api->streams[i]->source->waits;
	}
	return n < IO_API_CONNS_MAX && (!source->waits || waiting < IO_API_WAITING_MAX);
}

void io_api_stream(
	struct io_api_ask *ask, int status, const struct io_api_source *source, void *arg)
{
	io_api_stream_as(ask, status, IO_API_JSON, source, arg);
}

void io_api_stream_as(struct io_api_ask *ask, int status, const char *type,
	const struct io_api_source *source, void *arg)
{
	static const char busy[] = "{\"error\":\"too many long answers; ask again\"}\n";
	struct evhttp_connection *conn = evhttp_request_get_connection(ask->req);
	struct timeval tv = {.tv_sec = IO_API_TIMEOUT_S};

	if (!io_api_stream_fits(ask->api, source)) {
		source->end(arg);
		io_api_answer(ask, 503, busy, sizeof(busy) - 1);
		return;
	}
	while (ask->api->streams[ask->slot])
		ask->slot++;
	ask->source = source;
	ask->arg = arg;
	ask->again = io_watch_timer(ask->api->base, io_api_stream_again, ask);
	ask->api->streams[ask->slot] = ask;
	if (!conn) { /* gone already */
		io_api_stream_end(ask);
		return;
	}
	io_api_say_type(ask, type);
	evhttp_connection_set_closecb(conn, io_api_stream_closed, ask);
	/* it has nothing more to say to us, however long this takes: only its not reading is dawdling */
	bufferevent_set_timeouts(evhttp_connection_get_bufferevent(conn), NULL, &tv);
	evhttp_send_reply_start(ask->req, status, NULL);
	io_watch_after(ask->again, 0);
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
	ask->api = api;
	ask->req = req;
	if (!io_api_allows(api, req)) {
		io_api_answer(ask, 403, refusal, sizeof(refusal) - 1);
		return;
	}
	api->fn(api->arg, ask, evhttp_request_get_command(req) == EVHTTP_REQ_POST,
		path ? path : "/", query ? query : "");
}

struct io_api *io_api_new(struct event_base *base, int fd, uid_t uid, const struct log *log,
	io_api_asked_fn *fn, void *arg)
{
	struct io_api *api = calloc(1, sizeof(*api));

	CHECK(api != NULL);
	*api = (struct io_api){.base = base, .uid = uid, .log = log, .fn = fn, .arg = arg};
	CHECK(evutil_make_socket_nonblocking(fd) == 0);
	api->http = evhttp_new(base);
	api->listener = evconnlistener_new(
		base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	CHECK(api->http != NULL && api->listener != NULL);
	api->reap = io_watch_timer(base, io_api_elapsed, api);
	evhttp_set_allowed_methods(api->http, EVHTTP_REQ_GET | EVHTTP_REQ_POST);
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
	for (unsigned i = 0; i < IO_API_CONNS_MAX; i++)
		if (api->streams[i])
			io_api_stream_free(api->streams[i]);
	evhttp_free(api->http); /* with the listener and every connection */
	for (unsigned i = 0; i < IO_API_CONNS_MAX; i++)
		if (api->conns[i])
			bufferevent_decref(api->conns[i]);
	io_watch_free(api->reap);
	free(api);
}
