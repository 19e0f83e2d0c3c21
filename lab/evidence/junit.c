/* The report as CI systems show it. */
#include "lab/evidence/junit.h"

#include <string.h>

#include "lab/evidence/report.h"
#include "lib/check.h"

enum junit_kind { JUNIT_PASS, JUNIT_FAILURE, JUNIT_ERROR, JUNIT_SKIPPED, JUNIT_KINDS };

static const char *const elements[JUNIT_KINDS] = {NULL, "failure", "error", "skipped"};

/* XML 1.0 2.2: what may not stand in a document at all is left out. */
static void xml_text(FILE *f, const char *s)
{
	static const struct {
		char c;
		const char *as;
	} rows[] = {{'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}, {'"', "&quot;"}, {'\n', "&#10;"}};

	for (; *s; s++) {
		size_t i = 0;

		while (i < ARRAY_LEN(rows) && rows[i].c != *s)
			i++;
		if (i < ARRAY_LEN(rows))
			fputs(rows[i].as, f);
		else if ((unsigned char)*s >= ' ')
			fputc(*s, f);
	}
}

static void xml_attribute(FILE *f, const char *name, const char *value)
{
	fprintf(f, " %s=\"", name);
	xml_text(f, value);
	fputc('"', f);
}

static enum junit_kind junit_kind(const json_t *row)
{
	static const struct {
		const char *verdict;
		enum junit_kind kind;
	} rows[] = {{"held", JUNIT_PASS}, {"fell", JUNIT_FAILURE}, {"invalid", JUNIT_ERROR},
		{"skipped", JUNIT_SKIPPED}, {"not_yet", JUNIT_SKIPPED}, {"as expected", JUNIT_PASS},
		{"needless reset", JUNIT_FAILURE}, {"wrong", JUNIT_FAILURE},
		{"death", JUNIT_FAILURE}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (!strcmp(evidence_text(row, "verdict"), rows[i].verdict))
			return rows[i].kind;
	return JUNIT_ERROR; /* never green by an unknown word */
}

static void junit_detail(FILE *f, const char *what, const json_t *of, const char *key)
{
	const char *text = evidence_text(of, key);

	if (!*text)
		return;
	fputs(what, f);
	fputs(": ", f);
	xml_text(f, text);
	fputc('\n', f);
}

static void junit_details(FILE *f, const json_t *row)
{
	const json_t *counter;
	size_t i;

	junit_detail(f, "clause", row, "clause");
	junit_detail(f, "passes if", row, "passes");
	junit_detail(f, "expected", row, "expected");
	junit_detail(f, "observed", row, "observed");
	junit_detail(f, "with all protections on", json_object_get(row, "protected"), "observed");
	junit_detail(f, "legitimate", json_object_get(row, "legit"), "what");
	junit_detail(f, "control, off", json_object_get(row, "control"), "off");
	junit_detail(f, "control", json_object_get(row, "control"), "observed");
	json_array_foreach(json_object_get(row, "counters"), i, counter)
	{
		fputs("counter: ", f);
		xml_text(f, evidence_text(counter, "at"));
		fputc(' ', f);
		xml_text(f, evidence_text(counter, "name"));
		fprintf(f, " %lld -> %lld, %s\n",
			(long long)json_integer_value(json_object_get(counter, "before")),
			(long long)json_integer_value(json_object_get(counter, "after")),
			json_is_true(json_object_get(counter, "ok")) ? "right" : "NOT RIGHT");
	}
}

static double junit_seconds(const json_t *row)
{
	return (json_number_value(json_object_get(json_object_get(row, "protected"), "ms")) +
		       json_number_value(json_object_get(json_object_get(row, "control"), "ms"))) /
	       1000;
}

static void junit_row(FILE *f, const json_t *row, const char *class, enum junit_kind kind)
{
	const char *why = evidence_text(row, "why");
	char name[512];

	snprintf(name, sizeof name, "%s %s", evidence_text(row, "id"),
		*evidence_text(row, "title") ? evidence_text(row, "title")
					     : evidence_text(row, "name"));
	fputs("    <testcase", f);
	xml_attribute(f, "classname", class);
	xml_attribute(f, "name", name);
	fprintf(f, " time=\"%.3f\"", junit_seconds(row));
	if (kind == JUNIT_PASS) {
		fputs("/>\n", f);
		return;
	}
	fprintf(f, ">\n      <%s", elements[kind]);
	xml_attribute(f, "message", *why ? why : evidence_text(row, "verdict"));
	fputc('>', f);
	if (kind != JUNIT_SKIPPED)
		junit_details(f, row);
	fprintf(f, "</%s>\n    </testcase>\n", elements[kind]);
}

static void junit_suite(FILE *f, const char *name, const json_t *rows, const char *broken)
{
	unsigned n[JUNIT_KINDS] = {0};
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) n[junit_kind(row)]++;
	fputs("  <testsuite", f);
	xml_attribute(f, "name", name);
	fprintf(f, " tests=\"%zu\" failures=\"%u\" errors=\"%u\" skipped=\"%u\">\n",
		json_array_size(rows) + !!*broken, n[JUNIT_FAILURE], n[JUNIT_ERROR] + !!*broken,
		n[JUNIT_SKIPPED]);
	json_array_foreach(rows, i, row) junit_row(f, row,
		*evidence_text(row, "group") ? evidence_text(row, "group") : name, junit_kind(row));
	if (*broken) {
		/* no file may look green because rows are missing */
		fputs("    <testcase classname=\"lab\" name=\"the run reached its end\">\n      "
		      "<error",
			f);
		xml_attribute(f, "message", broken);
		fputs("/>\n    </testcase>\n", f);
	}
	fputs("  </testsuite>\n", f);
}

bool evidence_junit(const json_t *report, FILE *out)
{
	const json_t *malformed = json_object_get(report, "malformed");

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", out);
	xml_attribute(out, "name", "ravelin lab attack");
	fputs(">\n", out);
	junit_suite(out, "attacks", json_object_get(report, "attacks"),
		evidence_text(json_object_get(report, "run"), "broken"));
	if (malformed)
		junit_suite(out, "malformed input", json_object_get(malformed, "cases"), "");
	fputs("</testsuites>\n", out);
	return !ferror(out);
}
