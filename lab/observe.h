/* What is shown at the end, asked from the routers and the kernels: nothing here comes from a configuration. */
#ifndef LAB_OBSERVE_H
#define LAB_OBSERVE_H

#include <jansson.h>

#include "lab/run.h"
#include "lab/table.h"
#include "lib/text.h"

/*
 * [{"rd","prefix","label","next_hop","route_targets":[..],"best"}] of a node's VPNv4 table, Ravelin's or FRR's.
 * NULL if it does not answer. The caller's.
 */
json_t *lab_observe_vpn(const struct lab_run *r, unsigned node);

/* Ravelin's guard of a port: what it has dropped for a reason; -1: no guard is shown for this port, or no answer. */
long long lab_observe_guard(const char *node, const char *port, const char *reason);

/* Its state, "open"; "" if none is shown. out: cap octets. */
void lab_observe_guard_state(const char *node, const char *port, char *out, size_t cap);

/* "via 192.168.1.2 dev eth2 proto ravelin, pushes 17/80" */
void lab_observe_route(const struct lab_route *route, struct text *out);

/* Sends one table as an event: {"ev":"table","title","columns":[..],"rows":[[..]]}. False if a router did not answer. */
bool lab_observe_show(struct lab_run *r, enum lab_show_kind what);

#endif
