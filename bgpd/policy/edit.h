/* Edits of a rule: what becomes of a route. */
#ifndef BGPD_POLICY_EDIT_H
#define BGPD_POLICY_EDIT_H

#include "bgpd/policy/program.h"

/* Changes *a; what is new is in the arena. False, and the route must not pass, if that is full or a list would become too long. */
bool pol_edit_apply(const struct pol_edit *e, const struct pol_subject *s, struct wire_attrs *a,
	struct arena *arena);

unsigned pol_edit_needs(const struct pol_edit *e); /* enum pol_need bits */

#endif
