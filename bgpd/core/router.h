/*
 * The whole router as one function of events: composition of fsm, rib, policy, out and vrf, and nothing else.
 *
 * The same router runs under libevent (bgpd/io), in the simulator (tests/sim), under replay and under the fuzzer.
 */
#ifndef BGPD_CORE_ROUTER_H
#define BGPD_CORE_ROUTER_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/core/effect.h"
#include "bgpd/core/event.h"
#include "conf/model.h"

struct router;

/* Keeps conf (borrowed). seed: random in production, fixed in tests; feeds jitter and hash keys. */
struct router *router_new(const struct conf *conf, uint64_t seed);

/* Frees everything; aborts if any pool still holds an object: a leak is a bug. */
void router_free(struct router *r);

/* The seq numbers of this router's own FIB requests are below this; a shell that asks too begins here. */
#define ROUTER_FIB_SEQ_END 0x80000000u

/* One event in, effects out (appended). now: monotonic ms, never less than at the call before. */
void router_step(struct router *r, const struct event *ev, uint64_t now_ms, struct effects *fx);

/*
 * Does up to budget units of queued work (a unit is about one prefix: best path, import, export, packing).
 * True if work is left: the shell polls its sockets and calls again. Call after every batch of steps.
 */
bool router_work(struct router *r, unsigned budget, uint64_t now_ms, struct effects *fx);

/*
 * VRF number vrf imports these targets from now on (copied; any order). VPN routes that are here are imported anew; those
 * that were not kept are asked for; neighbours with RT-Constraint hear of it.
 */
void router_vrf_import(struct router *r, uint16_t vrf, const uint64_t *rts, unsigned n,
	uint64_t now_ms, struct effects *fx);

/*
 * fn sees each change of a best path before it is done, as the other consumers do; it reads the router and changes nothing, so a run
 * with it and one without are the same. NULL: nobody looks. One at a time.
 */
struct rib_change;
typedef void router_watch_fn(void *arg, const struct router *r, const struct rib_change *c);
void router_watch(struct router *r, router_watch_fn *fn, void *arg);

/*
 * The configuration is replaced (bgpd/core/reload.h); change: as of conf_adopt. next is borrowed until it is replaced itself, the one before as
 * long as router_is_reloading. False: it is; try again later.
 */
bool router_reload(struct router *r, const struct conf *next, const struct conf_change *change,
	uint64_t now_ms, struct effects *fx);
bool router_is_reloading(const struct router *r);

/*
 * Hears every message as it is received or given to be sent (slot: enum fsm_slot; octets: whole messages, with their headers), and each change of a
 * session's state (enum fsm_state). Reads and changes nothing, as above. NULL: nobody does. One at a time; *tap is copied.
 */
struct core_peer;
struct router_tap {
	void (*message)(void *arg, const struct core_peer *p, unsigned slot, bool sent,
		const uint8_t *octets, size_t len);
	void (*state)(void *arg, const struct core_peer *p, unsigned from, unsigned to);
	void *arg;
};
void router_tap(struct router *r, const struct router_tap *tap);

/* When EV_TIMER is next due in ms; TIMERQ_NEVER if never. */
uint64_t router_deadline(const struct router *r);

#endif
