/*
 * The parts of /v1/bgp/explain: why a route is (not) used, and who has it. All give a new reference. Private to bgpd/mgmt.
 *
 *   show_explain.c     the answer: tables that hold the prefix, candidates in order of preference, VRFs, kernel
 *   explain_lost.c     what decided between a candidate and what it lost against (RFC 4271 9.1.2), with both values
 *   explain_import.c   what the import chain of its neighbour makes of it, rule by rule
 *   show_rpki.c        what caches say of it, and which payloads decide that
 *   explain_told.c     to which neighbours of its table it went, and why not to the others
 *
 * Answers are bounded: EXPLAIN_CANDIDATES_MAX paths of a destination, EXPLAIN_RULES_MAX rules that did not match a program.
 */
#ifndef BGPD_MGMT_EXPLAIN_H
#define BGPD_MGMT_EXPLAIN_H

#include "bgpd/mgmt/show.h"

#define EXPLAIN_CANDIDATES_MAX 64
#define EXPLAIN_RULES_MAX      64
#define EXPLAIN_VPN_MAX	       64 /* destinations of one prefix in the VPN table */

/* best: of dest, NULL if none. Null for the best itself. */
json_t *mgmt_explain_lost(const struct router *r, const struct rib_table *t, uint32_t dest,
	const struct rib_path *best, const struct rib_path *p);

/* Null: its routes go through no chain. */
json_t *mgmt_explain_import(
	const struct router *r, const struct rib_table *t, uint32_t dest, const struct rib_path *p);

/* Null: nobody validates it. */
json_t *mgmt_explain_rpki(
	const struct router *r, const struct rib_table *t, uint32_t dest, const struct rib_path *p);

/* An array: the neighbours of the table, as configured; of each what it is told, and which candidates its export policies keep from it. */
json_t *mgmt_explain_told(const struct router *r, const struct rib_table *t, uint32_t dest,
	const struct rib_path *best);

#endif
