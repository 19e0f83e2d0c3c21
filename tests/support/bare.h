/*
 * One router on the bench, without wires: its neighbours are played by the test in octets, its kernel says yes to
 * everything at once. What it says to whom is kept: the FIB it wants, the prefixes each neighbour was told.
 */
#ifndef TESTS_SUPPORT_BARE_H
#define TESTS_SUPPORT_BARE_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/core/router.h"
#include "bgpd/core/state.h"
#include "bgpd/wire/update.h"

#define BARE_PEERS    64 /* and VRFs, and labels: those that a reload took away count */
#define BARE_PREFIXES 64 /* 10.0.x.0/24, x below this, and nothing else */

struct bare {
	struct conf *conf;
	struct router *router;
	struct effects fx;
	uint64_t now_ms;
	uint32_t last_conn;
	uint32_t conn[BARE_PEERS]; /* by peer; 0: no session */
	bool told[BARE_PEERS]
		 [BARE_PREFIXES]; /* the neighbour has this prefix from us, of whatever RD */
	bool wanted[BARE_PEERS]
		   [BARE_PREFIXES];  /* RT membership that it has from us: target 65000:x */
	bool all_wanted[BARE_PEERS]; /* ... of everything */
	bool installed[BARE_PEERS][BARE_PREFIXES]; /* by VRF: FIB_ROUTE_ADD is in force */
	uint8_t kind[BARE_PEERS][BARE_PREFIXES]; /* enum fib_route_kind of the last FIB_ROUTE_ADD */
	uint8_t sources[BARE_PEERS]
		       [BARE_PREFIXES]; /* by VRF: bit n: FIB_SOURCE_ADD of next hop 192.168.0.n */
	bool exported[BARE_PEERS][BARE_PEERS]
		     [BARE_PREFIXES]; /* the neighbour has VRF's own route from us (of its RD) */
	bool label_told[BARE_PEERS][BARE_PEERS]; /* FIB_LABEL_TELL by peer, and label - label_min */
	uint64_t rds[BARE_PEERS];		 /* by VRF, gone ones too */
	bool label_in[BARE_PEERS];    /* by label - label_min: FIB_LABEL_ADD is in force */
	bool label_rests[BARE_PEERS]; /* ... it was, and FIB_LABEL_DEL is */
	uint8_t fates[BARE_PEERS];    /* of neighbours, at the last reload */
	bool labels_matter;	      /* no export may be sent before its label was told */
	bool extended;		      /* neighbours say that they can take long messages */
	bool enhanced;		      /* ... and know enhanced route refresh */
	bool reachable;		      /* every BGP next hop */
	bool hold_nexthops; /* FIB_NEXTHOP_TRACK is not answered before bare_set_reachable */
	unsigned rts_told;  /* extended communities that a CE was sent: must stay 0 */
	uint8_t notified[BARE_PEERS]
			[9]; /* code, subcode and the first data of the last NOTIFICATION */
	unsigned refreshes[BARE_PEERS]; /* asked of it */
	const char *noted;		/* the last EFF_NOTE that warns; NULL: none yet */
	unsigned updates[BARE_PEERS];	/* UPDATEs sent to it, End-of-RIB included */
	unsigned eors[BARE_PEERS];
	unsigned fib[FIB_SOCKET];		 /* requests by type */
	int32_t label_error;			 /* what FIB_LABEL_ADD is answered */
	struct wire_restart restart[BARE_PEERS]; /* what its next OPEN says of restarts */
	bool done;
	void (*heard)(void *arg, unsigned peer, enum wire_family f, const struct wire_nlri *n,
		const struct wire_attrs
			*a); /* each route told; a: NULL if it is taken back; NULL: nobody looks */
	void *heard_arg;
	void (*remote)(void *arg, const struct effect *e); /* EFF_REMOTE_*; NULL: nobody looks */
	void *remote_arg;
};

void bare_open(struct bare *b, const char *yaml, uint64_t seed);

/* bare_open, then EV_START. */
void bare_init(struct bare *b, const char *yaml, uint64_t seed);
void bare_fini(struct bare *b);

/* bare_init as of a run that begins after the one that has taken `before` by a reload: with the same empty places. */
void bare_init_after(struct bare *b, const char *yaml, const struct conf *before, uint64_t seed);

/* The configuration is replaced, and the one before freed as soon as the router says that it may be. */
void bare_reload(struct bare *b, const char *yaml);

/* One event and all the work and answers that it makes. */
void bare_step(struct bare *b, const struct event *ev);
size_t bare_recv(struct bare *b, const struct event *ev); /* the same, an EV_RECV: octets taken */
void bare_timer(struct bare *b, uint64_t in_ms);

/* A whole message of this neighbour. */
void bare_say(struct bare *b, unsigned peer, const struct wbuf *w);

/* The neighbour dials us, OPENs and confirms: established. */
void bare_up(struct bare *b, unsigned peer);
void bare_down(struct bare *b, unsigned peer);

/* An UPDATE of this neighbour: one prefix 10.0.x.0/24. attrs NULL: withdrawn. */
void bare_route(struct bare *b, unsigned peer, uint64_t rd, unsigned x, uint32_t label,
	const struct wire_attrs *attrs);

/* What mplsfwd says of every next hop from now on. */
void bare_set_reachable(struct bare *b, bool reachable);

#endif
