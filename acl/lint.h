/*
 * What is wrong with an access list although every entry is right: entries that can never match (shadowed), that change
 * nothing (redundant), or say the opposite of an earlier one on the same packets (contradictory).
 */
#ifndef ACL_LINT_H
#define ACL_LINT_H

#include "acl/rule.h"

enum acl_lint_kind {
	ACL_LINT_SHADOWED, /* every packet of it is decided by an earlier entry, otherwise than it says */
	ACL_LINT_REDUNDANT, /* ... or the same way; or a later one would decide the same without it */
	ACL_LINT_CONTRADICTORY, /* exactly the same packets, the opposite action */
	ACL_LINT_OPEN_END,	/* the list permits something, and nothing drops the rest */
	ACL_LINT_IMPOSSIBLE, /* matches no packet: ports of a protocol without ports, a range that is empty */
};

struct acl_lint {
	enum acl_lint_kind kind;
	unsigned ace;	/* index; n_aces for ACL_LINT_OPEN_END */
	unsigned other; /* the entry that stands in its way; same as ace if none */
};

typedef void acl_lint_fn(void *arg, const struct acl_lint *found);

/* Exact for a pair of entries; unions of several are looked at only where they are neighbouring prefixes or ranges. */
void acl_lint(const struct acl_list *list, acl_lint_fn *fn, void *arg);

const char *acl_lint_name(enum acl_lint_kind kind);

#endif
