/*
 * The kernel of one network namespace as it is, as far as a VPN's separation hangs on it. Plain data: collected by
 * audit/collect.h, made by hand in tests. Nothing secret is in it: of a TCP-MD5 key only whom it is for.
 *
 * Arrays grow by audit_snapshot_add_*; the snapshot owns them. Tables are the kernel's numbers, addresses in host order.
 */
#ifndef AUDIT_SNAPSHOT_H
#define AUDIT_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/prefix.h"

#define AUDIT_NAME_MAX	 16 /* IFNAMSIZ, with the end */
#define AUDIT_PATH_MAX	 128
#define AUDIT_LABELS_MAX 4
#define AUDIT_ABSENT	 (-1) /* a sysctl that this kernel or device does not have */
#define AUDIT_BGP_PORT	 179

enum audit_device_sysctl {
	AUDIT_MPLS_INPUT,
	AUDIT_FORWARDING,
	AUDIT_RP_FILTER,
	AUDIT_ACCEPT_REDIRECTS,
	AUDIT_SEND_REDIRECTS,
	AUDIT_SOURCE_ROUTE,
	AUDIT_PROXY_ARP,
	AUDIT_FORWARDING6,
	AUDIT_DEVICE_SYSCTLS
};

enum audit_sysctl {
	AUDIT_PLATFORM_LABELS,
	AUDIT_TTL_PROPAGATE,
	AUDIT_IP_FORWARD,
	AUDIT_TCP_L3MDEV,
	AUDIT_UDP_L3MDEV,
	AUDIT_RAW_L3MDEV,
	AUDIT_SYSCTLS
};

struct audit_program { /* eBPF; id 0: none */
	uint32_t id;
	char name[AUDIT_NAME_MAX];
};

struct audit_link {
	uint32_t ifindex;
	uint32_t master;    /* ifindex, 0: none */
	uint32_t lower;	    /* what a VLAN stands on, in this namespace; 0: none */
	uint32_t vrf_table; /* of a VRF device; 0: it is none */
	uint16_t vid;	    /* of a VLAN */
	unsigned flags;	    /* IFF_* */
	bool ours;	    /* carries our alias */
	bool filters_known; /* tc could be asked */
	char name[AUDIT_NAME_MAX];
	char kind[AUDIT_NAME_MAX]; /* "vrf", "veth", "gre", ...; "" for hardware */
	uint8_t mac[6];
	int32_t sysctl[AUDIT_DEVICE_SYSCTLS];
	struct audit_program xdp;
};

struct audit_address {
	uint32_t ifindex;
	struct ip_prefix prefix; /* host bits kept */
};

enum audit_rule_action { AUDIT_RULE_TABLE, AUDIT_RULE_L3MDEV, AUDIT_RULE_REFUSE, AUDIT_RULE_OTHER };

struct audit_rule {
	uint8_t af; /* enum ip_af */
	uint8_t action;
	uint8_t protocol;
	bool narrow; /* selects by more than the incoming device */
	uint32_t pref, table;
	char iif[AUDIT_NAME_MAX];
};

enum audit_route_kind { AUDIT_IPV4, AUDIT_IPV6, AUDIT_MPLS };
enum audit_route_type {
	AUDIT_UNICAST,
	AUDIT_LOCAL, /* broadcast and anycast too */
	AUDIT_REFUSED,
	AUDIT_OTHER
};

struct audit_hop {
	uint32_t oif; /* 0: none */
	struct ip_addr gateway;
	uint8_t n_labels;
	uint32_t labels[AUDIT_LABELS_MAX];
};

struct audit_route {
	uint8_t kind, type, protocol;
	uint32_t table;
	struct ip_prefix prefix; /* IPv6: only defaults are kept */
	uint32_t label;		 /* AUDIT_MPLS */
	uint32_t metric;
	uint32_t nhid; /* nexthop object, 0: none */
	uint32_t first_hop, n_hops;
};

struct audit_nexthop {
	uint32_t id;
	uint8_t protocol;
	bool blackhole;
	uint32_t first_hop, n_hops; /* a group's: those of its members */
	uint8_t n_members;
	uint32_t members[16];
};

struct audit_filter { /* of tc, at the ingress of a device */
	uint32_t ifindex;
	uint32_t pref;
	char kind[AUDIT_NAME_MAX]; /* "bpf", "flower", ... */
	struct audit_program program;
};

struct audit_socket { /* TCP: listening, or a BGP connection */
	bool listening;
	bool keys_known; /* the kernel says who has keys: privileged callers only */
	uint16_t local_port, remote_port;
	struct ip_addr local, remote; /* IP_NONE: any */
	uint32_t ifindex;	      /* bound to this device; 0: to none */
	uint32_t inode, pid;	      /* 0: not found */
	char program[AUDIT_NAME_MAX];
	uint32_t first_key, n_keys; /* prefixes in keys */
};

/* A neighbour in the configuration that a bgpd of FRR was started with. */
struct audit_frr_peer {
	uint32_t pid, as;
	char vrf[AUDIT_NAME_MAX]; /* "": the default one */
	char neighbor[48];
	bool password;
	char vty[AUDIT_PATH_MAX]; /* directory of its vty sockets; "": the usual one */
	char file[AUDIT_PATH_MAX];
};

struct audit_snapshot {
	struct audit_link *links;
	struct audit_address *addresses;
	struct audit_rule *rules;
	struct audit_route *routes;
	struct audit_hop *hops;
	struct audit_nexthop *nexthops;
	struct audit_filter *filters;
	struct audit_socket *sockets;
	struct ip_prefix *keys;
	struct audit_frr_peer *frr;
	size_t n_links, n_addresses, n_rules, n_routes, n_hops, n_nexthops, n_filters, n_sockets,
		n_keys, n_frr;
	bool rules_known[2]; /* IPv4, IPv6: there are policy rules in this kernel */
	bool sockets_known;
	int64_t sysctl[AUDIT_SYSCTLS];
	int32_t all[AUDIT_DEVICE_SYSCTLS];  /* net.ipv4.conf.all.* */
	int32_t born[AUDIT_DEVICE_SYSCTLS]; /* net.ipv4.conf.default.* */
};

/* Empty, every sysctl absent. */
void audit_snapshot_init(struct audit_snapshot *s);
void audit_snapshot_fini(struct audit_snapshot *s);

/* Room for one more, zeroed; borrowed until the next. */
struct audit_link *audit_snapshot_add_link(struct audit_snapshot *s);
struct audit_address *audit_snapshot_add_address(struct audit_snapshot *s);
struct audit_rule *audit_snapshot_add_rule(struct audit_snapshot *s);
struct audit_route *audit_snapshot_add_route(struct audit_snapshot *s);
struct audit_hop *audit_snapshot_add_hop(struct audit_snapshot *s);
struct audit_nexthop *audit_snapshot_add_nexthop(struct audit_snapshot *s);
struct audit_filter *audit_snapshot_add_filter(struct audit_snapshot *s);
struct audit_socket *audit_snapshot_add_socket(struct audit_snapshot *s);
struct ip_prefix *audit_snapshot_add_key(struct audit_snapshot *s);
struct audit_frr_peer *audit_snapshot_add_frr(struct audit_snapshot *s);

/* Gives routes that only name a nexthop object the hops of that object, or of its group. Once, when all is there. */
void audit_snapshot_resolve(struct audit_snapshot *s);

/* NULL: no such device. Borrowed. */
const struct audit_link *audit_link_find(const struct audit_snapshot *s, const char *name);
const struct audit_link *audit_link_at(const struct audit_snapshot *s, uint32_t ifindex);

/* The tc filter at the device's ingress that is our guard; NULL: none stands there. */
const struct audit_filter *audit_guard_find(
	const struct audit_snapshot *s, const struct audit_link *l);

#endif
