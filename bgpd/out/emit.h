/* What leaves a group: blocks of its packs to the members that they are for. Private to out. */
#ifndef BGPD_OUT_EMIT_H
#define BGPD_OUT_EMIT_H

#include "bgpd/out/group.h"
#include "bgpd/wire/notify.h"

/* One call into the set, handed down. */
struct out_call {
	struct out_set *s;
	struct out_group *g;
	out_emit_fn *emit;
	void *arg;
};

/* What a lane was shown. */
void out_emit_dump(struct out_call *r);

/* What changed; before it what was shown, which is older. */
void out_emit_changes(struct out_call *r);

/* Nobody is left to whom changes go as they come: what was collected is for nobody, and would soon be wrong. */
void out_emit_nothing(struct out_call *r);

/* Into the pack of what is shown to lane l; what another lane was shown goes out before. */
void out_emit_show(struct out_call *r, struct out_lane *l, const struct out_route *route);

/* End-of-RIB, or with a subtype of RFC 7313 a ROUTE-REFRESH. */
void out_emit_eor(struct out_call *r, const struct out_member *m);
void out_emit_refresh(struct out_call *r, const struct out_member *m, enum wire_refresh subtype);

#endif
