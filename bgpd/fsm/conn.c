/*
 * One connection of a peer (RFC 4271 8.2.2). The states Idle, Connect and Active are those of a slot without a
 * connection; see fsm_conn_state(). Where the RFC says "stays in its state" the table says "-".
 *
 *                  Idle     Connect  Active   OpenSent    OpenConfirm  Established
 *   start          start    -        -        -           -            -
 *   stop           stop     stop     stop     cease       cease        cease          RFC 9003 text
 *   up             refuse   open     open     -           -            -
 *   down           -        undialled -       lost        lost         lost
 *   blocked        block    block    block    -           -            -              fails closed
 *   OPEN           -        -        -        negotiate   5/2          5/3            RFC 6608
 *   UPDATE         -        -        -        5/1         5/2          deliver
 *   NOTIFICATION   -        -        -        notified    notified     notified
 *   KEEPALIVE      -        -        -        5/1         establish    alive
 *   ROUTE-REFRESH  -        -        -        5/1         5/2          deliver
 *   fault          -        -        -        report      report       report         what the codec says
 *   retry          retry    retry    retry    -           -            -
 *   hold           -        -        -        4/0         4/0          4/0
 *   beat           -        -        -        -           keepalive    keepalive
 *   send hold      -        -        -        -           -            8/0            RFC 9687
 */
#include "bgpd/fsm/conn.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bgpd/fsm/backoff.h"
#include "bgpd/fsm/nego.h"
#include "bgpd/wire/notify.h"
#include "lib/check.h"
#include "lib/text.h"
#include "lib/timerq.h"

#define OPEN_HOLD_MS	  240000 /* "a large value" (RFC 4271 8.2.2, OpenSent) */
#define COLLISION_MS	  5000	 /* after the start of a session a second OPEN is a collision */
#define SETTLED_MS	  30000	 /* a session that lived this long ends a row of failures */
#define IDLE_HOLD_AFTER	  2	 /* failures in a row; the first costs a short wait only */
#define FORGIVEN_FAILURES 3	 /* 4 s at most after an operator's Cease, however many came */

struct fsm_output *fsm_out_add(struct fsm_run *run, enum fsm_output_kind kind)
{
	CHECK(run->out->n < FSM_OUT_MAX);
	struct fsm_output *o = &run->out->list[run->out->n++];

	o->kind = kind;
	o->slot = run->slot;
	o->at = o->len = 0;
	o->msg = (struct wire_msg){0};
	o->text[0] = '\0';
	return o;
}

static void __attribute__((format(printf, 2, 3)))
out_note(struct fsm_run *run, const char *fmt, ...)
{
	struct fsm_output *o = fsm_out_add(run, FSM_OUT_NOTE);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(o->text, sizeof(o->text), fmt, ap);
	va_end(ap);
}

static struct fsm_conn *conn_of(struct fsm_run *run)
{
	return &run->p->conn[run->slot];
}

static struct fsm_conn *other_of(struct fsm_run *run)
{
	return &run->p->conn[run->slot == FSM_OUTBOUND ? FSM_INBOUND : FSM_OUTBOUND];
}

enum fsm_state fsm_conn_state(const struct fsm_peer *p, enum fsm_slot slot)
{
	if (p->conn[slot].state != FSM_IDLE)
		return p->conn[slot].state;
	if (!p->started || p->blocked || p->idle_hold)
		return FSM_IDLE;
	return slot == FSM_OUTBOUND && p->dialling ? FSM_CONNECT : FSM_ACTIVE;
}

static struct wbuf send_begin(struct fsm_run *run)
{
	struct fsm_outputs *out = run->out;

	return wbuf_of(out->octets + out->octets_len, sizeof(out->octets) - out->octets_len);
}

static void send_end(struct fsm_run *run, const struct wbuf *w)
{
	CHECK(wbuf_ok(w));
	struct fsm_output *o = fsm_out_add(run, FSM_OUT_SEND);

	o->at = (uint16_t)run->out->octets_len;
	o->len = (uint16_t)w->len;
	run->out->octets_len += w->len;
}

static void send_keepalive(struct fsm_run *run)
{
	struct wbuf w = send_begin(run);
	struct fsm_conn *c = conn_of(run);

	wire_keepalive_put(&w);
	send_end(run, &w);
	run->p->keepalives_out++;
	if (c->keepalive_ms)
		c->keepalive_at_ms =
			run->now_ms + fsm_backoff_jitter(&run->p->rng, c->keepalive_ms);
}

static void send_notification(
	struct fsm_run *run, uint8_t code, uint8_t subcode, const void *data, size_t len)
{
	struct wbuf w = send_begin(run);
	char name[96];

	wire_notify_put(&w, code, subcode, data, len);
	send_end(run, &w);
	run->p->notifications_out++;
	wire_notify_name(code, subcode, name, sizeof(name));
	snprintf(run->p->reason, sizeof(run->p->reason), "sent %s", name);
}

/* RFC 8538 3: the reason stands inside. */
static void send_hard_reset(struct fsm_run *run, uint8_t subcode, const void *data, size_t len)
{
	struct wbuf w = send_begin(run);
	char name[96];

	wire_notify_hard_put(&w, WIRE_ERR_CEASE, subcode, data, len);
	send_end(run, &w);
	run->p->notifications_out++;
	wire_notify_name(WIRE_ERR_CEASE, subcode, name, sizeof(name));
	snprintf(run->p->reason, sizeof(run->p->reason), "sent Cease/Hard Reset: %s", name);
}

static void restart_hold(struct fsm_run *run)
{
	struct fsm_conn *c = conn_of(run);

	c->hold_at_ms = c->hold_ms ? run->now_ms + c->hold_ms : TIMERQ_NEVER;
}

static void give_up_dial(struct fsm_run *run)
{
	if (run->p->dialling)
		fsm_out_add(run, FSM_OUT_CLOSE)->slot = FSM_OUTBOUND;
	run->p->dialling = false;
}

static void count_failure(struct fsm_run *run, bool was_established)
{
	struct fsm_peer *p = run->p;

	if (was_established && run->now_ms - p->since_ms >= SETTLED_MS)
		p->failures = 0;
	p->failures++;
	if (p->blocked)
		return;
	if (p->dialling && p->failures < IDLE_HOLD_AFTER)
		return; /* the dial under way is the next attempt already */
	give_up_dial(run);
	p->idle_hold = p->failures >= IDLE_HOLD_AFTER;
	p->retry_at_ms = run->now_ms + fsm_backoff_idle_hold(&p->rng, p->failures);
}

/* The slot becomes free. failure: one that counts for the back-off, if no other connection lives on. */
static void conn_end(struct fsm_run *run, bool failure)
{
	struct fsm_conn *c = conn_of(run);
	bool was_established = c->state == FSM_ESTABLISHED;

	*c = (struct fsm_conn){.hold_at_ms = TIMERQ_NEVER,
		.keepalive_at_ms = TIMERQ_NEVER,
		.send_hold_at_ms = TIMERQ_NEVER};
	if (was_established)
		fsm_out_add(run, FSM_OUT_DOWN);
	if (failure && other_of(run)->state == FSM_IDLE)
		count_failure(run, was_established);
}

static void conn_close(struct fsm_run *run, bool failure)
{
	out_note(run, "%s", run->p->reason);
	fsm_out_add(run, FSM_OUT_CLOSE);
	conn_end(run, failure);
}

/* Begins to dial, or waits if the peer is passive. */
static void conn_dial(struct fsm_run *run)
{
	struct fsm_peer *p = run->p;

	p->idle_hold = false;
	p->retry_at_ms = TIMERQ_NEVER;
	if (p->conf.passive)
		return;
	p->retry_at_ms = run->now_ms + fsm_backoff_jitter(&p->rng, p->conf.connect_retry_s * 1000u);
	if (p->conn[FSM_INBOUND].state >= FSM_OPENCONFIRM)
		return; /* the peer's own connection is about to make it */
	p->dialling = true;
	fsm_out_add(run, FSM_OUT_DIAL)->slot = FSM_OUTBOUND;
}

static void act_none(struct fsm_run *run)
{
	(void)run;
}

static void act_start(struct fsm_run *run)
{
	struct fsm_peer *p = run->p;

	if (run->slot != FSM_OUTBOUND)
		return;
	p->started = true;
	p->blocked = false;
	p->failures = 0;
	conn_dial(run);
}

static void act_stop(struct fsm_run *run)
{
	if (run->slot == FSM_OUTBOUND)
		give_up_dial(run);
}

/* RFC 9003 2: length(1) text(length), cut to 255 octets; of the other subcodes, the data that they come with. */
static size_t put_data(uint8_t data[1 + WIRE_SHUTDOWN_TEXT_MAX], const struct fsm_input *in)
{
	bool carries_text =
		in->subcode == WIRE_CEASE_ADMIN_SHUTDOWN || in->subcode == WIRE_CEASE_ADMIN_RESET;
	size_t len = in->text && carries_text ? strlen(in->text) : 0;

	if (!carries_text && in->data_len)
		memcpy(data, in->data, in->data_len);
	if (!len)
		return carries_text ? 0 : in->data_len;
	if (len > WIRE_SHUTDOWN_TEXT_MAX)
		len = WIRE_SHUTDOWN_TEXT_MAX;
	data[0] = (uint8_t)len;
	memcpy(data + 1, in->text, len);
	return len + 1;
}

static void act_cease(struct fsm_run *run)
{
	uint8_t data[1 + WIRE_SHUTDOWN_TEXT_MAX];
	size_t len = put_data(data, run->in);
	const struct fsm_conn *c = conn_of(run);

	run->p->loss = FSM_LOSS_HARD;
	if (run->in->subcode == FSM_STOP_SILENT)
		snprintf(run->p->reason, sizeof(run->p->reason), "stopped for a restart");
	else if (c->state == FSM_ESTABLISHED &&
		 fsm_nego_keeps(&run->p->conf, &c->open, FSM_LOSS_NOTIFICATION))
		send_hard_reset(run, run->in->subcode, data, len);
	else
		send_notification(run, WIRE_ERR_CEASE, run->in->subcode, data, len);
	conn_close(run, false);
	act_stop(run);
}

static void act_refuse(struct fsm_run *run)
{
	out_note(run, "connection refused in Idle");
	fsm_out_add(run, FSM_OUT_CLOSE);
}

static void act_open(struct fsm_run *run)
{
	struct wire_open open = fsm_nego_open(&run->p->conf);
	struct wbuf w = send_begin(run);
	struct fsm_conn *c = conn_of(run);

	if (run->slot == FSM_OUTBOUND) {
		run->p->dialling = false;
		run->p->retry_at_ms = TIMERQ_NEVER;
	}
	wire_open_put(&w, &open);
	send_end(run, &w);
	run->p->opens_out++;
	c->state = FSM_OPENSENT;
	c->hold_at_ms = run->now_ms + OPEN_HOLD_MS;
	c->keepalive_at_ms = TIMERQ_NEVER;
}

static void act_undialled(struct fsm_run *run)
{
	struct fsm_peer *p = run->p;

	if (run->slot != FSM_OUTBOUND)
		return;
	p->dialling = false;
	p->retry_at_ms = run->now_ms + fsm_backoff_jitter(&p->rng, p->conf.connect_retry_s * 1000u);
	snprintf(p->reason, sizeof(p->reason), "%s",
		run->in->text ? run->in->text : "could not connect");
}

static void act_lost(struct fsm_run *run)
{
	bool established = conn_of(run)->state == FSM_ESTABLISHED;

	run->p->loss = FSM_LOSS_TCP;
	snprintf(run->p->reason, sizeof(run->p->reason), "%s",
		run->in->text ? run->in->text : "connection closed by the peer");
	out_note(run, "%s", run->p->reason);
	conn_end(run, established);
}

static void act_block(struct fsm_run *run)
{
	struct fsm_peer *p = run->p;
	struct fsm_run in = *run;

	if (!p->started)
		return;
	p->dialling = false;
	p->idle_hold = false;
	p->retry_at_ms = TIMERQ_NEVER;
	in.slot = FSM_INBOUND;
	if (p->conn[FSM_INBOUND].state != FSM_IDLE &&
		p->conn[FSM_INBOUND].state < FSM_ESTABLISHED) {
		send_notification(&in, WIRE_ERR_CEASE, WIRE_CEASE_REJECTED, NULL, 0);
		conn_close(&in, false);
	}
	p->blocked = true;
	snprintf(p->reason, sizeof(p->reason), "%s",
		run->in->text ? run->in->text : "the connection cannot be made");
	out_note(run, "blocked: %s", p->reason);
}

static void report(struct fsm_run *run, const struct wire_fault *f)
{
	struct fsm_peer *p = run->p;
	size_t len;

	send_notification(run, f->code, f->subcode, f->data, f->data_len);
	len = strlen(p->reason);
	if (f->why)
		snprintf(p->reason + len, sizeof(p->reason) - len, " (%s)", f->why);
	p->loss = FSM_LOSS_NOTIFICATION;
	conn_close(run, true);
}

static void act_report(struct fsm_run *run)
{
	report(run, run->in->fault);
}

static void act_unexpected(struct fsm_run *run)
{
	struct wire_fault f = {.action = WIRE_RESET, .code = WIRE_ERR_FSM};

	f.subcode = (uint8_t)(conn_of(run)->state - FSM_OPENSENT + 1); /* RFC 6608 3 */
	f.data_len = 1;
	f.data[0] = (uint8_t)run->in->msg.type;
	report(run, &f);
}

static void act_expire(struct fsm_run *run)
{
	report(run, &(struct wire_fault){.action = WIRE_RESET, .code = WIRE_ERR_HOLD_TIMER});
}

/* What is said now stands behind all that was not taken: it is tried, and the shell closes without waiting for it. */
static void act_clog(struct fsm_run *run)
{
	run->p->send_holds++;
	report(run, &(struct wire_fault){.action = WIRE_RESET, .code = WIRE_ERR_SEND_HOLD_TIMER});
}

static void close_collided(struct fsm_run *run)
{
	send_notification(run, WIRE_ERR_CEASE, WIRE_CEASE_COLLISION, NULL, 0);
	conn_close(run, false);
}

/*
 * RFC 4724 4.2: an OPEN beside an established session means that the peer has lost that one. Not so while two
 * connections of the same start may still be sorted out.
 */
static bool has_come_back(struct fsm_run *run, const struct wire_open *open)
{
	const struct fsm_conn *other = other_of(run);

	return run->slot == FSM_INBOUND && other->state == FSM_ESTABLISHED &&
	       run->now_ms - run->p->since_ms >= COLLISION_MS && open->restart.sent &&
	       fsm_nego_keeps(&run->p->conf, &other->open, FSM_LOSS_TCP);
}

/* RFC 4271 6.8, at an OPEN. True if this connection may go on. */
static bool resolve_collision(struct fsm_run *run, const struct wire_open *open)
{
	struct fsm_run other = *run;

	other.slot = run->slot == FSM_OUTBOUND ? FSM_INBOUND : FSM_OUTBOUND;
	if (other_of(run)->state < FSM_OPENCONFIRM)
		return true; /* not yet known to be the same speaker; decided when its OPEN comes */
	if (has_come_back(run, open)) {
		run->p->loss = FSM_LOSS_TCP;
		snprintf(run->p->reason, sizeof(run->p->reason),
			"the peer has come back on a new connection");
		conn_close(&other, false);
		return true;
	}
	if (other_of(run)->state == FSM_ESTABLISHED ||
		fsm_nego_winner(&run->p->conf, open) != run->slot) {
		close_collided(run);
		return false;
	}
	close_collided(&other);
	return true;
}

static void act_negotiate(struct fsm_run *run)
{
	struct fsm_conn *c = conn_of(run);
	struct wire_fault fault = {0};
	struct wire_open open;
	struct wire_ctx ctx;

	run->p->opens_in++;
	if (!wire_open_get(run->in->msg.body, run->in->msg.body_len, &open, &fault) ||
		!fsm_nego_check(&run->p->conf, &open, &ctx, &fault)) {
		report(run, &fault);
		return;
	}
	if (!resolve_collision(run, &open))
		return;
	c->open = open;
	c->ctx = ctx;
	c->hold_ms = fsm_nego_hold_ms(&run->p->conf, &open);
	c->keepalive_ms = c->hold_ms / 3;
	c->state = FSM_OPENCONFIRM;
	send_keepalive(run);
	if (c->hold_ms) /* without: the large timer goes on until the first KEEPALIVE */
		restart_hold(run);
}

/* What an operator over there has done says nothing about whether the next session will stand. */
static bool is_administrative(const struct wire_notify *n)
{
	uint8_t subcode = n->subcode;

	if (n->code != WIRE_ERR_CEASE)
		return false;
	return subcode == WIRE_CEASE_ADMIN_SHUTDOWN || subcode == WIRE_CEASE_ADMIN_RESET ||
	       subcode == WIRE_CEASE_PEER_DECONFIGURED || subcode == WIRE_CEASE_CONFIG_CHANGE;
}

/* The back-off does not grow past a few seconds by it; it does not vanish either, lest such Ceases make a flood. */
static void forgive(struct fsm_run *run)
{
	struct fsm_peer *p = run->p;

	if (p->failures <= FORGIVEN_FAILURES)
		return;
	p->failures = FORGIVEN_FAILURES;
	if (p->idle_hold)
		p->retry_at_ms = run->now_ms + fsm_backoff_idle_hold(&p->rng, p->failures);
}

/* Writes down what was said, and gives it: what stands in a Hard Reset is the reason (RFC 8538 3). */
static struct wire_notify notification_read(struct fsm_run *run)
{
	struct fsm_peer *p = run->p;
	struct wire_notify n, inner;
	char name[96], said[WIRE_SHUTDOWN_TEXT_MAX + 1];
	struct text t = text_of(p->reason, sizeof(p->reason));

	if (!wire_notify_get(run->in->msg.body, run->in->msg.body_len, &n))
		n = (struct wire_notify){0};
	wire_notify_name(n.code, n.subcode, name, sizeof(name));
	text_add(&t, "received %s", name);
	p->loss = n.code == WIRE_ERR_CEASE && n.subcode == WIRE_CEASE_HARD_RESET
			  ? FSM_LOSS_HARD
			  : FSM_LOSS_NOTIFICATION;
	if (wire_notify_hard_get(&n, &inner)) {
		n = inner;
		wire_notify_name(n.code, n.subcode, name, sizeof(name));
		text_add(&t, ": %s", name);
	}
	if (wire_notify_text(&n, said) && said[0]) {
		text_add(&t, ": ");
		text_add_escaped(&t, said, strlen(said));
	}
	return n;
}

static void act_notified(struct fsm_run *run)
{
	struct wire_notify n = notification_read(run);

	run->p->notifications_in++;
	/* the loser of a collision hears Cease/7: that is no failure while the winner lives */
	conn_close(run, true);
	if (is_administrative(&n))
		forgive(run);
}

static void act_establish(struct fsm_run *run)
{
	struct fsm_peer *p = run->p;
	struct fsm_conn *c = conn_of(run);

	p->keepalives_in++;
	restart_hold(run);
	c->state = FSM_ESTABLISHED;
	p->ctx = c->ctx;
	p->open = c->open;
	p->hold_ms = c->hold_ms;
	p->keepalive_ms = c->keepalive_ms;
	p->established_count++;
	p->idle_hold = false;
	p->retry_at_ms = TIMERQ_NEVER;
	give_up_dial(run);
	fsm_out_add(run, FSM_OUT_ESTABLISHED);
}

static void act_alive(struct fsm_run *run)
{
	run->p->keepalives_in++;
	restart_hold(run);
}

static void act_deliver(struct fsm_run *run)
{
	if (run->in->msg.type == WIRE_UPDATE)
		run->p->updates_in++;
	else
		run->p->refreshes_in++;
	restart_hold(run);
	fsm_out_add(run, FSM_OUT_DELIVER)->msg = run->in->msg;
}

static void act_retry(struct fsm_run *run)
{
	if (run->slot != FSM_OUTBOUND)
		return;
	give_up_dial(run);
	conn_dial(run);
}

typedef void fsm_action(struct fsm_run *run);

/* The picture at the top, as data. */
static fsm_action *const table[FSM_EVENTS][FSM_STATES] = {
	[FSM_EV_START] = {act_start, act_none, act_none, act_none, act_none, act_none},
	[FSM_EV_STOP] = {act_stop, act_stop, act_stop, act_cease, act_cease, act_cease},
	[FSM_EV_UP] = {act_refuse, act_open, act_open, act_none, act_none, act_none},
	[FSM_EV_DOWN] = {act_none, act_undialled, act_none, act_lost, act_lost, act_lost},
	[FSM_EV_BLOCKED] = {act_block, act_block, act_block, act_none, act_none, act_none},
	[FSM_EV_OPEN] = {act_none, act_none, act_none, act_negotiate, act_unexpected,
		act_unexpected},
	[FSM_EV_UPDATE] = {act_none, act_none, act_none, act_unexpected, act_unexpected,
		act_deliver},
	[FSM_EV_NOTIFICATION] = {act_none, act_none, act_none, act_notified, act_notified,
		act_notified},
	[FSM_EV_KEEPALIVE] = {act_none, act_none, act_none, act_unexpected, act_establish,
		act_alive},
	[FSM_EV_REFRESH] = {act_none, act_none, act_none, act_unexpected, act_unexpected,
		act_deliver},
	[FSM_EV_FAULT] = {act_none, act_none, act_none, act_report, act_report, act_report},
	[FSM_EV_RETRY] = {act_retry, act_retry, act_retry, act_none, act_none, act_none},
	[FSM_EV_HOLD] = {act_none, act_none, act_none, act_expire, act_expire, act_expire},
	[FSM_EV_BEAT] = {act_none, act_none, act_none, act_none, send_keepalive, send_keepalive},
	[FSM_EV_SEND_HOLD] = {act_none, act_none, act_none, act_none, act_none, act_clog},
};

void fsm_conn_event(struct fsm_run *run, enum fsm_event ev)
{
	table[ev][fsm_conn_state(run->p, run->slot)](run);
}
