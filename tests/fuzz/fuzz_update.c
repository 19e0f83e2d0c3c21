/*
 * Two octets choose the session, the rest is the body of an UPDATE.
 *
 *   first    1 as4, 2 ebgp; families: 4 IPv4 unicast, 8 VPNv4, 16 RT membership; 32 extended messages
 *   second   with ADD-PATH: 1, 2, 4 of these families; with IPv6 next hops: 8, 16, 32
 */
#include "tests/fuzz/fuzz.h"

#include "bgpd/wire/msg.h"
#include "lib/check.h"
#include "tests/support/roundtrip.h"
#include "tests/support/show.h"

static void shown_check(const uint8_t *body, size_t len, const struct wire_ctx *ctx)
{
	char text[256], fault[80];
	struct arena arena;
	struct wire_update up;

	arena_init(&arena, 262144);
	enum wire_action action = wire_update_get(body, len, ctx, &arena, &up);
	CHECK(action == up.fault.action && action <= WIRE_RESET);
	CHECK((action == WIRE_OK) == (up.fault.why == NULL));
	CHECK(action < WIRE_WITHDRAW || up.attrs.present == 0);
	show_update(&up, text, sizeof(text));
	show_fault(&up.fault, fault, sizeof(fault));
	arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len < 2)
		return 0;
	struct wire_ctx ctx = {.as4 = data[0] & 1,
		.ebgp = data[0] & 2,
		.families = data[0] >> 2 & 7,
		.add_path_rx = data[1] & 7,
		.extended_next_hop = data[1] >> 3 & 7,
		.msg_max = data[0] & 32 ? WIRE_MSG_MAX_EXTENDED : WIRE_MSG_MAX};

	if (len - 2 >
		(ctx.msg_max > WIRE_MSG_MAX
				? 32768u
				: WIRE_MSG_MAX -
					  WIRE_HEADER_LEN)) /* what is written back may be longer */
		return 0;
	shown_check(data + 2, len - 2, &ctx);
	CHECK(roundtrip_update(data + 2, len - 2, &ctx) == NULL);
	return 0;
}
