#include "lib/check.h"

#include <stdio.h>
#include <stdlib.h>

void check_failed(const char *file, int line, const char *expr)
{
	fprintf(stderr, "ravelin: internal error: %s:%d: CHECK(%s)\n", file, line, expr);
	abort();
}
