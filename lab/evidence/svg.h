/*
 * The report's drawings, as inline SVG. Colours come from the page's style, by class, so that they follow light, dark and print;
 * each has a title and a description, and all text in it is escaped.
 */
#ifndef LAB_EVIDENCE_SVG_H
#define LAB_EVIDENCE_SVG_H

#include <jansson.h>
#include <stdio.h>

/* Each draws one thing of the report, and nothing if the report does not have it. */
void svg_topology(const json_t *report, FILE *out);
void svg_walk(const json_t *report, FILE *out);
void svg_timeline(const json_t *report, FILE *out);
void svg_matrix(const json_t *report, FILE *out);
void svg_coverage(const json_t *report, FILE *out);

/* In CSS pixels. id: unique in the page. It scrolls in a box of its own where it does not fit. */
void svg_begin(FILE *out, const char *id, int width, int height, const char *title,
	const char *description);
void svg_end(FILE *out);

/* style: classes of page.css; anchor: start, middle or end. */
void svg_text(FILE *out, int x, int y, const char *style, const char *anchor, const char *text);
void svg_line(FILE *out, int x1, int y1, int x2, int y2, const char *style);
void svg_box(FILE *out, int x, int y, int width, int height, const char *style);

#define SVG_VRFS_MAX 8

/* Which colour a VRF has everywhere on the page: its class is "vrf" and this number; 0: none, the core. */
int svg_vrf(const json_t *report, const char *vrf);

/* "pe1:eth2" is of node "pe1"? */
int svg_port_of(const char *port, const char *node);
const char *svg_port_name(const char *port); /* "eth2" */

#endif
