/* `ravelin lab validate`: do the expectations of a scenario hold in the lab that is up, and what helps where they do not. */
#ifndef LAB_VALIDATE_H
#define LAB_VALIDATE_H

#include <stdbool.h>

struct lab_validate {
	const char *lab;      /* NULL: the topology's, or the only one */
	const char *topology; /* NULL: what the lab came up with */
	const char *scenario; /* NULL: the one beside the topology */
	unsigned patience_s;  /* for conditions to become true, all together */
	bool json;
};

/* The exit status: 0 all hold, 4 one does not, 2 not understood, 3 there is no such lab, 1 it broke. */
int lab_validate(const struct lab_validate *v);

/* `ravelin lab check`: reads a topology and its scenario (NULL: the one beside it) and builds nothing. 0 or 2. */
int lab_check(const char *topology, const char *scenario, bool json);

#endif
