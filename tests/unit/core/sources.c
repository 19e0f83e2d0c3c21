/* Feasible sources: what mplsfwd was told is what the CEs have announced, at every quiet point of random churn. */
#include <criterion/criterion.h>

#include "bgpd/core/sources.h"
#include "bgpd/wire/notify.h"
#include "tests/support/bare.h"

#define CE(n)                                                                                      \
	"      - {address: 192.168.0." #n ", as: 6510" #n                                          \
	", password: x, passive: true, hold-time: 0}\n"

#define YAML(guard)                                                                                \
	"router: {name: pe, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"           \
	"mpls: {labels: 100000-100001, quarantine: 30}\n"                                          \
	"ports:\n"                                                                                 \
	"  - {name: eth0, role: core}\n"                                                           \
	"  - {name: eth1, role: access, vrf: red, address: [192.168.0.1/24]" guard "}\n"           \
	"vrfs:\n"                                                                                  \
	"  - name: red\n"                                                                          \
	"    table: 1001\n"                                                                        \
	"    rd: \"65000:1\"\n"                                                                    \
	"    import: [\"65000:100\"]\n"                                                            \
	"    export: [\"65000:100\"]\n"                                                            \
	"    neighbors:\n" CE(2) CE(3)                                                             \
		CE(4) "neighbors:\n"                                                               \
		      "  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000, families: " \
		      "[vpnv4],\n"                                                                 \
		      "     password: x, passive: true, hold-time: 0, name: pe2}\n"

static const char feasible[] = YAML(", guard: {source: feasible}");
static const char strict[] = YAML("");

enum { CES = 3, CORE = 3, XS = 8, ROUNDS = 3000, SEEDS = 20 };

struct world {
	struct bare b;
	uint64_t rng;
	uint8_t says[CES][XS]; /* the last octet of the next hop; 0: nothing */
};

static unsigned rnd(struct world *w, unsigned below)
{
	w->rng = w->rng * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)(w->rng >> 33) % below;
}

static void announce(struct bare *b, unsigned ce, unsigned x, unsigned hop, unsigned med)
{
	uint8_t path[] = {2, 1, 0, 0, 0xfe, (uint8_t)(0x4e + ce)}; /* 65102 ... */
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP) | WIRE_ATTR_BIT(WIRE_ATTR_MED),
		.next_hop = ip_addr_v4(0xc0a80000 | hop),
		.as_path = {path, sizeof(path)},
		.med = med,
	};

	bare_route(b, ce, 0, x, WIRE_LABEL_NONE, hop ? &a : NULL);
}

static void connected(struct bare *b)
{
	bare_step(b, &(struct event){.kind = EV_FIB,
			     .vrf = FIB_VRF_CORE,
			     .fib = {.type = FIB_CONNECTED,
				     .prefix = {ip_addr_v4(0xc0a80000), 24},
				     .up = true}});
}

/* Best or not: of each x all next hops of all CEs. */
static void check(const struct world *w, uint64_t seed, unsigned round)
{
	for (unsigned x = 0; x < XS; x++) {
		uint8_t want = 0;

		for (unsigned ce = 0; ce < CES; ce++)
			want |= (uint8_t)(1u << w->says[ce][x] & ~1u);
		cr_assert_eq(w->b.sources[0][x], want, "seed %llu round %u x %u: %x, not %x",
			(unsigned long long)seed, round, x, w->b.sources[0][x], want);
	}
}

static void churn(struct world *w)
{
	unsigned ce = rnd(w, CES), x = rnd(w, XS);

	if (!w->b.conn[ce]) {
		bare_up(&w->b, ce);
		return;
	}
	if (rnd(w, 40) == 0) {
		memset(w->says[ce], 0, sizeof(w->says[ce]));
		bare_down(&w->b, ce);
		return;
	}
	w->says[ce][x] = rnd(w, 3) ? (uint8_t)(2 + rnd(w, 3)) : 0;
	announce(&w->b, ce, x, w->says[ce][x], rnd(w, 3));
}

Test(core_sources, are_what_the_ces_have_announced)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct world w = {.rng = seed};

		bare_init(&w.b, feasible, seed);
		connected(&w.b);
		for (unsigned i = 0; i < ROUNDS; i++) {
			churn(&w);
			check(&w, seed, i);
		}
		cr_assert_gt(w.b.fib[FIB_SOURCE_ADD], ROUNDS / 10);
		bare_fini(&w.b);
		for (unsigned x = 0; x < XS; x++)
			cr_assert_eq(w.b.sources[0][x], 0);
	}
}

Test(core_sources, of_other_vrfs_nobody_is_told)
{
	struct bare b;

	bare_init(&b, strict, 1);
	connected(&b);
	bare_up(&b, 0);
	announce(&b, 0, 1, 2, 0);
	cr_assert(b.installed[0][1]);
	cr_assert_eq(b.fib[FIB_SOURCE_ADD], 0u);
	cr_assert_not(b.router->vrfs.list[0].table->watched);
	bare_fini(&b);
}

Test(core_sources, what_the_guard_refuses_is_none)
{
	struct bare b;

	bare_init(&b, feasible, 1);
	connected(&b);
	bare_up(&b, 0);
	announce(&b, 0, 1, 2, 0);
	cr_assert_eq(b.sources[0][1], 1u << 2);
	announce(&b, 0, 1, 0x902, 0); /* a next hop that is not on its link */
	cr_assert_eq(b.sources[0][1], 0);
	bare_fini(&b);
}

#define MANY 70000u

/* 20.x.y.z/32 of these numbers, n at a time. */
static void announce_many(struct bare *b, uint32_t from, uint32_t end, bool there)
{
	enum { AT_ONCE = 500 };
	static const uint8_t path[] = {2, 1, 0, 0, 0xfe, 0x4e}; /* 65102 */
	const struct wire_ctx *ctx = &b->router->peers[0].fsm.ctx;
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP),
		.next_hop = ip_addr_v4(0xc0a80002),
		.as_path = {path, sizeof(path)},
	};
	struct wire_nlri list[AT_ONCE];
	uint8_t octets[WIRE_MSG_MAX];

	for (unsigned n; from < end; from += n) {
		struct wbuf w = wbuf_of(octets, sizeof(octets));

		for (n = 0; n < AT_ONCE && from + n < end; n++)
			list[n] = (struct wire_nlri){.label = WIRE_LABEL_NONE,
				.prefix = {ip_addr_v4(20u << 24 | (from + n)), 32}};
		if (there)
			cr_assert_eq(
				wire_update_put_reach(&w, ctx, WIRE_IPV4_UNICAST, &a, list, n), n);
		else
			cr_assert_eq(
				wire_update_put_unreach(&w, ctx, WIRE_IPV4_UNICAST, list, n), n);
		bare_say(b, 0, &w);
	}
}

static unsigned n_told(const struct bare *b)
{
	return b->fib[FIB_SOURCE_ADD] - b->fib[FIB_SOURCE_DEL];
}

Test(core_sources, have_a_limit_and_are_looked_for_when_there_is_room_again)
{
	struct bare b;

	bare_init(&b, feasible, 1);
	connected(&b);
	bare_up(&b, 0);
	announce_many(&b, 0, MANY, true);
	cr_assert_eq(n_told(&b), CORE_SOURCES_MAX);
	cr_assert_str_eq(b.noted, "sources_left_out");
	announce_many(&b, 0, 10000, false);
	cr_assert_eq(n_told(&b), CORE_SOURCES_MAX - 10000u, "not for every few");
	announce_many(&b, 10000, 30000, false);
	cr_assert_eq(n_told(&b), MANY - 30000u);
	bare_fini(&b);
	cr_assert_eq(n_told(&b), 0u);
}

Test(core_sources, of_one_prefix_have_a_limit)
{
	struct bare b;

	bare_init(&b, feasible, 1);
	connected(&b);
	bare_up(&b, 0);
	b.router->peers[0].fsm.ctx.add_path_rx = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST);
	for (unsigned i = 0; i < 2 * CORE_SOURCES_PREFIX_MAX; i++) {
		uint8_t path[] = {2, 1, 0, 0, 0xfe, 0x4e};
		struct wire_attrs a = {
			.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) |
				   WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
				   WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP),
			.next_hop = ip_addr_v4(0xc0a80010 + i),
			.as_path = {path, sizeof(path)},
		};
		struct wire_nlri n = {.label = WIRE_LABEL_NONE,
			.path_id = i + 1,
			.prefix = {ip_addr_v4(20u << 24), 32}};
		uint8_t octets[WIRE_MSG_MAX];
		struct wbuf w = wbuf_of(octets, sizeof(octets));
		struct wire_ctx theirs = b.router->peers[0].fsm.ctx;

		theirs.add_path_tx = theirs.add_path_rx;
		cr_assert_eq(wire_update_put_reach(&w, &theirs, WIRE_IPV4_UNICAST, &a, &n, 1), 1);
		bare_say(&b, 0, &w);
	}
	cr_assert_eq(n_told(&b), CORE_SOURCES_PREFIX_MAX);
	bare_fini(&b);
	cr_assert_eq(n_told(&b), 0u);
}

/* RFC 4724: what a CE said before its restart is still forwarded to, so it may come from there. */
Test(core_sources, stay_while_a_restart_is_waited_for)
{
	static const struct wire_restart restarts = {.sent = true,
		.time_s = 120,
		.families = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST),
		.preserved = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST)};
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct bare b;

	bare_init(&b, feasible, 1);
	connected(&b);
	b.restart[0] = restarts;
	bare_up(&b, 0);
	announce(&b, 0, 1, 2, 0);
	announce(&b, 0, 2, 2, 0);
	bare_down(&b, 0);
	cr_assert(b.sources[0][1] && b.sources[0][2]);
	bare_up(&b, 0);
	announce(&b, 0, 1, 2, 0);
	wire_update_put_eor(&w, WIRE_IPV4_UNICAST);
	bare_say(&b, 0, &w);
	cr_assert(b.sources[0][1] && !b.sources[0][2], "swept at End-of-RIB");
	bare_down(&b, 0);
	bare_timer(&b, 125000);
	cr_assert_not(b.sources[0][1], "it did not come back");
	bare_fini(&b);
}
