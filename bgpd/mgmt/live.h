/*
 * What the shell keeps and the router does not: answered from there.
 *
 *   /v1/log[?level=warn][&proc=mplsfwd]        the last lines of both processes' logs
 *   /v1/config[?path=X]   the configuration in force: objects (conf/object.h), all or those of a path and below; without keys
 *   /v1/reload        whether a reload waits to be confirmed
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
	uint64_t unconfirmed_until_ms; /* a reload waits to be confirmed; 0: none does */
	uint64_t now_ms;	       /* of the same clock: when it is asked */
	struct mgmt_updates *updates;
};

/* Seconds until the last reload is taken back; 0: it is not. */
uint32_t mgmt_live_unconfirmed_s(const struct mgmt_live *live);

/* False: the path is none of these, and mgmt_handle is to be asked. */
bool mgmt_live_handle(
	const struct mgmt_live *live, const char *path, const char *query, struct mgmt_answer *out);

#endif
