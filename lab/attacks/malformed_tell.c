/* The outside: the events of the group as a part of the report, and as lines for a person. */
#include <string.h>

#include "lab/attacks/malformed.h"

static const char *event_text(const json_t *e, const char *key)
{
	const char *s = json_string_value(json_object_get(e, key));

	return s ? s : "";
}

static json_t *part_list(json_t *part, const char *key)
{
	json_t *list = json_object_get(part, key);

	if (list)
		return list;
	json_object_set_new(part, key, json_array());
	return json_object_get(part, key);
}

static void tell_case(json_t *part, const json_t *e, FILE *terminal)
{
	json_t *one = json_deep_copy(e);

	json_object_del(one, "ev");
	json_object_del(one, "t");
	json_array_append_new(part_list(part, "cases"), one);
	if (!terminal || !strcmp(event_text(e, "verdict"), "as expected"))
		return;
	fprintf(terminal, "  %-14s  %-8s %-32s %s; expected %s (%s)\n", event_text(e, "verdict"),
		event_text(e, "regression"), event_text(e, "name"), event_text(e, "observed"),
		event_text(e, "expected"), event_text(e, "source"));
}

static long long total(const json_t *totals, const char *key)
{
	return json_integer_value(json_object_get(totals, key));
}

static void tell_totals(json_t *part, const json_t *e, FILE *terminal)
{
	json_t *t = json_object_get(e, "totals");

	for (const char *const *key = (const char *const[]){"dut", "version", "ms", "totals", NULL};
		*key; key++)
		json_object_set(part, *key, json_object_get(e, *key));
	if (!terminal)
		return;
	fprintf(terminal,
		"malformed input against %s: %lld of %lld as expected, %lld needless resets, %lld "
		"wrong, %lld deaths%s; %.1f s\n",
		event_text(e, "version"), total(t, "as_expected"), total(t, "cases"),
		total(t, "needless_resets"), total(t, "wrong"), total(t, "deaths"),
		total(t, "invalid") ? ", some could not be tried" : "", total(e, "ms") / 1000.0);
}

void malformed_tell(json_t *part, const json_t *event, FILE *terminal)
{
	if (json_object_get(event, "verdict"))
		tell_case(part, event, terminal);
	else if (json_object_get(event, "unsent"))
		json_object_set(part, "unsent", json_object_get(event, "unsent"));
	else if (json_object_get(event, "totals"))
		tell_totals(part, event, terminal);
}
