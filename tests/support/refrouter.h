/*
 * A naive reference router: what RFC 4271, 4364, 4456, 7947, 8212, 8326, 9234 and 9774 say about one route, written
 * down as they say it. Lists of routes, no tables, no memory of what was said: import, decision and export are
 * functions of values. It shares no line with bgpd/policy, bgpd/rib and bgpd/out, which are compared with it.
 */
#ifndef TESTS_SUPPORT_REFROUTER_H
#define TESTS_SUPPORT_REFROUTER_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/wire/attr.h"
#include "lib/arena.h"

#define REF_LIST       24
#define REF_NEIGHBOURS 12
#define REF_NO_ROLE    (-1)
#define REF_NO_LABEL   UINT32_MAX

enum ref_next_hop { REF_DEFAULT, REF_SELF, REF_UNCHANGED };

/* For export: what has this AS in its path is denied; what has the mark is edited and accepted; the rest by default. */
struct ref_policy {
	bool on, accept, sets_med;
	uint32_t denied_as, mark, med, add;
	unsigned prepend; /* our own AS, so many times more */
};

struct ref_neighbour { /* as one router sees another; the settings are this router's */
	uint32_t as, router_id, addr;
	bool client; /* RFC 4456 */
	bool rs_client;
	enum ref_next_hop next_hop;
	bool as_override, graceful_shutdown, allow_as_set;
	unsigned allow_own_as;
	int role; /* ours: RFC 9234 4.1's number */
	uint64_t site;
	bool import, export;	  /* RFC 8212: there is a policy, and it accepts */
	struct ref_policy policy; /* ... of export, route by route */
};

struct ref_router {
	uint32_t as, id, addr, cluster;
	unsigned n;
	struct ref_neighbour neighbours[REF_NEIGHBOURS];
};

struct ref_u32s {
	unsigned n;
	uint32_t of[REF_LIST];
};

struct ref_attrs {
	uint32_t origin, next_hop, med, local_pref, originator, otc;
	bool has_med, has_local_pref, has_originator, has_otc;
	struct ref_u32s path;	  /* the ASes of sequences and sets, in order */
	unsigned set_at, set_len; /* path.of[set_at ..] is an AS_SET, at its end; set_len 0: none */
	struct ref_u32s communities, clusters, large;
	unsigned n_ext;
	uint64_t ext[REF_LIST];
	uint32_t unknown; /* octets of attributes that nobody knows, as a hash */
};

struct ref_route {
	unsigned from; /* index of the neighbour */
	bool labelled;
	uint32_t label;
	struct ref_attrs a;
};

/* wire_attrs -> ref_attrs. False if something does not fit: then the test asks for too much. */
bool ref_attrs_get(const struct wire_attrs *from, struct ref_attrs *out);

/* ... and back; lists in the arena. */
void ref_attrs_put(const struct ref_attrs *from, struct arena *arena, struct wire_attrs *out);
bool ref_attrs_equal(const struct ref_attrs *a, const struct ref_attrs *b);

/* Whether the route that neighbour route->from said is taken, and what it becomes. */
bool ref_import(const struct ref_router *r, struct ref_route *route);

/* The best of n routes, NULL of none. metric: of the path to a next hop, UINT32_MAX if there is no path. */
typedef uint32_t ref_metric_fn(const struct ref_router *r, uint32_t next_hop);
const struct ref_route *ref_decide(const struct ref_router *r, const struct ref_route *routes,
	unsigned n, ref_metric_fn *metric);

/* Whether neighbour `to` is told this route, were it the best, and what it is told. */
bool ref_export(const struct ref_router *r, const struct ref_route *best, unsigned to,
	struct ref_attrs *out);

#endif
