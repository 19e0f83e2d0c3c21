/*
 * Where the nodes of a topology stand in a picture: P routers above, PE routers below them, CE routers at the bottom; in each row
 * in the order that crosses few links, over the middle of what they are linked to. Pure.
 */
#ifndef LAB_LAYOUT_H
#define LAB_LAYOUT_H

#include "lab/topo.h"

#define LAB_LAYOUT_ROWS 3

struct lab_layout {
	unsigned row[LAB_NODES_MAX];	/* 0: above. Rows of nothing are left out */
	unsigned column[LAB_NODES_MAX]; /* the how manieth of its row */
	double x[LAB_NODES_MAX]; /* the middle of the node, in columns: neighbours of a row are 1 apart or more */
	unsigned n_rows;
	double width; /* of the widest row, from 0 to the last node's x */
};

void lab_layout(const struct lab_topo *t, struct lab_layout *out);

#endif
