/*
 * The attributes by which other routers could be steered, among them route targets where a filter of extended communities does
 * not look: tunnels (RFC 9012 2), IPv6-specific communities (RFC 5701 2), segments (RFC 8669 3), ATTR_SET with a target of
 * customer B's in it (RFC 6368 5). Each is whole and carries the nonce: what is seen of it at pe2's port has left pe1.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/rtg.h"
#include "lib/check.h"

#define HEAD_MAX 20
#define MARK_LEN (LAB_NONCE_LEN + 2) /* the nonce and which of them it is */

struct rtg_08b_attr {
	uint8_t code, head_len, tail_len; /* the mark stands between; the tail is zero */
	uint8_t head[HEAD_MAX];
};

static int rtg_08b_tell(
	struct attack_stage *st, struct speaker *s, unsigned i, const struct rtg_08b_attr *a)
{
	uint8_t octets[64] = {0xc0, a->code};
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	char prefix[32];

	snprintf(prefix, sizeof(prefix), "172.16.%u.0/24", 66 + i);
	w.len = 2;
	size_t len = wbuf_mark_u8(&w);
	wbuf_put(&w, a->head, a->head_len);
	wbuf_put(&w, st->nonce, LAB_NONCE_LEN);
	wbuf_put_u16(&w, (uint16_t)(i + 1));
	w.len += a->tail_len;
	wbuf_fill_u8(&w, len);
	if (speaker_announce(s, prefix, octets, w.len))
		return -ECONNRESET;
	/* one after the other, so that each is in a segment of its own */
	return rtg_arrived(st, "pe2", "vrf-a", prefix) ? 0 : -ETIMEDOUT;
}

static void rtg_08b_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const struct rtg_08b_attr attrs[] = {
		{23, 6, 0, {0, 2, 0, 2 + MARK_LEN, 99, MARK_LEN}},
		{25, 0, 2, {0}},
		{40, 3, 0, {99, 0, MARK_LEN}},
		{128, 18, 0,
			{0, 0, 0xfe, 0x50, 0xc0, 16, 8, 0, 2, 0xfd, 0xe8, 0, 0, 0, 102, 0xc0, 99,
				MARK_LEN}},
	};
	struct speaker s;

	out->error = rtg_dial(st, &s, RTG_CE_X, NULL);
	for (unsigned i = 0; i < ARRAY_LEN(attrs) && !out->error; i++) {
		out->error = rtg_08b_tell(st, &s, i, &attrs[i]);
		out->sent++;
	}
	out->hit = attack_arrived(st, "pe2:eth1", out->sent, 100);
	snprintf(out->observed, sizeof(out->observed), "%u of %u attributes seen at pe2", out->hit,
		out->sent);
	speaker_close(&s);
}

const struct attack *attack_rtg_08b(void)
{
	static const struct attack row = {
		.id = "RTG-08B",
		.title = "a customer's attributes that steer other routers",
		.clause = "RFC 4364 4.3.1, RFC 9012 11, RFC 8669 6, RFC 6368 5",
		.attacker = "ce-x:eth1",
		.target = "pe2",
		.passes = "none of them leaves the PE; the routes do",
		.counter = {{ATTACK_PEER, "ce-x", "steering_attributes_stripped", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_STEERING,
		.launch = rtg_08b_launch,
		.legit = rtg_legit,
	};

	return &row;
}
