/* A VRF's own routes: connected prefixes as mplsfwd reports them, configured static routes (RFC 4364 7). */
#ifndef BGPD_CORE_SITES_H
#define BGPD_CORE_SITES_H

#include "bgpd/core/state.h"

void core_sites_init(struct router *r);
void core_sites_fini(struct router *r);

/* FIB_CONNECTED. A static route is active while its gateway is inside a connected prefix of its VRF. */
void core_sites_connected(struct core_run *run, const struct fib_msg *m);

/* One that the configuration has now; and what is kept of one that is gone. */
void core_sites_begin(struct router *r, unsigned vrf);
void core_sites_end(struct router *r, unsigned vrf);

/* The VRF stays: its routes are those of r->conf. */
void core_sites_reload(struct core_run *run, unsigned vrf, const struct conf_vrf *was);

/* Takes its routes out of the table; core_sites_stop: of all VRFs. */
void core_sites_leave(struct core_run *run, unsigned vrf);
void core_sites_stop(struct core_run *run);

#endif
