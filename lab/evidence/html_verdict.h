/* How a verdict is shown: a word, a mark and a class of the style, never a colour alone; and counts of them. */
#ifndef LAB_EVIDENCE_HTML_VERDICT_H
#define LAB_EVIDENCE_HTML_VERDICT_H

#include <jansson.h>
#include <stdio.h>

enum html_verdict { HTML_HELD, HTML_FELL, HTML_INVALID, HTML_SKIPPED, HTML_NOT_YET, HTML_VERDICTS };

struct html_face {
	const char *key;  /* in report.json: "not_yet"; also the class of the style */
	const char *word; /* "not yet" */
	const char *mark;
	const char *means; /* one sentence */
};

const struct html_face *html_face(enum html_verdict v);

/* Of an attack; a word that is not known proves nothing: HTML_INVALID. */
enum html_verdict html_verdict_of(const json_t *attack);

/* How many attacks of the report; group NULL: of all. */
size_t html_verdict_count(const json_t *report, enum html_verdict v, const char *group);

/* The mark and the word, as a tag. */
void html_put_verdict(FILE *out, enum html_verdict v);

#endif
