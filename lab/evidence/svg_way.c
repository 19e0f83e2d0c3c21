#include "lab/evidence/svg_way.h"

#include <string.h>

#include "lab/evidence/html_write.h"

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
	struct svg_way *w, const json_t *walk, const json_t *link, const char *from, const char *to)
{
	struct svg_hop h = {.from = from,
		.to = to,
		.link = link,
		.out = seen_at(walk, from, false),
		.in = seen_at(walk, to, true)};

	if ((!h.out && !h.in) || w->n == SVG_HOPS_MAX)
		return;
	if (!h.out)
		h.out = h.in;
	size_t n = json_array_size(json_object_get(h.out, "labels"));
	w->labels = n > w->labels ? n : w->labels;
	w->hop[w->n++] = h;
}

static struct svg_hop *way_next(struct svg_way *w, const char *port)
{
	for (size_t i = 0; i < w->n; i++)
		if (!w->hop[i].used && same_node(w->hop[i].from, port))
			return &w->hop[i];
	return NULL;
}

/* From where it came from nowhere, link by link. */
void svg_way_init(struct svg_way *w, const json_t *report)
{
	const json_t *walk = json_object_get(report, "walk");
	struct svg_hop *h = NULL;
	json_t *link;
	size_t i, k;

	*w = (struct svg_way){.report = report};
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

const json_t *svg_hop_labels(const struct svg_hop *h)
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
static void act_print(const struct svg_hop *before, const struct svg_hop *after, struct text verb,
	struct text what)
{
	const json_t *in = svg_hop_labels(before), *out = svg_hop_labels(after);
	size_t i = json_array_size(in), o = json_array_size(out);

	if (!after) {
		text_add(&verb, "%s", before && before->in ? "receives" : "does not receive");
		return;
	}
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
		text_add(&verb, "%s", before ? "forwards" : "sends");
}

void svg_way_node(
	const struct svg_way *w, size_t i, struct text name, struct text verb, struct text what)
{
	const struct svg_hop *before = i ? w->order[i - 1] : NULL,
			     *after = i < w->ordered ? w->order[i] : NULL;
	const char *port = after ? after->from : before ? before->to : "";

	text_add(&name, "%.*s", (int)strcspn(port, ":"), port);
	act_print(before, after, verb, what);
}
