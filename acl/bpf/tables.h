/* Steps 8 to 10 of acl/match.h: what needs tables and buckets, at tc alone. */
#ifndef ACL_BPF_TABLES_H
#define ACL_BPF_TABLES_H

#include "acl/bpf/frame.h"

/* Step 8. */
static __always_inline __u32 step_bindings(const struct frame *f)
{
	int known = 0, found = f->type != TYPE_IPV4;

	if (!consts.n_bindings)
		return GO_ON;
	for (__u32 i = 0; i < ACL_BINDINGS_MAX && i < consts.n_bindings; i++) {
		int same = mac_equal(f->data + 6, (const __u8 *)consts.bindings[i].mac);
		if (!found && consts.bindings[i].addr_be == f->src_be) {
			found = 1;
			if (!same)
				return ACL_MAC_SPOOF;
		}
		known |= same;
	}
	return known ? GO_ON : ACL_MAC_SPOOF;
}

static __always_inline int binding_agrees(const struct frame *f, __u32 sender_be)
{
	for (__u32 i = 0; i < ACL_BINDINGS_MAX && i < consts.n_bindings; i++)
		if (consts.bindings[i].addr_be == sender_be)
			return mac_equal(f->data + 6, (const __u8 *)consts.bindings[i].mac);
	return 0;
}

/* Step 8a. */
static __always_inline __u32 step_arp_tables(const struct frame *f)
{
	const __u8 *p = f->l3;

	if (!(consts.off & ACL_OFF_ARP)) {
		__u32 sender = AT16(p + 14) | (__u32)AT16(p + 16) << 16;
		__u32 target = AT16(p + 24) | (__u32)AT16(p + 26) << 16;
		if (sender) {
			__u8 bits = prefix_find(&sources, sender);
			if (!(bits & ACL_SRC_LINK) || bits & ACL_SRC_OWN)
				return ACL_ARP_SPOOF;
			if (consts.n_bindings && !binding_agrees(f, sender))
				return ACL_ARP_SPOOF;
		}
		if (target != sender && prefix_find(&destinations, target) != ACL_DST_OWN)
			return ACL_ARP_TARGET;
	}
	return within_rate(ACL_BUCKET_ARP) ? PASS_NOW : ACL_ARP_RATE;
}

static __always_inline int is_tunnel(const struct frame *f)
{
	return f->proto == GRE || f->proto == MPLS_IN_IP ||
	       (f->proto == UDP && (f->dport == 6635 || f->dport == 6636));
}

static __always_inline int service_matches(const struct frame *f, __u32 i)
{
	if (consts.services[i].proto != f->proto ||
		(f->src_be & consts.services[i].src_mask_be) != consts.services[i].src_be)
		return 0;
	__u16 port = consts.services[i].port;
	if (f->proto == TCP)
		return port == f->dport || port == f->sport;
	return f->proto != UDP || port == f->dport;
}

static __always_inline __u32 step_service(const struct frame *f, __u8 min_ttl)
{
	if (f->l3[8] < min_ttl)
		return ACL_GTSM;
	if (f->proto == TCP && (f->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN &&
		!within_rate(ACL_BUCKET_FLOW))
		return ACL_FLOW_RATE;
	return within_rate(ACL_BUCKET_CTRL) ? GO_ON : ACL_CTRL_RATE;
}

/* Step 8b, to the router itself. */
static __always_inline __u32 step_control(const struct frame *f, int own)
{
	if (!(consts.off & ACL_OFF_TUNNELS) && is_tunnel(f))
		return ACL_TUNNEL_ENDPOINT;
	if (consts.off & ACL_OFF_CONTROL)
		return GO_ON;
	if (f->fragment)
		return ACL_FRAG_TO_CTRL;
	if (f->options && !(consts.off & ACL_OFF_OPTIONS))
		return ACL_IP_OPTIONS;
	for (__u32 i = 0; i < ACL_SERVICES_MAX && i < consts.n_services; i++)
		if (service_matches(f, i))
			return step_service(f, consts.services[i].min_ttl);
	if (own && f->proto == ICMP && f->icmp_type < 13 && 1 << f->icmp_type & 0x1909)
		return within_rate(ACL_BUCKET_ICMP) ? GO_ON : ACL_ICMP_RATE;
	return ACL_CTRL_ACL;
}

/* Step 8b. */
static __always_inline __u32 step_ipv4_tables(const struct frame *f)
{
	__u8 bits = prefix_find(&sources, f->src_be), where;
	__u32 dst = bpf_ntohl(f->dst_be);

	if (bits & ACL_SRC_OWN && !(consts.off & ACL_OFF_MARTIANS))
		return ACL_MARTIAN;
	if (consts.source != ACL_SOURCE_OFF && !(bits & ACL_SRC_ROUTED))
		return ACL_URPF;
	where = prefix_find(&destinations, f->dst_be);
	if (where == ACL_DST_INFRA) {
		if (!(consts.off & ACL_OFF_TUNNELS) && is_tunnel(f))
			return ACL_TUNNEL_ENDPOINT;
		return consts.off & ACL_OFF_INFRASTRUCTURE ? GO_ON : ACL_INFRA_DST;
	}
	if (where == ACL_DST_OWN || dst >> 28 == 14 || dst == 0xffffffff)
		return step_control(f, where == ACL_DST_OWN);
	return GO_ON;
}

/* Step 9. */
static __always_inline __u32 step_label(const struct frame *f)
{
	const __u8 *p = f->l3;
	__u32 entry, label;

	if (p + 4 > f->end)
		return ACL_MALFORMED;
	entry = (__u32)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
	label = entry >> 12;
	if (label < 16 || !(entry & 0x100))
		return ACL_LABEL_RESERVED;
	return bpf_map_lookup_elem(&labels, &label) ? PASS_NOW : ACL_LABEL_NOT_DISTRIBUTED;
}

static __always_inline int in_range(__u32 v, __u32 lo, __u32 hi)
{
	return v >= lo && v <= hi;
}

static __always_inline int rule_matches(const struct frame *f, __u32 i)
{
	const volatile struct acl_rule *r = &consts.rules[i];
	__u32 len = f->total > 0xffff ? 0xffff : f->total;

	if ((f->src_be ^ r->src_be) & r->src_mask_be || (f->dst_be ^ r->dst_be) & r->dst_mask_be ||
		(f->proto ^ r->proto) & r->proto_mask)
		return 0;
	if ((f->l3[1] >> 2 ^ r->dscp) & r->dscp_mask || !in_range(f->l3[8], r->ttl_lo, r->ttl_hi) ||
		!in_range(len, r->len_lo, r->len_hi))
		return 0;
	if (r->fragment != ACL_FRAGMENT_ANY && (r->fragment == ACL_FRAGMENT_ONLY) != !!f->fragment)
		return 0;
	if (r->flags & ACL_RULE_PORTS && (!f->first || (f->proto != TCP && f->proto != UDP) ||
						 !in_range(f->sport, r->sport_lo, r->sport_hi) ||
						 !in_range(f->dport, r->dport_lo, r->dport_hi)))
		return 0;
	if (r->flags & ACL_RULE_ICMP && (!f->first || f->proto != ICMP ||
						(f->icmp_type ^ r->icmp_type) & r->icmp_type_mask ||
						(f->icmp_code ^ r->icmp_code) & r->icmp_code_mask))
		return 0;
	if (r->flags & ACL_RULE_TCP &&
		(!f->first || f->proto != TCP || (f->tcp_flags ^ r->tcp_flags) & r->tcp_mask))
		return 0;
	return 1;
}

/* Step 10: the place of the first rule that matches, n_rules: none. */
static __always_inline __u32 rule_find(const struct frame *f)
{
	__u32 i;

	for (i = 0; i < ACL_RULES_MAX && i < consts.n_rules; i++)
		if (rule_matches(f, i))
			return i;
	return ACL_RULES_MAX;
}

#endif
