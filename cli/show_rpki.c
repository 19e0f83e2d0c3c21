/* ravelin show rpki: caches, and what they say of a prefix. */
#include "cli/show.h"

#include <stdlib.h>
#include <string.h>

#include "cli/remote.h"
#include "cli/table.h"
#include "lib/check.h"

static void rpki_print_caches(const json_t *caches, FILE *out)
{
	static const char *const heads[] = {"~CACHE", "STATE", ">SINCE", ">VERSION", ">SESSION",
		">SERIAL", ">ROAS", ">ASPAS", ">EXPIRES"};
	char since[32], expires[32];
	size_t i;
	json_t *c;

	struct cli_table *t = cli_table_new(heads, ARRAY_LEN(heads));
	json_array_foreach(caches, i, c)
	{
		cli_table_add_cut(t, c, "name", 22);
		cli_table_add_json(t, c, "state");
		cli_table_add(t, cli_duration(cli_number(c, "since_s"), since));
		cli_table_add_json(t, c, "version");
		cli_table_add_json(t, c, "session");
		cli_table_add_json(t, c, "serial");
		cli_table_add_json(t, c, "roas");
		cli_table_add_json(t, c, "aspas");
		cli_table_add(t, json_is_integer(json_object_get(c, "expires_s"))
					 ? cli_duration(cli_number(c, "expires_s"), expires)
					 : NULL);
	}
	cli_table_print(t, out);
	cli_table_free(t);
	json_array_foreach(caches, i, c) cli_print_remote(c, "error", out);
}

static void rpki_print_roas(const json_t *roas, FILE *out)
{
	static const char *const heads[] = {"ROA", ">MAX LENGTH", ">AS", "~CACHES"};
	size_t i;
	json_t *r;

	if (json_array_size(roas) == 0) {
		fputs("no ROA covers it\n", out);
		return;
	}
	struct cli_table *t = cli_table_new(heads, ARRAY_LEN(heads));
	json_array_foreach(roas, i, r)
	{
		cli_table_add_json(t, r, "prefix");
		cli_table_add_json(t, r, "max_length");
		cli_table_add_json(t, r, "as");
		cli_table_add_json(t, r, "caches");
	}
	cli_table_print(t, out);
	cli_table_free(t);
}

static void rpki_print_routes(const json_t *routes, FILE *out)
{
	static const char *const heads[] = {
		"~ROUTE FROM", ">ORIGIN AS", "RPKI", "ASPA", "BEST", "~REJECTED"};
	static const char *const members[] = {
		"from", "origin_as", "rov", "aspa", "best", "rejected"};
	size_t i;
	json_t *r;

	if (json_array_size(routes) == 0) {
		fputs("no route to it\n", out);
		return;
	}
	struct cli_table *t = cli_table_new(heads, ARRAY_LEN(heads));
	json_array_foreach(routes, i, r)
	{
		for (size_t m = 0; m < ARRAY_LEN(members); m++)
			cli_table_add_json(t, r, members[m]);
	}
	cli_table_print(t, out);
	cli_table_free(t);
}

static void rpki_print_prefix(const json_t *p, FILE *out)
{
	const json_t *origins = json_object_get(p, "origins");
	size_t i;
	json_t *o;

	fprintf(out, "\n%s\n", cli_string(p, "prefix"));
	rpki_print_roas(json_object_get(p, "roas"), out);
	if (cli_number(p, "left_out") > 0)
		fprintf(out, "and %lld more\n", cli_number(p, "left_out"));
	fputc('\n', out);
	json_array_foreach(origins, i, o) fprintf(
		out, "originated by AS %lld: %s\n", cli_number(o, "as"), cli_string(o, "rov"));
	fprintf(out, "originated by %s AS: %s\n\n",
		json_array_size(origins) > 0 ? "any other" : "any", cli_string(p, "others"));
	rpki_print_routes(json_object_get(p, "routes"), out);
}

int cli_render_rpki(const json_t *answer, FILE *out)
{
	const json_t *caches = json_object_get(answer, "caches");

	if (json_array_size(caches) == 0) {
		fputs("no cache is configured; see rpki in ravelin.yaml(5)\n", out);
		return 1;
	}
	rpki_print_caches(caches, out);
	fprintf(out, "\n%lld ROA payloads and %lld ASPAs in force\n", cli_number(answer, "roas"),
		cli_number(answer, "aspas"));
	if (!cli_true(answer, "known"))
		fputs("until a cache has said all, routes are unknown\n", out);
	if (json_is_object(json_object_get(answer, "of_prefix")))
		rpki_print_prefix(json_object_get(answer, "of_prefix"), out);
	return 0;
}
