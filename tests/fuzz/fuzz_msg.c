/* A stream of octets as a connection would read it: split, and each message decoded by its type. */
#include "tests/fuzz/fuzz.h"

#include "bgpd/wire/msg.h"
#include "lib/check.h"
#include "tests/support/roundtrip.h"

static const char *message_check(const struct wire_msg *m)
{
	static const struct wire_ctx ctx = {.as4 = true,
		.families = 7,
		.add_path_rx = 2,
		.extended_next_hop = 3,
		.msg_max = WIRE_MSG_MAX};

	switch (m->type) {
	case WIRE_OPEN:
		return roundtrip_open(m->body, m->body_len);
	case WIRE_UPDATE:
		return roundtrip_update(m->body, m->body_len, &ctx);
	case WIRE_NOTIFICATION:
		return roundtrip_notify(m->body, m->body_len);
	case WIRE_REFRESH:
		return roundtrip_refresh(m->body, m->body_len);
	case WIRE_KEEPALIVE:
		return m->body_len ? "KEEPALIVE with a body" : NULL;
	}
	return "type that wire_msg_split() must refuse";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct wire_msg m;
	struct wire_fault f;
	int n;

	while ((n = wire_msg_split(data, len, WIRE_MSG_MAX, &m, &f)) > 0) {
		CHECK((size_t)n <= len && m.body_len + WIRE_HEADER_LEN == n);
		CHECK(message_check(&m) == NULL);
		data += n;
		len -= (size_t)n;
	}
	CHECK(n == 0 || (f.action == WIRE_RESET && (f.code == 1 || f.code == 7) && f.why));
	CHECK(n < 0 || len < WIRE_MSG_MAX);
	return 0;
}
