/*
 * When what was launched, and for how long: a lane a group; above in it the launches with every protection on, below those
 * with exactly one off.
 */
#include <stdlib.h>
#include <string.h>

#include "lab/evidence/html_verdict.h"
#include "lab/evidence/html_write.h"
#include "lab/evidence/svg.h"
#include "lib/check.h"

#define LANES_MAX 24
#define NAME_W	  52
#define WIDTH	  1060
#define TOP	  50
#define WORDS_W	  310 /* the longest words over a phase */
#define LANE_H	  40
#define BAR_H	  13
#define BAR_MIN	  4
#define AXIS_H	  28
#define TICKS_MAX 12

struct span {
	double first, last; /* ms */
	unsigned n;
};

struct chart {
	const json_t *attacks;
	const char *lane[LANES_MAX];
	size_t n_lanes;
	struct span phase[2]; /* every protection on; one off */
	double end;
};

static const char *const phase_key[2] = {"protected", "control"};

static bool launched(const json_t *a)
{
	enum html_verdict v = html_verdict_of(a);

	return v != HTML_SKIPPED && v != HTML_NOT_YET;
}

static void span_add(struct span *s, const json_t *launch)
{
	double from = html_number(launch, "start_ms"), to = from + html_number(launch, "ms");

	if (!json_object_get(launch, "start_ms"))
		return;
	s->first = !s->n || from < s->first ? from : s->first;
	s->last = !s->n || to > s->last ? to : s->last;
	s->n++;
}

static size_t chart_lane(struct chart *c, const char *group)
{
	size_t i;

	for (i = 0; i < c->n_lanes; i++)
		if (!strcmp(c->lane[i], group))
			return i;
	if (c->n_lanes == LANES_MAX)
		return LANES_MAX - 1;
	c->lane[c->n_lanes++] = group;
	return i;
}

static void chart_init(struct chart *c, const json_t *report)
{
	json_t *a;
	size_t i;

	*c = (struct chart){.attacks = json_object_get(report, "attacks")};
	json_array_foreach(c->attacks, i, a)
	{
		if (!launched(a))
			continue;
		chart_lane(c, html_string(a, "group"));
		for (int p = 0; p < 2; p++)
			span_add(&c->phase[p], json_object_get(a, phase_key[p]));
	}
	c->end = c->phase[0].last > c->phase[1].last ? c->phase[0].last : c->phase[1].last;
}

static int chart_x(const struct chart *c, double ms)
{
	return NAME_W + (int)((WIDTH - NAME_W - 2) * ms / c->end);
}

static void draw_axis(const struct chart *c, int bottom, FILE *out)
{
	static const int steps[] = {1, 2, 5, 10, 20, 30, 60, 120, 300, 600};
	double seconds = c->end / 1000;
	size_t k = 0;
	char text[16];

	while (k + 1 < ARRAY_LEN(steps) && seconds / steps[k] > TICKS_MAX)
		k++;
	for (int s = 0; s <= seconds && s / steps[k] <= 4 * TICKS_MAX; s += steps[k]) {
		int x = chart_x(c, s * 1000.0);
		svg_line(out, x, TOP, x, bottom, "grid");
		snprintf(text, sizeof text, "%d s", s);
		svg_text(out, x, bottom + 17, "tiny", x > WIDTH - 30 ? "end" : "middle", text);
	}
}

static void draw_phases(const struct chart *c, int bottom, FILE *out)
{
	static const char *const words[2] = {
		"every protection on", "controls: exactly one protection off"};
	char text[96];

	for (int p = 0; p < 2; p++) {
		if (!c->phase[p].n)
			continue;
		int x = chart_x(c, c->phase[p].first) - 3, to = chart_x(c, c->phase[p].last) + 3;
		svg_box(out, x, 8, to - x, bottom - 8, p ? "phase off" : "phase");
		snprintf(text, sizeof text, "%s (%u)", words[p], c->phase[p].n);
		/* one below the other: the first phase may be narrower than its words */
		x = x < WIDTH - WORDS_W ? x : WIDTH - WORDS_W;
		svg_text(out, x + 7, 24 + 17 * p, "small strong", "start", text);
	}
}

static void draw_launch(const struct chart *c, const json_t *a, int p, int y, FILE *out)
{
	const json_t *launch = json_object_get(a, phase_key[p]);
	const struct html_face *face = html_face(html_verdict_of(a));
	double from = html_number(launch, "start_ms"), ms = html_number(launch, "ms");

	if (!json_object_get(launch, "start_ms"))
		return;
	int x = chart_x(c, from), w = chart_x(c, from + ms) - x;
	html_put(out, "<a href=\"#");
	html_put_anchor(out, html_string(a, "id"));
	html_put(out,
		"\" tabindex=\"-1\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"1\" "
		"class=\"bar %s %s\"><title>%s %s, %s%s: at %.2f s for %.0f ms, %lld of %lld "
		"succeeded; %s</title></rect></a>\n",
		x, y, w < BAR_MIN ? BAR_MIN : w, BAR_H, face->key, p ? "hollow" : "",
		html_string(a, "id"), html_string(a, "title"),
		p ? "control without " : "every protection on", p ? html_string(launch, "off") : "",
		from / 1000, ms, html_integer(launch, "hit"), html_integer(launch, "sent"),
		face->word);
}

void svg_timeline(const json_t *report, FILE *out)
{
	struct chart c;
	char description[200];
	json_t *a;
	size_t i;

	chart_init(&c, report);
	if (c.end <= 0)
		return;
	int bottom = TOP + (int)c.n_lanes * LANE_H;
	snprintf(description, sizeof description,
		"%u launches with every protection on, %u controls with one protection off, in "
		"%.0f seconds. Start and length of each are in the table of attacks.",
		c.phase[0].n, c.phase[1].n, c.end / 1000);
	svg_begin(
		out, "fig-timeline", WIDTH, bottom + AXIS_H, "When what was launched", description);
	draw_phases(&c, bottom, out);
	draw_axis(&c, bottom, out);
	for (i = 0; i < c.n_lanes; i++) {
		int y = TOP + (int)i * LANE_H;
		svg_line(out, 0, y, WIDTH, y, "grid");
		svg_text(out, 2, y + LANE_H / 2 + 5, "small mono strong", "start", c.lane[i]);
	}
	json_array_foreach(c.attacks, i, a)
	{
		if (!launched(a))
			continue;
		int y = TOP + (int)chart_lane(&c, html_string(a, "group")) * LANE_H;
		for (int p = 0; p < 2; p++)
			draw_launch(&c, a, p, y + 6 + p * (BAR_H + 3), out);
	}
	svg_end(out);
	html_put(out, "<p class=\"note\">%s</p>\n", description);
}
