/*
 * The way of the packet that the report shows, put together from the links: frames are recorded port by port, and the answer
 * to the packet passes the same ports (RFC 3031 3.10).
 */
#ifndef LAB_EVIDENCE_SVG_WAY_H
#define LAB_EVIDENCE_SVG_WAY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/text.h"

#define SVG_HOPS_MAX 16

struct svg_hop {
	const char *from, *to;	       /* ports */
	const json_t *link, *out, *in; /* as seen at either end; in NULL: it did not arrive */
	bool used;
};

struct svg_way {
	const json_t *report;
	struct svg_hop hop[SVG_HOPS_MAX];
	const struct svg_hop *order[SVG_HOPS_MAX];
	size_t n, ordered, labels; /* labels: the highest stack */
};

/* ordered is 0 if nothing was seen. Holds on to the report. */
void svg_way_init(struct svg_way *w, const json_t *report);

const json_t *svg_hop_labels(const struct svg_hop *h);

/* Node i of the way: its name, and what it did to the labels, in two lines: "pushes", "16003, 17". */
void svg_way_node(
	const struct svg_way *w, size_t i, struct text name, struct text verb, struct text what);

#endif
