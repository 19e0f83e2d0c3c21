#include "bgpd/policy/role.h"

/* RFC 9234 5, one row a role of ours. */
struct role_rules {
	bool in_refuse;	       /* ingress 1: OTC from a customer or route server client is a leak */
	bool in_refuse_others; /* ingress 2: ... from a peer, unless it is the peer's own AS */
	bool in_add;	       /* ingress 3: the neighbour's AS, if there is none */
	bool out_add;	       /* egress 1: our AS, if there is none */
	bool out_refuse;       /* egress 2: not with OTC */
};

static const struct role_rules *role_find(enum pol_role ours)
{
	static const struct role_rules none;
	static const struct role_rules rules[] = {
		[POL_ROLE_PROVIDER] = {.in_refuse = true, .out_add = true},
		[POL_ROLE_RS] = {.in_refuse = true, .out_add = true},
		[POL_ROLE_RS_CLIENT] = {.in_add = true, .out_refuse = true},
		[POL_ROLE_CUSTOMER] = {.in_add = true, .out_refuse = true},
		[POL_ROLE_PEER] = {.in_refuse_others = true,
			.in_add = true,
			.out_add = true,
			.out_refuse = true},
	};

	return ours <= POL_ROLE_PEER ? &rules[ours] : &none;
}

static void otc_add(struct wire_attrs *a, uint32_t as)
{
	if (wire_attrs_has(a, WIRE_ATTR_OTC))
		return;
	a->present |= WIRE_ATTR_BIT(WIRE_ATTR_OTC);
	a->otc = as;
}

bool pol_role_import(enum pol_role ours, uint32_t peer_as, struct wire_attrs *a)
{
	const struct role_rules *r = role_find(ours);

	if (wire_attrs_has(a, WIRE_ATTR_OTC) &&
		(r->in_refuse || (r->in_refuse_others && a->otc != peer_as)))
		return false;
	if (r->in_add)
		otc_add(a, peer_as);
	return true;
}

bool pol_role_check(enum pol_role ours, bool has_otc)
{
	return !has_otc || !role_find(ours)->out_refuse;
}

void pol_role_export(enum pol_role ours, uint32_t local_as, struct wire_attrs *a)
{
	if (role_find(ours)->out_add)
		otc_add(a, local_as);
}
