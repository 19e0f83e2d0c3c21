/*
 * The guard of a port in the kernel: acl/match.h says what it decides, in what order and why. Steps 0 to 7 are the XDP
 * program, all of them the one at tc ingress.
 */
#include "acl/bpf/tables.h"

#include <linux/pkt_cls.h>

/* What a record says besides octets and length. */
struct why {
	__u16 rule;
	__u8 reason, xdp;
};

static __always_inline __u32 sample_fill(
	struct acl_sample *s, const struct frame *f, struct why why)
{
	s->time_ns = bpf_ktime_get_ns();
	s->ifindex = consts.ifindex;
	s->len = f->len < 0xffff ? f->len : 0xffff;
	s->rule = why.rule;
	s->reason = why.reason;
	s->xdp = why.xdp;
	s->vlan_tci_be = bpf_htons(f->outer_tci);
	s->vlan_proto_be = f->outer_type;
	__builtin_memset(s->octets, 0, sizeof(s->octets));
	__builtin_memset(s->zero, 0, sizeof(s->zero));
	__u32 n = f->len < ACL_SAMPLE_OCTETS ? f->len : ACL_SAMPLE_OCTETS;
	return ((n - 1) & (ACL_SAMPLE_OCTETS - 1)) +
	       1; /* provably at least 1, as Linux 6.1 wants */
}

static __always_inline void sample_tc(struct __sk_buff *skb, const struct frame *f, struct why why)
{
	struct acl_sample *s;

	if (likely(!sample_wanted()))
		return;
	s = bpf_ringbuf_reserve(&drops, sizeof(*s), 0);
	if (!s)
		return;
	__u32 n = sample_fill(s, f, why);
	s->cap = bpf_skb_load_bytes(skb, 0, s->octets, n) ? 0 : n;
	bpf_ringbuf_submit(s, 0);
}

static __always_inline void sample_xdp(struct xdp_md *xdp, const struct frame *f, struct why why)
{
	struct acl_sample *s;

	if (likely(!sample_wanted()))
		return;
	s = bpf_ringbuf_reserve(&drops, sizeof(*s), 0);
	if (!s)
		return;
	__u32 n = sample_fill(s, f, why);
	s->cap = bpf_xdp_load_bytes(xdp, 0, s->octets, n) ? 0 : n;
	bpf_ringbuf_submit(s, 0);
}

static __always_inline int is_open(void)
{
	return *(volatile __u32 *)&state.open && consts.role != ACL_ROLE_CLOSED;
}

/* Steps 8 and 9. */
static __always_inline __u32 with_tables(struct frame *f)
{
	if (is_mpls(f->type))
		return step_label(f);
	if (consts.role == ACL_ROLE_CORE)
		return GO_ON;
	__u32 r = step_bindings(f);
	if (r != GO_ON)
		return r;
	return f->type == TYPE_ARP ? step_arp_tables(f) : step_ipv4_tables(f);
}

/* Step 10. */
static __always_inline __u32 own_rules(struct __sk_buff *skb, struct frame *f)
{
	if (f->type != TYPE_IPV4)
		return ACL_PASS;
	__u32 i = rule_find(f);
	if (i >= ACL_RULES_MAX)
		return ACL_PASS;
	__u16 id = consts.rules[i].id;
	__u8 flags = consts.rules[i].flags;
	__u32 reason = flags & ACL_RULE_PERMIT ? ACL_PASS : ACL_RULE_DROP;
	count_rule(id);
	if (flags & ACL_RULE_LOG)
		sample_tc(skb, f, (struct why){.rule = id, .reason = reason});
	return reason;
}

static __always_inline int drop(struct __sk_buff *skb, const struct frame *f, __u32 reason)
{
	count(reason);
	sample_tc(skb, f, (struct why){.rule = ACL_RULE_NONE, .reason = reason});
	return TC_ACT_SHOT;
}

SEC("tc")
int ravelin_guard(struct __sk_buff *skb)
{
	struct frame f = {.len = skb->len};
	__u32 r;

	f.data = (const __u8 *)(long)skb->data;
	f.end = (const __u8 *)(long)skb->data_end;
	if (unlikely(f.end - f.data < HEADERS_MAX && (__u32)(f.end - f.data) < f.len)) {
		bpf_skb_pull_data(skb, f.len < HEADERS_MAX ? f.len : HEADERS_MAX);
		f.data = (const __u8 *)(long)skb->data;
		f.end = (const __u8 *)(long)skb->data_end;
	}
	if (skb->vlan_present) {
		f.outer_type = skb->vlan_proto;
		f.outer_tci = skb->vlan_tci;
	}
	if (unlikely(!is_open()))
		return drop(skb, &f, ACL_PORT_NOT_BOUND);
	f.merged = skb->gso_size;
	r = stateless(&f);
	if (r == GO_ON)
		r = with_tables(&f);
	if (unlikely(r < ACL_REASONS_MAX))
		return drop(skb, &f, r);
	if (consts.n_rules && r == GO_ON) {
		r = own_rules(skb, &f);
		if (r != ACL_PASS) {
			count(r);
			return TC_ACT_SHOT;
		}
	}
	count(ACL_PASS);
	return TC_ACT_UNSPEC;
}

SEC("xdp")
int ravelin_xdp(struct xdp_md *xdp)
{
	struct frame f = {
		.data = (const __u8 *)(long)xdp->data, .end = (const __u8 *)(long)xdp->data_end};
	__u32 r = ACL_PORT_NOT_BOUND;

	f.len = f.end - f.data;
	f.merged = 1; /* not known here: total length 0 is left to tc */
	if (likely(is_open()))
		r = stateless(&f);
	if (likely(r >= ACL_REASONS_MAX))
		return XDP_PASS;
	count(r);
	sample_xdp(xdp, &f, (struct why){.rule = ACL_RULE_NONE, .reason = r, .xdp = 1});
	return XDP_DROP;
}

const char gpl[] SEC("license") = "GPL";
