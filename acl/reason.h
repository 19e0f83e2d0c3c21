/* Reasons by name, and which requirement each one serves: for counters, logs, `show guard` and reports. */
#ifndef ACL_REASON_H
#define ACL_REASON_H

#include "acl/abi.h"

/* "mpls_not_enabled", ...: stable, what metrics and scenarios use. "?" beyond the last. */
const char *acl_reason_name(enum acl_reason r);

/* The clause, "RFC 4364 6, RFC 4381 3.4". */
const char *acl_reason_clause(enum acl_reason r);

/* One line for a person: "labelled packet from a customer". */
const char *acl_reason_text(enum acl_reason r);

/* ACL_REASONS if there is none of that name. */
enum acl_reason acl_reason_find(const char *name);

#endif
