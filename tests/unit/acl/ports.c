#include <criterion/criterion.h>
#include <string.h>

#include "acl/reason.h"
#include "lib/check.h"
#include "tests/unit/acl/shots.h"

#define expect(port, want, ...)                                                                    \
	do {                                                                                       \
		enum acl_reason got_ = shot_reason((port), &(struct shot){__VA_ARGS__});           \
		cr_expect_eq(got_, (want), "%s: %s, not %s", #__VA_ARGS__, acl_reason_name(got_),  \
			acl_reason_name(want));                                                    \
	} while (0)

#define BGP .src = CE, .dst = PE, .protocol = ACL_IP_TCP, .dport = 179, .ttl = 255

static void binding_add(struct acl_port *p, uint32_t addr, enum shot_mac mac)
{
	struct acl_binding *b = &p->consts.bindings[p->consts.n_bindings++];

	b->addr_be = shot_be32(addr);
	memcpy(b->mac, shot_mac(mac), 6);
}

Test(ports, closed_whatever_comes)
{
	uint8_t frame[SHOT_MAX];
	struct acl_state shut = {.open = 0};
	size_t len = shot_make(&(struct shot){0}, frame);

	for (unsigned role = ACL_ROLE_ACCESS; role <= ACL_ROLE_CLOSED; role++) {
		struct acl_port p;
		shot_port(&p, (enum acl_role)role);
		p.consts.off = UINT16_MAX;
		p.consts.labels = ACL_LABELS_ALL;
		for (size_t n = 0; n <= len; n++) {
			struct acl_verdict v = acl_match(&p, &shut, 1, frame, n);
			cr_expect_eq(v.reason, ACL_PORT_NOT_BOUND);
			cr_expect(v.stateless);
			enum acl_reason open = shot_judge(&p, frame, n).reason;
			cr_expect_eq(open == ACL_PORT_NOT_BOUND, role == ACL_ROLE_CLOSED);
		}
		acl_port_fini(&p);
	}
}

/* Each of the 65536: what an allow-list lets in, and what a core port and a trunk make of it. */
Test(ports, every_ethertype)
{
	uint8_t frame[SHOT_MAX];
	struct acl_port access, core, trunk;
	size_t len = shot_make(&(struct shot){0}, frame);

	shot_port(&access, ACL_ROLE_ACCESS);
	shot_port(&core, ACL_ROLE_CORE);
	shot_port(&trunk, ACL_ROLE_TRUNK);
	core.consts.labels = ACL_LABELS_NONE;
	for (unsigned type = 0; type < 65536; type++) {
		bool labelled = type == 0x8847 || type == 0x8848;
		bool tag = type == 0x8100 || type == 0x88a8 || type == 0x9100 || type == 0x9200 ||
			   type == 0x9300; /* VID 0x500, as the octets of an IPv4 header go */
		enum acl_reason want = labelled		? ACL_MPLS_NOT_ENABLED
				       : tag		? ACL_L2_VLAN_NOT_AGREED
				       : type == 0x0800 ? ACL_PASS
				       : type == 0x0806 ? ACL_MALFORMED /* as ARP */
							: ACL_ETHERTYPE_NOT_ALLOWED;
		frame[12] = (uint8_t)(type >> 8);
		frame[13] = (uint8_t)type;
		enum acl_reason got = shot_judge(&access, frame, len).reason;
		cr_expect_eq(got, want, "%04x: %s", type, acl_reason_name(got));
		got = shot_judge(&core, frame, len).reason;
		cr_expect_eq(got, labelled ? ACL_MPLS_NOT_ENABLED : ACL_PASS, "core, %04x", type);
		got = shot_judge(&trunk, frame, len).reason;
		cr_expect_eq(got, labelled ? ACL_MPLS_NOT_ENABLED : ACL_L2_VLAN_NOT_AGREED,
			"trunk, %04x", type);
	}
	acl_port_fini(&access);
	acl_port_fini(&core);
	acl_port_fini(&trunk);
}

/* Where each header must be there in full: one octet less is malformed. */
Test(ports, cut_at_the_headers_ends)
{
	static const struct {
		struct shot shot;
		size_t least;
	} cases[] = {
		{{0}, 14 + 20}, {{.type = 0x0806}, 14 + 28}, {{.tags = {{0x8100, 0}}}, 18 + 20}};
	uint8_t frame[SHOT_MAX];
	struct acl_port p;

	shot_port(&p, ACL_ROLE_ACCESS);
	p.consts.off = UINT16_MAX;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		size_t least = cases[i].least;
		shot_make(&cases[i].shot, frame);
		for (size_t n = 0; n < least; n++) {
			enum acl_reason got = shot_judge(&p, frame, n).reason;
			cr_expect_eq(
				got, ACL_MALFORMED, "%zu: %zu: %s", i, n, acl_reason_name(got));
		}
	}
	acl_port_fini(&p);
}

Test(ports, trunk_takes_one_agreed_tag)
{
	struct acl_port p;

	shot_port(&p, ACL_ROLE_TRUNK);
	expect(&p, ACL_PASS, .tags = {{0x8100, 100}});
	expect(&p, ACL_PASS, .tags = {{0x8100, 0xe064}}); /* with a priority */
	expect(&p, ACL_PASS, .tags = {{0x8100, 100}},
		.type = 0x88cc); /* the VLAN port's business */
	expect(&p, ACL_L2_VLAN_NOT_AGREED, .tags = {{0x8100, 101}});
	expect(&p, ACL_L2_VLAN_NOT_AGREED, .tags = {{0x8100, 100 + 64}});
	expect(&p, ACL_L2_VLAN_NOT_AGREED, .tags = {{0x8100, 4095}});
	expect(&p, ACL_L2_VLAN_NOT_AGREED, .tags = {{0x8100, 0}});
	expect(&p, ACL_L2_VLAN_NOT_AGREED, .type = 0);
	expect(&p, ACL_L2_VLAN_NOT_AGREED, .tags = {{0x88a8, 100}});
	expect(&p, ACL_L2_VLAN_NOT_AGREED, .tags = {{0x9100, 100}});
	expect(&p, ACL_L2_VLAN_NOT_AGREED, .tags = {{0x8100, 100}, {0x8100, 100}});
	expect(&p, ACL_L2_VLAN_NOT_AGREED, .tags = {{0x8100, 0}, {0x8100, 100}});
	expect(&p, ACL_L2_VLAN_NOT_AGREED, .tags = {{0x8100, 100}, {0x8100, 0}});
	expect(&p, ACL_MPLS_NOT_ENABLED, .tags = {{0x8100, 100}}, .type = 0x8847, .labels = {100});
	p.consts.labels = ACL_LABELS_ALL; /* a core port is among its VLANs */
	expect(&p, ACL_PASS, .tags = {{0x8100, 100}}, .type = 0x8847, .labels = {100});
	expect(&p, ACL_L2_VLAN_NOT_AGREED, .type = 0x8847, .labels = {100});
	p.consts.off = ACL_OFF_TAGS;
	expect(&p, ACL_L2_VLAN_NOT_AGREED, .tags = {{0x8100, 0}});
	acl_port_fini(&p);
}

/* What the guard is for: with labels let in, each of these would be routed by its label. */
Test(ports, labels_on_an_access_port_pass_only_where_the_protection_is_off)
{
	static const struct shot attacks[] = {
		{.type = 0x8847, .labels = {100}},
		{.type = 0x8848, .labels = {100}},
		{.type = 0x8847, .labels = {SHOT_NULL}, .dst = INFRA},
		{.type = 0x8847, .labels = {100}, .tags = {{0x8100, 0}}},
		{.type = 0x8847, .labels = {100}, .tags = {{0x8100, 0}, {0x8100, 0}}},
		{.type = 0x8847, .labels = {100}, .tags = {{0x8100, 0}, {0x8100, 0}, {0x8100, 0}}},
		{.type = 0x8847, .labels = {100}, .tags = {{0x88a8, 0}, {0x8100, 0}}},
	};
	struct acl_port p;

	shot_port(&p, ACL_ROLE_ACCESS);
	for (size_t i = 0; i < ARRAY_LEN(attacks); i++) {
		p.consts.labels = ACL_LABELS_NONE;
		p.consts.off = 0;
		cr_expect_eq(shot_reason(&p, &attacks[i]), ACL_MPLS_NOT_ENABLED);
		p.consts.off = UINT16_MAX;
		cr_expect_eq(shot_reason(&p, &attacks[i]), ACL_MPLS_NOT_ENABLED);
		p.consts.off = 0;
		p.consts.labels = ACL_LABELS_ALL;
		cr_expect_eq(shot_reason(&p, &attacks[i]), ACL_PASS);
	}
	acl_port_fini(&p);
}

static void check_advertised(struct acl_port *p)
{
	p->consts.labels = ACL_LABELS_ADVERTISED;
	expect(p, ACL_PASS, .type = 0x8847, .labels = {100});
	expect(p, ACL_PASS, .type = 0x8847, .labels = {16});
	expect(p, ACL_PASS, .type = 0x8848, .labels = {200});
	expect(p, ACL_LABEL_NOT_DISTRIBUTED, .type = 0x8847, .labels = {101});
	expect(p, ACL_LABEL_NOT_DISTRIBUTED, .type = 0x8847, .labels = {17});
	expect(p, ACL_LABEL_NOT_DISTRIBUTED, .type = 0x8847, .labels = {0xfffff});
	expect(p, ACL_LABEL_RESERVED, .type = 0x8847, .labels = {SHOT_NULL});
	expect(p, ACL_LABEL_RESERVED, .type = 0x8847, .labels = {3});
	expect(p, ACL_LABEL_RESERVED, .type = 0x8847, .labels = {15});
	expect(p, ACL_LABEL_RESERVED, .type = 0x8847, .labels = {100, 200});
	expect(p, ACL_LABEL_RESERVED, .type = 0x8847, .labels = {7, 100});
	expect(p, ACL_LABEL_RESERVED, .type = 0x8847, .labels = {100}, .no_bottom = true);

	uint8_t frame[SHOT_MAX];
	size_t len = shot_make(&(struct shot){.type = 0x8847, .labels = {100}}, frame);
	cr_assert_gt(len, 18);
	cr_expect_eq(shot_judge(p, frame, 17).reason, ACL_MALFORMED);
	cr_expect_eq(shot_judge(p, frame, 18).reason, ACL_PASS);
	p->n_labels = 0;
	expect(p, ACL_LABEL_NOT_DISTRIBUTED, .type = 0x8847, .labels = {100});
}

/* RFC 4364 10: what a neighbour in another AS was not given does not come from it. */
Test(ports, labels_that_were_advertised)
{
	struct acl_port core, access;

	shot_port(&core, ACL_ROLE_CORE);
	shot_port(&access, ACL_ROLE_ACCESS);
	core.consts.labels = ACL_LABELS_ADVERTISED;
	expect(&core, ACL_PASS, .type = 0x8847, .labels = {100}, .tags = {{0x8100, 0}});
	expect(&core, ACL_LABEL_NOT_DISTRIBUTED, .type = 0x8847, .labels = {101},
		.tags = {{0x8100, 0}, {0x8100, 0}});
	check_advertised(&core);
	check_advertised(&access);
	expect(&access, ACL_L2_PRIO_TAG, .type = 0x8847, .labels = {100}, .tags = {{0x8100, 0}});
	expect(&access, ACL_MAC_SPOOF, .type = 0x8847, .labels = {100}, .mac = SHOT_OURS);
	core.consts.labels = ACL_LABELS_ALL;
	expect(&core, ACL_PASS, .type = 0x8847, .labels = {SHOT_NULL});
	core.consts.labels = ACL_LABELS_NONE;
	expect(&core, ACL_MPLS_NOT_ENABLED, .type = 0x8847, .labels = {100});
	acl_port_fini(&core);
	acl_port_fini(&access);
}

Test(ports, ip_is_not_a_core_ports_business)
{
	struct acl_port p;

	shot_port(&p, ACL_ROLE_CORE);
	expect(&p, ACL_PASS, .src = PE, .dst = INFRA, .mac = SHOT_OURS);
	expect(&p, ACL_PASS, .first = 0x65);
	expect(&p, ACL_PASS, .tags = {{0x8100, 5}}, .type = 0x86dd);
	p.consts.n_rules = 1; /* drops what is to 10.255/16 */
	p.consts.rules[0] = (struct acl_rule){.dst_be = shot_be32(INFRA & 0xffff0000),
		.dst_mask_be = shot_be32(0xffff0000),
		.ttl_hi = UINT8_MAX,
		.len_hi = UINT16_MAX,
		.id = 9};
	expect(&p, ACL_RULE_DROP, .dst = INFRA);
	expect(&p, ACL_RULE_DROP, .dst = INFRA, .tags = {{0x8100, 5}});
	expect(&p, ACL_PASS, .dst = THERE);
	expect(&p, ACL_PASS, .src = 1, .dst = 0x7f000001); /* no martians here */
	expect(&p, ACL_MALFORMED, .dst = INFRA, .first = 0x65);
	expect(&p, ACL_MALFORMED, .dst = THERE, .protocol = ACL_IP_TCP, .cut = 1);
	expect(&p, ACL_PASS, .type = 0x86dd);
	acl_port_fini(&p);
}

Test(ports, bindings)
{
	struct acl_port p;

	shot_port(&p, ACL_ROLE_ACCESS);
	binding_add(&p, CE, SHOT_CE);
	expect(&p, ACL_PASS, .src = CE);
	expect(&p, ACL_PASS, .src = HERE); /* the CE is a router */
	expect(&p, ACL_PASS, .src = CE_2); /* nobody has that address */
	expect(&p, ACL_MAC_SPOOF, .src = CE, .mac = SHOT_CE_2);
	expect(&p, ACL_MAC_SPOOF, .src = HERE, .mac = SHOT_CE_2);
	expect(&p, ACL_PASS, .type = 0x0806);
	expect(&p, ACL_PASS, .type = 0x0806, .src = ZERO_ADDR);
	expect(&p, ACL_PASS, .type = 0x0806,
		.src = HERE); /* the CE asks for a packet from behind it */
	expect(&p, ACL_MAC_SPOOF, .type = 0x0806, .mac = SHOT_CE_2, .sender = SHOT_CE_2);
	expect(&p, ACL_ARP_SPOOF, .type = 0x0806, .src = CE_2); /* no binding of that address */
	binding_add(&p, CE_2, SHOT_CE_2);
	expect(&p, ACL_PASS, .type = 0x0806, .src = CE_2, .mac = SHOT_CE_2, .sender = SHOT_CE_2);
	expect(&p, ACL_ARP_SPOOF, .type = 0x0806, .src = CE_2); /* another's */
	expect(&p, ACL_ARP_SPOOF, .type = 0x0806, .src = CE_2, .dst = CE_2);
	expect(&p, ACL_PASS, .src = HERE, .mac = SHOT_CE_2);
	expect(&p, ACL_MAC_SPOOF, .src = CE, .mac = SHOT_CE_2);
	expect(&p, ACL_MAC_SPOOF, .src = CE_2);
	p.consts.off = ACL_OFF_ARP;
	expect(&p, ACL_PASS, .type = 0x0806, .src = CE_2);
	expect(&p, ACL_PASS, .type = 0x0806, .src = CE, .sender = SHOT_CE_2);
	acl_port_fini(&p);
}

Test(ports, what_stands_behind_the_counts_does_not_count)
{
	struct acl_port p;

	shot_port(&p, ACL_ROLE_ACCESS);
	binding_add(&p, CE, SHOT_CE);
	binding_add(&p, CE_2, SHOT_CE_2);
	p.consts.n_bindings = 1;
	expect(&p, ACL_MAC_SPOOF, .src = HERE, .mac = SHOT_CE_2);
	expect(&p, ACL_PASS, .src = CE_2);
	p.consts.n_bindings = 0;
	expect(&p, ACL_PASS, BGP);
	p.consts.n_services = 0;
	expect(&p, ACL_CTRL_ACL, BGP);
	p.consts.rules[0] = (struct acl_rule){.ttl_hi = UINT8_MAX, .len_hi = UINT16_MAX};
	expect(&p, ACL_PASS, .src = CE);
	acl_port_fini(&p);
}

Test(ports, sources)
{
	struct acl_port p;

	shot_port(&p, ACL_ROLE_ACCESS);
	acl_lpm_del(&p.sources, HERE, 16);
	expect(&p, ACL_URPF, .src = HERE);
	p.consts.source = ACL_SOURCE_FEASIBLE;
	expect(&p, ACL_URPF, .src = HERE);
	p.consts.source = ACL_SOURCE_OFF;
	expect(&p, ACL_PASS, .src = HERE);
	expect(&p, ACL_MARTIAN, .src = PE);
	p.consts.source = ACL_SOURCE_STRICT;
	acl_lpm_add(&p.sources, HERE, 32, ACL_SRC_LINK); /* ROUTED is what counts */
	expect(&p, ACL_URPF, .src = HERE);
	acl_lpm_add(&p.sources, HERE, 32, ACL_SRC_ROUTED);
	expect(&p, ACL_PASS, .src = HERE);
	acl_port_fini(&p);
}

/* Each bucket is asked by its kind of packet and by no other, and only after everything else was right. */
Test(ports, buckets)
{
	static const struct {
		enum acl_bucket_id bucket;
		enum acl_reason reason;
		struct shot asks, not ;
	} cases[] = {
		{ACL_BUCKET_CTRL, ACL_CTRL_RATE, {BGP}, {.src = HERE}},
		{ACL_BUCKET_CTRL, ACL_CTRL_RATE, {.src = CE, .dst = ALL_OSPF, .protocol = 89},
			{.dst = PE, .protocol = 1, .icmp_type = 8}},
		{ACL_BUCKET_ARP, ACL_ARP_RATE, {.type = 0x0806}, {BGP}},
		{ACL_BUCKET_ICMP, ACL_ICMP_RATE, {.dst = PE, .protocol = 1, .icmp_type = 8},
			{.dst = THERE, .protocol = 1, .icmp_type = 8}},
		{ACL_BUCKET_FLOW, ACL_FLOW_RATE, {BGP, .flags = ACL_TCP_SYN},
			{BGP, .flags = ACL_TCP_SYN | ACL_TCP_ACK}},
		{ACL_BUCKET_FLOW, ACL_FLOW_RATE, {BGP, .flags = ACL_TCP_SYN | 0x08},
			{BGP, .flags = 0x01}},
		{ACL_BUCKET_CTRL, ACL_GTSM, {.src = CE, .dst = PE, .protocol = 6, .dport = 179},
			{.src = CE}},
		{ACL_BUCKET_SAMPLE, ACL_PASS, {BGP}, {0}},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct acl_port p;
		shot_port(&p, ACL_ROLE_ACCESS);
		p.consts.police[cases[i].bucket].interval_ns = 1000;
		cr_expect_eq(shot_reason(&p, &cases[i].asks), cases[i].reason, "%zu", i);
		cr_expect_eq(shot_reason(&p, &cases[i].not ), ACL_PASS, "%zu", i);
		acl_port_fini(&p);
	}
}

Test(ports, a_burst_and_then_the_rate)
{
	uint8_t frame[SHOT_MAX];
	struct acl_state s = {.open = 1};
	struct acl_port p;
	unsigned passed = 0;
	size_t len = shot_make(&(struct shot){.type = 0x0806}, frame);

	shot_port(&p, ACL_ROLE_ACCESS);
	p.consts.police[ACL_BUCKET_ARP] =
		(struct acl_bucket){.interval_ns = 1000, .burst_ns = 4000};
	for (uint64_t t = 0; t < 10000; t++)
		passed += acl_match(&p, &s, t, frame, len).reason == ACL_PASS;
	cr_expect_eq(passed, 5 + 9);
	acl_port_fini(&p);
}

Test(ports, rules_in_order)
{
	uint8_t frame[SHOT_MAX];
	const struct acl_rule any = {.ttl_hi = UINT8_MAX, .len_hi = UINT16_MAX};
	struct acl_rule *r;
	struct acl_port p;
	struct acl_verdict v;
	size_t len = shot_make(&(struct shot){0}, frame);

	shot_port(&p, ACL_ROLE_ACCESS);
	r = p.consts.rules;
	p.consts.n_rules = 3;
	r[0] = r[1] = r[2] = any;
	r[0].proto = ACL_IP_TCP;
	r[0].proto_mask = UINT8_MAX;
	r[1].flags = ACL_RULE_PERMIT | ACL_RULE_LOG;
	r[1].proto = ACL_IP_UDP;
	r[1].proto_mask = UINT8_MAX;
	r[0].id = 7;
	r[1].id = 8;
	r[2].id = 9;
	v = shot_judge(&p, frame, len);
	cr_expect_eq(v.reason, ACL_PASS);
	cr_expect_eq(v.rule, 8);
	cr_expect(v.log);
	cr_expect_not(v.stateless);
	expect(&p, ACL_RULE_DROP, .protocol = ACL_IP_TCP);
	expect(&p, ACL_RULE_DROP, .protocol = 50);
	expect(&p, ACL_RULE_DROP, BGP);	     /* to the router as well */
	expect(&p, ACL_URPF, .src = NOBODY); /* permitted, but not let in by the guard */
	expect(&p, ACL_PASS, .type = 0x0806);
	p.consts.n_rules = 1;
	v = shot_judge(&p, frame, len);
	cr_expect_eq(v.reason, ACL_PASS);
	cr_expect_eq(v.rule, ACL_RULE_NONE);
	acl_port_fini(&p);
}
