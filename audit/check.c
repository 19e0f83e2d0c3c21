#include "audit/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/array.h"
#include "lib/check.h"

static audit_checks_fn *const groups[] = {audit_checks_port, audit_checks_rule, audit_checks_vrf,
	audit_checks_setting, audit_checks_route, audit_checks_label, audit_checks_session,
	audit_checks_guard};

#define GROUPS (sizeof(groups) / sizeof(groups[0]))

const struct audit_check *audit_check_row(size_t i)
{
	for (size_t g = 0; g < GROUPS; g++) {
		size_t n;
		const struct audit_check *rows = groups[g](&n);
		if (i < n)
			return &rows[i];
		i -= n;
	}
	return NULL;
}

const char *audit_severity_name(enum audit_severity s)
{
	static const char *const names[AUDIT_SEVERITIES] = {"critical", "warning", "note"};
	return names[s];
}

const char *audit_subject_name(enum audit_subject s)
{
	static const char *const names[AUDIT_SUBJECTS] = {
		"ports", "rules", "VRFs", "routes", "labels", "sysctls", "sessions", "programs"};
	return names[s];
}

/* Letters, digits and what a shell leaves alone. */
bool audit_is_plain(const char *name)
{
	return *name &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			    "._-+:@/,") == strlen(name);
}

/* A command with a name that a shell would read as more than a word is shown, and not to be run as it is. */
static void disarm(struct audit_run *r)
{
	static const char warning[] = "# a name in this is no plain word, quote it: ";

	for (size_t i = 0; i < r->s->n_links; i++)
		for (size_t k = 0; !audit_is_plain(r->s->links[i].name) && k < r->n_findings; k++) {
			char *mend = r->findings[k].mend;
			if (*mend == '#' || !strstr(mend, r->s->links[i].name))
				continue;
			memmove(mend + sizeof(warning) - 1, mend,
				sizeof(r->findings[k].mend) - sizeof(warning));
			memcpy(mend, warning, sizeof(warning) - 1);
			mend[sizeof(r->findings[k].mend) - 1] = '\0';
		}
}

static size_t objects(const struct audit_run *r, enum audit_subject subject)
{
	const size_t n[AUDIT_SUBJECTS] = {[AUDIT_PORTS] = r->s->n_links,
		[AUDIT_GUARDS] = r->s->n_links,
		[AUDIT_RULES] = r->s->n_rules,
		[AUDIT_VRFS] = r->in->n_vrfs,
		[AUDIT_ROUTES] = r->s->n_routes,
		[AUDIT_LABELS] = r->s->n_routes,
		[AUDIT_SESSIONS] = r->s->n_sockets};
	return n[subject];
}

static int by_severity(const void *a, const void *b)
{
	const struct audit_finding *x = a, *y = b;

	if (x->severity != y->severity)
		return x->severity < y->severity ? -1 : 1;
	if (x->check != y->check)
		return strcmp(x->check->id, y->check->id);
	return strcmp(x->object, y->object);
}

void audit_run_init(
	struct audit_run *r, const struct audit_snapshot *s, const struct audit_intent *in)
{
	*r = (struct audit_run){.s = s, .in = in};
	r->roles = calloc(s->n_links + 1, 1);
	CHECK(r->roles);
	for (size_t i = 0; i < s->n_links; i++)
		r->roles[i] = (uint8_t)audit_intent_role(in, s, &s->links[i]);
	for (int i = 0; i < AUDIT_SUBJECTS; i++) {
		r->flagged[i] = calloc(objects(r, i) + 1, 1);
		CHECK(r->flagged[i]);
	}
	for (size_t i = 0; (r->check = audit_check_row(i)); i++) {
		r->of_check = 0;
		r->check->fn(r);
	}
	audit_explain_all(r);
	disarm(r);
	if (r->n_findings)
		qsort(r->findings, r->n_findings, sizeof(*r->findings), by_severity);
}

void audit_run_fini(struct audit_run *r)
{
	for (int i = 0; i < AUDIT_SUBJECTS; i++)
		free(r->flagged[i]);
	free(r->roles);
	free(r->findings);
	free(r->tallies);
	*r = (struct audit_run){0};
}

static void mark(struct audit_run *r, size_t number)
{
	uint8_t subject = r->check->subject;

	if (number == AUDIT_NO_OBJECT) {
		r->n_flagged[subject]++;
		return;
	}
	CHECK(number < objects(r, subject));
	r->n_flagged[subject] += !r->flagged[subject][number];
	r->flagged[subject][number] = 1;
}

bool audit_is_flagged(const struct audit_run *r, enum audit_subject subject, size_t number)
{
	return r->flagged[subject][number];
}

struct audit_finding *audit_flag(struct audit_run *r, size_t number, const char *object, ...)
{
	struct audit_finding *f = &r->spare;
	va_list ap;

	mark(r, number);
	if (r->of_check++ < AUDIT_LISTED_MAX) {
		r->findings = audit_array_add(r->findings, &r->n_findings, sizeof(*r->findings));
		f = &r->findings[r->n_findings - 1];
	} else {
		r->unlisted++;
		*f = (struct audit_finding){0};
	}
	f->check = r->check;
	f->severity = r->check->severity;
	va_start(ap, object);
	vsnprintf(f->object, sizeof(f->object), object, ap);
	va_end(ap);
	return f;
}

void audit_what(struct audit_finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f->what, sizeof(f->what), fmt, ap);
	va_end(ap);
}

void audit_who(struct audit_finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f->who, sizeof(f->who), fmt, ap);
	va_end(ap);
}

void audit_mend(struct audit_finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f->mend, sizeof(f->mend), fmt, ap);
	va_end(ap);
}

void audit_explain(struct audit_run *r, enum audit_subject subject, const char *who, ...)
{
	char text[sizeof(r->tallies->who)];
	va_list ap;

	va_start(ap, who);
	vsnprintf(text, sizeof(text), who, ap);
	va_end(ap);
	for (size_t i = 0; i < r->n_tallies; i++)
		if (r->tallies[i].subject == subject && strcmp(r->tallies[i].who, text) == 0) {
			r->tallies[i].n++;
			return;
		}
	r->tallies = audit_array_add(r->tallies, &r->n_tallies, sizeof(*r->tallies));
	struct audit_tally *t = &r->tallies[r->n_tallies - 1];
	*t = (struct audit_tally){.subject = (uint8_t)subject, .n = 1};
	memcpy(t->who, text, sizeof(text));
}

unsigned audit_run_explained(const struct audit_run *r, enum audit_subject subject)
{
	unsigned n = 0;

	for (size_t i = 0; i < r->n_tallies; i++)
		n += r->tallies[i].subject == subject ? r->tallies[i].n : 0;
	return n;
}
