/*
 * Desired against installed: the next kernel operations, in an order that never opens a gap.
 *
 * Stages: labels; nexthop objects (make); routes that use them (replace is atomic); routes removed; nexthop objects
 * removed (break); leftovers of an earlier run, after FIB_SYNC. A batch holds one stage only, and its results must
 * all be told before the next is asked for: so a route is never sent before its object is known to exist, which
 * matters, because an identifier that the kernel refused (EEXIST) is somebody else's object.
 *
 * A next hop that becomes unresolved turns its objects into blackholes instead of removing the routes: it is one
 * operation a pair whatever the number of prefixes, and a packet can fall neither to a shorter prefix in the VRF nor
 * out of it. An object that the kernel refuses is made a blackhole too (fails closed).
 */
#ifndef MPLSFWD_PLAN_H
#define MPLSFWD_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "mplsfwd/lfib.h"

enum fwd_op_kind {
	FWD_OP_LABEL_ADD, /* pop entry label -> oif (VRF device); replace: over one of ours, else EEXIST if taken */
	FWD_OP_LABEL_DEL, /* label */
	FWD_OP_NH_ADD, /* nhid: blackhole, or path with [path labels, label]; EEXIST if the identifier is taken */
	FWD_OP_NH_REPLACE,
	FWD_OP_NH_DEL, /* nhid */
	FWD_OP_ROUTE_SET, /* table, addr/len via nhid, or (nhid 0) via gateway on oif; adds or replaces ours */
	FWD_OP_ROUTE_DEL, /* table, addr/len */
	FWD_OP_N,
};

struct fwd_op {
	uint8_t kind;	  /* enum fwd_op_kind */
	bool replace;	  /* FWD_OP_LABEL_ADD */
	bool blackhole;	  /* FWD_OP_NH_*: path is not used; FWD_OP_ROUTE_SET: drop */
	uint8_t epoch;	  /* of the LFIB when it was planned */
	bool ttl_uniform; /* FWD_OP_LABEL_ADD, FWD_OP_NH_*: RFC 3443 uniform; else pipe */
	uint8_t len;	  /* prefix, bits */
	uint16_t port;	  /* of a CE route; for fwd_plan_result */
	uint32_t table;
	uint32_t addr; /* prefix, host order */
	uint32_t nhid;
	uint32_t label; /* incoming (LABEL), or the VPN label pushed below the path's labels (NH) */
	uint32_t oif;
	uint32_t gateway; /* CE route, host order */
	struct fwd_path path;
	uint32_t entry; /* whose it is, for fwd_plan_result; 0 = a leftover */
	uint32_t ref;	/* pair of a VPN route, VRF of a label */
	uint32_t
		seq; /* of bgpd's request that this fulfils, 0 = none; for logs: the answer comes by itself */
};

/* The next batch: at most max operations, 0 when nothing is left to do. All results of the last must be in. */
unsigned fwd_plan_next(struct fwd_lfib *l, struct fwd_op *ops, unsigned max);

/* What the kernel said to an operation of the last batch: 0 or a positive errno. */
void fwd_plan_result(struct fwd_lfib *l, const struct fwd_op *op, int error);

/* "nh-add", ... for logs. */
const char *fwd_op_name(enum fwd_op_kind k);

#endif
