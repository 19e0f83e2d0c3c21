/*
 * What a group with a chain of policies advertises, without ADD-PATH: of each destination the best path that its receivers may be told,
 * which need not be the best of the table, so that no policy hides a path behind another (RFC 7947 2.3). Private to out.
 *
 * The candidates are looked at in order, as decisions find them (rib_best_order), and the first that view, filter and chain let pass goes to
 * everybody but its source. That one, if it is a member, is told the second: the next that passes and is not its own. A table for
 * each client would hold the same (RFC 7947 2.3.2.1), but where the MED of a path that a client may not be told counts: that path comes
 * later here, and is not left out.
 *
 * Kept is only what the table does not say: a second, and a first that is not the table's best or that the chain has edited.
 */
#ifndef BGPD_OUT_CHOICE_H
#define BGPD_OUT_CHOICE_H

#include "bgpd/out/emit.h"

struct out_chosen {
	struct rib_attrset *attrs; /* as the chain left them; borrowed. NULL: none */
	uint32_t label;
	uint16_t source;
};

struct out_choice {
	struct out_chosen first;  /* for everybody but its source */
	struct out_chosen second; /* for the source of the first */
};

/* What is advertised of dest, of a group without ADD-PATH. best: of dest, as the group heard of it last; NULL: it has none. */
struct out_choice out_choice_get(
	const struct out_group *g, uint32_t dest, const struct rib_path *best);

void out_choice_change(struct out_call *r, const struct rib_change *c);

/* To the members of l. again: they may have something else of it. */
void out_choice_show(struct out_call *r, struct out_lane *l, uint32_t dest, bool again);

#endif
