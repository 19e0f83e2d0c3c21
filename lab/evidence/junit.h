/* The report as CI systems show it: JUnit's XML, a test case a row. Pure but for the file. */
#ifndef LAB_EVIDENCE_JUNIT_H
#define LAB_EVIDENCE_JUNIT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* A row that fell is a failure, one that proves nothing an error, one not tried is skipped. A run that broke is an error of its own. */
bool evidence_junit(const json_t *report, FILE *out);

#endif
