/* Things that are called by a name elsewhere in the file: sets, policies, rules. */
#include <stdlib.h>
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"
#include "lib/text.h"

static int named_cmp(const void *a, const void *b)
{
	const struct conf_named *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	return c ? c : (x->at.off > y->at.off) - (x->at.off < y->at.off);
}

void conf_named_sort(struct conf_loader *l, struct conf_named *list, unsigned n, const char *what,
	const char *in)
{
	if (n)
		qsort(list, n, sizeof(*list), named_cmp);
	for (unsigned i = 1; i < n; i++) {
		if (list[i].name[0] == '\0' || strcmp(list[i].name, list[i - 1].name) != 0)
			continue;
		list[i].used = true;
		conf_error(l, list[i].at, "there is a %s %s%s already; names are unique", what,
			conf_check_quote(l, list[i].name), in);
	}
}

struct conf_named *conf_named_find(struct conf_named *list, unsigned n, const char *name)
{
	unsigned low = 0, high = n;

	while (low < high) {
		unsigned mid = low + (high - low) / 2;

		if (strcmp(list[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && strcmp(list[low].name, name) == 0 ? &list[low] : NULL;
}

void conf_named_unknown(struct conf_loader *l, struct conf_at at, const struct conf_named *list,
	unsigned n, const char *name, const char *what, const char *where)
{
	const char **names = arena_alloc(&l->places, n * sizeof(*names));

	CHECK(names != NULL);
	for (unsigned i = 0; i < n; i++)
		names[i] = list[i].name;
	const char *near = text_nearest(name, names, n);
	if (near && *near)
		conf_error(l, at, "there is no %s %s; did you mean %s?", what,
			conf_check_quote(l, name), conf_check_quote(l, near));
	else
		conf_error(l, at, "there is no %s %s; define it under %s", what,
			conf_check_quote(l, name), where);
}
