/* A topology as SVG: one file with no scripts, no links and no fonts of its own. */
#ifndef LAB_GRAPH_SVG_H
#define LAB_GRAPH_SVG_H

#include <stdio.h>

#include "lab/graph.h"

void lab_graph_svg(const struct lab_topo *t, const struct lab_graph_vrfs *vrfs, FILE *out);

#endif
