/* What a port's guard must be: constants and tables from configuration, addresses and routes. */
#include "mplsfwd/edgeplan.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "tests/unit/mplsfwd/fixture.h"

static const uint8_t mac[6] = {2, 0, 0, 0, 0, 1};

static struct ip_prefix prefix_of(const char *text)
{
	const char *slash = strchr(text, '/');
	struct ip_prefix p = {.len = (uint8_t)atoi(slash + 1)};
	char addr[IP_ADDR_STRLEN] = "";

	memcpy(addr, text, (size_t)(slash - text)); /* host bits may be there */
	cr_assert(ip_addr_parse(addr, &p.addr));
	return p;
}

static uint32_t addr_of(const char *text)
{
	struct ip_addr a;
	cr_assert(ip_addr_parse(text, &a));
	return ip_addr_get_v4(&a);
}

static void address(struct fixture *f, unsigned port, const char *text)
{
	struct ip_prefix p = prefix_of(text);
	fwd_lfib_connected_set(&f->m.lfib, (uint16_t)port, &p, true);
}

/* The bits of a source or destination in the tables of a port. */
static unsigned look(struct fixture *f, unsigned port, bool source, const char *text,
	const struct fwd_edge_source *announced, size_t n)
{
	struct acl_lpm sources, destinations;

	acl_lpm_init(&sources);
	acl_lpm_init(&destinations);
	fwd_edgeplan_tables(&f->m.lfib, port, announced, n, &sources, &destinations);
	unsigned bits = acl_lpm_find(source ? &sources : &destinations, addr_of(text));
	acl_lpm_fini(&sources);
	acl_lpm_fini(&destinations);
	return bits;
}
#define SOURCE(text)	  look(&f, PORT_A, true, text, NULL, 0)
#define DESTINATION(text) look(&f, PORT_A, false, text, NULL, 0)

Test(edgeplan, sources_are_the_link_and_what_is_routed_to_it)
{
	struct fixture f;

	fixture_init(&f);
	address(&f, PORT_A, "192.168.1.1/29");
	address(&f, PORT_B, "192.168.7.1/29"); /* of the other VRF */
	cr_expect_eq(SOURCE("192.168.1.2"), ACL_SRC_ROUTED | ACL_SRC_LINK);
	cr_expect_eq(SOURCE("192.168.1.1"), ACL_SRC_OWN);
	cr_expect_eq(SOURCE("192.168.1.0"), 0, "nobody's address");
	cr_expect_eq(SOURCE("192.168.1.7"), 0, "nobody's address");
	cr_expect_eq(SOURCE("192.168.7.2"), 0, "of another VRF");
	cr_expect_eq(SOURCE("172.16.1.1"), 0);
	fixture_ce(&f, VRF_A, "172.16.1.0/24", CE_A);
	cr_expect_eq(SOURCE("172.16.1.1"), ACL_SRC_ROUTED);
	cr_expect_not(look(&f, PORT_B, true, "172.16.1.1", NULL, 0));
	fixture_del(&f, VRF_A, "172.16.1.0/24");
	cr_expect_eq(SOURCE("172.16.1.1"), 0, "withdrawn");
	fixture_track(&f, PE2);
	fixture_vpn(&f, VRF_A, "172.16.2.0/24", PE2, 80);
	cr_expect_eq(SOURCE("172.16.2.1"), 0, "behind another PE");
	fixture_fini(&f);
}

Test(edgeplan, a_static_route_through_the_link_is_a_source)
{
	struct conf_static s = {prefix_of("172.16.5.0/24"), ip_addr_v4(CE_A)};
	struct fixture f;

	fixture_init(&f);
	f.vrfs[VRF_A].statics = &s;
	f.vrfs[VRF_A].n_statics = 1;
	address(&f, PORT_A, "192.168.1.1/30");
	cr_expect(SOURCE("172.16.5.1") & ACL_SRC_ROUTED);
	s.next_hop = ip_addr_v4(P1);
	cr_expect_eq(SOURCE("172.16.5.1"), 0, "a next hop that is not on this link");
	fixture_fini(&f);
}

Test(edgeplan, announced_sources_count_where_feasible_ones_do)
{
	struct fwd_edge_source s = {
		.vrf = VRF_A, .prefix = prefix_of("172.16.9.0/24"), .gateway = ip_addr_v4(CE_A)};
	struct fixture f;

	fixture_init(&f);
	address(&f, PORT_A, "192.168.1.1/30");
	f.ports[PORT_A].guard.source = ACL_SOURCE_STRICT;
	cr_expect_eq(look(&f, PORT_A, true, "172.16.9.1", &s, 1), 0);
	f.ports[PORT_A].guard.source = ACL_SOURCE_FEASIBLE;
	cr_expect(look(&f, PORT_A, true, "172.16.9.1", &s, 1) & ACL_SRC_ROUTED);
	s.gateway = ip_addr_v4(P1);
	cr_expect_eq(look(&f, PORT_A, true, "172.16.9.1", &s, 1), 0, "by a CE of another link");
	s.gateway = ip_addr_v4(CE_A);
	s.vrf = VRF_B;
	cr_expect_eq(look(&f, PORT_A, true, "172.16.9.1", &s, 1), 0, "in another VRF");
	f.ports[PORT_A].guard.source = ACL_SOURCE_STRICT;
	s.vrf = VRF_A;
	s.found = true;
	cr_expect(look(&f, PORT_A, true, "172.16.9.1", &s, 1) & ACL_SRC_ROUTED, "of a run before");
	fixture_fini(&f);
}

Test(edgeplan, destinations_own_infrastructure_and_a_customers_use_of_its_numbers)
{
	struct ip_prefix infra = prefix_of("10.255.0.0/16");
	struct fixture f;

	fixture_init(&f);
	f.conf.infrastructure = &infra;
	f.conf.n_infrastructure = 1;
	address(&f, PORT_A, "192.168.1.1/30");
	cr_expect_eq(DESTINATION("192.168.1.1"), ACL_DST_OWN);
	cr_expect_eq(DESTINATION("192.168.1.3"), ACL_DST_OWN, "broadcast");
	cr_expect_eq(DESTINATION("192.168.1.2"), ACL_DST_FORWARD);
	cr_expect_eq(DESTINATION("10.255.0.1"), ACL_DST_INFRA);
	cr_expect_eq(DESTINATION("10.254.0.1"), ACL_DST_FORWARD);
	fixture_track(&f, PE2);
	fixture_vpn(&f, VRF_A, "10.255.7.0/24", PE2, 80);
	cr_expect_eq(DESTINATION("10.255.7.1"), ACL_DST_FORWARD, "RFC 4381 2.1: its own host");
	cr_expect_eq(DESTINATION("10.255.8.1"), ACL_DST_INFRA);
	fixture_vpn(&f, VRF_A, "10.0.0.0/8", PE2, 80);
	cr_expect_eq(DESTINATION("10.255.8.1"), ACL_DST_INFRA, "a shorter prefix opens nothing");
	cr_expect_eq(look(&f, PORT_B, false, "10.255.7.1", NULL, 0), ACL_DST_INFRA,
		"not in the other VRF");
	address(&f, PORT_A, "10.255.9.1/30");
	cr_expect_eq(DESTINATION("10.255.9.2"), ACL_DST_FORWARD, "on its link");
	cr_expect_eq(DESTINATION("10.255.9.1"), ACL_DST_OWN);
	fixture_fini(&f);
}

Test(edgeplan, services_are_bgp_of_the_neighbors_on_the_link_and_what_was_asked_for)
{
	struct conf_peer peers[] = {{.addr = ip_addr_v4(CE_A), .vrf = VRF_A, .gtsm_hops = 1},
		{.addr = ip_addr_v4(CE_A), .vrf = VRF_B},
		{.addr = ip_addr_v4(PE2), .vrf = CONF_VRF_NONE},
		{.dynamic = true, .range = prefix_of("192.168.1.0/30"), .vrf = VRF_A},
		{.dynamic = true, .range = prefix_of("192.168.1.0/30"), .vrf = VRF_A, .slot = 1},
		{.addr = ip_addr_v4(0x0a090909), .vrf = VRF_A}};
	struct acl_consts c;
	struct fixture f;

	fixture_init(&f);
	f.conf.peers = peers;
	f.conf.n_peers = ARRAY_LEN(peers);
	f.ports[PORT_A].guard.protocols = CONF_GUARD_BFD;
	cr_assert(fwd_edgeplan_consts(&f.conf, PORT_A, 7, mac, &c));
	cr_assert_eq(c.n_services, 4,
		"BFD, the neighbor, its range once, the one that is on nobody's link");
	cr_expect_eq(c.services[0].min_ttl, 255);
	cr_expect_eq(c.services[1].min_ttl, 255, "RFC 5082 3");
	cr_expect_eq(c.services[1].src_be, htonl(CE_A));
	cr_expect_eq(c.services[1].src_mask_be, UINT32_MAX);
	cr_expect_eq(c.services[2].min_ttl, 0);
	cr_expect_eq(c.services[2].src_mask_be, htonl(0xfffffffc));
	cr_expect_eq(c.role, ACL_ROLE_ACCESS);
	cr_expect_eq(c.labels, ACL_LABELS_NONE);
	cr_expect_eq(c.ifindex, 7);
	cr_assert(fwd_edgeplan_consts(&f.conf, PORT_B_OPEN, 8, mac, &c));
	cr_expect_eq(c.labels, ACL_LABELS_ALL, "accept-labels");
	cr_expect_eq(c.n_services, 0, "%u: the neighbor of VRF b is on its other port's link",
		c.n_services);
	fixture_fini(&f);
}

Test(edgeplan, who_has_a_program)
{
	struct fixture f;

	fixture_init(&f);
	f.ports[PORT_CORE].labels = ACL_LABELS_ALL;
	cr_expect_not(fwd_edgeplan_wanted(&f.conf, PORT_CORE));
	cr_expect(fwd_edgeplan_wanted(&f.conf, PORT_A));
	f.ports[PORT_CORE].labels = ACL_LABELS_ADVERTISED;
	cr_expect(fwd_edgeplan_wanted(&f.conf, PORT_CORE));
	f.ports[PORT_A].guard.disabled = true;
	cr_expect_not(fwd_edgeplan_wanted(&f.conf, PORT_A));
	f.ports[PORT_A].role = CONF_PORT_MANAGEMENT;
	cr_expect_not(fwd_edgeplan_wanted(&f.conf, PORT_A));
	fixture_fini(&f);
}

Test(edgeplan, labels_are_those_told_to_the_neighbors_of_the_link)
{
	struct conf_peer peers[] = {{.addr = ip_addr_v4(P1), .vrf = CONF_VRF_NONE},
		{.addr = ip_addr_v4(PE2), .vrf = CONF_VRF_NONE},
		{.addr = ip_addr_v4(P1), .vrf = VRF_A}};
	const struct fwd_edge_label told[] = {
		{100003, 0}, {100001, 0}, {100003, 0}, {100002, 1}, {100004, 2}, {100005, 9}};
	struct fixture f;
	unsigned n;

	fixture_init(&f);
	f.conf.peers = peers;
	f.conf.n_peers = ARRAY_LEN(peers);
	uint32_t *list = fwd_edgeplan_labels(&f.m.lfib, PORT_CORE, told, ARRAY_LEN(told), &n);
	cr_expect_eq(n, 0, "the port has no address yet");
	free(list);
	address(&f, PORT_CORE, "10.0.0.1/30");
	list = fwd_edgeplan_labels(&f.m.lfib, PORT_CORE, told, ARRAY_LEN(told), &n);
	cr_assert_eq(n, 2);
	cr_expect(list[0] == 100001 && list[1] == 100003, "sorted, each once");
	free(list);
	fixture_fini(&f);
}
