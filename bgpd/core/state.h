/*
 * What a router is made of. Private to bgpd/core, and read (never written) by bgpd/mgmt.
 *
 *   peers[]   as conf->peers: session, counters             vrfs.list[], vpn_sites[]   as conf->vrfs
 *   ports[]   as conf->ports: what mplsfwd says of them     nexthops   BGP next hops and what they resolve to
 */
#ifndef BGPD_CORE_STATE_H
#define BGPD_CORE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "acl/abi.h"
#include "bgpd/core/router.h"
#include "bgpd/fsm/peer.h"
#include "bgpd/out/group.h"
#include "bgpd/policy/guard.h"
#include "bgpd/rib/store.h"
#include "bgpd/rib/table.h"
#include "conf/model.h"
#include "lib/arena.h"
#include "lib/timerq.h"
#include "mplsfwd/fibmsg.h"
#include "vrf/vrf.h"

#define CORE_PEERS_MAX                                                                             \
	16384u /* conf's; in update groups numbers from here on are Loc-RIBs of stations */
#define CORE_VRFS_MAX	4096u /* conf's; with those that are gone */
#define CORE_PORTS_MAX	4096u /* ... */
#define CORE_CONN_NONE	0u
#define CORE_CONN_HINTS 4096u /* connections at one time that are found without a search */

struct core_counters {		      /* of a peer, since the start */
	uint64_t treated_as_withdraw; /* UPDATEs (RFC 7606 2) */
	uint64_t attrs_discarded;     /* UPDATEs */
	uint64_t md5_mismatch; /* segments the kernel refused while this peer was waited for */
	uint64_t messages_out; /* of every kind */
	struct pol_counts policy;
};

struct core_limit {    /* of max_prefix: core/limit */
	uint8_t level; /* below, near, over it */
	bool stopped;  /* by it: no session until core_session_reset() or restart_at_ms */
	bool missing;  /* routes were left out of this session */
	uint64_t left_out, times_near, times_over;
	uint64_t restart_at_ms, refresh_at_ms; /* TIMERQ_NEVER */
};

enum core_restart_phase {
	CORE_RESTART_NONE,
	CORE_RESTART_WAIT,
	CORE_RESTART_LONG, /* RFC 9494: a last resort */
	CORE_RESTART_RESUMED
};

struct core_walk { /* over the tables of a peer */
	bool on;
	unsigned family;
	uint32_t dest;
};

struct core_restart { /* routes of a peer that outlive its session: core/restart */
	enum core_restart_phase phase;
	uint16_t source;   /* of the routes; RIB_SOURCE_NONE in CORE_RESTART_NONE */
	uint32_t families; /* whose stale routes are kept */
	uint64_t at_ms;	   /* no longer than to then; TIMERQ_NEVER */
	uint64_t count;	   /* of sessions lost that way */
	uint64_t long_until_ms[WIRE_FAMILIES]; /* CORE_RESTART_LONG, of families */
	struct core_walk walk;		       /* core/longlived */
};

struct core_rtc_peer {	   /* RT-Constraint (core/rtc) */
	uint64_t until_ms; /* VPN routes are held back; TIMERQ_NEVER: they are not */
	bool heard;	   /* End-of-RIB of the family has come: they need not be */
	bool dirty;	   /* its memberships changed */
};

struct core_rtc {
	struct rib_table *table; /* WIRE_RT_CONSTRAINT; NULL unless a core peer speaks it */
	uint16_t own;		 /* source of what we originate */
	uint64_t *rts;		 /* the targets originated, ascending */
	unsigned n_rts;
	bool dirty; /* some peer's is */
};

struct core_interval { /* MRAI: core/interval */
	bool told;     /* something, since the last one ended */
	bool holds;    /* nothing more is told until until_ms */
	bool full;     /* its connection takes no more */
	uint64_t until_ms;
};

struct core_told {    /* labels: core/told */
	bool on;      /* the neighbour is on a port that wants to know */
	bool resumed; /* vrfs is of a session before, and not yet compared with what this one says */
	bool *vrfs;   /* told the label of, in force at mplsfwd; NULL: none */
	bool *again;  /* ... in this session */
};

struct core_peer {
	const struct conf_peer *conf;
	unsigned index; /* in conf->peers */
	struct ip_addr
		addr; /* the neighbour's; IP_NONE: a place of a range that nobody has (core/places) */
	struct ip_addr was;  /* dynamic: who had the place last */
	uint64_t left_ms;    /* dynamic: ... until when */
	uint64_t range_full; /* dynamic, slot 0: connections that found no place in the range */
	uint32_t as;	     /* the neighbour's: configured, or said in its OPEN; 0: not known */
	const char *
		name; /* for logs and show: as configured, or the address of whom a place of a range was given */
	char name_text[IP_ADDR_STRLEN];
	struct core_limit limit;
	struct fsm_peer fsm;
	struct timer timer;	  /* at fsm_peer_deadline() */
	uint32_t conn[FSM_SLOTS]; /* the shell's numbers, CORE_CONN_NONE if none */
	struct ip_addr local[FSM_SLOTS];
	uint32_t life; /* how often somebody else, or he with other settings, has got this place */
	bool dial_asked; /* FIB_DIAL sent, FIB_SOCKET not yet come */
	uint16_t source; /* RIB_SOURCE_NONE: no session */
	struct core_restart restart;
	uint32_t eor;		  /* WIRE_FAMILY_BIT()s whose End-of-RIB has come in this session */
	struct pol_peer policy;	  /* what the guard knows of this session */
	struct ip_addr *siblings; /* of a route server's client: see core/policy */
	struct core_counters count;
	struct core_rtc_peer rtc;
	uint32_t refreshing; /* WIRE_FAMILY_BIT()s between BoRR and EoRR (RFC 7313 4.2) */
	bool admin_down;     /* shut down at run time: no session until it is enabled */
	bool graceful_shutdown; /* told to it with GRACEFUL_SHUTDOWN; as configured, until ordered otherwise */
	struct core_interval interval;
	bool view_changed; /* it is to be told everything anew: core_admin_work */
	struct core_told told;
};

struct core_site { /* a VRF as this router's own business: its connected and static routes, its label's requests */
	const struct conf_vrf *conf;
	uint64_t *imports;	     /* its import targets, if not those of conf; owned */
	struct ip_prefix *connected; /* one for each port that has it, in any order */
	unsigned n_connected, cap_connected;
	bool *static_active; /* one a configured route: its gateway is inside a connected prefix */
	uint32_t label_seq;  /* of the FIB_LABEL_ADD or _DEL under way, 0 if none */
	uint64_t label_retry_ms; /* not to be asked for before */
	bool leaving;		 /* the configuration has it no more: core/vrfs */
	bool over;		 /* max_routes is reached, or was passed just now */
	uint64_t times_over, left_out, refill_at_ms; /* core/limit */
	struct core_sources *sources;		     /* NULL: no port of it is `source: feasible` */
};

struct core_nexthop {
	struct ip_addr addr;
	bool answered; /* mplsfwd has said something of it */
	bool reachable;
	uint8_t n_labels;
	uint32_t labels[FIB_LABELS_MAX]; /* transport, outermost first */
	uint32_t metric;
	unsigned next; /* of the same head, plus 1; 0: the last */
};

struct core_guard {    /* of a port: core/guards */
	uint8_t state; /* enum fib_guard */
	uint8_t xdp;   /* enum acl_xdp_mode as it came out */
	uint32_t drifts;
	char drifted[16]; /* what did, while it is closed for that; "" */
	uint64_t counts[ACL_REASONS_MAX];
	uint64_t *rules; /* matches, by entry of the port's lists, counted through */
	unsigned n_rules;
};

struct core_port {
	uint8_t flags; /* enum fib_port_flags */
	struct fib_mpls_stats mpls;
	struct core_guard guard;
};

enum core_defer_phase {
	CORE_DEFER_OFF,
	CORE_DEFER_WAIT, /* the neighbours speak first: nothing is decided */
	CORE_DEFER_TELL, /* what they have said is decided; told only when all of it is */
};

#define CORE_AGAIN_ALL (1u << 31) /* besides enum pol_need: of every chain */

struct core_again {	 /* routes judged anew: core/import */
	uint32_t judges; /* enum pol_need bits of the chains that the walk asks; 0: there is none */
	uint32_t asked;	 /* ... of the next one */
	uint32_t dest;
};

struct core_defer { /* after a restart of ours: core/defer */
	enum core_defer_phase phase;
	bool kept;	     /* forwarding state stands from before this run */
	uint64_t back_by_ms; /* our Restart Time: whoever is not back then has given us up */
	uint64_t until_ms;   /* the phase ends at the latest then; TIMERQ_NEVER */
};

struct router {
	const struct conf *conf;
	uint64_t seed;
	struct rib_store *store;
	struct vrfs vrfs;
	struct rib_table *core_ipv4; /* NULL unless a core peer speaks IPv4 unicast */
	struct core_rtc rtc;
	bool retain_all;       /* VPN routes that no VRF imports too (core/retain) */
	struct rib_job retain; /* the walk that takes out what is imported no more */
	struct out_set out;
	struct core_peer *peers;
	uint16_t conn_hints[CORE_CONN_HINTS]; /* by connection: perhaps the index of its peer */
	struct core_site *sites;
	unsigned n_vrfs_leaving;
	struct core_port *ports;
	struct core_guards *guards;
	struct core_nexthop *nexthops;
	unsigned n_nexthops, cap_nexthops;
	unsigned
		*nexthop_heads; /* cap_nexthops, by hash of the address: index plus 1, 0 for none */
	struct fib_tcp_stats tcp;
	bool tcp_known; /* the counters are of the machine: only what they grow by is ours */
	struct timerq timers;
	struct timer chores;   /* the nearest of the times below, and of labels' retries */
	uint64_t stats_at_ms;  /* next FIB_STATS_GET */
	uint64_t sync_at_ms;   /* FIB_SYNC at the latest */
	uint64_t refill_at_ms; /* some VRF has room again: core_limit_vrfs */
	struct arena arena;    /* of one message */
	struct arena edits;    /* of one route in it: what its import chain writes anew */
	uint32_t fib_seq;
	uint32_t fib_ahead; /* routes sent to mplsfwd since the shell last called router_work */
	struct core_defer defer;
	struct core_again again;
	struct core_rpki *rpki; /* core/rpki; NULL: no cache */
	struct core_bmp *bmp;	/* core/bmp; NULL: no station */
	uint64_t wall_us; /* to be added to now_ms * 1000, for the time since 1970; 0: not known */
	bool intervals;	  /* some neighbour's interval is on or due */
	router_watch_fn *watch; /* NULL: nobody looks at changes */
	void *watch_arg;
	struct router_tap tap; /* all NULL: nobody listens */
	bool started, stopping, synced, done;
	bool views_changed; /* of some peer */
	bool longlived;	    /* some peer's restart.walk is on */
	bool leaving;	    /* EV_LEAVE: nothing is taken back */
};

/* One call of router_step or router_work, handed down. */
struct core_run {
	struct router *r;
	uint64_t now_ms;
	struct effects *fx;
};

static inline bool core_peer_in_vrf(const struct core_peer *p)
{
	return p->conf->vrf != CONF_VRF_NONE;
}

#endif
