/* A member's filter or view changes: out of one group, into another, and told the difference (RFC 4684 5). Private to out. */
#ifndef BGPD_OUT_REGROUP_H
#define BGPD_OUT_REGROUP_H

#include "bgpd/out/emit.h"

/* Moves everybody who wants to. */
void out_regroup_work(struct out_set *s, out_emit_fn *emit, void *arg);

/* Gives back what m has of filter and view not yet acted upon. */
void out_member_forget_wishes(struct out_set *s, struct out_member *m);

#endif
