/*
 * The report as one page for people: no file beside it, nothing from a network, readable without its script. The page allows itself
 * only the one style and the one script that it carries, by their digests, so that nothing in a report could ever run.
 */
#ifndef LAB_EVIDENCE_HTML_H
#define LAB_EVIDENCE_HTML_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* report: as topologies/attack-report.schema.json has it; what is missing in it is left out of the page. False: it could not be written. */
bool evidence_html(const json_t *report, FILE *out);

#endif
