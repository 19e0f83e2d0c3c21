/*
 * The edge guard of the ports: each is born closed, and opened only when everything that keeps its customer apart has
 * been read back from the kernel.
 *
 *   ABSENT -> device appears -> program attached, closed -> portdev: down, labels off, enslaved, addresses, up
 *          -> tables (sources, destinations) -> read back: program, master, VRF default, rules, sysctls -> OPEN
 *   anything that is not as it must be, at a notification or on patrol -> CLOSED (one write), said what -> mended -> OPEN
 *
 * Besides, a rule `iif PORT unreachable` before main and local stands for every access port from the start on: should it
 * ever be without its VRF (device deleted, released, up too early), the kernel itself routes nothing from it. That
 * holds from the birth of the device, without anybody looking.
 * Devices that the configuration does not know are closed in the same way, unless unknown-ports is open.
 */
#ifndef MPLSFWD_EDGE_H
#define MPLSFWD_EDGE_H

#include "acl/load.h"
#include "mplsfwd/edgeplan.h"
#include "mplsfwd/portdev.h"

struct event_base;
struct fwd_edge;

/* A change of state, a drift or a sample: for bgpd. */
typedef void fwd_edge_fn(void *arg, const struct fib_msg *m);

/* 0, or -errno if a guard is wanted and this kernel or these privileges have no eBPF (logged with the remedy). */
int fwd_edge_open(struct fwd_edge **out, struct event_base *base, const struct conf *conf,
	const struct log *log, fwd_edge_fn *fn, void *arg);
void fwd_edge_free(struct fwd_edge *e);

/* Before anything else is done to a port that exists: its program, closed. 0 or -errno: it must stay down. */
int fwd_edge_close(struct fwd_edge *e, unsigned port, const struct fwd_link *l);

/* After portdev has brought it up: tables, read back, open. False: it stays closed, and the log says why. */
bool fwd_edge_verify(struct fwd_edge *e, unsigned port, const struct fwd_ports *ports);

/* Looks at all ports again, devices that nobody knows included. */
void fwd_edge_patrol(struct fwd_edge *e, const struct fwd_ports *ports);

/* The device is gone. */
void fwd_edge_gone(struct fwd_edge *e, unsigned port);

/* Sources and destinations of a VRF have changed (routes, addresses, what CEs announced): tables follow. */
void fwd_edge_dirty(struct fwd_edge *e, unsigned vrf);

/* FIB_SOURCE_ADD, _DEL, FIB_LABEL_TELL, _UNTELL. 0 or a positive errno as fwd_lfib_apply. */
int fwd_edge_apply(struct fwd_edge *e, const struct fib_msg *m);

/* FIB_GUARD_PORT, _COUNT, _RULE of every port: to fn. */
void fwd_edge_stats(struct fwd_edge *e);

/* A clean stop: takes everything off. Ports are down by then. */
void fwd_edge_stop(struct fwd_edge *e);

#endif
