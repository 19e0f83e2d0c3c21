/* A frame while it is looked at, and steps 1 to 7 of acl/match.h: what needs no table, alike for tc and XDP. */
#ifndef ACL_BPF_FRAME_H
#define ACL_BPF_FRAME_H

#include "acl/bpf/maps.h"

#ifndef GUARD_TAGS_MAX /* the tests break the program with another value, to see that they notice */
#define GUARD_TAGS_MAX ACL_TAGS_MAX
#endif

#define ETH_OCTETS   14
#define TAG_OCTETS   4
#define HEADERS_MAX  (ETH_OCTETS + TAG_OCTETS * ACL_TAGS_MAX + 60 + 20) /* what is ever read */
#define TYPE_IPV4    bpf_htons(0x0800)
#define TYPE_ARP     bpf_htons(0x0806)
#define TYPE_IPV6    bpf_htons(0x86dd)
#define TYPE_MPLS    bpf_htons(0x8847)
#define TYPE_MPLS_MC bpf_htons(0x8848)
#define TYPE_VLAN    bpf_htons(0x8100)
#define VID_MASK     0x0fff
#define ICMP	     1
#define TCP	     6
#define UDP	     17
#define GRE	     47
#define ICMPV6	     58
#define MPLS_IN_IP   137
#define TCP_SYN	     0x02
#define TCP_ACK	     0x10

#define AT16(p) (*(const __u16 *)(p))
#define AT32(p) (*(const __u32 *)(p))

/* PASS_NOW: nothing more is asked of it. GO_ON: the next step. */
enum { GO_ON = ACL_REASONS_MAX, PASS_NOW };

struct frame {
	void *ctx;		/* of the program */
	const __u8 *data, *end; /* HEADERS_MAX octets of it, or all */
	__u32 len;
	__u32 merged;	  /* the kernel made one of many segments (GRO) */
	__u16 outer_type; /* a tag that the kernel has taken off, its EtherType; 0: none */
	__u16 outer_tci;  /* ... host order */
	__u8 xdp;
	const __u8 *l3; /* what follows the EtherType behind all tags */
	__u32 l3_len;
};

/*
 * What is found in it, for tables and rules. They are functions of their own to the verifier (global ones), which looks at
 * them once and not once for each way that leads to them.
 */
struct facts {
	union {
		struct {
			__u32 src_be, dst_be; /* of IPv4; of ARP: sender and target */
		};
		__u64 pair;
	};
	__u32 total;	    /* length */
	__u32 entry;	    /* label stack entry, host order */
	__u64 mac;	    /* the source's, as 6 octets stand in memory */
	__u16 type;	    /* EtherType behind all tags, network order */
	__u16 fragment;	    /* flags and offset without DF, host order */
	__u16 sport, dport; /* host order; 0 where there is none */
	__u8 arp_reply;
	__u8 has; /* ACL_RULE_PORTS, _TCP, _ICMP: a whole packet or first fragment of such */
	__u8 proto, ttl, dscp, options;
	__u8 tcp_flags, icmp_type, icmp_code;
};

static __always_inline __u64 mac_load(const __u8 *p)
{
	return AT32(p) | (__u64)AT16(p + 4) << 32;
}

/* The constants are volatile: without that, the compiler would take them for the zeros that they are before loading. */
static __always_inline __u64 mac_constant(const volatile __u8 *p)
{
	const volatile __u16 *h = (const volatile __u16 *)p;

	return h[0] | (__u32)h[1] << 16 | (__u64)h[2] << 32;
}

static __always_inline int is_tag(__u16 type)
{
	return type == bpf_htons(0x8100) || type == bpf_htons(0x88a8) ||
	       type == bpf_htons(0x9100) || type == bpf_htons(0x9200) || type == bpf_htons(0x9300);
}

static __always_inline int is_mpls(__u16 type)
{
	return type == TYPE_MPLS || type == TYPE_MPLS_MC;
}

struct tags {
	__u32 n;
	__u16 vid;  /* of the first */
	__u16 type; /* ... */
	__u16 vids; /* of all, ored */
};

/* Step 1. */
static __always_inline __u32 step_tags(struct frame *f, struct facts *k, struct tags *t)
{
	const __u8 *p = f->data + ETH_OCTETS;
	__u16 type;

	if (p > f->end)
		return ACL_MALFORMED;
	type = AT16(f->data + 12);
	if (f->outer_type) {
		t->n = 1;
		t->type = f->outer_type;
		t->vid = t->vids = f->outer_tci & VID_MASK;
	}
	for (int i = 0; i < GUARD_TAGS_MAX && is_tag(type); i++) {
		if (t->n == GUARD_TAGS_MAX)
			break;
		if (p + TAG_OCTETS > f->end)
			return ACL_MALFORMED;
		__u16 vid = bpf_ntohs(AT16(p)) & VID_MASK;
		if (!t->n) {
			t->type = type;
			t->vid = vid;
		}
		t->vids |= vid;
		t->n++;
		type = AT16(p + 2);
		p += TAG_OCTETS;
	}
	if (is_tag(type))
		return ACL_L2_TAG_DEPTH;
	k->type = type;
	f->l3 = p;
	f->l3_len = f->len - (__u32)(p - f->data);
	return GO_ON;
}

/* Step 3. */
static __always_inline __u32 step_vlan(const struct tags *t)
{
	if (consts.role == ACL_ROLE_TRUNK) {
		__u32 word = t->vid / 64;
		bound(word, ACL_VIDS / 64 - 1);
		if (t->n != 1 || t->type != TYPE_VLAN || !t->vid ||
			!(consts.vids[word] & 1ull << t->vid % 64))
			return ACL_L2_VLAN_NOT_AGREED;
		return PASS_NOW;
	}
	if (t->n) {
		if (t->vids)
			return ACL_L2_VLAN_NOT_AGREED;
		if (!(consts.off & ACL_OFF_TAGS))
			return ACL_L2_PRIO_TAG;
	}
	return GO_ON;
}

/* Step 4. */
static __always_inline __u32 step_source_mac(const struct frame *f, struct facts *k)
{
	k->mac = mac_load(f->data + 6);
	return f->data[6] & 1 || k->mac == mac_constant(consts.mac) ? ACL_MAC_SPOOF : GO_ON;
}

/* Step 5, IPv6: none is let in; why depends on what it is. */
static __always_inline __u32 step_ipv6(const struct frame *f)
{
	const __u8 *p = f->l3;

	if (p + 41 > f->end)
		return ACL_ETHERTYPE_NOT_ALLOWED;
	if (p[6] == ICMPV6 && (p[40] == 134 || p[40] == 137))
		return ACL_RA_FROM_CE;
	if (p[6] == UDP && p + 42 <= f->end && AT16(p + 40) == bpf_htons(547) &&
		!(consts.off & ACL_OFF_DHCP))
		return ACL_DHCP_SERVER;
	return ACL_ETHERTYPE_NOT_ALLOWED;
}

struct options {
	__u8 octet[64];
	__u32 at;
};

enum { OPTION_NEXT, OPTIONS_GOOD, OPTIONS_BAD };

/* One option; n: octets of all. */
__noinline __u32 option_step(struct options *o, __u32 n)
{
	if (!o)
		return OPTIONS_BAD;
	__u32 i = o->at & 63;
	if (i >= n)
		return OPTIONS_GOOD;
	__u32 type = o->octet[i], len = o->octet[(i + 1) & 63];
	if (type == 0)
		return OPTIONS_GOOD;
	if (type == 1)
		len = 1;
	else if (type == 7 || type == 68 || type == 131 || type == 137)
		return OPTIONS_BAD;
	else if (i + 1 >= n || len < 2 || i + len > n)
		return OPTIONS_BAD;
	o->at = i + len;
	return OPTION_NEXT;
}

/* Whether options hold what no customer may send. */
__noinline __u32 options_bad(struct options *o, __u32 n)
{
	__u32 r = OPTION_NEXT;

	if (!o)
		return 1;
	for (int turn = 0; turn <= 40; turn++) {
		r = option_step(o, n);
		if (r != OPTION_NEXT)
			break;
	}
	return r != OPTIONS_GOOD;
}

/* n: 4 to 40. */
static __always_inline __u32 step_options(const struct frame *f, __u32 n)
{
	struct options o = {0};
	__u32 at = f->l3 - f->data + 20, len = ((n - 1) & 63) + 1; /* provably 1 at least */
	long r = f->xdp ? bpf_xdp_load_bytes(f->ctx, at, o.octet, len)
			: bpf_skb_load_bytes(f->ctx, at, o.octet, len);

	return r || options_bad(&o, n) ? ACL_IP_OPTIONS : GO_ON;
}

/* The transport header of a whole packet or a first fragment: fields that rules and services look at. */
static __always_inline __u32 transport_read(
	const struct frame *f, struct facts *k, const __u8 *p, __u32 there)
{
	if (k->proto == TCP) {
		if (there < 20 || p + 20 > f->end)
			return ACL_MALFORMED;
		k->tcp_flags = p[13];
		k->has = ACL_RULE_PORTS | ACL_RULE_TCP;
	} else if (k->proto == UDP) {
		if (there < 8 || p + 8 > f->end)
			return ACL_MALFORMED;
		k->has = ACL_RULE_PORTS;
	} else if (k->proto == ICMP) {
		if (there < 8 || p + 8 > f->end)
			return ACL_MALFORMED;
		k->icmp_type = p[0];
		k->icmp_code = p[1];
		k->has = ACL_RULE_ICMP;
		return GO_ON;
	} else {
		return GO_ON;
	}
	k->sport = bpf_ntohs(AT16(p));
	k->dport = bpf_ntohs(AT16(p + 2));
	return GO_ON;
}

static __always_inline __u32 step_transport(
	const struct frame *f, struct facts *k, const __u8 *p, __u32 there)
{
	__u32 r = transport_read(f, k, p, there);

	if (r != GO_ON || consts.role == ACL_ROLE_CORE)
		return r;
	if (k->proto == UDP && !(consts.off & ACL_OFF_DHCP)) {
		if (k->dport == 68)
			return ACL_DHCP_SERVER;
		if (k->sport == 67 && there > 8 && p + 9 <= f->end && p[8] == 2)
			return ACL_DHCP_SERVER;
	}
	if (k->proto == ICMP && k->icmp_type == 5 && !(consts.off & ACL_OFF_REDIRECT))
		return ACL_ICMP_REDIRECT;
	return GO_ON;
}

/*
 * The header and its lengths. Segments that the kernel has merged beyond 65535 octets have total length 0 (BIG TCP): tc
 * knows that they are merged and takes what is there.
 */
static __always_inline __u32 step_ipv4_header(const struct frame *f, struct facts *k, __u32 *header)
{
	const __u8 *p = f->l3;

	if (p + 20 > f->end)
		return ACL_MALFORMED;
	*header = (p[0] & 15) * 4;
	k->total = bpf_ntohs(AT16(p + 2));
	if (unlikely(!k->total && f->merged && f->l3_len > 0xffff))
		k->total = f->l3_len;
	if (p[0] >> 4 != 4 || *header < 20 || k->total < *header || k->total > f->l3_len)
		return ACL_MALFORMED;
	k->options = *header > 20;
	k->fragment = bpf_ntohs(AT16(p + 6)) & 0x3fff;
	k->dscp = p[1] >> 2;
	k->ttl = p[8];
	k->proto = p[9];
	k->src_be = AT32(p + 12);
	k->dst_be = AT32(p + 16);
	return GO_ON;
}

/* Behind the header. A fragment of TCP at offset 1 would lie over the flags of the first. */
static __always_inline __u32 step_ipv4_rest(const struct frame *f, struct facts *k, __u32 header)
{
	__u32 offset = k->fragment & 0x1fff;

	if (offset)
		return k->proto == TCP && offset == 1 ? ACL_MALFORMED : GO_ON;
	return step_transport(f, k, f->l3 + header, k->total - header);
}

static __always_inline int is_martian(__u32 addr)
{
	__u32 top = addr >> 24;

	return top == 0 || top == 127 || addr >> 16 == 0xa9fe;
}

/* Step 6. */
static __always_inline __u32 step_ipv4(const struct frame *f, struct facts *k)
{
	__u32 header, r = step_ipv4_header(f, k, &header), src, dst;

	if (r != GO_ON)
		return r;
	src = bpf_ntohl(k->src_be);
	dst = bpf_ntohl(k->dst_be);
	if (!(consts.off & ACL_OFF_MARTIANS)) {
		if (is_martian(src) || src >> 29 == 7)
			return ACL_MARTIAN;
		if (is_martian(dst) || (dst >> 28 == 15 && dst != 0xffffffff))
			return ACL_MARTIAN;
	}
	if (unlikely(header > 20) && !(consts.off & ACL_OFF_OPTIONS)) {
		r = step_options(f, header - 20);
		if (r != GO_ON)
			return r;
	}
	return step_ipv4_rest(f, k, header);
}

/* Step 7. */
static __always_inline __u32 step_arp(const struct frame *f, struct facts *k)
{
	const __u8 *p = f->l3;

	if (p + 28 > f->end)
		return ACL_MALFORMED;
	if (AT16(p) != bpf_htons(1) || AT16(p + 2) != TYPE_IPV4 ||
		AT16(p + 4) != bpf_htons(0x0604) ||
		(AT16(p + 6) != bpf_htons(1) && AT16(p + 6) != bpf_htons(2)))
		return ACL_MALFORMED;
	if (!(consts.off & ACL_OFF_ARP) &&
		(AT32(p + 8) != AT32(f->data + 6) || AT16(p + 12) != AT16(f->data + 10)))
		return ACL_ARP_SPOOF;
	k->arp_reply = AT16(p + 6) != bpf_htons(1);
	k->src_be = AT16(p + 14) | (__u32)AT16(p + 16) << 16;
	k->dst_be = AT16(p + 24) | (__u32)AT16(p + 26) << 16;
	return GO_ON;
}

/* Before step 9. */
static __always_inline __u32 step_entry(const struct frame *f, struct facts *k)
{
	const __u8 *p = f->l3;

	if (p + 4 > f->end)
		return ACL_MALFORMED;
	k->entry = bpf_ntohl(AT16(p) | (__u32)AT16(p + 2) << 16);
	return GO_ON;
}

/* Step 3, core: whose lengths lie passes no rule of ours. */
static __always_inline __u32 step_core(const struct frame *f, struct facts *k)
{
	__u32 header;

	if (is_mpls(k->type))
		return step_entry(f, k);
	if (!consts.n_rules || k->type != TYPE_IPV4)
		return PASS_NOW;
	__u32 r = step_ipv4_header(f, k, &header);
	return r == GO_ON ? step_ipv4_rest(f, k, header) : r;
}

/* Steps 1 to 7. Of a label that is to be looked up, that it is there is asked at tc alone. */
static __always_inline __u32 stateless(struct frame *f, struct facts *k)
{
	struct tags t = {0};
	__u32 r = step_tags(f, k, &t);

	if (r != GO_ON)
		return r;
	if (is_mpls(k->type)) {
		if (consts.labels == ACL_LABELS_NONE)
			return ACL_MPLS_NOT_ENABLED;
		if (consts.labels == ACL_LABELS_ALL && consts.role != ACL_ROLE_TRUNK)
			return PASS_NOW;
	}
	if (consts.role == ACL_ROLE_CORE)
		return step_core(f, k);
	r = step_vlan(&t);
	if (r != GO_ON)
		return r;
	r = step_source_mac(f, k);
	if (r != GO_ON)
		return r;
	if (likely(k->type == TYPE_IPV4))
		return step_ipv4(f, k);
	if (k->type == TYPE_ARP)
		return step_arp(f, k);
	if (is_mpls(k->type))
		return f->xdp ? PASS_NOW : step_entry(f, k);
	return k->type == TYPE_IPV6 ? step_ipv6(f) : ACL_ETHERTYPE_NOT_ALLOWED;
}

#endif
