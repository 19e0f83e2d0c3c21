/* A run of attacks from outside: the labs that it takes, one after the other, and one report of all of them. */
#include "lab/siege.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "lab/attacks/malformed.h"
#include "lab/evidence/evidence.h"
#include "lab/evidence/junit.h"
#include "lab/lab.h"
#include "lib/check.h"
#include "lib/complaint.h"

#define TOPOLOGY     "rfc4381"
#define TOPOLOGY_FRR "rfc4381/frr"

/* Whether there is something to report. */
static bool siege_judged(int rc)
{
	return rc == LAB_HELD || rc == LAB_NOT_MET;
}

static bool siege_junit(const struct lab_siege *s, const json_t *report)
{
	FILE *f = s->lab.junit ? fopen(s->lab.junit, "we") : NULL;
	bool ok = f && evidence_junit(report, f);

	if ((f && fclose(f) == 0 && ok) || !s->lab.junit)
		return true;
	fprintf(stderr, "lab: %s: %s\n", s->lab.junit, strerror(errno));
	return false;
}

/* Said where it is, or why it is not there. */
static bool siege_report(const struct lab_siege *s, struct lab_tally *t)
{
	const struct evidence_place place = {.dir = s->out, .key = s->sign};
	char said[PATH_MAX];
	bool ok = evidence_write(&t->evidence, &place, said, sizeof said);

	if (ok)
		lab_report_say(t->report, "the report: %s", said);
	else
		fprintf(stderr, "lab: %s\n", said);
	ok &= siege_junit(s, t->evidence.json);
	if (s->lab.json)
		lab_report_print(json_incref(t->evidence.json));
	return ok;
}

static int siege_lab(
	const struct lab_siege *s, struct lab_tally *t, const char *topology, json_t *job)
{
	struct lab_report *own = t->report;
	struct lab_options o = s->lab;
	int rc;

	CHECK(job);
	o.topology = topology;
	o.attack = job;
	o.tally = t;
	rc = lab_host_run(&o);
	json_decref(job);
	t->report = own; /* for the time of the lab it was that one's */
	return rc;
}

static int siege_labs(const struct lab_siege *s, struct lab_tally *t)
{
	int rc = LAB_HELD, more;

	if (s->attacks)
		rc = siege_lab(s, t, !strcmp(s->pe, "frr") ? TOPOLOGY_FRR : TOPOLOGY,
			json_pack("{s:O, s:s, s:b}", "attacks", s->attacks, "pe", s->pe, "quick",
				s->quick));
	if (!s->cases || !siege_judged(rc))
		return rc;
	more = siege_lab(s, t, MALFORMED_TOPOLOGY,
		json_pack("{s:{s:O, s:s}}", "malformed", "cases", s->cases, "pe", s->pe));
	if (more == LAB_HELD && !lab_tally_cases(t)) {
		lab_report_say(t->report, "there is no such case of malformed input");
		more = LAB_UNCLEAR;
	}
	return more != LAB_HELD ? more : rc;
}

/* Before minutes are spent on what could not be tried or written. */
static bool siege_ready(const struct lab_siege *s)
{
	const struct evidence_place place = {.dir = s->out, .key = s->sign};
	char why[PATH_MAX];

	if ((!s->cases || malformed_pe_installed(s->pe, why, sizeof why)) &&
		evidence_place_check(&place, why, sizeof why))
		return true;
	fprintf(complaint_to(), "lab: %s\n", why);
	return false;
}

int lab_siege_run(const struct lab_siege *s)
{
	struct lab_report report;
	struct lab_tally t;
	int rc;

	if (!siege_ready(s))
		return LAB_UNCLEAR;
	lab_report_init(&report, s->lab.json ? stderr : stdout);
	lab_tally_init(&t, &report);
	rc = siege_labs(s, &t);
	if (rc != LAB_UNCLEAR) {
		lab_tally_end(&t);
		if (!siege_report(s, &t) && siege_judged(rc))
			rc = LAB_BROKEN;
	}
	lab_tally_fini(&t);
	lab_report_fini(&report);
	return rc;
}
