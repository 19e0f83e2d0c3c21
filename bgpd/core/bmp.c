#include "bgpd/core/bmp.h"

#include <stdio.h>
#include <stdlib.h>

#include "bgpd/core/bmp_locrib.h"
#include "bgpd/core/bmp_routes.h"
#include "bgpd/core/bmp_send.h"
#include "bgpd/core/bmp_session.h"
#include "config.h"
#include "lib/check.h"
#include "lib/log.h"

#define SYS_DESCR	       "Ravelin " PACKAGE_VERSION
#define INITIATION_OCTETS      1024
#define TERMINATION_ADMIN_DOWN 0 /* RFC 7854 4.5 */

static struct out_view view_of(const struct router *r, enum wire_family f, unsigned variant)
{
	uint32_t bit = WIRE_FAMILY_BIT(f);
	struct wire_ctx ctx = {.as4 = true,
		.families = bit,
		.add_path_tx = variant & CORE_BMP_PATH_ID ? bit : 0,
		.extended_next_hop = bit,
		.msg_max = variant & CORE_BMP_LONG ? WIRE_MSG_MAX_EXTENDED : WIRE_MSG_MAX,
		.local_as = r->conf->as};
	struct pol_receiver to = pol_receiver_of(f, RIB_VRF_CORE, &ctx, ip_addr_v4(r->conf->id));

	to.monitor = true;
	return out_view_of(f, &ctx, &to);
}

static struct core_bmp_station *station_of(struct core_bmp *b, uint32_t remote)
{
	for (unsigned i = 0; i < b->n_stations; i++)
		if (b->stations[i].remote == remote)
			return &b->stations[i];
	return NULL;
}

static struct core_bmp_station *station_make(struct router *r, uint32_t remote)
{
	struct core_bmp *b = r->bmp;
	struct core_bmp_station *s = &b->stations[b->n_stations];

	CHECK(b->n_stations < CONF_STATIONS_MAX);
	*s = (struct core_bmp_station){.conf = &r->conf->remotes[remote],
		.remote = remote,
		.number = b->n_stations++,
		.redial_ms = TIMERQ_NEVER,
		.statistics_ms = TIMERQ_NEVER};
	core_bmp_packs_init(b, &s->packs);
	return s;
}

void core_bmp_keep(struct router *r)
{
	for (unsigned i = 0; i < r->bmp->n_stations; i++)
		r->bmp->stations[i].conf = &r->conf->remotes[r->bmp->stations[i].remote];
}

void core_bmp_init(struct router *r)
{
	struct core_bmp *b = r->bmp = calloc(1, sizeof(*b));

	CHECK(b != NULL);
	b->stations = calloc(CONF_STATIONS_MAX, sizeof(*b->stations));
	b->sessions = calloc(CORE_PEERS_MAX, sizeof(*b->sessions));
	CHECK(b->stations != NULL && b->sessions != NULL);
	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		for (unsigned v = 0; v < CORE_BMP_VARIANTS; v++)
			b->views[f][v] = view_of(r, f, v);
	core_bmp_packs_init(b, &b->packs);
	for (uint32_t i = 0; i < r->conf->n_remotes; i++)
		if (r->conf->remotes[i].kind == CONF_REMOTE_STATION)
			station_make(r, i);
}

void core_bmp_fini(struct router *r)
{
	struct core_bmp *b = r->bmp;

	if (!b)
		return;
	core_bmp_sessions_fini(r);
	core_bmp_packs_fini(r->store, &b->packs);
	for (unsigned i = 0; i < b->n_stations; i++) {
		core_bmp_packs_fini(r->store, &b->stations[i].packs);
		core_bmp_queue_drop(&b->stations[i]);
	}
	free(b->stations);
	free(b->sessions);
	free(b);
	r->bmp = NULL;
}

static void enter(struct core_run *run, struct core_bmp_station *s, enum core_bmp_phase phase)
{
	s->phase = phase;
	s->since_ms = run->now_ms;
	s->redial_ms = s->statistics_ms = TIMERQ_NEVER;
	s->full = s->overrun = false;
}

static void dial(struct core_run *run, struct core_bmp_station *s)
{
	enter(run, s, CORE_BMP_DIALLED);
	effect_remote_dial(run->fx, s->remote);
}

void core_bmp_start(struct core_run *run)
{
	struct core_bmp *b = run->r->bmp;

	for (unsigned i = 0; b && i < b->n_stations; i++)
		if (b->stations[i].phase == CORE_BMP_DOWN &&
			!conf_remote_is_gone(b->stations[i].conf))
			dial(run, &b->stations[i]);
}

static void say_initiation(struct core_run *run, struct core_bmp_station *s)
{
	uint8_t octets[INITIATION_OCTETS];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	const char *name = run->r->conf->router_name;

	CHECK(bmp_put_initiation(&w, SYS_DESCR, name ? name : ""));
	core_bmp_send_octets(run, s, &w);
}

/* RFC 7854 3.3: who we are, who is there, what they have said. */
static void on_up(struct core_run *run, struct core_bmp_station *s)
{
	struct router *r = run->r;

	enter(run, s, CORE_BMP_UP);
	s->ups++;
	if (s->conf->statistics_s)
		s->statistics_ms = run->now_ms + s->conf->statistics_s * 1000ull;
	effect_note(run->fx, LOG_INFO_, "bmp_up", "station=%s", s->conf->name);
	say_initiation(run, s);
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		if (r->peers[i].source != RIB_SOURCE_NONE)
			core_bmp_say_up(run, s, &r->peers[i]);
	core_bmp_follow(r);
	core_bmp_walk_begin(s);
	core_bmp_loc_ribs_join(run, s);
}

/* Gone: nothing is kept for it, and it is dialled again later. */
static void lose(struct core_run *run, struct core_bmp_station *s, const char *why)
{
	struct router *r = run->r;

	if (s->phase == CORE_BMP_UP)
		core_bmp_loc_ribs_leave(r, s);
	core_bmp_queue_drop(s);
	s->walk.on = false;
	snprintf(s->reason, sizeof(s->reason), "%s", why);
	enter(run, s, CORE_BMP_DOWN);
	core_bmp_follow(r);
	if (!r->stopping)
		s->redial_ms = run->now_ms + s->conf->retry_s * 1000ull;
}

static void on_down(struct core_run *run, struct core_bmp_station *s, const char *why)
{
	bool was_up = s->phase == CORE_BMP_UP;

	effect_note(run->fx, was_up ? LOG_WARN_ : LOG_DEBUG_, "bmp_down", "station=%s why=\"%s\"",
		s->conf->name, why);
	lose(run, s, why);
}

static void on_flow(struct core_run *run, struct core_bmp_station *s, bool full)
{
	s->full = full;
	core_bmp_loc_ribs_flow(run->r, s);
}

void core_bmp_step(struct core_run *run, const struct event *ev)
{
	struct core_bmp_station *s = station_of(run->r->bmp, ev->remote_index);

	if (!s)
		return;
	if (ev->kind == EV_REMOTE_RECV) /* a station has nothing to say (RFC 7854 3.2) */
		run->fx->consumed = ev->len;
	else if (ev->kind == EV_REMOTE_UP && s->phase == CORE_BMP_DIALLED)
		on_up(run, s);
	else if (ev->kind == EV_REMOTE_DOWN && s->phase != CORE_BMP_DOWN)
		on_down(run, s, ev->text ? ev->text : "connection lost");
	else if (s->phase == CORE_BMP_UP &&
		 (ev->kind == EV_REMOTE_FULL || ev->kind == EV_REMOTE_DRAINED))
		on_flow(run, s, ev->kind == EV_REMOTE_FULL);
}

/* Its last words. */
static void part(struct core_run *run, struct core_bmp_station *s, const char *why)
{
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	if (s->phase == CORE_BMP_UP) {
		core_bmp_loc_ribs_down(run, s);
		CHECK(bmp_put_termination(&w, TERMINATION_ADMIN_DOWN));
		core_bmp_send_octets(run, s, &w);
	}
	if (s->phase != CORE_BMP_DOWN)
		effect_remote_close(run->fx, s->remote);
	lose(run, s, why);
}

void core_bmp_stop(struct core_run *run)
{
	struct core_bmp *b = run->r->bmp;

	for (unsigned i = 0; b && i < b->n_stations; i++)
		part(run, &b->stations[i], "ravelin stops");
}

void core_bmp_leave(struct core_run *run, const uint8_t *fates)
{
	struct core_bmp *b = run->r->bmp;

	for (unsigned i = 0; i < b->n_stations; i++) {
		struct core_bmp_station *s = &b->stations[i];

		if (fates[s->remote] == CONF_FATE_SAME)
			continue;
		part(run, s, "another configuration");
		s->redial_ms = TIMERQ_NEVER;
	}
}

/* As one that was never there. */
static void renew(struct core_bmp_station *s)
{
	s->messages = s->octets = s->ups = s->overruns = 0;
	s->queue_peak = 0;
	s->reason[0] = '\0';
}

void core_bmp_reload(struct core_run *run, const uint8_t *fates)
{
	struct router *r = run->r;

	for (uint32_t i = 0; i < r->conf->n_remotes; i++) {
		struct core_bmp_station *s = station_of(r->bmp, i);

		if (r->conf->remotes[i].kind != CONF_REMOTE_STATION || fates[i] == CONF_FATE_SAME ||
			fates[i] == CONF_FATE_GONE)
			continue;
		if (!s)
			s = station_make(r, i);
		renew(s);
		if (r->started && !r->stopping)
			dial(run, s);
	}
}

void core_bmp_tick(struct core_run *run)
{
	struct core_bmp *b = run->r->bmp;

	for (unsigned i = 0; b && i < b->n_stations; i++) {
		struct core_bmp_station *s = &b->stations[i];

		if (s->redial_ms <= run->now_ms)
			dial(run, s);
		if (s->statistics_ms <= run->now_ms) {
			s->statistics_ms = run->now_ms + s->conf->statistics_s * 1000ull;
			core_bmp_say_statistics(run, s);
		}
	}
}

uint64_t core_bmp_deadline(const struct router *r)
{
	const struct core_bmp *b = r->bmp;
	uint64_t at = TIMERQ_NEVER;

	for (unsigned i = 0; b && i < b->n_stations; i++) {
		const struct core_bmp_station *s = &b->stations[i];

		if (s->redial_ms < at)
			at = s->redial_ms;
		if (s->statistics_ms < at)
			at = s->statistics_ms;
	}
	return at;
}

/* More waits than may: what it has is not what is, so it begins anew. */
static void overrun(struct core_run *run, struct core_bmp_station *s)
{
	s->overruns++;
	effect_note(run->fx, LOG_WARN_, "bmp_slow", "station=%s waiting=%zu again_s=%u",
		s->conf->name, s->queue_octets, s->conf->retry_s);
	effect_remote_close(run->fx, s->remote);
	lose(run, s, "it reads too slowly");
}

bool core_bmp_work(struct core_run *run, unsigned *budget)
{
	struct core_bmp *b = run->r->bmp;
	bool left = false;

	for (unsigned i = 0; b && i < b->n_stations; i++) {
		struct core_bmp_station *s = &b->stations[i];

		if (s->overrun)
			overrun(run, s);
		if (s->phase != CORE_BMP_UP)
			continue;
		if (core_bmp_drain(run, s))
			left = true;
		else if (s->walk.on && !s->full)
			left |= core_bmp_walk(run, s, budget);
	}
	return left;
}
