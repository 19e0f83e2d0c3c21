/* What a good file becomes. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bgpd/policy/set.h"
#include "bgpd/wire/family.h"
#include "bgpd/wire/rd.h"
#include "conf/load.h"
#include "conf/object.h"
#include "lib/text.h"

#define ROUTER "router: {name: pe1, as: 65000, id: 10.255.0.1}\n"

static struct conf *model_of(const char *text)
{
	char *said = NULL;
	size_t len = 0;
	FILE *diag = open_memstream(&said, &len);
	struct conf *c = conf_parse("test.yaml", text, strlen(text), diag);

	fclose(diag);
	cr_assert_not_null(c, "%s", said);
	free(said);
	return c;
}

Test(conf_model, caches_and_stations)
{
	struct conf *c =
		model_of(ROUTER "rpki: {caches: [{name: a, address: 127.0.0.1}, {name: b, address: "
				"192.0.2.1, tls: {},"
				" refresh: 300, retry: 5, expire: 900, max-records: 10}]}\n"
				"bmp: {stations: [{name: c, address: 192.0.2.1}, {name: d, "
				"address: 192.0.2.2, port: "
				"5000, routes: [post-policy], statistics: 0}]}\n");
	const struct conf_remote *r = c->remotes;

	cr_assert_eq(c->n_remotes, 4);
	cr_expect(r[0].kind == CONF_REMOTE_CACHE && r[0].port == 323 && !r[0].tls);
	cr_expect(r[0].retry_s == 30 && r[0].refresh_s == 0 && r[0].expire_s == 0);
	cr_expect_eq(r[0].max_records, 2000000);
	cr_expect(r[1].port == 324 && r[1].tls && !r[1].tls_ca && !r[1].tls_name);
	cr_expect(r[1].retry_s == 5 && r[1].refresh_s == 300 && r[1].expire_s == 900);
	cr_expect_eq(r[1].max_records, 10);
	cr_expect(r[2].kind == CONF_REMOTE_STATION && r[2].port == 11019);
	cr_expect_eq(r[2].routes, CONF_BMP_PRE_POLICY | CONF_BMP_LOC_RIB);
	cr_expect(r[2].statistics_s == 60 && r[2].retry_s == 30);
	cr_expect(
		r[3].port == 5000 && r[3].routes == CONF_BMP_POST_POLICY && r[3].statistics_s == 0);
	conf_free(c);
}

/* A private key that others may read is refused, with its mode; paths begin at the configuration's folder. */
Test(conf_model, private_keys_are_private)
{
	char dir[] = "/tmp/conf-XXXXXX", file[64], key[64], text[512], *said = NULL;
	size_t len = 0;

	cr_assert_not_null(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/test.yaml", dir);
	snprintf(key, sizeof(key), "%s/key", dir);
	snprintf(text, sizeof(text),
		ROUTER "bmp: {stations: [{name: c, address: 192.0.2.1, tls: {certificate: key, "
		       "key: key}}]}");
	FILE *f = fopen(key, "we");
	cr_assert_not_null(f);
	fclose(f);
	for (unsigned mode = 0600; mode <= 0604; mode += 04) {
		FILE *diag = open_memstream(&said, &len);
		cr_assert_eq(chmod(key, mode), 0);
		struct conf *c = conf_parse(file, text, strlen(text), diag);
		fclose(diag);
		cr_expect_eq(c != NULL, mode == 0600, "%s", said);
		if (c)
			cr_expect_str_eq(c->remotes[0].tls_key, key);
		else
			cr_expect_not_null(
				strstr(said, "key can be read by everybody"), "%s", said);
		conf_free(c);
		free(said);
	}
	unlink(key);
	rmdir(dir);
}

Test(conf_model, defaults)
{
	struct conf *c =
		model_of(ROUTER "neighbors: [{address: 10.255.0.3, as: 65000, families: [vpnv4]}]");
	const struct conf_peer *p = c->peers;

	cr_expect_str_eq(c->router_name, "pe1");
	cr_expect_eq(c->as, 65000);
	cr_expect_eq(c->id, 0x0aff0001);
	cr_expect_str_eq(c->user, "nobody");
	cr_expect_str_eq(c->run_dir, "/run/ravelin");
	cr_expect(c->label_min == 100000 && c->label_max == 100999 && c->label_quarantine_s == 30);
	cr_assert_eq(c->n_peers, 1);
	cr_expect_str_eq(p->name, "10.255.0.3");
	cr_expect(p->hold_s == 90 && p->connect_retry_s == 5 && p->max_prefix.max == 0 &&
		  p->gtsm_hops == 0);
	cr_expect(p->vrf == CONF_VRF_NONE && p->local.af == IP_NONE && !p->passive &&
		  p->password_len == 0);
	cr_expect_eq(p->families, WIRE_FAMILY_BIT(WIRE_VPNV4));
	cr_expect_not(p->implicit_null);
	conf_free(c);
}

Test(conf_model, a_core_neighbor_one_hop_away)
{
	struct conf *c = model_of(ROUTER
		"neighbors:\n"
		"  - {address: 10.255.0.3, as: 65000, families: [vpnv4], implicit-null: true}\n"
		"  - {address: 10.255.0.4, as: 65000, families: [ipv4-unicast], implicit-null: "
		"false}");

	cr_expect(c->peers[0].implicit_null && !c->peers[1].implicit_null);
	conf_free(c);
}

/* Policies stand before the sets that they name. */
Test(conf_model, policies)
{
	struct conf *c = model_of(ROUTER
		"policies:\n"
		"  - name: p\n"
		"    rules:\n"
		"      - {name: a, match: {prefix: x, not: {community: y}}, action: next,\n"
		"         set: {local-pref: 7, community: {add: [\"65000:1:peer-as\"], delete: "
		"y}}}\n"
		"      - {name: b, match: {rpki: invalid}, action: reject, reason: rpki-invalid}\n"
		"    default: accept\n"
		"sets:\n"
		"  - {communities: [\"65000:*\"], name: y}\n"
		"  - {name: x, prefixes: [\"192.0.2.0/24 le 25\"]}\n");
	const struct pol_program *p = c->policies;

	cr_assert(c->n_policies == 1 && p->n_rules == 2 && p->accept);
	const struct pol_rule *a = &p->rules[0], *b = &p->rules[1];
	cr_assert(a->n_terms == 2 && a->n_edits == 3 && a->action == POL_NEXT_RULE);
	cr_expect(a->terms[0].kind == POL_TERM_PREFIX && !a->terms[0].negate);
	cr_expect_str_eq(a->terms[0].set->name, "x");
	cr_expect(a->terms[0].set->prefixes->from == 24 && a->terms[0].set->prefixes->to == 25);
	cr_expect(a->terms[1].negate);
	cr_expect_str_eq(a->terms[1].set->name, "y");
	cr_expect_eq(a->edits[2].set, a->terms[1].set);
	cr_expect(a->edits[1].community_kind == POL_COMMUNITY_LARGE && a->edits[1].neighbor_as[2]);
	cr_expect(b->n_terms == 1 && b->reason == 13 && b->action == POL_REJECT_ROUTE);
	cr_expect_eq(
		p->needs, POL_NEEDS_PREFIX | POL_NEEDS_ROV | POL_NEEDS_EDIT | POL_NEEDS_NEIGHBOR);
	conf_free(c);
}

Test(conf_model, chains)
{
	struct conf *c = model_of(ROUTER
		"policies:\n"
		"  - {name: p, rules: [{name: a, match: {rpki: valid}, action: accept}], default: "
		"reject}\n"
		"  - {name: q, rules: [{name: a, match: {length: 8}, action: accept}], default: "
		"reject}\n"
		"neighbors:\n"
		"  - {address: 192.0.2.1, as: 65001, families: [ipv4-unicast], password: x,\n"
		"     import: [q, p], export: accept-all, route-server-client: true, role: rs}\n"
		"  - {range: 192.0.2.128/25, limit: 2, as: 65002, families: [ipv4-unicast],\n"
		"     password: x, import: q, export: accept-all}\n"
		"  - {address: 192.0.2.3, as: 65003, families: [ipv4-unicast], password: x,\n"
		"     hygiene: true, import: accept-all, export: accept-all}\n"
		"  - {address: 192.0.2.4, as: 65004, families: [ipv4-unicast], password: x,\n"
		"     hygiene: true, import: p, export: accept-all}\n");
	const struct conf_peer *p = c->peers;

	cr_assert(c->n_peers == 5 && p[3].import_chain.n == 1 && p[4].import_chain.n == 2);
	cr_expect(p[3].import == CONF_POLICY_ACCEPT_ALL && p[4].import == CONF_POLICY_PROGRAM);
	cr_expect_str_eq(p[3].import_chain.list[0]->name, "hygiene");
	cr_expect_eq(p[4].import_chain.list[0], p[3].import_chain.list[0]);
	cr_expect_eq(p[4].import_chain.list[1], &c->policies[0]);
	cr_assert(p[0].import_chain.n == 2 && p[0].export_chain.n == 0);
	cr_expect(p[0].import == CONF_POLICY_PROGRAM && p[0].export == CONF_POLICY_ACCEPT_ALL);
	cr_expect_eq(p[0].import_chain.list[0], &c->policies[1]);
	cr_expect_eq(p[0].import_chain.list[1], &c->policies[0]);
	cr_expect_eq(p[0].import_chain.needs, POL_NEEDS_PREFIX | POL_NEEDS_ROV);
	cr_expect(p[0].keep_rejected && !p[1].keep_rejected);
	cr_expect(p[1].import_chain.n == 1 && p[2].import_chain.n == 1);
	conf_free(c);
}

static const char model_l3vpn[] =
	ROUTER "mpls: {labels: 16-20, quarantine: 0}\n"
	       "neighbors:\n"
	       "  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000,\n"
	       "     families: [vpnv4, ipv4-unicast], password: CoreSecret, name: pe2}\n"
	       "ports:\n" /* before the VRFs that they name */
	       "  - {name: eth1, role: core}\n"
	       "  - {name: eth3, role: access, vrf: vrf-b, address: [192.168.1.1/30]}\n"
	       "vrfs:\n"
	       "  - {name: vrf-a, table: 1001, rd: \"65000:11\"}\n"
	       "  - name: vrf-b\n"
	       "    table: 4294967295\n"
	       "    rd: \"192.0.2.1:12\"\n"
	       "    import: [\"65000:3\", \"65000:1\", \"65000:3\"]\n"
	       "    export: [\"4200000000:9\"]\n"
	       "    redistribute: [static]\n"
	       "    routes: [{prefix: 172.16.0.0/12, next-hop: 192.168.1.2}]\n"
	       "    neighbors:\n"
	       "      - {address: 192.168.1.2, as: 65101, password: CeBSecret, gtsm: 1,\n"
	       "         hold-time: 0, connect-retry: 7, passive: true, max-prefix: 100}\n";

Test(conf_model, vrfs_and_ports)
{
	struct conf *c = model_of(model_l3vpn);
	const struct conf_vrf *v = &c->vrfs[1];
	char s[64];

	cr_assert(c->n_vrfs == 2 && c->n_ports == 2);
	cr_expect(c->ports[0].role == CONF_PORT_CORE && c->ports[0].vrf == CONF_VRF_NONE);
	cr_expect(c->ports[1].role == CONF_PORT_ACCESS && c->ports[1].vrf == 1 &&
		  !c->ports[1].accept_labels);
	cr_assert_eq(c->ports[1].n_addresses, 1);
	cr_expect_str_eq(ip_prefix_print(&c->ports[1].addresses[0], s), "192.168.1.1/30");
	cr_expect(v->table == 4294967295u && v->redistribute == CONF_REDIST_STATIC);
	cr_expect_str_eq(wire_rd_print(v->rd, s), "192.0.2.1:12");
	cr_assert(v->n_import_rts == 2 && v->n_export_rts == 1 && v->n_statics == 1);
	cr_expect_str_eq(wire_rt_print(v->import_rts[0], s), "65000:1");
	cr_expect_str_eq(wire_rt_print(v->import_rts[1], s), "65000:3");
	cr_expect_str_eq(wire_rt_print(v->export_rts[0], s), "4200000000:9");
	cr_expect_str_eq(ip_prefix_print(&v->statics[0].prefix, s), "172.16.0.0/12");
	cr_expect_str_eq(ip_addr_print(&v->statics[0].next_hop, s), "192.168.1.2");
	conf_free(c);
}

Test(conf_model, peers_stand_in_the_order_of_the_file)
{
	struct conf *c = model_of(model_l3vpn);

	cr_assert_eq(c->n_peers, 2);
	const struct conf_peer *pe2 = &c->peers[0], *ce = &c->peers[1];
	cr_expect_str_eq(pe2->name, "pe2");
	cr_expect_eq(
		pe2->families, WIRE_FAMILY_BIT(WIRE_VPNV4) | WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST));
	cr_expect(pe2->password_len == 10 && memcmp(pe2->password, "CoreSecret", 10) == 0);
	cr_expect_eq(ip_addr_get_v4(&pe2->local), 0x0aff0001);
	cr_expect_str_eq(ce->name, "192.168.1.2");
	cr_expect(ce->vrf == 1 && ce->as == 65101 && ce->gtsm_hops == 1 && ce->hold_s == 0);
	cr_expect(ce->connect_retry_s == 7 && ce->passive && ce->max_prefix.max == 100 &&
		  !ce->keep_ce_rts);
	cr_expect_eq(ce->families, WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST));
	conf_free(c);
}

Test(conf_model, a_password_has_up_to_80_octets)
{
	char text[512], key[CONF_PASSWORD_MAX + 1];

	memset(key, 'k', CONF_PASSWORD_MAX);
	key[CONF_PASSWORD_MAX] = '\0';
	snprintf(text, sizeof(text),
		ROUTER
		"neighbors: [{address: 10.255.0.3, as: 65000, families: [vpnv4], password: %s}]",
		key);
	struct conf *c = model_of(text);
	cr_expect(c->peers[0].password_len == 80 && memcmp(c->peers[0].password, key, 80) == 0);
	conf_free(c);
}

static const char model_peers[] =
	ROUTER "neighbors:\n"
	       "  - {address: 10.0.0.1, as: 65000, families: [vpnv4]}\n"
	       "  - {address: 10.0.0.2, as: 65001, families: [ipv4-unicast]}\n"
	       "  - {address: 10.0.0.3, as: 65001, families: [ipv4-unicast], import: accept-all, "
	       "export: refuse-all}\n"
	       "  - {address: 10.0.0.4, as: 65000, families: [vpnv4], import: refuse-all}\n"
	       "  - {address: 10.0.0.5, as: 65000, families: [vpnv4], hold-time: 300,\n"
	       "     max-prefix: {limit: 7, warn: 0, action: restart, restart-after: 9}}\n"
	       "  - {address: 10.0.0.6, as: 65000, families: [vpnv4], send-hold-time: 0,\n"
	       "     graceful-restart: false, max-prefix: {limit: 7, action: drop}}\n"
	       "vrfs: [{name: v, table: 1, rd: \"1:1\", max-routes: 9, neighbors: [\n"
	       "  {address: 10.0.0.1, as: 65001, site-of-origin: \"65000:1\"}]}]\n";

/* RFC 8212 2: none is not the same as all, and a VRF's targets are its policy. */
Test(conf_model, a_policy_is_needed_towards_another_as)
{
	struct conf *c = model_of(model_peers);
	const struct conf_peer *p = c->peers;

	cr_assert_eq(c->n_peers, 7);
	/* the VRF's neighbor stands where the file names it: last */
	cr_expect(p[0].import == CONF_POLICY_ACCEPT_ALL && p[0].export == CONF_POLICY_ACCEPT_ALL);
	cr_expect(p[1].import == CONF_POLICY_NONE && p[1].export == CONF_POLICY_NONE);
	cr_expect(p[2].import == CONF_POLICY_ACCEPT_ALL && p[2].export == CONF_POLICY_REFUSE_ALL);
	cr_expect(p[3].import == CONF_POLICY_REFUSE_ALL && p[3].export == CONF_POLICY_ACCEPT_ALL);
	cr_expect(p[6].import == CONF_POLICY_ACCEPT_ALL && p[6].export == CONF_POLICY_ACCEPT_ALL);
	cr_expect_eq(p[6].site_of_origin, 0x0003fde800000001ull);
	conf_free(c);
}

Test(conf_model, limits_and_timers_have_defaults)
{
	struct conf *c = model_of(model_peers);
	const struct conf_peer *p = c->peers;
	const struct conf_limit *l = &c->vrfs[0].max_routes;

	cr_expect(p[0].send_hold_s == 480 && p[4].send_hold_s == 600 && p[5].send_hold_s == 0);
	cr_expect(p[0].max_prefix.action == CONF_LIMIT_NONE && p[0].max_prefix.max == 0);
	cr_expect(p[4].max_prefix.max == 7 && p[4].max_prefix.warn_percent == 0 &&
		  p[4].max_prefix.action == CONF_LIMIT_RESTART && p[4].max_prefix.restart_s == 9);
	cr_expect(p[5].max_prefix.action == CONF_LIMIT_DROP && p[5].max_prefix.warn_percent == 75);
	cr_expect(l->max == 9 && l->action == CONF_LIMIT_DROP && l->warn_percent == 75);
	cr_expect(p[0].restart.helper && !p[0].restart.restarter && p[0].restart.time_s == 120 &&
		  p[0].restart.stale_s == 360 && p[0].restart.long_lived_s == 0);
	cr_expect(!p[5].restart.helper && p[5].restart.time_s == 0);
	cr_expect(p[0].role == CONF_ROLE_NONE && !p[0].no_extended_messages &&
		  p[0].next_hop == CONF_NEXT_HOP_DEFAULT && p[0].allow_own_as == 0);
	cr_expect(c->cluster_id == c->id && c->retain == CONF_RETAIN_AUTO);
	conf_free(c);
}

/* A range of n is n neighbors in a row, each a place. */
Test(conf_model, a_range_is_as_many_neighbors_as_its_limit)
{
	struct conf *c = model_of(ROUTER
		"neighbors:\n"
		"  - {range: 10.1.0.0/16, limit: 300, as: 65000, families: [vpnv4], password: k}\n"
		"  - {address: 10.1.0.1, as: 65000, families: [vpnv4]}\n"
		"  - {range: 10.2.0.0/16, limit: 1, as: external, families: [ipv4-unicast], name: "
		"ix}\n");
	char s[64];

	cr_assert_eq(c->n_peers, 302);
	for (unsigned i = 0; i < 300; i++) {
		const struct conf_peer *p = &c->peers[i];
		cr_assert(p->dynamic && p->passive && p->slot == i && p->addr.af == IP_NONE);
		cr_assert(p->as == 65000 && p->password_len == 1 && p->password[0] == 'k');
		cr_assert_str_eq(p->name, "10.1.0.0/16");
		cr_assert_eq(p->import, CONF_POLICY_ACCEPT_ALL);
	}
	cr_expect_str_eq(ip_prefix_print(&c->peers[299].range, s), "10.1.0.0/16");
	cr_expect(!c->peers[300].dynamic && c->peers[300].addr.af == IP_V4);
	cr_expect(c->peers[301].dynamic && c->peers[301].as == 0 && c->peers[301].slot == 0);
	cr_expect_str_eq(c->peers[301].name, "ix");
	cr_expect_eq(c->peers[301].export, CONF_POLICY_NONE);
	conf_free(c);
}

/* Ten levels of ten aliases each would be 10^10 values: refused after CONF_NODES_MAX, in no time. */
Test(conf_model, aliases_of_aliases_are_bounded, .timeout = 30)
{
	static char s[65536];
	struct text t = text_of(s, sizeof(s));
	char *said = NULL;
	size_t len = 0;

	text_add(&t, ROUTER "vrfs:\n  - &v0 {name: v, table: 1, rd: \"1:1\", neighbors: [");
	for (int i = 0; i < 200; i++)
		text_add(&t, "%s{address: 10.0.0.1, as: 1, password: x}", i ? "," : "");
	text_add(&t, "]}\n");
	for (int i = 0; i < 2000; i++)
		text_add(&t, "  - *v0\n");
	FILE *diag = open_memstream(&said, &len);
	cr_expect_null(conf_parse("test.yaml", s, t.len, diag));
	fclose(diag);
	cr_expect_not_null(strstr(said, "more than"));
	free(said);
}

/* The text may end anywhere: nothing is read past it (ASan watches), nothing half-made comes out. */
Test(conf_model, every_truncation_is_survived)
{
	FILE *diag = fopen("/dev/null", "we");

	for (size_t n = 0; n < sizeof(model_l3vpn); n++) {
		char *copy = malloc(n ? n : 1);
		memcpy(copy, model_l3vpn, n);
		conf_free(conf_parse("test.yaml", copy, n, diag));
		free(copy);
	}
	fclose(diag);
}

/* Who writes nothing about the guard is guarded. */
Test(conf_model, a_port_is_guarded_unless_said_otherwise)
{
	struct conf *c = model_of(model_l3vpn);
	const struct conf_guard *g = &c->ports[1].guard;

	cr_expect(!g->disabled && g->source == ACL_SOURCE_STRICT && g->off == 0 &&
		  g->protocols == 0 && g->n_statics == 0 && c->ports[1].n_acls == 0);
	cr_expect(g->control.rate == 10000 && g->control.burst == 2000);
	cr_expect(g->arp.rate == 50 && g->arp.burst == 50);
	cr_expect(g->icmp.rate == 100 && g->icmp.burst == 20);
	cr_expect(g->new_flows.rate == 20 && g->new_flows.burst == 20);
	cr_expect_eq(c->ports[0].labels, ACL_LABELS_ALL);
	cr_expect(!c->unknown_ports_open && c->xdp == ACL_XDP_AUTO && c->samples_per_s == 10 &&
		  c->n_infrastructure == 0);
	conf_free(c);
}

static const char model_guard[] = ROUTER
	"guard: {infrastructure: [10.255.0.0/16], unknown-ports: open, xdp: off, samples: 0}\n"
	"acls:\n"
	"  - {name: one, aces: [{name: a, actions: {forwarding: drop}}]}\n"
	"  - {name: two, aces: [{name: a, actions: {forwarding: accept}}]}\n"
	"ports:\n"
	"  - {name: eth0, role: management}\n"
	"  - {name: eth1, role: core, labels: advertised, acl: [one]}\n"
	"  - name: eth2\n"
	"    role: access\n"
	"    vrf: v\n"
	"    address: [192.168.1.1/24]\n"
	"    acl: [two, one]\n"
	"    guard:\n"
	"      source: feasible\n"
	"      protocols: [bfd, ospf]\n"
	"      dhcp-server: true\n"
	"      police: {control: 1000, arp: 1000, icmp: 0}\n"
	"      static-neighbors: [{address: 192.168.1.2, mac: \"02:00:0a:00:fF:01\"}]\n"
	"      allow: [tags, martians, ip-options, control-plane, infrastructure, arp, "
	"tunnels, redirects]\n"
	"  - {name: eth3, role: access, vrf: v, guard: off}\n"
	"vrfs: [{name: v, table: 1, rd: \"1:1\", acl: [one]}]\n";

Test(conf_model, a_guard_is_what_is_written)
{
	static const uint8_t mac[6] = {2, 0, 10, 0, 255, 1};
	struct conf *c = model_of(model_guard);
	const struct conf_guard *g = &c->ports[2].guard;
	char s[64];

	cr_expect(c->unknown_ports_open && c->xdp == ACL_XDP_OFF && c->samples_per_s == 0);
	cr_assert_eq(c->n_infrastructure, 1);
	cr_expect_str_eq(ip_prefix_print(&c->infrastructure[0], s), "10.255.0.0/16");
	cr_expect_eq(c->ports[0].role, CONF_PORT_MANAGEMENT);
	cr_expect_eq(c->ports[1].labels, ACL_LABELS_ADVERTISED);
	cr_expect(g->source == ACL_SOURCE_FEASIBLE && !g->disabled);
	cr_expect_eq(g->protocols, CONF_GUARD_BFD | CONF_GUARD_OSPF);
	cr_expect_eq(g->off, 511);
	cr_expect(g->control.rate == 1000 && g->control.burst == 200);
	cr_expect(g->arp.rate == 1000 && g->arp.burst == 200 && g->icmp.rate == 0);
	cr_expect(g->new_flows.rate == 20 && g->new_flows.burst == 20);
	cr_assert_eq(g->n_statics, 1);
	cr_expect_arr_eq(g->statics[0].mac, mac, sizeof(mac));
	cr_expect_str_eq(ip_addr_print(&g->statics[0].addr, s), "192.168.1.2");
	cr_expect(c->ports[3].guard.disabled);
	conf_free(c);
}

Test(conf_model, lists_stand_where_they_are_named)
{
	struct conf *c = model_of(model_guard);

	cr_assert_eq(c->n_acls, 2);
	cr_assert(c->ports[2].n_acls == 2 && c->ports[1].n_acls == 1 && c->ports[3].n_acls == 0);
	cr_expect(c->ports[2].acls[0] == &c->acls[1] && c->ports[2].acls[1] == &c->acls[0]);
	cr_expect_eq(c->ports[1].acls[0], &c->acls[0]);
	cr_assert_eq(c->vrfs[0].n_acls, 1);
	cr_expect_eq(c->vrfs[0].acls[0], &c->acls[0]);
	conf_free(c);
}

static const char model_acls[] = ROUTER
	"acls:\n"
	"  - name: all\n"
	"    aces:\n"
	"      - {name: any, actions: {forwarding: accept}}\n"
	"      - name: tcp\n"
	"        matches:\n"
	"          ipv4: {source-ipv4-network: 10.0.0.0/8, dscp: 46, ttl: 1-254, length: "
	"100, fragment: only}\n"
	"          tcp: {source-port: {operator: gte, port: 1024}, destination-port: 23,\n"
	"                flags: {set: [syn], clear: [ack, fin]}}\n"
	"        actions: {forwarding: drop, logging: log-syslog}\n"
	"      - name: udp\n"
	"        matches:\n"
	"          udp: {source-port: 7-9, destination-port: {lower-port: 1, upper-port: 2}}\n"
	"          ipv4: {protocol: udp, destination-ipv4-network: 10.1.0.0/16}\n"
	"        actions: {forwarding: drop, logging: log-none}\n"
	"      - {name: icmp, matches: {icmp: {type: 8, code: 0}}, actions: {forwarding: "
	"drop}}\n"
	"      - {name: gre, matches: {ipv4: {protocol: gre}}, actions: {forwarding: drop}}\n";

Test(conf_model, an_entry_without_matches_is_any_packet)
{
	struct conf *c = model_of(model_acls);
	const struct acl_ace *a = &c->acls[0].aces[0];

	cr_assert_eq(c->acls[0].n_aces, 5);
	cr_expect_str_eq(a->name, "any");
	cr_expect(a->source.addr.af == IP_NONE && a->destination.addr.af == IP_NONE &&
		  a->protocol == -1 && a->dscp == -1 && a->icmp_type == -1 && a->icmp_code == -1);
	cr_expect(a->ttl_lo == 0 && a->ttl_hi == 255 && a->len_lo == 0 && a->len_hi == 65535);
	cr_expect(a->fragment == ACL_FRAGMENT_ANY && a->source_port.op == ACL_OP_NONE &&
		  a->destination_port.op == ACL_OP_NONE && a->tcp_mask == 0);
	cr_expect(a->forwarding == ACL_FORWARDING_ACCEPT && !a->log);
	conf_free(c);
}

Test(conf_model, an_entry_matches_what_is_written)
{
	struct conf *c = model_of(model_acls);
	const struct acl_ace *tcp = &c->acls[0].aces[1], *udp = tcp + 1, *icmp = tcp + 2;
	char s[64];

	cr_expect_str_eq(ip_prefix_print(&tcp->source, s), "10.0.0.0/8");
	cr_expect(tcp->protocol == 6 && tcp->dscp == 46 && tcp->ttl_lo == 1 && tcp->ttl_hi == 254);
	cr_expect(tcp->len_lo == 100 && tcp->len_hi == 100 && tcp->fragment == ACL_FRAGMENT_ONLY);
	cr_expect(tcp->source_port.op == ACL_OP_GTE && tcp->source_port.port == 1024);
	cr_expect(tcp->destination_port.op == ACL_OP_EQ && tcp->destination_port.port == 23);
	cr_expect(tcp->tcp_flags == 0x02 && tcp->tcp_mask == 0x13);
	cr_expect(tcp->forwarding == ACL_FORWARDING_DROP && tcp->log && !udp->log);
	cr_expect(udp->protocol == 17 && udp->source_port.op == ACL_OP_RANGE);
	cr_expect(udp->source_port.port == 7 && udp->source_port.upper == 9);
	cr_expect(udp->destination_port.op == ACL_OP_RANGE && udp->destination_port.port == 1 &&
		  udp->destination_port.upper == 2);
	cr_expect_str_eq(ip_prefix_print(&udp->destination, s), "10.1.0.0/16");
	cr_expect(icmp->protocol == 1 && icmp->icmp_type == 8 && icmp->icmp_code == 0);
	cr_expect_eq(c->acls[0].aces[4].protocol, 47);
	conf_free(c);
}

/* --- conf/object.h --- */

struct seen_diff {
	char text[2048];
	size_t len;
};

static void see(
	void *arg, const char *path, const struct conf_object *had, const struct conf_object *has)
{
	struct seen_diff *d = arg;

	d->len += (size_t)snprintf(d->text + d->len, sizeof(d->text) - d->len, "%s %s -> %s\n",
		path, had ? had->json : "-", has ? has->json : "-");
}

static struct conf *load_text(const char *text)
{
	struct conf *c = conf_parse("test.yaml", text, strlen(text), stderr);

	cr_assert_not_null(c);
	return c;
}

#define ROUTER "router: {name: pe1, as: 65000, id: 10.255.0.1}\n"

Test(conf_object, what_is_written_otherwise_is_no_difference)
{
	struct seen_diff d = {{0}, 0};
	struct conf *a = load_text(
		ROUTER "neighbors:\n"
		       "  - {address: 10.255.0.3, as: 65000, families: &f [vpnv4], name: 'pe2'}\n"
		       "  - {address: 10.255.0.4, as: 65000, families: *f}\n");
	struct conf *b =
		load_text("# the same\n"
			  "neighbors:\n"
			  "- address: 10.255.0.4\n"
			  "  families: [vpnv4]\n"
			  "  as: 65000\n"
			  "- {name: pe2, as: 65000, address: \"10.255.0.3\", families: [vpnv4]}\n"
			  "router:\n"
			  "  {id: 10.255.0.1, as: 65000, name: pe1}\n");

	conf_diff(a, b, see, &d);
	cr_expect_eq(d.len, 0, "%s", d.text);
	cr_expect_eq(a->n_objects, 3);
	cr_expect_not_null(conf_object_find(a, "neighbors/pe2"));
	cr_expect_null(conf_object_find(a, "neighbors/pe3"));
	conf_free(a);
	conf_free(b);
}

Test(conf_object, differences_stand_in_order_and_keys_are_starred_out)
{
	struct seen_diff d = {{0}, 0};
	struct conf *a =
		load_text(ROUTER "vrfs:\n"
				 "  - name: vrf-a\n"
				 "    table: 100\n"
				 "    rd: \"65000:1\"\n"
				 "    neighbors: [{address: 192.168.1.2, as: 65101, password: "
				 "OldSecret, name: ce}]\n"
				 "neighbors:\n"
				 "  - {address: 10.255.0.3, as: 65000, families: [vpnv4]}\n");
	struct conf *b =
		load_text(ROUTER "vrfs:\n"
				 "  - name: vrf-a\n"
				 "    table: 100\n"
				 "    rd: \"65000:1\"\n"
				 "    neighbors: [{address: 192.168.1.2, as: 65101, password: "
				 "NewSecret, name: ce, hold-time: 30}]\n"
				 "neighbors:\n"
				 "  - {address: 10.255.0.5, as: 65000, families: [vpnv4]}\n");

	conf_diff(a, b, see, &d);
	cr_expect_str_eq(d.text, "neighbors/10.255.0.3 {\"address\": \"10.255.0.3\", \"as\": "
				 "65000, \"families\": [\"vpnv4\"]} -> -\n"
				 "neighbors/10.255.0.5 - -> {\"address\": \"10.255.0.5\", \"as\": "
				 "65000, \"families\": [\"vpnv4\"]}\n"
				 "vrfs/vrf-a/neighbors/ce "
				 "{\"address\": \"192.168.1.2\", \"as\": 65101, \"name\": \"ce\", "
				 "\"password\": \"***\"} -> "
				 "{\"address\": \"192.168.1.2\", \"as\": 65101, \"hold-time\": 30, "
				 "\"name\": \"ce\", \"password\": \"***\"}\n");
	conf_free(a);
	conf_free(b);
}
