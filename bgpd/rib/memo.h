/*
 * A small cache of attribute rewrites: many routes in a row share their attributes, so what export or a view made of
 * a set is remembered. Direct-mapped; holds a reference to both sides.
 */
#ifndef BGPD_RIB_MEMO_H
#define BGPD_RIB_MEMO_H

#include "bgpd/rib/store.h"

#define RIB_MEMO_SLOTS 64

struct rib_memo {
	struct rib_attrset *from[RIB_MEMO_SLOTS], *to[RIB_MEMO_SLOTS];
};

/* What `from` became, borrowed from the memo (valid until the next memo_add or _fini); NULL if not known. */
struct rib_attrset *rib_memo_find(const struct rib_memo *m, const struct rib_attrset *from);

/* Takes over the caller's reference to `to`, takes one of its own to `from`. Returns `to`, borrowed. */
struct rib_attrset *rib_memo_add(
	struct rib_memo *m, struct rib_store *st, struct rib_attrset *from, struct rib_attrset *to);

/* Gives all references back; an empty memo is all zero. */
void rib_memo_fini(struct rib_memo *m, struct rib_store *st);

#endif
