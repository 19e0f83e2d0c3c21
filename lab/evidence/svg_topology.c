/*
 * The network: the PE under test and its customers on the left, the core in the middle, the other PEs and theirs on the
 * right. A PE is drawn as a chassis as high as its customers are many, so that each port is a straight line.
 */
#include <stdlib.h>
#include <string.h>

#include "lab/evidence/html_write.h"
#include "lab/evidence/svg.h"
#include "lib/check.h"

#define NODES_MAX 64
#define ROW	  66
#define TOP	  34
#define CE_W	  124
#define CE_H	  44
#define PE_W	  112
#define P_W	  92
#define P_H	  56
#define ACCESS	  140 /* between a customer and its PE */
#define CORE	  84
#define PORT_DY	  (-6)
#define NARROW_W  340
#define NARROW_PE 104
#define NARROW_DY 54 /* from one PE or P to the next */

enum side { LEFT, MIDDLE, RIGHT, SIDES };

struct place {
	const json_t *node;
	const char *name;
	enum side side;
	bool pe, customer;
	int x, y, w, h;
};

struct map {
	const json_t *report, *links;
	struct place place[NODES_MAX];
	size_t n;
	int width, height;
};

static struct place *place_find(struct map *m, const char *port)
{
	for (size_t i = 0; i < m->n; i++)
		if (svg_port_of(port, m->place[i].name))
			return &m->place[i];
	return NULL;
}

/* The PE that a customer hangs on; NULL: none. */
static struct place *place_pe_of(struct map *m, const struct place *ce)
{
	json_t *link;
	size_t i;

	json_array_foreach(m->links, i, link)
	{
		const char *a = html_string(link, "a"), *b = html_string(link, "b");
		struct place *pe = svg_port_of(a, ce->name)   ? place_find(m, b)
				   : svg_port_of(b, ce->name) ? place_find(m, a)
							      : NULL;
		if (pe && pe->pe)
			return pe;
	}
	return NULL;
}

static void map_init(struct map *m, const json_t *report)
{
	const json_t *topology = json_object_get(report, "topology");
	bool tested = false;
	json_t *node;
	size_t i;

	*m = (struct map){.report = report, .links = json_object_get(topology, "links")};
	json_array_foreach(json_object_get(topology, "nodes"), i, node)
	{
		const char *role = html_string(node, "role");
		if (m->n == NODES_MAX)
			break;
		struct place *p = &m->place[m->n++];
		*p = (struct place){.node = node,
			.name = html_string(node, "name"),
			.side = MIDDLE,
			.pe = !strcmp(role, "pe"),
			.customer = !strcmp(role, "ce")};
		if (p->pe)
			p->side = html_true(node, "under_test") ? LEFT : RIGHT;
		tested |= p->pe && p->side == LEFT;
	}
	for (i = 0; i < m->n && !tested; i++)
		if (m->place[i].pe) {
			m->place[i].side = LEFT;
			tested = true;
		}
	for (i = 0; i < m->n; i++)
		if (m->place[i].customer) {
			const struct place *pe = place_pe_of(m, &m->place[i]);
			m->place[i].side = pe ? pe->side : LEFT;
		}
}

/* A side from top to bottom: each PE with its customers beside it. Rows used. */
static int map_rows(struct map *m, enum side side, int skip)
{
	int row = skip;

	for (size_t i = 0; i < m->n; i++) {
		struct place *pe = &m->place[i];
		int first = row;
		if (!pe->pe || pe->side != side)
			continue;
		for (size_t k = 0; k < m->n; k++)
			if (m->place[k].customer && place_pe_of(m, &m->place[k]) == pe)
				m->place[k].y = TOP + row++ * ROW;
		row += row == first;
		pe->y = TOP + first * ROW;
		pe->h = (row - first) * ROW - (ROW - CE_H);
	}
	for (size_t k = 0; k < m->n; k++)
		if (m->place[k].customer && m->place[k].side == side &&
			!place_pe_of(m, &m->place[k]))
			m->place[k].y = TOP + row++ * ROW;
	return row - skip;
}

static void map_lay(struct map *m)
{
	int rows[2] = {map_rows(m, LEFT, 0), map_rows(m, RIGHT, 0)}, core = 0, nth = 0;
	int high = rows[0] > rows[1] ? rows[0] : rows[1], left = CE_W + ACCESS;

	high = high < 2 ? 2 : high;
	map_rows(m, LEFT, (high - rows[0]) / 2);
	map_rows(m, RIGHT, (high - rows[1]) / 2);
	for (size_t i = 0; i < m->n; i++)
		core += m->place[i].side == MIDDLE;
	m->height = TOP + high * ROW;
	m->width = 2 * left + 2 * PE_W + core * P_W + (core + 1) * CORE + 2;
	for (size_t i = 0; i < m->n; i++) {
		struct place *p = &m->place[i];
		p->w = p->customer ? CE_W : p->pe ? PE_W : P_W;
		if (p->side == MIDDLE) {
			p->h = P_H;
			p->x = 1 + left + PE_W + CORE + nth++ * (P_W + CORE);
			p->y = TOP + (high * ROW - (ROW - CE_H) - P_H) / 2;
			continue;
		}
		if (p->customer)
			p->h = CE_H;
		p->x = p->customer ? 1 : 1 + left;
		if (p->side == RIGHT)
			p->x = m->width - p->x - p->w;
	}
}

/* A PE with its customers on its right, or another node of the core. Where the next one may begin. */
static int map_place_narrow(struct map *m, struct place *p, int y)
{
	int first = y;

	for (size_t k = 0; k < m->n; k++) {
		struct place *ce = &m->place[k];
		if (!ce->customer || place_pe_of(m, ce) != p)
			continue;
		ce->x = NARROW_W - CE_W - 1, ce->y = y, ce->w = CE_W, ce->h = CE_H;
		y += ROW;
	}
	p->x = 1, p->y = first, p->w = NARROW_PE;
	p->h = y == first ? P_H : y - first - (ROW - CE_H);
	return p->y + p->h + NARROW_DY;
}

/* For narrow screens: the PEs and the core below each other. */
static void map_lay_narrow(struct map *m)
{
	int y = TOP;

	for (enum side s = LEFT; s < SIDES; s++)
		for (size_t i = 0; i < m->n; i++)
			if (!m->place[i].customer && m->place[i].side == s)
				y = map_place_narrow(m, &m->place[i], y);
	for (size_t i = 0; i < m->n; i++) {
		struct place *p = &m->place[i];
		if (!p->customer || place_pe_of(m, p))
			continue;
		p->x = 1, p->y = y, p->w = CE_W, p->h = CE_H;
		y += ROW;
	}
	m->width = NARROW_W;
	m->height = y - NARROW_DY + 2;
}

static bool inside(const struct place *p, int y)
{
	return y >= p->y && y <= p->y + p->h;
}

/* One below the other, of a narrow drawing. What is between them hides it. */
static void draw_down(const struct place *a, const struct place *b, const char *const names[2],
	const char *style, FILE *out)
{
	bool swap = a->y > b->y;
	int x = a->x + a->w / 2, y1 = swap ? b->y + b->h : a->y + a->h, y2 = swap ? a->y : b->y;

	svg_line(out, x, y1, x, y2, style);
	svg_text(out, x + 7, y1 + 15, "tiny mono", "start", svg_port_name(names[swap]));
	svg_text(out, x + 7, y2 - 7, "tiny mono", "start", svg_port_name(names[!swap]));
}

static void draw_link(struct map *m, const json_t *link, FILE *out)
{
	const char *names[2] = {html_string(link, "a"), html_string(link, "b")};
	struct place *a = place_find(m, names[0]), *b = place_find(m, names[1]);
	const char *vrf = html_string(link, "vrf");
	char style[32];

	if (!a || !b)
		return;
	snprintf(style, sizeof style, "wire vrf%d", svg_vrf(m->report, vrf));
	if (a->x == b->x) {
		draw_down(a, b, names, style, out);
		return;
	}
	if (a->x > b->x) {
		struct place *swap = a;
		const char *name = names[0];
		a = b, b = swap;
		names[0] = names[1], names[1] = name;
	}
	int x1 = a->x + a->w, x2 = b->x, y1 = a->y + a->h / 2, y2 = b->y + b->h / 2;
	if (inside(b, y1) && (a->h < b->h || !inside(a, y2)))
		y2 = y1;
	else if (inside(a, y2))
		y1 = y2;
	svg_line(out, x1, y1, x2, y2, style);
	snprintf(style, sizeof style, "tiny mono vrf%d", svg_vrf(m->report, vrf));
	svg_text(out, x1 + 5, y1 + PORT_DY, "tiny mono", "start", svg_port_name(names[0]));
	svg_text(out, x2 - 5, y2 + PORT_DY, "tiny mono", "end", svg_port_name(names[1]));
	if (*vrf)
		svg_text(out, (x1 + x2) / 2, (y1 + y2) / 2 + 14, style, "middle", vrf);
}

static void draw_node(const struct place *p, FILE *out)
{
	const json_t *daemons = json_object_get(p->node, "daemons");
	bool tested = html_true(p->node, "under_test");
	int mid = p->x + p->w / 2, y = p->y + p->h / 2, n = (int)json_array_size(daemons);
	json_t *d;
	size_t i;

	svg_box(out, p->x, p->y, p->w, p->h,
		tested	      ? "node tested"
		: p->customer ? "node"
			      : "node core");
	/* a chassis has room for one daemon a line, a customer for one line */
	bool tall = p->pe && p->h >= 60 + 14 * n;
	svg_text(out, mid, y - (tall ? 4 + 7 * n : 3), "name", "middle", p->name);
	if (tested)
		svg_text(out, mid, p->y - 8, "small strong", "middle", "PE under test");
	if (tall) {
		json_array_foreach(daemons, i, d) svg_text(out, mid, y + 14 - 7 * n + 14 * (int)i,
			"tiny mono", "middle", json_string_value(d) ? json_string_value(d) : "");
		return;
	}
	char line[64] = "";
	json_array_foreach(daemons, i,
		d) if (json_string_value(d) && strlen(line) + json_string_length(d) + 2 < 20)
	{
		strcat(line, i ? " " : "");
		strcat(line, json_string_value(d));
	}
	svg_text(out, mid, y + 13, "tiny mono", "middle", n ? line : "no daemon");
}

static void table(const struct map *m, FILE *out)
{
	json_t *link;
	size_t i;

	html_put(out, "<details class=\"again\"><summary>The links as a table</summary><table "
		      "class=\"plain\"><thead>"
		      "<tr><th scope=\"col\">port</th><th scope=\"col\">port</th><th "
		      "scope=\"col\">kind</th><th scope=\"col\">VRF</th></tr></thead><tbody>\n");
	json_array_foreach(m->links, i, link) html_put(out,
		"<tr><th scope=\"row\">%s</th><td "
		"class=\"mono\">%s</td><td>%s</td><td>%s</td></tr>\n",
		html_string(link, "a"), html_string(link, "b"), html_string(link, "role"),
		html_string(link, "vrf"));
	html_put(out, "</tbody></table></details>\n");
}

static void draw(struct map *m, const char *id, const char *title, FILE *out)
{
	char description[160];
	json_t *link;
	size_t i;

	snprintf(description, sizeof description,
		"%zu nodes and %zu links: each customer beside its PE, the core between the PEs. "
		"The links are below as a table.",
		m->n, json_array_size(m->links));
	svg_begin(out, id, m->width, m->height, title, description);
	json_array_foreach(m->links, i, link) draw_link(m, link, out);
	for (i = 0; i < m->n; i++)
		draw_node(&m->place[i], out);
	svg_end(out);
}

void svg_topology(const json_t *report, FILE *out)
{
	struct map m;

	map_init(&m, report);
	if (m.n == 0)
		return;
	html_put(out, "<div class=\"if-wide\">\n");
	map_lay(&m);
	draw(&m, "fig-topology", "The network under attack", out);
	html_put(out, "</div>\n<div class=\"if-narrow\">\n");
	map_lay_narrow(&m);
	draw(&m, "fig-topology-narrow", "The network under attack, from top to bottom", out);
	html_put(out, "</div>\n");
	table(&m, out);
}
