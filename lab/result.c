/* The results of a run for programs: JSON, and JUnit's XML for CI systems. */
#include <errno.h>
#include <string.h>

#include "lab/report.h"

json_t *lab_report_json(const struct lab_report *p, const char *name, const char *backend)
{
	return json_pack("{s:s, s:s, s:b, s:O, s:O}", "name", name, "backend", backend, "ok", p->ok,
		"steps", p->steps, "metrics_ms", p->metrics);
}

void lab_report_print(json_t *j)
{
	json_dumpf(j, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(j);
}

static void xml_text(FILE *f, const char *s)
{
	for (; s && *s; s++) {
		if (*s == '<')
			fputs("&lt;", f);
		else if (*s == '>')
			fputs("&gt;", f);
		else if (*s == '&')
			fputs("&amp;", f);
		else if (*s == '"')
			fputs("&quot;", f);
		else if ((unsigned char)*s >= ' ' || *s == '\n')
			fputc(*s, f);
	}
}

static void junit_failure(FILE *f, const json_t *step, const char *verdict)
{
	const json_t *check;
	size_t i;

	fprintf(f, "    <failure message=\"%s\">", verdict);
	json_array_foreach(json_object_get(step, "checks"), i, check)
	{
		if (json_is_true(json_object_get(check, "ok")))
			continue;
		xml_text(f, json_string_value(json_object_get(check, "text")));
		fputs(": ", f);
		xml_text(f, json_string_value(json_object_get(check, "observed")));
		fputc('\n', f);
	}
	fputs("</failure>\n", f);
}

int lab_report_junit(const struct lab_report *p, const char *name, const char *file)
{
	FILE *f = fopen(file, "we");
	const json_t *step;
	size_t i;

	if (!f)
		return -errno;
	fprintf(f, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"");
	xml_text(f, name);
	/* a run that broke before its end is a failure of its own: no file may look green because steps are missing */
	fprintf(f, "\" tests=\"%zu\" failures=\"%u\" errors=\"%d\">\n", json_array_size(p->steps),
		p->failed + p->invalid, !p->ended);
	json_array_foreach(p->steps, i, step)
	{
		const char *verdict = json_string_value(json_object_get(step, "verdict"));

		fprintf(f, "  <testcase classname=\"%s\" name=\"",
			json_string_value(json_object_get(step, "kind")));
		xml_text(f, json_string_value(json_object_get(step, "title")));
		fprintf(f, "\" time=\"%.3f\">\n",
			json_integer_value(json_object_get(step, "ms")) / 1000.0);
		if (strcmp(verdict, "pass") != 0)
			junit_failure(f, step, verdict);
		fputs("  </testcase>\n", f);
	}
	if (!p->ended)
		fputs("  <testcase classname=\"lab\" name=\"the run reached its "
		      "end\"><error/></testcase>\n",
			f);
	fputs("</testsuite>\n", f);
	return fclose(f) ? -errno : 0;
}
