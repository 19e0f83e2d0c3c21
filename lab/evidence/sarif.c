/* The report as code scanning tools read it: SARIF 2.1.0 (OASIS). */
#include "lab/evidence/sarif.h"

#include <stdarg.h>
#include <string.h>

#include "lab/evidence/report.h"
#include "lib/check.h"

#define SARIF_SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static const struct sarif_level {
	const char *verdict, *level;
} levels[] = {{"fell", "error"}, {"invalid", "warning"}, {"wrong", "error"}, {"death", "error"},
	{"needless reset", "warning"}};

/* NULL: no result. */
static const char *sarif_level(const json_t *row)
{
	for (size_t i = 0; i < ARRAY_LEN(levels); i++)
		if (!strcmp(evidence_text(row, "verdict"), levels[i].verdict))
			return levels[i].level;
	return NULL;
}

static const char *sarif_title(const json_t *row)
{
	const char *title = evidence_text(row, "title");

	return *title ? title : evidence_text(row, "name");
}

static json_t *sarif_text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static json_t *sarif_text(const char *fmt, ...)
{
	char text[2048];
	json_t *s;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	s = json_string(text);
	/* cut within a character, it is none */
	return json_pack("{s:o}", "text", s ? s : json_string("(too long)"));
}

/* "RFC 4381 3.4, RFC 4364 13.1" -> the first of them at its editor */
static json_t *sarif_help_uri(const char *clause)
{
	const char *rfc = strstr(clause, "RFC ");
	size_t n = rfc ? strspn(rfc + 4, "0123456789") : 0;

	if (!n || n > 5)
		return NULL;
	return json_sprintf("https://www.rfc-editor.org/rfc/rfc%.*s", (int)n, rfc + 4);
}

static json_t *sarif_rule(const json_t *row)
{
	const char *clause = evidence_text(row, "clause"), *passes = evidence_text(row, "passes"),
		   *expected = evidence_text(row, "expected");

	if (!*passes)
		passes = expected;
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o*, s:{s:s}, s:{s:[s*], s:s}}", "id",
		evidence_text(row, "id"), "name", sarif_title(row), "shortDescription",
		sarif_text("%s", sarif_title(row)), "fullDescription",
		sarif_text("%s (%s). It passes if: %s.", sarif_title(row), clause, passes), "help",
		sarif_text(
			"%s\n\nClause: %s\nAttacker: %s\nTarget: %s\nPasses if: %s\n\nThe row is "
			"judged by two launches, with every protection on and with exactly one "
			"off (%s): the first must not succeed, the second must.",
			sarif_title(row), clause, evidence_text(row, "attacker"),
			evidence_text(row, "target"), passes,
			evidence_text(json_object_get(row, "control"), "off")),
		"helpUri", sarif_help_uri(clause), "defaultConfiguration", "level", "error",
		"properties", "tags", "security", "clause", clause);
}

static json_t *sarif_location(const json_t *row)
{
	const char *pcapng = evidence_text(row, "pcapng"),
		   *attacker = evidence_text(row, "attacker");

	return json_pack("{s:{s:{s:s}}, s:[{s:o, s:s}]}", "physicalLocation", "artifactLocation",
		"uri", *pcapng ? pcapng : "report.json", "logicalLocations", "fullyQualifiedName",
		*attacker ? json_sprintf("%s -> %s", attacker, evidence_text(row, "target"))
			  : json_string(evidence_text(row, "id")),
		"kind", "resource");
}

static json_t *sarif_result(const json_t *row, const char *level, size_t rule)
{
	const char *why = evidence_text(row, "why"), *observed = evidence_text(row, "observed");

	if (!*observed)
		observed = evidence_text(json_object_get(row, "protected"), "observed");
	return json_pack("{s:s, s:i, s:s, s:s, s:o, s:[o], s:{s:s}}", "ruleId",
		evidence_text(row, "id"), "ruleIndex", (int)rule, "level", level, "kind", "fail",
		"message",
		sarif_text("%s: %s. %s%s%s", sarif_title(row), evidence_text(row, "verdict"), why,
			*observed ? " Observed: " : "", observed),
		"locations", sarif_location(row), "partialFingerprints", "row/v1",
		evidence_text(row, "id"));
}

static void sarif_rows(const json_t *rows, json_t *rules, json_t *results)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		const char *level = sarif_level(row);

		if (level)
			CHECK(!json_array_append_new(
				results, sarif_result(row, level, json_array_size(rules))));
		if (strcmp(evidence_text(row, "verdict"), "not_yet") != 0)
			CHECK(!json_array_append_new(rules, sarif_rule(row)));
	}
}

/* A run that broke says so: an empty list of results is not a good one then. */
static json_t *sarif_invocation(const json_t *run)
{
	const char *broken = evidence_text(run, "broken");
	json_t *notes = *broken ? json_pack("[{s:s, s:o}]", "level", "error", "message",
					  sarif_text("the run ended before its end: %s", broken))
				: json_array();

	return json_pack("{s:b, s:s*, s:o}", "executionSuccessful", !*broken, "startTimeUtc",
		json_string_value(json_object_get(run, "started")), "toolExecutionNotifications",
		notes);
}

bool evidence_sarif(const json_t *report, FILE *out)
{
	json_t *rules = json_array(), *results = json_array(), *all;
	const json_t *product = json_object_get(report, "product");
	int err;

	CHECK(rules && results);
	sarif_rows(json_object_get(report, "attacks"), rules, results);
	sarif_rows(json_object_get(json_object_get(report, "malformed"), "cases"), rules, results);
	all = json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:s, s:o}}, s:[o], s:s, s:o}]}", "$schema",
		SARIF_SCHEMA, "version", "2.1.0", "runs", "tool", "driver", "name",
		evidence_text(product, "name"), "version", evidence_text(product, "version"),
		"informationUri", "https://www.rfc-editor.org/rfc/rfc4381", "rules", rules,
		"invocations", sarif_invocation(json_object_get(report, "run")), "columnKind",
		"utf16CodeUnits", "results", results);
	CHECK(all);
	err = json_dumpf(all, out, JSON_INDENT(2));
	json_decref(all);
	fputc('\n', out);
	return !err && !ferror(out);
}
