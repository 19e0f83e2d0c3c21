/*
 * The VRFs of the configuration, as vrf/ has them: made at the start, changed by a reload.
 *
 * One that is gone is left in order: its sessions have ended, its own routes and its imports go from its table, what it exported is withdrawn from
 * neighbours, then FIB_LABEL_DEL is said (core/labels), and when nothing is in it any more its place is empty for good. Until then the
 * configuration before is needed.
 */
#ifndef BGPD_CORE_VRFS_H
#define BGPD_CORE_VRFS_H

#include "bgpd/core/state.h"

void core_vrfs_init(struct router *r);

/* fates: enum conf_fate of each. Those that are gone begin to leave; r->conf is still the one in which they are. */
void core_vrfs_leave(struct core_run *run, const uint8_t *fates);

/* r->conf is the next one: new ones begin, the others are as it has them. */
void core_vrfs_reload(struct core_run *run, const struct conf *before, const uint8_t *fates);

/* Part of every router_work. */
void core_vrfs_step(struct core_run *run);

#endif
