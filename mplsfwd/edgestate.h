/* Inside of the edge guard (edge*.c): what is known of a port, and the steps that the files share. */
#ifndef MPLSFWD_EDGESTATE_H
#define MPLSFWD_EDGESTATE_H

#include "mplsfwd/edge.h"

struct event;

struct edge_drift {
	char what[24];
	char was[40], now[40];
	bool program; /* nothing holds the port's packets now: it must go down */
};

/* A device with a program: a port, a trunk, or one that nobody knows. */
struct edge_device {
	struct acl_prog *prog;
	struct acl_consts consts;
	uint32_t ifindex;
	uint8_t state; /* enum fib_guard */
	uint8_t xdp;   /* enum acl_xdp_mode as it came out */
	bool standing; /* attached by this run */
	bool opened;   /* has been open in this run */
	bool drifted;  /* said so; not mended yet */
	bool again;    /* open, and its settings are others: to be brought and read back */
	uint32_t drifts;
	char what[24]; /* what drifted, or why it is not open */
	char name[IFNAMSIZ];
	uint64_t said_s;    /* drops in the log: in which second, ... */
	unsigned said, cut; /* ... how many, and how many were not said */
};

struct edge_source { /* key: all but the flags */
	uint16_t vrf;
	uint8_t len, zero;
	uint32_t addr, gateway;
	uint8_t stale, found;
};

struct edge_told { /* key: label, peer */
	uint32_t label, peer;
	uint8_t stale;
};

struct fwd_edge {
	struct fwd_edge_world w;
	fwd_edge_fn *fn;
	void *arg;
	struct acl_loader *loader; /* NULL: no guard is wanted */
	struct event *samples, *tables;
	struct edge_device *ports;  /* one for each of conf's */
	struct edge_device *others; /* trunks and unknown devices */
	unsigned n_others;
	bool orphans_gone; /* programs of a run before, on devices that none is wanted on */
	struct fwd_table sources, told;
	bool *dirty; /* per VRF: tables must follow */
	bool labels_dirty;
	unsigned tables_ms; /* what the last look at the tables took */
};

/* What stands in the kernel against what must: false if all is right, else *d is the first that is not. */
bool edge_drift_find(const struct fwd_edge *e, unsigned port, bool program, struct edge_drift *d);
/* Walks the VRF's table: the last word before a port is opened. */
bool edge_default_stands(const struct fwd_edge *e, unsigned port, struct edge_drift *d);
bool edge_drift_program(const struct edge_device *g, struct edge_drift *d);

void edge_tell(struct fwd_edge *e, const struct edge_device *g);
void edge_shut(struct fwd_edge *e, struct edge_device *g, const struct edge_drift *d);
int edge_load(struct fwd_edge *e, struct edge_device *g, const struct acl_consts *c);
int edge_attach(struct fwd_edge *e, struct edge_device *g, bool may_wipe);
void edge_forget(struct edge_device *g);

/* Tables and labels of a port in the kernel. 0 or -errno: the port must be closed. */
int edge_tables_set(struct fwd_edge *e, unsigned port);

/* The device is no port any more: its program stays until it has another, or none. g is empty then. */
void edge_others_take(struct fwd_edge *e, struct edge_device *g);

/* Trunks and unknown devices: closed or narrowed as they must be. False: one could not be. */
bool edge_others_check(struct fwd_edge *e);
void edge_others_remove(struct fwd_edge *e);

void edge_sources_init(struct fwd_edge *e);
void edge_sources_drop(struct fwd_edge *e, unsigned vrf); /* all of a VRF */
void edge_sources_fini(struct fwd_edge *e);

/* Samples that wait, to fn and to the log. */
void edge_samples_read(struct fwd_edge *e);

#endif
