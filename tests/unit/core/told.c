/* Labels that neighbours were told (RFC 4364 10): in force at mplsfwd before a route with them goes out, and not for ever. */
#include <criterion/criterion.h>

#include "bgpd/core/told.h"
#include "tests/support/bare.h"

#define VRF(n)                                                                                     \
	"  - name: v" #n "\n"                                                                      \
	"    table: 100" #n "\n"                                                                   \
	"    rd: \"65000:" #n "\"\n"                                                               \
	"    import: [\"65000:10\"]\n"                                                             \
	"    export: [\"65000:10\"]\n"                                                             \
	"    neighbors: [{address: 192.168.0.2, as: 6510" #n ", password: x, passive: true, "      \
	"hold-time: 0}]\n"

#define CORE_PEER(a, more)                                                                         \
	"  - {address: " a ", local-address: 10.255.0.1, as: 65000, families: [vpnv4" more "],\n"  \
	"     password: x, passive: true, hold-time: 0, reflector-client: true}\n"

#define YAML(labels)                                                                               \
	"router: {name: pe, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"           \
	"mpls: {labels: 100000-100009, quarantine: 1}\n"                                           \
	"ports:\n"                                                                                 \
	"  - {name: eth0, role: core, address: [10.255.0.1/24]" labels "}\n"                       \
	"  - {name: eth1, role: core, address: [10.255.1.1/24]}\n"                                 \
	"  - {name: eth2, role: access, vrf: v1, address: [192.168.0.1/30]}\n"                     \
	"  - {name: eth3, role: access, vrf: v2, address: [192.168.0.1/30]}\n"                     \
	"  - {name: eth4, role: access, vrf: v3, address: [192.168.0.1/30]}\n"                     \
	"vrfs:\n" VRF(1) VRF(2) VRF(3) "neighbors:\n" CORE_PEER("10.255.0.3", "")                  \
		CORE_PEER("10.255.0.4", ", rt-constraint") CORE_PEER("10.255.1.5", "")

static const char advertised[] = YAML(", labels: advertised");
static const char all[] = YAML("");

enum { VRFS = 3, NEAR_1 = VRFS, NEAR_2, FAR, PEERS, XS = 4, ROUNDS = 2000, SEEDS = 20 };

struct world {
	struct bare b;
	uint64_t rng;
};

static unsigned rnd(struct world *w, unsigned below)
{
	w->rng = w->rng * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)(w->rng >> 33) % below;
}

static void announce(struct bare *b, unsigned v, unsigned x, bool there)
{
	uint8_t path[] = {2, 1, 0, 0, 0xfe, (uint8_t)(0x4d + v)}; /* 65101 ... */
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP),
		.next_hop = ip_addr_v4(0xc0a80002),
		.as_path = {path, sizeof(path)},
	};

	bare_route(b, v, 0, x, WIRE_LABEL_NONE, there ? &a : NULL);
}

static void want_all(struct bare *b, unsigned peer)
{
	const struct wire_ctx *ctx = &b->router->peers[peer].fsm.ctx;
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF),
		.next_hop = ip_addr_v4(0x0aff0004),
		.local_pref = 100,
	};
	struct wire_nlri n = {.label = WIRE_LABEL_NONE, .prefix = {ip_addr_v4(0), 0}};
	uint8_t octets[WIRE_MSG_MAX];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	cr_assert(wire_update_put_reach(&w, ctx, WIRE_RT_CONSTRAINT, &a, &n, 1) == 1);
	wire_update_put_eor(&w, WIRE_RT_CONSTRAINT);
	bare_say(b, peer, &w);
}

static bool holds_any(const struct bare *b, unsigned peer, unsigned v)
{
	for (unsigned x = 0; x < XS; x++)
		if (b->exported[peer][v][x])
			return true;
	return false;
}

static uint32_t label_of(const struct bare *b, unsigned v)
{
	return b->router->vrfs.list[v].label - b->conf->label_min;
}

/* Here nothing is filtered route by route: what was told is exactly what is held. */
static void check(const struct world *w, unsigned round)
{
	for (unsigned peer = NEAR_1; peer < PEERS; peer++)
		for (unsigned v = 0; v < VRFS; v++) {
			bool near = peer != FAR;

			cr_assert_eq(w->b.label_told[peer][label_of(&w->b, v)],
				near && holds_any(&w->b, peer, v), "round %u peer %u vrf %u", round,
				peer, v);
		}
}

static void churn(struct world *w)
{
	unsigned v = rnd(w, VRFS), x = rnd(w, XS), peer = rnd(w, 12) ? v : NEAR_1 + rnd(w, 3);

	if (!w->b.conn[peer]) {
		bare_up(&w->b, peer);
		if (peer == NEAR_2)
			want_all(&w->b, peer);
		return;
	}
	if (peer >= NEAR_1 || rnd(w, 20) == 0) {
		bare_down(&w->b, peer);
		return;
	}
	announce(&w->b, v, x, rnd(w, 2));
}

Test(core_told, a_label_is_told_exactly_while_it_is_held)
{
	unsigned told = 0;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct world w = {.rng = seed};

		bare_init(&w.b, advertised, seed);
		w.b.labels_matter = false; /* of FAR nobody needs to know */
		for (unsigned i = 0; i < ROUNDS; i++) {
			churn(&w);
			check(&w, i);
		}
		told += w.b.fib[FIB_LABEL_TELL];
		bare_fini(&w.b);
		for (unsigned peer = 0; peer < PEERS; peer++)
			for (unsigned i = 0; i < VRFS; i++)
				cr_assert_not(w.b.label_told[peer][i]);
	}
	cr_assert_gt(told, SEEDS * ROUNDS / 50u);
}

Test(core_told, before_the_route_and_each_once)
{
	struct bare b;

	bare_init(&b, advertised, 1);
	b.labels_matter = true; /* bare aborts if a route comes first */
	bare_up(&b, 0);
	announce(&b, 0, 1, true);
	bare_up(&b, NEAR_1);
	cr_assert(b.exported[NEAR_1][0][1]);
	cr_assert_eq(b.fib[FIB_LABEL_TELL], 1u);
	announce(&b, 0, 2, true);
	cr_assert_eq(b.fib[FIB_LABEL_TELL], 1u, "a label a VRF, not one a route");
	announce(&b, 0, 1, false);
	cr_assert_eq(b.fib[FIB_LABEL_UNTELL], 0u);
	announce(&b, 0, 2, false);
	cr_assert_eq(b.fib[FIB_LABEL_UNTELL], 1u);
	bare_fini(&b);
}

Test(core_told, nothing_where_no_port_asks_for_it)
{
	struct bare b;

	bare_init(&b, all, 1);
	bare_up(&b, 0);
	announce(&b, 0, 1, true);
	bare_up(&b, NEAR_1);
	cr_assert(b.exported[NEAR_1][0][1]);
	cr_assert_eq(b.fib[FIB_LABEL_TELL], 0u);
	bare_fini(&b);
}

/* RFC 4724: who restarts goes on forwarding to us, with the labels that it has. */
Test(core_told, stays_while_a_restart_is_waited_for)
{
	static const struct wire_restart restarts = {.sent = true,
		.time_s = 120,
		.families = WIRE_FAMILY_BIT(WIRE_VPNV4),
		.preserved = WIRE_FAMILY_BIT(WIRE_VPNV4)};
	struct bare b;

	bare_init(&b, advertised, 1);
	b.restart[NEAR_1] = restarts;
	bare_up(&b, 0);
	bare_up(&b, 1);
	announce(&b, 0, 1, true);
	announce(&b, 1, 2, true);
	bare_up(&b, NEAR_1);
	bare_down(&b, NEAR_1);
	cr_assert_eq(b.fib[FIB_LABEL_UNTELL], 0u);
	announce(&b, 1, 2, false);
	bare_up(&b, NEAR_1);
	cr_assert(b.label_told[NEAR_1][label_of(&b, 0)]);
	cr_assert_not(b.label_told[NEAR_1][label_of(&b, 1)], "it was not told that one again");
	bare_down(&b, NEAR_1);
	bare_timer(&b, 125000);
	cr_assert_not(b.label_told[NEAR_1][label_of(&b, 0)], "it did not come back");
	bare_fini(&b);
}
