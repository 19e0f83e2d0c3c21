#include "lab/evidence/html_verdict.h"

#include <string.h>

#include "lab/evidence/html_write.h"
#include "lib/check.h"

const struct html_face *html_face(enum html_verdict v)
{
	static const struct html_face faces[HTML_VERDICTS] = {
		[HTML_HELD] = {"held", "held", "\u2713",
			"Nothing got through, every counter moved as it must, the legitimate "
			"passed, and with the one protection off the attack succeeded."},
		[HTML_FELL] = {"fell", "fell", "\u2715",
			"It succeeded, or no counter shows it, or the legitimate did not pass."},
		[HTML_INVALID] = {"invalid", "invalid", "?",
			"Its control did not succeed, so nothing is proved either way."},
		[HTML_SKIPPED] = {"skipped", "skipped", "\u2013",
			"The kernel or the PE has not what the attack needs."},
		[HTML_NOT_YET] = {"not_yet", "not yet", "\u25cb",
			"In the catalogue, but not built."},
	};

	CHECK(v < HTML_VERDICTS);
	return &faces[v];
}

enum html_verdict html_verdict_of(const json_t *attack)
{
	const char *word = html_string(attack, "verdict");

	for (enum html_verdict v = 0; v < HTML_VERDICTS; v++)
		if (!strcmp(word, html_face(v)->key))
			return v;
	return HTML_INVALID;
}

size_t html_verdict_count(const json_t *report, enum html_verdict v, const char *group)
{
	size_t i, n = 0;
	json_t *a;

	json_array_foreach(json_object_get(report, "attacks"), i, a) n +=
		html_verdict_of(a) == v && (!group || !strcmp(html_string(a, "group"), group));
	return n;
}

void html_put_verdict(FILE *out, enum html_verdict v)
{
	const struct html_face *f = html_face(v);

	html_put(out, "<span class=\"v %s\"><span aria-hidden=\"true\">%s</span> %s</span>", f->key,
		f->mark, f->word);
}
