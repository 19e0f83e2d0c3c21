/*
 * How many routes a neighbour may send (struct conf_limit) and a VRF may hold (conf_vrf.max_routes).
 *
 *   warn      said in the log and shown
 *   drop      what is above is left out and counted; when there is room again, ROUTE-REFRESH asks for it (RFC 2918 4)
 *   stop      Cease/1 with AFI, SAFI and the limit (RFC 4486 4); down until core_session_reset()
 *   restart   the same, and begun again after restart_s
 *
 * A neighbour decides how often its count crosses a limit: the log hears of the 1st, 2nd, 4th, 8th ... time.
 */
#ifndef BGPD_CORE_LIMIT_H
#define BGPD_CORE_LIMIT_H

#include "bgpd/core/state.h"

#define CORE_LIMIT_REFRESH_MS                                                                      \
	30000 /* no more than one ROUTE-REFRESH in this time, and none at once */

void core_limit_init(struct core_limit *l);

/* Whether not all of n more prefixes of p would surely fit: then core_limit_admit() has to be asked of each. */
bool core_limit_is_near(const struct router *r, const struct core_peer *p, unsigned n);

/*
 * Whether the prefix may go into t, which p feeds with this source: there is room, or it replaces one. False: it is left
 * out, counted, and asked for again later.
 */
bool core_limit_admit(struct core_run *run, struct core_peer *p, const struct rib_table *t,
	const struct wire_nlri *n, uint16_t source);

/* After an UPDATE of family f was taken in: says what there is to say; may end the session. */
void core_limit_check(struct core_run *run, struct core_peer *p, enum wire_family f);

/* The limits of VRFs; part of every router_work. */
void core_limit_vrf_again(struct core_run *run, unsigned vrf);
void core_limit_vrfs(struct core_run *run);

/* The session is over; what was left out of it is of no interest. */
void core_limit_down(struct core_peer *p);

/* What is due: ROUTE-REFRESH, a session begun again. */
void core_limit_timer(struct core_run *run, struct core_peer *p);
uint64_t core_limit_deadline(const struct core_peer *p); /* TIMERQ_NEVER */

/* An operator wants the session back. */
void core_limit_reset(struct core_peer *p);

#endif
