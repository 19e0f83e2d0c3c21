#include "tests/unit/mgmt/router.h"

#include <criterion/criterion.h>
#include <string.h>

#include "bgpd/wire/msg.h"
#include "bgpd/wire/open.h"
#include "bgpd/wire/rd.h"
#include "bgpd/wire/update.h"
#include "conf/load.h"

enum bed_conn { BED_PE2 = 1, BED_CE_A1 = 2 };

static const char bed_yaml[] =
	"router: {name: pe1, as: 65000, id: 10.255.0.1}\n"
	"mpls: {labels: 100-199, quarantine: 30}\n"
	"ports:\n"
	"  - {name: eth1, role: core}\n"
	"  - {name: eth2, role: access, vrf: vrf-a, address: [192.168.1.1/30], acl: [customer-a]}\n"
	"  - {name: eth3, role: access, vrf: vrf-b, address: [192.168.1.1/30]}\n"
	"acls:\n"
	"  - name: customer-a\n"
	"    aces:\n"
	"      - {name: dns, matches: {ipv4: {protocol: udp}, udp: {destination-port: {operator: "
	"eq, "
	"port: 53}}},\n"
	"         actions: {forwarding: accept}}\n"
	"      - {name: no-telnet, matches: {ipv4: {protocol: tcp}, tcp: {destination-port: "
	"{operator: eq, port: 23}}},\n"
	"         actions: {forwarding: drop, logging: log-syslog}}\n"
	"neighbors:\n"
	"  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000, families: [vpnv4],\n"
	"     password: CoreSecret, name: pe2, passive: true}\n"
	"  - {address: 10.255.0.4, as: 65000, families: [vpnv4], password: CoreSecret, name: pe3, "
	"passive: true}\n"
	"vrfs:\n"
	"  - name: vrf-a\n"
	"    table: 1001\n"
	"    rd: \"65000:11\"\n"
	"    import: [\"65000:101\"]\n"
	"    export: [\"65000:101\"]\n"
	"    redistribute: [connected]\n"
	"    neighbors: [{address: 192.168.1.2, as: 65101, password: CeASecret, gtsm: 1, name: "
	"ce-a1,\n"
	"                 passive: true, max-prefix: 10}]\n"
	"  - name: vrf-b\n"
	"    table: 1002\n"
	"    rd: \"65000:12\"\n"
	"    max-routes: {limit: 100, action: warn}\n"
	"    import: [\"65000:102\"]\n"
	"    export: [\"65000:102\"]\n"
	"    redistribute: [static]\n"
	"    routes: [{prefix: 172.16.1.0/24, next-hop: 192.168.1.2}]\n";

void mgmt_bed_init(struct mgmt_bed *b)
{
	*b = (struct mgmt_bed){.now_ms = 1000};
	b->conf = conf_parse("bed.yaml", bed_yaml, strlen(bed_yaml), stderr);
	cr_assert_not_null(b->conf);
	b->r = router_new(b->conf, 1);
	effects_init(&b->fx);
}

static void bed_step(struct mgmt_bed *b, const struct event *ev)
{
	router_step(b->r, ev, b->now_ms, &b->fx);
}

static void bed_fib(struct mgmt_bed *b, struct fib_msg m)
{
	bed_step(b, &(struct event){.kind = EV_FIB, .fib = m});
}

/* Everything that is to be done, with a forwarding plane that says yes to every label. */
static void bed_work(struct mgmt_bed *b)
{
	for (;;) {
		while (router_work(b->r, 1000, b->now_ms, &b->fx))
			;
		uint32_t seqs[8];
		unsigned n = 0;
		for (size_t i = 0; i < b->fx.n; i++)
			if (b->fx.list[i].kind == EFF_FIB &&
				b->fx.list[i].fib.type == FIB_LABEL_ADD)
				seqs[n++] = b->fx.list[i].fib.seq;
		effects_reset(&b->fx);
		if (n == 0)
			return;
		for (unsigned i = 0; i < n; i++)
			bed_fib(b, (struct fib_msg){.type = FIB_ACK, .seq = seqs[i]});
	}
}

static void bed_recv(struct mgmt_bed *b, uint32_t conn, const struct wbuf *w)
{
	cr_assert(wbuf_ok(w));
	bed_step(b, &(struct event){.kind = EV_RECV, .conn = conn, .data = w->base, .len = w->len});
	bed_work(b);
}

static void bed_establish(struct mgmt_bed *b, uint32_t conn, uint16_t vrf, uint32_t remote,
	uint32_t local, const struct wire_open *open)
{
	uint8_t octets[512];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	bed_step(b, &(struct event){.kind = EV_ACCEPT,
			    .conn = conn,
			    .vrf = vrf,
			    .remote = ip_addr_v4(remote),
			    .local = ip_addr_v4(local)});
	wire_open_put(&w, open);
	wire_keepalive_put(&w);
	bed_recv(b, conn, &w);
}

static void bed_announce(struct mgmt_bed *b, uint32_t conn, const struct wire_ctx *ctx,
	enum wire_family f, const struct wire_attrs *a, const struct wire_nlri *n)
{
	uint8_t octets[1024];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	cr_assert_eq(wire_update_put_reach(&w, ctx, f, a, n, 1), 1);
	bed_recv(b, conn, &w);
}

static struct wire_nlri bed_nlri(const char *rd, const char *prefix, uint32_t label)
{
	struct wire_nlri n = {.label = label};

	cr_assert(ip_prefix_parse(prefix, &n.prefix, NULL));
	cr_assert(!rd || wire_rd_parse(rd, &n.rd));
	return n;
}

/* From pe2: one route for vrf-a, one for both, one that nobody imports, which is not kept. */
static void bed_announce_pe2(struct mgmt_bed *b)
{
	static const uint8_t rts[] = {
		0, 2, 0xfd, 0xe8, 0, 0, 0, 101, 0, 2, 0xfd, 0xe8, 0, 0, 0, 102};
	static const uint8_t other[] = {0, 2, 0xfd, 0xe8, 0, 0, 0, 99};
	static const uint8_t path[] = {2, 1, 0, 0, 0xfe, 0x4d};
	struct wire_ctx ctx = {.as4 = true,
		.families = WIRE_FAMILY_BIT(WIRE_VPNV4),
		.msg_max = 4096,
		.local_as = 65000,
		.peer_as = 65000};
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF) |
			   WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES),
		.next_hop = ip_addr_v4(0x0aff0003),
		.local_pref = 100,
		.as_path = {path, sizeof(path)},
		.ext_communities = {rts, 8},
	};
	struct wire_nlri one = bed_nlri("65000:21", "172.16.2.0/24", 2001);
	struct wire_nlri both = bed_nlri("65000:22", "172.16.3.0/24", 2002);
	struct wire_nlri nobody = bed_nlri("65000:23", "172.16.4.0/24", 2003);

	bed_announce(b, BED_PE2, &ctx, WIRE_VPNV4, &a, &one);
	a.ext_communities.len = sizeof(rts);
	bed_announce(b, BED_PE2, &ctx, WIRE_VPNV4, &a, &both);
	a.ext_communities = (struct wire_span){other, sizeof(other)};
	a.next_hop = ip_addr_v4(0x0aff0009); /* the core has no route to it */
	bed_announce(b, BED_PE2, &ctx, WIRE_VPNV4, &a, &nobody);
}

static void bed_announce_ce(struct mgmt_bed *b)
{
	static const uint8_t path[] = {2, 1, 0, 0, 0xfe, 0x4d};
	static const uint8_t rt[] = {
		0, 2, 0xfd, 0xe8, 0, 0, 0, 102}; /* a customer's claim: stripped */
	struct wire_ctx ctx = {.as4 = true,
		.ebgp = true,
		.families = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST),
		.msg_max = 4096,
		.local_as = 65101,
		.peer_as = 65000};
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP) | WIRE_ATTR_BIT(WIRE_ATTR_MED) |
			   WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES),
		.next_hop = ip_addr_v4(0xc0a80102),
		.med = 5,
		.as_path = {path, sizeof(path)},
		.ext_communities = {rt, sizeof(rt)},
	};
	struct wire_nlri n = bed_nlri(NULL, "172.16.1.0/24", WIRE_LABEL_NONE);

	bed_announce(b, BED_CE_A1, &ctx, WIRE_IPV4_UNICAST, &a, &n);
}

static void bed_kernel(struct mgmt_bed *b)
{
	struct fib_msg link = {
		.type = FIB_CONNECTED, .up = true, .prefix = {ip_addr_v4(0xc0a80100), 30}};
	const uint8_t ready = FIB_PORT_PRESENT | FIB_PORT_UP | FIB_PORT_BOUND;

	bed_fib(b, link);
	link.vrf = 1;
	bed_fib(b, link);
	bed_fib(b, (struct fib_msg){.type = FIB_PORT,
			   .port = 0,
			   .flags = FIB_PORT_PRESENT | FIB_PORT_UP | FIB_PORT_LABELS});
	bed_fib(b,
		(struct fib_msg){.type = FIB_PORT, .port = 1, .flags = ready | FIB_PORT_CORRECTED});
	bed_fib(b, (struct fib_msg){.type = FIB_PORT, .port = 2, .flags = ready});
	bed_fib(b, (struct fib_msg){.type = FIB_PORT_STATS,
			   .port = 1,
			   .mpls = {.rx_packets = 7, .rx_dropped = 7}});
	bed_work(b);
}

/* eth2 is open and has had packets; eth3 is closed because something drifted; eth9 is nobody's. */
static void bed_guards(struct mgmt_bed *b)
{
	const struct fib_msg said[] = {
		{.type = FIB_GUARD_PORT, .port = 0, .guard_xdp = ACL_XDP_OFF},
		{.type = FIB_GUARD_COUNT, .port = 1, .guard_reason = ACL_GTSM, .guard_count = 5},
		{.type = FIB_GUARD_PORT,
			.port = 1,
			.guard = FIB_GUARD_OPEN,
			.guard_xdp = ACL_XDP_NATIVE},
		{.type = FIB_GUARD_COUNT, .port = 1, .guard_reason = ACL_PASS, .guard_count = 1000},
		{.type = FIB_GUARD_COUNT,
			.port = 1,
			.guard_reason = ACL_MPLS_NOT_ENABLED,
			.guard_count = 7},
		{.type = FIB_GUARD_COUNT,
			.port = 1,
			.guard_reason = ACL_RULE_DROP,
			.guard_count = 3},
		{.type = FIB_GUARD_RULE, .port = 1, .guard_rule = 1, .guard_count = 3},
		{.type = FIB_GUARD_RULE, .port = 1, .guard_rule = 2, .guard_count = 9},
		{.type = FIB_GUARD_PORT,
			.port = 2,
			.guard = FIB_GUARD_CLOSED,
			.guard_xdp = ACL_XDP_GENERIC,
			.guard_drifts = 2,
			.name = "vrf"},
		{.type = FIB_GUARD_PORT,
			.port = FIB_PORT_UNKNOWN,
			.guard = FIB_GUARD_CLOSED,
			.name = "eth8"},
		{.type = FIB_GUARD_PORT,
			.port = FIB_PORT_UNKNOWN,
			.guard = FIB_GUARD_CLOSED,
			.name = "eth9"},
		{.type = FIB_GUARD_PORT, .port = FIB_PORT_UNKNOWN, .name = "eth8"},
		{.type = FIB_GUARD_COUNT, .port = 77, .guard_reason = ACL_PASS, .guard_count = 1},
		{.type = FIB_GUARD_COUNT,
			.port = FIB_PORT_UNKNOWN,
			.guard_reason = ACL_PORT_NOT_BOUND,
			.guard_count = 4,
			.name = "eth9"},
		{.type = FIB_GUARD_DROP,
			.port = FIB_PORT_UNKNOWN,
			.guard_reason = ACL_PORT_NOT_BOUND,
			.guard_rule = ACL_RULE_NONE,
			.drop = {.time_ms = 951782400000, .len = 60},
			.name = "eth9"},
		{.type = FIB_GUARD_DROP,
			.port = 1,
			.guard_reason = ACL_RULE_DROP,
			.guard_rule = 1,
			.drop = {.time_ms = 1700000000123,
				.len = 60,
				.cap = 54,
				.octets = (const uint8_t[54]){2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8,
					0, 0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10,
					0, 0, 2, 0x13, 0x88, 0, 23, [47] = 2}}},
	};

	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++)
		bed_fib(b, said[i]);
}

void mgmt_bed_run(struct mgmt_bed *b)
{
	struct wire_open pe2 = {.as = 65000,
		.hold_s = 9,
		.id = 0x0aff0003,
		.mp = true,
		.families = WIRE_FAMILY_BIT(WIRE_VPNV4),
		.as4 = true,
		.refresh = true,
		.role = WIRE_ROLE_NONE};
	struct wire_open ce = {.as = 65101,
		.hold_s = 90,
		.id = 0x0a000001,
		.mp = true,
		.families = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST),
		.as4 = true,
		.role = WIRE_ROLE_NONE};
	struct fib_tcp_stats tcp = {.md5_failure = 100};

	bed_step(b, &(struct event){.kind = EV_START});
	bed_kernel(b);
	bed_establish(b, BED_PE2, FIB_VRF_CORE, 0x0aff0003, 0x0aff0001, &pe2);
	bed_establish(b, BED_CE_A1, 0, 0xc0a80102, 0xc0a80101, &ce);
	bed_announce_pe2(b);
	bed_announce_ce(b);
	bed_fib(b, (struct fib_msg){.type = FIB_NEXTHOP,
			   .addr = ip_addr_v4(0x0aff0003),
			   .up = true,
			   .metric = 20,
			   .n_labels = 2,
			   .labels = {16, 17}});
	bed_fib(b, (struct fib_msg){.type = FIB_TCP_STATS, .tcp = tcp});
	tcp.md5_failure += 3; /* pe3 tries with another key */
	tcp.min_ttl_drop = 2;
	bed_fib(b, (struct fib_msg){.type = FIB_TCP_STATS, .tcp = tcp});
	bed_guards(b);
	bed_work(b);
	b->now_ms += 75000;
}

void mgmt_bed_fini(struct mgmt_bed *b)
{
	effects_fini(&b->fx);
	router_free(b->r);
	conf_free(b->conf);
}
