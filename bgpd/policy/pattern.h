/* Communities as an operator writes them: of all three kinds, with a star or the neighbour's AS in a field. */
#ifndef BGPD_POLICY_PATTERN_H
#define BGPD_POLICY_PATTERN_H

#include <stdbool.h>

#include "bgpd/policy/set.h"

/*
 * "65000:1" (RFC 1997), "65000:1:2" (RFC 8092), "rt:65000:1" and "soo:65000:1" (RFC 4360), or the name of a well-known one.
 * A field may be "*" (any) or "peer-as". False leaves *out undefined.
 */
bool pol_pattern_parse(const char *text, struct pol_set_community *out);

/* Whether it stands for one community only (peer-as counts as one). */
bool pol_pattern_is_exact(const struct pol_set_community *c);

#endif
