/*
 * Which VPN routes are kept (conf->retain): all, on a reflector; else those that some VRF here imports (RFC 4364
 * 4.3.3). Asked once an UPDATE. When the VRFs' targets change, what is imported no more goes, and
 * what had not been kept is asked for again: by ROUTE-REFRESH (RFC 2918 4), or by RT-Constraint, which says it anyway.
 */
#ifndef BGPD_CORE_RETAIN_H
#define BGPD_CORE_RETAIN_H

#include "bgpd/core/state.h"
#include "bgpd/wire/attr.h"

void core_retain_init(struct router *r);

/* Whether routes with these attributes are kept in t. */
bool core_retain_takes(
	const struct router *r, const struct rib_table *t, const struct wire_attrs *a);

/* Other import targets of a VRF (copied; any order). True: some are new, core_retain_grow is to follow. */
bool core_retain_set(struct router *r, uint16_t vrf, const uint64_t *rts, unsigned n);

/* There is another configuration: the first neighbour that is reflected to has come, or the last one has gone. */
void core_retain_reload(struct core_run *run);

/* There are targets that no VRF imported before: asks for what was left out. */
void core_retain_grow(struct core_run *run);

/* Takes out what is imported no more, up to *budget destinations. */
void core_retain_work(struct router *r, unsigned *budget);

#endif
