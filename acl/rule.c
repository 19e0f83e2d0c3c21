#include "acl/rule.h"

#include <string.h>

#include "lib/check.h"

struct range {
	uint16_t lo, hi;
};

/* The ranges of ports that an operator means: two at most, one for all but neq. */
static unsigned ranges_of(const struct acl_ports *p, struct range out[2])
{
	unsigned n = 0;

	switch (p->op) {
	case ACL_OP_EQ:
		out[n++] = (struct range){p->port, p->port};
		break;
	case ACL_OP_LTE:
		out[n++] = (struct range){0, p->port};
		break;
	case ACL_OP_GTE:
		out[n++] = (struct range){p->port, UINT16_MAX};
		break;
	case ACL_OP_RANGE: /* lower above upper: matches nothing */
		out[n++] = (struct range){p->port, p->upper};
		break;
	case ACL_OP_NEQ:
		if (p->port > 0)
			out[n++] = (struct range){0, p->port - 1};
		if (p->port < UINT16_MAX)
			out[n++] = (struct range){p->port + 1, UINT16_MAX};
		break;
	case ACL_OP_NONE:
		out[n++] = (struct range){0, UINT16_MAX};
	}
	return n;
}

static void compile_prefix(const struct ip_prefix *p, uint32_t *addr_be, uint32_t *mask_be)
{
	uint8_t mask[4] = {0};

	*addr_be = *mask_be = 0;
	if (p->addr.af == IP_NONE)
		return;
	CHECK(p->addr.af == IP_V4 && p->len <= 32);
	for (unsigned bit = 0; bit < p->len; bit++)
		mask[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	memcpy(mask_be, mask, 4);
	memcpy(addr_be, p->addr.o, 4);
	*addr_be &= *mask_be;
}

static void compile_value(int value, uint8_t full, uint8_t *out, uint8_t *mask)
{
	*out = value < 0 ? 0 : (uint8_t)value;
	*mask = value < 0 ? 0 : full;
}

/* All but the ports. */
static struct acl_rule compile_rest(const struct acl_ace *a, uint16_t id)
{
	struct acl_rule r = {.ttl_lo = a->ttl_lo,
		.ttl_hi = a->ttl_hi,
		.len_lo = a->len_lo,
		.len_hi = a->len_hi,
		.fragment = (uint8_t)a->fragment,
		.tcp_flags = a->tcp_flags,
		.tcp_mask = a->tcp_mask,
		.id = id};

	compile_prefix(&a->source, &r.src_be, &r.src_mask_be);
	compile_prefix(&a->destination, &r.dst_be, &r.dst_mask_be);
	compile_value(a->protocol, UINT8_MAX, &r.proto, &r.proto_mask);
	compile_value(a->dscp, 0x3f, &r.dscp, &r.dscp_mask);
	compile_value(a->icmp_type, UINT8_MAX, &r.icmp_type, &r.icmp_type_mask);
	compile_value(a->icmp_code, UINT8_MAX, &r.icmp_code, &r.icmp_code_mask);
	if (a->forwarding == ACL_FORWARDING_ACCEPT)
		r.flags |= ACL_RULE_PERMIT;
	if (a->log)
		r.flags |= ACL_RULE_LOG;
	if (a->source_port.op != ACL_OP_NONE || a->destination_port.op != ACL_OP_NONE)
		r.flags |= ACL_RULE_PORTS;
	if (a->icmp_type >= 0 || a->icmp_code >= 0)
		r.flags |= ACL_RULE_ICMP;
	if (a->tcp_mask)
		r.flags |= ACL_RULE_TCP;
	return r;
}

unsigned acl_ace_compile(const struct acl_ace *a, uint16_t id, struct acl_rule out[ACL_ACE_RULES])
{
	struct range source[2], destination[2];
	unsigned n = 0, n_source = ranges_of(&a->source_port, source),
		 n_destination = ranges_of(&a->destination_port, destination);

	for (unsigned s = 0; s < n_source; s++)
		for (unsigned d = 0; d < n_destination; d++) {
			out[n] = compile_rest(a, id);
			out[n].sport_lo = source[s].lo;
			out[n].sport_hi = source[s].hi;
			out[n].dport_lo = destination[d].lo;
			out[n].dport_hi = destination[d].hi;
			n++;
		}
	return n;
}

unsigned acl_rules_compile(
	const struct acl_list *const *lists, unsigned n, struct acl_rule out[ACL_RULES_MAX])
{
	struct acl_rule rules[ACL_ACE_RULES];
	unsigned n_rules = 0;
	uint16_t id = 0;

	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < lists[i]->n_aces; k++, id++) {
			unsigned m = acl_ace_compile(&lists[i]->aces[k], id, rules);
			if (m > ACL_RULES_MAX - n_rules)
				return ACL_RULES_MAX + 1;
			memcpy(&out[n_rules], rules, m * sizeof(rules[0]));
			n_rules += m;
		}
	return n_rules;
}
