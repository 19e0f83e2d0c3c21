/*
 * Which VPN routes a member wants, by their route targets (RFC 4684 5): a list of them, each cut to a number of bits.
 * Interned, so that members that want the same are in one group.
 */
#ifndef BGPD_OUT_FILTER_H
#define BGPD_OUT_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/rib/attrset.h"

struct out_rt { /* 64 bits are one route target, fewer all that begin like it, 0 everything */
	uint64_t rt;
	uint8_t bits;
};

/* What is wanted, in any order; n 0: nothing. */
struct out_rtfilter {
	const struct out_rt *list;
	uint32_t n;
};

struct out_filter { /* kept by the set: in order, none inside another */
	struct out_filter *next;
	uint32_t refs, n;
	struct out_rt list[];
};

/* The one equal to *f, one reference for the caller; f NULL: everything, which is NULL. */
struct out_filter *out_filter_get(struct out_filter **all, const struct out_rtfilter *f);
void out_filter_unref(struct out_filter **all, struct out_filter *f); /* NULL: nothing happens */

/* Whether a route target of the set is wanted; f NULL: yes. */
bool out_filter_wants(const struct out_filter *f, const struct rib_attrset *attrs);

#endif
