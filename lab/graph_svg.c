/* A topology as SVG. Lengths are pixels. */
#include "lab/graph_svg.h"

#include <stdlib.h>
#include <string.h>

#include "lab/layout.h"
#include "lib/check.h"

#define NODE_W	  116.0
#define NODE_H	  46.0
#define ROW_H	  150.0 /* from one row's middle to the next */
#define MARGIN	  28.0
#define TITLE_H	  30.0
#define LEGEND_H  34.0
#define GAP_LEAST 64.0 /* between nodes of a row */
#define LETTER	  6.3  /* of a port's name, which is set in 11 pixels */
#define BOW	  46.0 /* how far a link between nodes of a row that are not neighbours goes around */

struct point {
	double x, y;
};

struct picture {
	const struct lab_topo *t;
	const struct lab_graph_vrfs *vrfs;
	struct lab_layout at;
	double pitch; /* from one column to the next */
	double width, height, top;
	FILE *out;
};

static void xml(FILE *out, const char *s)
{
	for (; *s; s++) {
		if (strchr("<>&\"", *s))
			fprintf(out, "&#%d;", *s);
		else
			fputc(*s, out);
	}
}

static struct point middle(const struct picture *p, unsigned node)
{
	return (struct point){MARGIN + NODE_W / 2 + p->at.x[node] * p->pitch,
		p->top + NODE_H / 2 + p->at.row[node] * ROW_H};
}

/* -1: the link goes up from this end, 1: down, 0: to the side. */
static int end_side(const struct picture *p, const struct lab_link *l, int end)
{
	int mine = (int)p->at.row[l->end[end].node], other = (int)p->at.row[l->end[!end].node];

	return (other > mine) - (other < mine);
}

/* Between nodes of one row with others in between it goes around them, above. */
static bool link_bows(const struct picture *p, const struct lab_link *l)
{
	return p->at.row[l->end[0].node] == p->at.row[l->end[1].node] &&
	       abs((int)p->at.column[l->end[0].node] - (int)p->at.column[l->end[1].node]) != 1;
}

/* Of all link ends at this side of the node: how many, and how many of them go before this one, from left to right. */
static unsigned end_rank(
	const struct picture *p, const struct lab_link *l, int end, int side, unsigned *n)
{
	unsigned node = l->end[end].node, before = 0;
	double x = middle(p, l->end[!end].node).x;

	*n = 0;
	for (unsigned i = 0; i < p->t->n_links; i++) {
		for (int k = 0; k < 2; k++) {
			const struct lab_link *other = &p->t->links[i];
			double ox = middle(p, other->end[!k].node).x;

			if (other->end[k].node != node || end_side(p, other, k) != side)
				continue;
			if (!side && (ox < middle(p, node).x) != (x < middle(p, node).x))
				continue; /* the other flank */
			++*n;
			before += side && ox != x ? ox < x : other < l;
		}
	}
	return before;
}

static struct point end_point(const struct picture *p, const struct lab_link *l, int end)
{
	struct point m = middle(p, l->end[end].node), o = middle(p, l->end[!end].node);
	int side = end_side(p, l, end);
	unsigned n, rank = end_rank(p, l, end, side, &n);
	double part = (rank + 1.0) / (n + 1);

	if (link_bows(p, l))
		return (struct point){m.x + (o.x > m.x ? 1 : -1) * NODE_W / 3, m.y - NODE_H / 2};
	if (side)
		return (struct point){m.x - NODE_W / 2 + part * NODE_W, m.y + side * NODE_H / 2};
	return (struct point){
		m.x + (o.x > m.x ? 1 : -1) * NODE_W / 2, m.y - NODE_H / 2 + part * NODE_H};
}

/* A port's name beside its end of the link, a little way along. */
static void draw_port(const struct picture *p, const struct lab_link *l, int end)
{
	struct point a = end_point(p, l, end), b = end_point(p, l, !end);
	int side = end_side(p, l, end);
	double along = side ? 17 / (b.y > a.y ? b.y - a.y : a.y - b.y) : 0;
	struct point at = {a.x + (b.x - a.x) * along, a.y + side * 17 + 4};
	const char *anchor = "middle";

	if (link_bows(p, l)) {
		at = (struct point){a.x, a.y - 8};
	} else if (!side) {
		at = (struct point){a.x + (b.x > a.x ? 5 : -5), a.y - 4};
		anchor = b.x > a.x ? "start" : "end";
	}
	fprintf(p->out, "  <text class=\"port\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", at.x,
		at.y, anchor);
	xml(p->out, l->end[end].port);
	fprintf(p->out, "</text>\n");
}

static void draw_link(const struct picture *p, const struct lab_link *l)
{
	struct point a = end_point(p, l, 0), b = end_point(p, l, 1);
	const char *ink = lab_graph_ink(p->vrfs, l->vrf).line;

	if (link_bows(p, l))
		fprintf(p->out, "  <path d=\"M%.1f %.1f C%.1f %.1f %.1f %.1f %.1f %.1f\"", a.x, a.y,
			a.x, a.y - BOW, b.x, b.y - BOW, b.x, b.y);
	else
		fprintf(p->out, "  <path d=\"M%.1f %.1f L%.1f %.1f\"", a.x, a.y, b.x, b.y);
	fprintf(p->out, " fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"/>\n", ink,
		l->role == LAB_LINK_CORE ? "3" : "2");
}

static void draw_node(const struct picture *p, unsigned node)
{
	struct lab_graph_ink ink = lab_graph_ink(p->vrfs, lab_graph_vrf_of(p->t, node));
	struct point m = middle(p, node);
	char about[48];

	lab_graph_about(&p->t->nodes[node], about, sizeof about);
	fprintf(p->out,
		"  <rect id=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.0f\" height=\"%.0f\" rx=\"7\" "
		"fill=\"%s\" stroke=\"%s\" stroke-width=\"1.5\"/>\n"
		"  <text class=\"node\" x=\"%.1f\" y=\"%.1f\">%s</text>\n"
		"  <text class=\"about\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
		p->t->nodes[node].name, m.x - NODE_W / 2, m.y - NODE_H / 2, NODE_W, NODE_H,
		ink.fill, ink.line, m.x, m.y - 2, p->t->nodes[node].name, m.x, m.y + 14, about);
}

static double legend_step(const char *name)
{
	return 48 + strlen(name) * 7.5;
}

static void draw_legend(const struct picture *p)
{
	double x = MARGIN, y = p->height - MARGIN;

	for (unsigned i = 0; i < p->vrfs->n; i++) {
		const char *name = p->vrfs->name[i];

		fprintf(p->out,
			"  <path d=\"M%.1f %.1f h24\" stroke=\"%s\" stroke-width=\"2\"/>\n"
			"  <text class=\"vrf\" x=\"%.1f\" y=\"%.1f\">",
			x, y - 4, lab_graph_ink(p->vrfs, name).line, x + 30, y);
		xml(p->out, name);
		fprintf(p->out, "</text>\n");
		x += legend_step(name);
	}
}

/* Room between two nodes of a row for the names of the ports at both ends of their link. */
static double picture_pitch(const struct lab_topo *t)
{
	double gap = GAP_LEAST;

	for (unsigned i = 0; i < t->n_links; i++) {
		const struct lab_link *l = &t->links[i];
		double need = (strlen(l->end[0].port) + strlen(l->end[1].port)) * LETTER + 24;

		if (t->nodes[l->end[0].node].role == t->nodes[l->end[1].node].role && need > gap)
			gap = need;
	}
	return NODE_W + gap;
}

static void picture_size(struct picture *p)
{
	double legend = MARGIN, bow = 0;

	for (unsigned i = 0; i < p->vrfs->n; i++)
		legend += legend_step(p->vrfs->name[i]);
	for (unsigned i = 0; i < p->t->n_links; i++)
		if (link_bows(p, &p->t->links[i]) && !p->at.row[p->t->links[i].end[0].node])
			bow = BOW;
	p->top = MARGIN + TITLE_H + bow;
	p->width = 2 * MARGIN + NODE_W + p->at.width * p->pitch;
	p->width = legend > p->width ? legend : p->width;
	p->height =
		p->top + (p->at.n_rows - 1) * ROW_H + NODE_H + MARGIN + (p->vrfs->n ? LEGEND_H : 0);
}

void lab_graph_svg(const struct lab_topo *t, const struct lab_graph_vrfs *vrfs, FILE *out)
{
	struct picture p = {.t = t, .vrfs = vrfs, .pitch = picture_pitch(t), .out = out};

	lab_layout(t, &p.at);
	picture_size(&p);
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
		"viewBox=\"0 0 %.0f %.0f\" font-family=\"system-ui, sans-serif\">\n"
		"  <style>text{fill:#1a202c} .title{font-size:17px;font-weight:600} "
		".node{font-size:14px;font-weight:600;text-anchor:middle} "
		".about{font-size:11px;text-anchor:middle} .vrf{font-size:12px} "
		".port{font-size:11px;stroke:#fff;stroke-width:4px;paint-order:stroke}</style>\n"
		"  <rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
		"  <text class=\"title\" x=\"%.0f\" y=\"%.0f\">%s</text>\n",
		p.width, p.height, p.width, p.height, MARGIN, MARGIN + 12, t->name);
	for (unsigned i = 0; i < t->n_links; i++)
		draw_link(&p, &t->links[i]);
	for (unsigned i = 0; i < t->n_nodes; i++)
		draw_node(&p, i);
	for (unsigned i = 0; i < t->n_links; i++) {
		draw_port(&p, &t->links[i], 0);
		draw_port(&p, &t->links[i], 1);
	}
	draw_legend(&p);
	fprintf(out, "</svg>\n");
}
