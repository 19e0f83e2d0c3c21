/* Packets through the routers' pure pipelines, hop by hop; each hop is remembered. */
#ifndef TESTS_SIM_PACKETS_H
#define TESTS_SIM_PACKETS_H

#include "tests/sim/sim.h"

struct sim_trip {
	struct sim_node *at;	  /* where it ended */
	enum fwd_verdict verdict; /* FWD_LOCAL: it arrived */
	enum fwd_reason reason;	  /* why not */
	unsigned core_hops;	  /* times it crossed the core */
	uint32_t core_labels[2];  /* transport and VPN label, as last seen on a core wire */
};

/* A packet of node itself (its first VRF) to dst. */
struct sim_trip sim_ping(struct sim *s, const char *from, const char *dst);

/* A labelled packet put on the wire to node's port: label, then an IPv4 packet to dst. */
struct sim_trip sim_inject(
	struct sim *s, const char *node, const char *port, uint32_t label, const char *dst);

#endif
