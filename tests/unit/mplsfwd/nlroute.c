#include "mplsfwd/nlroute.h"

#include <criterion/criterion.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "mplsfwd/resolve.h"

/* Netlink is in host order: the octets below are those of a little-endian machine. */
static bool little_endian(void)
{
	const uint16_t one = 1;
	uint8_t first;

	memcpy(&first, &one, 1);
	return first;
}

static size_t hex_get(const char *hex, uint8_t *out)
{
	size_t n = 0;

	for (; *hex; hex++) {
		unsigned v;

		if (*hex == ' ')
			continue;
		cr_assert_eq(sscanf(hex, "%2x", &v), 1);
		out[n++] = (uint8_t)v;
		hex++;
	}
	return n;
}

static const struct fwd_path path2 = {
	.oif = 7, .gateway = {.af = IP_V4, .o = {10, 0, 0, 2}}, .n_labels = 1, .labels = {17}};

static const struct {
	const char *what;
	struct fwd_op op;
	const char *octets;
} goldens[] = {
	{"pop entry: label 100001 dev 12, pipe",
		{.kind = FWD_OP_LABEL_ADD, .label = 100001, .oif = 12},
		"34000000 1800 0506 07000000 00000000" /* NEWROUTE, REQUEST ACK CREATE EXCL */
		"1c 14 00 00 fe 52 00 01 00000000"     /* AF_MPLS/20, main, protocol 82, unicast */
		"0800 0100 186a1100"		       /* RTA_DST 100001, S */
		"0800 0400 0c000000"		       /* RTA_OIF */
		"0500 1a00 00 000000"},		       /* RTA_TTL_PROPAGATE 0 */
	{"pop entry over one of ours, uniform",
		{.kind = FWD_OP_LABEL_ADD,
			.label = 16,
			.oif = 12,
			.replace = true,
			.ttl_uniform = true},
		"34000000 1800 0505 07000000 00000000"
		"1c 14 00 00 fe 52 00 01 00000000"
		"0800 0100 00010100 0800 0400 0c000000 0500 1a00 01 000000"},
	{"pop entry removed", {.kind = FWD_OP_LABEL_DEL, .label = 100001},
		"24000000 1900 0500 07000000 00000000"
		"1c 14 00 00 fe 52 00 01 00000000 0800 0100 186a1100"},
	{"nexthop object: push 17/80 via 10.0.0.2 dev 7, pipe",
		{.kind = FWD_OP_NH_ADD, .nhid = FWD_NHID_FIRST, .path = path2, .label = 80},
		"50000000 6800 0506 07000000 00000000" /* NEWNEXTHOP, REQUEST ACK CREATE EXCL */
		"02 00 52 00 04000000"		       /* AF_INET, protocol 82, ONLINK */
		"0800 0100 0000ff0f"		       /* NHA_ID */
		"0800 0500 07000000"		       /* NHA_OIF */
		"0800 0600 0a000002"		       /* NHA_GATEWAY */
		"0600 0700 0100 0000"		       /* NHA_ENCAP_TYPE MPLS */
		"1800 0880"			       /* NHA_ENCAP, nested */
		"0c00 0100 00011000 00050100"	       /* MPLS_IPTUNNEL_DST 17, 80 S */
		"0500 0200 ff 000000"},		       /* MPLS_IPTUNNEL_TTL 255 */
	{"nexthop object replaced: adjacent PE, uniform",
		{.kind = FWD_OP_NH_REPLACE,
			.nhid = 1,
			.label = 80,
			.ttl_uniform = true,
			.path = {.oif = 7, .gateway = {.af = IP_V4, .o = {10, 0, 0, 2}}}},
		"44000000 6800 0501 07000000 00000000 02 00 52 00 04000000"
		"0800 0100 01000000 0800 0500 07000000 0800 0600 0a000002 0600 0700 0100 0000"
		"0c00 0880 0800 0100 00050100"},
	{"nexthop object turned into a blackhole",
		{.kind = FWD_OP_NH_REPLACE, .nhid = 1, .blackhole = true, .path = path2},
		"24000000 6800 0501 07000000 00000000 02 00 52 00 00000000 0800 0100 01000000 0400 "
		"0400"},
	{"nexthop object over IPv6",
		{.kind = FWD_OP_NH_ADD,
			.nhid = 1,
			.label = 80,
			.ttl_uniform = true,
			.path = {.oif = 7, .gateway = {.af = IP_V6, .o = {0xfe, 0x80, [15] = 1}}}},
		"50000000 6800 0506 07000000 00000000 0a 00 52 00 00000000 0800 0100 01000000"
		"0800 0500 07000000 1400 0600 fe800000000000000000000000000001 0600 0700 0100 0000"
		"0c00 0880 0800 0100 00050100"},
	{"nexthop object removed", {.kind = FWD_OP_NH_DEL, .nhid = 1},
		"20000000 6900 0500 07000000 00000000 00 00 00 00 00000000 0800 0100 01000000"},
	{"VPN route: 172.16.2.0/24 nhid 0x0fff0000 table 1001",
		{.kind = FWD_OP_ROUTE_SET,
			.table = 1001,
			.addr = 0xac100200,
			.len = 24,
			.nhid = 0x0fff0000},
		"3c000000 1800 0505 07000000 00000000" /* NEWROUTE, REQUEST ACK CREATE REPLACE */
		"02 18 00 00 00 52 00 01 00000000"
		"0800 0f00 e9030000 0800 0100 ac100200 0800 0600 52000000" /* table, dst, metric 82 */
		"0800 1e00 0000ff0f"},					   /* RTA_NH_ID */
	{"CE route: default via 192.168.1.2 dev 9 table 1001",
		{.kind = FWD_OP_ROUTE_SET, .table = 1001, .gateway = 0xc0a80102, .oif = 9},
		"3c000000 1800 0505 07000000 00000000 02 00 00 00 00 52 00 01 00000000"
		"0800 0f00 e9030000 0800 0600 52000000 0800 0500 c0a80102 0800 0400 09000000"},
	{"blackhole: 172.16.2.9/32 table 1001",
		{.kind = FWD_OP_ROUTE_SET,
			.table = 1001,
			.addr = 0xac100209,
			.len = 32,
			.blackhole = true},
		"34000000 1800 0505 07000000 00000000 02 20 00 00 00 52 00 06 00000000"
		"0800 0f00 e9030000 0800 0100 ac100209 0800 0600 52000000"},
	{"route removed: ours only, by protocol and metric",
		{.kind = FWD_OP_ROUTE_DEL, .table = 1001, .addr = 0xac100200, .len = 24},
		"34000000 1900 0500 07000000 00000000 02 18 00 00 00 52 ff 00 00000000"
		"0800 0f00 e9030000 0800 0100 ac100200 0800 0600 52000000"},
};

Test(nlroute, golden_octets_of_every_operation)
{
	unsigned kinds = 0;

	if (!little_endian())
		cr_skip_test("goldens are little-endian");
	for (size_t i = 0; i < sizeof(goldens) / sizeof(*goldens); i++) {
		uint8_t want[FWD_NL_OP_MAX], got[FWD_NL_OP_MAX];
		size_t n = hex_get(goldens[i].octets, want);
		struct wbuf w = wbuf_of(got, sizeof(got));

		fwd_nl_put_op(&w, &goldens[i].op, 7, NLM_F_ACK);
		cr_assert(wbuf_ok(&w));
		for (size_t k = 0; k < n && k < w.len; k++)
			cr_assert_eq(got[k], want[k], "%s: octet %zu is %02x, not %02x",
				goldens[i].what, k, got[k], want[k]);
		cr_assert_eq(w.len, n, "%s: %zu octets, not %zu", goldens[i].what, w.len, n);
		cr_assert_eq(w.len % 4, 0);
		kinds |= 1u << goldens[i].op.kind;
		for (size_t cap = 0; cap < n; cap++) {
			w = wbuf_of(got, cap);
			fwd_nl_put_op(&w, &goldens[i].op, 7, 0);
			cr_assert_not(wbuf_ok(&w));
		}
	}
	cr_assert_eq(kinds, (1u << FWD_OP_N) - 1, "every operation has a golden message");
}

Test(nlroute, our_own_messages_are_read_back)
{
	uint8_t o[FWD_NL_OP_MAX];
	struct wbuf w = wbuf_of(o, sizeof(o));
	struct fwd_nl_nexthop nh;
	struct fwd_nl_route r;

	fwd_nl_put_op(&w, &goldens[3].op, 1, 0);
	cr_assert(fwd_nl_get_nexthop(o, w.len, &nh));
	cr_assert(nh.id == FWD_NHID_FIRST && nh.protocol == FWD_PROTO && !nh.blackhole &&
		  !nh.n_members);
	cr_assert(nh.hop.oif == 7 && ip_addr_equal(&nh.hop.gateway, &path2.gateway));
	cr_assert(nh.hop.n_labels == 2 && nh.hop.labels[0] == 17 && nh.hop.labels[1] == 80);
	cr_assert_not(fwd_nl_get_route(o, w.len, &r), "not a route");

	w = wbuf_of(o, sizeof(o));
	fwd_nl_put_op(&w, &goldens[0].op, 1, 0);
	cr_assert(fwd_nl_get_route(o, w.len, &r));
	cr_assert(r.family == AF_MPLS && r.label == 100001 && r.n_hops == 1 && r.hops[0].oif == 12);
	cr_assert_eq(r.protocol, FWD_PROTO);

	w = wbuf_of(o, sizeof(o));
	fwd_nl_put_op(&w, &goldens[8].op, 1, 0);
	cr_assert(fwd_nl_get_route(o, w.len, &r));
	cr_assert(r.table == 1001 && r.addr == 0xac100200 && r.len == 24 && r.nhid == 0x0fff0000 &&
		  !r.n_hops);
	cr_assert_not(fwd_nl_get_nexthop(o, w.len, &nh), "not a nexthop object");
}

/* Dumped by a 6.1 kernel: 10.255.0.3/32 encap mpls 17 via 10.0.0.2 dev 3 proto ospf metric 20. */
static const char labelled_route[] =
	"58000000 1800 0200 00000000 00000000 02 20 00 00 fe bc 00 01 00000000"
	"0800 0f00 fe000000 0800 0100 0aff0003 0800 0600 14000000 0800 0500 0a000002 0800 0400 "
	"03000000"
	"0c00 1600 0800 0100 00011100 0600 1500 0100 0000";
/* Dumped by a 6.1 kernel: two next hops over dev 3, encap mpls 17 and encap mpls 18/19. */
static const char multipath_route[] =
	"7c000000 1800 0200 00000000 00000000 02 20 00 00 fe 03 00 01 00000000"
	"0800 0f00 fe000000 0800 0100 0aff0004 5000 0900"
	"2400 00 00 03000000 0800 0500 0a000002 0c00 1600 0800 0100 00011100 0600 1500 0100 0000"
	"2800 00 00 03000000 0800 0500 0a000002 1000 1600 0c00 0100 00012000 00013100 0600 1500 "
	"0100 0000";
/* Made: the first next hop is dead and has no label. */
static const char dead_route[] =
	"60000000 1800 0000 00000000 00000000 02 20 00 00 fe bc 00 01 00000000"
	"0800 0f00 fe000000 0800 0100 0aff0003 3400 0900"
	"1000 01 00 07000000 0800 0500 0a000002"
	"2000 00 00 08000000 0800 0500 0a000006 0600 1500 0100 0000 0800 1600 0400 0100";

static bool route_hex(const char *hex, struct fwd_nl_route *r)
{
	uint8_t o[512];

	return fwd_nl_get_route(o, hex_get(hex, o), r);
}

Test(nlroute, labels_are_read_from_routes)
{
	struct fwd_nl_route r;

	if (!little_endian())
		cr_skip_test("goldens are little-endian");
	cr_assert(route_hex(labelled_route, &r));
	cr_assert(r.table == 254 && r.addr == 0x0aff0003 && r.len == 32 && r.metric == 20 &&
		  r.protocol == 188);
	cr_assert(r.n_hops == 1 && r.hops[0].oif == 3 && r.hops[0].n_labels == 1 &&
		  r.hops[0].labels[0] == 17);
	cr_assert(route_hex(multipath_route, &r));
	cr_assert(r.n_hops == 2 && r.hops[0].n_labels == 1 && r.hops[1].n_labels == 2);
	cr_assert(r.hops[1].labels[0] == 18 && r.hops[1].labels[1] == 19 && !r.hops[1].dead);
	cr_assert(route_hex(dead_route, &r));
	cr_assert(r.n_hops == 2 && r.hops[0].dead && !r.hops[1].dead && r.hops[1].oif == 8);
}

Test(nlroute, no_truncation_or_change_of_an_octet_leads_astray)
{
	const char *messages[] = {labelled_route, multipath_route, dead_route};

	for (unsigned m = 0; m < 3; m++) {
		uint8_t whole[512];
		size_t n = hex_get(messages[m], whole);
		struct fwd_nl_route r;
		struct fwd_nl_nexthop nh;

		for (size_t cut = 0; cut < n; cut++) {
			/* exactly cut octets on the heap: a read past them is seen by the sanitizer */
			uint8_t *o = malloc(cut + 1);
			memcpy(o, whole, cut);
			cr_assert_not(
				fwd_nl_get_route(o, cut, &r), "the header says more than there is");
			if (cut >= 16) {
				o[0] = (uint8_t)cut;
				fwd_nl_get_route(o, cut, &r);
				o[4] = RTM_NEWNEXTHOP;
				fwd_nl_get_nexthop(o, cut, &nh);
			}
			free(o);
		}
		for (size_t at = 4; at < n; at++) {
			for (unsigned v = 0; v < 256; v++) {
				uint8_t *o = malloc(n);
				memcpy(o, whole, n);
				o[at] = (uint8_t)v;
				if (fwd_nl_get_route(o, n, &r))
					cr_assert(r.len <= 32 && r.n_hops <= FWD_NL_HOPS);
				fwd_nl_get_nexthop(o, n, &nh);
				free(o);
			}
		}
	}
}

static bool object_find(void *arg, uint32_t id, struct fwd_nl_nexthop *out)
{
	*out = (struct fwd_nl_nexthop){
		.id = id, .hop = {.oif = id, .gateway = ip_addr_v4(0x0a000000 + id)}};
	if (id == 30) {
		out->n_members = 3;
		out->members[0] = 9;
		out->members[1] = 7;
		out->members[2] = 8;
	} else if (id == 31) {
		out->blackhole = true;
	} else if (id == 7 || id == 8 || id == 9) {
		out->hop.n_labels = 1;
		out->hop.labels[0] = 100 + id;
		out->hop.dead = id == 7;
	} else {
		return false;
	}
	return true;
}

static const struct {
	const char *what;
	struct fwd_nl_route route;
	enum fwd_resolution want;
	uint32_t oif, label;
	bool implicit_null;
} resolutions[] = {
	{"a labelled route",
		{.type = RTN_UNICAST,
			.len = 32,
			.n_hops = 1,
			.hops = {{.oif = 5,
				.gateway = {.af = IP_V4, .o = {10, 0, 0, 2}},
				.n_labels = 1,
				.labels = {17}}}},
		FWD_RESOLVED, 5, 17},
	{"no label beyond a gateway",
		{.type = RTN_UNICAST,
			.len = 32,
			.n_hops = 1,
			.hops = {{.oif = 5, .gateway = {.af = IP_V4, .o = {10, 0, 0, 2}}}}},
		FWD_UNRESOLVED_UNLABELLED, 0, 0},
	{"no label beyond a gateway, one hop away",
		{.type = RTN_UNICAST,
			.len = 32,
			.n_hops = 1,
			.hops = {{.oif = 5, .gateway = {.af = IP_V4, .o = {10, 0, 0, 2}}}}},
		FWD_RESOLVED, 5, 0, true},
	{"one hop away: the lowest gateway that lives",
		{.type = RTN_UNICAST,
			.len = 32,
			.n_hops = 3,
			.hops = {{.oif = 4, .gateway = {.af = IP_V4, .o = {10, 0, 0, 6}}},
				{.oif = 3, .gateway = {.af = IP_V4, .o = {10, 0, 0, 2}}},
				{.oif = 2,
					.gateway = {.af = IP_V4, .o = {10, 0, 0, 1}},
					.dead = true}}},
		FWD_RESOLVED, 3, 0, true},
	{"one hop away: what has a label goes first",
		{.type = RTN_UNICAST,
			.len = 32,
			.n_hops = 2,
			.hops = {{.oif = 3, .gateway = {.af = IP_V4, .o = {10, 0, 0, 2}}},
				{.oif = 4,
					.gateway = {.af = IP_V4, .o = {10, 0, 0, 6}},
					.n_labels = 1,
					.labels = {40}}}},
		FWD_RESOLVED, 4, 40, true},
	{"one hop away, dead",
		{.type = RTN_UNICAST,
			.len = 32,
			.n_hops = 1,
			.hops = {{.oif = 5,
				.gateway = {.af = IP_V4, .o = {10, 0, 0, 2}},
				.dead = true}}},
		FWD_UNRESOLVED_DEAD, 0, 0, true},
	{"one hop away, the default route",
		{.type = RTN_UNICAST,
			.n_hops = 1,
			.hops = {{.oif = 5, .gateway = {.af = IP_V4, .o = {10, 0, 0, 2}}}}},
		FWD_UNRESOLVED_NONE, 0, 0, true},
	{"for want of a label is said before other reasons",
		{.type = RTN_UNICAST,
			.len = 32,
			.n_hops = 2,
			.hops = {{.oif = 5, .gateway = {.af = IP_V4, .o = {10, 0, 0, 2}}},
				{.oif = 6, .dead = true}}},
		FWD_UNRESOLVED_UNLABELLED, 0, 0},
	{"on link", {.type = RTN_UNICAST, .len = 24, .n_hops = 1, .hops = {{.oif = 5}}},
		FWD_RESOLVED, 5, 0},
	{"through itself",
		{.type = RTN_UNICAST,
			.len = 32,
			.n_hops = 1,
			.hops = {{.oif = 5, .gateway = {.af = IP_V4, .o = {10, 255, 0, 3}}}}},
		FWD_RESOLVED, 5, 0},
	{"the default route",
		{.type = RTN_UNICAST, .n_hops = 1, .hops = {{.oif = 5, .n_labels = 1}}},
		FWD_UNRESOLVED_NONE, 0, 0},
	{"unreachable",
		{.type = RTN_UNREACHABLE,
			.len = 32,
			.n_hops = 1,
			.hops = {{.oif = 5, .n_labels = 1}}},
		FWD_UNRESOLVED_NONE, 0, 0},
	{"removed",
		{.del = true, .type = RTN_UNICAST, .len = 32, .n_hops = 1, .hops = {{.oif = 5}}},
		FWD_UNRESOLVED_NONE, 0, 0},
	{"dead", {.type = RTN_UNICAST, .len = 32, .n_hops = 1, .hops = {{.oif = 5, .dead = true}}},
		FWD_UNRESOLVED_DEAD, 0, 0},
	{"too many labels",
		{.type = RTN_UNICAST,
			.len = 32,
			.n_hops = 1,
			.hops = {{.oif = 5, .too_deep = true}}},
		FWD_UNRESOLVED_STACK, 0, 0},
	{"several: the lowest gateway that lives and is labelled",
		{.type = RTN_UNICAST,
			.len = 32,
			.n_hops = 4,
			.hops = {{.oif = 1, .gateway = {.af = IP_V4, .o = {10, 0, 0, 1}}},
				{.oif = 2,
					.gateway = {.af = IP_V4, .o = {10, 0, 0, 2}},
					.n_labels = 1,
					.labels = {20},
					.dead = true},
				{.oif = 4,
					.gateway = {.af = IP_V4, .o = {10, 0, 0, 4}},
					.n_labels = 1,
					.labels = {40}},
				{.oif = 3,
					.gateway = {.af = IP_V4, .o = {10, 0, 0, 3}},
					.n_labels = 1,
					.labels = {30}}}},
		FWD_RESOLVED, 3, 30},
	{"an object (nexthop_compat_mode 0)", {.type = RTN_UNICAST, .len = 32, .nhid = 8},
		FWD_RESOLVED, 8, 108},
	{"a group of objects", {.type = RTN_UNICAST, .len = 32, .nhid = 30}, FWD_RESOLVED, 8, 108},
	{"a blackhole object", {.type = RTN_UNICAST, .len = 32, .nhid = 31}, FWD_UNRESOLVED_NONE, 0,
		0},
	{"an unknown object", {.type = RTN_UNICAST, .len = 32, .nhid = 32}, FWD_UNRESOLVED_NONE, 0,
		0},
};

Test(resolve, from_the_kernels_route_to_a_path)
{
	struct ip_addr pe2 = ip_addr_v4(0x0aff0003);

	for (size_t i = 0; i < sizeof(resolutions) / sizeof(*resolutions); i++) {
		struct fwd_path p;
		enum fwd_resolution got = fwd_resolve(&resolutions[i].route, &pe2,
			resolutions[i].implicit_null, object_find, NULL, &p);

		cr_assert_eq(got, resolutions[i].want, "%s: %s", resolutions[i].what,
			fwd_resolution_name(got));
		cr_assert_eq(p.oif, resolutions[i].oif, "%s", resolutions[i].what);
		cr_assert_eq(p.n_labels, resolutions[i].label != 0, "%s", resolutions[i].what);
		cr_assert_eq(p.labels[0], resolutions[i].label, "%s", resolutions[i].what);
		cr_assert(got != FWD_RESOLVED || p.gateway.af == IP_V4, "%s", resolutions[i].what);
	}
}
