/* Two OPENs into one agreement: what the session speaks and how long it may be silent. */
#ifndef BGPD_FSM_NEGO_H
#define BGPD_FSM_NEGO_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/fsm/peer.h"

/* Our OPEN (RFC 4271 4.2): AS4, refresh and enhanced refresh are always offered, the rest as configured. */
struct wire_open fsm_nego_open(const struct fsm_conf *conf);

/*
 * Checks their OPEN against the configuration and fills *ctx: families, refresh, extended messages, ADD-PATH a direction,
 * extended next hops are what both sides said. False: *fault holds the NOTIFICATION:
 *   2/2  not the configured AS (RFC 4271 6.2)
 *   2/3  our own identifier, from an internal peer (RFC 6286 2.2)
 *   2/11 roles that are no pair, several, or none where one is demanded (RFC 9234 4.2)
 *   2/7  no address family in common; data lists the multiprotocol capabilities we wanted (RFC 5492 5)
 */
bool fsm_nego_check(const struct fsm_conf *conf, const struct wire_open *theirs,
	struct wire_ctx *ctx, struct wire_fault *fault);

/*
 * Whether routes outlive a session that ended so: both sides have said that they know restarts (RFC 4724 3), and the
 * N bit where a NOTIFICATION ended it (RFC 8538 4; without, an expired hold timer ends everything as RFC 4271 6.5 says).
 */
bool fsm_nego_keeps(
	const struct fsm_conf *conf, const struct wire_open *theirs, enum fsm_loss loss);

/* The smaller of the two hold times in ms; 0 means neither hold nor keepalive timer (RFC 4271 4.2). */
uint32_t fsm_nego_hold_ms(const struct fsm_conf *conf, const struct wire_open *theirs);

/*
 * Which of two connections survives a collision (RFC 4271 6.8; equal identifiers: RFC 6286 2.3): the one that
 * was opened by the speaker with the higher identifier, or with the higher AS if those are equal.
 */
enum fsm_slot fsm_nego_winner(const struct fsm_conf *conf, const struct wire_open *theirs);

#endif
