/*
 * What an operator may order a router: POST to /v1/bgp/neighbors/ACTION?name=NAME[&text=TEXT][&family=FAMILY] becomes
 * events for router_step(). Reads the router; whoever asked carries them out.
 *
 *   ACTION   reset shutdown enable refresh refresh-in refresh-out graceful-shutdown-on graceful-shutdown-off
 *   NAME     a neighbor's name or address (of several VRFs: all of them), or "all"
 *   TEXT     of reset and shutdown: what the neighbor is told, UTF-8, at most 255 octets (RFC 9003 2)
 *   FAMILY   of refresh*: "vpnv4", ...; all that were agreed unless given
 */
#ifndef BGPD_MGMT_ACT_H
#define BGPD_MGMT_ACT_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/core/event.h"
#include "bgpd/mgmt/handle.h"

struct mgmt_act {
	enum event_admin admin;
	uint32_t families;
	char text[256];	 /* "" : none */
	uint32_t *peers; /* indices; mgmt_act_fini */
	unsigned n_peers;
};

/*
 * path and query as those of mgmt_handle. The answer's status is 200: its body names the peers of the order
 * ({"order": ..., "peers": [names]}) and *out is to be carried out, one event a peer. Else 400 bad query, 404 unknown action or
 * name, 409 none of those named could follow; nothing is to be done then. Either way: mgmt_act_fini.
 */
struct mgmt_answer mgmt_act_parse(
	const struct router *r, const char *path, const char *query, struct mgmt_act *out);
void mgmt_act_fini(struct mgmt_act *o);

/* The i-th event of an order; borrows it. */
struct event mgmt_act_event(const struct mgmt_act *o, unsigned i);

#endif
