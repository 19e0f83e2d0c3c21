/* ravelin show guard, guard drops: no wider than a terminal. */
#include "cli/show.h"

#include <stdlib.h>
#include <string.h>

#include "cli/table.h"
#include "lib/check.h"

#define GUARD_NAME_MAX 15 /* of a device */
#define GUARD_ACE_MAX  24

static long long guard_dropped(const json_t *packets)
{
	long long n = 0;
	const char *reason;
	json_t *count;

	json_object_foreach((json_t *)packets, reason, count) if (strcmp(reason, "passed") != 0)
		n += json_integer_value(count);
	return n;
}

static bool guard_is(const json_t *port, const char *role)
{
	return strcmp(cli_string(port, "role"), role) == 0;
}

static void guard_print_ports(const json_t *ports, FILE *out)
{
	static const char *const heads[] = {
		"PORT", "VRF", "STATE", "XDP", "CHECKS", ">PASSED", ">DROPPED"};
	struct cli_table *t = cli_table_new(heads, ARRAY_LEN(heads));
	json_t *sorted = cli_sorted(ports, "role", "name"), *p;
	size_t i;

	json_array_foreach(sorted, i, p)
	{
		const json_t *packets = json_object_get(p, "packets");

		cli_table_add_cut(t, p, "name", GUARD_NAME_MAX);
		if (guard_is(p, "access"))
			cli_table_add_cut(t, p, "vrf", GUARD_NAME_MAX);
		else
			cli_table_addf(t, "(%s)", cli_string(p, "role"));
		cli_table_add_json(t, p, "state");
		cli_table_add_json(t, p, "xdp");
		cli_table_add_json(t, p, guard_is(p, "access") ? "source" : "labels");
		cli_table_add_count(t, cli_number(packets, "passed"));
		cli_table_add_count(t, guard_dropped(packets));
	}
	json_decref(sorted);
	cli_table_print(t, out);
	cli_table_free(t);
}

/* What an operator has to look at: a port that something was done to, a device that is nobody's. */
static void guard_print_notes(const json_t *answer, FILE *out)
{
	size_t i;
	json_t *o;

	json_array_foreach(json_object_get(answer, "ports"), i, o)
	{
		long long drifts = cli_number(o, "drifts");
		char *name = cli_text_of(json_object_get(o, "name")),
		     *what = cli_text_of(json_object_get(o, "drifted"));
		if (*cli_string(o, "drifted"))
			fprintf(out, "%s is closed: not as it must be: %s\n", name, what);
		if (drifts > 0)
			fprintf(out,
				"%s was closed %lld time%s because somebody changed something\n",
				name, drifts, drifts == 1 ? "" : "s");
		free(what);
		free(name);
	}
	json_array_foreach(json_object_get(answer, "unknown"), i, o)
	{
		char *name = cli_text_of(json_object_get(o, "name"));
		fprintf(out, "%s is not in the configuration: %s, %lld dropped\n", name,
			cli_string(o, "state"), guard_dropped(json_object_get(o, "packets")));
		free(name);
	}
}

/* Lines "reason  packets  clause". */
static void guard_print_reasons(const json_t *packets, const json_t *clauses, FILE *out)
{
	static const char *const heads[] = {"REASON", ">PACKETS", "~CLAUSE"};
	struct cli_table *t = cli_table_new(heads, ARRAY_LEN(heads));
	const char *reason;
	json_t *count;

	json_object_foreach((json_t *)packets, reason, count)
	{
		cli_table_add(t, reason);
		cli_table_addf(t, "%lld", (long long)json_integer_value(count));
		cli_table_add(t, cli_string(clauses, reason));
	}
	cli_table_print(t, out);
	cli_table_free(t);
}

static void guard_print_rules(const json_t *rules, FILE *out)
{
	static const char *const heads[] = {"ACL", "ACE", "ACTION", ">PACKETS"};
	size_t i;
	json_t *o;

	if (json_array_size(rules) == 0)
		return;
	fputc('\n', out);
	struct cli_table *t = cli_table_new(heads, ARRAY_LEN(heads));
	json_array_foreach(rules, i, o)
	{
		cli_table_add_cut(t, o, "acl", GUARD_ACE_MAX);
		cli_table_add_cut(t, o, "ace", GUARD_ACE_MAX);
		cli_table_add_json(t, o, "action");
		cli_table_add_json(t, o, "matched-packets");
	}
	cli_table_print(t, out);
	cli_table_free(t);
}

int cli_render_guard(const json_t *answer, FILE *out)
{
	const json_t *ports = json_object_get(answer, "ports");

	if (json_array_size(ports) == 0) {
		fputs("no ports\n", out);
		return 1;
	}
	guard_print_ports(ports, out);
	guard_print_notes(answer, out);
	if (json_object_get(answer, "asked")) {
		const json_t *p = json_array_get(ports, 0);

		fputc('\n', out);
		guard_print_reasons(
			json_object_get(p, "packets"), json_object_get(p, "clauses"), out);
		guard_print_rules(json_object_get(p, "rules"), out);
	}
	return 0;
}

static void guard_print_drop(const json_t *d, FILE *out)
{
	char *port = cli_text_of(json_object_get(d, "port")),
	     *ace = cli_text_of(json_object_get(d, "ace")),
	     *decoded = cli_text_of(json_object_get(d, "decoded"));
	char line[512];

	fprintf(out, "%s  %.*s  %s  %lld octets\n", cli_string(d, "time"), GUARD_NAME_MAX, port,
		cli_string(d, "reason"), cli_number(d, "length"));
	cli_print_wrapped(decoded, out);
	if (*cli_string(d, "ace")) {
		snprintf(line, sizeof(line), "rule %s", ace);
		cli_print_wrapped(line, out);
	}
	free(decoded);
	free(ace);
	free(port);
}

int cli_render_drops(const json_t *answer, FILE *out)
{
	const json_t *drops = json_object_get(answer, "drops");
	size_t i;
	json_t *d;

	if (json_array_size(drops) == 0) {
		fputs("no samples\n", out);
		return 1;
	}
	json_array_foreach(drops, i, d) guard_print_drop(d, out);
	return 0;
}
