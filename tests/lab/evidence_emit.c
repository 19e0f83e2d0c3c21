/* evidence_emit DIR: writes the report of a run that never was, for other programs to read (evidence.py). */
#include <stdio.h>

#include "lab/evidence/evidence.h"
#include "tests/support/attacks.h"

int main(int argc, char **argv)
{
	struct evidence_place p = {.dir = argc > 1 ? argv[1] : ""};
	struct evidence_report r;
	char said[512];
	bool ok;

	attacks_sample(&r);
	ok = evidence_write(&r, &p, said, sizeof said);
	evidence_report_fini(&r);
	fprintf(ok ? stdout : stderr, "%s\n", said);
	return ok ? 0 : 1;
}
