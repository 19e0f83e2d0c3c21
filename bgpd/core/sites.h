/* A VRF's own routes: connected prefixes as mplsfwd reports them, configured static routes (RFC 4364 7). */
#ifndef BGPD_CORE_SITES_H
#define BGPD_CORE_SITES_H

#include "bgpd/core/state.h"

void core_sites_init(struct router *r);
void core_sites_fini(struct router *r);

/* FIB_CONNECTED. A static route is active while its gateway is inside a connected prefix of its VRF. */
void core_sites_connected(struct core_run *run, const struct fib_msg *m);

/* Takes all of them out of the tables. */
void core_sites_stop(struct core_run *run);

#endif
