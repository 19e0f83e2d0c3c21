/* The first octet chooses the session (1 as4, 2 ebgp, 4 IPv4 unicast, 8 VPNv4), the rest is the body of an UPDATE. */
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

	arena_init(&arena, 65536);
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
	if (len < 1 || len > WIRE_MSG_MAX - WIRE_HEADER_LEN + 1)
		return 0;
	struct wire_ctx ctx = {.as4 = data[0] & 1,
		.ebgp = data[0] & 2,
		.families = data[0] >> 2 & 3,
		.msg_max = WIRE_MSG_MAX};

	shown_check(data + 1, len - 1, &ctx);
	CHECK(roundtrip_update(data + 1, len - 1, &ctx) == NULL);
	return 0;
}
