/*
 * What a path looks like to a kind of receiver: which paths it is told and how their attributes are rewritten.
 * Receivers with equal views form one update group (out/group) and share every encoded octet.
 */
#ifndef BGPD_OUT_VIEW_H
#define BGPD_OUT_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/policy/export.h"
#include "bgpd/policy/program.h"
#include "bgpd/rib/store.h"
#include "bgpd/wire/ctx.h"
#include "lib/arena.h"

struct out_view {
	enum wire_family family;
	struct pol_receiver to; /* what the rules look at */
	bool depends_on_source; /* equal attributes of two sources are rewritten differently */
	uint8_t add_path; /* RFC 7911: paths of a destination told at most, UINT8_MAX: all; 0: the best, without identifier */
	struct wire_ctx ctx; /* as negotiated; peer_as is set to 0, receivers may differ in it */
	const struct pol_chain *
		chain; /* what a path goes through before it is rewritten; NULL: nothing. Borrowed */
	uint32_t chain_as;	   /* the neighbour, if the chain looks at it: else 0 ... */
	struct ip_addr chain_addr; /* ... and none: receivers with one chain are in one group */
};

/* The view of an established session. */
struct out_view out_view_of(
	enum wire_family f, const struct wire_ctx *ctx, const struct pol_receiver *to);

/* Gives it the chain (n 0: none) of a neighbour of that AS and address. Before anybody joins with it. */
void out_view_set_chain(
	struct out_view *v, const struct pol_chain *chain, uint32_t as, const struct ip_addr *addr);

bool out_view_equal(const struct out_view *a, const struct out_view *b);

/*
 * Whether receivers of this view are told this path at all (policy/export). Depends on the path's attributes, source,
 * flags and whether it has a label, not on its prefix: the answer is remembered for the next path that is equal in these.
 */
bool out_view_check(
	const struct out_view *v, const struct rib_store *st, const struct rib_path *path);

/* What the chain looks at besides attributes. n is borrowed. */
struct pol_subject out_view_subject(const struct out_view *v, const struct wire_nlri *n);

/*
 * What the chain makes of set, the attributes of a path from `from` to *n: one reference, often to the same set. NULL: it denies
 * the path. Pure: depends on v, set, on *n if v->chain needs the prefix, and on *from if v->depends_on_source. The arena is emptied.
 */
struct rib_attrset *out_view_chain(const struct out_view *v, struct rib_store *st,
	const struct rib_source *from, const struct wire_nlri *n, struct rib_attrset *set,
	struct arena *arena);

/*
 * Makes *a, the attributes of a path from `from`, what receivers of this view get: policy/rewrite. What it adds is in the
 * arena. False if a list would become too long: the route is then withdrawn. Pure: depends on v, *a and, only if
 * v->depends_on_source, on *from.
 */
bool out_view_rewrite(const struct out_view *v, const struct rib_source *from, struct wire_attrs *a,
	struct arena *arena);

#endif
