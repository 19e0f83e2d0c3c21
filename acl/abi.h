/*
 * What the guard's eBPF program, its reference (acl/match.h) and its loader (acl/load.h) share: the constants of a port,
 * the keys and values of its maps, reasons, drop samples. No pointer, no padding without a name, no include but the
 * integer types, so that clang -target bpf reads it as well.
 *
 * Fields called _be are in network order, as they stand in the packet; all others in host order.
 */
#ifndef ACL_ABI_H
#define ACL_ABI_H

#ifdef __bpf__
#include <linux/types.h>
typedef __u8 uint8_t;
typedef __u16 uint16_t;
typedef __u32 uint32_t;
typedef __u64 uint64_t;
#else
#include <stdint.h>
#endif

/* Why a packet was dropped; counters are by port and reason. Order and numbers are internal, the names are not. */
enum acl_reason {
	ACL_PASS,	    /* it was not */
	ACL_PORT_NOT_BOUND, /* the port is closed: not (or no longer) proven to be what it must be */

	/* stateless: found by the XDP program as well, in this order (security: allow-lists, never deny-lists) */
	ACL_MALFORMED,	      /* cut short, or lengths that lie */
	ACL_L2_TAG_DEPTH,     /* more VLAN tags than are parsed */
	ACL_MPLS_NOT_ENABLED, /* labelled, bare or behind tags of any kind (RFC 4364 6, RFC 4381 3.4) */
	ACL_L2_VLAN_NOT_AGREED,	   /* a VLAN that is not this port's */
	ACL_L2_PRIO_TAG,	   /* a priority tag (VID 0) */
	ACL_MAC_SPOOF,		   /* from a group address, or from the port's own */
	ACL_RA_FROM_CE,		   /* IPv6 router advertisement or redirect */
	ACL_DHCP_SERVER,	   /* DHCP server's message (v4, v6) on a port that leads to none */
	ACL_ETHERTYPE_NOT_ALLOWED, /* neither IPv4 nor ARP */
	ACL_ARP_SPOOF, /* ARP sender is not the frame's, or not on the link, or is us, or another's binding */
	ACL_MARTIAN, /* source or destination that no packet on a link may have; ours as a source */
	ACL_IP_OPTIONS, /* source route, record route, timestamp; to the router: any option */
	ACL_ICMP_REDIRECT,

	/* with tables and buckets: the tc program alone */
	ACL_ARP_TARGET, /* asks for an address that is not ours */
	ACL_URPF,	/* source that does not belong behind this port (RFC 2827, RFC 3704) */
	ACL_INFRA_DST,	/* to the provider's infrastructure (RFC 4381 3.2) */
	ACL_TUNNEL_ENDPOINT, /* GRE, MPLS-in-IP (137), MPLS-in-UDP (6635, 6636) to us or to the infrastructure */
	ACL_FRAG_TO_CTRL, /* a fragment to the router itself (RFC 6192 3) */
	ACL_GTSM, /* the right neighbour's protocol with a TTL that came from farther (RFC 5082 3) */
	ACL_CTRL_ACL,  /* to the router itself, and nothing of it was asked for */
	ACL_CTRL_RATE, /* allowed to the router, but too fast, ... */
	ACL_ARP_RATE,  /* ... ARP, ... */
	ACL_ICMP_RATE, /* ... ICMP, ... */
	ACL_FLOW_RATE, /* ... new TCP connections */
	ACL_LABEL_RESERVED, /* port with an allow-list of labels: label below 16, or no bottom where one must be */
	ACL_LABEL_NOT_DISTRIBUTED, /* ... label that was not advertised to this neighbour (RFC 4364 10, 13.1) */
	ACL_RULE_DROP,		   /* an own rule (RFC 8519) says drop */
	ACL_REASONS
};
#define ACL_REASONS_MAX 32

enum acl_role {
	ACL_ROLE_ACCESS, /* towards a customer: everything below */
	ACL_ROLE_CORE,	 /* labels (and own rules) only */
	ACL_ROLE_TRUNK,	 /* carries VLAN ports: exactly one tag of an agreed VID, nothing else */
	ACL_ROLE_CLOSED, /* not in the configuration: nothing */
};

enum acl_labels { ACL_LABELS_NONE, ACL_LABELS_ALL, ACL_LABELS_ADVERTISED };

enum acl_xdp_mode { ACL_XDP_AUTO, ACL_XDP_NATIVE, ACL_XDP_GENERIC, ACL_XDP_OFF };

enum acl_source { ACL_SOURCE_OFF, ACL_SOURCE_STRICT, ACL_SOURCE_FEASIBLE };

/* Protections that can be switched off one by one, for a laboratory's positive controls. Bits of acl_consts.off. */
enum acl_off {
	ACL_OFF_TAGS = 1, /* VID 0 tags are looked through */
	ACL_OFF_MARTIANS = 2,
	ACL_OFF_OPTIONS = 4,
	ACL_OFF_CONTROL = 8, /* anything may go to the router: services, fragments, GTSM */
	ACL_OFF_INFRASTRUCTURE = 16,
	ACL_OFF_ARP = 32,  /* sender and target are not looked at */
	ACL_OFF_DHCP = 64, /* a DHCP server is here (not dangerous where one is) */
	ACL_OFF_TUNNELS = 128,
	ACL_OFF_REDIRECT = 256,
};

enum acl_bucket_id {
	ACL_BUCKET_CTRL,
	ACL_BUCKET_ARP,
	ACL_BUCKET_ICMP,
	ACL_BUCKET_FLOW,
	ACL_BUCKET_SAMPLE,
	ACL_BUCKETS
};

/* Token bucket as virtual scheduling (GCRA): a packet every interval, burst_ns of them at once. interval 0: no limit
 * (SAMPLE: no samples). */
struct acl_bucket {
	uint64_t interval_ns;
	uint64_t burst_ns;
};

/* What may reach the router itself: from src/src_mask, with at least this TTL. */
struct acl_service {
	uint32_t src_be, src_mask_be;
	uint8_t proto;
	uint8_t min_ttl;
	uint16_t
		port; /* TCP: one of both ports is this; UDP: the destination's; 0: protocol has none */
};

struct acl_binding { /* a static neighbour */
	uint32_t addr_be;
	uint8_t mac[6];
	uint8_t zero[2];
};

enum acl_fragment { ACL_FRAGMENT_ANY, ACL_FRAGMENT_ONLY, ACL_FRAGMENT_NONE };
enum acl_rule_flags {
	ACL_RULE_PERMIT = 1,
	ACL_RULE_LOG = 2,
	ACL_RULE_PORTS = 4, /* the port ranges count; a fragment without ports does not match */
	ACL_RULE_ICMP = 8,  /* ... type and code count */
	ACL_RULE_TCP = 16,  /* ... TCP flags count */
};

/* One entry of an IPv4 access list, compiled: a packet matches if everything does. Masks 0 match all. */
struct acl_rule {
	uint32_t src_be, dst_be, src_mask_be,
		dst_mask_be; /* in pairs: the program compares 64 bits at once */
	uint16_t sport_lo, sport_hi, dport_lo, dport_hi;
	uint8_t proto, proto_mask;
	uint8_t dscp, dscp_mask; /* of the 6 bits */
	uint8_t tcp_flags, tcp_mask;
	uint8_t icmp_type, icmp_type_mask, icmp_code, icmp_code_mask;
	uint8_t ttl_lo, ttl_hi;
	uint16_t len_lo, len_hi; /* total length */
	uint8_t fragment;	 /* enum acl_fragment */
	uint8_t flags;		 /* enum acl_rule_flags */
	uint16_t id;		 /* its counter: place among all rules of the port */
	uint32_t zero;
};

#define ACL_SERVICES_MAX  64
#define ACL_BINDINGS_MAX  64
#define ACL_RULES_MAX	  128
#define ACL_RULE_NONE	  0xffff
#define ACL_TAGS_MAX	  8 /* VLAN tags that are parsed */
#define ACL_SAMPLE_OCTETS 128
#define ACL_VIDS	  4096
#define ACL_PREFIXES_MAX  262144     /* a table */
#define ACL_LABELS_MAX	  65536	     /* of a port with an allow-list */
#define ACL_DROPS_OCTETS  (1u << 18) /* the ring buffer */

/* Everything about a port that does not change while its program stands (.rodata). */
struct acl_consts {
	uint32_t ifindex;
	uint8_t role, labels, source; /* enums */
	uint8_t xdp;		      /* the XDP program stands as well: for show only */
	uint8_t mac[6];
	uint8_t n_services, n_bindings;
	uint16_t off; /* enum acl_off bits */
	uint16_t n_rules;
	uint32_t n_cpus; /* rows of the counters */
	struct acl_bucket police[ACL_BUCKETS];
	struct acl_service services[ACL_SERVICES_MAX];
	struct acl_binding bindings[ACL_BINDINGS_MAX];
	struct acl_rule rules[ACL_RULES_MAX];
	uint64_t vids[ACL_VIDS / 64]; /* trunk: bit VID % 64 of word VID / 64 */
};

/* Map `state`: one entry, memory-mapped by the loader. */
struct acl_state {
	uint32_t open; /* 0: everything is dropped as ACL_PORT_NOT_BOUND */
	uint32_t
		sample_tick; /* the kernel's: tick in which bucket SAMPLE refused last; no clock is read for it then */
	uint64_t tat_ns[ACL_BUCKETS]; /* theoretical arrival times (CLOCK_MONOTONIC) */
};

/* Maps `counters` and `hits`: a row for each CPU, memory-mapped; nobody else writes. Packets. */
struct acl_counters {
	uint64_t n[ACL_REASONS_MAX];
};
struct acl_hits {
	uint64_t n[ACL_RULES_MAX]; /* matches by rule id */
};

/* Maps `sources` and `destinations`: longest prefix match. */
struct acl_lpm_key {
	uint32_t len;
	uint32_t addr_be;
};

enum acl_source_bits {
	ACL_SRC_ROUTED = 1, /* belongs behind this port */
	ACL_SRC_LINK = 2, /* may be an ARP sender: on the link, or an address of the CE behind it */
	ACL_SRC_OWN = 4,  /* ours: nobody else may use it */
};
enum acl_destination {
	ACL_DST_FORWARD, /* also without an entry */
	ACL_DST_OWN,	 /* an address or broadcast address of ours in this VRF */
	ACL_DST_INFRA,
};

/* Map `labels`: key a label as a number, value 1. */

/* Ring buffer `drops`, one for all ports. octets: from the Ethernet header on, as the program saw them. */
struct acl_sample {
	uint64_t time_ns; /* CLOCK_MONOTONIC */
	uint32_t ifindex;
	uint16_t len; /* of the frame; UINT16_MAX: that or more */
	uint16_t cap; /* octets that follow and are valid */
	uint16_t rule;
	uint8_t reason;			     /* ACL_PASS: a permit rule with logging */
	uint8_t xdp;			     /* which program */
	uint16_t vlan_tci_be, vlan_proto_be; /* a tag that the kernel has taken off; both 0: none */
	uint8_t octets[ACL_SAMPLE_OCTETS];
	uint8_t zero[4];
};

#endif
