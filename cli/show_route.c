/* ravelin show bgp vpnv4, ravelin show vrf. */
#include "cli/show.h"

#include <stdlib.h>

#include "cli/table.h"
#include "lib/check.h"

int cli_render_vpnv4(const json_t *answer, FILE *out)
{
	static const char *const heads[] = {"", "RD", "PREFIX", ">LABEL", "NEXT HOP",
		"ROUTE TARGETS", "AS PATH", ">PREF", ">MED", "FROM", "WHY", "IMPORTED INTO"};
	static const char *const members[] = {"rd", "prefix", "label", "next_hop", "route_targets",
		"as_path", "local_pref", "med", "from", "why", "imported_into"};
	const json_t *routes = json_object_get(answer, "routes");
	size_t i;
	json_t *r;

	if (json_array_size(routes) == 0) {
		fputs("no VPN-IPv4 routes\n", out);
		return 1;
	}
	struct cli_table *t = cli_table_new(heads, ARRAY_LEN(heads));
	json_array_foreach(routes, i, r)
	{
		cli_table_add(t, cli_true(r, "best") ? ">" : cli_true(r, "reachable") ? " " : "!");
		for (size_t m = 0; m < ARRAY_LEN(members); m++)
			cli_table_add_json(t, r, members[m]);
	}
	fputs("> best   ! next hop unreachable\n", out);
	cli_table_print(t, out);
	cli_table_free(t);
	return 0;
}

static void vrf_print_routes(const json_t *routes, FILE *out)
{
	static const char *const heads[] = {
		"", "PREFIX", "SOURCE", "NEXT HOP", ">LABEL", "FROM", "KERNEL"};
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
	fprintf(out, "%s  rd %s  table %s  label %s (%s)\n  import %s\n  export %s\n", text[0],
		text[1], text[2], text[5], text[6], text[3], text[4]);
	for (size_t m = 0; m < ARRAY_LEN(members); m++)
		free(text[m]);
	vrf_print_routes(json_object_get(v, "routes"), out);
}

int cli_render_vrf(const json_t *answer, FILE *out)
{
	const json_t *vrfs = json_object_get(answer, "vrfs");
	size_t i;
	json_t *v;

	if (json_array_size(vrfs) == 0) {
		fputs("no VRFs\n", out);
		return 1;
	}
	json_array_foreach(vrfs, i, v)
	{
		if (i)
			fputc('\n', out);
		vrf_print(v, out);
	}
	return 0;
}
