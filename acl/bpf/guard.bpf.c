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

/* Step 10. */
static __always_inline __u32 own_rules(
	struct __sk_buff *skb, const struct frame *f, struct facts *k)
{
	__u32 i = rule_find(k);

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

/* The headers are made to stand in one piece. */
static __always_inline void frame_take(struct __sk_buff *skb, struct frame *f)
{
	f->data = (const __u8 *)(long)skb->data;
	f->end = (const __u8 *)(long)skb->data_end;
	if (unlikely(f->data + HEADERS_MAX > f->end) && (__u32)(f->end - f->data) < f->len) {
		bpf_skb_pull_data(skb, f->len < HEADERS_MAX ? f->len : HEADERS_MAX);
		f->data = (const __u8 *)(long)skb->data;
		f->end = (const __u8 *)(long)skb->data_end;
	}
	if (skb->vlan_present) {
		f->outer_type = skb->vlan_proto;
		f->outer_tci = skb->vlan_tci;
	}
	f->merged = skb->gso_size;
}

static __always_inline __u32 judge(struct __sk_buff *skb, struct frame *f)
{
	struct facts k = {0};
	__u32 r;

	if (unlikely(!is_open()))
		return ACL_PORT_NOT_BOUND;
	r = stateless(f, &k);
	if (r == GO_ON && (consts.role == ACL_ROLE_ACCESS || is_mpls(k.type)))
		r = with_tables(&k);
	if (r == GO_ON)
		r = consts.n_rules && k.type == TYPE_IPV4 ? own_rules(skb, f, &k) : ACL_PASS;
	return r == PASS_NOW ? ACL_PASS : r;
}

SEC("tc")
int ravelin_guard(struct __sk_buff *skb)
{
	struct frame f = {.ctx = skb, .len = skb->len};

	frame_take(skb, &f);
	__u32 r = judge(skb, &f);
	count(r);
	if (likely(r == ACL_PASS))
		return TC_ACT_UNSPEC;
	if (r != ACL_RULE_DROP) /* which says itself whether it is to be recorded */
		sample_tc(skb, &f, (struct why){.rule = ACL_RULE_NONE, .reason = r});
	return TC_ACT_SHOT;
}

SEC("xdp")
int ravelin_xdp(struct xdp_md *xdp)
{
	struct frame f = {.ctx = xdp,
		.data = (const __u8 *)(long)xdp->data,
		.end = (const __u8 *)(long)xdp->data_end,
		.xdp = 1,
		.merged = 1}; /* not known here: total length 0 is left to tc */
	struct facts k = {0};
	__u32 r = ACL_PORT_NOT_BOUND;

	f.len = f.end - f.data;
	if (likely(is_open()))
		r = stateless(&f, &k);
	if (likely(r >= ACL_REASONS_MAX))
		return XDP_PASS;
	count(r);
	sample_xdp(xdp, &f, (struct why){.rule = ACL_RULE_NONE, .reason = r, .xdp = 1});
	return XDP_DROP;
}

const char gpl[] SEC("license") = "GPL";
