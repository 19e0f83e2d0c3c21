#include "bgpd/io/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "bgpd/core/effect.h"
#include "bgpd/core/event.h"
#include "bgpd/core/router.h"
#include "bgpd/io/accept.h"
#include "bgpd/io/answer.h"
#include "bgpd/io/api.h"
#include "bgpd/io/clock.h"
#include "bgpd/io/confs.h"
#include "bgpd/io/conn.h"
#include "bgpd/io/fibclient.h"
#include "bgpd/io/links.h"
#include "bgpd/io/pace.h"
#include "bgpd/io/record.h"
#include "bgpd/io/remote.h"
#include "bgpd/io/said.h"
#include "bgpd/io/sockaddr.h"
#include "bgpd/io/watch.h"
#include "bgpd/mgmt/live.h"
#include "conf/adopt.h"
#include "lib/check.h"
#include "lib/timerq.h"

#define IO_BYE_MS      300 /* for mplsfwd to take the last records */
#define IO_BYE_LOOK_MS 10  /* whether the last words to caches and stations have left */

struct io {
	struct io_confs confs;
	const struct log *log;
	struct event_base *base;
	struct router *router;
	struct effects fx;
	struct io_fib *fib;
	struct io_api *apis[FIB_API_KINDS]; /* NULL: no such socket */
	struct io_answers *answers;
	struct mgmt_events *events;
	struct mgmt_updates *updates;
	struct io_listeners listeners;
	struct io_conns *conns;
	struct io_links links;
	struct io_remotes *remotes; /* NULL: none are configured */
	struct io_said *said;
	struct io_record *record; /* NULL: none asked for */
	struct io_watch *timer, *term, *intr, *leave, *stop;
	const struct io_roles *roles;
	SSL_CTX *api_tls;     /* NULL: no TLS */
	uint64_t timer_at_ms; /* what timer is set to; TIMERQ_NEVER: it is not */
	unsigned budget;      /* of the next slice of work */
	bool work_left, reads_left;
	uint64_t stop_by_ms; /* 0: not stopping */
	bool done;	     /* EFF_DONE: what is left is to flush */
	bool over;
	int status;
};

static void io_run_effect(struct io *io, struct effect *e)
{
	struct io_link *l;

	switch (e->kind) {
	case EFF_SEND:
		l = io_links_find(&io->links, e->conn);
		if (l)
			io_conn_send(l->conn, e->block);
		break;
	case EFF_CLOSE:
		l = io_links_find(&io->links, e->conn);
		if (!l)
			break;
		l->done = true;
		io_conn_close(l->conn);
		break;
	case EFF_FIB:
		if (e->fib.type != FIB_BYE) /* that one waits until the Ceases have left: io_stop */
			io_fib_send(io->fib, &e->fib);
		break;
	case EFF_NOTE:
		log_line(io->log, (enum log_level)e->level, e->event, "%s", e->text ? e->text : "");
		mgmt_events_note(io->events, e->event, e->text);
		break;
	case EFF_DONE:
		io->done = true;
		io_watch_after(io->stop, 0);
		break;
	case EFF_REMOTE_DIAL:
		io_remote_dial(io->remotes, e->remote);
		break;
	case EFF_REMOTE_SEND:
		io_remote_send(io->remotes, e->remote, e->block);
		break;
	case EFF_REMOTE_CLOSE:
		io_remote_close(io->remotes, e->remote);
		break;
	}
}

/* Carries out what the router wants; how many octets of an EV_RECV it took. */
static size_t io_run_effects(struct io *io)
{
	size_t consumed = io->fx.consumed;

	io_record_effects(io->record, &io->fx);
	for (size_t i = 0; i < io->fx.n; i++)
		io_run_effect(io, &io->fx.list[i]);
	effects_reset(&io->fx);
	return consumed;
}

/* For whoever reads what happens. */
static void io_tell_time(struct io *io)
{
	bool updates = mgmt_updates_wanted(io->updates);

	if (!updates && !mgmt_events_wanted(io->events))
		return;
	uint64_t now = io_clock_wall_us();
	mgmt_events_set_time(io->events, now / 1000);
	mgmt_updates_set_time(io->updates, now);
}

/* One event through the router; how many octets of an EV_RECV it took. */
static size_t io_step(struct io *io, const struct event *ev)
{
	uint64_t now = io_clock_now_ms();

	io_tell_time(io);
	io_record_event(io->record, ev, now);
	router_step(io->router, ev, now, &io->fx);
	io->work_left = true;
	return io_run_effects(io);
}

static bool io_can_work(const struct io *io)
{
	return io->work_left && !io_fib_is_congested(io->fib);
}

/* One slice of queued work, and everything that is to be written: that belongs to its cost. */
static void io_work(struct io *io)
{
	uint64_t begin = io_clock_now_us();
	bool working = io_can_work(io);

	if (working) {
		io_tell_time(io);
		io_record_work(io->record, io->budget, begin / 1000);
		io->work_left = router_work(io->router, io->budget, begin / 1000, &io->fx);
		io_run_effects(io);
	}
	/* a label is let in by the time that a neighbour hears of it (FIB_LABEL_TELL), its packets being slower */
	bool news = mgmt_updates_news(io->updates);
	if (mgmt_events_news(io->events) || news)
		for (unsigned i = 0; i < FIB_API_KINDS; i++)
			io_api_wake(io->apis[i]);
	io_fib_flush(io->fib);
	size_t most = io_conns_flush(io->conns);
	if (working)
		io->budget = io_pace_next(io->budget, io_clock_now_us() - begin, most);
}

/* When the router wants to be called again. */
static void io_arm(struct io *io)
{
	uint64_t next = router_deadline(io->router);

	if (next == io->timer_at_ms)
		return;
	io->timer_at_ms = next;
	if (next == TIMERQ_NEVER) {
		io_watch_cancel(io->timer);
		return;
	}
	uint64_t now = io_clock_now_ms();
	io_watch_after(io->timer, next > now ? next - now : 0);
}

static void io_deadline(void *arg, unsigned ready)
{
	struct io *io = arg;

	(void)ready;
	io->timer_at_ms = TIMERQ_NEVER;
	io_step(io, &(struct event){.kind = EV_TIMER});
}

static void io_conn_up(void *arg, struct io_conn *c)
{
	struct event ev = {.kind = EV_CONNECTED, .conn = io_conn_id(c)};

	if (io_sockaddr_remote(io_conn_fd(c), &ev.remote) &&
		io_sockaddr_local(io_conn_fd(c), &ev.local))
		io_step(arg, &ev);
	else
		io_conn_drop(c, ENOTCONN);
}

static size_t io_conn_received(void *arg, struct io_conn *c, const uint8_t *data, size_t len)
{
	struct io *io = arg;
	struct io_link *l = io_links_find(&io->links, io_conn_id(c));
	struct event ev = {.kind = EV_RECV, .conn = l->id, .data = data, .len = len};
	size_t taken = io_step(io, &ev);

	if (taken && !l->heard) {
		l->heard = true;
		if (l->identify)
			io_watch_cancel(l->identify);
	}
	return taken;
}

static void io_conn_flow(void *arg, struct io_conn *c, enum io_conn_flow what)
{
	static const enum event_kind kinds[] = {
		[IO_CONN_FULL] = EV_CONN_FULL,
		[IO_CONN_DRAINED] = EV_CONN_DRAINED,
		[IO_CONN_STALLED] = EV_CONN_STALLED,
		[IO_CONN_PROGRESS] = EV_CONN_PROGRESS,
	};

	io_step(arg, &(struct event){.kind = kinds[what], .conn = io_conn_id(c)});
}

static void io_conn_lost(void *arg, struct io_conn *c, bool up, int error)
{
	struct io *io = arg;

	io_links_find(&io->links, io_conn_id(c))->done = true;
	io_step(io, &(struct event){.kind = up ? EV_CONN_CLOSED : EV_CONN_FAILED,
			    .conn = io_conn_id(c),
			    .error = error});
}

static void io_conn_gone(void *arg, struct io_conn *c)
{
	struct io *io = arg;

	io_links_del(&io->links, io_links_find(&io->links, io_conn_id(c)));
	if (io->done && io->links.n == 0)
		io_watch_after(io->stop, 0);
}

static const struct io_conn_handler io_conn_calls = {
	.up = io_conn_up,
	.received = io_conn_received,
	.flow = io_conn_flow,
	.lost = io_conn_lost,
	.gone = io_conn_gone,
};

static struct io_link *io_link_new(struct io *io, int fd, unsigned peer, bool accepted)
{
	struct io_link *l = io_links_add(&io->links);

	if (!l) {
		log_line(io->log, LOG_ERROR_, "connections_full", "max=%u", IO_LINKS_MAX);
		close(fd);
		return NULL;
	}
	l->peer = peer;
	l->accepted = accepted;
	l->conn = io_conn_new(io->conns, fd, l->id, !accepted, &io_conn_calls, io);
	return l;
}

/* A neighbour (by its address) that connects and says nothing holds one of its two places no longer than this. */
static void io_unidentified(void *arg, unsigned ready)
{
	(void)ready;
	io_conn_drop(arg, ETIMEDOUT);
}

static void io_accepted(void *arg, int fd, unsigned peer, uint16_t vrf,
	const struct ip_addr *remote, const struct ip_addr *local)
{
	struct io *io = arg;
	struct io_link *l = io_link_new(io, fd, peer, true);

	if (!l)
		return;
	l->remote = *remote;
	log_line(io->log, LOG_DEBUG_, "accepted", "peer=%s conn=%u",
		io->confs.now->peers[peer].name, l->id);
	l->identify = io_watch_timer(io->base, io_unidentified, l->conn);
	io_watch_after(l->identify, IO_ACCEPT_IDENTIFY_MS);
	io_step(io, &(struct event){.kind = EV_ACCEPT,
			    .conn = l->id,
			    .vrf = vrf,
			    .remote = *remote,
			    .local = *local});
}

static unsigned io_accepted_count(void *arg, unsigned peer, const struct ip_addr *from)
{
	const struct io *io = arg;

	return io_links_accepted(&io->links, peer, from);
}

static const struct io_accept_handler io_accept_calls = {
	.count = io_accepted_count,
	.accepted = io_accepted,
};

static void io_remote_up(void *arg, uint32_t remote)
{
	io_step(arg, &(struct event){.kind = EV_REMOTE_UP, .remote_index = remote});
}

static void io_remote_down(void *arg, uint32_t remote, const char *why)
{
	io_step(arg, &(struct event){.kind = EV_REMOTE_DOWN, .remote_index = remote, .text = why});
}

static size_t io_remote_received(void *arg, uint32_t remote, const uint8_t *data, size_t len)
{
	return io_step(arg,
		&(struct event){
			.kind = EV_REMOTE_RECV, .remote_index = remote, .data = data, .len = len});
}

static void io_remote_flow(void *arg, uint32_t remote, bool full)
{
	io_step(arg, &(struct event){.kind = full ? EV_REMOTE_FULL : EV_REMOTE_DRAINED,
			     .remote_index = remote});
}

static const struct io_remote_handler io_remote_calls = {
	.up = io_remote_up,
	.down = io_remote_down,
	.received = io_remote_received,
	.flow = io_remote_flow,
};

static void io_listen(struct io *io, const struct fib_msg *m, int fd)
{
	struct io_listener **at = io_listeners_at(&io->listeners, io->confs.now, m->vrf);

	if (fd < 0 || !at) {
		log_line(io->log, LOG_ERROR_, "listener_missing", "vrf=%u error=\"%s\"", m->vrf,
			strerror(m->error));
		if (fd >= 0)
			close(fd);
		return;
	}
	io_listener_free(*at);
	*at = io_listener_new(io->base, fd, m->vrf, io->confs.now, io->log, &io_accept_calls, io);
}

static void io_serve(struct io *io, enum fib_api kind, int fd)
{
	const struct io_api_setup setup = {.kind = kind,
		.roles = io->roles,
		.tls = kind == FIB_API_TLS ? io->api_tls : NULL,
		.log = io->log,
		.fn = io_answers_asked,
		.arg = io->answers};

	io_api_serve(&io->apis[kind], io->base, fd, &setup);
}

static void io_reload(struct io *io, int fd)
{
	struct conf_change change;
	int error = io_confs_take(&io->confs, fd, io->router, &change);

	/* before the sockets that it asks for: those are of neighbours that only the new one knows */
	io_fib_send(io->fib, &(struct fib_msg){.type = FIB_CONF_TAKEN, .error = error});
	if (error)
		return;
	io_record_end(&io->record);
	io_said_reload(io->said, io->confs.now);
	io_tell_time(io);
	io_listeners_reload(&io->listeners, io->confs.now);
	if (io->remotes)
		io_remotes_keep(io->remotes, io->confs.now);
	CHECK(router_reload(io->router, io->confs.now, &change, io_clock_now_ms(), &io->fx));
	conf_change_fini(&change);
	io->work_left = true;
	io_run_effects(io);
}

static void io_fib_message(void *arg, const struct fib_msg *m, int fd)
{
	struct io *io = arg;
	struct event ev = {.kind = EV_FIB, .fib = *m, .vrf = m->vrf, .error = m->error};

	if (m->type == FIB_LISTENER) {
		io_listen(io, m, fd);
		return;
	}
	if (m->type == FIB_API) {
		io_serve(io, (enum fib_api)m->flags, fd);
		return;
	}
	if (m->type == FIB_CONF) {
		io_reload(io, fd);
		return;
	}
	if (m->type == FIB_ALIVE_GET) {
		io_fib_send(io->fib, &(struct fib_msg){.type = FIB_ALIVE, .seq = m->seq});
		return;
	}
	if (io_answers_told(io->answers, m, fd) || io_said_logged(io->said, m))
		return;
	if (fd >= 0) {
		struct io_link *l = io_link_new(io, fd, m->peer, false);
		ev.conn = l ? l->id : 0;
		if (!l)
			ev.error = ev.fib.error = EMFILE;
	} else if (m->type == FIB_SOCKET && !m->error) {
		ev.error = ev.fib.error = EMFILE;
	}
	io_step(io, &ev);
	if (m->type == FIB_GUARD_DROP)
		mgmt_events_drop(io->events);
}

static void io_drained(void *arg)
{
	(void)arg; /* the turn that this is in does the work */
}

static void io_fib_ended(void *arg, const char *why)
{
	struct io *io = arg;

	log_line(io->log, LOG_ERROR_, "mplsfwd_gone", "reason=\"%s\"", why);
	io->status = 1;
	io->over = true;
}

static const struct io_fib_handler io_fib_calls = {
	.message = io_fib_message,
	.drained = io_drained,
	.ended = io_fib_ended,
};

static void io_end_with(struct io *io, enum event_kind how)
{
	if (io->stop_by_ms)
		return;
	io->stop_by_ms = io_clock_now_ms() + IO_STOP_MS;
	io_watch_after(io->stop, IO_STOP_MS);
	io_step(io, &(struct event){.kind = how});
}

static void io_terminate(void *arg, unsigned ready)
{
	(void)ready;
	io_end_with(arg, EV_STOP);
}

static void io_leave(void *arg, unsigned ready)
{
	(void)ready;
	io_end_with(arg, EV_LEAVE);
}

/* Done, a connection less, or the time is over. */
static void io_stop(void *arg, unsigned ready)
{
	struct io *io = arg;
	uint64_t now = io_clock_now_ms();

	(void)ready;
	bool flushed = !io->remotes || io_remotes_are_flushed(io->remotes);
	if (now < io->stop_by_ms && (!io->done || io->links.n || !flushed)) {
		bool soon = io->done && !io->links.n;
		io_watch_after(io->stop, soon ? IO_BYE_LOOK_MS : io->stop_by_ms - now);
		return;
	}
	io_said_stop(io->said);
	io_fib_send(io->fib, &(struct fib_msg){.type = FIB_BYE});
	io_fib_finish(io->fib, IO_BYE_MS);
	io->over = true;
}

static void io_ordered(void *arg, const struct event *ev)
{
	io_step(arg, ev);
}

static void io_init(struct io *io, const struct io_options *o)
{
	*io = (struct io){.confs = {.now = o->conf, .first = o->conf},
		.log = o->log,
		.roles = o->roles,
		.api_tls = o->api_tls,
		.timer_at_ms = TIMERQ_NEVER,
		.budget = IO_PACE_FIRST};
	signal(SIGPIPE, SIG_IGN); /* evhttp writes with writev */
	io->base = event_base_new();
	CHECK(io->base != NULL);
	io_listeners_reload(&io->listeners, o->conf);
	effects_init(&io->fx);
	if (o->record_fd >= 0)
		io->record = io_record_new(o->record_fd, o->seed, o->log);
	io->router = router_new(o->conf, o->seed);
	io->conns = io_conns_new(io->base);
	io->remotes = o->remotes;
	if (io->remotes)
		io_remotes_run(io->remotes, io->base, &io_remote_calls, io);
	io->timer = io_watch_timer(io->base, io_deadline, io);
	io->stop = io_watch_timer(io->base, io_stop, io);
	io->term = io_watch_signal(io->base, SIGTERM, io_terminate, io);
	io->intr = io_watch_signal(io->base, SIGINT, io_terminate, io);
	io->leave = io_watch_signal(io->base, SIGUSR1, io_leave, io);
	io->fib = io_fib_new(io->base, o->pair_fd, &io_fib_calls, io);
	io->said = o->said;
	io_said_run(io->said, io->base, io->fib);
	io->events = mgmt_events_new(io->router);
	io->updates = mgmt_updates_new(io->router);
	struct mgmt_live live = {.router = io->router,
		.events = io->events,
		.updates = io->updates,
		.log = o->log->ring};
	io->answers = io_answers_new(io->base, io->router, io->fib, &live, io->log, io_ordered, io);
}

static void io_fini(struct io *io)
{
	io_answers_free(io->answers);
	for (unsigned i = 0; i < FIB_API_KINDS; i++)
		io_api_free(io->apis[i]);
	mgmt_events_free(io->events);
	mgmt_updates_free(io->updates);
	io_listeners_fini(&io->listeners);
	io_links_fini(&io->links);
	io_conns_free(io->conns);
	io_remotes_free(io->remotes);
	io_said_stop(io->said);
	io_fib_free(io->fib);
	io_watch_free(io->timer);
	io_watch_free(io->stop);
	io_watch_free(io->term);
	io_watch_free(io->intr);
	io_watch_free(io->leave);
	effects_fini(&io->fx);
	router_free(io->router);
	io_confs_fini(&io->confs);
	io_record_free(io->record);
	event_base_free(io->base);
}

/* What is ready first, then work, then writing: once each, so that nobody waits longer than a turn. */
static void io_turn(struct io *io)
{
	bool busy = io_can_work(io) || io->reads_left;

	event_base_loop(io->base, EVLOOP_ONCE | (busy ? EVLOOP_NONBLOCK : 0));
	if (!io->over)
		io->reads_left = io_conns_read(io->conns, io_clock_now_us() + IO_READ_US);
	if (!io->over &&
		io->reads_left) /* that took all its time: others first, an answer takes several of these */
		event_base_loop(io->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
	if (io->over)
		return;
	io_work(io);
	io_confs_end(&io->confs, io->router);
	io_said_turn(io->said);
	io_arm(io);
}

int io_loop_run(const struct io_options *o)
{
	struct io *io = malloc(sizeof(*io));

	CHECK(io != NULL);
	io_init(io, o);
	for (unsigned i = 0; o->kept && i < o->kept->n; i++)
		io_step(io, &(struct event){.kind = EV_FIB,
				    .vrf = o->kept->list[i].vrf,
				    .fib = o->kept->list[i]});
	io_step(io, &(struct event){.kind = EV_START, .wall_us = io_clock_wall_us()});
	io_work(io);
	io_arm(io);
	while (!io->over)
		io_turn(io);
	int status = io->status;
	io_fini(io);
	free(io);
	return status;
}
