/*
 * Which of our labels which neighbours of the core were told (RFC 4364 10): mplsfwd lets a labelled packet in from a port with
 * `labels: advertised` only if a neighbour on that link has been told the label.
 *
 * A label (it is a VRF's) is told to a neighbour from just before the first route with it goes out in a session; until the
 * session ends and is not waited for (RFC 4724), or the VRF exports nothing any more and the neighbour has heard so, or the
 * label is given back. So for a neighbour that a filter later takes some of a VRF's routes from, this is a superset.
 * After a session that was resumed, what it was not told again is forgotten when it is up to date. Where no port wants
 * it, nothing is done.
 */
#ifndef BGPD_CORE_TOLD_H
#define BGPD_CORE_TOLD_H

#include "bgpd/core/state.h"

void core_told_init(struct router *r); /* after out_set_init */
void core_told_fini(struct router *r);

/* The session is established; before its peer joins a group. */
void core_told_up(struct core_run *run, struct core_peer *p);

/* Part of every router_work; idle: nothing of it is left. */
void core_told_end(struct core_run *run, struct core_peer *p); /* it is gone for good */
void core_told_step(struct core_run *run, bool idle);

/* There is another configuration: other ports want to know. */
void core_told_reload(struct core_run *run);

/* FIB_LABEL_DEL of this VRF's label follows. */
void core_told_release(struct core_run *run, unsigned vrf);

#endif
