/*
 * One legitimate packet, hop by hop: over each link the packet as it was seen there, its labels on top of it; below each
 * router what it did to them. Frames are recorded port by port, so the way is put together from the links (RFC 3031 3.10).
 */
#include <stdlib.h>
#include <string.h>

#include "lab/evidence/html_write.h"
#include "lab/evidence/svg.h"
#include "lib/text.h"

#define HOPS_MAX  16
#define NODE_W	  92
#define NODE_H	  46
#define LINK_W	  156
#define PACKET_W  136
#define PACKET_H  42
#define LABEL_H	  26
#define TOP	  26
#define BELOW	  52
#define NAME_MAX_ 64

struct hop {
	const char *from, *to;	       /* ports */
	const json_t *link, *out, *in; /* as seen at either end; in NULL: it did not arrive */
	bool used;
};

struct way {
	const json_t *report;
	struct hop hop[HOPS_MAX];
	const struct hop *order[HOPS_MAX];
	size_t n, ordered, labels;
};

/* Of the packet that was seen first, not of what was answered to it. */
static const json_t *seen_at(const json_t *walk, const char *port, bool in)
{
	const json_t *first = json_array_get(walk, 0);
	json_t *s;
	size_t i;

	json_array_foreach(
		walk, i, s) if (html_true(s, "in") == in && !strcmp(html_string(s, "port"), port) &&
				!strcmp(html_string(s, "src"), html_string(first, "src")) &&
				!strcmp(html_string(s, "dst"), html_string(first, "dst"))) return s;
	return NULL;
}

static bool same_node(const char *port, const char *other)
{
	size_t n = strcspn(port, ":");

	return n == strcspn(other, ":") && !strncmp(port, other, n);
}

static void way_add(
	struct way *w, const json_t *walk, const json_t *link, const char *from, const char *to)
{
	struct hop h = {.from = from,
		.to = to,
		.link = link,
		.out = seen_at(walk, from, false),
		.in = seen_at(walk, to, true)};

	if ((!h.out && !h.in) || w->n == HOPS_MAX)
		return;
	if (!h.out)
		h.out = h.in;
	size_t n = json_array_size(json_object_get(h.out, "labels"));
	w->labels = n > w->labels ? n : w->labels;
	w->hop[w->n++] = h;
}

static struct hop *way_next(struct way *w, const char *port)
{
	for (size_t i = 0; i < w->n; i++)
		if (!w->hop[i].used && same_node(w->hop[i].from, port))
			return &w->hop[i];
	return NULL;
}

/* From where it came from nowhere, link by link. */
static void way_init(struct way *w, const json_t *report)
{
	const json_t *walk = json_object_get(report, "walk");
	struct hop *h = NULL;
	json_t *link;
	size_t i, k;

	*w = (struct way){.report = report};
	json_array_foreach(json_object_get(json_object_get(report, "topology"), "links"), i, link)
	{
		way_add(w, walk, link, html_string(link, "a"), html_string(link, "b"));
		way_add(w, walk, link, html_string(link, "b"), html_string(link, "a"));
	}
	for (i = 0; i < w->n && !h; i++) {
		for (k = 0; k < w->n && !same_node(w->hop[k].to, w->hop[i].from); k++)
			;
		if (k == w->n)
			h = &w->hop[i];
	}
	for (; h; h = way_next(w, h->to)) {
		h->used = true;
		w->order[w->ordered++] = h;
	}
}

static const json_t *labels_of(const struct hop *h)
{
	return h ? json_object_get(h->out, "labels") : NULL;
}

static long long label_at(const json_t *labels, size_t i)
{
	return html_integer(json_array_get(labels, i), "label");
}

/* The first n labels of a stack, in words: "16003, 17". */
static void labels_print(const json_t *labels, size_t n, struct text *t)
{
	for (size_t i = 0; i < n; i++)
		text_add(t, "%s%lld", i ? ", " : "", label_at(labels, i));
}

/* What the router between two hops did, in two lines. What is the same at the bottom of both stacks it did not touch. */
static void act_print(
	const struct hop *before, const struct hop *after, struct text verb, struct text what)
{
	const json_t *in = labels_of(before), *out = labels_of(after);
	size_t i = json_array_size(in), o = json_array_size(out);

	while (i && o && label_at(in, i - 1) == label_at(out, o - 1))
		i--, o--;
	if (i && o) {
		text_add(&verb, "swaps");
		labels_print(in, i, &what);
		text_add(&what, " for ");
		labels_print(out, o, &what);
	} else if (i || o) {
		text_add(&verb, i ? "pops" : "pushes");
		labels_print(i ? in : out, i ? i : o, &what);
		if (i && *html_string(after->link, "vrf"))
			text_add(&what, ", into %s", html_string(after->link, "vrf"));
	} else
		text_add(&verb, "%s", !before ? "sends" : after ? "forwards" : "receives");
}

static void draw_node(const struct way *w, size_t i, int base, FILE *out)
{
	const struct hop *before = i ? w->order[i - 1] : NULL,
			 *after = i < w->ordered ? w->order[i] : NULL;
	const char *port = after ? after->from : before->to;
	char name[NAME_MAX_], verb[32], what[96];
	int x = 1 + (int)i * (NODE_W + LINK_W);

	snprintf(name, sizeof name, "%.*s", (int)strcspn(port, ":"), port);
	act_print(before, after, text_of(verb, sizeof verb), text_of(what, sizeof what));
	svg_box(out, x, base, NODE_W, NODE_H, "node");
	svg_text(out, x + NODE_W / 2, base + NODE_H / 2 + 5, "name", "middle", name);
	int at = i == 0 ? x : i == w->ordered ? x + NODE_W : x + NODE_W / 2;
	const char *anchor = i == 0 ? "start" : i == w->ordered ? "end" : "middle";
	svg_text(out, at, base + NODE_H + 20, "small strong", anchor, verb);
	svg_text(out, at, base + NODE_H + 37, "tiny mono", anchor, what);
}

static void draw_stack(const struct way *w, const struct hop *h, int x, int bottom, FILE *out)
{
	const struct hop *last = w->order[w->ordered - 1];
	const json_t *labels = labels_of(h);
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
		snprintf(text, sizeof text, "%lld", label_at(labels, i));
		svg_text(out, x + 10, y + 17, "small mono strong inlabel", "start", text);
		snprintf(text, sizeof text, "TTL %lld", html_integer(l, "ttl"));
		svg_text(out, x + PACKET_W - 8, y + 17, "tiny mono inlabel", "end", text);
	}
}

static void draw_hop(const struct way *w, size_t i, int base, FILE *out)
{
	const struct hop *h = w->order[i];
	int x = 1 + (int)i * (NODE_W + LINK_W) + NODE_W, y = base + NODE_H / 2;
	char style[48], ttl[48];

	snprintf(style, sizeof style, "wire%s vrf%d", h->in ? "" : " lost",
		svg_vrf(w->report, html_string(h->link, "vrf")));
	svg_line(out, x, y, x + LINK_W, y, style);
	svg_text(out, x + 5, y - 6, "tiny mono", "start", svg_port_name(h->from));
	svg_text(out, x + LINK_W - 5, y - 6, "tiny mono", "end", svg_port_name(h->to));
	snprintf(ttl, sizeof ttl, h->in ? "IP TTL %lld" : "lost, IP TTL %lld",
		html_integer(h->out, "ttl"));
	svg_text(out, x + LINK_W / 2, y + 17, "tiny mono", "middle", ttl);
	draw_stack(w, h, x + (LINK_W - PACKET_W) / 2, base - 8, out);
}

/* The same in words, for whoever cannot see it or wants to copy it. */
static void tell(const struct way *w, FILE *out)
{
	html_put(out, "<details><summary>Hop by hop in words</summary><ol class=\"hops\">\n");
	for (size_t i = 0; i < w->ordered; i++) {
		const struct hop *h = w->order[i];
		html_put(out,
			"<li><span class=\"mono\">%s \u2192 %s</span>: %s; IP TTL %lld%s</li>\n",
			h->from, h->to, html_string(h->out, "text"), html_integer(h->out, "ttl"),
			h->in ? "" : "; it did not come in there");
	}
	html_put(out, "</ol></details>\n");
}

void svg_walk(const json_t *report, FILE *out)
{
	struct way w;

	way_init(&w, report);
	if (w.ordered == 0)
		return;
	int base = TOP + (int)w.labels * (LABEL_H + 2) + PACKET_H;
	svg_begin(out, "fig-walk", 2 + (int)(w.ordered + 1) * NODE_W + (int)w.ordered * LINK_W,
		base + NODE_H + BELOW, "The label stack of one packet, hop by hop",
		"Left to right the routers that the packet passed; over each link the packet as it "
		"was seen there with its labels on top; below each router what it did to the "
		"labels. The same is below in words.");
	for (size_t i = 0; i < w.ordered; i++)
		draw_hop(&w, i, base, out);
	for (size_t i = 0; i <= w.ordered; i++)
		draw_node(&w, i, base, out);
	svg_end(out);
	tell(&w, out);
}
