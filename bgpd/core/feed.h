/* UPDATEs into the tables: decode, guard, put in; and what begins and ends with a session. */
#ifndef BGPD_CORE_FEED_H
#define BGPD_CORE_FEED_H

#include "bgpd/core/state.h"
#include "bgpd/wire/msg.h"

/* The table that family f of this peer feeds and is fed from; NULL if there is none. */
struct rib_table *core_feed_table(
	const struct router *r, const struct core_peer *p, enum wire_family f);

/* The core's tables that its neighbours need, as far as they are not there: true if there was one to make. */
bool core_feed_tables(struct router *r);

/* The session is established: a source of its own, and a member of the update groups of its families. */
void core_feed_up(struct core_run *run, struct core_peer *p);

/* Into the update group of the family, if the session has it and nothing holds it back (core/rtc). */
void core_feed_join(struct router *r, struct core_peer *p, enum wire_family f);

/* Our address of the established session. */
struct ip_addr core_feed_local(const struct core_peer *p);

/* ... is over: its routes go (in slices), nothing more is sent. */
void core_feed_down(struct core_run *run, struct core_peer *p);

/* p, if it has a session, leaves its update groups for those of its view as it is now, and is told everything again. */
void core_feed_view(struct router *r, struct core_peer *p);

/*
 * An UPDATE of the established session on slot. A fault of RFC 7606's strongest kind, or more prefixes than
 * max_prefix, ends the session from here.
 */
void core_feed_update(
	struct core_run *run, struct core_peer *p, enum fsm_slot slot, const struct wire_msg *msg);

/* ROUTE-REFRESH (RFC 2918 4): the table again, to this peer. */
void core_feed_refresh(struct core_run *run, struct core_peer *p, const struct wire_msg *msg);

/* What the guard knows of p's link, after the connected prefixes of its VRF changed. */
void core_feed_subnet(struct router *r, struct core_peer *p);

/* End-of-RIB has come from every peer for every family (or the peer is none that would send any). */
bool core_feed_is_settled(const struct router *r);

#endif
