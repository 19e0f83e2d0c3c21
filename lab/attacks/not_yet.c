/* Rows of the catalogue that are not built: the report lists them with the reason. */
#include "lab/attacks/catalogue.h"
#include "lib/check.h"

const struct attack_missing *attack_missing_at(size_t i)
{
	static const struct attack_missing rows[] = {
		{"RTG-16", "a route server changes what it passes on",
			"the route server's transparency is tested against real peers "
			"(tests/interop); its place here comes with the route server's lab"},
		{"RTG-17", "path hiding", "as RTG-16"},
	};

	return i < ARRAY_LEN(rows) ? &rows[i] : NULL;
}
