/* The network of tests/sim/reference.c: its routers, the neighbours played in octets, and what is random about them. */
#ifndef TESTS_SIM_REFNET_H
#define TESTS_SIM_REFNET_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/core/router.h"
#include "bgpd/core/state.h"
#include "lib/arena.h"
#include "tests/support/refrouter.h"

#define ROUTERS	 6
#define STUBS	 10
#define NODES	 (ROUTERS + STUBS)
#define SESSIONS 32
#define KEYS	 6 /* 0-3: IPv4 10.0.k.0/24; 4, 5: the same VPN-IPv4 prefix under two RDs */
#define VPN_KEY	 4

struct route { /* of a stub: said or held */
	bool there;
	uint32_t label;
	struct ref_attrs a;
};

struct node {
	struct ref_router ref; /* of a stub: as, id and addr only */
	bool stub;
	struct conf *conf;
	struct router *router;
	struct effects fx;
	unsigned session_of[REF_NEIGHBOURS]; /* by neighbour */
	struct route said[KEYS], held[KEYS];
};

struct wire { /* one direction of a session: octets under way */
	uint8_t *octets;
	size_t len, cap;
};

struct session {
	unsigned node[2], neighbour[2]; /* neighbour: its index at the other end */
	bool up;
	uint32_t conn;
	struct wire to[2];
};

struct world {
	uint64_t rng, now_ms;
	unsigned n_nodes, n_routers, n_sessions;
	struct node nodes[NODES];
	struct session sessions[SESSIONS];
	uint32_t last_conn;
	bool loud, broken;
	struct arena arena;
};

unsigned refnet_random(struct world *w, unsigned below);
bool refnet_chance(struct world *w, unsigned one_in);
struct wire_nlri refnet_nlri(unsigned key, uint32_t label);

/* How far a next hop is: a function of both, so that no two routers agree. */
uint32_t refnet_metric(const struct ref_router *r, uint32_t next_hop);

/* Routers, stubs and sessions of w, and what each wants of the other; nothing runs. */
void refnet_make(struct world *w);

/* Something that a stub could say. */
void refnet_route(struct world *w, const struct node *stub, bool ebgp, struct route *r);

void refnet_start(struct world *w, struct node *n);
void refnet_up(struct world *w, struct session *s);
void refnet_down(struct world *w, struct session *s);

/* What a stub says of a key now is on its way. */
void refnet_say(struct world *w, struct session *s, unsigned key);

/* Some of what is under way to that end arrives; there must be something. */
void refnet_deliver(struct world *w, struct session *s, unsigned end);

/* Every timer that is due. */
void refnet_timers(struct world *w);

/* Until nothing is under way, in any order of sessions. False: it never ends. */
bool refnet_settle(struct world *w);

#endif
