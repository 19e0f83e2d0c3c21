/* Terms of a rule: what is asked of a route. */
#ifndef BGPD_POLICY_TERM_H
#define BGPD_POLICY_TERM_H

#include "bgpd/policy/program.h"

/* Whether the term holds, its negation taken into account. */
bool pol_term_match(
	const struct pol_term *t, const struct pol_subject *s, const struct wire_attrs *a);

/* enum pol_need bits. */
unsigned pol_term_needs(const struct pol_term *t);

#endif
