/* What a person, a program or a CI system gets to see of a run: terminal as it happens; JSON and JUnit at the end. */
#ifndef LAB_REPORT_H
#define LAB_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct lab_report {
	FILE *out; /* the terminal; NULL: nothing */
	bool colour;
	bool tty;		     /* the last line may be overwritten */
	bool brief;		     /* what is as it should be is not listed */
	bool passing;		     /* such a line stands there */
	unsigned long long start_ms; /* when the back end was started */
	char waiting[256];	     /* what was last waited for, where it is not a terminal */
	char *title;
	json_t *steps; /* as in --json */
	json_t *metrics;
	bool ended, ok;
	unsigned failed, invalid;
};

void lab_report_init(struct lab_report *p, FILE *out);
void lab_report_fini(struct lab_report *p);

/* A line of the lab itself: "lab: ...". */
void lab_report_say(struct lab_report *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* An event from the inside. */
void lab_report_event(struct lab_report *p, const json_t *event);

/* What an attack came to: "  1.2 s  HELD    LBL-01  a frame ...: 0 of 5 ...". verdict: "held", "fell", ... */
void lab_report_attack(struct lab_report *p, const char *verdict, const char *id, const char *title,
	const char *why);

/* The line that may be overwritten is gone: something else writes there. */
void lab_report_pass(struct lab_report *p);

/* Which is tried now: a line that the next overwrites; nothing where it is not a terminal. off: the protection that is off; NULL: none. */
void lab_report_trying(struct lab_report *p, const char *id, const char *title, unsigned n,
	unsigned of, const char *off);

/* The last lines: totals and timings. broken: why it ended before its end; NULL if it did not. */
void lab_report_end(struct lab_report *p, const char *broken);

/* For machines, on standard output; takes the reference. */
void lab_report_print(json_t *j);

/* {"name","backend","ok","steps":[{"kind","title","verdict","ms","checks":[..],"tables":[..]}],"metrics":{..}} */
json_t *lab_report_json(const struct lab_report *p, const char *name, const char *backend);
int lab_report_junit(
	const struct lab_report *p, const char *name, const char *file); /* 0 or -errno */

#endif
