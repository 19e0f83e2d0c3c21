/* ravelin show bgp vpnv4, ravelin show bgp ipv4, ravelin show vrf. */
#include "cli/show.h"

#include <stdlib.h>
#include <string.h>

#include "cli/table.h"
#include "lib/check.h"

static const char *route_mark(const json_t *r)
{
	if (json_is_string(json_object_get(r, "rejected")))
		return "x";
	return cli_true(r, "best") ? ">" : cli_true(r, "reachable") ? " " : "!";
}

/* Members that are there: "  key words  value" a line. */
static void route_print_members(const json_t *r, FILE *out)
{
	static const char *const members[] = {"path_id", "label", "next_hop", "from", "why",
		"rejected", "reject_community", "policy", "rule", "as_path", "origin", "local_pref",
		"med", "route_targets", "communities", "ext_communities", "large_communities",
		"otc", "originator_id", "cluster_list", "imported_into"};

	for (size_t m = 0; m < ARRAY_LEN(members); m++) {
		char *text = cli_text_of(json_object_get(r, members[m]));
		if (strcmp(text, "-") != 0)
			cli_print_value(4, members[m], 23, text, out);
		free(text);
	}
}

/* All paths to one prefix, each whole. */
static void route_print_details(const json_t *routes, FILE *out)
{
	static const struct {
		const char *key, *word;
	} flags[] = {{"best", "best"}, {"stale", "stale"}, {"long_lived_stale", "LLGR-stale"},
		{"blackhole", "blackhole"}};
	size_t i;
	json_t *r;

	json_array_foreach(routes, i, r)
	{
		char *prefix = cli_text_of(json_object_get(r, "prefix"));
		const char *rd = cli_string(r, "rd");
		fprintf(out, "%s %s%s%s ", route_mark(r), rd, *rd ? " " : "", prefix);
		for (size_t f = 0; f < ARRAY_LEN(flags); f++)
			if (cli_true(r, flags[f].key))
				fprintf(out, " %s", flags[f].word);
		fprintf(out, "%s\n", *route_mark(r) == '!' ? " next hop unreachable" : "");
		route_print_members(r, out);
		free(prefix);
	}
}

static int route_print(const json_t *answer, const char *const *heads, const char *const *members,
	unsigned n, FILE *out)
{
	const json_t *routes = json_object_get(answer, "routes");
	size_t i;
	json_t *r;

	if (json_object_get(json_array_get(routes, 0), "communities")) {
		route_print_details(routes, out);
		return 0;
	}
	struct cli_table *t = cli_table_new(heads, n + 1);
	json_array_foreach(routes, i, r)
	{
		cli_table_add(t, route_mark(r));
		for (size_t m = 0; m < n; m++)
			cli_table_add_json(t, r, members[m]);
	}
	fputs("> best   ! next hop unreachable   x rejected by policy\n", out);
	cli_table_print(t, out);
	cli_table_free(t);
	return 0;
}

/* asked: what cli/main.c was asked for. */
static int route_print_none(const json_t *answer, const char *none, FILE *out)
{
	char *asked = cli_text_of(json_object_get(answer, "asked"));

	if (strcmp(asked, "-") == 0)
		fprintf(out, "%s\n", none);
	else
		fprintf(out, "no path to %s; without a prefix all routes are shown\n", asked);
	free(asked);
	return 1;
}

int cli_render_vpnv4(const json_t *answer, FILE *out)
{
	static const char *const heads[] = {
		"", "~RD", "PREFIX", ">LABEL", "NEXT HOP", "~AS PATH", "~FROM", "~WHY"};
	static const char *const members[] = {
		"rd", "prefix", "label", "next_hop", "as_path", "from", "why"};

	if (json_array_size(json_object_get(answer, "routes")) > 0)
		return route_print(answer, heads, members, ARRAY_LEN(members), out);
	return route_print_none(answer, "no VPN-IPv4 routes", out);
}

int cli_render_ipv4(const json_t *answer, FILE *out)
{
	static const char *const heads[] = {
		"", "PREFIX", "NEXT HOP", "~AS PATH", ">PREF", ">MED", "~FROM", "~WHY"};
	static const char *const members[] = {
		"prefix", "next_hop", "as_path", "local_pref", "med", "from", "why"};

	if (json_array_size(json_object_get(answer, "routes")) > 0)
		return route_print(answer, heads, members, ARRAY_LEN(members), out);
	return route_print_none(answer, "no IPv4 routes in the core", out);
}

int cli_render_rejected(const json_t *answer, FILE *out)
{
	static const char *const heads[] = {
		"", "PREFIX", "~FROM", "~REJECTED", "COMMUNITY", "~POLICY", "~RULE"};
	static const char *const members[] = {
		"prefix", "from", "rejected", "reject_community", "policy", "rule"};

	if (json_array_size(json_object_get(answer, "routes")) > 0)
		return route_print(answer, heads, members, ARRAY_LEN(members), out);
	return route_print_none(answer, "no rejected routes", out);
}

static void vrf_print_routes(const json_t *routes, FILE *out)
{
	static const char *const heads[] = {
		"", "PREFIX", "SOURCE", "NEXT HOP", ">LABEL", "~FROM", "KERNEL"};
	size_t i;
	json_t *r;

	if (json_array_size(routes) == 0) {
		fputs("  no routes\n", out);
		return;
	}
	struct cli_table *t = cli_table_new(heads, ARRAY_LEN(heads));
	json_array_foreach(routes, i, r)
	{
		cli_table_add(t, cli_true(r, "best") ? ">" : " ");
		cli_table_add_json(t, r, "prefix");
		cli_table_add_json(t, r, "source");
		cli_table_add_json(t, r, "next_hop");
		cli_table_add_json(t, r, "label");
		cli_table_add_json(t, r, "from");
		cli_table_add_json(t, r, "installed");
	}
	cli_table_print(t, out);
	cli_table_free(t);
}

static void vrf_print(const json_t *v, FILE *out)
{
	static const char *const members[] = {
		"name", "rd", "table", "import", "export", "label", "label_state"};
	char *text[ARRAY_LEN(members)];

	for (size_t m = 0; m < ARRAY_LEN(members); m++)
		text[m] = cli_text_of(json_object_get(v, members[m]));
	fprintf(out, "%s  rd %s  table %s  label %s (%s)\n", text[0], text[1], text[2], text[5],
		text[6]);
	cli_print_value(2, "import", 9, text[3], out);
	cli_print_value(2, "export", 9, text[4], out);
	for (size_t m = 0; m < ARRAY_LEN(members); m++)
		free(text[m]);
	const json_t *limit = json_object_get(v, "limit");
	if (json_is_object(limit))
		fprintf(out, "  %lld of at most %lld routes (%s), %lld left out\n",
			cli_number(limit, "count"), cli_number(limit, "limit"),
			cli_string(limit, "action"), cli_number(limit, "left_out"));
	vrf_print_routes(json_object_get(v, "routes"), out);
}

int cli_render_vrf(const json_t *answer, FILE *out)
{
	return cli_print_each(cli_sorted(json_object_get(answer, "vrfs"), "name", "rd"), vrf_print,
		"no VRFs", out);
}
