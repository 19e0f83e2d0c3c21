/*
 * What the shell keeps and the router does not: answered from there.
 *
 *   /v1/log           the last lines of this process's log
 *   /v1/events[?what=neighbors|routes|drops]   what happens from now on (bgpd/mgmt/events)
 *   /v1/mrt/updates[?neighbor=X][&sent=true]   messages from now on (bgpd/mgmt/updates)
 */
#ifndef BGPD_MGMT_LIVE_H
#define BGPD_MGMT_LIVE_H

#include "bgpd/mgmt/events.h"
#include "bgpd/mgmt/handle.h"
#include "bgpd/mgmt/updates.h"
#include "lib/logring.h"

#define MGMT_EVENTS_TYPE  "application/x-ndjson"
#define MGMT_SSE_TYPE	  "text/event-stream"
#define MGMT_UPDATES_TYPE "application/octet-stream"

struct mgmt_live {
	struct mgmt_events *events;
	const struct log_ring *log; /* NULL: none is kept */
	const struct router *router;
	struct mgmt_updates *updates;
};

/* False: the path is none of these, and mgmt_handle is to be asked. */
bool mgmt_live_handle(
	const struct mgmt_live *live, const char *path, const char *query, struct mgmt_answer *out);

#endif
