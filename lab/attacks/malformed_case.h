/* The cases of the malformed-input group: the vectors of catalogue.vec that say what a router does with them. */
#ifndef LAB_ATTACKS_MALFORMED_CASE_H
#define LAB_ATTACKS_MALFORMED_CASE_H

#include <jansson.h>

#include "lab/attacks/vector.h"

struct malformed_case {
	char *name, *source, *regression, *session, *also;
	bool opening;	 /* it stands in place of the OPEN */
	char other[20];	 /* the prefix that it announces, where that must be refused; else "" */
	bool extended;	 /* the session has agreed on messages of 65535 octets (RFC 8654) */
	uint8_t *octets; /* with header */
	size_t len;
};

struct malformed_cases {
	struct malformed_case *list;
	unsigned n, room;
	const json_t *wanted; /* names, regressions; NULL or empty: all. Borrowed */
};

/* dir: of the topology; catalogue.vec stands there, or where the sources have it. Fini in either case. */
bool malformed_cases_load(struct malformed_cases *c, const char *dir);
void malformed_cases_fini(struct malformed_cases *c);

/* What no message over a session can express, and why: "R31", title, reason. NULL past the end. */
struct malformed_unsent {
	const char *id, *title, *reason;
};
const struct malformed_unsent *malformed_unsent_at(size_t i);

#endif
