/*
 * Update groups: the sessions of one table whose view is equal. A change is rewritten and encoded once; members share
 * the blocks. There is no Adj-RIB-Out: one bit per destination says whether it is advertised (RFC 4271 3.2). Groups that choose for
 * themselves (ADD-PATH, a chain of policies) look at all paths of a destination, and keep which ones they told.
 *
 * Flow: out_set_change() for each change of the queue collects prefixes in the group's pack; out_set_work() emits it when it
 * makes a block or nothing more comes, and shows members what they have not seen (out/lane): new ones the table, those that
 * could not take more for a while what they missed. A walk is circular and shared: a member that joins during one gets
 * its first part later, so fifty new members still cost one encoding.
 * A member is not sent what came from its own session.
 */
#ifndef BGPD_OUT_GROUP_H
#define BGPD_OUT_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/out/bits.h"
#include "bgpd/out/filter.h"
#include "bgpd/out/lane.h"
#include "bgpd/out/pack.h"
#include "bgpd/out/view.h"

struct out_member {
	uint32_t peer;	   /* the owner's number, given back to out_emit_fn */
	uint16_t source;   /* of its session: what it must not get back */
	bool fresh;	   /* nothing was emitted to it */
	bool full, paused; /* it can take no more; ... and gets no more */
	bool wrapped; /* in a walk of everything: it has still to be shown what is up to dump_from */
	bool eor;     /* when its walk is over, End-of-RIB follows (RFC 4724 2) */
	bool enhanced;		     /* RFC 7313 was agreed: a refresh stands between BoRR ... */
	bool borr, eorr;	     /* ... which is due, and EoRR, due at the end of its walk */
	bool refresh;		     /* asked for while it was told something else: follows that */
	bool refilter;		     /* `wants` is not yet acted upon */
	struct out_filter *wants;    /* with refilter: one reference */
	struct out_view *wants_view; /* NULL: the one that it has; owned */
	struct out_lane *lane;	     /* NULL: up to date */
	uint32_t dump_from;	     /* where the circular walk stood when it joined */
	uint32_t own; /* advertised destinations that it is not sent, being their source */
};

/* The last answer to "is it told?": neighbouring routes share their attributes. Holds references. */
struct out_told {
	struct rib_attrset *attrs;
	struct rib_attrset
		*as; /* what view.chain makes of them; NULL without, or if it is not told */
	uint16_t source, flags;
	bool labelled, yes;
};

/* The last answer to "do receivers see a difference?". Holds references. */
struct out_pair {
	struct rib_attrset *was, *now;
	uint16_t source;
	bool same;
};

/* A path that a group with ADD-PATH (out/paths) or a chain (out/choice) advertises. */
struct out_path {
	struct rib_attrset
		*attrs; /* as the chain left them; one reference, as to source; NULL: not in use */
	uint32_t id;	/* as receivers see it; out/choice: which of the two it is */
	uint32_t label, rib_id;
	uint16_t source;
	bool found;
	uint32_t next; /* of the same destination; 0 ends */
};

struct out_paths {		    /* out/pathlist */
	uint32_t *heads, cap_heads; /* by destination */
	struct out_path *list;
	uint32_t n_list, cap_list, free;
	const struct rib_path **found; /* candidates, while a destination is looked at */
	uint32_t cap_found;
};

struct out_group {
	struct out_group *next; /* of the same table */
	struct out_view view;
	bool looks; /* at more than the best path: view.add_path (out/paths) or view.chain (out/choice) */
	struct out_filter *filter; /* NULL: everything; one reference */
	struct rib_table *table;
	struct out_member *members;
	uint32_t n_members, cap_members;
	uint32_t n_live;     /* members that get changes as they come */
	uint32_t *by_source; /* source -> index of the member + 1 */
	uint32_t cap_by_source;
	struct out_lane *lanes, *dumping; /* dumping: whose walk `dump` is of */
	bool flow;			  /* some member's `full` is not yet acted upon */
	bool behind;			  /* some lane is not live */
	struct out_pack pack;		  /* changes, for live members */
	struct out_pack dump;		  /* what is shown, for the members of a lane */
	struct out_bits advertised;
	struct out_paths paths; /* if it looks */
	struct out_bits packed; /* in pack: the next change of it flushes first */
	uint32_t *packed_list;	/* destinations with that bit */
	uint32_t n_packed, cap_packed;
	uint32_t n_advertised; /* destinations; with view.add_path paths */
	uint32_t held,
		held_octets; /* calls of out_set_work since pack began to fill; what was in it at the last */
	struct out_told told;
	struct out_pair pair;
};

/* Routes of this source, a RIB_VRF_EXPORT, are about to be sent to peer. arg: as of out_emit_fn. */
typedef void out_tell_fn(void *arg, uint32_t peer, uint16_t source);

struct out_set { /* all groups of a router */
	struct rib_store *store;
	struct out_encoder *encoder;
	struct out_filter *filters;
	bool regroup;		     /* some member wants another filter or view */
	struct out_group **by_table; /* lists, by rib_table.id */
	uint32_t n_tables;
	uint32_t path_id_max; /* the greatest that any group ever used */
	uint32_t lane_id;     /* the newest lane's */
	uint64_t now_ms;      /* out_set_now */
	out_tell_fn *tell;    /* out_set_tell; NULL: nobody */
};

/* Whom fn is told of from now on, each export, each time (RFC 4364 10); what waits to be emitted may pass it by. */
void out_set_tell(struct out_set *s, out_tell_fn *fn);

/* Send this block to this peer. The block is borrowed: take a reference to keep it. */
typedef void out_emit_fn(void *arg, uint32_t peer, struct out_block *block);

void out_set_init(struct out_set *s, struct rib_store *st);
void out_set_fini(struct out_set *s); /* before the store; members are dropped */

/*
 * The session of peer is established: it is a member of the group of its view (made if there is none) and gets the
 * whole table and End-of-RIB in the coming calls of out_set_work. source: of this session, RIB_SOURCE_NONE if it
 * announces nothing.
 */
void out_set_join(struct out_set *s, struct rib_table *t, const struct out_view *v, uint32_t peer,
	uint16_t source);

/* The session is over: out of all groups; an empty group is freed. */
void out_set_leave(struct out_set *s, uint32_t peer);

/* ROUTE-REFRESH (RFC 2918 4): the whole table of the family again, to this peer alone. False if it is in no such group. */
bool out_set_refresh(struct out_set *s, uint32_t peer, enum wire_family f);

/*
 * The session of peer cannot take more: nothing is emitted to it any more until it can again, and then it is told what
 * it has missed, from the table. Harmless for a peer that is no member, or is paused (resumed) already.
 */
void out_set_pause(struct out_set *s, uint32_t peer);
void out_set_resume(struct out_set *s, uint32_t peer);

/* Whether peer has been told all that its groups know: no walk for it is under way, nothing waits until it can take more. */
bool out_set_is_settled(const struct out_set *s, uint32_t peer);

/*
 * What peer is told of the view's family is seen through *v from now on. Everything is told again, and withdrawn what
 * it must not have any more, in the coming calls of out_set_work. No effect for a peer that is no member.
 */
void out_set_view(struct out_set *s, const struct out_view *v, uint32_t peer);

/*
 * The VPN routes that peer wants from now on (RFC 4684 5), NULL: all. *f is copied. In the coming calls of out_set_work it
 * is told what the old filter kept from it, and withdrawn what the new one does; nothing else. Call it right after
 * out_set_join, and nothing is told that does not pass. No effect on other families, or for a peer that is no member.
 */
void out_set_filter(struct out_set *s, uint32_t peer, const struct out_rtfilter *f);

/*
 * Consumer of the change queue, for every change of every table, before rib_change_done(). May emit (a destination that
 * changed twice since the last flush).
 */
void out_set_change(struct out_set *s, const struct rib_change *c, out_emit_fn *emit, void *arg);

/*
 * Emits what was collected and walks up to *budget destinations for those that need them. True if work is left. A block
 * that is not full waits for more as long as the change queue has more, but not for longer than a few calls.
 */
bool out_set_work(struct out_set *s, unsigned *budget, out_emit_fn *emit, void *arg);

/*
 * Monotonic; before out_set_work. Receivers that became full together are waited for, for a while, by those that can go
 * on, so that one encoding does for all: who waits is looked at in each call.
 */
static inline void out_set_now(struct out_set *s, uint64_t now_ms)
{
	s->now_ms = now_ms;
}

/* Whether something is collected that out_set_work has still to emit. */
bool out_set_holds(const struct out_set *s);

/* What `prefixes sent` shows: destinations (with ADD-PATH: paths) of family f that this peer now has from us. */
uint32_t out_set_count(const struct out_set *s, uint32_t peer, enum wire_family f);

#endif
