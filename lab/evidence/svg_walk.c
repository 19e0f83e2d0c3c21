/*
 * One legitimate packet, hop by hop: at each link the packet as it was seen there, its labels on top of it; at each router
 * what it did to them. Drawn from left to right, and once more from top to bottom for narrow screens: the style shows one.
 */
#include <string.h>

#include "lab/evidence/html_write.h"
#include "lab/evidence/svg.h"
#include "lab/evidence/svg_way.h"

#define NODE_W	 92
#define NODE_H	 46
#define LINK_W	 156
#define PACKET_W 136
#define PACKET_H 42
#define LABEL_H	 26
#define TOP	 26
#define BELOW	 52
#define NARROW_W 340
#define STACK_X	 76 /* of the narrow one: right of the wire */
#define PAD	 13

struct words {
	char name[64], verb[32], what[96];
};

static struct words words_of(const struct svg_way *w, size_t i)
{
	struct words t;

	svg_way_node(w, i, text_of(t.name, sizeof t.name), text_of(t.verb, sizeof t.verb),
		text_of(t.what, sizeof t.what));
	return t;
}

static void draw_box(const struct words *t, int x, int y, FILE *out)
{
	svg_box(out, x, y, NODE_W, NODE_H, "node");
	svg_text(out, x + NODE_W / 2, y + NODE_H / 2 + 5, "name", "middle", t->name);
}

static void draw_node(const struct svg_way *w, size_t i, int base, FILE *out)
{
	struct words t = words_of(w, i);
	int x = 1 + (int)i * (NODE_W + LINK_W);

	draw_box(&t, x, base, out);
	int at = i == 0 ? x : i == w->ordered ? x + NODE_W : x + NODE_W / 2;
	const char *anchor = i == 0 ? "start" : i == w->ordered ? "end" : "middle";
	svg_text(out, at, base + NODE_H + 20, "small strong", anchor, t.verb);
	svg_text(out, at, base + NODE_H + 37, "tiny mono", anchor, t.what);
}

static void draw_stack(
	const struct svg_way *w, const struct svg_hop *h, int x, int bottom, FILE *out)
{
	const struct svg_hop *last = w->order[w->ordered - 1];
	const json_t *labels = svg_hop_labels(h);
	size_t n = json_array_size(labels);
	char text[96], style[32];
	int mid = x + PACKET_W / 2;

	svg_box(out, x, bottom - PACKET_H, PACKET_W, PACKET_H, "packet");
	svg_text(out, mid, bottom - PACKET_H + 17, "tiny mono", "middle",
		html_string(h->out, "src"));
	snprintf(text, sizeof text, "\u2192 %s", html_string(h->out, "dst"));
	svg_text(out, mid, bottom - PACKET_H + 33, "tiny mono", "middle", text);
	snprintf(text, sizeof text, "TTL %lld", html_integer(h->out, "ttl"));
	for (size_t i = 0; i < n; i++) {
		const json_t *l = json_array_get(labels, i);
		int y = bottom - PACKET_H - (int)(n - i) * (LABEL_H + 2);
		/* the label at the bottom is the VPN's, those on it are the core's */
		snprintf(style, sizeof style, "label vrf%d",
			i + 1 == n ? svg_vrf(w->report, html_string(last->link, "vrf")) : 0);
		svg_box(out, x, y, PACKET_W, LABEL_H, style);
		snprintf(text, sizeof text, "%lld", html_integer(l, "label"));
		svg_text(out, x + 10, y + 17, "small mono strong inlabel", "start", text);
		snprintf(text, sizeof text, "TTL %lld", html_integer(l, "ttl"));
		svg_text(out, x + PACKET_W - 8, y + 17, "tiny mono inlabel", "end", text);
	}
}

static void draw_wire(
	const struct svg_way *w, const struct svg_hop *h, int x1, int y1, int x2, int y2, FILE *out)
{
	char style[48];

	snprintf(style, sizeof style, "wire%s vrf%d", h->in ? "" : " lost",
		svg_vrf(w->report, html_string(h->link, "vrf")));
	svg_line(out, x1, y1, x2, y2, style);
}

static void draw_hop(const struct svg_way *w, size_t i, int base, FILE *out)
{
	const struct svg_hop *h = w->order[i];
	int x = 1 + (int)i * (NODE_W + LINK_W) + NODE_W, y = base + NODE_H / 2;
	char ttl[48];

	draw_wire(w, h, x, y, x + LINK_W, y, out);
	svg_text(out, x + 5, y - 6, "tiny mono", "start", svg_port_name(h->from));
	svg_text(out, x + LINK_W - 5, y - 6, "tiny mono", "end", svg_port_name(h->to));
	snprintf(ttl, sizeof ttl, h->in ? "IP TTL %lld" : "lost, IP TTL %lld",
		html_integer(h->out, "ttl"));
	svg_text(out, x + LINK_W / 2, y + 17, "tiny mono", "middle", ttl);
	draw_stack(w, h, x + (LINK_W - PACKET_W) / 2, base - 8, out);
}

static int narrow_length(const struct svg_hop *h)
{
	return 2 * PAD + PACKET_H + (int)json_array_size(svg_hop_labels(h)) * (LABEL_H + 2);
}

/* The hop below a node, and how far it goes down. */
static int draw_narrow_hop(const struct svg_way *w, const struct svg_hop *h, int y, FILE *out)
{
	int length = narrow_length(h), x = 1 + NODE_W / 2;
	char ttl[48];

	draw_wire(w, h, x, y, x, y + length, out);
	svg_text(out, x - 6, y + 15, "tiny mono", "end", svg_port_name(h->from));
	svg_text(out, x - 6, y + length - 7, "tiny mono", "end", svg_port_name(h->to));
	draw_stack(w, h, STACK_X, y + length - PAD, out);
	snprintf(ttl, sizeof ttl, h->in ? "IP TTL %lld" : "lost, IP TTL %lld",
		html_integer(h->out, "ttl"));
	svg_text(out, STACK_X + PACKET_W + 9, y + length - PAD - 17, "tiny mono", "start", ttl);
	return length;
}

static void draw_narrow(const struct svg_way *w, const char *description, FILE *out)
{
	int height = 2 + (int)(w->ordered + 1) * NODE_H, y = 1;

	for (size_t i = 0; i < w->ordered; i++)
		height += narrow_length(w->order[i]);
	svg_begin(out, "fig-walk-narrow", NARROW_W, height,
		"The label stack of one packet, from top to bottom", description);
	for (size_t i = 0; i <= w->ordered; i++) {
		struct words t = words_of(w, i);
		draw_box(&t, 1, y, out);
		svg_text(out, NODE_W + 13, y + 19, "small strong", "start", t.verb);
		svg_text(out, NODE_W + 13, y + 36, "tiny mono", "start", t.what);
		y += NODE_H;
		if (i < w->ordered)
			y += draw_narrow_hop(w, w->order[i], y, out);
	}
	svg_end(out);
}

static void draw_wide(const struct svg_way *w, const char *description, FILE *out)
{
	int base = TOP + (int)w->labels * (LABEL_H + 2) + PACKET_H;

	svg_begin(out, "fig-walk", 2 + (int)(w->ordered + 1) * NODE_W + (int)w->ordered * LINK_W,
		base + NODE_H + BELOW, "The label stack of one packet, hop by hop", description);
	for (size_t i = 0; i < w->ordered; i++)
		draw_hop(w, i, base, out);
	for (size_t i = 0; i <= w->ordered; i++)
		draw_node(w, i, base, out);
	svg_end(out);
}

/* The same in words, for whoever cannot see it or wants to copy it. */
static void tell(const struct svg_way *w, FILE *out)
{
	html_put(out, "<details class=\"again\"><summary>Hop by hop in words</summary><ol "
		      "class=\"hops\">\n");
	for (size_t i = 0; i < w->ordered; i++) {
		const struct svg_hop *h = w->order[i];
		html_put(out,
			"<li><span class=\"mono\">%s \u2192 %s</span>: %s; IP TTL %lld%s</li>\n",
			h->from, h->to, html_string(h->out, "text"), html_integer(h->out, "ttl"),
			h->in ? "" : "; it did not come in there");
	}
	html_put(out, "</ol></details>\n");
}

void svg_walk(const json_t *report, FILE *out)
{
	static const char description[] =
		"The routers that the packet passed, in order; between them the packet as it was "
		"seen there with its labels on top; at each router what it did to the labels. The "
		"same is below in words.";
	struct svg_way w;

	svg_way_init(&w, report);
	if (w.ordered == 0)
		return;
	html_put(out, "<div class=\"if-wide\">\n");
	draw_wide(&w, description, out);
	html_put(out, "</div>\n<div class=\"if-narrow\">\n");
	draw_narrow(&w, description, out);
	html_put(out, "</div>\n");
	tell(&w, out);
}
