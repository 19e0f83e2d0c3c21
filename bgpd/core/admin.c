#include "bgpd/core/admin.h"

#include <string.h>

#include "bgpd/core/feed.h"
#include "bgpd/core/session.h"
#include "bgpd/wire/notify.h"
#include "lib/check.h"
#include "lib/log.h"
#include "lib/text.h"

static void admin_reset(struct core_run *run, struct core_peer *p, const struct event *ev)
{
	core_session_reset(run, p, WIRE_CEASE_ADMIN_RESET, ev->text);
}

static void admin_shutdown(struct core_run *run, struct core_peer *p, const struct event *ev)
{
	p->admin_down = true;
	core_session_stop(run, p, WIRE_CEASE_ADMIN_SHUTDOWN, ev->text);
}

static void admin_enable(struct core_run *run, struct core_peer *p, const struct event *ev)
{
	(void)ev;
	p->admin_down = false;
	core_session_reset(run, p, WIRE_CEASE_ADMIN_RESET, NULL);
}

static void admin_refresh_in(struct core_run *run, struct core_peer *p, const struct event *ev)
{
	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		if (!ev->families || ev->families & WIRE_FAMILY_BIT(f))
			core_session_ask(run, p, f);
}

static void admin_refresh_out(struct core_run *run, struct core_peer *p, const struct event *ev)
{
	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		if (!ev->families || ev->families & WIRE_FAMILY_BIT(f))
			(void)out_set_refresh(&run->r->out, p->index, f);
}

static void admin_refresh(struct core_run *run, struct core_peer *p, const struct event *ev)
{
	admin_refresh_in(run, p, ev);
	admin_refresh_out(run, p, ev);
}

static void set_graceful(struct core_run *run, struct core_peer *p, bool on)
{
	p->graceful_shutdown = on;
	p->view_changed = p->source != RIB_SOURCE_NONE;
	run->r->views_changed = true;
}

static void admin_graceful_on(struct core_run *run, struct core_peer *p, const struct event *ev)
{
	(void)ev;
	set_graceful(run, p, true);
}

static void admin_graceful_off(struct core_run *run, struct core_peer *p, const struct event *ev)
{
	(void)ev;
	set_graceful(run, p, false);
}

static bool is_up(const struct core_peer *p)
{
	return fsm_peer_state(&p->fsm) == FSM_ESTABLISHED;
}

static bool can_ask(const struct core_peer *p)
{
	return is_up(p) && p->fsm.ctx.refresh;
}

/* By an order, or by a limit that only an order forgets. */
static bool is_down(const struct core_peer *p)
{
	return p->admin_down || !p->fsm.started || p->fsm.blocked;
}

static bool is_not_down(const struct core_peer *p)
{
	return !p->admin_down;
}

static bool is_not_graceful(const struct core_peer *p)
{
	return !p->graceful_shutdown;
}

static bool is_graceful(const struct core_peer *p)
{
	return p->graceful_shutdown;
}

struct admin_action {
	const char *name;
	bool (*applies)(const struct core_peer *p);
	void (*act)(struct core_run *run, struct core_peer *p, const struct event *ev);
};

static const struct admin_action actions[ADMIN_ACTIONS] = {
	[ADMIN_RESET] = {"reset", is_not_down, admin_reset},
	[ADMIN_SHUTDOWN] = {"shutdown", is_not_down, admin_shutdown},
	[ADMIN_ENABLE] = {"enable", is_down, admin_enable},
	[ADMIN_REFRESH] = {"refresh", is_up, admin_refresh},
	[ADMIN_REFRESH_IN] = {"refresh in", can_ask, admin_refresh_in},
	[ADMIN_REFRESH_OUT] = {"refresh out", is_up, admin_refresh_out},
	[ADMIN_GRACEFUL_ON] = {"graceful-shutdown on", is_not_graceful, admin_graceful_on},
	[ADMIN_GRACEFUL_OFF] = {"graceful-shutdown off", is_graceful, admin_graceful_off},
};

bool core_admin_applies(const struct core_peer *p, enum event_admin admin, uint32_t families)
{
	CHECK(admin < ADMIN_ACTIONS);
	return actions[admin].applies(p) && (!families || (families & p->fsm.ctx.families));
}

static void admin_one(struct core_run *run, struct core_peer *p, const struct event *ev)
{
	char said[EFFECT_TEXT_MAX / 2];
	struct text t = text_of(said, sizeof(said));

	if (!core_admin_applies(p, ev->admin, ev->families))
		return;
	if (ev->text)
		text_add_escaped(&t, ev->text, strlen(ev->text));
	effect_note(run->fx, LOG_INFO_, "ordered", "peer=%s order=\"%s\"%s%s%s", p->name,
		actions[ev->admin].name, ev->text ? " text=\"" : "", ev->text ? said : "",
		ev->text ? "\"" : "");
	actions[ev->admin].act(run, p, ev);
}

void core_admin_step(struct core_run *run, const struct event *ev)
{
	struct router *r = run->r;

	if (!r->started || r->stopping)
		return;
	if (ev->peer != EVENT_PEER_ALL) {
		if (ev->peer < r->conf->n_peers)
			admin_one(run, &r->peers[ev->peer], ev);
		return;
	}
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		admin_one(run, &r->peers[i], ev);
}

bool core_admin_work(struct core_run *run)
{
	struct router *r = run->r;
	bool moved = false;

	if (!r->views_changed)
		return false;
	r->views_changed = false;
	for (unsigned i = 0; i < r->conf->n_peers; i++) {
		struct core_peer *p = &r->peers[i];

		if (!p->view_changed)
			continue;
		if (!out_set_is_settled(&r->out, p->index)) {
			r->views_changed = true;
			continue;
		}
		p->view_changed = false;
		core_feed_view(r, p);
		moved = true;
	}
	return moved;
}
