/* Who reaches whom: sites of every VRF against sites of every VRF, what must be and what was seen. */
#include <stdlib.h>
#include <string.h>

#include "lab/evidence/html_write.h"
#include "lab/evidence/svg.h"

#define HEAD_W 62
#define HEAD_H 58
#define CELL_W 48
#define CELL_H 42

static const json_t *cell_find(const json_t *cells, const char *from, const char *to)
{
	json_t *c;
	size_t i;

	json_array_foreach(cells, i, c) if (!strcmp(html_string(c, "from"), from) &&
					    !strcmp(html_string(c, "to"), to)) return c;
	return NULL;
}

static void draw_head(
	const json_t *report, const json_t *site, int x, int y, const char *anchor, FILE *out)
{
	char style[32];

	snprintf(style, sizeof style, "tiny strong vrf%d",
		svg_vrf(report, html_string(site, "vrf")));
	svg_text(out, x, y, "small mono strong", anchor, html_string(site, "name"));
	svg_text(out, x, y + 15, style, anchor, html_string(site, "vrf"));
}

static void draw_cell(
	const json_t *cell, const json_t *from, const json_t *to, int x, int y, FILE *out)
{
	bool must = html_true(cell, "expected"), seen = html_true(cell, "reached");
	int mid = x + CELL_W / 2;

	if (!cell) {
		svg_box(out, x + 1, y + 1, CELL_W - 2, CELL_H - 2, "cell none");
		return;
	}
	html_put(out, "<g><title>%s (%s) to %s (%s): %s, %s; %s</title>\n",
		html_string(from, "name"), html_string(from, "vrf"), html_string(to, "name"),
		html_string(to, "vrf"), must ? "must reach it" : "must not reach it",
		seen ? "reached it" : "did not", html_string(cell, "observed"));
	svg_box(out, x + 1, y + 1, CELL_W - 2, CELL_H - 2,
		must != seen ? "cell wrong"
		: must	     ? "cell through"
			     : "cell apart");
	svg_text(out, mid, y + 19, must != seen ? "small strong onwrong" : "small strong", "middle",
		must == seen ? (must ? "\u25cf" : "\u2013") : "\u2715");
	svg_text(out, mid, y + 34, must != seen ? "tiny onwrong strong" : "tiny", "middle",
		must == seen ? (must ? "reach" : "apart")
		: must	     ? "lost"
			     : "leaked");
	html_put(out, "</g>\n");
}

/* A heavier line wherever the VRF changes. */
static void draw_bounds(const json_t *sites, int width, int height, FILE *out)
{
	size_t n = json_array_size(sites);

	for (size_t i = 0; i <= n; i++) {
		const char *before = html_string(json_array_get(sites, i - 1), "vrf"),
			   *after = html_string(json_array_get(sites, i), "vrf");
		int x = HEAD_W + (int)i * CELL_W, y = HEAD_H + (int)i * CELL_H;
		if (i && i < n && !strcmp(before, after))
			continue;
		svg_line(out, x, 8, x, height, "bound");
		svg_line(out, 0, y, width, y, "bound");
	}
}

void svg_matrix(const json_t *report, FILE *out)
{
	const json_t *reach = json_object_get(report, "reachability");
	const json_t *sites = json_object_get(reach, "sites"), *cells;
	int n = (int)json_array_size(sites), wrong = 0, width = HEAD_W + n * CELL_W + 2;
	int height = HEAD_H + n * CELL_H + 2;
	char description[160];
	json_t *from, *to, *c;
	size_t i, k;

	if (n == 0)
		return;
	cells = json_object_get(reach, "cells");
	json_array_foreach(cells, i, c) wrong +=
		html_true(c, "expected") != html_true(c, "reached");
	snprintf(description, sizeof description,
		"%zu pairs of sites, rows send and columns receive: %d as they must be, %d not.",
		json_array_size(cells), (int)json_array_size(cells) - wrong, wrong);
	svg_begin(out, "fig-matrix", width, height, "Who reaches whom", description);
	svg_text(out, 0, HEAD_H - 26, "tiny", "start", "from\u2193 to\u2192");
	json_array_foreach(sites, i, from)
	{
		int y = HEAD_H + (int)i * CELL_H, x = HEAD_W + (int)i * CELL_W;
		draw_head(report, from, x + CELL_W / 2, HEAD_H - 28, "middle", out);
		draw_head(report, from, 0, y + 18, "start", out);
		json_array_foreach(sites, k, to) draw_cell(
			cell_find(cells, html_string(from, "name"), html_string(to, "name")), from,
			to, HEAD_W + (int)k * CELL_W, y, out);
	}
	draw_bounds(sites, width, height, out);
	svg_end(out);
	html_put(out, "<p class=\"note\">%s</p>\n", description);
}
