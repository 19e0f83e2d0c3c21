/* RT-Constraint: what is originated, what is passed on, and what is held back and kept from whom. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/core/feed.h"
#include "bgpd/core/rtc.h"
#include "bgpd/wire/msg.h"
#include "tests/support/bare.h"

#define TARGET(x) (UINT64_C(2) << 48 | UINT64_C(65000) << 32 | (x)) /* 65000:x */
#define RD	  UINT64_C(0x0000fde800000002)

static const char head[] = "mpls: {labels: 100000-100001, quarantine: 30}\n"
			   "ports:\n"
			   "  - {name: eth0, role: core}\n"
			   "vrfs:\n"
			   "  - {name: red, table: 1001, rd: \"65000:1\", import: [\"65000:1\", "
			   "\"65000:2\"], export: [\"65000:1\"]}\n"
			   "  - {name: blue, table: 1002, rd: \"65000:2\", import: [\"65000:2\"], "
			   "export: [\"65000:2\"]}\n"
			   "neighbors:\n";

#define NEIGHBOR(n, more)                                                                          \
	"  - {address: 10.255.0." n ", local-address: 10.255.0.1, as: 65000, password: x,\n"       \
	"     passive: true, hold-time: 0, families: [vpnv4, rt-constraint]" more "}\n"

static void begin(struct bare *b, const char *router, const char *neighbors)
{
	static char yaml[4096];

	snprintf(yaml, sizeof(yaml),
		"router: {name: pe, as: 65000, id: 10.255.0.1, user: nobody, run-dir: "
		"/run/t%s}\n%s%s",
		router, head, neighbors);
	bare_init(b, yaml, 1);
	for (unsigned i = 0; i < b->conf->n_peers; i++)
		bare_up(b, i);
}

static struct wire_attrs attrs_of(uint64_t target, uint8_t octets[8])
{
	struct wbuf w = wbuf_of(octets, 8);

	wbuf_put_u64(&w, target);
	return (struct wire_attrs){.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) |
					      WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
					      WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF) |
					      WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES),
		.local_pref = 100,
		.next_hop = ip_addr_v4(0x0aff0009),
		.ext_communities = {octets, 8}};
}

/* A VPN route 10.0.x.0/24 with the target 65000:x. */
static void route(struct bare *b, unsigned peer, unsigned x, bool there)
{
	uint8_t octets[8];
	struct wire_attrs a = attrs_of(TARGET(x), octets);

	bare_route(b, peer, RD, x, 77, there ? &a : NULL);
}

/* A membership of bits of 65000:x; bits counts the AS too, as on the wire. */
static void want(struct bare *b, unsigned peer, uint64_t target, uint8_t bits, bool there)
{
	const struct wire_ctx *ctx = &b->router->peers[peer].fsm.ctx;
	struct wire_nlri n = {.label = WIRE_LABEL_NONE,
		.rd = target,
		.prefix = {ip_addr_v4(bits ? 65000 : 0), bits}};
	uint8_t octets[256], ext[8];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct wire_attrs a = attrs_of(0, ext);

	a.present &= ~WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES);
	if (there)
		cr_assert_eq(wire_update_put_reach(&w, ctx, WIRE_RT_CONSTRAINT, &a, &n, 1), 1);
	else
		cr_assert_eq(wire_update_put_unreach(&w, ctx, WIRE_RT_CONSTRAINT, &n, 1), 1);
	bare_say(b, peer, &w);
}

static void end_of_rib(struct bare *b, unsigned peer, enum wire_family f)
{
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	wire_update_put_eor(&w, f);
	bare_say(b, peer, &w);
}

static unsigned count(const bool list[BARE_PREFIXES])
{
	unsigned n = 0;

	for (unsigned x = 0; x < BARE_PREFIXES; x++)
		n += list[x];
	return n;
}

Test(core_rtc, a_pe_says_what_its_vrfs_import)
{
	struct bare b;

	begin(&b, "", NEIGHBOR("3", ""));
	cr_expect(b.wanted[0][1] && b.wanted[0][2]);
	cr_expect_eq(count(b.wanted[0]), 2u);
	cr_expect_not(b.all_wanted[0]);
	bare_fini(&b);
}

Test(core_rtc, who_keeps_all_says_so)
{
	struct bare b;

	begin(&b, ", retain: all", NEIGHBOR("3", ""));
	cr_expect(b.all_wanted[0]);
	bare_fini(&b);
}

/* RFC 4684 4, 3.2: clients are asked for everything and told nothing else; others hear of clients, and not of others. */
Test(core_rtc, a_reflector)
{
	enum { CLIENT_A, CLIENT_B, OTHER, OTHER_2 };
	struct bare b;

	begin(&b, "",
		NEIGHBOR("3", ", reflector-client: true") NEIGHBOR("4", ", reflector-client: true")
			NEIGHBOR("5", "") NEIGHBOR("6", ""));
	want(&b, CLIENT_A, TARGET(7), 96, true);
	want(&b, OTHER, TARGET(8), 96, true);
	cr_expect(b.all_wanted[CLIENT_A] && b.all_wanted[CLIENT_B]);
	cr_expect_not(b.all_wanted[OTHER]);
	cr_expect_eq(count(b.wanted[CLIENT_A]) + count(b.wanted[CLIENT_B]), 0u);
	cr_expect(b.wanted[OTHER][7] && b.wanted[OTHER_2][7]);
	cr_expect_not(b.wanted[OTHER_2][8], "from one that is no client to another");
	/* the same of both: the client's is told, whoever came first and has the lower address */
	want(&b, OTHER, TARGET(9), 96, true);
	want(&b, CLIENT_B, TARGET(9), 96, true);
	cr_expect(b.wanted[OTHER_2][9]);
	want(&b, CLIENT_B, TARGET(9), 96, false);
	cr_expect_not(b.wanted[OTHER_2][9]);
	bare_fini(&b);
}

Test(core_rtc, the_default_is_sent_again_when_asked_for)
{
	static const uint8_t refresh[] = {0, 1, 0, 132};
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct bare b;

	begin(&b, "", NEIGHBOR("3", ", reflector-client: true"));
	b.all_wanted[0] = false;
	size_t at = wire_msg_begin(&w, WIRE_REFRESH);
	wbuf_put(&w, refresh, sizeof(refresh));
	wire_msg_end(&w, at);
	bare_say(&b, 0, &w);
	cr_expect(b.all_wanted[0]);
	bare_fini(&b);
}

/* RFC 4684 6 */
Test(core_rtc, vpn_routes_wait_for_the_end_of_the_memberships)
{
	enum { FROM, TO };
	struct bare b;

	begin(&b, "",
		NEIGHBOR("3", ", reflector-client: true")
			NEIGHBOR("4", ", reflector-client: true"));
	end_of_rib(&b, FROM, WIRE_RT_CONSTRAINT);
	route(&b, FROM, 7, true);
	want(&b, TO, TARGET(7), 96, true);
	cr_expect_eq(count(b.told[TO]), 0u, "it may have more to say");
	unsigned before = b.eors[TO];
	end_of_rib(&b, TO, WIRE_RT_CONSTRAINT);
	cr_expect(b.told[TO][7]);
	cr_expect_eq(b.eors[TO], before + 1, "End-of-RIB of the VPN routes is behind them");
	bare_fini(&b);
}

Test(core_rtc, but_not_for_ever)
{
	enum { FROM, TO };
	struct bare b;

	begin(&b, "",
		NEIGHBOR("3", ", reflector-client: true")
			NEIGHBOR("4", ", reflector-client: true"));
	route(&b, FROM, 7, true);
	want(&b, TO, TARGET(7), 96, true);
	bare_timer(&b, CORE_RTC_WAIT_MS - 1000);
	cr_expect_not(b.told[TO][7]);
	bare_timer(&b, 1000);
	cr_expect(b.told[TO][7]);
	bare_fini(&b);
}

/* Only what it wants, as its memberships come and go, and as the routes do. */
Test(core_rtc, vpn_routes_follow_the_memberships)
{
	enum { FROM, TO, OTHER };
	struct bare b;

	begin(&b, "",
		NEIGHBOR("3", ", reflector-client: true") NEIGHBOR("4", ", reflector-client: true")
			NEIGHBOR("5", ", reflector-client: true"));
	for (unsigned x = 1; x <= 9; x++)
		route(&b, FROM, x, true);
	want(&b, TO, TARGET(7), 96, true);
	want(&b, OTHER, TARGET(4) & ~UINT64_C(3), 94, true); /* 4 to 7 */
	end_of_rib(&b, TO, WIRE_RT_CONSTRAINT);
	end_of_rib(&b, OTHER, WIRE_RT_CONSTRAINT);
	cr_expect(b.told[TO][7] && count(b.told[TO]) == 1);
	cr_expect(b.told[OTHER][4] && b.told[OTHER][7] && count(b.told[OTHER]) == 4);
	want(&b, TO, TARGET(3), 96, true);
	cr_expect(b.told[TO][3] && count(b.told[TO]) == 2);
	want(&b, TO, TARGET(7), 96, false);
	cr_expect(!b.told[TO][7] && count(b.told[TO]) == 1);
	route(&b, FROM, 3, false);
	cr_expect_eq(count(b.told[TO]), 0u);
	route(&b, FROM, 3, true);
	cr_expect(b.told[TO][3]);
	want(&b, TO, 0, 0, true);
	cr_expect_eq(count(b.told[TO]), 9u, "the default is everything");
	want(&b, TO, 0, 0, false);
	cr_expect_eq(count(b.told[TO]), 1u);
	cr_expect_eq(count(b.told[OTHER]), 4u, "nothing of that is anybody else's");
	core_feed_view(b.router, &b.router->peers[TO]); /* a member of another group, and so anew */
	bare_step(&b, &(struct event){.kind = EV_CONN_DRAINED, .vrf = FIB_VRF_CORE});
	cr_expect_eq(count(b.told[TO]), 1u);
	bare_fini(&b);
}

Test(core_rtc, a_neighbour_without_the_family_gets_all)
{
	enum { FROM, TO };
	struct bare b;

	begin(&b, "",
		NEIGHBOR("3",
			", reflector-client: true") "  - {address: 10.255.0.4, local-address: "
						    "10.255.0.1, as: 65000, password: x,\n"
						    "     passive: true, hold-time: 0, families: "
						    "[vpnv4], reflector-client: true}\n");
	route(&b, FROM, 7, true);
	cr_expect(b.told[TO][7]);
	bare_fini(&b);
}

/* Of every prefix of memberships: only the shortest, in order, and of that source alone. */
Test(core_rtc, wants_of_a_source)
{
	struct out_rt *list;
	struct bare b;

	begin(&b, "", NEIGHBOR("3", "") NEIGHBOR("4", ""));
	const struct rib_table *t = b.router->rtc.table;
	uint16_t source = b.router->peers[0].source;
	cr_expect_eq(core_rtc_wants(t, source, &list), 0u);
	free(list);
	want(&b, 0, TARGET(9), 96, true);
	want(&b, 0, TARGET(7), 96, true);
	want(&b, 1, TARGET(8), 96, true);
	want(&b, 0, TARGET(4) & ~UINT64_C(3), 94, true); /* 4 to 7 */
	cr_expect_eq(core_rtc_wants(t, source, &list), 2u);
	cr_expect(list[0].rt == TARGET(4) && list[0].bits == 62);
	cr_expect(list[1].rt == TARGET(9) && list[1].bits == 64);
	free(list);
	want(&b, 0, TARGET(4) & ~UINT64_C(3), 94, false);
	cr_expect_eq(core_rtc_wants(t, source, &list), 2u);
	cr_expect(list[0].rt == TARGET(7) && list[0].bits == 64);
	free(list);
	want(&b, 0, 0, 32, true); /* an AS and no target: whatever it has */
	cr_expect_eq(core_rtc_wants(t, source, &list), 1u);
	cr_expect_eq(list[0].bits, 0);
	free(list);
	bare_fini(&b);
}
