/* Every check: the clean PE has nothing, and each single thing that is made wrong is found by its check and no other. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/audit/fixture.h"

struct wrong {
	const char *name;
	void (*make)(struct pe *p);
	const char *check;  /* that finds it */
	const char *object; /* NULL: any */
	const char *mend;   /* a part of the command; NULL: any */
	int severity;	    /* -1: any */
};

static void labels(struct pe *p)
{
	pe_link(p, CA)->sysctl[AUDIT_MPLS_INPUT] = 1;
}
static void labels_by_configuration(struct pe *p)
{
	labels(p);
	p->in.ports[1].accept_labels = true;
}
static void labels_on_quiet_core(struct pe *p)
{
	p->in.ports[0].no_labels = true;
}
static void labels_of_dotted(struct pe *p)
{
	strcpy(p->in.ports[1].name, "ca.7");
	strcpy(pe_link(p, CA)->name, "ca.7");
	strcpy(p->s.rules[1].iif, "ca.7");
	strcpy(p->s.rules[7].iif, "ca.7");
	labels(p);
}
static void unbound(struct pe *p)
{
	pe_link(p, CA)->master = 0;
	pe_del_route(p, "192.168.1.0/30", 1001); /* the kernel does */
}
static void unbound_down(struct pe *p)
{
	unbound(p);
	pe_link(p, CA)->flags = 0;
}
static void other_vrf(struct pe *p)
{
	pe_link(p, CA)->master = VRF_B;
	pe_del_route(p, "192.168.1.0/30", 1001);
}
static void bridged(struct pe *p)
{
	struct audit_link *l = pe_add_link(p, "br0", 20);
	strcpy(l->kind, "bridge");
	l->flags = 0;
	pe_link(p, CA)->master = 20;
	pe_del_route(p, "192.168.1.0/30", 1001);
}
static void gone(struct pe *p)
{
	audit_intent_add_port(&p->in, "eth9", AUDIT_ROLE_CORE);
}
static void stray(struct pe *p)
{
	pe_add_link(p, "stray", 20);
}
static void vlan(struct pe *p)
{
	struct audit_link *l = pe_add_link(p, "ca.7", 20);
	l->lower = CA;
	l->vid = 7;
	strcpy(l->kind, "vlan");
}
static void tunnel(struct pe *p)
{
	struct audit_link *l = pe_add_link(p, "gre1", 20);
	strcpy(l->kind, "gre");
	l->sysctl[AUDIT_MPLS_INPUT] = 1;
}
static void tunnel_in_vrf(struct pe *p)
{
	struct audit_link *l = pe_add_link(p, "ipip1", 20);
	strcpy(l->kind, "ipip");
	l->master = VRF_B;
}
static void ipv6(struct pe *p)
{
	pe_link(p, CB)->sysctl[AUDIT_FORWARDING6] = 1;
}
static void local_first(struct pe *p)
{
	pe_add_rule(p, IP_V4, 0, 255, "");
}
static void local_first_alone(struct pe *p)
{
	p->s.rules[9].pref = 0; /* IPv6's */
}
static void no_l3mdev(struct pe *p)
{
	p->s.rules[0].action = AUDIT_RULE_REFUSE;
	p->s.rules[0].protocol = 82;
}
static void no_net(struct pe *p)
{
	strcpy(p->s.rules[2].iif, "other");
}
static void net_too_early(struct pe *p)
{
	p->s.rules[1].pref = 500; /* before the VRFs are looked at: not the safety net, an outage */
}
static void strange_rule(struct pe *p)
{
	pe_add_rule(p, IP_V4, 900, 1002, "ca")->protocol = 3;
}
static void no_default(struct pe *p)
{
	pe_del_route(p, "0.0.0.0/0", 1001);
}
static void no_default6(struct pe *p)
{
	pe_del_route(p, "::/0", 1002);
}
static void vrf_down(struct pe *p)
{
	pe_link(p, VRF_B)->flags = 0;
}
static void vrf_twice(struct pe *p)
{
	struct audit_link *l = pe_add_link(p, "vrf-x", 20);
	l->vrf_table = 1001;
}
static void vrf_stranger(struct pe *p)
{
	struct audit_link *l = pe_add_link(p, "vrf-y", 20);
	l->vrf_table = 1003;
}
static void few_labels(struct pe *p)
{
	p->s.sysctl[AUDIT_PLATFORM_LABELS] = 100999;
}
static void no_mpls(struct pe *p)
{
	p->s.sysctl[AUDIT_PLATFORM_LABELS] = AUDIT_ABSENT;
}
static void ttl(struct pe *p)
{
	p->s.sysctl[AUDIT_TTL_PROPAGATE] = 1;
}
static void no_forwarding(struct pe *p)
{
	p->s.sysctl[AUDIT_IP_FORWARD] = 0;
}
static void tcp_l3mdev(struct pe *p)
{
	p->s.sysctl[AUDIT_TCP_L3MDEV] = 1;
}
static void raw_l3mdev(struct pe *p)
{
	p->s.sysctl[AUDIT_RAW_L3MDEV] = 1;
}
static void born(struct pe *p)
{
	p->s.born[AUDIT_FORWARDING] = 1;
}
static void send_redirects(struct pe *p)
{
	p->s.all[AUDIT_SEND_REDIRECTS] = 1;
	pe_link(p, CB)->sysctl[AUDIT_SEND_REDIRECTS] = 1;
	pe_link(p, CA)->master = VRF_A;
	p->in.ports[1].role = AUDIT_ROLE_CORE; /* one finding */
	p->in.ports[1].guarded = false;
}
static void proxy_arp(struct pe *p)
{
	pe_link(p, CB)->sysctl[AUDIT_PROXY_ARP] = 1;
}
static void unchecked(struct pe *p)
{
	p->in.ports[1].source_checked = false;
}
static void leak_core(struct pe *p)
{
	pe_add_route(p, "10.9.0.0/16", 1001, 82, CORE);
}
static void leak_vrf(struct pe *p)
{
	pe_add_route(p, "172.30.0.0/16", 1001, 2, CB);
}
static void leak_vrf_device(struct pe *p)
{
	pe_add_route(p, "172.30.0.0/16", 1001, 186, VRF_B);
}
static void leak_label(struct pe *p)
{
	struct audit_route *r = pe_add_route(p, "172.30.0.0/16", 1001, 82, CA);
	p->s.hops[r->first_hop].n_labels = 1;
}
static void leak6(struct pe *p)
{
	pe_add_route(p, "::/0", 1001, 3, CORE);
}
static void main_ce(struct pe *p)
{
	pe_add_route(p, "172.16.1.0/24", 254, 4, CA);
}
static void main_vrf(struct pe *p)
{
	pe_add_route(p, "172.16.1.0/24", 254, 186, VRF_A);
}
static void stale(struct pe *p)
{
	pe_add_route(p, "172.31.0.0/16", 1001, 82, CA)->metric = 82;
}
static void by_hand(struct pe *p)
{
	pe_add_route(p, "172.29.0.0/16", 1001, 3, CA);
}
static void lost(struct pe *p)
{
	pe_del_route(p, "172.16.2.0/24", 1002);
}
static void label_reserved(struct pe *p)
{
	pe_add_label(p, 0, 3, CORE);
}
static void label_range(struct pe *p)
{
	pe_add_label(p, 99999, 82, VRF_A);
}
static void label_stale(struct pe *p)
{
	pe_add_label(p, 100500, 82, VRF_A);
}
static void label_crossed(struct pe *p)
{
	p->in.labels[0].vrf = 1;
}
static void label_hand(struct pe *p)
{
	pe_add_label(p, 5000, 3, CORE);
}
static void label_frr(struct pe *p)
{
	pe_add_label(p, 80, 186, VRF_A);
}
static void label_lost(struct pe *p)
{
	*audit_intent_add_label(&p->in) = (struct audit_label){100002, 1, true};
}
static void no_key(struct pe *p)
{
	p->s.sockets[0].n_keys = 0;
}
static void wrong_key(struct pe *p)
{
	pe_add_socket(p, false, VRF_A); /* no hole in keys */
	p->s.n_sockets--;
	cr_assert(ip_prefix_parse("192.168.1.9/32", &p->s.keys[0], NULL));
}
static void not_signed(struct pe *p)
{
	p->s.sockets[1].n_keys = 0;
}
static void service(struct pe *p)
{
	pe_add_socket(p, true, VRF_B)->local_port = 23;
}
static void unread(struct pe *p)
{
	p->s.sockets_known = false;
}
static void no_guard(struct pe *p)
{
	strcpy(p->s.filters[1].program.name, "other");
}
static void guard_off(struct pe *p)
{
	p->in.ports[2].guarded = false;
	pe_link(p, CB)->sysctl[AUDIT_RP_FILTER] = 1;
}
static void behind(struct pe *p)
{
	p->s.filters[0].pref = 2;
	pe_add_filter(p, CA, 1, "evil");
}
static void strange_xdp(struct pe *p)
{
	pe_link(p, CA)->xdp = (struct audit_program){9, "evil"};
}
static void closed(struct pe *p)
{
	p->in.ports[1].gate = AUDIT_GATE_CLOSED;
	strcpy(p->in.ports[1].drift, "rp_filter");
}

static const struct wrong wrongs[] = {
	{"labels", labels, "port-labels", "ca", "sysctl -w net.mpls.conf.ca.input=0",
		AUDIT_CRITICAL},
	{"accept-labels", labels_by_configuration, "port-labels", "ca", "accept-labels",
		AUDIT_WARNING},
	{"labels: none", labels_on_quiet_core, "port-labels", "core", NULL, -1},
	{"a dot in the name", labels_of_dotted, "port-labels", "ca.7", "net/mpls/conf/ca.7/input=0",
		-1},
	{"no VRF", unbound, "port-binding", "ca", "ip link set dev ca master vrf-a",
		AUDIT_CRITICAL},
	{"no VRF, down", unbound_down, "port-binding", "ca", NULL, AUDIT_WARNING},
	{"another VRF", other_vrf, "port-binding", "ca", "master vrf-a", AUDIT_CRITICAL},
	{"bridge", bridged, "port-binding", "ca", "master vrf-a", AUDIT_CRITICAL},
	{"no device", gone, "port-missing", "eth9", NULL, -1},
	{"unknown", stray, "port-unknown", "stray", "ip link set dev stray down", AUDIT_CRITICAL},
	{"VLAN", vlan, "port-vlan", "ca.7", "ip link del dev ca.7", AUDIT_CRITICAL},
	{"tunnel", tunnel, "port-tunnel", "gre1", "ip link del dev gre1", AUDIT_CRITICAL},
	{"tunnel in VRF", tunnel_in_vrf, "port-tunnel", "ipip1", NULL, AUDIT_CRITICAL},
	{"IPv6", ipv6, "port-ipv6", "cb", "net.ipv6.conf.cb.forwarding=0", -1},
	{"local first", local_first, "rule-order", "IPv4 rule 0", "ip rule del pref 0",
		AUDIT_CRITICAL},
	{"local only first", local_first_alone, "rule-order", "IPv6 rule 0",
		"ip -6 rule add pref 32765 lookup local && ip -6 rule del pref 0", -1},
	{"no l3mdev", no_l3mdev, "rule-l3mdev", "IPv4 l3mdev rule", "ip rule add l3mdev pref 1000",
		-1},
	{"no net", no_net, "rule-net", "cb IPv4", "ip rule add pref 1500 iif cb unreachable", -1},
	{"net too early", net_too_early, "rule-net", "ca IPv4", NULL, -1},
	{"rule", strange_rule, "rule-unknown", "IPv4 rule 900", "ip rule del pref 900",
		AUDIT_CRITICAL},
	{"default", no_default, "vrf-default", "vrf-a IPv4",
		"ip route add unreachable default metric 4278198272 vrf vrf-a", AUDIT_CRITICAL},
	{"default, IPv6", no_default6, "vrf-default", "vrf-b IPv6", "ip -6 route add",
		AUDIT_WARNING},
	{"VRF down", vrf_down, "vrf-device", "vrf-b", "ip link set vrf-b up", AUDIT_WARNING},
	{"table twice", vrf_twice, "vrf-table", "vrf-x", "ip link del vrf-x", AUDIT_CRITICAL},
	{"stranger VRF", vrf_stranger, "vrf-unknown", "vrf-y", "ip link del vrf-y", -1},
	{"few labels", few_labels, "labels-platform", NULL, "net.mpls.platform_labels=101000", -1},
	{"no MPLS", no_mpls, "labels-platform", NULL, "modprobe", -1},
	{"TTL", ttl, "core-hidden", NULL, "net.mpls.ip_ttl_propagate=0", -1},
	{"no forwarding", no_forwarding, "forwarding", NULL, "net.ipv4.ip_forward=1", -1},
	{"TCP", tcp_l3mdev, "vrf-sockets", NULL, "net.ipv4.tcp_l3mdev_accept=0", AUDIT_CRITICAL},
	{"raw", raw_l3mdev, "vrf-sockets", NULL, "net.ipv4.raw_l3mdev_accept=0", AUDIT_WARNING},
	{"born", born, "born-closed", NULL, "net.ipv4.conf.default.forwarding=0", -1},
	{"redirects", send_redirects, "port-redirects", NULL,
		"net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.cb.send_redirects=0", -1},
	{"proxy ARP", proxy_arp, "port-proxy-arp", NULL, "net.ipv4.conf.cb.proxy_arp=0", -1},
	{"sources", unchecked, "port-source", NULL, "net.ipv4.conf.ca.rp_filter=1", -1},
	{"leak into the core", leak_core, "route-leak", "10.9.0.0/16 table 1001",
		"ip route del 10.9.0.0/16 vrf vrf-a metric 0 proto 82", AUDIT_CRITICAL},
	{"leak by a port", leak_vrf, "route-leak", NULL, NULL, -1},
	{"leak by a VRF", leak_vrf_device, "route-leak", NULL, NULL, -1},
	{"label to a customer", leak_label, "route-leak", NULL, NULL, -1},
	{"leak, IPv6", leak6, "route-leak", "::/0 table 1001", "ip -6 route del", -1},
	{"CE in main", main_ce, "route-core", "172.16.1.0/24 table 254",
		"ip route del 172.16.1.0/24 metric", -1},
	{"VRF in main", main_vrf, "route-core", NULL, NULL, -1},
	{"stale", stale, "route-stale", "172.31.0.0/16 table 1001", "vrf vrf-a metric 82 proto 82",
		-1},
	{"by hand", by_hand, "route-unknown", NULL, NULL, AUDIT_WARNING},
	{"lost", lost, "route-missing", "172.16.2.0/24 table 1002", NULL, -1},
	{"label 0", label_reserved, "label-reserved", "label 0", NULL, AUDIT_CRITICAL},
	{"range", label_range, "label-ours", "label 99999", "ip -f mpls route del 99999", -1},
	{"label stale", label_stale, "label-ours", "label 100500", NULL, AUDIT_CRITICAL},
	{"label crossed", label_crossed, "label-ours", "label 100000",
		"ip -f mpls route replace 100000 dev vrf-b proto 82", AUDIT_CRITICAL},
	{"label by hand", label_hand, "label-unknown", "label 5000", NULL, AUDIT_WARNING},
	{"label of FRR into our VRF", label_frr, "label-unknown", "label 80", NULL, AUDIT_CRITICAL},
	{"label lost", label_lost, "label-missing", "label 100002",
		"ip -f mpls route add 100002 dev vrf-b proto 82", -1},
	{"no key", no_key, "session-key", "listener vrf-a port 179", NULL, AUDIT_CRITICAL},
	{"another's key", wrong_key, "session-key", "listener vrf-a port 179", NULL, -1},
	{"unsigned", not_signed, "session-unsigned", "session vrf-a 192.168.1.2",
		"ravelin neighbor ce-a1 reset", AUDIT_CRITICAL},
	{"service", service, "session-service", "listener vrf-b port 23", "kill 700", -1},
	{"unread", unread, "session-unread", NULL, "modprobe", -1},
	{"no guard", no_guard, "guard-missing", "cb", NULL, AUDIT_CRITICAL},
	{"guard: off", guard_off, "guard-off", "cb", NULL, AUDIT_WARNING},
	{"behind", behind, "guard-behind", "ca filter 1", "tc filter del dev ca ingress pref 1",
		AUDIT_CRITICAL},
	{"XDP", strange_xdp, "guard-xdp", "ca XDP", "ip link set dev ca xdp off", -1},
	{"closed", closed, "guard-closed", "ca gate", NULL, -1},
};

#define WRONGS (sizeof(wrongs) / sizeof(wrongs[0]))

Test(check, nothing_is_wrong_with_a_clean_pe)
{
	struct pe p;
	struct audit_run r;

	pe_init(&p);
	audit_run_init(&r, &p.s, &p.in);
	cr_assert_eq(r.n_findings, 0, "%s %s", r.findings[0].check->id, r.findings[0].object);
	cr_assert_eq(audit_run_explained(&r, AUDIT_PORTS), 6);
	cr_assert_eq(audit_run_explained(&r, AUDIT_RULES), 12);
	cr_assert_eq(audit_run_explained(&r, AUDIT_LABELS), 2);
	cr_assert_eq(audit_run_explained(&r, AUDIT_ROUTES), 13);
	cr_assert_eq(audit_run_explained(&r, AUDIT_SESSIONS), 2);
	cr_assert_eq(audit_run_explained(&r, AUDIT_GUARDS), 2);
	audit_run_fini(&r);
	pe_fini(&p);
}

Test(check, each_wrong_thing_is_found_by_its_check_alone)
{
	for (size_t i = 0; i < WRONGS; i++) {
		const struct wrong *w = &wrongs[i];
		struct pe p;
		struct audit_run r;

		pe_init(&p);
		w->make(&p);
		audit_run_init(&r, &p.s, &p.in);
		cr_assert_geq(r.n_findings, 1, "%s: not found", w->name);
		for (size_t k = 0; k < r.n_findings; k++)
			cr_assert_str_eq(r.findings[k].check->id, w->check, "%s: %s (%s)", w->name,
				r.findings[k].check->id, r.findings[k].object);
		const struct audit_finding *f = &r.findings[0];
		cr_assert_eq(r.n_findings, 1, "%s: %zu times", w->name, r.n_findings);
		cr_assert(!w->object || strcmp(f->object, w->object) == 0, "%s: %s", w->name,
			f->object);
		cr_assert(!w->mend || strstr(f->mend, w->mend), "%s: %s", w->name, f->mend);
		cr_assert(w->severity < 0 || f->severity == w->severity, "%s: severity", w->name);
		cr_assert(*f->what && *f->who && *f->mend, "%s: says all", w->name);
		cr_assert_eq(r.n_flagged[f->check->subject], 1, "%s: counted once", w->name);
		audit_run_fini(&r);
		pe_fini(&p);
	}
}

Test(check, every_check_but_the_hosts_own_is_tried_here)
{
	const struct audit_check *c;

	for (size_t i = 0; (c = audit_check_row(i)); i++) {
		bool tried =
			strcmp(c->id, "vrf-empty") == 0 || strcmp(c->id, "port-source-route") == 0;
		for (size_t k = 0; k < WRONGS; k++)
			tried |= strcmp(wrongs[k].check, c->id) == 0;
		cr_expect(tried, "%s", c->id);
		cr_expect(strncmp(c->clause, "RFC ", 4) == 0, "%s", c->id);
	}
}

Test(check, what_the_guard_checks_is_not_asked_of_the_kernel)
{
	struct pe p;
	struct audit_run r;

	pe_init(&p); /* rp_filter is 0 there */
	pe_link(&p, CA)->sysctl[AUDIT_SOURCE_ROUTE] = p.s.all[AUDIT_SOURCE_ROUTE] = 1;
	audit_run_init(&r, &p.s, &p.in);
	cr_assert_eq(r.n_findings, 0);
	audit_run_fini(&r);
	p.in.ports[1].guarded = p.in.ports[1].source_checked = false;
	audit_run_init(&r, &p.s, &p.in);
	cr_assert_eq(r.n_findings, 3, "guard-off, port-source, port-source-route");
	audit_run_fini(&r);
	pe_fini(&p);
}

Test(check, a_thousand_of_one_kind_are_counted_and_some_listed)
{
	struct pe p;
	struct audit_run r;

	pe_init(&p);
	for (uint32_t i = 0; i < 1000; i++)
		pe_add_label(&p, 200000 + i, 3, VRF_A);
	audit_run_init(&r, &p.s, &p.in);
	cr_assert_eq(r.n_findings, AUDIT_LISTED_MAX);
	cr_assert_eq(r.unlisted, 1000 - AUDIT_LISTED_MAX);
	cr_assert_eq(r.n_flagged[AUDIT_LABELS], 1000);
	audit_run_fini(&r);
	pe_fini(&p);
}
