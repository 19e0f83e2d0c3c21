/*
 * Where a path comes from: a session with a peer, the static or connected routes of a VRF, or what a VRF exports.
 *
 * Every session is a source of its own: when it ends, its source goes down (its paths lose at once, because they
 * are not eligible any more), is swept out of the tables in slices by rib_store_work(), and its number is freed. A
 * peer that returns meanwhile is a new source, so nothing of the old session can be mistaken for the new one's.
 * There is no Adj-RIB-In besides: the paths of a source are it (RFC 4271 3.2), counted here.
 */
#ifndef BGPD_RIB_SOURCE_H
#define BGPD_RIB_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/wire/family.h"
#include "lib/prefix.h"

struct rib_store;

#define RIB_VRF_CORE	UINT16_MAX /* not in a VRF; the value of FIB_VRF_CORE */
#define RIB_SOURCE_NONE UINT16_MAX

enum rib_source_kind {
	RIB_CONNECTED,	/* a connected prefix of VRF vrf */
	RIB_STATIC,	/* a configured route of VRF vrf */
	RIB_PEER,	/* a BGP session */
	RIB_VRF_EXPORT, /* VRF number `origin`, exported into the VPN table by its route targets */
};

struct rib_source {
	enum rib_source_kind kind;
	uint16_t
		vrf; /* of the tables that it feeds: RIB_VRF_CORE for core peers and RIB_VRF_EXPORT */
	uint16_t origin; /* RIB_VRF_EXPORT: the VRF it comes from; else equal to vrf */
	uint32_t peer;	 /* RIB_PEER: the owner's number of the peer */
	bool ebgp;
	bool reflector_client; /* RFC 4456: its routes are reflected to everybody */
	bool track; /* next hops must be resolved by the core (FIB_NEXTHOP): set for core peers */
	uint32_t as;
	uint32_t router_id;  /* BGP identifier, host order */
	struct ip_addr addr; /* of the peer; IP_NONE for local ones */

	/* kept by rib */
	bool used, down;
	uint32_t refs; /* path objects in all tables, copies and those on their way out too */
	uint32_t paths
		[WIRE_FAMILIES]; /* what `prefixes received` shows; without copies imported into VRFs */
	uint16_t epoch[WIRE_FAMILIES]; /* RIB_PATH_EPOCH of what it says now: rib/stale */
	uint32_t kept;		       /* WIRE_FAMILY_BIT()s whose paths of the epoch before stay */
	uint32_t stale[WIRE_FAMILIES]; /* of paths: of an epoch before, sweeping or not */
	uint64_t crowded;	       /* paths left out: RIB_PATHS_OF_SOURCE_MAX */
};

/* A number for *s (copied), below RIB_SOURCE_NONE. Aborts if all 65535 are taken. */
uint16_t rib_source_add(struct rib_store *st, const struct rib_source *s);

/* Borrowed until the next rib_source_add. */
const struct rib_source *rib_source_get(const struct rib_store *st, uint16_t id);

/* The session is over: every path of it goes, in the slices of rib_store_work(). The number is not the caller's any more. */
void rib_source_down(struct rib_store *st, uint16_t id);

/* For down and stale: the walk that takes out what has to go begins, or begins anew. */
void rib_source_sweep(struct rib_store *st, uint16_t id);

uint32_t rib_source_paths(const struct rib_source *s); /* of all families */

/* For tables: a path object names the source; a number is not free before the last is gone. */
void rib_source_ref(struct rib_store *st, uint16_t id);
void rib_source_unref(struct rib_store *st, uint16_t id);

/* "peer", "static", "connected", "export". */
const char *rib_source_kind_name(enum rib_source_kind k);

#endif
