#include "mplsfwd/pipeline.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/unit/mplsfwd/fixture.h"

#define A1  0xac100101 /* 172.16.1.1: behind the CE of the packet's VRF */
#define A2  0xac100201 /* 172.16.2.1: behind PE2 */
#define A2H 0xac100281 /* 172.16.2.129: a longer prefix, behind CE A */
#define X3  0x0a090001 /* 10.9.0.1: behind a next hop without a path */
#define PE3 0x0aff0004

struct tag {
	uint16_t type, tci;
};

struct label {
	uint32_t label;
	uint8_t ttl;
};

/* What a packet looks like, from the outside in. */
struct shape {
	struct tag tags[3];
	struct label stack[4]; /* ends at ttl 0 of a zero entry; S on the last */
	unsigned n_labels;
	uint32_t src, dst;
	uint8_t ttl;
	bool no_bottom; /* S on no entry */
};

static void shape_build(const struct shape *s, struct fwd_packet *p)
{
	uint8_t o[256];
	size_t n = 0;
	uint16_t type = s->n_labels ? FWD_ETH_MPLS : FWD_ETH_IPV4, outer = type;

	for (unsigned i = 0; i < 3 && s->tags[i].type; i++) {
		uint16_t next = i < 2 && s->tags[i + 1].type ? s->tags[i + 1].type : type;
		outer = i ? outer : s->tags[i].type;
		o[n++] = (uint8_t)(s->tags[i].tci >> 8);
		o[n++] = (uint8_t)s->tags[i].tci;
		o[n++] = (uint8_t)(next >> 8);
		o[n++] = (uint8_t)next;
	}
	for (unsigned i = 0; i < s->n_labels; i++) {
		bool bottom = i == s->n_labels - 1 && !s->no_bottom;
		uint32_t v = s->stack[i].label << 12 | (uint32_t)bottom << 8 | s->stack[i].ttl;
		for (unsigned k = 0; k < 4; k++)
			o[n++] = (uint8_t)(v >> (24 - 8 * k));
	}
	struct fwd_ipv4 ip = {.src = s->src, .dst = s->dst, .ttl = s->ttl, .protocol = 1};
	n += fwd_ipv4_put(o + n, sizeof(o) - n, &ip, "payload", 7);
	cr_assert(fwd_packet_init(p, outer, o, n));
}

static const struct {
	const char *what;
	bool uniform;
	uint16_t port;
	struct shape in;
	enum fwd_verdict verdict;
	enum fwd_reason reason;
	uint16_t vrf, out_port; /* out_port and out of FWD_SEND only */
	struct shape out;
} rows[] = {
	{"a CE's packet to the other site: two labels, pipe", false, PORT_A,
		{.src = A1, .dst = A2, .ttl = 64}, FWD_SEND, FWD_OK, VRF_A, PORT_CORE,
		{.stack = {{17, 255}, {80, 255}}, .n_labels = 2, .src = A1, .dst = A2, .ttl = 63}},
	{"the same, uniform", true, PORT_A, {.src = A1, .dst = A2, .ttl = 64}, FWD_SEND, FWD_OK,
		VRF_A, PORT_CORE,
		{.stack = {{17, 63}, {80, 63}}, .n_labels = 2, .src = A1, .dst = A2, .ttl = 63}},
	{"the same addresses in the other VPN: its own label", false, PORT_B,
		{.src = A1, .dst = A2, .ttl = 64}, FWD_SEND, FWD_OK, VRF_B, PORT_CORE,
		{.stack = {{17, 255}, {81, 255}}, .n_labels = 2, .src = A1, .dst = A2, .ttl = 63}},
	{"the longest prefix wins", false, PORT_A, {.src = A1, .dst = A2H, .ttl = 64}, FWD_SEND,
		FWD_OK, VRF_A, PORT_A, {.src = A1, .dst = A2H, .ttl = 63}},
	{"no route: the VRF's unreachable default", false, PORT_A,
		{.src = A1, .dst = 0x08080808, .ttl = 64}, FWD_DROP, FWD_NO_ROUTE, VRF_A},
	{"a core address is no route in a VRF", false, PORT_A, {.src = A1, .dst = PE2, .ttl = 64},
		FWD_DROP, FWD_NO_ROUTE, VRF_A},
	{"the BGP next hop has no path", false, PORT_A, {.src = A1, .dst = X3, .ttl = 64}, FWD_DROP,
		FWD_UNRESOLVED, VRF_A},
	{"to the PE itself", false, PORT_A, {.src = A1, .dst = 0xc0a80101, .ttl = 1}, FWD_LOCAL,
		FWD_OK, VRF_A},
	{"TTL 1 to be forwarded", false, PORT_A, {.src = A1, .dst = A2, .ttl = 1}, FWD_DROP,
		FWD_IP_TTL, VRF_A},
	{"TTL 0", false, PORT_A, {.src = A1, .dst = A2, .ttl = 0}, FWD_DROP, FWD_IP_TTL, VRF_A},
	{"a martian source", false, PORT_A, {.src = 0x7f000001, .dst = A2, .ttl = 9}, FWD_DROP,
		FWD_MARTIAN, VRF_A},
	{"a priority tag around IP", false, PORT_A,
		{.tags = {{FWD_ETH_VLAN, 0xe000}}, .src = A1, .dst = A2, .ttl = 64}, FWD_SEND,
		FWD_OK, VRF_A, PORT_CORE,
		{.stack = {{17, 255}, {80, 255}}, .n_labels = 2, .src = A1, .dst = A2, .ttl = 63}},
	{"a VLAN that nobody agreed", false, PORT_A,
		{.tags = {{FWD_ETH_VLAN, 5}}, .src = A1, .dst = A2, .ttl = 64}, FWD_DROP,
		FWD_VLAN_NOT_AGREED, FWD_VRF_NONE},

	{"ATTACK: VPN B's label from CE A", false, PORT_A,
		{.stack = {{LABEL_B, 64}}, .n_labels = 1, .src = A1, .dst = A1, .ttl = 64},
		FWD_DROP, FWD_MPLS_NOT_ENABLED, FWD_VRF_NONE},
	{"ATTACK: under three priority tags", false, PORT_A,
		{.tags = {{FWD_ETH_QINQ, 0}, {FWD_ETH_VLAN, 0}, {FWD_ETH_VLAN, 0}},
			.stack = {{LABEL_B, 64}},
			.n_labels = 1,
			.src = A1,
			.dst = A1,
			.ttl = 64},
		FWD_DROP, FWD_MPLS_NOT_ENABLED, FWD_VRF_NONE},
	{"ATTACK: explicit null", false, PORT_A,
		{.stack = {{0, 64}}, .n_labels = 1, .src = A1, .dst = PE2, .ttl = 64}, FWD_DROP,
		FWD_MPLS_NOT_ENABLED, FWD_VRF_NONE},
	{"control: an open port honours VPN A's label, into VPN A", false, PORT_B_OPEN,
		{.stack = {{LABEL_A, 64}}, .n_labels = 1, .src = A1, .dst = A1, .ttl = 64},
		FWD_SEND, FWD_OK, VRF_A, PORT_A, {.src = A1, .dst = A1, .ttl = 63}},
	{"control: under three priority tags", false, PORT_B_OPEN,
		{.tags = {{FWD_ETH_QINQ, 0}, {FWD_ETH_VLAN, 0}, {FWD_ETH_VLAN, 0}},
			.stack = {{LABEL_A, 64}},
			.n_labels = 1,
			.src = A1,
			.dst = A1,
			.ttl = 64},
		FWD_SEND, FWD_OK, VRF_A, PORT_A, {.src = A1, .dst = A1, .ttl = 63}},
	{"control: explicit null leads into the global table", false, PORT_B_OPEN,
		{.stack = {{0, 64}}, .n_labels = 1, .src = A1, .dst = PE2, .ttl = 64}, FWD_GLOBAL,
		FWD_OK, FWD_VRF_NONE},
	{"control: VID 5 does not help", false, PORT_B_OPEN,
		{.tags = {{FWD_ETH_VLAN, 5}},
			.stack = {{LABEL_A, 64}},
			.n_labels = 1,
			.src = A1,
			.dst = A1,
			.ttl = 64},
		FWD_DROP, FWD_VLAN_NOT_AGREED, FWD_VRF_NONE},

	{"from the core: popped, out to CE A", false, PORT_CORE,
		{.stack = {{LABEL_A, 62}}, .n_labels = 1, .src = A2, .dst = A1, .ttl = 40},
		FWD_SEND, FWD_OK, VRF_A, PORT_A, {.src = A2, .dst = A1, .ttl = 39}},
	{"the same, uniform: the label's TTL", true, PORT_CORE,
		{.stack = {{LABEL_A, 62}}, .n_labels = 1, .src = A2, .dst = A1, .ttl = 63},
		FWD_SEND, FWD_OK, VRF_A, PORT_A, {.src = A2, .dst = A1, .ttl = 61}},
	{"VPN B's label: the same destination, CE B", false, PORT_CORE,
		{.stack = {{LABEL_B, 62}}, .n_labels = 1, .src = A2, .dst = A1, .ttl = 40},
		FWD_SEND, FWD_OK, VRF_B, PORT_B, {.src = A2, .dst = A1, .ttl = 39}},
	{"explicit null above the VPN label (RFC 4182)", false, PORT_CORE,
		{.stack = {{0, 62}, {LABEL_A, 62}}, .n_labels = 2, .src = A2, .dst = A1, .ttl = 40},
		FWD_SEND, FWD_OK, VRF_A, PORT_A, {.src = A2, .dst = A1, .ttl = 39}},
	{"a connected prefix wins over a route of its length", false, PORT_CORE,
		{.stack = {{LABEL_A, 62}}, .n_labels = 1, .src = A2, .dst = CE_A, .ttl = 40},
		FWD_SEND, FWD_OK, VRF_A, PORT_A, {.src = A2, .dst = CE_A, .ttl = 39}},
	{"the PE's own address in the VRF", false, PORT_CORE,
		{.stack = {{LABEL_A, 62}}, .n_labels = 1, .src = A2, .dst = 0xc0a80101, .ttl = 40},
		FWD_LOCAL, FWD_OK, VRF_A},
	{"a label that is free", false, PORT_CORE,
		{.stack = {{LABEL_MIN + 5, 62}}, .n_labels = 1, .src = A2, .dst = A1, .ttl = 40},
		FWD_DROP, FWD_LABEL_UNKNOWN, FWD_VRF_NONE},
	{"a label outside our range", false, PORT_CORE,
		{.stack = {{16, 62}}, .n_labels = 1, .src = A2, .dst = A1, .ttl = 40}, FWD_DROP,
		FWD_LABEL_UNKNOWN, FWD_VRF_NONE},
	{"router alert", false, PORT_CORE,
		{.stack = {{1, 62}, {LABEL_A, 62}}, .n_labels = 2, .src = A2, .dst = A1, .ttl = 40},
		FWD_DROP, FWD_LABEL_RESERVED, FWD_VRF_NONE},
	{"implicit null on the wire", false, PORT_CORE,
		{.stack = {{3, 62}}, .n_labels = 1, .src = A2, .dst = A1, .ttl = 40}, FWD_DROP,
		FWD_LABEL_RESERVED, FWD_VRF_NONE},
	{"more labels below a VPN label", false, PORT_CORE,
		{.stack = {{LABEL_A, 62}, {LABEL_B, 62}},
			.n_labels = 2,
			.src = A2,
			.dst = A1,
			.ttl = 40},
		FWD_DROP, FWD_LABEL_NOT_BOTTOM, FWD_VRF_NONE},
	{"label TTL 1", false, PORT_CORE,
		{.stack = {{LABEL_A, 1}}, .n_labels = 1, .src = A2, .dst = A1, .ttl = 40}, FWD_DROP,
		FWD_MPLS_TTL, FWD_VRF_NONE},
	{"label TTL 0", false, PORT_CORE,
		{.stack = {{LABEL_A, 0}}, .n_labels = 1, .src = A2, .dst = A1, .ttl = 40}, FWD_DROP,
		FWD_MPLS_TTL, FWD_VRF_NONE},
	{"inner TTL 1, pipe", false, PORT_CORE,
		{.stack = {{LABEL_A, 62}}, .n_labels = 1, .src = A2, .dst = A1, .ttl = 1}, FWD_DROP,
		FWD_IP_TTL, VRF_A},
	{"no bottom: the IP header is read as labels", false, PORT_CORE,
		{.stack = {{0, 62}},
			.n_labels = 1,
			.src = A2,
			.dst = A1,
			.ttl = 40,
			.no_bottom = true},
		FWD_DROP, FWD_LABEL_UNKNOWN, FWD_VRF_NONE},
	{"plain IP on the core port is the core's business", false, PORT_CORE,
		{.src = A2, .dst = A1, .ttl = 40}, FWD_GLOBAL, FWD_OK, FWD_VRF_NONE},
};

static void network_make(struct fixture *f)
{
	fixture_init(f);
	fixture_track(f, PE2);
	fixture_track(f, PE3);
	fixture_path(f, PE2, 17);
	cr_assert_eq(fixture_label(f, FIB_LABEL_ADD, LABEL_A, VRF_A), 0);
	cr_assert_eq(fixture_label(f, FIB_LABEL_ADD, LABEL_B, VRF_B), 0);
	cr_assert_eq(fixture_vpn(f, VRF_A, "172.16.2.0/24", PE2, 80), 0);
	cr_assert_eq(fixture_vpn(f, VRF_B, "172.16.2.0/24", PE2, 81), 0);
	cr_assert_eq(fixture_vpn(f, VRF_A, "10.9.0.0/16", PE3, 90), 0);
	cr_assert_eq(fixture_ce(f, VRF_A, "172.16.1.0/24", CE_A), 0);
	cr_assert_eq(fixture_ce(f, VRF_B, "172.16.1.0/24", CE_A), 0);
	cr_assert_eq(fixture_ce(f, VRF_A, "172.16.2.128/25", CE_A), 0);
	cr_assert_eq(fixture_vpn(f, VRF_A, "192.168.1.0/30", PE2, 80),
		0); /* connected, too: that wins */
}

Test(pipeline, packets_in_and_out)
{
	struct fixture f;

	network_make(&f);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fwd_packet p, want;
		struct fwd_trace why;

		f.m.lfib.ttl_uniform = rows[i].uniform;
		shape_build(&rows[i].in, &p);
		enum fwd_verdict v = fwd_pipeline(&f.m.lfib, rows[i].port, &p, &why);
		cr_assert_eq(v, rows[i].verdict, "%s: %s, %s", rows[i].what, fwd_verdict_name(v),
			fwd_reason_name(why.reason));
		cr_assert_eq(why.reason, rows[i].reason, "%s: %s", rows[i].what,
			fwd_reason_name(why.reason));
		cr_assert_eq(why.vrf, rows[i].vrf, "%s: VRF %u", rows[i].what, why.vrf);
		if (v != FWD_SEND)
			continue;
		shape_build(&rows[i].out, &want);
		cr_assert_eq(
			why.out_port, rows[i].out_port, "%s: port %u", rows[i].what, why.out_port);
		cr_assert_eq(p.protocol, want.protocol, "%s", rows[i].what);
		cr_assert_eq(p.len, want.len, "%s", rows[i].what);
		cr_assert_eq(memcmp(fwd_packet_at(&p), fwd_packet_at(&want), p.len), 0, "%s",
			rows[i].what);
	}
	fixture_fini(&f);
}

Test(pipeline, only_what_the_kernel_has_counts)
{
	struct fixture f;
	struct fwd_packet p;
	struct fwd_trace why;
	struct fib_msg m = {.type = FIB_LABEL_ADD, .label = LABEL_MIN + 2};
	struct shape in = {
		.stack = {{LABEL_MIN + 2, 62}}, .n_labels = 1, .src = A2, .dst = A1, .ttl = 40};

	network_make(&f);
	cr_assert_eq(fwd_lfib_apply(&f.m.lfib, &m), 0);
	shape_build(&in, &p);
	cr_assert(fwd_pipeline(&f.m.lfib, PORT_CORE, &p, &why) == FWD_DROP &&
		  why.reason == FWD_LABEL_UNKNOWN);
	be_rec_run(&f.m.kernel, &f.m.lfib);
	shape_build(&in, &p);
	cr_assert_eq(fwd_pipeline(&f.m.lfib, PORT_CORE, &p, &why), FWD_SEND);
	fixture_fini(&f);
}

Test(pipeline, a_port_that_is_not_bound_forwards_nothing)
{
	struct fixture f;
	struct fwd_packet p;
	struct fwd_trace why;
	struct shape in = {.src = A1, .dst = A2, .ttl = 64};

	network_make(&f);
	f.m.lfib.ports[PORT_A].bound = false;
	shape_build(&in, &p);
	cr_assert(fwd_pipeline(&f.m.lfib, PORT_A, &p, &why) == FWD_DROP &&
		  why.reason == FWD_PORT_NOT_BOUND);
	f.m.lfib.ports[PORT_A].up = false;
	cr_assert(fwd_pipeline(&f.m.lfib, PORT_A, &p, &why) == FWD_DROP &&
		  why.reason == FWD_PORT_DOWN);
	fixture_fini(&f);
}

Test(pipeline, a_blackhole_inside_a_route_takes_its_own_and_nothing_else)
{
	struct conf_peer peer = {.vrf = VRF_A, .accept_blackhole = true};
	struct fib_msg m = {.type = FIB_ROUTE_ADD,
		.vrf = VRF_A,
		.prefix = {.addr = ip_addr_v4(A2), .len = 32},
		.route = {.kind = FIB_ROUTE_BLACKHOLE, .next_hop = ip_addr_v4(CE_A)}};
	struct shape in = {.src = A1, .dst = A2, .ttl = 64};
	struct fixture f;
	struct fwd_packet p;
	struct fwd_trace why;

	network_make(&f);
	f.conf.peers = &peer;
	f.conf.n_peers = 1;
	cr_assert_eq(fixture_say(&f, &m), 0);
	shape_build(&in, &p);
	cr_assert(fwd_pipeline(&f.m.lfib, PORT_A, &p, &why) == FWD_DROP &&
		  why.reason == FWD_BLACKHOLE);
	in.dst = A2 + 1;
	shape_build(&in, &p);
	cr_assert_eq(fwd_pipeline(&f.m.lfib, PORT_A, &p, &why), FWD_SEND);
	fixture_fini(&f);
}

Test(pipeline, a_packet_of_the_pe_itself)
{
	struct fixture f;
	struct fwd_packet p;
	struct fwd_trace why;
	struct shape in = {.src = 0xc0a80101, .dst = A2, .ttl = 64};

	network_make(&f);
	shape_build(&in, &p);
	cr_assert(fwd_pipeline_output(&f.m.lfib, VRF_A, &p, &why) == FWD_SEND && why.pushed == 2);
	struct fwd_lse e;
	cr_assert(fwd_packet_get_lse(&p, &e) && e.label == 17 && !e.bottom);
	fixture_fini(&f);
}

Test(packet, every_truncation_and_broken_header_is_seen)
{
	struct fixture f;
	struct fwd_packet whole, p;
	struct fwd_trace why;
	struct shape in = {
		.stack = {{LABEL_A, 62}}, .n_labels = 1, .src = A2, .dst = A1, .ttl = 40};

	network_make(&f);
	shape_build(&in, &whole);
	for (unsigned cut = 0; cut < whole.len; cut++) {
		cr_assert(fwd_packet_init(&p, FWD_ETH_MPLS, fwd_packet_at(&whole), cut));
		cr_assert_eq(fwd_pipeline(&f.m.lfib, PORT_CORE, &p, &why), FWD_DROP);
		cr_assert(why.reason == FWD_STACK_CUT || why.reason == FWD_IP_MALFORMED);
	}
	for (unsigned bit = 0; bit < 20 * 8;
		bit++) { /* one bit of the IP header: the checksum tells */
		p = whole;
		fwd_packet_at(&p)[4 + bit / 8] ^= (uint8_t)(1 << bit % 8);
		cr_assert_eq(fwd_pipeline(&f.m.lfib, PORT_CORE, &p, &why), FWD_DROP);
		cr_assert_eq(why.reason, FWD_IP_MALFORMED);
	}
	cr_assert_not(fwd_packet_init(&p, FWD_ETH_IPV4, whole.octets, FWD_PACKET_MAX));
	fixture_fini(&f);
}

Test(packet, the_checksum_is_mended_for_every_ttl)
{
	for (unsigned from = 0; from < 256; from++) {
		for (unsigned to = 0; to < 256; to++) {
			struct shape in = {.src = A1 + from, .dst = A2 + to, .ttl = (uint8_t)from};
			struct fwd_packet p;
			struct fwd_ipv4 ip;

			shape_build(&in, &p);
			fwd_packet_set_ttl(&p, (uint8_t)to);
			cr_assert(fwd_packet_get_ipv4(&p, &ip) && ip.ttl == to);
		}
	}
}
