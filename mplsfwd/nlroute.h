/*
 * rtnetlink octets in memory: operations -> messages, notifications and dumps -> structs. No socket.
 *
 * All that we install carries route protocol FWD_PROTO; routes carry metric FWD_METRIC, so that replacing or deleting
 * one never hits a connected route (metric 0) or a route of zebra (20) with the same prefix.
 * Reading is bounded: every attribute length is checked, no attribute is believed to be there.
 */
#ifndef MPLSFWD_NLROUTE_H
#define MPLSFWD_NLROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/prefix.h"
#include "lib/wbuf.h"
#include "mplsfwd/plan.h"

#define FWD_PROTO  82
#define FWD_METRIC 82
#define FWD_GUARD_METRIC                                                                           \
	4278198272u	  /* the kernel's own habit for a VRF's unreachable default (vrf.rst) */
#define FWD_NL_OP_MAX 160 /* octets of the longest message that fwd_nl_put_op makes */
#define FWD_NL_HOPS   16  /* more next hops of one route are not looked at */

/*
 * Appends op as one netlink message. seq: nlmsg_seq; flags: added to what the operation needs (NLM_F_ACK, ...).
 * w must be aligned to 4 octets at its end. A full w turns bad.
 */
void fwd_nl_put_op(struct wbuf *w, const struct fwd_op *op, uint32_t seq, uint16_t flags);

struct fwd_nl_hop {
	uint32_t oif;
	struct ip_addr gateway; /* IP_NONE: on link */
	bool dead;		/* RTNH_F_DEAD or RTNH_F_LINKDOWN */
	bool too_deep; /* more than FIB_LABELS_MAX labels, or an encapsulation that is not MPLS: not usable */
	uint8_t n_labels;
	uint32_t labels[FIB_LABELS_MAX];
};

struct fwd_nl_route {
	bool del;	  /* RTM_DELROUTE */
	uint8_t family;	  /* AF_INET or AF_MPLS */
	uint8_t type;	  /* RTN_* */
	uint8_t protocol; /* RTPROT_* */
	uint32_t table;
	uint32_t addr; /* AF_INET: prefix, host order */
	uint8_t len;
	uint32_t label; /* AF_MPLS: incoming label */
	uint32_t metric;
	uint32_t
		nhid; /* nexthop object, 0 = none; hops may be empty then (nexthop_compat_mode 0) */
	uint8_t n_hops;
	struct fwd_nl_hop hops[FWD_NL_HOPS];
};

struct fwd_nl_nexthop {
	bool del;
	bool blackhole;
	uint8_t protocol;
	uint32_t id;
	uint8_t n_members; /* 0: not a group */
	uint32_t members[FWD_NL_HOPS];
	struct fwd_nl_hop hop;
};

/* msg: a whole struct nlmsghdr of at most len octets. False if it is of another kind or family, or malformed. */
bool fwd_nl_get_route(const void *msg, size_t len, struct fwd_nl_route *out);
bool fwd_nl_get_nexthop(const void *msg, size_t len, struct fwd_nl_nexthop *out);

#endif
