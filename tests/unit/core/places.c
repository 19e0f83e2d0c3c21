/* Neighbours from a range: who gets a place, who finds none, and what is left of one who went. */
#include <criterion/criterion.h>

#include "bgpd/core/places.h"
#include "bgpd/wire/open.h"
#include "tests/support/bare.h"

static const char yaml[] =
	"router: {name: rs, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"
	"neighbors:\n"
	"  - {address: 10.1.0.1, as: 65001, families: [ipv4-unicast], passive: true, name: own}\n"
	"  - {address: 10.9.0.1, as: 65002, families: [ipv4-unicast], passive: true, name: p0}\n"
	"  - {address: 10.9.0.2, as: 65002, families: [ipv4-unicast], passive: true, name: p1}\n"
	"  - {address: 10.9.0.3, as: 65002, families: [ipv4-unicast], passive: true, name: "
	"other}\n";

enum { OWN, P0, P1, OTHER };

/* 10.1.0.0/24 has two places, any external AS; 10.1.0.128/25 one of AS 65002. */
static void begin(struct bare *b)
{
	bare_open(b, yaml, 1);
	for (unsigned i = P0; i <= OTHER; i++) {
		struct conf_peer *c = &b->conf->peers[i];

		c->dynamic = true;
		c->addr = b->router->peers[i].addr = (struct ip_addr){0};
		c->range = (struct ip_prefix){
			ip_addr_v4(i == OTHER ? 0x0a010080 : 0x0a010000), i == OTHER ? 25 : 24};
		c->slot = i == P1;
		c->as = b->router->peers[i].as = i == OTHER ? 65002 : 0;
		b->router->peers[i].fsm.conf.peer_as = c->as;
	}
	bare_step(b, &(struct event){.kind = EV_START, .vrf = FIB_VRF_CORE});
}

static struct ip_addr addr(unsigned last)
{
	return ip_addr_v4(0x0a010000 + last);
}

/* A connection from 10.1.0.last; the place that it got, or BARE_PEERS. */
static unsigned come(struct bare *b, unsigned last)
{
	uint32_t conn = ++b->last_conn;

	bare_step(b, &(struct event){.kind = EV_ACCEPT,
			     .vrf = FIB_VRF_CORE,
			     .conn = conn,
			     .remote = addr(last),
			     .local = addr(254)});
	for (unsigned i = 0; i < b->conf->n_peers; i++)
		if (b->router->peers[i].conn[FSM_INBOUND] == conn) {
			b->conn[i] = conn;
			return i;
		}
	return BARE_PEERS;
}

static void open_as(struct bare *b, unsigned peer, uint32_t as)
{
	uint8_t octets[256];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct wire_open open = {.as = as,
		.id = 0x01010101,
		.mp = true,
		.families = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST),
		.as4 = true,
		.refresh = true};

	wire_open_put(&w, &open);
	bare_say(b, peer, &w);
	if (!b->conn[peer])
		return;
	w = wbuf_of(octets, sizeof(octets));
	wire_keepalive_put(&w);
	bare_say(b, peer, &w);
}

static void go(struct bare *b, unsigned peer)
{
	bare_step(b, &(struct event){.kind = EV_CONN_CLOSED,
			     .vrf = FIB_VRF_CORE,
			     .conn = b->router->peers[peer].conn[FSM_INBOUND]});
	b->conn[peer] = 0;
}

Test(core_places, the_own_address_comes_first_then_the_longest_range)
{
	struct bare b;

	begin(&b);
	cr_assert_eq(come(&b, 1), (unsigned)OWN);
	cr_assert_eq(come(&b, 130), (unsigned)OTHER);
	cr_assert_eq(come(&b, 2), (unsigned)P0);
	cr_assert_eq(come(&b, 3), (unsigned)P1);
	cr_assert_eq(come(&b, 4), (unsigned)BARE_PEERS, "there are two places");
	cr_assert_eq(b.router->peers[P0].range_full, 1u);
	cr_assert_eq(come(&b, 2), (unsigned)BARE_PEERS, "it has a connection already");
	cr_assert_eq(b.router->peers[P0].range_full, 1u);
	bare_fini(&b);
}

Test(core_places, an_as_is_learnt_and_forgotten)
{
	struct bare b;

	begin(&b);
	unsigned p = come(&b, 2);
	open_as(&b, p, 4200000001);
	cr_assert_eq(b.router->peers[p].as, 4200000001u);
	cr_assert(b.router->peers[p].fsm.ctx.ebgp);
	cr_assert_neq(b.router->peers[p].source, RIB_SOURCE_NONE);
	go(&b, p);
	cr_assert_eq(b.router->peers[p].as, 0u);
	cr_assert_eq(b.router->peers[p].addr.af, IP_NONE);
	p = come(&b, 3);
	open_as(&b, p, 65000);
	cr_assert_eq(b.notified[p][0], 2u);
	cr_assert_eq(b.notified[p][1], 2u, "our own AS is not an external one");
	bare_fini(&b);
}

Test(core_places, the_configured_as_of_a_range_holds)
{
	struct bare b;

	begin(&b);
	unsigned p = come(&b, 130);
	open_as(&b, p, 65003);
	cr_assert_eq(b.notified[p][1], 2u);
	bare_fini(&b);
}

Test(core_places, who_returns_finds_his_back_off_and_another_does_not)
{
	struct bare b;

	begin(&b);
	for (unsigned i = 0; i < 2; i++) { /* twice a bad OPEN */
		unsigned p = come(&b, 2);
		cr_assert_eq(p, (unsigned)P0);
		open_as(&b, p, 65000);
	}
	cr_assert_eq(come(&b, 2), (unsigned)BARE_PEERS, "its idle hold time runs");
	cr_assert_eq(come(&b, 3), (unsigned)P1, "nobody else is kept out");
	cr_assert_eq(come(&b, 4), (unsigned)P0, "and its place is not lost to all");
	cr_assert_eq(b.router->peers[P0].fsm.failures, 0u);
	bare_fini(&b);
}

Test(core_places, who_was_stopped_by_max_prefix_keeps_his_place)
{
	struct bare b;

	begin(&b);
	unsigned p = come(&b, 2);
	b.router->peers[p].limit.stopped = true;
	go(&b, p);
	cr_assert_eq(b.router->peers[p].addr.af, IP_V4);
	cr_assert_eq(come(&b, 3), (unsigned)P1);
	cr_assert_eq(come(&b, 4), (unsigned)BARE_PEERS);
	bare_fini(&b);
}
