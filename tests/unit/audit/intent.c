#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "audit/api.h"
#include "audit/frrconf.h"
#include "tests/unit/audit/fixture.h"

Test(intent, of_a_host_is_inferred)
{
	struct pe p;
	struct audit_run r;

	pe_init_host(&p);
	cr_assert_eq(p.in.n_vrfs, 2);
	cr_assert_eq(audit_intent_port(&p.in, "ca")->role, AUDIT_ROLE_ACCESS);
	cr_assert_eq(audit_intent_port(&p.in, "cb")->vrf, 1);
	cr_assert_eq(audit_intent_port(&p.in, "core")->role, AUDIT_ROLE_CORE);
	cr_assert_null(audit_intent_port(&p.in, "lo"));
	audit_run_init(&r, &p.s, &p.in);
	cr_assert_eq(r.n_findings, 0, "%s", r.findings[0].check->id);
	audit_run_fini(&r);
	pe_fini(&p);
}

Test(intent, a_core_port_is_known_by_its_igp_or_labels)
{
	struct pe p;

	pe_init_host(&p);
	audit_intent_fini(&p.in);
	audit_intent_init(&p.in);
	pe_link(&p, CORE)->sysctl[AUDIT_MPLS_INPUT] = 0;
	audit_intent_add_host(&p.in, &p.s);
	cr_assert_eq(audit_intent_port(&p.in, "core")->role, AUDIT_ROLE_CORE, "OSPF's routes");
	pe_fini(&p);
}

Test(intent, roles_of_what_is_not_named)
{
	struct pe p;

	pe_init(&p);
	struct audit_link *l = pe_add_link(&p, "eth7", 20);
	pe_link(&p, CA)->lower = 20;
	pe_link(&p, CA)->vid = 7;
	cr_assert_eq(audit_intent_role(&p.in, &p.s, audit_link_at(&p.s, 20)), AUDIT_ROLE_TRUNK);
	pe_link(&p, CA)->lower = 0;
	cr_assert_eq(audit_intent_role(&p.in, &p.s, audit_link_at(&p.s, 20)), AUDIT_ROLE_UNKNOWN);
	l = pe_link(&p, 20);
	strcpy(l->kind, "dummy");
	cr_assert_eq(audit_intent_role(&p.in, &p.s, l), AUDIT_ROLE_INERT);
	cr_assert_eq(audit_intent_role(&p.in, &p.s, pe_link(&p, VRF_A)), AUDIT_ROLE_VRF);
	pe_fini(&p);
}

Test(intent, frr_said_passwords_and_we_keep_none)
{
	static const char text[] =
		"hostname pe1\nrouter bgp 65000\n neighbor 10.255.0.3 remote-as 65000\n"
		" neighbor 10.255.0.3 password Core\nexit\n!\n"
		"router bgp 65000 vrf vrf-a\r\n neighbor 192.168.1.2 remote-as 65101\r\n"
		" neighbor 192.168.1.2 password Secret words\r\n"
		" neighbor 192.168.1.6 remote-as 65101\n exit-address-family\nexit\n"
		" neighbor 9.9.9.9 password Outside\nrouter ospf\n neighbor 8.8.8.8 password X";
	struct audit_frr_peer where = {.pid = 7, .file = "/etc/f", .vty = "/run/v"};
	struct audit_snapshot s;

	audit_snapshot_init(&s);
	audit_frrconf_parse(&s, &where, text, sizeof(text) - 1);
	cr_assert_eq(s.n_frr, 3);
	cr_assert_str_eq(s.frr[0].vrf, "");
	cr_assert(s.frr[0].password && s.frr[1].password && !s.frr[2].password);
	cr_assert_str_eq(s.frr[1].vrf, "vrf-a");
	cr_assert_str_eq(s.frr[1].neighbor, "192.168.1.2");
	cr_assert_eq(s.frr[1].as, 65000);
	cr_assert_str_eq(s.frr[2].file, "/etc/f");
	const char *octets = (const char *)s.frr;
	for (size_t i = 0; i + 6 < s.n_frr * sizeof(*s.frr); i++)
		cr_assert(memcmp(octets + i, "Secret", 6));
	for (size_t cut = 0; cut < sizeof(text); cut++)
		audit_frrconf_parse(&s, &where, text, cut);
	audit_snapshot_fini(&s);
}

Test(intent, a_listener_of_frr_without_its_key)
{
	struct pe p;
	struct audit_run r;

	pe_init_host(&p);
	p.s.sockets[0].n_keys = 0;
	*audit_snapshot_add_frr(&p.s) = (struct audit_frr_peer){.pid = 700,
		.as = 65000,
		.vrf = "vrf-a",
		.neighbor = "192.168.1.2",
		.password = true,
		.vty = "/run/frr/pe1",
		.file = "/etc/b.conf"};
	audit_run_init(&r, &p.s, &p.in);
	cr_assert_eq(r.n_findings, 1);
	cr_assert_str_eq(r.findings[0].check->id, "session-key");
	cr_assert_str_eq(r.findings[0].mend,
		"vtysh --vty_socket /run/frr/pe1 -c 'configure terminal' -c 'router bgp 65000 vrf "
		"vrf-a' "
		"-c 'no neighbor 192.168.1.2 password' -c \"neighbor 192.168.1.2 password $(sed -n "
		"'/^router bgp 65000 vrf vrf-a$/,/^exit/s/^ *neighbor 192.168.1.2 password //p' "
		"/etc/b.conf)\"");
	audit_run_fini(&r);
	p.s.n_frr = 0; /* nothing is known of its file: still no key at all */
	audit_run_init(&r, &p.s, &p.in);
	cr_assert_eq(r.n_findings, 1);
	audit_run_fini(&r);
	pe_fini(&p);
}

Test(intent, a_vrf_without_ports_on_a_host)
{
	struct pe p;
	struct audit_run r;

	pe_init_host(&p);
	pe_link(&p, CB)->master = 0;
	pe_link(&p, CB)->flags = 0;
	pe_del_route(&p, "192.168.1.0/30", 1002);
	audit_intent_fini(&p.in);
	audit_intent_init(&p.in);
	audit_intent_add_host(&p.in, &p.s);
	audit_run_init(&r, &p.s, &p.in);
	cr_assert_eq(r.n_findings, 1);
	cr_assert_str_eq(r.findings[0].check->id, "vrf-empty");
	cr_assert_eq(r.findings[0].severity, AUDIT_NOTE);
	audit_run_fini(&r);
	pe_fini(&p);
}

#define SAY(fn, in, text) fn(in, text, sizeof(text) - 1)

Test(intent, the_daemon_is_heard)
{
	struct pe p;
	struct ip_prefix q;

	pe_init(&p);
	p.in.n_labels = p.in.n_claims = 0;
	cr_assert(SAY(audit_api_vrf, &p.in,
		"{\"vrfs\":[{\"name\":\"vrf-b\",\"label\":100007,\"label_state\":\"installed\","
		"\"routes\":[{\"prefix\":\"10.0.0.0/"
		"8\",\"installed\":true},"
		"{\"prefix\":\"11.0.0.0/"
		"8\",\"installed\":false},{\"prefix\":\"x\",\"installed\":true}]},"
		"{\"name\":\"vrf-z\",\"routes\":[]}]}"));
	cr_assert_eq(p.in.n_claims, 1);
	cr_assert_eq(p.in.n_labels, 1);
	cr_assert(p.in.labels[0].installed && p.in.labels[0].vrf == 1);
	cr_assert(ip_prefix_parse("10.0.0.0/8", &q, NULL));
	cr_assert(audit_intent_claims(&p.in, 1, &q) && !audit_intent_claims(&p.in, 0, &q));
	cr_assert(SAY(audit_api_guard, &p.in,
		"{\"ports\":[{\"name\":\"ca\",\"state\":\"closed\",\"drifted\":\"rp_filter\"}]}"));
	cr_assert_eq(p.in.ports[1].gate, AUDIT_GATE_CLOSED);
	cr_assert_not(SAY(audit_api_vrf, &p.in, "{}"));
	cr_assert_not(SAY(audit_api_vrf, &p.in, "not JSON"));
	cr_assert_not(SAY(audit_api_guard, &p.in, "[1"));
	pe_fini(&p);
}

Test(intent, nexthop_objects_are_resolved_and_groups_too)
{
	struct audit_snapshot s;

	audit_snapshot_init(&s);
	for (uint32_t id = 5; id >= 3; id--) {
		struct audit_nexthop *n = audit_snapshot_add_nexthop(&s);
		n->id = id;
		n->first_hop = (uint32_t)s.n_hops;
		n->n_hops = 1;
		audit_snapshot_add_hop(&s)->oif = id * 10;
	}
	struct audit_nexthop *g = audit_snapshot_add_nexthop(&s);
	*g = (struct audit_nexthop){.id = 9, .n_members = 2, .members = {3, 5}};
	g = audit_snapshot_add_nexthop(&s);
	*g = (struct audit_nexthop){.id = 10, .blackhole = true};
	for (uint32_t id = 9; id <= 11; id++)
		audit_snapshot_add_route(&s)->nhid = id;
	audit_snapshot_resolve(&s);
	cr_assert_eq(s.routes[0].n_hops, 2);
	cr_assert_eq(s.hops[s.routes[0].first_hop].oif, 30);
	cr_assert_eq(s.hops[s.routes[0].first_hop + 1].oif, 50);
	cr_assert_eq(s.routes[1].type, AUDIT_REFUSED);
	cr_assert_eq(s.routes[2].n_hops, 0, "no such object");
	audit_snapshot_fini(&s);
}
