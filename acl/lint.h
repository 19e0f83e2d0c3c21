/*
 * What is wrong with an access list although every entry is right: entries that can never match (shadowed), that change
 * nothing (redundant), or say the opposite of an earlier one on the same packets (contradictory).
 */
#ifndef ACL_LINT_H
#define ACL_LINT_H

#include "acl/rule.h"

enum acl_lint_kind {
	ACL_LINT_SHADOWED, /* every packet of it is decided by earlier entries, some otherwise than it says */
	ACL_LINT_REDUNDANT, /* ... all as it says; or later ones would decide (and log) the same without it */
	ACL_LINT_CONTRADICTORY, /* shadowed by an entry of exactly the same packets and the opposite action */
	ACL_LINT_OPEN_END, /* the list permits something, and some packets it does not decide at all */
	ACL_LINT_IMPOSSIBLE, /* matches no packet: ports of a protocol without ports, a range that is empty */
};

struct acl_lint {
	enum acl_lint_kind kind;
	unsigned ace;	/* index; n_aces for ACL_LINT_OPEN_END */
	unsigned other; /* the (first) entry that stands in its way; same as ace if none */
};

typedef void acl_lint_fn(void *arg, const struct acl_lint *found);

/*
 * Calls fn in the order of entries, once an entry at most. Exact, by unions of entries as well; an entry that is cut into
 * very many pieces by others is not reported. All entries reported (but OPEN_END's) may be removed, one or all: no verdict changes.
 */
void acl_lint(const struct acl_list *list, acl_lint_fn *fn, void *arg);

const char *acl_lint_name(enum acl_lint_kind kind);

#endif
