/*
 * Graceful restart (RFC 4724, RFC 8538): the routes of a peer outlive its session.
 *
 *            session lost            comes back, F bit set           End-of-RIB of the last family
 *   NONE ------------------> WAIT ----------------------> RESUMED -----------------------> NONE
 *     ^                        | its Restart Time is over    |  our stale-time is over: the rest is swept
 *     +------------------------+<----------------------------+
 *     |                        | ... and LLGR was agreed (core/longlived)
 *     +---------------------- LONG -----------------------> RESUMED
 *       the long-lived stale time is over
 *
 * In WAIT and RESUMED the rib keeps what was said before (bgpd/rib/stale); forwarding does not notice, and neither do
 * the other neighbours. What is swept goes as any withdrawn route does.
 */
#ifndef BGPD_CORE_RESTART_H
#define BGPD_CORE_RESTART_H

#include "bgpd/core/state.h"

/* What our OPENs to p say: whether the forwarding state of a run before this one was kept, and is not yet confirmed. */
void core_restart_offer(struct core_peer *p, bool kept, bool restarting);

/* The session was lost. False: its routes go with it, p->source included; else p->restart has the source. */
bool core_restart_lost(struct core_run *run, struct core_peer *p);

/*
 * The session is there again: the source that it goes on with, or RIB_SOURCE_NONE if there is none. now: what a new
 * one would be. A peer that is not the same any more, or has kept nothing, loses what was kept.
 */
uint16_t core_restart_resume(
	struct core_run *run, struct core_peer *p, const struct rib_source *now);

/*
 * The peer dials us, and the connection that it made before carries the session: it may have lost that (RFC 4724 4.2).
 * True: there is a place for the new one; its OPEN decides.
 */
bool core_restart_yield(struct core_peer *p);

/* End-of-RIB of family f. */
void core_restart_eor(struct core_run *run, struct core_peer *p, enum wire_family f);

/* The peer was stopped here, or cannot be waited for any more: what was kept goes. */
void core_restart_drop(struct core_run *run, struct core_peer *p);

void core_restart_timer(struct core_run *run, struct core_peer *p);
uint64_t core_restart_deadline(const struct core_peer *p); /* ms; TIMERQ_NEVER */

/* Paths of p that are kept and not said again, of all families. */
uint32_t core_restart_stale(const struct router *r, const struct core_peer *p);

/* "", "waiting", "long-lived", "resumed". */
const char *core_restart_phase_name(enum core_restart_phase phase);

#endif
