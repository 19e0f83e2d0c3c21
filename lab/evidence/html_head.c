/* The first screen: how it ended, what was tested with what, how many of which, and what was skipped and why. */
#include <string.h>

#include "lab/evidence/html_part.h"
#include "lab/evidence/html_verdict.h"
#include "lab/evidence/html_write.h"
#include "lib/check.h"

static size_t launched(const json_t *report)
{
	return html_verdict_count(report, HTML_HELD, NULL) +
	       html_verdict_count(report, HTML_FELL, NULL) +
	       html_verdict_count(report, HTML_INVALID, NULL);
}

/* Malformed cases that did not end as they must. */
static size_t malformed_wrong(const json_t *report, size_t *n)
{
	const json_t *cases = json_object_get(json_object_get(report, "malformed"), "cases");
	size_t i, wrong = 0;
	json_t *c;

	json_array_foreach(cases, i, c) wrong +=
		strcmp(html_string(c, "verdict"), "as expected") != 0;
	*n = json_array_size(cases);
	return wrong;
}

/* Pairs of sites of which one reached the other and must not, or did not and must. */
static size_t reach_wrong(const json_t *report)
{
	size_t i, wrong = 0;
	json_t *c;

	json_array_foreach(json_object_get(json_object_get(report, "reachability"), "cells"), i, c)
		wrong += html_true(c, "expected") != html_true(c, "reached");
	return wrong;
}

static void head_lead(const json_t *report, size_t cases, size_t wrong, FILE *out)
{
	size_t apart = reach_wrong(report);

	html_put(out, "<p class=\"lead\">");
	if (launched(report))
		html_put(out,
			"Each is launched with every protection on, and again with exactly one "
			"off. "
			"It has held only if nothing got through the first time and it succeeded "
			"the second time.");
	if (cases && wrong)
		html_put(out,
			" Of %zu malformed BGP messages, <a href=\"#malformed\">%zu did not end as "
			"they must</a>.",
			cases, wrong);
	else if (cases)
		html_put(out,
			" All %zu <a href=\"#malformed\">malformed BGP messages</a> ended as they "
			"must.",
			cases);
	if (apart)
		html_put(out,
			" Before all attacks, <a href=\"#matrix\">not every pair of sites</a> was "
			"connected or kept apart as it must be: %zu were not.",
			apart);
	html_put(out, "</p>\n");
}

/* The worst of what was seen, in one line. */
static void head_verdict(const json_t *report, FILE *out)
{
	size_t n = launched(report), fell = html_verdict_count(report, HTML_FELL, NULL);
	size_t invalid = html_verdict_count(report, HTML_INVALID, NULL), cases,
	       wrong = malformed_wrong(report, &cases);
	const char *broken = html_string(json_object_get(report, "run"), "broken");
	bool bad = fell || wrong || reach_wrong(report), none = !n && !cases;
	enum html_verdict v = bad			   ? HTML_FELL
			      : invalid || none || *broken ? HTML_INVALID
							   : HTML_HELD;

	html_put(out, "<p class=\"kicker\">RFC 4381 attack report</p>\n<h1 class=\"%s\">",
		html_face(v)->key);
	html_put(out, "<span class=\"seal\" aria-hidden=\"true\">%s</span> <span>",
		html_face(v)->mark);
	if (fell)
		html_put(out, "%zu of %zu attacks fell", fell, n);
	else if (invalid)
		html_put(out, "%zu of %zu attacks prove nothing", invalid, n);
	else if (none)
		html_put(out, "No attack was launched");
	else if (*broken)
		html_put(out, "The run did not reach its end");
	else if (n)
		html_put(out, n == 1 ? "The launched attack held%s" : "All launched attacks held%s",
			bad ? ", not all else did" : "");
	else
		html_put(out, "%zu of %zu malformed messages ended as they must", cases - wrong,
			cases);
	html_put(out, "</span></h1>\n");
	if (*broken)
		html_put(out,
			"<p class=\"broken\"><b>The run did not reach its end: rows may be "
			"missing.</b> %s</p>\n",
			broken);
	if (html_integer(json_object_get(report, "run"), "refused"))
		html_put(out,
			"<p class=\"broken\">%lld events of the lab made no sense and are left "
			"out.</p>\n",
			html_integer(json_object_get(report, "run"), "refused"));
	head_lead(report, cases, wrong, out);
}

static void head_fact(FILE *out, const char *name, const char *value)
{
	if (*value)
		html_put(out, "<div><dt>%s</dt><dd>%s</dd></div>\n", name, value);
}

/* RFC 3339 5.6, as people read it. */
static void head_started(const char *when, FILE *out)
{
	char shown[32];

	snprintf(shown, sizeof shown, "%.10s %.8s UTC", when, strlen(when) == 20 ? when + 11 : "");
	html_put(out, "<div class=\"when\"><dt>started</dt><dd>%s</dd></div>\n",
		strlen(when) == 20 && when[19] == 'Z' ? shown : when);
}

/* "FRR, bgpd version 8.4.4": a daemon's own words may leave out whose it is. */
static void head_pe(const json_t *run, FILE *out)
{
	static const char *const names[][2] = {{"ravelin", "Ravelin"}, {"frr", "FRR"},
		{"bird", "BIRD"}, {"gobgp", "GoBGP"}, {"openbgpd", "OpenBGPD"}};
	const char *pe = html_string(run, "pe"), *version = html_string(run, "pe_version");
	const char *shown = pe;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!strcmp(names[i][0], pe))
			shown = names[i][1];
	if (!strncasecmp(version, pe, strlen(pe)))
		shown = "";
	html_put(out, "<div class=\"pe\"><dt>PE under test</dt><dd>%s%s%s</dd></div>\n", shown,
		*shown && *version ? ", " : "", version);
}

static void head_facts(const json_t *report, FILE *out)
{
	const json_t *run = json_object_get(report, "run"),
		     *product = json_object_get(report, "product");

	html_put(out, "<dl class=\"facts\">\n");
	head_pe(run, out);
	html_put(out, "<div><dt>lab</dt><dd>%s %s</dd></div>\n", html_string(product, "name"),
		html_string(product, "version"));
	head_started(html_string(run, "started"), out);
	html_put(out, "<div><dt>took</dt><dd>%.1f s</dd></div>\n", html_number(run, "seconds"));
	head_fact(out, "topology", html_string(run, "topology"));
	head_fact(out, "kernel", html_string(run, "kernel"));
	head_fact(out, "back end", html_string(run, "backend"));
	html_put(out, "</dl>\n");
}

/* A bar in proportion, and the numbers as a list. */
static void head_totals(const json_t *report, FILE *out)
{
	size_t n = json_array_size(json_object_get(report, "attacks")), k;
	double x = 0;

	html_put(out, "<section class=\"totals\" aria-label=\"Totals\">\n");
	if (n) {
		html_put(out, "<svg class=\"share\" viewBox=\"0 0 1000 14\" "
			      "preserveAspectRatio=\"none\" aria-hidden=\"true\">");
		for (enum html_verdict v = 0; v < HTML_VERDICTS; v++) {
			k = html_verdict_count(report, v, NULL);
			double w = 1000.0 * (double)k / (double)n;
			if (k)
				html_put(out,
					"<rect x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"14\" "
					"class=\"sq %s\"/>",
					x, w > 3 ? w - 2 : w, html_face(v)->key);
			x += w;
		}
		html_put(out, "</svg>\n");
	}
	html_put(out, "<ul class=\"tally\">\n");
	for (enum html_verdict v = 0; v < HTML_VERDICTS; v++) {
		const struct html_face *f = html_face(v);
		k = html_verdict_count(report, v, NULL);
		html_put(out,
			"<li class=\"%s%s\"><b>%zu</b> <span class=\"word\"><span "
			"aria-hidden=\"true\">%s</span> %s</span> <span "
			"class=\"means\">%s</span></li>\n",
			f->key, k ? "" : " zero", k, f->mark, f->word, f->means);
	}
	html_put(out, "</ul>\n</section>\n");
}

/* Those that were skipped for the reason of the n-th, unless one before it was for the same. */
static void head_reason(const json_t *rows, size_t n, FILE *out)
{
	const char *why = html_string(json_array_get(rows, n), "why");
	json_t *a;
	size_t i;

	json_array_foreach(rows, i, a)
	{
		if (html_verdict_of(a) != HTML_SKIPPED || strcmp(html_string(a, "why"), why) != 0)
			continue;
		if (i < n)
			return;
		if (i == n)
			html_put(out, "<li><b>%s</b>:", why);
		html_put(out, "%s <a class=\"mono\" href=\"#", i == n ? "" : ";");
		html_put_anchor(out, html_string(a, "id"));
		html_put(out, "\">%s</a><span class=\"title\"> %s</span>", html_string(a, "id"),
			html_string(a, "title"));
	}
	html_put(out, "</li>\n");
}

static void head_skipped(const json_t *report, FILE *out)
{
	const json_t *rows = json_object_get(report, "attacks");
	json_t *a;
	size_t i;

	if (!html_verdict_count(report, HTML_SKIPPED, NULL)) {
		html_put(out, "<p class=\"skips none\">Nothing was skipped for want of a kernel "
			      "feature.</p>\n");
		return;
	}
	html_put(out, "<section class=\"skips\" aria-labelledby=\"skips\">"
		      "<h2 id=\"skips\">Skipped, so not proved</h2>\n<ul>\n");
	json_array_foreach(rows, i, a) if (html_verdict_of(a) == HTML_SKIPPED)
		head_reason(rows, i, out);
	html_put(out, "</ul></section>\n");
}

void html_part_head(const json_t *report, FILE *out)
{
	html_put(out, "<header class=\"top\">\n");
	head_verdict(report, out);
	head_facts(report, out);
	if (json_array_size(json_object_get(report, "attacks"))) {
		head_totals(report, out);
		head_skipped(report, out);
	}
	html_put(out, "</header>\n");
}
