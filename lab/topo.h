/*
 * A topology: the strict subset of containerlab's *.clab.yml that the lab runs.
 *
 *   name, topology.defaults.{kind,image}, topology.nodes.NAME.{kind,image,labels,binds,exec},
 *   topology.links[].{endpoints,vars}. Every kind is linux. What is ours:
 *     label ravelin.role      pe | p | ce
 *     label ravelin.daemons   FRR daemons to start in this order, comma separated
 *     label ravelin.config    this node runs ravelind on this file (a bind's target)
 *     label ravelin.fib       none: it forwards nothing (ravelind --no-fib), and asks nothing of the kernel
 *     link vars role          core | access; an access link names the VRF that its PE end belongs to
 * Anything else is an error: a key that were silently ignored here would mean something under containerlab.
 */
#ifndef LAB_TOPO_H
#define LAB_TOPO_H

#include <stdbool.h>
#include <stdio.h>

#include "lab/doc.h"

#define LAB_NODES_MAX	32
#define LAB_DAEMONS_MAX 8
#define LAB_NAME_MAX	15 /* a node's name is a host name and part of paths */
#define LAB_IFNAME_MAX	15 /* IFNAMSIZ - 1 */

enum lab_role { LAB_ROLE_PE, LAB_ROLE_P, LAB_ROLE_CE };
enum lab_link_role { LAB_LINK_CORE, LAB_LINK_ACCESS };

struct lab_bind {
	char *source; /* absolute */
	char *target; /* under /etc or /run of the node */
};

struct lab_node {
	const char *name;
	enum lab_role role;
	char *daemons[LAB_DAEMONS_MAX];
	unsigned n_daemons;
	const char *config; /* ravelind's; NULL: none here */
	bool no_fib;
	struct lab_bind *binds;
	unsigned n_binds;
	const char **execs;
	unsigned n_execs;
};

struct lab_end {
	unsigned node;
	char port[LAB_IFNAME_MAX + 1];
};

struct lab_link {
	struct lab_end end[2];
	enum lab_link_role role;
	const char *vrf; /* access only */
};

struct lab_topo {
	struct lab_doc doc; /* owns the strings */
	char *file;	    /* absolute */
	char *dir;	    /* where it stands: binds are relative to it */
	const char *name;
	struct lab_node *nodes;
	unsigned n_nodes;
	struct lab_link *links;
	unsigned n_links;
};

/* False with every error on diag. lab_topo_fini() in either case. */
bool lab_topo_load(struct lab_topo *t, const char *file, FILE *diag);
void lab_topo_fini(struct lab_topo *t);

int lab_topo_find(const struct lab_topo *t, const char *name); /* -1: no such node */

/* "node:port" of this topology. False if there is no such port. */
bool lab_topo_end(const struct lab_topo *t, const char *text, struct lab_end *out);
const struct lab_link *lab_topo_link(const struct lab_topo *t, const struct lab_end *end);

#endif
