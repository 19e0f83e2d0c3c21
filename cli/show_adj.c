/* ravelin show bgp neighbors X received, advertised: what a neighbor has told, and what it is told. */
#include "cli/show.h"

#include <string.h>

#include "cli/table.h"
#include "lib/check.h"

#define ADJ_COLUMNS_MAX 10

struct adj_columns {
	const char *const *heads, *const *members;
	unsigned n; /* a mark stands in front of them */
};

static const char *adj_mark(const json_t *r)
{
	if (json_is_string(json_object_get(r, "rejected")))
		return "x";
	return cli_true(r, "best") ? ">" : cli_true(r, "on_its_way") ? "*" : " ";
}

static void adj_print_table(const json_t *table, const struct adj_columns *c, FILE *out)
{
	const char *vrf = cli_string(table, "vrf");
	const char *heads[ADJ_COLUMNS_MAX] = {""};
	size_t i;
	json_t *r;

	CHECK(c->n < ADJ_COLUMNS_MAX);
	memcpy(heads + 1, c->heads, c->n * sizeof(*heads));
	fprintf(out, "%s%s%s\n", cli_string(table, "family"), *vrf ? " of " : "", vrf);
	struct cli_table *t = cli_table_new(heads, c->n + 1);
	json_array_foreach(json_object_get(table, "routes"), i, r)
	{
		cli_table_add(t, adj_mark(r));
		for (unsigned m = 0; m < c->n; m++)
			cli_table_add_json(t, r, c->members[m]);
	}
	cli_table_print(t, out);
	cli_table_free(t);
}

static int adj_print(const json_t *answer, const char *legend, const char *none,
	const struct adj_columns *ipv4, const struct adj_columns *vpn, FILE *out)
{
	bool any = false;
	size_t i;
	json_t *t;

	json_array_foreach(json_object_get(answer, "tables"), i, t)
	{
		if (json_array_size(json_object_get(t, "routes")) == 0)
			continue;
		fputs(any ? "\n" : legend, out);
		any = true;
		adj_print_table(t, strcmp(cli_string(t, "family"), "vpnv4") == 0 ? vpn : ipv4, out);
	}
	if (!any)
		fprintf(out, "%s\n", none);
	return !any;
}

static const char *const ipv4_heads[] = {
	"PREFIX", "NEXT HOP", "~AS PATH", ">PREF", ">MED", "~COMMUNITIES", "~FROM"};
static const char *const ipv4_members[] = {
	"prefix", "next_hop", "as_path", "local_pref", "med", "communities", "from"};
static const char *const vpn_heads[] = {
	"~RD", "PREFIX", ">LABEL", "NEXT HOP", "~AS PATH", "~TARGETS", "~FROM"};
static const char *const vpn_members[] = {
	"rd", "prefix", "label", "next_hop", "as_path", "route_targets", "from"};

int cli_render_received(const json_t *answer, FILE *out)
{
	static const struct adj_columns ipv4 = {
		ipv4_heads, ipv4_members, ARRAY_LEN(ipv4_heads) - 1};
	static const struct adj_columns vpn = {vpn_heads, vpn_members, ARRAY_LEN(vpn_heads) - 1};

	return adj_print(answer, "> best   x rejected by policy\n",
		"nothing that was let in, or kept though it was rejected", &ipv4, &vpn, out);
}

int cli_render_advertised(const json_t *answer, FILE *out)
{
	static const struct adj_columns ipv4 = {ipv4_heads, ipv4_members, ARRAY_LEN(ipv4_heads)};
	static const struct adj_columns vpn = {vpn_heads, vpn_members, ARRAY_LEN(vpn_heads)};

	return adj_print(answer, "* on its way\n", "it is told nothing", &ipv4, &vpn, out);
}
