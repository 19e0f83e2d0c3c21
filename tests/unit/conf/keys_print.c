/* Prints the loader's key tables, "path key required|optional" a line, for tests/unit/conf/schema.py. */
#include <stdio.h>

#include "conf/keys.h"

int main(void)
{
	const struct conf_keys *t;
	const struct conf_key *key;

	for (unsigned i = 0; (t = conf_keys_get(i)) != NULL; i++)
		for (unsigned k = 0; (key = conf_keys_at(t, k)) != NULL; k++)
			printf("%s %s %s\n", *t->path ? t->path : ".", key->name,
				key->required ? "required" : "optional");
	return 0;
}
