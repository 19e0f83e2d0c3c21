#include "bgpd/io/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>

#include "bgpd/io/apiconns.h"
#include "bgpd/io/watch.h"
#include "lib/check.h"
#include "lib/text.h"

#define IO_API_LEAVE_MS 10 /* how often it is looked whether an answer has left */
#define IO_API_JSON	"application/json"

/* Two sockets of the host's own, or as many as TLS listens on. */
#define IO_API_LISTENERS_MAX 8

struct io_api {
	struct event_base *base;
	struct io_api_setup setup;
	struct evhttp *http;
	struct evconnlistener *listeners[IO_API_LISTENERS_MAX];
	unsigned n_listeners;
	struct io_apiconns *conns;
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
	bool over, ended;	/* the last piece is out; so is the end */
};

/* Past the limit nobody is accepted. */
static void io_api_counted(void *arg, bool full)
{
	struct io_api *api = arg;

	for (unsigned i = 0; i < api->n_listeners; i++) {
		if (full)
			evconnlistener_disable(api->listeners[i]);
		else
			evconnlistener_enable(api->listeners[i]);
	}
}

/* evhttp has accepted a connection and wants a bufferevent for it. */
static struct bufferevent *io_api_connected(struct event_base *base, void *arg)
{
	struct io_api *api = arg;
	/* Closed with our reference: a number that is free for use again while libevent still watches it goes deaf. */
	const int flags = BEV_OPT_CLOSE_ON_FREE;
	SSL *ssl = api->setup.tls ? SSL_new(api->setup.tls) : NULL;
	struct bufferevent *bev = ssl ? bufferevent_openssl_socket_new(
						base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING, flags)
				      : bufferevent_socket_new(base, -1, flags);

	CHECK(bev != NULL && !ssl == !api->setup.tls);
	io_apiconns_add(api->conns, bev, ssl != NULL);
	return bev;
}

static struct bufferevent *io_api_bev(const struct io_api_ask *ask)
{
	struct evhttp_connection *conn = evhttp_request_get_connection(ask->req);

	return conn ? evhttp_connection_get_bufferevent(conn) : NULL;
}

static void io_api_expect(const struct io_api_ask *ask, uint64_t ms)
{
	io_apiconns_expect(ask->api->conns, io_api_bev(ask), ms);
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
	evhttp_add_header(headers, "Cross-Origin-Resource-Policy", "same-origin");
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
	if (evhttp_request_get_command(ask->req) != EVHTTP_REQ_HEAD)
		CHECK(evbuffer_add(out, body, len) == 0);
	io_api_say_type(ask, type);
	io_api_expect(ask, IO_API_TAKE_MS);
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
	io_api_expect(ask, IO_API_TAKE_MS);
	evhttp_send_reply_chunk_with_cb(ask->req, piece, io_api_stream_go_on, ask);
	evbuffer_free(piece);
}

/* The client has taken everything so far. */
static void io_api_stream_go_on(struct evhttp_connection *conn, void *arg)
{
	struct io_api_ask *ask = arg;
	const char *text = NULL;
	size_t len = 0;

	(void)conn;
	if (ask->over)
		return;
	bool more = ask->source->next(ask->arg, &text, &len);
	io_api_expect(ask, 0);
	if (len) {
		io_api_stream_send(ask, text, len);
	} else if (more) {
		ask->idle = ask->source->waits;
		if (!ask->idle || ask->source->alive)
			io_watch_after(ask->again, ask->idle ? IO_API_ALIVE_MS : 0);
	}
	if (!more) {
		ask->over = true;
		io_watch_after(ask->again, 0);
	}
}

/*
 * Over TLS libevent says too often that something was taken, and evhttp, once it has been told of the end, closes at the first such word,
 * whether that has left or not. So the end is written here, and the connection is closed when all of it is with the kernel.
 */
static void io_api_stream_finish(struct io_api_ask *ask)
{
	static const char last_chunk[] = "0\r\n\r\n";
	struct evhttp_connection *conn = evhttp_request_get_connection(ask->req);
	struct bufferevent *bev = io_api_bev(ask);

	if (!conn) {
		io_api_stream_end(ask);
		return;
	}
	if (!ask->ended && evhttp_find_header(evhttp_request_get_output_headers(ask->req),
				   "Transfer-Encoding")) {
		io_api_expect(ask, IO_API_TAKE_MS);
		CHECK(bufferevent_write(bev, last_chunk, sizeof(last_chunk) - 1) == 0);
	}
	ask->ended = true;
	if (evbuffer_get_length(bufferevent_get_output(bev)) > 0) {
		io_watch_after(ask->again, IO_API_LEAVE_MS);
		return;
	}
	io_api_stream_free(ask);
	evhttp_connection_free(conn); /* and the request */
}

static void io_api_stream_again(void *arg, unsigned ready)
{
	struct io_api_ask *ask = arg;
	const char *alive = ask->idle ? ask->source->alive : NULL;

	(void)ready;
	ask->idle = false;
	if (ask->over)
		io_api_stream_finish(ask);
	else if (alive)
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

static void io_api_refuse(struct io_api_ask *ask, int status, const char *why)
{
	char body[256];
	int len = snprintf(body, sizeof(body), "{\"error\":\"%s\"}\n", why);

	if (status == 405)
		evhttp_add_header(
			evhttp_request_get_output_headers(ask->req), "Allow", "GET, POST");
	io_api_answer(ask, status, body, (size_t)len);
}

/* Who it is has been found out; what they want is not carried out otherwise. NULL: it may be. */
static const char *io_api_forbids(const struct io_api_ask *ask, bool order)
{
	enum io_role role = io_apiconns_role(ask->api->conns, io_api_bev(ask));

	if (role == IO_ROLE_NONE)
		return "you may not ask; ravelin.yaml says who may, under api";
	if (!order)
		return NULL;
	if (ask->api->setup.kind == FIB_API_READ_ONLY)
		return "this socket is read-only; orders are taken on ravelin.sock";
	if (role != IO_ROLE_WRITE)
		return "you may ask, but give no orders; ravelin.yaml says who may, under api: "
		       "read-write";
	if (!evhttp_find_header(evhttp_request_get_input_headers(ask->req), IO_API_HEADER))
		return "an order has to have the header " IO_API_HEADER
		       ": 1, which no form of another site can send";
	return NULL;
}

/* Orders and refusals are told with who it is: the router knows only what was ordered. */
static void io_api_say(
	const struct io_api_ask *ask, const char *path, const char *query, const char *why)
{
	char who[IO_API_WHO_MAX], quoted[512] = "";
	struct text t = text_of(quoted, sizeof(quoted));
	const struct log *log = ask->api->setup.log;

	io_apiconns_who(ask->api->conns, io_api_bev(ask), who);
	text_add_escaped(&t, path, strlen(path));
	if (query) {
		text_add(&t, "?");
		text_add_escaped(&t, query, strlen(query));
	}
	if (why)
		log_line(log, LOG_WARN_, "api_refused", "%s path=\"%s\" why=\"%s\"", who, quoted,
			why);
	else
		log_line(log, LOG_INFO_, "api_order", "%s path=\"%s\"", who, quoted);
}

static void io_api_request(struct evhttp_request *req, void *arg)
{
	struct io_api *api = arg;
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(req);
	const char *path = uri ? evhttp_uri_get_path(uri) : NULL;
	const char *query = uri ? evhttp_uri_get_query(uri) : NULL;
	enum evhttp_cmd_type method = evhttp_request_get_command(req);
	struct io_api_ask *ask = calloc(1, sizeof(*ask));

	CHECK(ask != NULL);
	ask->api = api;
	ask->req = req;
	io_api_expect(ask, 0);
	const char *why = io_api_forbids(ask, method == EVHTTP_REQ_POST);
	if (method != EVHTTP_REQ_GET && method != EVHTTP_REQ_POST) {
		io_api_refuse(ask, 405, "GET asks, POST orders, and there is nothing else");
		return;
	}
	if (why) {
		io_api_say(ask, path ? path : "/", query, why);
		io_api_refuse(ask, 403, why);
		return;
	}
	if (method == EVHTTP_REQ_POST)
		io_api_say(ask, path ? path : "/", query, NULL);
	api->setup.fn(api->setup.arg, ask, method == EVHTTP_REQ_POST, path ? path : "/",
		query ? query : "");
}

static void io_api_listen(struct io_api *api, int fd)
{
	if (api->n_listeners == IO_API_LISTENERS_MAX) {
		close(fd);
		return;
	}
	CHECK(evutil_make_socket_nonblocking(fd) == 0);
	struct evconnlistener *listener = evconnlistener_new(
		api->base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	CHECK(listener != NULL && evhttp_bind_listener(api->http, listener) != NULL);
	api->listeners[api->n_listeners++] = listener;
}

struct io_api *io_api_new(struct event_base *base, int fd, const struct io_api_setup *setup)
{
	struct io_api *api = calloc(1, sizeof(*api));

	CHECK(api != NULL);
	*api = (struct io_api){.base = base, .setup = *setup};
	api->http = evhttp_new(base);
	CHECK(api->http != NULL);
	api->conns = io_apiconns_new(base, setup->roles, setup->log, io_api_counted, api);
	evhttp_set_allowed_methods(api->http, EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD |
						      EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE |
						      EVHTTP_REQ_OPTIONS | EVHTTP_REQ_PATCH);
	evhttp_set_max_headers_size(api->http, IO_API_HEADERS_MAX);
	evhttp_set_max_body_size(api->http, 0);
	evhttp_set_timeout(api->http, IO_API_TIMEOUT_S);
	evhttp_set_bevcb(api->http, io_api_connected, api);
	evhttp_set_gencb(api->http, io_api_request, api);
	io_api_listen(api, fd);
	return api;
}

void io_api_serve(
	struct io_api **api, struct event_base *base, int fd, const struct io_api_setup *setup)
{
	bool over_tls = setup->kind == FIB_API_TLS;

	if (fd < 0)
		return;
	if (over_tls ? !setup->tls : *api != NULL)
		close(fd);
	else if (*api)
		io_api_listen(*api, fd);
	else
		*api = io_api_new(base, fd, setup);
}

void io_api_free(struct io_api *api)
{
	if (!api)
		return;
	for (unsigned i = 0; i < IO_API_CONNS_MAX; i++)
		if (api->streams[i])
			io_api_stream_free(api->streams[i]);
	evhttp_free(api->http); /* with the listeners and every connection */
	io_apiconns_free(api->conns);
	free(api);
}
