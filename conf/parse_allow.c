/* Checks and protections that a laboratory leaves out: lists of words, each with what it lets somebody do. */
#include <string.h>

#include "conf/loader.h"

static const struct conf_allow *allow_find(
	const struct conf_allow *rows, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, rows[i].word) == 0)
			return &rows[i];
	return NULL;
}

void conf_parse_allow(struct conf_loader *l, const struct conf_value *v,
	const struct conf_allow *rows, size_t n, const char *wanted, const char *bad,
	uint16_t *bits)
{
	struct conf_value item;
	void *iter = NULL;
	unsigned count;

	if (!conf_list_count(l, v, CONF_WORDS_MAX, &count))
		return;
	while (conf_list_next(l, v, &iter, &item)) {
		const char *s = conf_value_text(l, &item, wanted);
		const struct conf_allow *a = s ? allow_find(rows, n, s) : NULL;

		if (a) {
			*bits |= a->bit;
			conf_warn(l, item.at, "%s; for laboratories only", a->danger);
		} else if (s) {
			conf_value_bad(l, &item, bad);
		}
	}
}
