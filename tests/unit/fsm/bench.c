#include "tests/unit/fsm/bench.h"

#include <stdio.h>
#include <string.h>

#include "bgpd/wire/family.h"
#include "bgpd/wire/notify.h"
#include "lib/text.h"

#define OUR_ID	 0x0a000002
#define THEIR_ID 0x0a000001

void bench_init(struct bench *b)
{
	struct fsm_conf conf = {
		.local_as = 65000,
		.local_id = OUR_ID,
		.peer_as = 65001,
		.hold_s = 90,
		.connect_retry_s = 20,
		.send_hold_s = 480,
		.families = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST),
		.role = WIRE_ROLE_NONE,
	};

	memset(b, 0, sizeof(*b));
	b->now_ms = 1000;
	fsm_peer_init(&b->p, &conf, 42);
}

struct wire_open bench_their_open(void)
{
	return (struct wire_open){.as = 65001,
		.hold_s = 30,
		.id = THEIR_ID,
		.mp = true,
		.families = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST),
		.as4 = true,
		.refresh = true,
		.role = WIRE_ROLE_NONE};
}

static void add_send(struct text *t, const struct fsm_outputs *out, const struct fsm_output *o)
{
	static const char *const names[] = {
		"?", "open", "update", "notify", "keepalive", "refresh"};
	const uint8_t *m = out->octets + o->at;

	if (m[18] == WIRE_NOTIFICATION)
		text_add(t, " %d/%d", m[19], m[20]);
	else
		text_add(t, " %s", names[m[18]]);
}

static const char *words(struct bench *b)
{
	static const char *const names[] = {
		[FSM_OUT_DIAL] = "dial",
		[FSM_OUT_CLOSE] = "close",
		[FSM_OUT_ESTABLISHED] = "up",
		[FSM_OUT_DOWN] = "down",
		[FSM_OUT_DELIVER] = "deliver",
	};
	struct text t = text_of(b->words, sizeof(b->words));

	for (unsigned i = 0; i < b->out.n; i++) {
		const struct fsm_output *o = &b->out.list[i];

		if (o->kind == FSM_OUT_SEND)
			add_send(&t, &b->out, o);
		else if (o->kind < FSM_OUT_STATE)
			text_add(&t, " %s", names[o->kind]);
	}
	return b->words[0] ? b->words + 1 : b->words;
}

const char *bench_step(struct bench *b, const struct fsm_input *in)
{
	fsm_peer_step(&b->p, in, b->now_ms, &b->out);
	return words(b);
}

const char *bench_simple(struct bench *b, enum fsm_input_kind kind, enum fsm_slot slot)
{
	return bench_step(
		b, &(struct fsm_input){
			   .kind = kind, .slot = slot, .subcode = WIRE_CEASE_ADMIN_SHUTDOWN});
}

const char *bench_open(struct bench *b, enum fsm_slot slot, const struct wire_open *open)
{
	uint8_t octets[256];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	wire_open_put(&w, open);
	return bench_step(b, &(struct fsm_input){.kind = FSM_IN_MSG,
				     .slot = slot,
				     .msg = {.type = WIRE_OPEN,
					     .body = octets + WIRE_HEADER_LEN,
					     .body_len = (uint16_t)(w.len - WIRE_HEADER_LEN)}});
}

const char *bench_msg(struct bench *b, enum fsm_slot slot, enum wire_msg_type type)
{
	static const uint8_t cease[] = {WIRE_ERR_CEASE, WIRE_CEASE_ADMIN_SHUTDOWN, 2, 'h', 'i'};
	struct wire_open open = bench_their_open();
	struct fsm_input in = {.kind = FSM_IN_MSG, .slot = slot, .msg.type = type};

	if (type == WIRE_OPEN)
		return bench_open(b, slot, &open);
	if (type == WIRE_NOTIFICATION) {
		in.msg.body = cease;
		in.msg.body_len = sizeof(cease);
	}
	return bench_step(b, &in);
}

const char *bench_timer(struct bench *b, uint64_t at_ms)
{
	b->now_ms = at_ms;
	return bench_simple(b, FSM_IN_TIMER, FSM_OUTBOUND);
}

void bench_reach(struct bench *b, enum fsm_slot slot, enum fsm_state state)
{
	if (state == FSM_IDLE)
		return;
	if (!b->p.started)
		bench_simple(b, FSM_IN_START, FSM_OUTBOUND);
	if (state == FSM_CONNECT)
		return;
	if (state == FSM_ACTIVE || (slot == FSM_INBOUND && b->p.dialling))
		bench_simple(b, FSM_IN_TCP_DOWN, FSM_OUTBOUND);
	if (state == FSM_ACTIVE)
		return;
	bench_simple(b, FSM_IN_TCP_UP, slot);
	if (state >= FSM_OPENCONFIRM)
		bench_msg(b, slot, WIRE_OPEN);
	if (state >= FSM_ESTABLISHED)
		bench_msg(b, slot, WIRE_KEEPALIVE);
}
