/* The report as code scanning tools read it: SARIF 2.1.0 (OASIS). Pure but for the file. */
#ifndef LAB_EVIDENCE_SARIF_H
#define LAB_EVIDENCE_SARIF_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* A rule a row; a result for each that fell (error) or proves nothing (warning). */
bool evidence_sarif(const json_t *report, FILE *out);

#endif
