/* Loads FRR's integrated configuration into the running daemons of a node. */
#ifndef LAB_FRRCONF_H
#define LAB_FRRCONF_H

#include <stdbool.h>
#include <stddef.h>

/* False: why is the line that no daemon took, or what else went wrong. */
bool lab_frrconf_load(const char *node, char *const *daemons, unsigned n, const char *file,
	char *why, size_t cap);

#endif
