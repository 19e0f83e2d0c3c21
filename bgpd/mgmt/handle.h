/*
 * What an operator may ask a router: one table of paths, answered with JSON. Reads the router, never writes it.
 *
 *   /v1/bgp/summary  /v1/bgp/neighbors[?name=X]
 *   /v1/bgp/neighbors/received?name=X[&prefix=P]  /v1/bgp/neighbors/advertised?name=X[&prefix=P]
 *   /v1/bgp/vpnv4[?prefix=X]  /v1/bgp/ipv4[?prefix=X]
 *   /v1/vrf[?name=X]  /v1/mpls  /v1/guard[?name=X]  /v1/guard/drops  /v1/memory  /v1/version
 *   /v1/config[?path=X]  /v1/reload  /v1/log  /v1/events[?what=X]   what the shell keeps: bgpd/mgmt/live answers
 *   /v1/mrt/rib      octets: MRT, TABLE_DUMP_V2 (RFC 6396 4.3)
 *   /v1/mrt/updates[?neighbor=X][&sent=true]   octets without an end: MRT, BGP4MP_ET; as /v1/events
 *   /neighbors[?neighbor=X]  /summary  /rib[?neighbor=X]   as OpenBGPD's bgplgd has them
 *   /v1              the table itself
 *   /metrics         OpenMetrics text (bgpd/mgmt/metrics)
 *   /  /page/FILE    the page that a browser shows (bgpd/mgmt/page)
 */
#ifndef BGPD_MGMT_HANDLE_H
#define BGPD_MGMT_HANDLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct router;
struct mgmt_reader;
struct mgmt_update_reader;
struct mgmt_stream;

struct mgmt_answer {
	int status;   /* of HTTP: 200; 400 bad query; 404 unknown path or name */
	json_t *body; /* the caller's (json_decref); {"error": "what; remedy"} unless 200. NULL: */
	struct mgmt_stream *
		stream; /* in pieces, of a type of its own perhaps; the caller's (mgmt_stream_free). NULL: */
	struct mgmt_reader *
		reader; /* without an end: what happens (bgpd/mgmt/live); the caller's (mgmt_reader_free). NULL: */
	struct mgmt_update_reader *
		updates; /* the same, octets (bgpd/mgmt/updates); the caller's (mgmt_update_reader_free). NULL: */
	char *text; /* no JSON, but of this type; the caller's (free) */
	size_t len;
	const char *type;
};

/*
 * path: "/v1/vrf", decoded. query: after the '?', still percent-encoded (RFC 3986 2.1), "" or NULL if none. Both may be
 * anything: they come from outside. now_ms: the clock of router_step.
 */
struct mgmt_answer mgmt_handle(
	const struct router *r, uint64_t now_ms, const char *path, const char *query);

/* Whether the answer shows counters of the kernel: worth a FIB_STATS_GET before mgmt_handle. */
bool mgmt_wants_stats(const char *path);

#endif
