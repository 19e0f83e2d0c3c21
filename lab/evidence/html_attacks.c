/* The table of attacks: a row each, and below each what was seen. */
#include <string.h>

#include "lab/evidence/group.h"
#include "lab/evidence/html_part.h"
#include "lab/evidence/html_verdict.h"
#include "lab/evidence/html_write.h"
#include "lib/check.h"

#define COLUMNS "9"

/* A path below the report's own directory and nothing else: no scheme, no root, no way up. */
static bool path_plain(const char *path)
{
	size_t n = strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				"0123456789-_./");

	return n && !path[n] && path[0] != '/' && !strstr(path, "..") && !strstr(path, "//");
}

/* What it had to do, in words. */
static void cell_due(const json_t *c, FILE *out)
{
	const char *moved = html_string(c, "moved");
	long long due = html_integer(c, "due");

	if (!strcmp(moved, "still"))
		html_put(out, "must not move");
	else if (!strcmp(moved, "some"))
		html_put(out, "must move");
	else
		html_put(out, "must be %s+%lld", strcmp(moved, "exactly") ? "at least " : "", due);
}

static void cell_counter(const json_t *c, FILE *out)
{
	long long before = html_integer(c, "before"), after = html_integer(c, "after");
	bool ok = html_true(c, "ok");

	html_put(out,
		"<li class=\"%s\"><span class=\"mono\">%s</span> <span class=\"at\">%s %s</span> ",
		ok ? "good" : "bad", html_string(c, "name"), html_string(c, "source"),
		html_string(c, "at"));
	if (before < 0 || after < 0)
		html_put(out, "<span class=\"nums\">no such counter</span>");
	else
		html_put(out, "<span class=\"nums\">%lld \u2192 %lld, <b>%s%lld</b></span>", before,
			after, after < before ? "\u2212" : "+",
			after < before ? before - after : after - before);
	html_put(out, " <span class=\"due\">%s ", ok ? "\u2713" : "\u2715");
	cell_due(c, out);
	html_put(out, "</span></li>\n");
}

static void cell_counters(const json_t *a, FILE *out)
{
	const json_t *counters = json_object_get(a, "counters");
	json_t *c;
	size_t i;

	html_put(out, "<td data-label=\"counters\" class=\"counters\">");
	if (json_array_size(counters) == 0)
		html_put(out, "<span class=\"quiet\">none asked for</span>");
	else {
		html_put(out, "<ul>\n");
		json_array_foreach(counters, i, c) cell_counter(c, out);
		html_put(out, "</ul>");
	}
	html_put(out, "</td>\n");
}

static void cell_launch(const json_t *launch, FILE *out)
{
	html_put(out, "%lld of %lld", html_integer(launch, "hit"), html_integer(launch, "sent"));
}

static void cell_proof(const json_t *a, FILE *out)
{
	const json_t *legit = json_object_get(a, "legit"), *control = json_object_get(a, "control");
	bool ok = html_true(legit, "ok"), tried = html_verdict_of(a) != HTML_SKIPPED;

	html_put(out, "<td data-label=\"legitimate\">");
	if (legit && tried)
		html_put(out, "<span class=\"%s\">%s</span>", ok ? "good" : "bad",
			ok ? "\u2713 passed" : "\u2715 did not pass");
	else
		html_put(out, "<span class=\"quiet\">\u2013</span>");
	html_put(out, "</td>\n<td data-label=\"control\">");
	ok = html_true(control, "ok");
	if (control) {
		html_put(out, "<span class=\"off\">%s off:</span> <span class=\"%s\">%s ",
			html_string(control, "off"), ok ? "good" : "bad", ok ? "\u2713" : "?");
		cell_launch(control, out);
		html_put(out, " succeeded</span>");
	} else
		html_put(out, "<span class=\"quiet\">%s</span>",
			html_verdict_of(a) == HTML_HELD ? "in the attack itself" : "\u2013");
	html_put(out, "</td>\n");
}

static void cell_packets(const json_t *a, FILE *out)
{
	const char *path = html_string(a, "pcapng");

	html_put(out, "<td data-label=\"capture\" class=\"capture\">");
	if (path_plain(path))
		html_put(out,
			"<a href=\"%s\">pcapng</a> <span class=\"clause\">%lld packets</span>",
			path, html_integer(a, "packets"));
	else
		html_put(out, "<span class=\"quiet\">\u2013</span>");
	html_put(out, "</td>\n");
}

static void more_launch(const json_t *a, const char *key, const char *title, FILE *out)
{
	const json_t *l = json_object_get(a, key);

	if (!l)
		return;
	html_put(out, "<div><dt>%s</dt><dd>", title);
	if (*html_string(l, "off"))
		html_put(out, "off: %s. ", html_string(l, "off"));
	if (*html_string(l, "how"))
		html_put(out, "<code>%s</code><br>", html_string(l, "how"));
	if (*html_string(l, "observed"))
		html_put(out, "%s<br>", html_string(l, "observed"));
	html_put(out, "<span class=\"quiet\">");
	cell_launch(l, out);
	html_put(out, " succeeded; started at %.2f s, took %.0f ms</span></dd></div>\n",
		html_number(l, "start_ms") / 1000, html_number(l, "ms"));
}

static void row_more(const json_t *a, FILE *out)
{
	enum html_verdict v = html_verdict_of(a);
	const json_t *legit = json_object_get(a, "legit");

	html_put(out, "<tr class=\"more\"><td colspan=\"" COLUMNS "\">");
	if (v != HTML_HELD && *html_string(a, "why"))
		html_put(out, "<p class=\"why %s\">%s</p>", html_face(v)->key,
			html_string(a, "why"));
	if (v == HTML_SKIPPED) {
		html_put(out, "</td></tr>\n");
		return;
	}
	html_put(out,
		"<details><summary>What was seen<span class=\"hid\"> in %s</span></summary><dl>\n",
		html_string(a, "id"));
	if (v == HTML_HELD)
		html_put(out, "<div><dt>why it counts as held</dt><dd>%s</dd></div>\n",
			html_string(a, "why"));
	more_launch(a, "protected", "every protection on", out);
	more_launch(a, "control", "the control", out);
	if (legit)
		html_put(out, "<div><dt>what is legitimate</dt><dd>%s: %s</dd></div>\n",
			html_string(legit, "what"),
			html_true(legit, "ok") ? "passed" : "did not pass");
	html_put(out, "</dl></details></td></tr>\n");
}

static void row(const json_t *a, FILE *out)
{
	enum html_verdict v = html_verdict_of(a);
	const char *id = html_string(a, "id");
	const json_t *launch = v == HTML_SKIPPED ? NULL : json_object_get(a, "protected");

	html_put(out,
		"<tbody class=\"attack\" data-attack=\"%s\" data-verdict=\"%s\" data-rank=\"%d\" "
		"data-group=\"%s\" data-ms=\"%.0f\" id=\"",
		id, html_face(v)->key, (int)v, html_string(a, "group"), html_number(launch, "ms"));
	html_put_anchor(out, id);
	html_put(out, "\">\n<tr class=\"row %s\"><th scope=\"row\"><a href=\"#", html_face(v)->key);
	html_put_anchor(out, id);
	html_put(out,
		"\">%s</a></th>\n<td class=\"what\"><b>%s</b><span "
		"class=\"clause\">%s</span></td>\n",
		id, html_string(a, "title"), html_string(a, "clause"));
	html_put(out,
		"<td data-label=\"from, at\" class=\"path\"><span class=\"mono\">%s</span> "
		"<span class=\"to\">\u2192 <span class=\"mono\">%s</span></span></td>\n",
		html_string(a, "attacker"), html_string(a, "target"));
	html_put(out, "<td data-label=\"verdict\" class=\"verdict\">");
	html_put_verdict(out, v);
	html_put(out, "</td>\n<td data-label=\"passes\" class=\"passes\">%s",
		html_string(a, "passes"));
	if (launch) {
		html_put(out, " <span class=\"clause%s\">",
			v == HTML_FELL && html_integer(launch, "hit") ? " bad" : "");
		cell_launch(launch, out);
		html_put(out, " got through</span>");
	}
	html_put(out, "</td>\n");
	cell_counters(a, out);
	cell_proof(a, out);
	cell_packets(a, out);
	html_put(out, "</tr>\n");
	row_more(a, out);
	html_put(out, "</tbody>\n");
}

static void group_head(const json_t *report, const char *group, FILE *out)
{
	html_put(out,
		"<tbody class=\"group\" data-group=\"%s\"><tr><th scope=\"rowgroup\" "
		"colspan=\"" COLUMNS "\">%s <span class=\"mono\">%s</span><span class=\"counts\">",
		group, evidence_group_name(group), group);
	for (enum html_verdict v = 0; v < HTML_NOT_YET; v++)
		if (html_verdict_count(report, v, group))
			html_put(out, "<span class=\"%s\">%zu %s</span> ", html_face(v)->key,
				html_verdict_count(report, v, group), html_face(v)->word);
	html_put(out, "</span></th></tr></tbody>\n");
}

/* For the script: hidden until it runs, so that nothing is offered that does not work. */
static void filter(const json_t *report, FILE *out)
{
	const char *last = "";
	json_t *a;
	size_t i;

	html_put(out,
		"<form id=\"filter\" hidden role=\"search\" aria-label=\"Filter the attacks\">\n"
		"<fieldset><legend class=\"hid\">verdict</legend>");
	for (enum html_verdict v = 0; v < HTML_NOT_YET; v++)
		html_put(out,
			"<button type=\"button\" aria-pressed=\"false\" data-show=\"%s\" "
			"class=\"%s\"><span aria-hidden=\"true\">%s</span> %s <b>%zu</b></button>",
			html_face(v)->key, html_face(v)->key, html_face(v)->mark,
			html_face(v)->word, html_verdict_count(report, v, NULL));
	html_put(out,
		"</fieldset>\n<label>group <select name=\"group\"><option value=\"\">all</option>");
	json_array_foreach(json_object_get(report, "attacks"), i, a)
	{
		const char *group = html_string(a, "group");
		if (html_verdict_of(a) == HTML_NOT_YET || !strcmp(group, last))
			continue;
		html_put(
			out, "<option value=\"%s\">%s</option>", group, evidence_group_name(group));
		last = group;
	}
	html_put(out,
		"</select></label>\n"
		"<label>words <input type=\"search\" name=\"words\" placeholder=\"label, 4364 "
		"6, eth5\"></label>\n"
		"<label>order <select name=\"order\"><option value=\"\">catalogue</option>"
		"<option value=\"rank\">verdict, worst first</option>"
		"<option value=\"ms\">time, longest first</option></select></label>\n"
		"<output aria-live=\"polite\"></output>\n</form>\n");
}

void html_part_attacks(const json_t *report, FILE *out)
{
	static const char *const heads[] = {"id", "what is tried", "from, at", "verdict",
		"what may pass", "counters", "legitimate", "control", "capture"};
	const char *last = NULL;
	json_t *a;
	size_t i;

	html_put(out, "<section aria-labelledby=\"attacks\"><h2 id=\"attacks\">Attacks</h2>\n"
		      "<p>The counters are read before and after the launch with every protection "
		      "on, and must move by as much as the attack sent and by nothing else. The "
		      "control is the same attack with the one named protection off.</p>\n");
	filter(report, out);
	html_put(out, "<div class=\"scroll attacks\" tabindex=\"0\" role=\"region\" "
		      "aria-labelledby=\"attacks\"><table class=\"attacks\">\n<thead><tr>");
	for (i = 0; i < ARRAY_LEN(heads); i++)
		html_put(out, "<th scope=\"col\">%s</th>", heads[i]);
	html_put(out, "</tr></thead>\n");
	json_array_foreach(json_object_get(report, "attacks"), i, a)
	{
		const char *group = html_string(a, "group");
		if (html_verdict_of(a) == HTML_NOT_YET)
			continue;
		if (!last || strcmp(group, last) != 0)
			group_head(report, group, out);
		last = group;
		row(a, out);
	}
	html_put(out, "</table></div></section>\n");
}
