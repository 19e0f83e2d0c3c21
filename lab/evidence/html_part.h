/* The parts of the page, in its order; each writes a whole <header> or <section>, or nothing if the report has nothing for it. */
#ifndef LAB_EVIDENCE_HTML_PART_H
#define LAB_EVIDENCE_HTML_PART_H

#include <jansson.h>
#include <stdio.h>

void html_part_head(
	const json_t *report, FILE *out); /* verdict, what was tested, totals, what was skipped */
void html_part_attacks(const json_t *report, FILE *out);
void html_part_malformed(const json_t *report, FILE *out);
void html_part_not_yet(const json_t *report, FILE *out);
void html_part_verify(const json_t *report, FILE *out);

#endif
