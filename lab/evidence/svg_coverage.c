/* Clause by clause, which attacks are about it and how each ended: one square an attack, a drawing an RFC. */
#include <stdlib.h>
#include <string.h>

#include "lab/evidence/html_clause.h"
#include "lab/evidence/html_verdict.h"
#include "lab/evidence/html_write.h"
#include "lab/evidence/svg.h"

#define SECTION_W 62
#define CELL	  17
#define PER_LINE  11
#define LINE_H	  19
#define GAP	  7
#define WIDTH	  322

static size_t count(const struct html_cite *c, size_t n, enum html_verdict v)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		k += html_verdict_of(c[i].attack) == v;
	return k;
}

/* "3 of 4 held, 1 not yet" */
static void tally_print(const struct html_cite *c, size_t n, char *out, size_t cap)
{
	size_t at = snprintf(out, cap, "%zu of %zu held", count(c, n, HTML_HELD), n);

	for (enum html_verdict v = HTML_FELL; v < HTML_VERDICTS && at < cap; v++)
		if (count(c, n, v))
			at += snprintf(
				out + at, cap - at, ", %zu %s", count(c, n, v), html_face(v)->word);
}

static void draw_cell(const struct html_cite *c, int x, int y, FILE *out)
{
	const char *id = html_string(c->attack, "id");
	enum html_verdict v = html_verdict_of(c->attack);
	const struct html_face *f = html_face(v);

	html_put(out, "<a href=\"#");
	html_put_anchor(out, id);
	html_put(out,
		"\"><title>%s: %s; %s</title><rect x=\"%d\" y=\"%d\" width=\"14\" height=\"14\" "
		"rx=\"2\" class=\"sq %s\"/>",
		id, f->word, html_string(c->attack, "title"), x, y, f->key);
	if (v != HTML_HELD)
		html_put(out,
			"<text x=\"%d\" y=\"%d\" class=\"sqmark %s\" "
			"text-anchor=\"middle\">%s</text>",
			x + 7, y + 11, f->key, f->mark);
	html_put(out, "</a>\n");
}

static int row_height(size_t n)
{
	return (int)((n + PER_LINE - 1) / PER_LINE) * LINE_H + GAP;
}

static void draw_rfc(const struct html_cite *c, size_t n, FILE *out)
{
	char id[32], title[32], tally[120], held[24];
	int height = 4, y = 2;
	size_t k;

	for (size_t i = 0; i < n; i += k) {
		k = html_clause_same_section(c + i, n - i);
		height += row_height(k);
	}
	snprintf(id, sizeof id, "fig-rfc-%ld", c->rfc);
	if (c->rfc)
		snprintf(title, sizeof title, "RFC %ld", c->rfc);
	else
		snprintf(title, sizeof title, "Other");
	tally_print(c, n, tally, sizeof tally);
	html_put(out, "<figure class=\"cover\"><figcaption><strong>%s</strong> %s</figcaption>\n",
		title, html_clause_title(c->rfc));
	svg_begin(out, id, WIDTH, height, title, tally);
	for (size_t i = 0; i < n; i += k) {
		k = html_clause_same_section(c + i, n - i);
		svg_text(out, 0, y + 12, "small mono strong", "start",
			*c[i].section ? c[i].section : "whole");
		for (size_t j = 0; j < k; j++)
			draw_cell(&c[i + j], SECTION_W + (int)(j % PER_LINE) * CELL,
				y + (int)(j / PER_LINE) * LINE_H, out);
		snprintf(held, sizeof held, "%zu/%zu held", count(c + i, k, HTML_HELD), k);
		svg_text(out, WIDTH, y + 12, "tiny", "end", held);
		y += row_height(k);
	}
	svg_end(out);
	html_put(out, "</figure>\n");
}

static void draw_table(const struct html_cite *c, size_t n, FILE *out)
{
	size_t k;

	html_put(out, "<details class=\"again\"><summary>The same as a table</summary><div "
		      "class=\"scroll\" "
		      "tabindex=\"0\" role=\"region\" aria-label=\"Coverage as a table\"><table "
		      "class=\"plain\"><thead><tr><th scope=\"col\">clause</th>");
	for (enum html_verdict v = 0; v < HTML_VERDICTS; v++)
		html_put(out, "<th scope=\"col\">%s</th>", html_face(v)->word);
	html_put(out, "<th scope=\"col\">attacks</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < n; i += k) {
		k = html_clause_same_section(c + i, n - i);
		html_put(out, "<tr><th scope=\"row\">");
		if (c[i].rfc)
			html_put(out, "RFC %ld ", c[i].rfc);
		html_put(out, "%s</th>", c[i].section);
		for (enum html_verdict v = 0; v < HTML_VERDICTS; v++)
			html_put(out, "<td>%zu</td>", count(c + i, k, v));
		html_put(out, "<td class=\"mono\">");
		for (size_t j = 0; j < k; j++)
			html_put(out, "%s%s", j ? ", " : "", html_string(c[i + j].attack, "id"));
		html_put(out, "</td></tr>\n");
	}
	html_put(out, "</tbody></table></div></details>\n");
}

void svg_coverage(const json_t *report, FILE *out)
{
	struct html_cite *c;
	size_t n, k;

	c = html_clause_all(report, &n);
	if (!c)
		return;
	html_put(out, "<div class=\"covers\">\n");
	for (size_t i = 0; i < n; i += k) {
		k = html_clause_same_rfc(c + i, n - i);
		draw_rfc(c + i, k, out);
	}
	html_put(out, "</div>\n");
	draw_table(c, n, out);
	free(c);
}
