/* The catalogue: one row an attack. */
#include "lab/attacks/catalogue.h"

#include <string.h>

#include "lib/check.h"

#define ATTACK_ROW(name) attack_##name,

const struct attack *attack_at(size_t i)
{
	static const struct attack *(*const rows[])(void) = {ATTACKS(ATTACK_ROW)};

	return i < ARRAY_LEN(rows) ? rows[i]() : NULL;
}

const struct attack *attack_find(const char *id)
{
	const struct attack *a;

	for (size_t i = 0; (a = attack_at(i)); i++)
		if (!strcmp(a->id, id))
			return a;
	return NULL;
}
