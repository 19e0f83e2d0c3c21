/*
 * A VPN label's life between vrf (who exports) and mplsfwd (who pops): see the picture in vrf/vrf.h.
 * Nothing is exported before mplsfwd acknowledged the pop entry; nothing is reused before its quarantine.
 */
#ifndef BGPD_CORE_LABELS_H
#define BGPD_CORE_LABELS_H

#include "bgpd/core/state.h"

/* Asks for what is wanted and can be asked for now; part of every router_work. */
void core_labels_step(struct core_run *run);

/* FIB_ACK. False if seq is none of ours. */
bool core_labels_ack(struct core_run *run, const struct fib_msg *m);

/* Everything is taken back (router_work goes on with it). */
void core_labels_stop(struct core_run *run);
bool core_labels_are_gone(const struct router *r); /* FIB_LABEL_DEL said for each */

/* When core_labels_step has something to do without an event; TIMERQ_NEVER. */
uint64_t core_labels_deadline(const struct router *r);

#endif
