/* The parts of the answers: one function a path, and what they share. Private to bgpd/mgmt. */
#ifndef BGPD_MGMT_SHOW_H
#define BGPD_MGMT_SHOW_H

#include <jansson.h>

#include "bgpd/core/state.h"
#include "lib/text.h"

struct core_drop;
struct mgmt_stream;
struct mgmt_vitals;

struct mgmt_ask {
	const struct router *r;
	uint64_t now_ms;
	const char *name;		  /* ?name=, decoded; NULL if not given */
	const struct ip_prefix *prefix;	  /* ?prefix=; NULL if not given */
	const char *vrf;		  /* &vrf=, decoded; NULL if not given */
	const struct core_peer *neighbor; /* ?neighbor=; NULL if not given */
};

/* The answer, or NULL if there is nothing by that name. */
typedef json_t *mgmt_show_fn(const struct mgmt_ask *q);

mgmt_show_fn mgmt_show_summary;	    /* show_peer.c */
mgmt_show_fn mgmt_show_neighbors;   /* show_peer.c */
mgmt_show_fn mgmt_show_mpls;	    /* show_mpls.c */
mgmt_show_fn mgmt_show_guard;	    /* show_guard.c */
mgmt_show_fn mgmt_show_drops;	    /* show_guard.c */
mgmt_show_fn mgmt_show_rpki;	    /* show_rpki.c; prefix: what mgmt_show_roas says, too */
mgmt_show_fn mgmt_show_roas;	    /* show_rpki.c; of prefix */
mgmt_show_fn mgmt_show_bmp;	    /* show_bmp.c */
mgmt_show_fn mgmt_show_memory;	    /* memory.c */
mgmt_show_fn mgmt_show_explain;	    /* show_explain.c */
mgmt_show_fn mgmt_bgplgd_neighbors; /* bgplgd.c */
mgmt_show_fn mgmt_bgplgd_summary;   /* bgplgd.c */

/* json.c: values that have a shape of their own. All give a new reference. */
json_t *mgmt_json_addr(const struct ip_addr *a); /* null for IP_NONE */
json_t *mgmt_json_prefix(const struct ip_prefix *p);
json_t *mgmt_json_label(uint32_t label); /* null for WIRE_LABEL_NONE */
json_t *mgmt_json_rt(uint64_t rt);
json_t *mgmt_json_rts(struct wire_span ext_communities); /* the route targets among them */
json_t *mgmt_json_vrf(const struct conf *c, int vrf);	 /* its name; null for the core */
json_t *mgmt_json_vrf_of(const struct router *r,
	uint16_t vrf); /* of a table: one that is leaving has its name still */

json_t *mgmt_json_time(uint64_t wall_ms); /* since 1970, as RFC 3339 */
json_t *mgmt_json_drop(const struct router *r, const struct core_drop *d); /* show_guard.c */

/* Octets from outside as valid UTF-8: escaped where they are none. */
json_t *mgmt_json_text(const char *s);
void mgmt_set(json_t *object, const char *key, json_t *value); /* takes value over */

/* Whether name (NULL: any) means this peer: its name, its address (which may stand in several VRFs), or that of its range. */
bool mgmt_peer_is(const struct core_peer *p, const char *name);
const struct core_peer *mgmt_peer_find(
	const struct router *r, const char *name); /* the first; NULL: none */

/* show_capa.c, show_rules.c: parts of a neighbour. Received and agreed: of the session that stands. */
json_t *mgmt_peer_sent(const struct core_peer *p);
json_t *mgmt_peer_received(const struct core_peer *p);
json_t *mgmt_peer_agreed(const struct core_peer *p);
json_t *mgmt_peer_policy(const struct core_peer *p);
json_t *mgmt_peer_note(const struct conf_peer *c); /* that it has no policy (RFC 8212), or null */
json_t *mgmt_peer_limit(const struct mgmt_ask *q, const struct core_peer *p); /* null: none */
json_t *mgmt_peer_restart(const struct mgmt_ask *q, const struct core_peer *p);
json_int_t mgmt_peer_received_prefixes(const struct router *r, const struct core_peer *p);
json_int_t mgmt_peer_sent_prefixes(const struct router *r, const struct core_peer *p);
json_t *mgmt_json_families(uint32_t families);
json_t *mgmt_json_role(uint8_t role); /* null for WIRE_ROLE_NONE */
const char *mgmt_port_role(const struct conf_port *c);
const char *mgmt_ace_action(const struct acl_ace *ace); /* "accept", "drop" */
const char *mgmt_limit_name(enum conf_limit_action action);

/* show_config.c: objects by that path or below it (NULL: all); NULL: there is none. */
json_t *mgmt_config(const struct conf *c, const char *asked);

/* "pe2" of a session's source, "vrf-a" of an export, "static", "connected". */
json_t *mgmt_json_from(const struct router *r, uint16_t source);

/* A path of a table as JSON: a new reference. NULL: it is not shown. */
typedef json_t *mgmt_path_fn(
	const struct router *r, const struct rib_table *t, uint32_t dest, const struct rib_path *p);

/* Of a destination, an array of objects that are told of that neighbour: a new reference. */
typedef json_t *mgmt_dest_fn(const struct router *r, const struct rib_table *t, uint32_t dest,
	const struct core_peer *to);

/*
 * A long answer that is no JSON. What it needs from piece to piece is its own (new, free); it writes with mgmt_stream_add. One unit of
 * budget is a destination.
 */
struct mgmt_octets {
	const char *type; /* of HTTP */
	void *(*new)(const struct mgmt_ask *q);
	void (*free)(void *own);
	void (*begin)(void *own, struct mgmt_stream *s,
		const struct mgmt_vitals *v); /* before all routes */
	void (*dest)(void *own, struct mgmt_stream *s, const struct rib_table *t, uint32_t dest);
	/* instead of dest, without routes: as much as *budget allows. False: that was the last */
	bool (*step)(void *own, struct mgmt_stream *s, unsigned *budget);
};

/* rejected.c: of a path marked RIB_PATH_REJECTED: "rejected", "reject_community", "policy" and "rule" (null: it would pass now). */
void mgmt_rejected_add(json_t *o, const struct router *r, const struct rib_table *t, uint32_t dest,
	const struct rib_path *p);
void mgmt_rejected_text(const struct router *r, const struct rib_table *t, uint32_t dest,
	const struct rib_path *p, struct text *out);
json_t *mgmt_reject_community(const struct router *r, const struct rib_path *p); /* RS:1101:N */
/* Of any path; RS:1101:N goes in front if it is rejected. A new reference. */
json_t *mgmt_large_communities(const struct router *r, const struct rib_path *p);

/* show_rib.c: one path, whole. */
json_t *mgmt_path_detail(
	const struct router *r, const struct rib_table *t, uint32_t dest, const struct rib_path *p);

/* The parts of a long answer (stream.h), and the routes that stand in each. */
struct mgmt_parts {
	const char *begin, *end;
	json_t *(*head)(const struct router *r, unsigned part); /* an object, without "routes" */
	const struct rib_table *(*table)(const struct router *r, unsigned part);
	mgmt_path_fn *route;
	const char *list; /* what the routes stand under; NULL: "routes" */
	bool (*is_gone)(const struct router *r, unsigned part); /* passed over; NULL: none is */
	const struct mgmt_octets *octets; /* and then neither begin, end, head nor route */
	mgmt_dest_fn *dest;		  /* instead of route; with q->neighbor alone */
};

/* show_rib.c: for parts with nothing but routes of the core. */
json_t *mgmt_part_bare(const struct router *r, unsigned part);
const struct rib_table *mgmt_part_core_ipv4(const struct router *r, unsigned part);

/*
 * Parts first to end - 1: all paths that are still there, destinations in order, or those to q->prefix; of q->neighbor alone, if that is
 * given. parts is static.
 */
struct mgmt_stream *mgmt_stream_new(
	const struct mgmt_ask *q, const struct mgmt_parts *parts, unsigned first, unsigned end);

/* Behind what the piece has already. */
void mgmt_stream_add(struct mgmt_stream *s, const void *octets, size_t len);

/* A long answer, or NULL if there is nothing by that name. */
typedef struct mgmt_stream *mgmt_stream_fn(const struct mgmt_ask *q);

mgmt_stream_fn mgmt_stream_vpnv4;      /* show_rib.c */
mgmt_stream_fn mgmt_stream_ipv4;       /* show_rib.c */
mgmt_stream_fn mgmt_stream_bgp_vrf;    /* show_rib.c */
mgmt_stream_fn mgmt_stream_rejected;   /* show_rib.c */
mgmt_stream_fn mgmt_stream_vrf;	       /* show_vrf.c */
mgmt_stream_fn mgmt_stream_received;   /* show_adj.c */
mgmt_stream_fn mgmt_stream_advertised; /* show_adj.c */
mgmt_stream_fn mgmt_stream_mrt;	       /* mrt.c */
mgmt_stream_fn mgmt_stream_metrics;    /* metrics.c */
mgmt_stream_fn mgmt_bgplgd_rib;	       /* bgplgd.c */

#endif
