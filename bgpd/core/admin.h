/*
 * What an operator orders at run time (EV_ADMIN): sessions ended and begun, routes asked for and told again,
 * GRACEFUL_SHUTDOWN on what a neighbour is told (RFC 8326 4).
 *
 * An order to a neighbour that cannot follow it (refresh without a session, reset while it is shut down) does nothing;
 * who asks is told so before (bgpd/mgmt/act).
 */
#ifndef BGPD_CORE_ADMIN_H
#define BGPD_CORE_ADMIN_H

#include "bgpd/core/state.h"

/* EV_ADMIN. */
void core_admin_step(struct core_run *run, const struct event *ev);

/* Whether the order would do something to this peer; families: those of a refresh, 0: all. */
bool core_admin_applies(const struct core_peer *p, enum event_admin admin, uint32_t families);

/*
 * When nothing else is to be done: peers whose view has changed move to the update group of the new one and get everything
 * again. Not before: what is under way to the old group, withdrawals above all, must have reached them. True if there
 * is work now.
 */
bool core_admin_work(struct core_run *run);

#endif
