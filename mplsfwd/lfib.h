/*
 * The label forwarding information base: what bgpd wants, what the kernel has, and what lies between.
 *
 * In: bgpd's requests (fib_msg), the kernel's own routes to BGP next hops, devices coming and going.
 * Out: dirty entries, which plan.h turns into ordered kernel operations, and acknowledgements for bgpd.
 *
 *   label  --> VRF                                    (ILM: RFC 3031 3.11; pop and look up in the VRF)
 *   route (vrf, prefix) --> pair (next hop, VPN label) --> next hop --> path (gateway, port, transport labels)
 *                       \-> CE gateway on a port of the VRF
 *
 * A pair is one nexthop object in the kernel, shared by all prefixes and VRFs that use it: when the core's route
 * to a next hop changes, one object a pair is replaced and no route is touched (BGP PIC).
 * Nothing is believed that struct conf does not allow. IPv4 only in this slice.
 */
#ifndef MPLSFWD_LFIB_H
#define MPLSFWD_LFIB_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/model.h"
#include "lib/prefix.h"
#include "mplsfwd/fibmsg.h"
#include "mplsfwd/table.h"

#define FWD_MASK(len) ((len) ? UINT32_MAX << (32 - (len)) : 0u)
#define FWD_VRF_NONE  UINT16_MAX
#define FWD_VRF_OTHER                                                                              \
	(UINT16_MAX - 1) /* in the kernel, perhaps: to where, or to what device, is not known */
#define FWD_ROUTES_MAX                                                                             \
	4000000u /* more are refused (ENOSPC): a compromised bgpd must not eat the host */
#define FWD_NEXTHOPS_MAX 65536u
#define FWD_NHID_FIRST                                                                             \
	0x0fff0000u /* nexthop object identifiers, downwards: far above those of zebra */
#define FWD_NHID_LAST 0x0f000000u

/* Where packets to a BGP next hop leave the router, from the kernel's main table. Unused octets are zero. */
struct fwd_path {
	uint32_t oif;
	struct ip_addr gateway; /* never IP_NONE: an on-link next hop is its own gateway */
	uint8_t n_labels;	/* transport labels, outermost first; 0 = next hop is adjacent */
	uint32_t labels[FIB_LABELS_MAX];
};

enum fwd_queue_id {
	FWD_Q_NONE,
	FWD_Q_LABEL,
	FWD_Q_PAIR,
	FWD_Q_ROUTE,
	FWD_Q_ROUTE_DEL,
	FWD_Q_PAIR_DEL,
	FWD_Q_N
};
enum fwd_item_flags {
	FWD_STALE = 1,	  /* said by a former bgpd and not yet again */
	FWD_INFLIGHT = 2, /* an operation of this entry waits for its result */
	FWD_RETRIED = 4,  /* failed once for a reason that was mended */
	FWD_LOST = 8,	  /* pair: the kernel has dropped the object (its device went down) */
	FWD_FORCED = 16,  /* pair: the kernel refused the path: blackhole until the path changes */
	FWD_BROKEN = 32,  /* pair: the kernel refused the blackhole too: no object */
};

struct fwd_item {
	uint32_t next, prev; /* in its queue */
	uint32_t seq;	     /* request to be answered when the kernel has, 0 = none */
	uint8_t queue;	     /* enum fwd_queue_id */
	uint8_t flags;	     /* enum fwd_item_flags */
};

struct fwd_label {
	struct fwd_item item;
	uint16_t want, have; /* VRF index or FWD_VRF_*; bgpd's wish, and the kernel's pop entry */
};

enum fwd_via {
	FWD_VIA_NONE,
	FWD_VIA_PAIR,
	FWD_VIA_CE,
	FWD_VIA_BLACKHOLE,
	FWD_VIA_OTHER /* found in the kernel, content unknown */
};

struct fwd_target {
	uint8_t via;   /* enum fwd_via */
	uint16_t port; /* FWD_VIA_CE */
	uint32_t ref;  /* pair identifier, or CE gateway in host order */
};

struct fwd_route {
	uint16_t vrf; /* key: vrf, len, zero, addr */
	uint8_t len;
	uint8_t zero;
	uint32_t addr; /* host order */
	struct fwd_item item;
	struct fwd_target want, have; /* want.port is not used: it follows from the gateway */
};

enum fwd_object { FWD_OBJECT_NONE, FWD_OBJECT_BLACKHOLE, FWD_OBJECT_PATH };

struct fwd_pair {
	uint32_t next_hop; /* key: next hop in host order, VPN label */
	uint32_t label;
	struct fwd_item item;
	uint32_t sibling, sibling_prev; /* other pairs of the same next hop */
	uint32_t nhid;			/* kernel identifier, 0 = no object */
	uint32_t wants, haves; /* routes that should use it; routes in the kernel that do */
	uint8_t have;	       /* enum fwd_object */
	struct fwd_path path;  /* of FWD_OBJECT_PATH */
};

struct fwd_nexthop {
	uint32_t addr; /* key, host order */
	bool tracked, stale, resolved;
	bool implicit_null; /* one hop away, says the configuration (struct conf_peer) */
	uint8_t why;	    /* enum fwd_resolution of the last answer */
	uint32_t pairs;	    /* first */
	uint32_t metric;
	struct fwd_path path;
};

struct fwd_port {
	uint32_t ifindex; /* 0: no such device */
	bool up;	  /* up with carrier */
	bool bound;	  /* enslaved to its VRF */
	bool labels;	  /* the kernel accepts labelled packets here */
};

struct fwd_connected { /* an address of a port and its prefix's length */
	uint16_t port;
	uint8_t len;
	uint32_t addr; /* host order, host bits kept */
};

struct fwd_ack {
	uint32_t seq;
	int error; /* 0 or a positive errno */
};

struct fwd_queue {
	uint32_t head, tail;
};

struct fwd_op;

struct fwd_lfib {
	const struct conf *conf;   /* borrowed */
	bool ttl_uniform;	   /* RFC 3443: uniform instead of pipe */
	bool sweeping;		   /* FIB_SYNC was said: leftovers may go */
	struct fwd_label *labels;  /* label - conf->label_min */
	struct fwd_table routes;   /* struct fwd_route */
	struct fwd_table pairs;	   /* struct fwd_pair */
	struct fwd_table nexthops; /* struct fwd_nexthop */
	uint32_t *vrf_ifindex;	   /* per VRF, 0 = no device */
	uint32_t (*lens)[33];	   /* per VRF: routes in the kernel by prefix length */
	bool *changed;		   /* per VRF: what customers may send from or to */
	struct fwd_port *ports;
	struct fwd_connected *connected;
	unsigned n_connected;
	struct fwd_op *leftovers; /* deletions that wait for FIB_SYNC */
	unsigned n_leftovers;
	struct fwd_queue queues[FWD_Q_N];
	uint32_t nhid_next;
	unsigned inflight;  /* operations whose result is awaited */
	uint8_t epoch;	    /* bgpd's lives: answers of a former one are not given to the next */
	uint32_t drain_seq; /* FIB_SYNC or FIB_BYE to be answered when nothing is left to do */
	struct fwd_ack *acks;
	unsigned ack_head, n_acks, cap_acks;
};

/* conf is borrowed and must outlive l; seed is the hash secret of the run. */
void fwd_lfib_init(struct fwd_lfib *l, const struct conf *conf, uint64_t seed);
void fwd_lfib_fini(struct fwd_lfib *l);

/*
 * One request of bgpd: FIB_NEXTHOP_TRACK/UNTRACK, FIB_LABEL_ADD/DEL, FIB_ROUTE_ADD/DEL, FIB_SYNC, FIB_BYE.
 * Answers (fwd_lfib_ack_get) come at once if refused, from fwd_plan_next if nothing is to do, else from
 * fwd_plan_result. Returns what was refused, as a positive errno:
 *   ERANGE label outside label_min..label_max (or a remote label outside 16..2^20-1), ENOENT unknown VRF,
 *   ENODEV its device is missing (labels), EHOSTUNREACH untracked next hop, ENETUNREACH no port of the VRF reaches the CE
 *   gateway (kept: installed when one does), EEXIST label in use by another VRF, EBUSY next hop still used,
 *   EAFNOSUPPORT not IPv4, EINVAL host bits or kind, ENOSPC too many, EOPNOTSUPP not a request for the LFIB
 * A request that a later one overtook is answered with ECANCELED.
 */
int fwd_lfib_apply(struct fwd_lfib *l, const struct fib_msg *m);

/* The next answer for bgpd; false if there is none. */
bool fwd_lfib_ack_get(struct fwd_lfib *l, struct fwd_ack *out);

/*
 * Whether routes of a VRF that decide what its customers may send from (CE routes, connected prefixes) or to (numbers of
 * the infrastructure) have changed since it was asked last.
 */
bool fwd_lfib_changed_get(struct fwd_lfib *l, uint16_t vrf);

/* A new bgpd is there: all that it does not say again before FIB_SYNC is removed then. Forwarding goes on. */
void fwd_lfib_restart(struct fwd_lfib *l);

/*
 * The pop entries in the kernel or on their way there, as FIB_KEPT: *n of them, given to the caller. Those whose VRF is
 * not known have FIB_VRF_CORE.
 */
struct fib_msg *fwd_lfib_kept(const struct fwd_lfib *l, unsigned *n);

/* The VRF is out of the configuration: what is wanted and installed of it is planned to go, and comes no more from bgpd. */
void fwd_lfib_vrf_drop(struct fwd_lfib *l, uint16_t vrf);

/* Another configuration, with at least as many VRFs and ports, and the same labels. */
void fwd_lfib_reload(struct fwd_lfib *l, const struct conf *conf);

/* What the shell sees. ifindex 0: the device is gone, and with it what the kernel had on it. */
void fwd_lfib_vrf_set(struct fwd_lfib *l, uint16_t vrf, uint32_t ifindex);
void fwd_lfib_port_set(struct fwd_lfib *l, uint16_t port, const struct fwd_port *state);

/* An address of a port (host bits kept) appeared or went: which CE gateways a port reaches. */
void fwd_lfib_connected_set(
	struct fwd_lfib *l, uint16_t port, const struct ip_prefix *p, bool there);

/*
 * Any device went down or lost its carrier: the kernel has then silently removed the nexthop objects on it and
 * every route that used them (net/ipv4/nexthop.c, nexthop_flush_dev). They are planned anew.
 */
void fwd_lfib_link_gone(struct fwd_lfib *l, uint32_t ifindex);

/*
 * Somebody has deleted what we had installed: planned again if it is wanted. Told so late that we have installed it
 * again meanwhile, it is installed once more, which does no harm. True if it was wanted.
 */
bool fwd_lfib_lost_label(struct fwd_lfib *l, uint32_t label);
bool fwd_lfib_lost_route(struct fwd_lfib *l, uint32_t table, uint32_t addr, uint8_t len);
bool fwd_lfib_lost_nexthop(struct fwd_lfib *l, uint32_t nhid);

/* The core's route to a tracked next hop; path NULL = unresolved. True if anything changed: tell bgpd. */
bool fwd_lfib_nexthop_set(
	struct fwd_lfib *l, const struct ip_addr *a, const struct fwd_path *path, uint32_t metric);

/* The tracked next hop, or NULL. Borrowed until untracked. */
const struct fwd_nexthop *fwd_lfib_nexthop_find(const struct fwd_lfib *l, const struct ip_addr *a);

/* Fills the FIB_NEXTHOP message that tells bgpd about it. */
void fwd_nexthop_msg(const struct fwd_nexthop *nh, struct fib_msg *out);

/* State with our protocol number found in the kernel at start: adopted if wanted again, else deleted at FIB_SYNC. */
void fwd_lfib_found_label(struct fwd_lfib *l, uint32_t label, uint32_t oif);
void fwd_lfib_found_route(struct fwd_lfib *l, uint32_t table, uint32_t addr, uint8_t len);
void fwd_lfib_found_nexthop(struct fwd_lfib *l, uint32_t nhid);

/* A route of a VRF that is no more, whoever has its table now: deleted, and never adopted. */
void fwd_lfib_found_foreign(struct fwd_lfib *l, uint32_t table, uint32_t addr, uint8_t len);

#endif
