/*
 * A run of attacks from outside: the labs that it takes, one after the other (the catalogue's network, then the one of malformed
 * input), and one report of all of them.
 */
#ifndef LAB_SIEGE_H
#define LAB_SIEGE_H

#include "lab/host.h"

struct lab_siege {
	struct lab_options lab; /* back end, --json, --junit, --timeout */
	const char
		*pe; /* "ravelin" or "frr"; with malformed input only, any that malformed.h knows */
	json_t *attacks; /* names and groups; empty: all. NULL: the catalogue is left out */
	json_t *cases;	 /* of malformed input; empty: all. NULL: left out */
	bool quick;
	const char *out; /* where the report goes */
	const char *
		sign; /* PEM of the key that signs it; NULL: one that is made for it and forgotten */
};

/* The exit status. */
int lab_siege_run(const struct lab_siege *s);

#endif
