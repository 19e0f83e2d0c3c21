#include "tests/unit/audit/fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "acl/load_prog.h"

struct audit_link *pe_link(struct pe *p, int ifindex)
{
	return (struct audit_link *)audit_link_at(&p->s, (uint32_t)ifindex);
}

struct audit_link *pe_add_link(struct pe *p, const char *name, uint32_t ifindex)
{
	struct audit_link *l = audit_snapshot_add_link(&p->s);

	snprintf(l->name, sizeof(l->name), "%s", name);
	l->ifindex = ifindex;
	l->flags = 1;
	l->filters_known = true;
	for (int i = 0; i < AUDIT_DEVICE_SYSCTLS; i++)
		l->sysctl[i] = i == AUDIT_FORWARDING;
	return l;
}

struct audit_route *pe_add_route(
	struct pe *p, const char *prefix, uint32_t table, uint8_t protocol, uint32_t oif)
{
	struct audit_route *r = audit_snapshot_add_route(&p->s);

	cr_assert(ip_prefix_parse(prefix, &r->prefix, NULL), "%s", prefix);
	r->kind = r->prefix.addr.af == IP_V6 ? AUDIT_IPV6 : AUDIT_IPV4;
	r->type = oif ? AUDIT_UNICAST : AUDIT_REFUSED;
	r->table = table;
	r->protocol = protocol;
	r->first_hop = (uint32_t)p->s.n_hops;
	if (oif) {
		audit_snapshot_add_hop(&p->s)->oif = oif;
		r->n_hops = 1;
	}
	return r;
}

struct audit_route *pe_add_label(struct pe *p, uint32_t label, uint8_t protocol, uint32_t oif)
{
	struct audit_route *r = pe_add_route(p, "0.0.0.0/0", 254, protocol, oif);

	r->kind = AUDIT_MPLS;
	r->label = label;
	return r;
}

void pe_del_route(struct pe *p, const char *prefix, uint32_t table)
{
	struct ip_prefix want;

	cr_assert(ip_prefix_parse(prefix, &want, NULL));
	for (size_t i = 0; i < p->s.n_routes; i++) {
		struct audit_route *r = &p->s.routes[i];
		if (r->kind != AUDIT_MPLS && r->table == table &&
			ip_prefix_equal(&r->prefix, &want))
			r->table = 7777; /* none of ours */
	}
}

struct audit_rule *pe_add_rule(
	struct pe *p, uint8_t af, uint32_t pref, uint32_t table, const char *iif)
{
	struct audit_rule *u = audit_snapshot_add_rule(&p->s);

	u->af = af;
	u->pref = pref;
	u->table = table;
	u->protocol = 2;
	u->action = AUDIT_RULE_TABLE;
	snprintf(u->iif, sizeof(u->iif), "%s", iif);
	return u;
}

struct audit_socket *pe_add_socket(struct pe *p, bool listening, uint32_t ifindex)
{
	struct audit_socket *k = audit_snapshot_add_socket(&p->s);

	k->listening = listening;
	k->keys_known = true;
	k->local_port = AUDIT_BGP_PORT;
	k->local.af = k->remote.af = IP_V4;
	k->ifindex = ifindex;
	k->pid = 700;
	snprintf(k->program, sizeof(k->program), "ravelind");
	return k;
}

void pe_add_key(struct pe *p, struct audit_socket *k, const char *prefix)
{
	k->first_key = k->n_keys ? k->first_key : (uint32_t)p->s.n_keys;
	cr_assert(ip_prefix_parse(prefix, audit_snapshot_add_key(&p->s), NULL));
	k->n_keys++;
}

void pe_add_filter(struct pe *p, uint32_t ifindex, uint32_t pref, const char *name)
{
	struct audit_filter *f = audit_snapshot_add_filter(&p->s);

	f->ifindex = ifindex;
	f->pref = pref;
	f->program.id = 40 + pref;
	snprintf(f->kind, sizeof(f->kind), "bpf");
	snprintf(f->program.name, sizeof(f->program.name), "%s", name);
}

static void links(struct pe *p)
{
	static const struct {
		const char *name;
		uint32_t master, table;
	} rows[] = {{"lo", 0, 0}, {"core", 0, 0}, {"ca", VRF_A, 0}, {"cb", VRF_B, 0},
		{"vrf-a", 0, 1001}, {"vrf-b", 0, 1002}};

	for (uint32_t i = 0; i < 6; i++) {
		struct audit_link *l = pe_add_link(p, rows[i].name, i + 1);
		l->master = rows[i].master;
		l->vrf_table = rows[i].table;
	}
	pe_link(p, LO)->flags |= 8;
	pe_link(p, CORE)->sysctl[AUDIT_MPLS_INPUT] = 1;
}

static void rules(struct pe *p)
{
	for (uint8_t af = IP_V4; af <= IP_V6; af++) {
		pe_add_rule(p, af, 1000, 0, "")->action = AUDIT_RULE_L3MDEV;
		pe_add_rule(p, af, 1500, 0, "ca")->action = AUDIT_RULE_REFUSE;
		pe_add_rule(p, af, 1500, 0, "cb")->action = AUDIT_RULE_REFUSE;
		pe_add_rule(p, af, 32765, 255, "")->protocol = 82;
		pe_add_rule(p, af, 32766, 254, "");
		pe_add_rule(p, af, 32767, 253, "");
		p->s.rules_known[af - 1] = true;
	}
}

static void routes(struct pe *p)
{
	static const uint32_t tables[] = {1001, 1002};

	for (int i = 0; i < 2; i++) {
		pe_add_route(p, "0.0.0.0/0", tables[i], 82, 0)->metric = 4278198272u;
		pe_add_route(p, "::/0", tables[i], 82, 0);
		pe_add_route(p, "192.168.1.0/30", tables[i], 2, i ? CB : CA);
		pe_add_route(p, "192.168.1.1/32", tables[i], 2, i ? CB : CA)->type = AUDIT_LOCAL;
		struct audit_route *r = pe_add_route(p, "172.16.2.0/24", tables[i], 82, CORE);
		r->metric = 82;
		p->s.hops[r->first_hop].n_labels = 2;
		pe_add_label(p, 100000 + (uint32_t)i, 82, i ? VRF_B : VRF_A);
	}
	pe_add_route(p, "10.0.1.0/30", 254, 2, CORE);
	pe_add_route(p, "10.255.0.0/24", 254, 188, CORE);
	pe_add_route(p, "10.0.1.1/32", 255, 2, CORE)->type = AUDIT_LOCAL;
}

static void kernel(struct pe *p)
{
	audit_snapshot_init(&p->s);
	links(p);
	rules(p);
	routes(p);
	p->s.sockets_known = true;
	pe_add_key(p, pe_add_socket(p, true, VRF_A), "192.168.1.2/32");
	pe_add_key(p, pe_add_socket(p, false, VRF_A), "192.168.1.2/32");
	cr_assert(ip_addr_parse("192.168.1.2", &p->s.sockets[1].remote));
	pe_add_filter(p, CA, 1, ACL_TC_NAME);
	pe_add_filter(p, CB, 1, ACL_TC_NAME);
	p->s.sysctl[AUDIT_PLATFORM_LABELS] = 101000;
	p->s.sysctl[AUDIT_TTL_PROPAGATE] = 0;
	p->s.sysctl[AUDIT_IP_FORWARD] = 1;
	for (int i = AUDIT_TCP_L3MDEV; i < AUDIT_SYSCTLS; i++)
		p->s.sysctl[i] = 0;
	for (int i = 0; i < AUDIT_DEVICE_SYSCTLS; i++)
		p->s.all[i] = p->s.born[i] = 0;
}

static void claim(struct pe *p, int vrf, const char *prefix)
{
	struct audit_claim *c = audit_intent_add_claim(&p->in);

	c->vrf = vrf;
	cr_assert(ip_prefix_parse(prefix, &c->prefix, NULL));
}

void pe_init(struct pe *p)
{
	kernel(p);
	audit_intent_init(&p->in);
	audit_intent_add_vrf(&p->in, "vrf-a", 1001)->n_ports = 1;
	audit_intent_add_vrf(&p->in, "vrf-b", 1002)->n_ports = 1;
	audit_intent_add_port(&p->in, "core", AUDIT_ROLE_CORE);
	for (int i = 0; i < 2; i++) {
		struct audit_port *c =
			audit_intent_add_port(&p->in, i ? "cb" : "ca", AUDIT_ROLE_ACCESS);
		c->vrf = i;
		c->guarded = c->source_checked = true;
		struct audit_label *l = audit_intent_add_label(&p->in);
		*l = (struct audit_label){100000 + (uint32_t)i, i, true};
		claim(p, i, "172.16.2.0/24");
		claim(p, i, "192.168.1.0/30");
	}
	struct audit_peer *c = audit_intent_add_peer(&p->in);
	snprintf(c->name, sizeof(c->name), "ce-a1");
	cr_assert(ip_prefix_parse("192.168.1.2/32", &c->who, NULL));
	c->password = c->served = true;
	p->in.daemon = p->in.ranges = true;
	p->in.label_min = 100000;
	p->in.label_max = 100999;
	audit_intent_sort(&p->in);
}

void pe_init_host(struct pe *p)
{
	kernel(p);
	audit_intent_init(&p->in);
	pe_link(p, CA)->sysctl[AUDIT_RP_FILTER] = 1;
	pe_link(p, CB)->sysctl[AUDIT_RP_FILTER] = 1;
	audit_intent_add_host(&p->in, &p->s);
}

void pe_fini(struct pe *p)
{
	audit_snapshot_fini(&p->s);
	audit_intent_fini(&p->in);
}
