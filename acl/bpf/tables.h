/* Steps 8 to 10 of acl/match.h: what needs tables, buckets and rules, at tc alone. */
#ifndef ACL_BPF_TABLES_H
#define ACL_BPF_TABLES_H

#include "acl/bpf/frame.h"

/*
 * Comparisons with what a packet says are made without branches where a list is walked: a branch would teach the verifier
 * something about the packet on each side, and each entry would double what it has to look at.
 */

/* Step 8. */
static __always_inline __u32 step_bindings(const struct facts *k)
{
	int known = 0, found = k->type != TYPE_IPV4;

	if (!consts.n_bindings)
		return GO_ON;
	for (__u32 i = 0; i < ACL_BINDINGS_MAX && i < consts.n_bindings; i++) {
		int same = !(k->mac ^ mac_constant(consts.bindings[i].mac));
		if (!found && !(consts.bindings[i].addr_be ^ k->src_be)) {
			found = 1;
			if (!same)
				return ACL_MAC_SPOOF;
		}
		known |= same;
	}
	return known ? GO_ON : ACL_MAC_SPOOF;
}

static __always_inline int binding_agrees(const struct facts *k)
{
	for (__u32 i = 0; i < ACL_BINDINGS_MAX && i < consts.n_bindings; i++)
		if (!(consts.bindings[i].addr_be ^ k->src_be))
			return !(k->mac ^ mac_constant(consts.bindings[i].mac));
	return 0;
}

/* Step 8a. */
static __always_inline __u32 step_arp_tables(const struct facts *k)
{
	if (!(consts.off & ACL_OFF_ARP)) {
		if (k->src_be) {
			__u8 bits = prefix_find(&sources, k->src_be);
			if (bits & ACL_SRC_OWN)
				return ACL_ARP_SPOOF;
			if (bits & ACL_SRC_LINK) {
				if (consts.n_bindings && !binding_agrees(k))
					return ACL_ARP_SPOOF;
			} else if (k->arp_reply || k->dst_be == k->src_be) {
				return ACL_ARP_SPOOF;
			}
		}
		if (k->dst_be != k->src_be && prefix_find(&destinations, k->dst_be) != ACL_DST_OWN)
			return ACL_ARP_TARGET;
	}
	return within_rate(ACL_BUCKET_ARP) ? PASS_NOW : ACL_ARP_RATE;
}

static __always_inline int is_tunnel(const struct facts *k)
{
	return k->proto == GRE || k->proto == MPLS_IN_IP ||
	       (k->proto == UDP && (k->dport == 6635 || k->dport == 6636));
}

static __always_inline int service_matches(const struct facts *k, __u32 i)
{
	__u8 proto = consts.services[i].proto;
	__u32 port = consts.services[i].port;
	__u32 other = k->proto ^ proto;

	other |= (k->src_be & consts.services[i].src_mask_be) ^ consts.services[i].src_be;
	if (proto == TCP)
		other |= (k->sport ^ port) * (k->dport ^ port);
	else if (proto == UDP)
		other |= k->dport ^ port;
	return !other;
}

static __always_inline __u32 step_service(const struct facts *k, __u8 min_ttl)
{
	if (k->ttl < min_ttl)
		return ACL_GTSM;
	if (k->has & ACL_RULE_TCP && (k->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN &&
		!within_rate(ACL_BUCKET_FLOW))
		return ACL_FLOW_RATE;
	return within_rate(ACL_BUCKET_CTRL) ? GO_ON : ACL_CTRL_RATE;
}

/* Step 8b, to the router itself. */
static __always_inline __u32 step_control(const struct facts *k, int own)
{
	__u32 i;

	if (!(consts.off & ACL_OFF_TUNNELS) && is_tunnel(k))
		return ACL_TUNNEL_ENDPOINT;
	if (consts.off & ACL_OFF_CONTROL)
		return GO_ON;
	if (k->fragment)
		return ACL_FRAG_TO_CTRL;
	if (k->options && !(consts.off & ACL_OFF_OPTIONS))
		return ACL_IP_OPTIONS;
	for (i = 0; i < ACL_SERVICES_MAX && i < consts.n_services; i++)
		if (service_matches(k, i))
			break;
	if (i < ACL_SERVICES_MAX && i < consts.n_services)
		return step_service(k, consts.services[i].min_ttl);
	if (own && k->has & ACL_RULE_ICMP && k->icmp_type < 13 && 1 << k->icmp_type & 0x1909)
		return within_rate(ACL_BUCKET_ICMP) ? GO_ON : ACL_ICMP_RATE;
	return ACL_CTRL_ACL;
}

/* Step 8b. */
static __always_inline __u32 step_ipv4_tables(const struct facts *k)
{
	__u8 bits = prefix_find(&sources, k->src_be), where;
	__u32 dst = bpf_ntohl(k->dst_be);

	if (bits & ACL_SRC_OWN && !(consts.off & ACL_OFF_MARTIANS))
		return ACL_MARTIAN;
	if (consts.source != ACL_SOURCE_OFF && !(bits & ACL_SRC_ROUTED))
		return ACL_URPF;
	where = prefix_find(&destinations, k->dst_be);
	if (where == ACL_DST_INFRA) {
		if (!(consts.off & ACL_OFF_TUNNELS) && is_tunnel(k))
			return ACL_TUNNEL_ENDPOINT;
		return consts.off & ACL_OFF_INFRASTRUCTURE ? GO_ON : ACL_INFRA_DST;
	}
	if (where == ACL_DST_OWN || dst >> 28 == 14 || dst == 0xffffffff)
		return step_control(k, where == ACL_DST_OWN);
	return GO_ON;
}

/* Step 9. */
static __always_inline __u32 step_label(const struct facts *k)
{
	__u32 label = k->entry >> 12;

	if (label < 16 || !(k->entry & 0x100))
		return ACL_LABEL_RESERVED;
	return bpf_map_lookup_elem(&labels, &label) ? PASS_NOW : ACL_LABEL_NOT_DISTRIBUTED;
}

/* Steps 8 and 9. */
__noinline __u32 with_tables(struct facts *k)
{
	if (!k)
		return ACL_MALFORMED;
	if (is_mpls(k->type))
		return step_label(k);
	__u32 r = step_bindings(k);
	if (r != GO_ON)
		return r;
	return k->type == TYPE_ARP ? step_arp_tables(k) : step_ipv4_tables(k);
}

/* Negative if v is not in lo .. hi; all are small. */
static __always_inline __s32 outside(__s32 v, __s32 lo, __s32 hi)
{
	return (v - lo | hi - v) & (__s32)0x80000000;
}

static __always_inline int rule_matches(const struct facts *k, __u32 i)
{
	const volatile struct acl_rule *r = &consts.rules[i];
	const volatile __u64 *pair =
		(const volatile __u64 *)&r->src_be; /* source and destination; masks */
	__u64 unlike = (k->pair & pair[1]) ^ pair[0];

	unlike |= (k->proto & r->proto_mask) ^ r->proto;
	if (unlike)
		return 0;
	__u32 len = k->total > 0xffff ? 0xffff : k->total, flags = r->flags, other;
	other = flags & ~k->has & (ACL_RULE_PORTS | ACL_RULE_ICMP | ACL_RULE_TCP);
	other |= (k->dscp & r->dscp_mask) ^ r->dscp;
	other |= outside(k->ttl, r->ttl_lo, r->ttl_hi) | outside(len, r->len_lo, r->len_hi);
	if (flags & ACL_RULE_PORTS)
		other |= outside(k->sport, r->sport_lo, r->sport_hi) |
			 outside(k->dport, r->dport_lo, r->dport_hi);
	if (flags & ACL_RULE_ICMP)
		other |= ((k->icmp_type & r->icmp_type_mask) ^ r->icmp_type) |
			 ((k->icmp_code & r->icmp_code_mask) ^ r->icmp_code);
	if (flags & ACL_RULE_TCP)
		other |= (k->tcp_flags & r->tcp_mask) ^ r->tcp_flags;
	if (r->fragment == ACL_FRAGMENT_ONLY)
		other |= !k->fragment;
	if (r->fragment == ACL_FRAGMENT_NONE)
		other |= k->fragment;
	return !other;
}

/* Step 10: the place of the first rule that matches; ACL_RULES_MAX: none. */
__noinline __u32 rule_find(struct facts *k)
{
	if (!k)
		return ACL_RULES_MAX;
	for (__u32 i = 0; i < ACL_RULES_MAX && i < consts.n_rules; i++)
		if (rule_matches(k, i))
			return i;
	return ACL_RULES_MAX;
}

#endif
