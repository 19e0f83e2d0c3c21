/*
 * The decision process (RFC 4271 9.1.2, RFC 4456 9): which path of a destination is best, and which step said so.
 *
 * As the RFC writes it, every step removes paths from the set of candidates; MED removes among paths of the same
 * neighbouring AS only. So the outcome does not depend on the order of arrival ("deterministic MED"), which no
 * comparison in pairs can give. "Oldest route wins" is left out for the same reason.
 */
#ifndef BGPD_RIB_BEST_H
#define BGPD_RIB_BEST_H

#include <stdbool.h>
#include <stddef.h>

#include "bgpd/rib/table.h"

enum rib_step {
	RIB_STEP_NONE, /* no path is eligible */
	RIB_STEP_ONLY, /* one eligible path: nothing to decide */
	RIB_STEP_UNREACHABLE, /* RFC 4271 9.1.2.1: next hop not resolved, its session is over, or policy rejected it */
	RIB_STEP_FORWARDABLE, /* a path that cannot be forwarded (RIB_PATH_LEAKED) loses to one that can */
	RIB_STEP_KIND,	      /* connected, then static, then BGP: the kernel's own order */
	RIB_STEP_LONG_LIVED,   /* a path with LLGR_STALE loses to one without (RFC 9494 4.3) */
	RIB_STEP_LOCAL_PREF,   /* RFC 4271 9.1.1; absent counts 100 */
	RIB_STEP_AS_PATH,      /* 9.1.2.2 a */
	RIB_STEP_ORIGIN,       /* b */
	RIB_STEP_MED,	       /* c */
	RIB_STEP_EBGP,	       /* d: ours, then eBGP, then iBGP */
	RIB_STEP_METRIC,       /* e */
	RIB_STEP_ROUTER_ID,    /* f; ORIGINATOR_ID instead if present (RFC 4456 9) */
	RIB_STEP_CLUSTER_LIST, /* RFC 4456 9: shorter wins */
	RIB_STEP_PEER_ADDRESS, /* g */
	RIB_STEP_PATH_ID, /* same peer: lower RD of the VPN route (imports), lower path number */
	RIB_STEPS
};

/* Static: "only path", "LOCAL_PREF", "AS_PATH length", ... */
const char *rib_step_name(enum rib_step s);

/* Whether p can be chosen at all (RFC 4271 9.1.2.1). AS loops never get into a table: policy/guard. */
bool rib_path_is_eligible(const struct rib_table *t, const struct rib_path *p);

/* The best of a destination's paths, NULL if none; *step the last step that had to remove a candidate. */
struct rib_path *rib_best_find(const struct rib_table *t, uint32_t dest, enum rib_step *step);

/* The same among the paths of a destination from the first one on (NULL: none). */
struct rib_path *rib_best_among(
	const struct rib_table *t, struct rib_path *first, enum rib_step *step);

/*
 * Which of two paths is better, < 0: a. For an order of those that are not best: MED counts between two of the same
 * neighbouring AS, which does not make a total order of more.
 */
int rib_path_cmp(const struct rib_table *t, const struct rib_path *a, const struct rib_path *b);

/*
 * Puts n eligible paths of a destination in order: the best of them, the best of the others, and so on, each as the decision
 * process finds it. Does not depend on the order that they came in, MED included.
 */
void rib_best_order(const struct rib_table *t, const struct rib_path **list, uint32_t n);

/* The step at which p, which is not best, was removed. For `show`, and for the tests. */
enum rib_step rib_best_why_not(const struct rib_table *t, uint32_t dest, const struct rib_path *p);

#endif
