/* Prints the loader's key tables, "path key required|optional" a line, for tests/unit/conf/schema.py. */
#include <stdio.h>

#include "conf/keys.h"

int main(void)
{
	const struct conf_keys *t;

	for (unsigned i = 0; (t = conf_keys_get(i)) != NULL; i++)
		for (unsigned k = 0; k < t->n; k++)
			printf("%s %s %s\n", *t->path ? t->path : ".", t->keys[k].name,
				t->keys[k].required ? "required" : "optional");
	return 0;
}
