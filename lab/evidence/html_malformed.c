/* Malformed BGP messages: what each must cause and what it caused. What went wrong stands open, all of them below. */
#include <string.h>

#include "lab/evidence/html_part.h"
#include "lab/evidence/html_write.h"
#include "lib/check.h"

struct kind {
	const char *verdict, *key, *mark, *means; /* key: class of the style */
};

static const struct kind kinds[] = {
	{"as expected", "held", "\u2713", ""},
	{"needless reset", "fell", "\u2715", "the session was reset where RFC 7606 keeps it"},
	{"death", "fell", "\u2715", "the daemon died"},
	{"invalid", "invalid", "?", "nothing is proved"},
	{"skipped", "skipped", "\u2013", "could not be tried"},
	{"wrong", "fell", "\u2715", "another reaction than the clause asks for"},
};

/* A word that is not known is wrong: the last. */
static const struct kind *kind_of(const char *verdict)
{
	size_t i = 0;

	while (i + 1 < ARRAY_LEN(kinds) && strcmp(kinds[i].verdict, verdict) != 0)
		i++;
	return &kinds[i];
}

static void row(const json_t *c, FILE *out)
{
	const struct kind *k = kind_of(html_string(c, "verdict"));

	html_put(out, "<tr class=\"%s\" data-case=\"%s\"><th scope=\"row\">%s</th>", k->key,
		html_string(c, "id"), html_string(c, "id"));
	html_put(out, "<td data-label=\"why it is asked\">%s", html_string(c, "source"));
	if (*html_string(c, "regression"))
		html_put(
			out, " <span class=\"quiet mono\">%s</span>", html_string(c, "regression"));
	html_put(out, "</td>");
	html_put(out, "<td data-label=\"must be\">%s</td><td data-label=\"was\">%s</td>",
		html_string(c, "expected"), html_string(c, "observed"));
	html_put(out,
		"<td data-label=\"verdict\"><span class=\"v %s\"><span "
		"aria-hidden=\"true\">%s</span> %s</span></td></tr>\n",
		k->key, k->mark, html_string(c, "verdict"));
}

/* Those that went wrong, or all of them. */
static void table(const json_t *cases, bool all, const char *name, FILE *out)
{
	static const char *const heads[] = {"case", "why it is asked", "must be", "was", "verdict"};
	json_t *c;
	size_t i;

	html_put(out,
		"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table "
		"class=\"plain cases\"><thead><tr>",
		name);
	for (i = 0; i < ARRAY_LEN(heads); i++)
		html_put(out, "<th scope=\"col\">%s</th>", heads[i]);
	html_put(out, "</tr></thead><tbody>\n");
	json_array_foreach(cases, i,
		c) if (all || strcmp(html_string(c, "verdict"), "as expected") != 0) row(c, out);
	html_put(out, "</tbody></table></div>\n");
}

/* How many of each verdict, as the cases say. Those that went wrong. */
static size_t totals(const json_t *cases, FILE *out)
{
	size_t n[ARRAY_LEN(kinds)] = {0}, i, all = 0;
	json_t *c;

	json_array_foreach(cases, i, c) n[kind_of(html_string(c, "verdict")) - kinds]++;
	html_put(out, "<ul class=\"tally small\">\n");
	for (i = 0; i < ARRAY_LEN(kinds); i++) {
		const struct kind *k = &kinds[i];
		all += n[i];
		if (n[i])
			html_put(out,
				"<li class=\"%s\"><b>%zu</b> <span class=\"word\"><span "
				"aria-hidden=\"true\">%s</span> %s</span> <span "
				"class=\"means\">%s</span></li>\n",
				k->key, n[i], k->mark, k->verdict, k->means);
	}
	html_put(out, "</ul>\n");
	return all - n[0];
}

/* Of the list, but no octets on a session can express it. */
static void unsent(const json_t *list, FILE *out)
{
	json_t *u;
	size_t i;

	if (!json_array_size(list))
		return;
	html_put(out,
		"<details><summary>%zu of the list that no message can express</summary><dl "
		"class=\"not-yet\">\n",
		json_array_size(list));
	json_array_foreach(list, i, u)
		html_put(out, "<div><dt><span class=\"mono\">%s</span> %s</dt><dd>%s</dd></div>\n",
			html_string(u, "id"), html_string(u, "title"), html_string(u, "reason"));
	html_put(out, "</dl></details>\n");
}

void html_part_malformed(const json_t *report, FILE *out)
{
	const json_t *m = json_object_get(report, "malformed");
	const json_t *cases = json_object_get(m, "cases");
	const char *version = html_string(m, "version");
	size_t n = json_array_size(cases);

	if (!n)
		return;
	html_put(out,
		"<section aria-labelledby=\"malformed\"><h2 id=\"malformed\">Malformed BGP "
		"messages</h2>\n<p>%zu messages to %s, one at a time: the matrix of RFC "
		"7606 and what brought other daemons down. Each must cause exactly what its "
		"clause says; a session that is reset without need, or a process that dies, "
		"is a failure.</p>\n",
		n, *version ? version : html_string(m, "dut"));
	if (totals(cases, out))
		table(cases, false, "Malformed messages that did not end as they must", out);
	html_put(out, "<details><summary>All %zu cases</summary>\n", n);
	table(cases, true, "All malformed messages", out);
	html_put(out, "</details>\n");
	unsent(json_object_get(m, "unsent"), out);
	html_put(out, "</section>\n");
}
