/*
 * The edge guard of the ports: each is born closed, and opened only when everything that keeps its customer apart has
 * been read back from the kernel.
 *
 *   ABSENT -> device appears -> program attached, closed -> portdev: down, settings, enslaved, addresses, up
 *          -> tables (sources, destinations) -> read back: program, master, VRF default, rules, settings -> OPEN
 *   anything that is not as it must be, at a notification or on patrol -> CLOSED (one write), said what -> mended -> OPEN
 *   the program itself is gone, or is not asked first              -> the port goes down -> attached again -> the same
 *
 * Besides, a rule `iif PORT unreachable` before main and local stands for every access port from the start on (rules.h):
 * should it ever be without its VRF, the kernel itself routes nothing from it, without anybody looking.
 * Devices that the configuration does not know are closed in the same way, unless unknown-ports is open; what carries
 * VLANs that are ports lets in these and nothing else.
 *
 * After a crash or for a restart programs stay attached and go on as they are. The next run finds such a port in place: it
 * replaces the program, open, in one operation once everything else has been read back, and takes no port down.
 */
#ifndef MPLSFWD_EDGE_H
#define MPLSFWD_EDGE_H

#include "acl/load.h"
#include "mplsfwd/edgeplan.h"
#include "mplsfwd/portdev.h"
#include "mplsfwd/rules.h"

struct event_base;
struct fwd_edge;

/* A change of state, a drift or a sample: for bgpd. */
typedef void fwd_edge_fn(void *arg, const struct fib_msg *m);

struct fwd_edge_world { /* what it reads; borrowed */
	const struct conf *conf;
	const struct log *log;
	struct event_base *base;
	struct fwd_lfib *lfib;
	struct fwd_ports *ports;
	struct fwd_rules *rules;
	uint64_t seed; /* of hash tables */
};

/* Whether the configuration asks for a guard anywhere. */
bool fwd_edge_is_wanted(const struct conf *conf);

/* 0, or -errno if a guard is wanted and this kernel or these privileges have no eBPF (logged with the remedy). */
int fwd_edge_open(
	struct fwd_edge **out, const struct fwd_edge_world *world, fwd_edge_fn *fn, void *arg);
void fwd_edge_free(struct fwd_edge *e); /* what is attached stays */

/*
 * Looks at everything that was open, and at devices that nobody knows: what is not as it must be is closed, and said.
 * Access ports whose program went are taken down. True: something is to be mended.
 */
bool fwd_edge_look(struct fwd_edge *e);

/*
 * Before anything else is done to a port that exists: its program, closed. in_place: it is where it belongs, so what a run
 * before has left there, if anything, goes on until all has been read back. 0 or -errno: it must stay down.
 */
int fwd_edge_close(struct fwd_edge *e, unsigned port, const struct fwd_link *l, bool in_place);

/* The port is not open, or has no program yet: it must be brought (again) to what it must be. */
bool fwd_edge_is_pending(const struct fwd_edge *e, unsigned port);

/* After ports have been brought up: tables, read back, open. False: one stays closed, and the log says why. */
bool fwd_edge_verify(struct fwd_edge *e);

/* The device is gone. */
void fwd_edge_gone(struct fwd_edge *e, unsigned port);

/* Somebody has deleted or replaced the unreachable default of a VRF's table. */
void fwd_edge_default_lost(struct fwd_edge *e, uint32_t table, const char *now);

/* At start: a CE route of a run before, found in the kernel; its source goes on until bgpd has said all. */
void fwd_edge_found(
	struct fwd_edge *e, uint32_t table, uint32_t addr, uint8_t len, uint32_t gateway);

/* FIB_SOURCE_ADD, _DEL, FIB_LABEL_TELL, _UNTELL. 0 or a positive errno as fwd_lfib_apply. */
int fwd_edge_apply(struct fwd_edge *e, const struct fib_msg *m);

/* A new bgpd begins; it has said all (FIB_SYNC): what a former one said and it did not is forgotten. */
void fwd_edge_restart(struct fwd_edge *e);
void fwd_edge_sync(struct fwd_edge *e);

/* Once a turn: labels at once, tables of changed VRFs a little later. */
void fwd_edge_turn(struct fwd_edge *e);

/* FIB_GUARD_PORT of every port: a new bgpd. With counts: FIB_GUARD_COUNT and _RULE too. To fn. */
void fwd_edge_stats(struct fwd_edge *e, bool counts);

/* A clean stop: takes everything off. Ports are down by then. */
void fwd_edge_stop(struct fwd_edge *e);

/* The port leaves the configuration, or its VRF: closed, before it is taken out. */
void fwd_edge_release(struct fwd_edge *e, unsigned port);

/*
 * Another configuration, with at least as many ports and VRFs. A program that no port wants any more goes with its device to those that are no
 * ports; one that must be another is replaced with the next check of the ports, open by open, and read back.
 */
void fwd_edge_reload(struct fwd_edge *e, const struct conf *conf, const struct conf_change *change);

#endif
