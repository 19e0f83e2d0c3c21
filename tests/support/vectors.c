#include "tests/support/vectors.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

int vector_each_file(vector_fn *fn, void *arg)
{
	const char *src = getenv("RAVELIN_SRCDIR");
	char pattern[512];
	glob_t g;
	int total = 0;

	snprintf(pattern, sizeof(pattern), "%s/tests/vectors/*.vec", src ? src : ".");
	if (glob(pattern, 0, NULL, &g) != 0)
		return -1;
	for (size_t i = 0; i < g.gl_pathc && total >= 0; i++) {
		int n = vector_each(g.gl_pathv[i], fn, arg);
		total = n < 0 ? -1 : total + n;
	}
	globfree(&g);
	return total;
}
