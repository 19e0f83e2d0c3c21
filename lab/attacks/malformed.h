/*
 * The malformed-input group: every vector of catalogue.vec that says what a router does with it (RFC 4271, RFC 7606 and
 * the regression list R01..R87), put to a router under test over a real session, and what became of it.
 *
 * It has a network of its own, two nodes ("dut", "attacker"), in which it starts the router itself: ours, FRR's, BIRD, GoBGP or
 * OpenBGPD. For each case a fresh session of a customer announces a prefix, says the bad message and, right behind it, one more
 * prefix; the router is then asked what it holds. A process that died is counted and started again.
 */
#ifndef LAB_ATTACKS_MALFORMED_H
#define LAB_ATTACKS_MALFORMED_H

#include "lab/run.h"

#define MALFORMED_TOPOLOGY "malformed" /* as for lab_host: topologies/malformed */

/* "ravelin", "frr", "bird", "gobgp", "openbgpd". */
bool malformed_pe_known(const char *pe);

/* Its program is there; else what to install is in why. Asked outside, before anything is started. */
bool malformed_pe_installed(const char *pe, char *why, size_t cap);

/*
 * Inside. job: {"pe": "bird", "cases": ["R25", "origin-len0", ...] (names or R numbers; absent or empty: all)}. True: everything was as
 * expected and nobody died (for any router but ours a verdict on it, no failure of the lab).
 * Events: one {"ev": "malformed", "id", "name", "source", "clause", "expected", "observed", "verdict", "why", "ms"} a case, verdict one of "as
 * expected", "needless reset", "wrong", "death", "invalid"; one {"ev": "malformed", "unsent": [{"id", "title", "reason"}]} of what no octets
 * can express; at the end {"ev": "malformed", "dut", "version", "totals": {"cases", "as_expected", "needless_resets", "wrong", "deaths", "invalid"},
 * "ms"}.
 */
bool malformed_run(struct lab_run *r, const json_t *job);

/*
 * Outside. Takes such an event into the report's part: {"dut", "version", "cases": [...], "unsent": [...], "totals": {...}}; and says on
 * the terminal (may be NULL) each case that was not as expected, and the totals.
 */
void malformed_tell(json_t *part, const json_t *event, FILE *terminal);

#endif
