/* report_html: report.json on standard input, the page on standard output. For tests/lab/report_page. */
#include <jansson.h>
#include <stdio.h>

#include "lab/evidence/html.h"

int main(void)
{
	json_error_t err;
	json_t *report = json_loadf(stdin, 0, &err);
	bool ok = report && evidence_html(report, stdout);

	if (!report)
		fprintf(stderr, "report_html: line %d: %s\n", err.line, err.text);
	json_decref(report);
	return ok && !fclose(stdout) ? 0 : 1;
}
