#include "bgpd/core/interval.h"
#include "bgpd/core/session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bgpd/core/bmp.h"
#include "bgpd/core/feed.h"
#include "bgpd/core/limit.h"
#include "bgpd/core/rtc.h"
#include "bgpd/core/places.h"
#include "bgpd/core/restart.h"
#include "bgpd/core/tap.h"
#include "bgpd/wire/notify.h"
#include "lib/check.h"
#include "lib/log.h"

#define STALL_NOTICED_MS 1000 /* EV_CONN_STALLED comes so long after the last octet was taken */

/* RT membership has one path a neighbour and its own rule for next hops (RFC 4684 4). */
#define ROUTE_FAMILIES (WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST) | WIRE_FAMILY_BIT(WIRE_VPNV4))

static void offer_init(struct fsm_conf *f, const struct conf_peer *c)
{
	uint32_t routes = c->families & ROUTE_FAMILIES;

	f->extended_message = !c->no_extended_messages;
	f->extended_next_hop = c->extended_next_hop ? routes : 0;
	f->add_path_receive = c->add_path_receive ? routes : 0;
	f->add_path_send = c->add_path_send ? routes : 0;
	f->role = (uint8_t)c->role;
	f->role_strict = c->role_strict;
}

static uint32_t local_id(const struct conf *conf, const struct conf_peer *c)
{
	uint32_t id = c->vrf == CONF_VRF_NONE ? 0 : conf->vrfs[c->vrf].id;

	return id ? id : conf->id;
}

void core_session_init(struct core_peer *p, const struct conf *conf, unsigned index, uint64_t seed)
{
	const struct conf_peer *c = &conf->peers[index];
	struct fsm_conf f = {
		.local_as = conf->as,
		.local_id = local_id(conf, c),
		.peer_as = c->as,
		.hold_s = c->hold_s,
		.connect_retry_s = c->connect_retry_s,
		.send_hold_s = c->send_hold_s,
		.families = c->families,
		.passive = c->passive || c->dynamic,
	};

	*p = (struct core_peer){.conf = c,
		.index = index,
		.addr = c->addr,
		.as = c->as,
		.name = c->name,
		.source = RIB_SOURCE_NONE,
		.restart = {.source = RIB_SOURCE_NONE, .at_ms = TIMERQ_NEVER},
		.graceful_shutdown = c->graceful_shutdown};
	core_limit_init(&p->limit);
	core_rtc_down(p);
	offer_init(&f, c);
	fsm_peer_init(&p->fsm, &f, seed ^ ((uint64_t)index + 1) << 20);
	core_restart_offer(p, false, false);
}

bool core_session_slot(const struct core_peer *p, enum fsm_slot *slot)
{
	for (unsigned s = 0; s < FSM_SLOTS; s++)
		if (p->fsm.conn[s].state == FSM_ESTABLISHED) {
			*slot = s;
			return p->conn[s] != CORE_CONN_NONE;
		}
	return false;
}

uint32_t core_session_conn(const struct core_peer *p)
{
	enum fsm_slot slot;

	return core_session_slot(p, &slot) ? p->conn[slot] : CORE_CONN_NONE;
}

void core_session_send(
	struct core_run *run, struct core_peer *p, enum fsm_slot slot, struct out_block *block)
{
	p->count.messages_out += block->messages;
	core_tap_message(run->r, p, slot, true, block->data, block->len);
	effect_send(run->fx, p->conn[slot], block);
}

static bool peer_has_conn(const struct core_peer *p, uint32_t conn, enum fsm_slot *slot)
{
	for (unsigned s = 0; s < FSM_SLOTS; s++)
		if (conn != CORE_CONN_NONE && p->conn[s] == conn) {
			*slot = s;
			return true;
		}
	return false;
}

/* The hint makes this cost the same beside hundreds of idle peers; it is only believed where it is right. */
static struct core_peer *peer_of_conn(struct router *r, uint32_t conn, enum fsm_slot *slot)
{
	uint16_t *hint = &r->conn_hints[conn % CORE_CONN_HINTS];

	if (*hint < r->conf->n_peers && peer_has_conn(&r->peers[*hint], conn, slot))
		return &r->peers[*hint];
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		if (peer_has_conn(&r->peers[i], conn, slot)) {
			*hint = (uint16_t)i;
			return &r->peers[i];
		}
	return NULL;
}

static void out_dial(struct core_run *run, struct core_peer *p, const struct fsm_outputs *out,
	const struct fsm_output *o)
{
	(void)out;
	(void)o;
	if (p->dial_asked)
		return; /* the socket asked for earlier will do */
	p->dial_asked = true;
	effect_fib(run->fx,
		&(struct fib_msg){.type = FIB_DIAL, .seq = p->life, .peer = (uint16_t)p->index});
}

static void out_send(struct core_run *run, struct core_peer *p, const struct fsm_outputs *out,
	const struct fsm_output *o)
{
	struct out_block *b = out_block_new(out->octets + o->at, o->len);

	core_bmp_sent(run->r, p, o->slot, b->data, b->len);
	core_session_send(run, p, o->slot, b);
	out_block_unref(b);
}

static void out_close(struct core_run *run, struct core_peer *p, const struct fsm_outputs *out,
	const struct fsm_output *o)
{
	(void)out;
	if (p->conn[o->slot] != CORE_CONN_NONE)
		effect_close(run->fx, p->conn[o->slot]);
	p->conn[o->slot] = CORE_CONN_NONE;
}

static void out_established(struct core_run *run, struct core_peer *p,
	const struct fsm_outputs *out, const struct fsm_output *o)
{
	(void)out;
	(void)o;
	p->as = p->fsm.ctx.peer_as;
	effect_note(run->fx, LOG_INFO_, "session_up", "peer=%s%s%s as=%u hold_s=%u", p->name,
		p->conf->dynamic ? " range=" : "", p->conf->dynamic ? p->conf->name : "", p->as,
		p->fsm.hold_ms / 1000);
	core_bmp_peer_up(run, p);
	core_feed_up(run, p);
}

static void out_down(struct core_run *run, struct core_peer *p, const struct fsm_outputs *out,
	const struct fsm_output *o)
{
	(void)out;
	(void)o;
	effect_note(run->fx, LOG_WARN_, "session_down", "peer=%s reason=\"%s\"", p->name,
		p->fsm.reason);
	core_limit_down(p);
	core_bmp_peer_down(run, p);
	core_feed_down(run, p);
}

static void out_deliver(struct core_run *run, struct core_peer *p, const struct fsm_outputs *out,
	const struct fsm_output *o)
{
	(void)out;
	if (o->msg.type == WIRE_REFRESH)
		core_feed_refresh(run, p, &o->msg);
}

/* A peer that is not there changes its state with every attempt: not for an operator's log. */
static void out_state(struct core_run *run, struct core_peer *p, const struct fsm_outputs *out,
	const struct fsm_output *o)
{
	(void)out;
	effect_note(
		run->fx, LOG_DEBUG_, "session_state", "peer=%s change=\"%s\"", p->name, o->text);
}

static void out_note(struct core_run *run, struct core_peer *p, const struct fsm_outputs *out,
	const struct fsm_output *o)
{
	(void)out;
	effect_note(run->fx, LOG_INFO_, "session_note", "peer=%s what=\"%s\"", p->name, o->text);
}

typedef void output_handler(struct core_run *run, struct core_peer *p,
	const struct fsm_outputs *out, const struct fsm_output *o);

void core_session_input(struct core_run *run, struct core_peer *p, const struct fsm_input *in)
{
	static output_handler *const handlers[] = {
		[FSM_OUT_DIAL] = out_dial,
		[FSM_OUT_SEND] = out_send,
		[FSM_OUT_CLOSE] = out_close,
		[FSM_OUT_ESTABLISHED] = out_established,
		[FSM_OUT_DOWN] = out_down,
		[FSM_OUT_DELIVER] = out_deliver,
		[FSM_OUT_STATE] = out_state,
		[FSM_OUT_NOTE] = out_note,
	};
	enum fsm_state before = fsm_peer_state(&p->fsm);
	struct fsm_outputs out;

	fsm_peer_step(&p->fsm, in, run->now_ms, &out);
	core_tap_state(run->r, p, before);
	for (unsigned i = 0; i < out.n; i++)
		handlers[out.list[i].kind](run, p, &out, &out.list[i]);
	core_place_put(run, p);
	core_session_arm(run, p);
}

void core_session_arm(struct core_run *run, struct core_peer *p)
{
	uint64_t at = fsm_peer_deadline(&p->fsm), limit = core_limit_deadline(p);

	if (limit < at)
		at = limit;
	if (core_restart_deadline(p) < at)
		at = core_restart_deadline(p);
	if (core_rtc_deadline(p) < at)
		at = core_rtc_deadline(p);
	if (at == TIMERQ_NEVER)
		timerq_del(&run->r->timers, &p->timer);
	else
		timerq_add(&run->r->timers, &p->timer, at);
}

void core_session_timer(struct core_run *run, struct core_peer *p)
{
	core_limit_timer(run, p);
	core_restart_timer(run, p);
	core_rtc_timer(run, p);
	core_session_input(run, p, &(struct fsm_input){.kind = FSM_IN_TIMER});
}

void core_session_ask(struct core_run *run, struct core_peer *p, enum wire_family f)
{
	enum fsm_slot slot;
	uint8_t octets[WIRE_HEADER_LEN + 4];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct out_block *b;

	if (!core_session_slot(p, &slot) || !p->fsm.ctx.refresh ||
		!(p->fsm.ctx.families & WIRE_FAMILY_BIT(f)))
		return;
	wire_refresh_put(&w, f, WIRE_REFRESH_REQUEST);
	CHECK(wbuf_ok(&w));
	b = out_block_new(octets, w.len);
	core_session_send(run, p, slot, b);
	out_block_unref(b);
}

void core_session_start(struct core_run *run, struct core_peer *p)
{
	core_session_input(run, p, &(struct fsm_input){.kind = FSM_IN_START});
}

void core_session_reset(
	struct core_run *run, struct core_peer *p, uint8_t subcode, const char *text)
{
	core_session_stop(run, p, subcode, text);
	core_session_start(run, p);
}

void core_session_stop(struct core_run *run, struct core_peer *p, uint8_t subcode, const char *text)
{
	core_limit_reset(p);
	core_restart_drop(run, p);
	core_session_input(
		run, p, &(struct fsm_input){.kind = FSM_IN_STOP, .subcode = subcode, .text = text});
}

void core_session_accept(struct core_run *run, const struct event *ev)
{
	char addr[IP_ADDR_STRLEN];
	const char *why;
	struct core_peer *p = core_place_get(run, ev->vrf, &ev->remote, &why);

	if (!p) {
		if (why)
			effect_note(run->fx, LOG_WARN_, "connection_refused",
				"remote=%s why=\"%s\"", ip_addr_print(&ev->remote, addr), why);
		effect_close(run->fx, ev->conn);
		return;
	}
	p->conn[FSM_INBOUND] = ev->conn;
	p->local[FSM_INBOUND] = ev->local;
	core_session_input(run, p, &(struct fsm_input){.kind = FSM_IN_TCP_UP, .slot = FSM_INBOUND});
}

void core_session_connected(struct core_run *run, const struct event *ev)
{
	enum fsm_slot slot;
	struct core_peer *p = peer_of_conn(run->r, ev->conn, &slot);

	if (!p)
		return; /* given up meanwhile: its EFF_CLOSE is on the way */
	p->local[slot] = ev->local;
	core_session_input(run, p, &(struct fsm_input){.kind = FSM_IN_TCP_UP, .slot = slot});
}

void core_session_closed(struct core_run *run, const struct event *ev)
{
	enum fsm_slot slot;
	struct core_peer *p = peer_of_conn(run->r, ev->conn, &slot);
	char why[128] = "connection closed by the peer";

	if (!p)
		return;
	if (ev->error)
		snprintf(why, sizeof(why), "%s: %s",
			ev->kind == EV_CONN_FAILED ? "could not connect" : "connection lost",
			strerrordesc_np(ev->error));
	p->conn[slot] = CORE_CONN_NONE;
	core_session_input(
		run, p, &(struct fsm_input){.kind = FSM_IN_TCP_DOWN, .slot = slot, .text = why});
}

/* What waits beyond a pause of the updates is KEEPALIVEs: that counts as stalled too (RFC 9687 4). */
void core_session_flow(struct core_run *run, const struct event *ev)
{
	enum fsm_slot slot;
	struct core_peer *p = peer_of_conn(run->r, ev->conn, &slot);
	bool stalled = ev->kind == EV_CONN_STALLED;

	if (!p)
		return;
	if (ev->kind != EV_CONN_FULL)
		core_session_input(run, p,
			&(struct fsm_input){.kind = stalled ? FSM_IN_STALLED : FSM_IN_TAKEN,
				.slot = slot,
				.ago_ms = stalled ? STALL_NOTICED_MS : 0});
	if (core_session_conn(p) != ev->conn)
		return;
	if (ev->kind == EV_CONN_FULL || ev->kind == EV_CONN_DRAINED)
		core_interval_full(run, p, ev->kind == EV_CONN_FULL);
}

/* What only an operator can mend: the key or the option is refused. Anything else may pass: no address yet, no route. */
static bool is_lasting(int32_t error)
{
	static const int lasting[] = {EINVAL, ENOPROTOOPT, EOPNOTSUPP};

	for (unsigned i = 0; i < ARRAY_LEN(lasting); i++)
		if (error == lasting[i])
			return true;
	return false;
}

static void no_socket(struct core_run *run, struct core_peer *p, int32_t error)
{
	bool lasting = is_lasting(error);
	char why[160];

	snprintf(why, sizeof(why), "no socket%s: %s",
		lasting ? " with the configured protection" : "", strerrordesc_np(error));
	if (lasting)
		effect_note(
			run->fx, LOG_ERROR_, "dial_blocked", "peer=%s why=\"%s\"", p->name, why);
	core_session_input(run, p,
		&(struct fsm_input){
			.kind = lasting ? FSM_IN_DIAL_BLOCKED : FSM_IN_TCP_DOWN, .text = why});
}

void core_session_socket(struct core_run *run, const struct event *ev)
{
	const struct fib_msg *m = &ev->fib;
	struct core_peer *p = m->peer < run->r->conf->n_peers ? &run->r->peers[m->peer] : NULL;

	if (!p || !p->dial_asked || m->seq != p->life) {
		if (!m->error)
			effect_close(run->fx, ev->conn);
		return;
	}
	p->dial_asked = false;
	if (m->error) {
		no_socket(run, p, m->error);
	} else if (p->fsm.dialling && p->conn[FSM_OUTBOUND] == CORE_CONN_NONE) {
		p->conn[FSM_OUTBOUND] = ev->conn;
	} else {
		effect_close(run->fx, ev->conn);
	}
}

static void recv_message(
	struct core_run *run, struct core_peer *p, enum fsm_slot slot, const struct wire_msg *msg)
{
	struct fsm_input in = {.kind = FSM_IN_MSG, .slot = slot, .msg = *msg};
	bool established = p->fsm.conn[slot].state == FSM_ESTABLISHED;

	core_bmp_received(run->r, p, slot, msg);
	core_tap_message(run->r, p, slot, false, msg->body - WIRE_HEADER_LEN,
		WIRE_HEADER_LEN + (size_t)msg->body_len);
	core_session_input(run, p, &in);
	if (msg->type == WIRE_UPDATE && established) /* it was the sign of life; now what it says */
		core_feed_update(run, p, slot, msg);
}

/* Long messages only once they are agreed: an OPEN is never one (RFC 8654 4). */
static uint16_t msg_max(const struct core_peer *p, enum fsm_slot slot)
{
	const struct fsm_conn *c = &p->fsm.conn[slot];

	return c->state == FSM_ESTABLISHED ? c->ctx.msg_max : WIRE_MSG_MAX;
}

void core_session_recv(struct core_run *run, const struct event *ev)
{
	enum fsm_slot slot = FSM_OUTBOUND;
	struct core_peer *p = peer_of_conn(run->r, ev->conn, &slot);
	struct wire_fault fault = {0};
	struct wire_msg msg;
	size_t at = 0;
	int n = 1;

	while (p && p->conn[slot] == ev->conn && n > 0) {
		n = wire_msg_split(ev->data + at, ev->len - at, msg_max(p, slot), &msg, &fault);
		if (n > 0) {
			at += (size_t)n;
			recv_message(run, p, slot, &msg);
		} else if (n < 0) {
			core_session_input(run, p,
				&(struct fsm_input){
					.kind = FSM_IN_FAULT, .slot = slot, .fault = &fault});
		}
	}
	/* a connection that is not ours any more has nothing left to say */
	run->fx->consumed = p && p->conn[slot] == ev->conn ? at : ev->len;
}
