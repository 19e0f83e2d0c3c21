#include "bgpd/io/answer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bgpd/io/clock.h"
#include "bgpd/io/vitals.h"
#include "bgpd/io/watch.h"
#include "bgpd/mgmt/handle.h"
#include "bgpd/mgmt/act.h"
#include "bgpd/mgmt/live.h"
#include "bgpd/mgmt/reload.h"
#include "bgpd/mgmt/stream.h"
#include "lib/check.h"

#define IO_ANSWER_TEXT_MAX 65536 /* of what a reload has to say */

struct io_question {
	struct io_question *next;
	struct io_api_ask *ask;
	char *path, *query;
};

struct io_reload {
	struct io_reload *next;
	struct io_api_ask *ask;
	uint32_t seq;
	enum fib_type what;
};

struct io_answers {
	struct io_reload *reloads; /* wait for FIB_RELOADED */
	const struct router *router;
	struct io_fib *fib;
	struct mgmt_live live;
	const struct log *log;
	struct mgmt_vitals vitals;
	struct io_watch *late;
	struct io_question *waiting; /* for the counters */
	uint32_t seq;		     /* of the FIB_STATS_GET under way; 0: none */
	uint32_t asked;		     /* how many so far */
	io_order_fn *order;
	void *arg;
};

static bool io_answers_next(void *arg, const char **text, size_t *len)
{
	return mgmt_stream_step(arg, MGMT_STREAM_BUDGET, text, len);
}

static void io_answers_end(void *arg)
{
	mgmt_stream_free(arg);
}

static const struct io_api_source io_answers_long = {
	.next = io_answers_next,
	.end = io_answers_end,
};

/* Without an end. */
static bool io_answers_happened(void *arg, const char **text, size_t *len)
{
	mgmt_reader_next(arg, text, len);
	return true;
}

static void io_answers_read(void *arg)
{
	mgmt_reader_free(arg);
}

static const struct io_api_source io_answers_events = {
	.next = io_answers_happened,
	.waits = true,
	.alive = "\n",
	.end = io_answers_read,
};

static const struct io_api_source io_answers_sse = {
	.next = io_answers_happened,
	.waits = true,
	.alive = ": alive\n\n",
	.end = io_answers_read,
};

/* What happens, as the client takes it. */
static void io_answers_tell(struct io_api_ask *ask, const struct mgmt_answer *got)
{
	if (!io_api_accepts(ask, MGMT_SSE_TYPE)) {
		io_api_stream_as(ask, got->status, got->type, &io_answers_events, got->reader);
		return;
	}
	mgmt_reader_set_sse(got->reader);
	io_api_stream_as(ask, got->status, MGMT_SSE_TYPE, &io_answers_sse, got->reader);
}

struct io_updates {
	struct mgmt_update_reader *reader;
	const struct log *log;
	bool over;
};

static bool io_answers_heard(void *arg, const char **octets, size_t *len)
{
	struct io_updates *u = arg;
	u->over = !mgmt_update_reader_next(u->reader, octets, len);
	return !u->over;
}

static void io_answers_unheard(void *arg)
{
	struct io_updates *u = arg;
	size_t waiting = mgmt_update_reader_waiting(u->reader);

	/* too much waits, or it has taken nothing for IO_API_TIMEOUT_S, or it was killed while it had not read everything */
	if (u->over || waiting)
		log_line(u->log, LOG_WARN_, "updates_cut_off", "neighbor=%s waiting=%zu why=\"%s\"",
			mgmt_update_reader_name(u->reader), waiting,
			u->over ? "the reader is too slow" : "the reader has gone");
	mgmt_update_reader_free(u->reader);
	free(u);
}

/* Octets that others read have no word for "still there": such a client waits as long as it likes. */
static const struct io_api_source io_answers_updates = {
	.next = io_answers_heard,
	.waits = true,
	.end = io_answers_unheard,
};

static void io_answers_listen(
	struct io_answers *a, struct io_api_ask *ask, const struct mgmt_answer *got)
{
	struct io_updates *u = malloc(sizeof(*u));

	CHECK(u != NULL);
	*u = (struct io_updates){.reader = got->updates, .log = a->log};
	log_line(a->log, LOG_INFO_, "updates_begin", "neighbor=%s",
		mgmt_update_reader_name(got->updates));
	io_api_stream_as(ask, got->status, got->type, &io_answers_updates, u);
}

static void io_answers_send(struct io_api_ask *ask, const struct mgmt_answer *got)
{
	if (got->text) {
		io_api_answer_as(ask, got->status, got->type, got->text, got->len);
		free(got->text);
		return;
	}
	char *text = json_dumps(got->body, JSON_COMPACT);

	CHECK(text != NULL);
	size_t len = strlen(text);
	text[len] = '\n'; /* in place of the terminator */
	io_api_answer(ask, got->status, text, len + 1);
	free(text);
	json_decref(got->body);
}

static void io_answers_reply(
	struct io_answers *a, struct io_api_ask *ask, const char *path, const char *query)
{
	struct mgmt_answer got;

	a->live.now_ms = io_clock_now_ms();
	if (!mgmt_live_handle(&a->live, path, query, &got))
		got = mgmt_handle(a->router, io_clock_now_ms(), path, query);
	if (got.reader) {
		io_answers_tell(ask, &got);
		return;
	}
	if (got.updates) {
		io_answers_listen(a, ask, &got);
		return;
	}
	if (!got.stream) {
		io_answers_send(ask, &got);
		return;
	}
	const char *type = mgmt_stream_type(got.stream);
	io_vitals_look(&a->vitals);
	mgmt_stream_set_vitals(got.stream, &a->vitals);
	if (type)
		io_api_stream_as(ask, got.status, type, &io_answers_long, got.stream);
	else
		io_api_stream(ask, got.status, &io_answers_long, got.stream);
}

static void io_answers_ordered(
	struct io_answers *a, struct io_api_ask *ask, const char *path, const char *query)
{
	struct mgmt_act order;
	struct mgmt_answer got = mgmt_act_parse(a->router, path, query, &order);

	for (unsigned i = 0; got.status == 200 && i < order.n_peers; i++) {
		struct event ev = mgmt_act_event(&order, i);

		a->order(a->arg, &ev);
	}
	mgmt_act_fini(&order);
	io_answers_send(ask, &got);
}

/* Answers everybody who waits: the counters have come, or will not come in time. */
static void io_answers_release(struct io_answers *a)
{
	io_watch_cancel(a->late);
	while (a->waiting) {
		struct io_question *q = a->waiting;
		a->waiting = q->next;
		io_answers_reply(a, q->ask, q->path, q->query);
		free(q->path);
		free(q->query);
		free(q);
	}
}

static void io_answers_late(void *arg, unsigned ready)
{
	(void)ready;
	io_answers_release(arg);
}

static uint32_t io_answers_seq(struct io_answers *a)
{
	return IO_ANSWER_SEQ | (++a->asked & (IO_ANSWER_SEQ - 1));
}

static void io_answers_get_stats(struct io_answers *a)
{
	a->seq = io_answers_seq(a);
	io_fib_send(a->fib, &(struct fib_msg){.type = FIB_STATS_GET, .seq = a->seq});
	io_fib_flush(a->fib);
	io_watch_after(a->late, IO_ANSWER_WAIT_MS);
}

static void io_answers_reload(
	struct io_answers *a, struct io_api_ask *ask, const struct fib_msg *what)
{
	struct io_reload *r = malloc(sizeof(*r));
	struct fib_msg m = *what;

	CHECK(r != NULL);
	*r = (struct io_reload){
		.next = a->reloads, .ask = ask, .seq = io_answers_seq(a), .what = m.type};
	a->reloads = r;
	m.seq = r->seq;
	io_fib_send(a->fib, &m);
	io_fib_flush(a->fib);
}

static void io_answers_unconfirmed(struct io_answers *a, uint32_t seconds)
{
	a->live.unconfirmed_until_ms = seconds ? io_clock_now_ms() + (uint64_t)seconds * 1000 : 0;
}

static void io_answers_reloaded(struct io_answers *a, uint32_t seq, int32_t error, int fd)
{
	char *text = calloc(1, IO_ANSWER_TEXT_MAX + 1);
	struct io_reload **at = &a->reloads, *r;

	CHECK(text != NULL);
	if (fd >= 0 && pread(fd, text, IO_ANSWER_TEXT_MAX, 0) < 0)
		text[0] = '\0';
	if (fd >= 0)
		close(fd);
	while (*at && (*at)->seq != seq)
		at = &(*at)->next;
	r = *at;
	if (!r || r->what == FIB_RELOAD)
		io_vitals_reloaded(&a->vitals, error);
	if (r) {
		*at = r->next;
		a->live.now_ms = io_clock_now_ms();
		struct mgmt_answer got =
			mgmt_reload_answer(r->what, error, text, mgmt_live_unconfirmed_s(&a->live));
		io_answers_send(r->ask, &got);
		free(r);
	}
	free(text);
}

void io_answers_asked(
	void *arg, struct io_api_ask *ask, bool order, const char *path, const char *query)
{
	struct io_answers *a = arg;
	struct mgmt_answer refused;
	struct fib_msg reload;

	a->vitals.answered++;
	if (order && mgmt_reload_parse(path, query, &reload, &refused)) {
		if (refused.status == 200)
			io_answers_reload(a, ask, &reload);
		else
			io_answers_send(ask, &refused);
		return;
	}
	if (order) {
		io_answers_ordered(a, ask, path, query);
		return;
	}
	if (!mgmt_wants_stats(path)) {
		io_answers_reply(a, ask, path, query);
		return;
	}
	struct io_question *q = calloc(1, sizeof(*q));
	CHECK(q != NULL);
	*q = (struct io_question){a->waiting, ask, strdup(path), strdup(query)};
	CHECK(q->path != NULL && q->query != NULL);
	bool first = a->waiting == NULL;
	a->waiting = q;
	if (first)
		io_answers_get_stats(a);
}

static bool io_answers_acked(struct io_answers *a, uint32_t seq)
{
	if (!(seq & IO_ANSWER_SEQ))
		return false;
	if (seq == a->seq) {
		a->seq = 0;
		io_answers_release(a);
	}
	return true;
}

bool io_answers_told(struct io_answers *a, const struct fib_msg *m, int fd)
{
	if (m->type == FIB_ACK)
		return io_answers_acked(a, m->seq);
	if (m->type == FIB_RELOADED)
		io_answers_reloaded(a, m->seq, m->error, fd);
	else if (m->type == FIB_UNCONFIRMED)
		io_answers_unconfirmed(a, m->seconds);
	return m->type == FIB_RELOADED || m->type == FIB_UNCONFIRMED;
}

struct io_answers *io_answers_new(struct event_base *base, const struct router *router,
	struct io_fib *fib, const struct mgmt_live *live, const struct log *log, io_order_fn *fn,
	void *arg)
{
	struct io_answers *a = calloc(1, sizeof(*a));

	CHECK(a != NULL);
	a->router = router;
	a->fib = fib;
	a->live = *live;
	a->log = log;
	a->order = fn;
	a->arg = arg;
	io_vitals_begin(&a->vitals);
	a->late = io_watch_timer(base, io_answers_late, a);
	return a;
}

void io_answers_free(struct io_answers *a)
{
	static const char ending[] = "{\"error\":\"the router is ending\"}\n";

	while (a->waiting) {
		struct io_question *q = a->waiting;
		a->waiting = q->next;
		io_api_answer(q->ask, 503, ending, sizeof(ending) - 1);
		free(q->path);
		free(q->query);
		free(q);
	}
	while (a->reloads) {
		struct io_reload *r = a->reloads;
		a->reloads = r->next;
		io_api_answer(r->ask, 503, ending, sizeof(ending) - 1);
		free(r);
	}
	io_watch_free(a->late);
	free(a);
}
