/*
 * A network in one process: whole routers (struct router over struct fwd_model), virtual wires, virtual clock.
 *
 *   node   a configuration, its router, its model kernel         link   two access ports joined by a wire
 *   lsp    the core's label switched path between two nodes      conn   one end of a TCP connection
 *
 * Everything that happens is a struct sim_event in one queue; equal times keep their order, randomness comes from one
 * seed, so a seed is a run. TCP is a reliable ordered stream in random pieces that can be cut. Every other seed has
 * connections that are full after some hundred octets.
 */
#ifndef TESTS_SIM_SIM_H
#define TESTS_SIM_SIM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "bgpd/core/router.h"
#include "bgpd/core/state.h"
#include "lib/timerq.h"
#include "mplsfwd/be_rec.h"
#include "mplsfwd/pipeline.h"

#define SIM_NODES 8
#define SIM_LINKS 16
#define SIM_LSPS  8
#define SIM_CONNS 512

struct sim;

struct sim_node {
	struct sim *sim;
	unsigned id; /* index in sim->nodes */
	const char *name;
	const char *yaml; /* borrowed */
	struct conf *conf;
	uint64_t seed; /* of the router */
	struct router *router;
	struct fwd_model fib;
	struct effects fx;
	uint32_t last_conn;
	uint64_t wake_at_ms; /* the EV_TIMER in the queue that counts */
	uint64_t
		said_us; /* when its last word to or from its kernel arrives: they keep their order */
	bool running;
	bool gone;	/* between two lives of bgpd: its kernel goes on */
	bool done;	/* EFF_DONE was given */
	bool hold_acks; /* the kernel does not answer FIB_LABEL_ADD for now */
	unsigned held;	/* answers held back */
	uint32_t held_seq[8];
	struct fib_tcp_stats tcp; /* its kernel's counters */
	unsigned notes;		  /* EFF_NOTE so far */
	FILE *record;		  /* lines of bgpd/core/record.h, NULL: none */
};

struct sim_link {
	struct sim_node *node[2];
	uint16_t port[2];
	bool up;
};

struct sim_lsp { /* one way */
	struct sim_node *from, *to;
	struct ip_addr address; /* of `to`, as BGP next hop */
	uint32_t label;		/* transport, taken off by the last hop but one */
	bool up;
};

struct sim_conn {
	struct sim_node *node; /* NULL: free */
	uint32_t id;
	struct sim_conn *other; /* NULL: gone */
	uint32_t other_id;	/* what `other` was when it was found */
	uint64_t last_us;	/* arrival of the last piece on its way to this end */
	uint8_t *rx;
	size_t rx_len;
	size_t waiting; /* octets that this end sent and the other has not got yet */
	bool full;	/* EV_CONN_FULL was said of them */
};

struct sim {
	uint64_t rng;
	uint64_t now_us, seq;
	struct timerq queue;
	struct sim_node nodes[SIM_NODES];
	struct sim_link links[SIM_LINKS];
	struct sim_lsp lsps[SIM_LSPS];
	struct sim_conn conns[SIM_CONNS];
	unsigned n_nodes, n_links, n_lsps;
	bool verbose;
	uint64_t events;
	size_t window; /* octets under way that make a connection full; SIZE_MAX: none do */
	uint64_t full; /* how often one was */
};

void sim_init(struct sim *s, uint64_t seed);
void sim_fini(struct sim *s);
uint64_t sim_random(struct sim *s, uint64_t below);

/* yaml (borrowed) is parsed by conf_parse(); a mistake aborts the test. Not yet started. */
struct sim_node *sim_node_add(struct sim *s, const char *name, const char *yaml);
struct sim_node *sim_node_find(struct sim *s, const char *name);
void sim_node_start(struct sim_node *n, uint64_t in_us);
void sim_node_stop(struct sim_node *n);

/* EV_LEAVE, nobody there for away_us, then a new router over the same kernel. */
void sim_node_restart(struct sim_node *n, uint64_t away_us);

void sim_link_add(
	struct sim *s, const char *a, const char *port_a, const char *b, const char *port_b);
struct sim_lsp *sim_lsp_add(
	struct sim *s, const char *from, const char *to, const char *address, uint32_t label);

/* The core's route changes: label and up are set, the kernel of lsp->from hears of it. */
void sim_lsp_set(struct sim *s, struct sim_lsp *lsp, uint32_t label, bool up);

/* Cuts every TCP connection between two nodes: both ends are told, what was under way is lost. */
void sim_cut(struct sim *s, const struct sim_node *a, const struct sim_node *b);

/* From now on n's inputs and effects go into a file (bgpd/core/record.h), its configuration into config_file. */
void sim_record(struct sim_node *n, const char *file, const char *config_file);

/* Lets the kernel of n answer what hold_acks held back. */
void sim_release_acks(struct sim_node *n);

/* Runs until the condition holds or `for_us` has passed. True if it holds. */
typedef bool sim_condition(struct sim *s, void *arg);
bool sim_run(struct sim *s, uint64_t for_us, sim_condition *until, void *arg);

/* --- the pieces that work on the queue (world.c gives it, tcp.c, kernel.c and packets.c use it) --- */
struct sim_event {
	struct timer timer;
	void (*fire)(struct sim *s, struct sim_event *e);
	struct sim_node *node;
	struct event ev;
	uint64_t tag;
	size_t len;
	uint8_t data[];
};

struct sim_event *sim_event_new(struct sim *s, struct sim_node *n,
	void (*fire)(struct sim *s, struct sim_event *e), const void *data, size_t len);
void sim_event_at(struct sim *s, struct sim_event *e, uint64_t at_us);
uint64_t sim_delay_us(struct sim *s); /* of a wire: 0.2 to 20 ms */

/* Gives an event to a router, does all its work and carries out the effects. Returns the octets consumed. */
size_t sim_node_step(struct sim_node *n, const struct event *ev);

void sim_tcp_dial(struct sim_node *n, unsigned peer);
void sim_tcp_send(struct sim_node *n, uint32_t conn, const uint8_t *data, size_t len);
void sim_tcp_close(struct sim_node *n, uint32_t conn);
void sim_tcp_fini(struct sim *s);

/* n's router says m to its kernel. */
void sim_kernel_say(struct sim_node *n, const struct fib_msg *m);
void sim_kernel_start(struct sim_node *n);

#endif
