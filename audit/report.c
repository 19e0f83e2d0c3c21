#include "audit/report.h"

#include <jansson.h>
#include <string.h>

#include "lib/text.h"

#define COLUMNS 80

static unsigned flagged(const struct audit_run *r, int subject)
{
	return r->n_flagged[subject];
}

/* Words of text (or, with commas, what stands between them), each line indented, none beyond the last column if it fits. */
static void wrap_at(FILE *out, const char *head, const char *text, bool commas)
{
	char clean[4 * 640];
	struct text t = text_of(clean, sizeof(clean));
	int indent = (int)strlen(head), column = indent;
	const char *p = clean;

	text_add_escaped(&t, text, strlen(text));
	fputs(head, out);
	for (bool first = true; *p; first = false) {
		size_t n = strcspn(p, " ");
		while (commas && p[n] && p[n - 1] != ',')
			n += 1 + strcspn(p + n + 1, " ");
		if (!first && column + 1 + (int)n > COLUMNS) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		} else if (!first) {
			fputc(' ', out);
			column++;
		}
		fwrite(p, 1, n, out);
		column += (int)n;
		p += n + strspn(p + n, " ");
	}
	fputc('\n', out);
}

static void wrap(FILE *out, const char *head, const char *text)
{
	wrap_at(out, head, text, false);
}

static void summary(const struct audit_run *r, FILE *out)
{
	fprintf(out, "%-9s %9s  %7s  %s\n", "", "EXPLAINED", "FLAGGED", "BY");
	for (int s = 0; s < AUDIT_SUBJECTS; s++) {
		char head[48], by[640];
		struct text t = text_of(by, sizeof(by));
		for (size_t i = 0; i < r->n_tallies; i++)
			if (r->tallies[i].subject == s)
				text_add(&t, "%s%s %u", t.len ? ", " : "", r->tallies[i].who,
					r->tallies[i].n);
		snprintf(head, sizeof(head), "%-9s %9u  %7u  ", audit_subject_name(s),
			audit_run_explained(r, s), flagged(r, s));
		wrap_at(out, head, by, true);
	}
}

/* A command is one line, however long: it is there to be copied. */
static void finding(const struct audit_finding *f, FILE *out)
{
	char head[160];

	snprintf(head, sizeof(head), "%s %s: ", audit_severity_name(f->severity), f->check->id);
	fprintf(out, "\n%s", head);
	wrap(out, "", f->object);
	wrap(out, "    ", f->what);
	wrap(out, "    by      ", f->who);
	wrap(out, "    breaks  ", f->check->clause);
	fputs("    mend    ", out);
	for (const char *p = f->mend; *p; p++)
		fputc((unsigned char)*p < ' ' || (unsigned char)*p > '~' ? '?' : *p, out);
	fputc('\n', out);
}

void audit_report_text(const struct audit_run *r, FILE *out)
{
	unsigned n[AUDIT_SEVERITIES] = {0};

	summary(r, out);
	for (size_t i = 0; i < r->n_findings; i++) {
		finding(&r->findings[i], out);
		n[r->findings[i].severity]++;
	}
	fprintf(out, "\n%u critical, %u warnings, %u notes", n[AUDIT_CRITICAL], n[AUDIT_WARNING],
		n[AUDIT_NOTE]);
	if (r->unlisted)
		fprintf(out, "; %u more of the same kinds are not listed", r->unlisted);
	fputc('\n', out);
}

static json_t *text(const char *s)
{
	json_t *o = json_string(s);
	char clean[4 * 640];
	struct text t = text_of(clean, sizeof(clean));

	if (o)
		return o;
	text_add_escaped(&t, s, strlen(s)); /* not UTF-8 */
	return json_string(clean);
}

static json_t *json_finding(const struct audit_finding *f)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:s, s:s, s:o}", "check", f->check->id,
		"severity", audit_severity_name(f->severity), "subject",
		audit_subject_name(f->check->subject), "object", text(f->object), "what",
		text(f->what), "who", text(f->who), "requirement", f->check->requirement, "clause",
		f->check->clause, "mend", text(f->mend));
}

void audit_report_json(const struct audit_run *r, FILE *out)
{
	json_t *findings = json_array(), *subjects = json_object();

	for (int s = 0; s < AUDIT_SUBJECTS; s++) {
		json_t *by = json_object();
		for (size_t i = 0; i < r->n_tallies; i++)
			if (r->tallies[i].subject == s)
				json_object_set_new(
					by, r->tallies[i].who, json_integer(r->tallies[i].n));
		json_object_set_new(subjects, audit_subject_name(s),
			json_pack("{s:i, s:i, s:o}", "explained", (int)audit_run_explained(r, s),
				"flagged", (int)flagged(r, s), "by", by));
	}
	for (size_t i = 0; i < r->n_findings; i++)
		json_array_append_new(findings, json_finding(&r->findings[i]));
	json_t *all = json_pack("{s:s, s:o, s:o, s:i}", "intent",
		r->in->of_host ? "host" : "configuration", "subjects", subjects, "findings",
		findings, "unlisted", (int)r->unlisted);
	json_dumpf(all, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(all);
}
