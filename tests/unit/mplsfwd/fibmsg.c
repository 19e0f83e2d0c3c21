#include "mplsfwd/fibmsg.h"

#include <criterion/criterion.h>
#include <string.h>

#include "acl/abi.h"
#include "lib/log.h"

static const struct ip_addr v4 = {.af = IP_V4, .o = {10, 255, 0, 3}};
static const struct ip_addr v6 = {.af = IP_V6, .o = {0x20, 1, 0xd, 0xb8, [15] = 1}};
static const struct ip_prefix p24 = {.addr = {.af = IP_V4, .o = {172, 16, 1}}, .len = 24};

static const char longest[FIB_LINE_MAX] = {[0 ... FIB_LINE_MAX - 1] = 'x'};

static const struct fib_msg samples[] = {
	{.type = FIB_DIAL, .seq = 1, .peer = 3},
	{.type = FIB_NEXTHOP_TRACK, .seq = 2, .addr = v4},
	{.type = FIB_NEXTHOP_UNTRACK, .seq = 3, .addr = v6},
	{.type = FIB_LABEL_ADD, .seq = 4, .label = 100000, .vrf = 1},
	{.type = FIB_LABEL_DEL, .seq = 0xffffffff, .label = 0xfffff},
	{.type = FIB_ROUTE_ADD,
		.seq = 5,
		.vrf = 2,
		.prefix = p24,
		.route = {.kind = FIB_ROUTE_VPN, .next_hop = v4, .label = 80}},
	{.type = FIB_ROUTE_ADD,
		.seq = 6,
		.vrf = 2,
		.prefix = {.addr = v6, .len = 128},
		.route = {.kind = FIB_ROUTE_CE, .next_hop = v6}},
	{.type = FIB_ROUTE_ADD,
		.seq = 7,
		.vrf = 2,
		.prefix = p24,
		.route = {.kind = FIB_ROUTE_BLACKHOLE, .next_hop = v4}},
	{.type = FIB_ROUTE_DEL, .vrf = 2, .prefix = p24},
	{.type = FIB_SYNC, .seq = 7},
	{.type = FIB_STATS_GET, .seq = 8},
	{.type = FIB_SOURCE_ADD, .vrf = 1, .prefix = p24, .addr = v4},
	{.type = FIB_SOURCE_DEL,
		.seq = 3,
		.vrf = 1,
		.prefix = {.addr = v6, .len = 128},
		.addr = v6},
	{.type = FIB_LABEL_TELL, .label = 100000, .peer = 2},
	{.type = FIB_LABEL_UNTELL, .label = 0xfffff, .peer = UINT16_MAX},
	{.type = FIB_BYE, .seq = 9},
	{.type = FIB_SOCKET, .peer = 1, .error = 111},
	{.type = FIB_LISTENER, .vrf = FIB_VRF_CORE},
	{.type = FIB_API},
	{.type = FIB_API, .flags = FIB_API_TLS},
	{.type = FIB_ACK, .seq = 10, .error = 17},
	{.type = FIB_NEXTHOP,
		.addr = v4,
		.up = true,
		.metric = 20,
		.n_labels = 2,
		.labels = {16, 17}},
	{.type = FIB_NEXTHOP, .addr = v4},
	{.type = FIB_CONNECTED, .vrf = 1, .prefix = p24, .up = true},
	{.type = FIB_PORT, .port = 2, .flags = FIB_PORT_UP | FIB_PORT_LABELS},
	{.type = FIB_PORT_STATS, .port = 1, .mpls = {1, 2, 3, UINT64_MAX, 5}},
	{.type = FIB_TCP_STATS, .tcp = {1, 2, 3, 4}},
	{.type = FIB_GUARD_PORT,
		.port = 1,
		.guard = FIB_GUARD_OPEN,
		.guard_xdp = ACL_XDP_GENERIC,
		.guard_drifts = 7},
	{.type = FIB_GUARD_PORT,
		.port = FIB_PORT_UNKNOWN,
		.guard = FIB_GUARD_CLOSED,
		.guard_xdp = ACL_XDP_OFF,
		.name = "fifteen-octets-"},
	{.type = FIB_GUARD_COUNT,
		.port = 1,
		.guard_reason = ACL_REASONS - 1,
		.guard_count = UINT64_MAX},
	{.type = FIB_GUARD_COUNT,
		.port = FIB_PORT_UNKNOWN,
		.guard_reason = ACL_L2_VLAN_NOT_AGREED,
		.guard_count = 3,
		.name = "eth5"},
	{.type = FIB_GUARD_RULE, .port = 1, .guard_rule = 127, .guard_count = 1},
	{.type = FIB_GUARD_DROP,
		.port = 1,
		.guard_reason = ACL_MPLS_NOT_ENABLED,
		.guard_rule = ACL_RULE_NONE,
		.drop = {.time_ms = 1700000000000,
			.len = 1514,
			.cap = FIB_DROP_OCTETS,
			.xdp = 1,
			.octets = (const uint8_t[128]){2, [12] = 0x88, 0x47, [127] = 0xff}}},
	{.type = FIB_GUARD_DROP,
		.port = FIB_PORT_UNKNOWN,
		.guard_reason = ACL_PORT_NOT_BOUND,
		.name = "veth9",
		.drop = {.len = UINT16_MAX}},
	{.type = FIB_KEPT, .label = 100000, .vrf = 2},
	{.type = FIB_ALIVE_GET, .seq = 11},
	{.type = FIB_ALIVE, .seq = UINT32_MAX},
	{.type = FIB_RELOAD, .seq = 12, .seconds = UINT32_MAX},
	{.type = FIB_RELOAD_TRY, .seq = 13},
	{.type = FIB_CONFIRM, .seq = 14},
	{.type = FIB_UNCONFIRMED, .seconds = 60},
	{.type = FIB_NOTED,
		.line = {.level = LOG_WARN_, .len = 23, .text = "session_down peer=ce-a1"}},
	{.type = FIB_LOGGED, .line = {.level = LOG_ERROR_, .len = FIB_LINE_MAX, .text = longest}},
};

static size_t encode(const struct fib_msg *m, uint8_t *out, size_t cap)
{
	struct wbuf w = wbuf_of(out, cap);

	fib_msg_put(&w, m);
	cr_assert(wbuf_ok(&w));
	return w.len;
}

Test(fibmsg, every_type_survives_and_every_truncation_is_refused)
{
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		uint8_t o[FIB_RECORD_MAX + 1], again[FIB_RECORD_MAX];
		size_t n = encode(&samples[i], o, FIB_RECORD_MAX);
		struct fib_msg m;
		struct rbuf r = rbuf_of(o, n);

		cr_assert(fib_msg_get(&r, &m), "%s", fib_type_name(samples[i].type));
		cr_assert_eq(rbuf_left(&r), 0);
		cr_assert(n == encode(&m, again, sizeof(again)) && !memcmp(o, again, n));
		for (size_t cut = 0; cut < n; cut++) {
			r = rbuf_of(o, cut);
			cr_assert_not(fib_msg_get(&r, &m), "%s cut at %zu",
				fib_type_name(samples[i].type), cut);
			struct wbuf w = wbuf_of(again, cut);
			fib_msg_put(&w, &samples[i]);
			cr_assert(
				!wbuf_ok(&w) && w.len == 0, "a record stands whole or not at all");
		}
		o[2]++; /* one octet longer than its type */
		o[n] = 0;
		r = rbuf_of(o, n + 1);
		cr_assert_not(fib_msg_get(&r, &m), "%s too long", fib_type_name(samples[i].type));
	}
}

Test(fibmsg, several_records_stand_in_one_datagram)
{
	uint8_t o[FIB_DGRAM_MAX];
	struct wbuf w = wbuf_of(o, sizeof(o));
	struct fib_msg m;
	size_t n = sizeof(samples) / sizeof(*samples);

	for (size_t i = 0; i < n; i++)
		fib_msg_put(&w, &samples[i]);
	struct rbuf r = rbuf_of(o, w.len);
	for (size_t i = 0; i < n; i++)
		cr_assert(fib_msg_get(&r, &m) && m.type == samples[i].type &&
			  m.seq == samples[i].seq);
	cr_assert_not(fib_msg_get(&r, &m));
}

Test(fibmsg, what_has_no_meaning_is_malformed)
{
	static const struct {
		const char *what;
		uint8_t o[40];
		size_t n;
	} rows[] = {
		{"type 0", {0, 0, 0, 0, 0, 0, 0}, 7},
		{"unknown type", {63, 0, 0, 0, 0, 0, 0}, 7},
		{"label of 21 bits", {FIB_LABEL_DEL, 0, 3, 0, 0, 0, 0, 0x10, 0, 0}, 10},
		{"no address family", {FIB_NEXTHOP_TRACK, 0, 1, 0, 0, 0, 0, 0}, 8},
		{"family 3", {FIB_NEXTHOP_TRACK, 0, 5, 0, 0, 0, 0, 3, 1, 2, 3, 4}, 12},
		{"host bits", {FIB_ROUTE_DEL, 0, 8, 0, 0, 0, 0, 0, 1, 1, 10, 0, 0, 1, 24}, 15},
		{"length 33", {FIB_ROUTE_DEL, 0, 8, 0, 0, 0, 0, 0, 1, 1, 10, 0, 0, 0, 33}, 15},
		{"flag 2", {FIB_CONNECTED, 0, 9, 0, 0, 0, 0, 0, 1, 1, 10, 0, 0, 0, 24, 2}, 16},
		{"negative error", {FIB_ACK, 0, 4, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff}, 11},
		{"route kind 3",
			{FIB_ROUTE_ADD, 0, 14, 0, 0, 0, 0, 0, 1, 1, 10, 0, 0, 0, 24, 3, 1, 1, 1, 1,
				1},
			21},
		{"source without a gateway",
			{FIB_SOURCE_ADD, 0, 9, 0, 0, 0, 0, 0, 1, 1, 10, 0, 0, 0, 24, 0}, 16},
		{"told label of 21 bits", {FIB_LABEL_TELL, 0, 5, 0, 0, 0, 0, 0x10, 0, 0, 0, 1}, 12},
		{"guard state 4", {FIB_GUARD_PORT, 0, 9, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 0, 0, 0},
			16},
		{"XDP mode 4", {FIB_GUARD_PORT, 0, 9, 0, 0, 0, 0, 0, 1, 1, 4, 0, 0, 0, 0, 0}, 16},
		{"name of 16",
			{FIB_GUARD_PORT, 0, 25, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 16, 97, 97, 97,
				97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97},
			32},
		{"name with a zero",
			{FIB_GUARD_PORT, 0, 11, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 2, 97, 0}, 18},
		{"no such reason",
			{FIB_GUARD_COUNT, 0, 12, 0, 0, 0, 0, 0, 1, ACL_REASONS, 0, 0, 0, 0, 0, 0, 0,
				1, 0},
			19},
		{"count with a name of 16",
			{FIB_GUARD_COUNT, 0, 28, 0, 0, 0, 0, 0, 1, 1, [18] = 16, 97, 97, 97, 97, 97,
				97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97},
			35},
		{"drop for no such reason",
			{FIB_GUARD_DROP, 0, 18, 0, 0, 0, 0, 0, 1, ACL_REASONS, [24] = 0}, 25},
		{"more octets than the frame had",
			{FIB_GUARD_DROP, 0, 20, 0, 0, 0, 0, 0, 1, 1, 0, 0, [20] = 0, 1, 0, 0, 2, 9,
				9},
			27},
		{"drop seen by program 2",
			{FIB_GUARD_DROP, 0, 18, 0, 0, 0, 0, 0, 1, 1, 0, 0, [20] = 0, 1, 2, 0, 0},
			25},
		{"a line of level 4", {FIB_NOTED, 0, 4, 0, 0, 0, 0, LOG_ERROR_ + 1, 0, 1, 97}, 11},
		{"no octet in a line", {FIB_NOTED, 0, 3, 0, 0, 0, 0, 1, 0, 0}, 10},
		{"a line of two", {FIB_NOTED, 0, 6, 0, 0, 0, 0, 1, 0, 3, 97, 10, 97}, 13},
		{"a line longer than there are octets", {FIB_LOGGED, 0, 4, 0, 0, 0, 0, 1, 0, 2, 97},
			11},
		{"a line of 1001", {FIB_LOGGED, 0, 4, 0, 0, 0, 0, 1, 3, 0xe9, 97}, 11},
		{"five labels", {FIB_NEXTHOP, 0, 26, 0, 0, 0, 0, 1, 1, 2, 3, 4, 1, 0, 0, 0, 0, 5},
			33},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rbuf r = rbuf_of(rows[i].o, rows[i].n);
		struct fib_msg m;

		cr_assert_not(fib_msg_get(&r, &m), "%s", rows[i].what);
	}
}

Test(fibmsg, a_drop_says_at_most_128_octets)
{
	uint8_t o[FIB_RECORD_MAX + 1] = {FIB_GUARD_DROP, 0, 18 + 129, [20] = 2, [24] = 129};
	struct rbuf r = rbuf_of(o, 7 + 18 + 129);
	struct fib_msg m;

	cr_assert_not(fib_msg_get(&r, &m));
	o[2]--;
	o[24]--;
	r = rbuf_of(o, 7 + 18 + 128);
	cr_assert(fib_msg_get(&r, &m) && m.drop.cap == 128 && m.drop.len == 512);
}

Test(fibmsg, random_octets_decode_to_their_own_encoding_or_not_at_all)
{
	uint64_t x = 88172645463325252ull;
	unsigned accepted = 0;

	for (unsigned round = 0; round < 200000; round++) {
		uint8_t o[FIB_RECORD_MAX], again[FIB_RECORD_MAX];
		const struct fib_msg *s = &samples[round % (sizeof(samples) / sizeof(*samples))];
		size_t n = encode(s, o, sizeof(o));
		struct fib_msg m;

		for (unsigned k = 0; k < 2; k++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			o[x % n] = (uint8_t)(x >> 32);
		}
		struct rbuf r = rbuf_of(o, n);
		if (!fib_msg_get(&r, &m))
			continue;
		size_t used = n - rbuf_left(&r);
		accepted++;
		cr_assert_eq(encode(&m, again, sizeof(again)), used);
		cr_assert_eq(memcmp(o, again, used), 0);
	}
	cr_assert_gt(accepted, 20000u);
}
