/* `ravelin lab graph`: a topology as a picture, drawn from the file alone: nodes, links with their ports' names, VRFs by colour. */
#ifndef LAB_GRAPH_H
#define LAB_GRAPH_H

#include <stdio.h>

#include "lab/topo.h"

#define LAB_GRAPH_VRFS_MAX 32

enum lab_graph_kind { LAB_GRAPH_MERMAID, LAB_GRAPH_DOT, LAB_GRAPH_SVG };

/* The VRFs of a topology's access links, each with a colour of its own as long as there are any. */
struct lab_graph_vrfs {
	const char *name[LAB_GRAPH_VRFS_MAX];
	unsigned n;
};
struct lab_graph_ink {
	const char *line, *fill; /* "#1b6ca8": of links and borders; of what is inside */
};

void lab_graph_vrfs(const struct lab_topo *t, struct lab_graph_vrfs *out);
struct lab_graph_ink lab_graph_ink(
	const struct lab_graph_vrfs *vrfs, const char *vrf); /* NULL: the core's */

/* The VRF that a CE is in; NULL: of none, or of several. */
const char *lab_graph_vrf_of(const struct lab_topo *t, unsigned node);

/* "PE, Ravelin" */
void lab_graph_about(const struct lab_node *n, char *out, size_t cap);

/* The exit status: 0, or 2 with the file's errors complained of. */
int lab_graph(const char *topology, enum lab_graph_kind kind, FILE *out);
int lab_graph_json(const char *topology, enum lab_graph_kind kind); /* on standard output */

#endif
