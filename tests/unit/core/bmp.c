/* BMP: what a station holds is what is, whatever happened to whom in which order (RFC 7854, RFC 9069). */
#include <criterion/criterion.h>
#include <string.h>

#include "bgpd/core/bmp.h"
#include "bgpd/core/import.h"
#include "bgpd/policy/program.h"
#include "bgpd/policy/set.h"
#include "bgpd/wire/notify.h"
#include "lib/check.h"
#include "tests/support/bare.h"
#include "tests/support/route.h"
#include "tests/support/bmp_reader.h"

#define VRF(n)                                                                                     \
	"  - name: v" #n "\n"                                                                      \
	"    table: 100" #n "\n"                                                                   \
	"    rd: \"65000:" #n "\"\n"                                                               \
	"    import: [\"65000:10\"]\n"                                                             \
	"    export: [\"65000:10\"]\n"                                                             \
	"    neighbors: [{address: 192.168.0.2, as: 6510" #n ", password: x, passive: true, "      \
	"hold-time: 0}]\n"

static const char yaml[] =
	"router: {name: pe, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"
	"mpls: {labels: 100000-100009, quarantine: 1}\n"
	"ports:\n"
	"  - {name: eth0, role: core, address: [10.255.0.1/24]}\n"
	"  - {name: eth2, role: access, vrf: v1, address: [192.168.0.1/30]}\n"
	"  - {name: eth3, role: access, vrf: v2, address: [192.168.0.1/30]}\n"
	"vrfs:\n" VRF(1) VRF(
		2) "neighbors:\n"
		   "  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000, families: "
		   "[vpnv4],\n"
		   "     password: x, passive: true, hold-time: 0}\n"
		   "  - {address: 10.255.0.9, local-address: 10.255.0.1, as: 65009, families: "
		   "[ipv4-unicast],\n"
		   "     passive: true, hold-time: 0, import: accept-all, export: accept-all}\n";

enum { CE1, CE2, VPN, EXT, PEERS, SHARE = 16, OTHER_PE = 1 << 16, RETRY_S = 7, STATISTICS_S = 3 };
#define ALL_ROUTES (CONF_BMP_PRE_POLICY | CONF_BMP_POST_POLICY | CONF_BMP_LOC_RIB)
#define RD(n)	   (UINT64_C(65000) << 32 | (n))
#define MED_SAID   7
#define MED_EDITED 777

struct world {
	struct bare b;
	struct arena arena;
	struct pol_term odd;
	struct pol_edit med;
	struct pol_rule rules[2];
	struct pol_program program;
	const struct pol_program *chain[1];
	struct conf_remote remote;
	struct reader station;
	unsigned dials, closes;
	bool up;
	bool said[PEERS][BARE_PREFIXES];
	uint64_t rng;
};

static void on_remote(void *arg, const struct effect *e)
{
	struct world *w = arg;

	cr_assert_eq(e->remote, 0);
	w->dials += e->kind == EFF_REMOTE_DIAL;
	if (e->kind == EFF_REMOTE_CLOSE) {
		w->closes++;
		w->up = false;
	}
	if (e->kind == EFF_REMOTE_SEND) {
		cr_assert(w->up);
		reader_take(&w->station, e->block->data, e->block->len);
	}
}

/* Of EXT, x that is odd is rejected, and the rest gets another MED. */
static void policy_make(struct world *w)
{
	struct pol_set_prefix odd[SHARE / 2];

	for (unsigned i = 0; i < SHARE / 2; i++)
		odd[i] = (struct pol_set_prefix){
			.prefix = {ip_addr_v4(0x0a000000 | (EXT * SHARE + 2 * i + 1) << 8), 24},
			.from = 24,
			.to = 24};
	arena_init(&w->arena, 65536);
	w->odd = (struct pol_term){POL_TERM_PREFIX,
		.set = pol_set_new_prefixes(&w->arena, "odd", odd, ARRAY_LEN(odd))};
	w->med = (struct pol_edit){POL_EDIT_MED, .number = MED_EDITED};
	w->rules[0] = (struct pol_rule){"odd", &w->odd, 1, .action = POL_REJECT_ROUTE};
	w->rules[1] = (struct pol_rule){
		"med", .edits = &w->med, .n_edits = 1, .action = POL_ACCEPT_ROUTE};
	w->program = (struct pol_program){"import", w->rules, ARRAY_LEN(w->rules)};
	w->chain[0] = &w->program;
}

static void start(struct world *w, unsigned routes, uint64_t seed)
{
	memset(w, 0, sizeof(*w));
	w->rng = seed;
	policy_make(w);
	reader_init(&w->station);
	bare_open(&w->b, yaml, seed);
	w->remote = (struct conf_remote){.kind = CONF_REMOTE_STATION,
		.name = "noc",
		.addr = ip_addr_v4(0x0aff0005),
		.port = 1790,
		.retry_s = RETRY_S,
		.routes = routes,
		.statistics_s = STATISTICS_S};
	router_free(w->b.router);
	w->b.conf->remotes = &w->remote;
	w->b.conf->n_remotes = 1;
	w->b.conf->peers[EXT].import_chain = (struct pol_chain){w->chain, 1};
	w->b.conf->peers[EXT].keep_rejected = true;
	w->b.router = router_new(w->b.conf, seed);
	w->b.remote = on_remote;
	w->b.remote_arg = w;
	bare_step(&w->b, &(struct event){.kind = EV_START, .wall_us = 5000000000});
}

static void end(struct world *w)
{
	bare_fini(&w->b);
	reader_fini(&w->station);
	arena_fini(&w->arena);
}

static void remote_event(struct world *w, enum event_kind kind)
{
	bare_step(&w->b, &(struct event){.kind = kind, .text = "gone"});
}

static void station_up(struct world *w)
{
	reader_begin(&w->station);
	w->up = true;
	remote_event(w, EV_REMOTE_UP);
}

static void say_med(struct world *w, unsigned peer, unsigned i, bool there, uint32_t med)
{
	static const uint32_t as[PEERS] = {
		[CE1] = 65101, [CE2] = 65102, [VPN] = 65301, [EXT] = 65009};
	static const uint32_t next_hop[PEERS] = {0xc0a80002, 0xc0a80002, 0x0aff0003, 0x0aff0009};
	unsigned x = peer * SHARE + i;
	struct test_attrs a;

	test_attrs_init(&a, next_hop[peer], &as[peer], 1);
	a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP) | WIRE_ATTR_BIT(WIRE_ATTR_MED);
	a.a.med = med;
	if (peer == VPN) {
		a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
		test_attrs_ext(&a, UINT64_C(0x0002fde80000000a)); /* 65000:10 */
	}
	bare_route(&w->b, peer, peer == VPN ? RD(OTHER_PE) : 0, x,
		peer == VPN ? 3000 + x : WIRE_LABEL_NONE, there ? &a.a : NULL);
	w->said[peer][x] = there;
}

static void say(struct world *w, unsigned peer, unsigned i, bool there)
{
	say_med(w, peer, i, there, MED_SAID);
}

static void say_eor(struct world *w, unsigned peer)
{
	uint8_t octets[64];
	struct wbuf o = wbuf_of(octets, sizeof(octets));

	wire_update_put_eor(&o, peer == VPN ? WIRE_VPNV4 : WIRE_IPV4_UNICAST);
	bare_say(&w->b, peer, &o);
}

static struct reader_peer *peer_of(struct world *w, unsigned peer)
{
	const struct conf_peer *c = &w->b.conf->peers[peer];

	return reader_find(&w->station, c->vrf == CONF_VRF_NONE ? 0 : w->b.conf->vrfs[c->vrf].rd,
		ip_addr_get_v4(&c->addr));
}

static void best_of(const struct rib_table *t, bool has[BARE_PREFIXES])
{
	struct wire_nlri n;

	for (uint32_t d = rib_table_next(t, 0); d; d = rib_table_next(t, d)) {
		rib_dest_nlri(t, d, &n);
		if (rib_dest_best(t, d) && n.prefix.len == 24)
			has[ip_addr_get_v4(&n.prefix.addr) >> 8 & 0xff] = true;
	}
}

static void check_loc_rib(struct world *w, unsigned k)
{
	const struct router *r = w->b.router;
	const struct reader_peer *p = reader_find(&w->station, k ? RD(k) : 0, 0);
	bool want[BARE_PREFIXES] = {0};

	cr_assert(p && p->up && p->type == BMP_PEER_LOC_RIB, "Loc-RIB %u", k);
	best_of(k ? r->vrfs.list[k - 1].table : r->vrfs.vpn, want);
	if (!k)
		best_of(r->core_ipv4, want);
	for (unsigned x = 0; x < BARE_PREFIXES; x++)
		cr_assert_eq(p->has[READER_LOC][x], want[x], "Loc-RIB %u: 10.0.%u.0/24", k, x);
}

static bool is_rejected(unsigned x)
{
	return x >= EXT * SHARE && x % 2;
}

static void check_peer(struct world *w, unsigned peer, unsigned routes)
{
	const struct reader_peer *p = peer_of(w, peer);

	if (!w->b.conn[peer]) {
		cr_assert(!p || !p->up, "peer %u is down", peer);
		return;
	}
	cr_assert(p && p->up, "peer %u", peer);
	for (unsigned x = 0; x < BARE_PREFIXES; x++) {
		bool said = w->said[peer][x];

		cr_assert_eq(p->has[READER_PRE][x], said && routes & CONF_BMP_PRE_POLICY,
			"before policy, peer %u: 10.0.%u.0/24", peer, x);
		cr_assert_eq(p->has[READER_POST][x],
			said && !is_rejected(x) && routes & CONF_BMP_POST_POLICY,
			"after policy, peer %u: 10.0.%u.0/24", peer, x);
		if (p->has[READER_POST][x])
			cr_assert_eq(p->med[READER_POST][x], peer == EXT ? MED_EDITED : MED_SAID);
		if (p->has[READER_PRE][x])
			cr_assert_eq(p->med[READER_PRE][x], MED_SAID);
		if (p->has[READER_PRE][x] && peer == VPN)
			cr_assert_eq(p->label[READER_PRE][x], 3000 + x);
	}
}

static void check(struct world *w, unsigned routes)
{
	for (unsigned peer = 0; peer < PEERS; peer++)
		check_peer(w, peer, routes);
	for (unsigned k = 0; k <= 2 && routes & CONF_BMP_LOC_RIB; k++)
		check_loc_rib(w, k);
}

static void peer_down(struct world *w, unsigned peer)
{
	bare_down(&w->b, peer);
	memset(w->said[peer], 0, sizeof(w->said[peer]));
}

Test(bmp, a_station_hears_who_is_there_and_what_they_say)
{
	static struct world w;
	struct reader_peer *p;

	start(&w, ALL_ROUTES, 1);
	cr_assert_eq(w.dials, 1);
	station_up(&w);
	cr_assert_eq(w.station.initiations, 1);
	cr_assert_str_eq(w.station.name, "pe");
	for (unsigned peer = 0; peer < PEERS; peer++) {
		bare_up(&w.b, peer);
		say(&w, peer, 2, true);
		say(&w, peer, 3, true);
		say_eor(&w, peer);
	}
	check(&w, ALL_ROUTES);
	cr_assert(peer_of(&w, EXT)
			  ->has[READER_PRE][EXT * SHARE + 3]); /* the control: it is rejected */
	/* nothing is added on the way: no LOCAL_PREF to what has none */
	p = reader_find(&w.station, 0, 0);
	cr_assert(p->has[READER_LOC][EXT * SHARE + 2] && p->has[READER_LOC][VPN * SHARE + 2]);
	cr_assert_not(p->local_pref[READER_LOC][EXT * SHARE + 2]);
	cr_assert(p->local_pref[READER_LOC][VPN * SHARE + 2]);
	cr_assert_not(peer_of(&w, EXT)->local_pref[READER_POST][EXT * SHARE + 2]);
	p = peer_of(&w, CE1);
	cr_assert_eq(p->type, BMP_PEER_RD);
	cr_assert_eq(p->as, 65101);
	cr_assert_eq(p->local_port, 179);
	cr_assert_eq(p->time_us / 1000000, 5000);
	cr_assert_eq(p->eors[READER_PRE], 1);
	cr_assert_eq(p->eors[READER_POST], 1);
	cr_assert_eq(peer_of(&w, VPN)->type, BMP_PEER_GLOBAL);
	cr_assert_eq(peer_of(&w, EXT)->med[READER_PRE][EXT * SHARE + 2], MED_SAID);
	cr_assert_str_eq(reader_find(&w.station, 0, 0)->table, "global");
	cr_assert_str_eq(reader_find(&w.station, RD(2), 0)->table, "v2");
	end(&w);
}

Test(bmp, a_station_that_comes_later_hears_the_same)
{
	static struct world w;

	start(&w, ALL_ROUTES, 2);
	for (unsigned peer = 0; peer < PEERS; peer++) {
		bare_up(&w.b, peer);
		for (unsigned i = 0; i < SHARE; i++)
			say(&w, peer, i, true);
	}
	cr_assert_eq(w.station.messages, 0);
	w.b.now_ms += 1000;
	station_up(&w);
	check(&w, ALL_ROUTES);
	for (unsigned peer = 0; peer < PEERS; peer++) {
		cr_assert_eq(peer_of(&w, peer)->eors[READER_PRE], 1);
		cr_assert_eq(peer_of(&w, peer)->eors[READER_POST], 1);
	}
	cr_assert_eq(reader_find(&w.station, 0, 0)->eors[READER_LOC], 2); /* two families */
	end(&w);
}

Test(bmp, peer_down_says_why)
{
	static struct world w;
	struct reader_peer *p;
	uint8_t octets[64];
	struct wbuf o;

	start(&w, ALL_ROUTES, 3);
	station_up(&w);
	bare_up(&w.b, EXT);
	say(&w, EXT, 0, true);
	p = peer_of(&w, EXT);
	peer_down(&w, EXT);
	cr_assert_eq(p->down_reason, 4); /* without a word */
	check(&w, ALL_ROUTES);

	bare_timer(&w.b, 300000);
	bare_up(&w.b, EXT);
	o = wbuf_of(octets, sizeof(octets));
	wire_notify_put(&o, WIRE_ERR_CEASE, WIRE_CEASE_ADMIN_SHUTDOWN, NULL, 0);
	bare_say(&w.b, EXT, &o);
	cr_assert_eq(p->down_reason, 3);
	cr_assert_eq(p->notified[0], WIRE_ERR_CEASE);
	cr_assert_eq(p->notified[1], WIRE_CEASE_ADMIN_SHUTDOWN);

	bare_timer(&w.b, 300000);
	bare_up(&w.b, EXT);
	bare_step(&w.b,
		&(struct event){.kind = EV_ADMIN, .admin = ADMIN_RESET, .peer = EXT, .text = ""});
	cr_assert_eq(p->down_reason, 1);
	cr_assert_eq(p->notified[1], WIRE_CEASE_ADMIN_RESET);
	cr_assert_eq(p->ups, 3);
	end(&w);
}

Test(bmp, statistics_come_in_time)
{
	static struct world w;
	struct reader_peer *p;

	start(&w, ALL_ROUTES, 4);
	station_up(&w);
	bare_up(&w.b, EXT);
	for (unsigned i = 0; i < 5; i++)
		say(&w, EXT, i, true);
	p = peer_of(&w, EXT);
	cr_assert_eq(p->stats[7], 0);
	bare_timer(&w.b, STATISTICS_S * 1000);
	cr_assert_eq(p->stats[0], 2); /* 1 and 3 are rejected */
	cr_assert_eq(p->stats[7], 5); /* kept ones count */
	cr_assert_eq(p->stats[9], 5);
	cr_assert_eq(reader_find(&w.station, 0, 0)->stats[8], 3);
	cr_assert_eq(
		reader_find(&w.station, 0, 0)->stats[10], 0); /* of the last family: VPN-IPv4 */
	end(&w);
}

/* What is malformed reaches the table as a withdrawal, and the station as well: octets that it might choke on do not. */
Test(bmp, a_malformed_update_is_told_as_it_is_understood)
{
	static struct world w;
	static uint8_t update[] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
		255, 255, 255, 0, 48, 2, 0, 0, 0, 21, 0x40, 1, 2, 0, 0, /* ORIGIN of 2 octets */
		0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xf1, 0x40, 3, 4, 10, 255, 0, 9, 24, 10, 0,
		EXT * SHARE};
	struct wbuf o = {.base = update, .len = sizeof(update), .cap = sizeof(update)};
	struct reader_peer *p;

	start(&w, ALL_ROUTES, 5);
	station_up(&w);
	bare_up(&w.b, EXT);
	say(&w, EXT, 0, true);
	p = peer_of(&w, EXT);
	cr_assert(p->has[READER_PRE][EXT * SHARE]);
	update[17] = sizeof(update);
	bare_say(&w.b, EXT, &o);
	cr_assert(w.b.conn[EXT]);
	cr_assert_eq(w.b.router->peers[EXT].count.treated_as_withdraw, 1);
	w.said[EXT][EXT * SHARE] = false;
	check(&w, ALL_ROUTES);
	end(&w);
}

Test(bmp, a_station_is_dialled_again)
{
	static struct world w;

	start(&w, ALL_ROUTES, 6);
	remote_event(&w, EV_REMOTE_DOWN);
	bare_timer(&w.b, RETRY_S * 1000 - 1);
	cr_assert_eq(w.dials, 1);
	bare_timer(&w.b, 1);
	cr_assert_eq(w.dials, 2);
	station_up(&w);
	w.up = false;
	remote_event(&w, EV_REMOTE_DOWN);
	cr_assert_str_eq(w.b.noted, "bmp_down");
	bare_up(&w.b, EXT);
	say(&w, EXT, 0, true); /* nobody is told: on_remote would see it */
	bare_timer(&w.b, RETRY_S * 1000);
	cr_assert_eq(w.dials, 3);
	station_up(&w);
	check(&w, ALL_ROUTES);
	end(&w);
}

Test(bmp, a_stop_is_said)
{
	static struct world w;
	unsigned initiations;

	start(&w, ALL_ROUTES, 7);
	station_up(&w);
	bare_up(&w.b, EXT);
	initiations = w.station.initiations;
	bare_step(&w.b, &(struct event){.kind = EV_STOP, .vrf = FIB_VRF_CORE});
	cr_assert_eq(w.station.terminations, 1);
	cr_assert_eq(w.station.initiations, initiations);
	cr_assert_eq(w.closes, 1);
	cr_assert_eq(peer_of(&w, EXT)->down_reason, 1);
	cr_assert_eq(reader_find(&w.station, RD(1), 0)->down_reason, 6);
	bare_timer(&w.b, 100000);
	cr_assert_eq(w.dials, 1);
	end(&w);
}

Test(bmp, a_full_station_hears_later_and_in_order)
{
	static struct world w;
	unsigned before;

	start(&w, ALL_ROUTES, 8);
	station_up(&w);
	for (unsigned peer = 0; peer < PEERS; peer++)
		bare_up(&w.b, peer);
	remote_event(&w, EV_REMOTE_FULL);
	before = w.station.messages;
	for (unsigned peer = 0; peer < PEERS; peer++)
		for (unsigned i = 0; i < 4; i++) {
			say(&w, peer, i, true);
			say(&w, peer, i, i % 2);
		}
	cr_assert_eq(w.station.messages, before);
	remote_event(&w, EV_REMOTE_DRAINED);
	bare_timer(&w.b, 1000); /* those of its update groups that wait together have their time */
	check(&w, ALL_ROUTES);
	end(&w);
}

/* What comes between the moment when it takes more and the first work is not told before what waits. */
Test(bmp, what_waits_is_told_first)
{
	static struct world w;

	start(&w, ALL_ROUTES, 10);
	station_up(&w);
	bare_up(&w.b, EXT);
	remote_event(&w, EV_REMOTE_FULL);
	say(&w, EXT, 0, true);
	say(&w, EXT, 2, true);
	router_step(w.b.router, &(struct event){.kind = EV_REMOTE_DRAINED}, w.b.now_ms, &w.b.fx);
	say(&w, EXT, 0, false);
	bare_timer(&w.b, 1000);
	check(&w, ALL_ROUTES);
	end(&w);
}

/* 4 KiB each, before and after policy. */
static void say_long(struct world *w, unsigned i)
{
	static uint8_t communities[3600];
	const uint32_t as = 65009;
	struct test_attrs a;

	test_attrs_init(&a, 0x0aff0009, &as, 1);
	a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP) | WIRE_ATTR_BIT(WIRE_ATTR_COMMUNITIES);
	test_put32(communities, i);
	a.a.communities = (struct wire_span){communities, sizeof(communities)};
	bare_route(&w->b, EXT, 0, EXT * SHARE, WIRE_LABEL_NONE, &a.a);
}

Test(bmp, a_station_that_reads_nothing_costs_so_much_and_no_more)
{
	static struct world w;
	const struct core_bmp_station *s;
	unsigned i;

	start(&w, ALL_ROUTES, 9);
	s = &w.b.router->bmp->stations[0];
	station_up(&w);
	bare_up(&w.b, EXT);
	remote_event(&w, EV_REMOTE_FULL);
	for (i = 0; w.closes == 0 && i < 10000; i++) {
		say_long(&w, i);
		cr_assert_leq(s->queue_octets, CORE_BMP_QUEUE_OCTETS);
	}
	cr_assert_eq(w.closes, 1);
	cr_assert_gt(i, 1000);
	cr_assert_str_eq(w.b.noted, "bmp_slow");
	cr_assert_eq(s->queue_octets, 0);
	cr_assert_gt(s->queue_peak, CORE_BMP_QUEUE_OCTETS - 16384);
	cr_assert(w.b.conn[EXT]);
	bare_timer(&w.b, RETRY_S * 1000);
	cr_assert_eq(w.dials, 2);
	station_up(&w);
	cr_assert(peer_of(&w, EXT)->has[READER_POST][EXT * SHARE]);
	end(&w);
}

/* Another session's OPEN than bare_up says: two-octet AS numbers, path identifiers. */
static void ext_up(struct world *w, bool as4, bool paths)
{
	struct wire_open open = {.as = 65009,
		.hold_s = 90,
		.id = 0x0aff0009,
		.mp = true,
		.families = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST),
		.as4 = as4,
		.role = WIRE_ROLE_NONE};
	uint8_t octets[256];
	struct wbuf o = wbuf_of(octets, sizeof(octets));

	if (paths)
		open.add_path_send = open.families;
	w->b.conn[EXT] = ++w->b.last_conn;
	bare_step(&w->b, &(struct event){.kind = EV_ACCEPT,
				 .conn = w->b.conn[EXT],
				 .vrf = FIB_VRF_CORE,
				 .remote = w->b.conf->peers[EXT].addr,
				 .local = ip_addr_v4(0x0aff0001)});
	wire_open_put(&o, &open);
	wire_keepalive_put(&o);
	bare_say(&w->b, EXT, &o);
	cr_assert_eq(fsm_peer_state(&w->b.router->peers[EXT].fsm), FSM_ESTABLISHED);
}

/* Live, octets as they came say so in the header; from the table they have four octets an AS. */
Test(bmp, as_numbers_of_two_octets_are_said_to_be)
{
	static struct world w;
	unsigned x = EXT * SHARE;

	start(&w, ALL_ROUTES, 11);
	station_up(&w);
	ext_up(&w, false, false);
	say(&w, EXT, 0, true);
	cr_assert_eq(peer_of(&w, EXT)->first_as[READER_PRE][x], 65009);
	check(&w, ALL_ROUTES);
	w.up = false;
	remote_event(&w, EV_REMOTE_DOWN);
	bare_timer(&w.b, RETRY_S * 1000);
	station_up(&w);
	cr_assert_eq(peer_of(&w, EXT)->first_as[READER_PRE][x], 65009);
	check(&w, ALL_ROUTES);
	end(&w);
}

static void say_path(struct world *w, uint32_t path_id, bool there)
{
	struct wire_nlri n = {.prefix = {ip_addr_v4(0x0a000000 | EXT * SHARE << 8), 24},
		.label = WIRE_LABEL_NONE,
		.path_id = path_id};
	struct wire_ctx ctx = w->b.router->peers[EXT].fsm.ctx;
	const uint32_t as = 65009;
	uint8_t octets[WIRE_MSG_MAX];
	struct wbuf o = wbuf_of(octets, sizeof(octets));
	struct test_attrs a;

	test_attrs_init(&a, 0x0aff0009, &as, 1);
	a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
	ctx.add_path_tx = ctx.add_path_rx;
	cr_assert(ctx.add_path_rx);
	if (there)
		cr_assert_eq(wire_update_put_reach(&o, &ctx, WIRE_IPV4_UNICAST, &a.a, &n, 1), 1);
	else
		cr_assert_eq(wire_update_put_unreach(&o, &ctx, WIRE_IPV4_UNICAST, &n, 1), 1);
	bare_say(&w->b, EXT, &o);
}

Test(bmp, path_identifiers_are_told_as_the_session_has_them)
{
	static struct world w;
	const struct reader_peer *p;

	start(&w, ALL_ROUTES, 12);
	w.b.router->peers[EXT].fsm.conf.add_path_receive = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST);
	ext_up(&w, true, true);
	say_path(&w, 7, true);
	say_path(&w, 8, true);
	w.b.now_ms += 10;
	station_up(&w);
	p = peer_of(&w, EXT);
	cr_assert(p->ctx.add_path_rx);
	for (unsigned v = READER_PRE; v <= READER_POST; v++)
		cr_assert_eq(p->paths[v], 2);
	say_path(&w, 7, false);
	for (unsigned v = READER_PRE; v <= READER_POST; v++)
		cr_assert_eq(p->paths[v], 1);
	say_path(&w, 8, false);
	for (unsigned v = READER_PRE; v <= READER_POST; v++)
		cr_assert_eq(p->paths[v], 0);
	end(&w);
}

static void say_refresh(struct world *w, enum wire_refresh subtype)
{
	uint8_t octets[64];
	struct wbuf o = wbuf_of(octets, sizeof(octets));

	wire_refresh_put(&o, WIRE_IPV4_UNICAST, subtype);
	bare_say(&w->b, EXT, &o);
}

/* RFC 7313: nobody withdraws what is gone then; the station has to hear of it. */
Test(bmp, what_a_refresh_leaves_out_is_gone)
{
	static struct world w;

	start(&w, ALL_ROUTES, 13);
	w.b.enhanced = true;
	station_up(&w);
	bare_up(&w.b, EXT);
	for (unsigned i = 0; i < 8; i++)
		say(&w, EXT, i, true);
	say_refresh(&w, WIRE_REFRESH_BORR);
	for (unsigned i = 0; i < 3; i++)
		say(&w, EXT, i, true);
	say_refresh(&w, WIRE_REFRESH_EORR);
	for (unsigned i = 3; i < 8; i++)
		w.said[EXT][EXT * SHARE + i] = false;
	check(&w, ALL_ROUTES);
	end(&w);
}

/* RFC 4724: what is kept of a lost session is in the Loc-RIB, and in no Adj-RIB-In. */
Test(bmp, what_outlives_a_session_is_not_told_as_said)
{
	static struct world w;
	bool had[BARE_PREFIXES];
	const uint32_t bit = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST);

	start(&w, ALL_ROUTES, 14);
	w.b.restart[EXT] = (struct wire_restart){
		.sent = true, .time_s = 4000, .families = bit, .preserved = bit};
	bare_up(&w.b, EXT);
	for (unsigned i = 0; i < 8; i += 2)
		say(&w, EXT, i, true);
	say_eor(&w, EXT);
	memcpy(had, w.said[EXT], sizeof(had));
	peer_down(&w, EXT);
	cr_assert_eq(w.b.router->peers[EXT].restart.phase, CORE_RESTART_WAIT);
	station_up(&w);
	check(&w, ALL_ROUTES);
	cr_assert(reader_find(&w.station, 0, 0)->has[READER_LOC][EXT * SHARE]);

	bare_up(&w.b, EXT);
	check(&w, ALL_ROUTES); /* nothing is said yet */
	say(&w, EXT, 0, true); /* unchanged */
	say(&w, EXT, 3, true);
	check(&w, ALL_ROUTES);
	w.up = false;
	remote_event(&w, EV_REMOTE_DOWN);
	bare_timer(&w.b, RETRY_S * 1000);
	station_up(&w); /* one that comes now hears of no others either */
	check(&w, ALL_ROUTES);
	say_eor(&w, EXT);
	check(&w, ALL_ROUTES);
	cr_assert_not(reader_find(&w.station, 0, 0)->has[READER_LOC][EXT * SHARE + 2]);
	end(&w);
}

/* Nothing came, and yet what is after policy changes. */
Test(bmp, what_is_judged_anew_is_told)
{
	static struct world w;
	const struct reader_peer *p;

	start(&w, ALL_ROUTES, 15);
	station_up(&w);
	bare_up(&w.b, EXT);
	for (unsigned i = 0; i < 4; i++)
		say(&w, EXT, i, true);
	check(&w, ALL_ROUTES);
	w.rules[0].action = POL_ACCEPT_ROUTE;
	w.med.number = MED_EDITED + 1;
	core_import_again(w.b.router, 0);
	bare_timer(&w.b, 1);
	bare_step(&w.b, &(struct event){.kind = EV_TIMER, .vrf = FIB_VRF_CORE});
	p = peer_of(&w, EXT);
	for (unsigned x = EXT * SHARE; x < EXT * SHARE + 4; x++) {
		cr_assert(p->has[READER_POST][x]);
		cr_assert_eq(p->med[READER_POST][x], x % 2 ? MED_SAID : MED_EDITED + 1);
		cr_assert_eq(p->med[READER_PRE][x], MED_SAID);
	}
	end(&w);
}

/* More prefixes with the same attributes than a message of 4096 octets holds. */
static void say_many(struct world *w)
{
	static struct wire_nlri n[2000];
	static uint8_t octets[WIRE_MSG_MAX_EXTENDED];
	struct wbuf o = wbuf_of(octets, sizeof(octets));
	const uint32_t as = 65009;
	struct test_attrs a;

	for (unsigned i = 0; i < ARRAY_LEN(n); i++)
		n[i] = (struct wire_nlri){
			.prefix = {ip_addr_v4(0x14000000 | i), 32}, .label = WIRE_LABEL_NONE};
	test_attrs_init(&a, 0x0aff0009, &as, 1);
	a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
	cr_assert_eq(wire_update_put_reach(&o, &w->b.router->peers[EXT].fsm.ctx, WIRE_IPV4_UNICAST,
			     &a.a, n, ARRAY_LEN(n)),
		ARRAY_LEN(n));
	bare_say(&w->b, EXT, &o);
}

/* RFC 8654: a route that only a long message holds is not missing; the others do not become long for it. */
Test(bmp, a_route_with_long_attributes_is_told)
{
	static uint8_t communities[12000], octets[WIRE_MSG_MAX_EXTENDED];
	static struct world w;
	const struct wire_nlri n = {.prefix = {ip_addr_v4(0x0a000000 | EXT * SHARE << 8), 24},
		.label = WIRE_LABEL_NONE};
	struct wbuf o = wbuf_of(octets, sizeof(octets));
	const uint32_t as = 65009;
	struct test_attrs a;

	start(&w, ALL_ROUTES, 16);
	w.b.extended = true;
	bare_up(&w.b, EXT);
	test_attrs_init(&a, 0x0aff0009, &as, 1);
	a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP) | WIRE_ATTR_BIT(WIRE_ATTR_COMMUNITIES) |
		       WIRE_ATTR_BIT(WIRE_ATTR_MED);
	a.a.med = MED_SAID;
	for (unsigned i = 0; i < sizeof(communities); i += 4)
		test_put32(communities + i, i);
	a.a.communities = (struct wire_span){communities, sizeof(communities)};
	cr_assert_eq(wire_update_put_reach(
			     &o, &w.b.router->peers[EXT].fsm.ctx, WIRE_IPV4_UNICAST, &a.a, &n, 1),
		1);
	bare_say(&w.b, EXT, &o);
	w.said[EXT][EXT * SHARE] = true;
	say_many(&w);
	w.b.now_ms += 10;
	station_up(&w);
	check(&w, ALL_ROUTES);
	cr_assert_eq(w.station.long_updates, READER_VIEWS);
	cr_assert(reader_find(&w.station, 0, 0)->has[READER_LOC][EXT * SHARE]);
	end(&w);
}

static void station_churn(struct world *w)
{
	if (!w->up) {
		bare_timer(&w->b, RETRY_S * 1000);
		station_up(w);
	} else if (test_random(&w->rng, 3) == 0) {
		w->up = false;
		remote_event(w, EV_REMOTE_DOWN);
	} else {
		remote_event(w, test_random(&w->rng, 2) ? EV_REMOTE_FULL : EV_REMOTE_DRAINED);
	}
}

static void churn(struct world *w)
{
	unsigned peer = test_random(&w->rng, PEERS);

	if (test_random(&w->rng, 12) == 0)
		station_churn(w);
	else if (!w->b.conn[peer])
		bare_up(&w->b, peer);
	else if (test_random(&w->rng, 15) == 0)
		peer_down(w, peer);
	else
		say(w, peer, test_random(&w->rng, SHARE), test_random(&w->rng, 2));
}

static void settle(struct world *w)
{
	if (!w->up)
		station_churn(w);
	remote_event(w, EV_REMOTE_DRAINED);
	bare_timer(&w->b, 1000);
}

static void storm(unsigned routes, uint64_t seed)
{
	static struct world w;

	start(&w, routes, seed);
	for (unsigned round = 0; round < 40; round++) {
		for (unsigned i = 0; i < 50; i++)
			churn(&w);
		settle(&w);
		check(&w, routes);
	}
	end(&w);
}

Test(bmp, whatever_happens_a_station_holds_what_is)
{
	for (uint64_t seed = 1; seed <= 10; seed++)
		storm(ALL_ROUTES, seed);
}

Test(bmp, a_station_is_told_no_more_than_it_is_to_be)
{
	storm(CONF_BMP_PRE_POLICY, 21);
	storm(CONF_BMP_POST_POLICY, 22);
	storm(CONF_BMP_LOC_RIB, 23);
}

Test(bmp, without_a_station_there_is_nothing_of_it)
{
	static struct bare b;

	bare_init(&b, yaml, 1);
	cr_assert_eq(b.router->bmp->n_stations, 0);
	cr_assert_eq(b.router->bmp->wanted, 0);
	cr_assert_null(b.router->store->follow.fn);
	bare_fini(&b);
}
