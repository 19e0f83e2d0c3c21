#include <criterion/criterion.h>
#include <string.h>

#include "tests/unit/acl/aces.h"

static bool rules_match(const struct acl_rule *rules, unsigned n, const struct acl_packet *p)
{
	for (unsigned i = 0; i < n; i++)
		if (acl_packet_match(p, &rules[i]))
			return true;
	return false;
}

Test(rules, an_entry_compiled_matches_what_it_says)
{
	uint8_t octets[128];
	struct rng g = {11};
	unsigned matched = 0;

	for (unsigned i = 0; i < 20000; i++) {
		struct acl_ace a = ace_random(&g);
		struct acl_rule rules[ACL_ACE_RULES];
		unsigned n = acl_ace_compile(&a, 5, rules);
		cr_assert_leq(n, ACL_ACE_RULES);
		for (unsigned k = 0; k < n; k++) {
			cr_assert_eq(rules[k].id, 5);
			cr_assert_eq(!(rules[k].flags & ACL_RULE_PERMIT),
				a.forwarding == ACL_FORWARDING_DROP);
			cr_assert_eq(!!(rules[k].flags & ACL_RULE_LOG), a.log);
		}
		for (unsigned k = 0; k < 40; k++) {
			struct sketch s = sketch_random(&g);
			struct acl_packet p = sketch_packet(&s, octets);
			cr_assert_eq(rules_match(rules, n, &p), ace_matches(&a, &s), "%u", i);
			matched += ace_matches(&a, &s);
		}
	}
	cr_expect_gt(matched, 20000);
}

/* Every operator on every port. */
Test(rules, operators)
{
	static const uint16_t edges[] = {0, 1, 79, 80, 65534, 65535};
	uint8_t octets[128];

	for (unsigned op = ACL_OP_NONE; op <= ACL_OP_RANGE; op++)
		for (unsigned i = 0; i < 6; i++)
			for (unsigned k = 0; k < 6; k++) {
				struct acl_ace a = ace_any(ACL_FORWARDING_DROP);
				struct acl_rule rules[ACL_ACE_RULES];
				a.protocol = ACL_IP_UDP;
				a.source_port = (struct acl_ports){
					(enum acl_operator)op, edges[i], edges[k]};
				unsigned n = acl_ace_compile(&a, 0, rules);
				bool two = op == ACL_OP_NEQ && edges[i] > 0 && edges[i] < 65535;
				cr_assert_eq(n, two ? 2 : 1);
				for (unsigned port = 0;
					port<65536; port += port % 80> 2 && port < 65000 ? 13 : 1) {
					struct sketch s = {.protocol = ACL_IP_UDP,
						.len = 40,
						.sport = (uint16_t)port};
					struct acl_packet p = sketch_packet(&s, octets);
					cr_assert_eq(
						rules_match(rules, n, &p), ace_matches(&a, &s));
				}
			}
}

Test(rules, of_several_lists_in_order_counted_by_entry)
{
	struct acl_rule out[ACL_RULES_MAX];
	struct acl_ace a[3] = {ace_any(ACL_FORWARDING_DROP), ace_any(ACL_FORWARDING_DROP),
		ace_any(ACL_FORWARDING_ACCEPT)};
	struct acl_ace b[1] = {ace_any(ACL_FORWARDING_ACCEPT)};
	const struct acl_list one = {"one", a, 3}, two = {"two", b, 1};
	const struct acl_list *lists[] = {&one, &two};

	a[1].source_port = (struct acl_ports){ACL_OP_NEQ, 80, 0};
	a[1].destination_port = (struct acl_ports){ACL_OP_NEQ, 80, 0};
	cr_assert_eq(acl_rules_compile(lists, 2, out), 7);
	static const uint16_t ids[] = {0, 1, 1, 1, 1, 2, 3};
	for (unsigned i = 0; i < 7; i++)
		cr_expect_eq(out[i].id, ids[i]);
	cr_expect_eq(acl_rules_compile(lists, 0, out), 0);
}

Test(rules, as_many_as_fit)
{
	static struct acl_ace aces[ACL_RULES_MAX + 1];
	struct acl_rule out[ACL_RULES_MAX + 1];
	struct acl_list l = {"many", aces, ACL_RULES_MAX};
	const struct acl_list *lists[] = {&l};

	for (unsigned i = 0; i <= ACL_RULES_MAX; i++)
		aces[i] = ace_any(ACL_FORWARDING_DROP);
	memset(&out[ACL_RULES_MAX], 0x55, sizeof(out[0]));
	cr_expect_eq(acl_rules_compile(lists, 1, out), ACL_RULES_MAX);
	aces[ACL_RULES_MAX - 1].source_port = (struct acl_ports){ACL_OP_NEQ, 80, 0};
	cr_expect_eq(acl_rules_compile(lists, 1, out), ACL_RULES_MAX + 1);
	aces[ACL_RULES_MAX - 1].source_port.op = ACL_OP_NONE;
	l.n_aces++;
	cr_expect_eq(acl_rules_compile(lists, 1, out), ACL_RULES_MAX + 1);
	cr_expect_eq(out[ACL_RULES_MAX].id, 0x5555);
}
