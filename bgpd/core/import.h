/*
 * What a neighbour's import chain (bgpd/policy/program.h) makes of its routes, between the guard and the table.
 *
 * A route that is rejected does not go in; or, with keep_rejected, it goes in marked RIB_PATH_REJECTED with the attributes that it came
 * with and the reason in place of its label, for whoever asks why (`show bgp rejected`). It counts for max_prefix.
 *
 * What a chain edits remembers the attributes that it came with (rib_attrset_received): nothing that a neighbour says is lost by policy, so routes
 * can be judged anew.
 */
#ifndef BGPD_CORE_IMPORT_H
#define BGPD_CORE_IMPORT_H

#include "bgpd/core/state.h"

/* Whether routes of this family go through a chain at all. */
bool core_import_is_on(const struct core_peer *p, enum wire_family f);

/*
 * Whether what the chain rejects stays, marked: asked for, or because the chain looks at validities (RFC 6811, ASPA), which change
 * while the neighbour says nothing: then it is judged anew, and taken in when it has become good (RFC 9324 3).
 */
bool core_import_keeps(const struct conf_peer *c);

/* Whether the chain says the same of all routes with the same attributes: then it is asked once a message. */
bool core_import_is_alike(const struct core_peer *p);

/* What the chain looks at besides the attributes; n is borrowed. a: as received, for what is known of its AS_PATH. */
struct pol_subject core_import_subject(const struct router *r, const struct core_peer *p,
	enum wire_family f, const struct wire_nlri *n, const struct wire_attrs *a);

/*
 * set: the attributes as the guard left them (as received, to a chain), borrowed. The attributes that go into the table, one reference, of
 * which *set's own are one case; NULL if the chain rejects the route, *reason then says why (policy/reject.h).
 */
struct rib_attrset *core_import_judge(struct router *r, struct core_peer *p, enum wire_family f,
	const struct wire_nlri *n, struct rib_attrset *set, uint16_t *reason);

/*
 * What a chain looks at has changed: the routes that are here are judged anew, of neighbours whose chain needs any of `needs` (enum pol_need
 * bits; 0: of all that have a chain), without asking them again (RFC 9324 3). In slices: core_import_work, which says if work is left. Asked while a walk is
 * under way, there is one more behind it.
 */
void core_import_again(struct router *r, unsigned needs);
bool core_import_work(struct core_run *run, unsigned *budget);

#endif
