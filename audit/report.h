/* A run of the checks as text of 80 columns, or as JSON. */
#ifndef AUDIT_REPORT_H
#define AUDIT_REPORT_H

#include <stdio.h>

#include "audit/check.h"

/* A table of subjects, then findings by severity. Text of the kernel is escaped. */
void audit_report_text(const struct audit_run *r, FILE *out);
void audit_report_json(const struct audit_run *r, FILE *out);

#endif
