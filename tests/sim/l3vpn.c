#include "tests/sim/l3vpn.h"

#include <stdio.h>
#include <string.h>

#include "lib/check.h"
#include "vrf/isolate.h"

static const char pe1[] =
	"router: {name: pe1, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/sim}\n"
	"mpls: {labels: 100000-100009, quarantine: 30}\n"
	"ports:\n"
	"  - {name: eth1, role: core}\n"
	"  - {name: eth2, role: access, vrf: vrf-a, address: [192.168.1.1/30]%s}\n"
	"  - {name: eth3, role: access, vrf: vrf-b, address: [192.168.1.1/30]}\n"
	"vrfs:\n"
	"  - name: vrf-a\n"
	"    table: 1001\n"
	"    rd: \"65000:11\"\n"
	"    import: [\"65000:101\"]\n"
	"    export: [\"65000:101\"]\n"
	"    redistribute: [connected]\n"
	"    neighbors:\n"
	"      - {address: 192.168.1.2, as: 65101, name: ce-a1, password: Ce, hold-time: 30, "
	"connect-retry: 2}\n"
	"  - name: vrf-b\n"
	"    table: 1002\n"
	"    rd: \"65000:12\"\n"
	"    import: [\"65000:102\"]\n"
	"    export: [\"65000:102\"]\n"
	"    redistribute: [connected, static]\n"
	"    routes: [{prefix: 172.16.1.0/24, next-hop: 192.168.1.2}]\n"
	"neighbors:\n"
	"  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000, families: [vpnv4],\n"
	"     name: pe2, password: %s, hold-time: 30, connect-retry: 2}\n";

static const char pe2[] =
	"router: {name: pe2, as: 65000, id: 10.255.0.3, user: nobody, run-dir: /run/sim}\n"
	"mpls: {labels: 200000-200009, quarantine: 30}\n"
	"ports:\n"
	"  - {name: eth1, role: core}\n"
	"  - {name: eth2, role: access, vrf: vrf-a, address: [192.168.2.1/30]}\n"
	"  - {name: eth3, role: access, vrf: vrf-b, address: [192.168.2.1/30]}\n"
	"vrfs:\n"
	"  - name: vrf-a\n"
	"    table: 1001\n"
	"    rd: \"65000:21\"\n"
	"    import: [\"65000:101\"]\n"
	"    export: [\"65000:101\"]\n"
	"    redistribute: [connected]\n"
	"    neighbors:\n"
	"      - {address: 192.168.2.2, as: 65102, name: ce-a2, password: Ce, hold-time: 30, "
	"connect-retry: 2}\n"
	"  - name: vrf-b\n"
	"    table: 1002\n"
	"    rd: \"65000:22\"\n"
	"    import: [\"65000:102\"]\n"
	"    export: [\"65000:102\"]\n"
	"    redistribute: [connected]\n"
	"    neighbors:\n"
	"      - {address: 192.168.2.2, as: 65102, name: ce-b2, password: Ce, hold-time: 30, "
	"connect-retry: 2}\n"
	"neighbors:\n"
	"  - {address: 10.255.0.1, local-address: 10.255.0.3, as: 65000, families: [vpnv4],\n"
	"     name: pe1, password: Core, hold-time: 30, connect-retry: 2}\n";

/* A customer's router is the same router: one VRF, its PE as neighbour, its LAN redistributed. */
static const char ce[] =
	"router: {name: ce, as: %u, id: 192.168.%u.2, user: nobody, run-dir: /run/sim}\n"
	"mpls: {labels: 16-20, quarantine: 1}\n"
	"ports:\n"
	"  - {name: lan, role: access, vrf: ce, address: [172.16.%u.1/24]}\n"
	"  - {name: wan, role: access, vrf: ce, address: [192.168.%u.2/30]}\n"
	"%s"
	"vrfs:\n"
	"  - name: ce\n"
	"    table: 1\n"
	"    rd: \"65100:1\"\n"
	"    redistribute: [connected]\n"
	"%s";

static const char lan9[] = "  - {name: lan9, role: access, vrf: ce, address: [172.16.9.1/24]}\n";

static void add_ce(struct l3vpn *t, const char *name, unsigned site, bool bgp, bool only_b)
{
	char extra[256], *yaml = t->ce_yaml[t->sim.n_nodes - 2];

	if (bgp)
		snprintf(extra, sizeof(extra),
			"    neighbors: [{address: 192.168.%u.1, as: 65000, password: Ce, "
			"connect-retry: 2}]\n",
			site);
	else
		snprintf(extra, sizeof(extra),
			"    routes: [{prefix: 0.0.0.0/0, next-hop: 192.168.%u.1}]\n", site);
	snprintf(yaml, sizeof(t->ce_yaml[0]), ce, 65100 + site, site, site, site,
		only_b ? lan9 : "", extra);
	sim_node_add(&t->sim, name, yaml);
}

void l3vpn_init(struct l3vpn *t, uint64_t seed, unsigned flaws)
{
	struct sim *s = &t->sim;

	sim_init(s, seed);
	snprintf(t->pe1_yaml, sizeof(t->pe1_yaml), pe1,
		(flaws & L3VPN_LABELS_ACCEPTED) ? ", accept-labels: true" : "",
		(flaws & L3VPN_WRONG_KEY)   ? "Wrong"
		: (flaws & L3VPN_RESTARTER) ? "Core, graceful-restart: {restarter: true, "
					      "restart-time: 30, stale-time: 30}"
					    : "Core");
	t->pe1 = sim_node_add(s, "pe1", t->pe1_yaml);
	t->pe2 = sim_node_add(s, "pe2", pe2);
	add_ce(t, "ce-a1", 1, true, false);
	add_ce(t, "ce-b1", 1, false, false);
	add_ce(t, "ce-a2", 2, true, false);
	add_ce(t, "ce-b2", 2, true, true);
	sim_link_add(s, "pe1", "eth2", "ce-a1", "wan");
	sim_link_add(s, "pe1", "eth3", "ce-b1", "wan");
	sim_link_add(s, "pe2", "eth2", "ce-a2", "wan");
	sim_link_add(s, "pe2", "eth3", "ce-b2", "wan");
	t->there = sim_lsp_add(s, "pe1", "pe2", "10.255.0.3", 300);
	t->back = sim_lsp_add(s, "pe2", "pe1", "10.255.0.1", 301);
}

void l3vpn_start(struct l3vpn *t, uint64_t start_us)
{
	for (unsigned i = 0; i < t->sim.n_nodes; i++)
		sim_node_start(&t->sim.nodes[i], sim_random(&t->sim, start_us + 1));
}

uint32_t l3vpn_label(const struct sim_node *pe, unsigned vrf)
{
	return pe->router->vrfs.list[vrf].label;
}

static bool arrives(struct sim *s, const char *from, const char *dst, const char *to)
{
	struct sim_trip t = sim_ping(s, from, dst);

	return t.verdict == FWD_LOCAL && t.at == sim_node_find(s, to);
}

bool l3vpn_is_up(struct sim *s, void *arg)
{
	(void)arg;
	return arrives(s, "ce-a1", "172.16.2.1", "ce-a2") &&
	       arrives(s, "ce-a2", "172.16.1.1", "ce-a1") &&
	       arrives(s, "ce-b1", "172.16.2.1", "ce-b2") &&
	       arrives(s, "ce-b2", "172.16.1.1", "ce-b1") &&
	       arrives(s, "ce-b1", "172.16.9.1", "ce-b2");
}

unsigned l3vpn_remote_routes(const struct sim_node *pe, unsigned vrf)
{
	const struct fwd_table *routes = &pe->fib.lfib.routes;
	uint32_t pos = 0, id;
	unsigned n = 0;

	while ((id = fwd_table_next(routes, &pos))) {
		const struct fwd_route *r = fwd_table_at(routes, id);

		n += r->vrf == vrf && r->have.via == FWD_VIA_PAIR;
	}
	return n;
}

static void print_leak(void *arg, const struct vrf_leak *leak)
{
	(void)arg;
	printf("  leak: %s in VRF %u\n", vrf_leak_name(leak->kind), leak->vrf);
}

unsigned l3vpn_leaks(const struct l3vpn *t)
{
	unsigned n = 0;

	for (unsigned i = 0; i < t->sim.n_nodes; i++)
		n += vrf_isolate_check(&t->sim.nodes[i].router->vrfs, print_leak, NULL);
	return n;
}
