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
	const __u8 *data, *end; /* HEADERS_MAX octets of it, or all */
	__u32 len;
	__u32 merged;	  /* the kernel made one of many segments (GRO) */
	__u16 outer_type; /* a tag that the kernel has taken off, its EtherType; 0: none */
	__u16 outer_tci;  /* ... host order */
	__u16 type;	  /* EtherType behind all tags */
	const __u8 *l3;	  /* what follows it */
	__u32 l3_len;
	/* IPv4 */
	const __u8 *l4;
	__u32 src_be, dst_be;
	__u32 total;	    /* length */
	__u16 fragment;	    /* flags and offset, without DF; host order */
	__u16 sport, dport; /* host order; 0 where there is none */
	__u8 first;	    /* whole, or the first fragment */
	__u8 proto, options;
	__u8 tcp_flags, icmp_type, icmp_code;
};

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
static __always_inline __u32 step_tags(struct frame *f, struct tags *t)
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
	f->type = type;
	f->l3 = p;
	f->l3_len = f->len - (__u32)(p - f->data);
	return GO_ON;
}

/* Step 3. */
static __always_inline __u32 step_vlan(const struct tags *t)
{
	if (consts.role == ACL_ROLE_TRUNK) {
		if (t->n != 1 || t->type != TYPE_VLAN || !t->vid ||
			!(consts.vids[t->vid / 64] & 1ull << t->vid % 64))
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

static __always_inline int mac_equal(const __u8 *a, const __u8 *b)
{
	return AT16(a) == AT16(b) && AT16(a + 2) == AT16(b + 2) && AT16(a + 4) == AT16(b + 4);
}

/* Step 4. */
static __always_inline __u32 step_source_mac(const struct frame *f)
{
	const __u8 *mac = f->data + 6;

	if (mac[0] & 1)
		return ACL_MAC_SPOOF;
	return mac_equal(mac, (const __u8 *)consts.mac) ? ACL_MAC_SPOOF : GO_ON;
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

static __always_inline int is_martian(__u32 addr)
{
	__u32 top = addr >> 24;

	return top == 0 || top == 127 || addr >> 16 == 0xa9fe;
}

/*
 * Whether options hold what no customer may send; n: their octets, 4 to 40, of which all are there. Every octet is visited,
 * and `starts` has a bit for each at which an option begins: so the place is always known to the verifier, and ways
 * that meet there are one.
 */
static __noinline __u32 options_bad(const __u8 *p, __u32 n, const __u8 *end)
{
	__u64 starts = 1;

	for (__u32 i = 0; i < 40; i++) {
		if (i >= n || p + i + 1 > end)
			return 0;
		if (!(starts >> i & 1))
			continue;
		__u8 type = p[i];
		if (type == 0)
			return 0;
		if (type == 1) {
			starts |= 2ull << i;
			continue;
		}
		if (type == 7 || type == 68 || type == 131 || type == 137)
			return 1;
		if (i + 1 >= n || p + i + 2 > end)
			return 1;
		__u32 len = p[i + 1];
		if (len < 2 || i + len > n)
			return 1;
		starts |= 1ull << (i + len & 63);
	}
	return 0;
}

/* The transport header of a whole packet or a first fragment: fields that rules and services look at. */
static __always_inline __u32 transport_read(struct frame *f, __u32 there)
{
	const __u8 *p = f->l4;

	if (f->proto == TCP) {
		if (there < 20 || p + 20 > f->end)
			return ACL_MALFORMED;
		f->tcp_flags = p[13];
	} else if (f->proto == UDP || f->proto == ICMP) {
		if (there < 8 || p + 8 > f->end)
			return ACL_MALFORMED;
	} else {
		return GO_ON;
	}
	if (f->proto == ICMP) {
		f->icmp_type = p[0];
		f->icmp_code = p[1];
	} else {
		f->sport = bpf_ntohs(AT16(p));
		f->dport = bpf_ntohs(AT16(p + 2));
	}
	return GO_ON;
}

static __always_inline __u32 step_transport(struct frame *f, __u32 there)
{
	__u32 r = transport_read(f, there);

	if (r != GO_ON || consts.role == ACL_ROLE_CORE)
		return r;
	if (f->proto == ICMP && f->icmp_type == 5 && !(consts.off & ACL_OFF_REDIRECT))
		return ACL_ICMP_REDIRECT;
	if (f->proto == UDP && !(consts.off & ACL_OFF_DHCP)) {
		if (f->dport == 68)
			return ACL_DHCP_SERVER;
		if (f->sport == 67 && there > 8 && f->l4 + 9 <= f->end && f->l4[8] == 2)
			return ACL_DHCP_SERVER;
	}
	return GO_ON;
}

/*
 * The header and its lengths. Segments that the kernel has merged beyond 65535 octets have total length 0 (BIG TCP): tc
 * knows that they are merged and takes what is there.
 */
static __always_inline __u32 step_ipv4_header(struct frame *f)
{
	const __u8 *p = f->l3;
	__u32 header;

	if (p + 20 > f->end)
		return ACL_MALFORMED;
	header = (p[0] & 15) * 4;
	f->total = bpf_ntohs(AT16(p + 2));
	if (unlikely(!f->total && f->merged && f->l3_len > 0xffff))
		f->total = f->l3_len;
	if (p[0] >> 4 != 4 || header < 20 || f->total < header || f->total > f->l3_len)
		return ACL_MALFORMED;
	f->l4 = p + header;
	if (f->l4 > f->end)
		return ACL_MALFORMED;
	f->options = header > 20;
	f->fragment = bpf_ntohs(AT16(p + 6)) & 0x3fff;
	f->first = !(f->fragment & 0x1fff);
	f->proto = p[9];
	f->src_be = AT32(p + 12);
	f->dst_be = AT32(p + 16);
	return GO_ON;
}

/* Behind the header. A fragment of TCP at offset 1 would lie over the flags of the first. */
static __always_inline __u32 step_ipv4_rest(struct frame *f)
{
	if (!f->first)
		return f->proto == TCP && (f->fragment & 0x1fff) == 1 ? ACL_MALFORMED : GO_ON;
	return step_transport(f, f->total - (__u32)(f->l4 - f->l3));
}

/* Step 6. */
static __always_inline __u32 step_ipv4(struct frame *f)
{
	__u32 r = step_ipv4_header(f), src, dst;

	if (r != GO_ON)
		return r;
	src = bpf_ntohl(f->src_be);
	dst = bpf_ntohl(f->dst_be);
	if (!(consts.off & ACL_OFF_MARTIANS)) {
		if (is_martian(src) || src >> 29 == 7)
			return ACL_MARTIAN;
		if (is_martian(dst) || (dst >> 28 == 15 && dst != 0xffffffff))
			return ACL_MARTIAN;
	}
	if (unlikely(f->options) && !(consts.off & ACL_OFF_OPTIONS) &&
		options_bad(f->l3 + 20, (__u32)(f->l4 - f->l3) - 20, f->end))
		return ACL_IP_OPTIONS;
	return step_ipv4_rest(f);
}

/* Step 7. */
static __always_inline __u32 step_arp(const struct frame *f)
{
	const __u8 *p = f->l3;

	if (p + 28 > f->end)
		return ACL_MALFORMED;
	if (AT16(p) != bpf_htons(1) || AT16(p + 2) != TYPE_IPV4 ||
		AT16(p + 4) != bpf_htons(0x0604) ||
		(AT16(p + 6) != bpf_htons(1) && AT16(p + 6) != bpf_htons(2)))
		return ACL_MALFORMED;
	if (!(consts.off & ACL_OFF_ARP) && !mac_equal(p + 8, f->data + 6))
		return ACL_ARP_SPOOF;
	return GO_ON;
}

/* Step 3, core: whose lengths lie passes no rule of ours. */
static __always_inline __u32 step_core(struct frame *f)
{
	if (!consts.n_rules || f->type != TYPE_IPV4)
		return is_mpls(f->type) ? GO_ON : PASS_NOW;
	__u32 r = step_ipv4_header(f);
	return r == GO_ON ? step_ipv4_rest(f) : r;
}

/* Steps 1 to 7. */
static __always_inline __u32 stateless(struct frame *f)
{
	struct tags t = {0};
	__u32 r = step_tags(f, &t);

	if (r != GO_ON)
		return r;
	if (is_mpls(f->type)) {
		if (consts.labels == ACL_LABELS_NONE)
			return ACL_MPLS_NOT_ENABLED;
		if (consts.labels == ACL_LABELS_ALL && consts.role != ACL_ROLE_TRUNK)
			return PASS_NOW;
	}
	if (consts.role == ACL_ROLE_CORE)
		return step_core(f);
	r = step_vlan(&t);
	if (r != GO_ON)
		return r;
	r = step_source_mac(f);
	if (r != GO_ON)
		return r;
	if (likely(f->type == TYPE_IPV4))
		return step_ipv4(f);
	if (f->type == TYPE_ARP)
		return step_arp(f);
	if (is_mpls(f->type))
		return GO_ON;
	return f->type == TYPE_IPV6 ? step_ipv6(f) : ACL_ETHERTYPE_NOT_ALLOWED;
}

#endif
