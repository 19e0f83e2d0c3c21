/*
 * RT-Constraint (RFC 4684): who wants which VPN routes.
 *
 *   out   the import targets of our VRFs, each as a membership of our own AS; everything (the default) if we keep all
 *         VPN routes because we are told to, and to our reflector's clients (RFC 4684 4), whom nothing else is told:
 *         what they send us we keep all of, and they want nothing that the others do not get
 *   on    memberships of neighbours go through the RT membership table as any route: best path, reflection (RFC 4684
 *         3.2: a client's before another internal neighbour's), export
 *   in    a neighbour of this family gets only VPN routes with a target that it wants; none until its End-of-RIB
 *         or CORE_RTC_WAIT_MS have come (RFC 4684 6). One without this family gets all.
 */
#ifndef BGPD_CORE_RTC_H
#define BGPD_CORE_RTC_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/core/state.h"
#include "bgpd/wire/update.h"

#define CORE_RTC_WAIT_MS 60000

/* Makes the table and originates: some core neighbour speaks the family. After peers and VRFs were made. */
void core_rtc_begin(struct router *r);
void core_rtc_fini(struct router *r);

/* The import targets of the VRFs are others now: what is originated follows. */
void core_rtc_imports(struct router *r);

/* p's session is up and has a source, in no update group yet; ... is over. */
void core_rtc_up(struct core_run *run, struct core_peer *p);
void core_rtc_down(struct core_peer *p);

/* Whether p is to be a member of the group of family f (now). */
bool core_rtc_joins(const struct core_peer *p, enum wire_family f);

/* It is one now: before anything is sent, its filter is set. */
void core_rtc_joined(struct router *r, struct core_peer *p, enum wire_family f);

/* What was stale of family f of p is not any more. */
void core_rtc_swept(struct router *r, struct core_peer *p, enum wire_family f);

/* An UPDATE was taken in. */
void core_rtc_heard(struct router *r, struct core_peer *p, const struct wire_update *u);

/* ROUTE-REFRESH of the family from p. False if it is to be answered as of any other. */
bool core_rtc_refresh(struct core_run *run, struct core_peer *p);

/* What was heard takes effect; part of every router_work. */
void core_rtc_step(struct core_run *run);

/* The wait for End-of-RIB. */
void core_rtc_timer(struct core_run *run, struct core_peer *p);
uint64_t core_rtc_deadline(const struct core_peer *p); /* TIMERQ_NEVER */

/*
 * What the source wants, of its paths in the table: ascending by rt, then bits, each once, none that another covers.
 * Returns how many; *out is the caller's to free().
 */
unsigned core_rtc_wants(const struct rib_table *t, uint16_t source, struct out_rt **out);

#endif
