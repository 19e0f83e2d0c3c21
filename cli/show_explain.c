/* ravelin explain: why a route is (not) used, and who has it, for a person. */
#include "cli/show.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/table.h"
#include "lib/check.h"

#define EXPLAIN_LEFT 22 /* columns before a value */

/* Unless there is nothing to be said. */
static void explain_member(const char *name, const json_t *o, const char *key, FILE *out)
{
	char *text = cli_text_of(json_object_get(o, key));

	if (strcmp(text, "-") != 0)
		cli_print_value(4, name, EXPLAIN_LEFT, text, out);
	free(text);
}

static void explain_print(FILE *out, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void explain_print(FILE *out, const char *name, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	CHECK(n >= 0);
	cli_print_value(4, name, EXPLAIN_LEFT, text, out);
	free(text);
}

static void explain_next_hop(const json_t *c, FILE *out)
{
	const json_t *state = json_object_get(c, "next_hop_state");
	char *hop = cli_text_of(json_object_get(c, "next_hop"));
	char *labels = cli_text_of(json_object_get(state, "transport"));

	if (!json_is_object(state))
		explain_print(out, "next hop", "%s", hop);
	else if (!cli_true(state, "resolves"))
		explain_print(out, "next hop", "%s, does not resolve", hop);
	else
		explain_print(out, "next hop", "%s, resolves at metric %lld%s%s", hop,
			cli_number(state, "metric"),
			strcmp(labels, "-") != 0 ? ", transport labels " : "",
			strcmp(labels, "-") != 0 ? labels : "");
	free(hop);
	free(labels);
}

static void explain_rule(const char *program, const json_t *rule, FILE *out)
{
	char *name = cli_text_of(json_object_get(rule, "rule"));
	char *failed = cli_text_of(json_object_get(rule, "failed"));
	long long edits = cli_number(rule, "edits");

	if (!cli_true(rule, "matched"))
		explain_print(out, "", "%s %s: no match at %s", program, name, failed);
	else
		explain_print(out, "", "%s %s: matches, %s%s", program, name,
			cli_string(rule, "action"), edits ? ", edits" : "");
	free(name);
	free(failed);
}

static void explain_chain(const json_t *chain, FILE *out)
{
	const json_t *programs = json_object_get(chain, "programs");
	size_t i, k;
	json_t *p, *rule;

	if (!json_is_object(chain))
		return;
	explain_print(out, "import chain", "%s%s%s",
		cli_true(chain, "accept") ? "accepts it now" : "rejects it now",
		cli_true(chain, "accept") ? "" : ": ", cli_string(chain, "reason"));
	json_array_foreach(programs, i, p)
	{
		char *name = cli_text_of(json_object_get(p, "program"));
		json_array_foreach(json_object_get(p, "rules"), k, rule)
			explain_rule(name, rule, out);
		if (cli_number(p, "rules_left_out") > 0)
			explain_print(out, "", "%s: %lld more rules that do not match", name,
				cli_number(p, "rules_left_out"));
		if (cli_true(p, "by_default"))
			explain_print(out, "", "%s default: %s", name,
				cli_true(p, "accept") ? "accept" : "reject");
		free(name);
	}
}

/* "valid: 192.0.2.0/24 max 24 AS 65001" */
static void explain_rpki(const json_t *rpki, FILE *out)
{
	const json_t *roas = json_object_get(rpki, "roas");
	size_t i;
	json_t *roa;

	if (!json_is_object(rpki))
		return;
	explain_print(out, "rpki", "%s (origin AS %lld)%s", cli_string(rpki, "rov"),
		cli_number(rpki, "origin_as"), json_array_size(roas) ? "" : ", no ROA covers it");
	json_array_foreach(roas, i, roa) explain_print(out, "", "ROA %s max length %lld AS %lld",
		cli_string(roa, "prefix"), cli_number(roa, "max_length"), cli_number(roa, "as"));
	explain_member("aspa", rpki, "aspa", out);
}

static void explain_candidate(const json_t *c, size_t place, const char *decided, FILE *out)
{
	static const struct {
		const char *key, *name;
	} members[] = {{"as_path", "AS path"}, {"local_pref", "local preference"}, {"med", "MED"},
		{"origin", "origin"}, {"label", "label"}, {"path_id", "path id"},
		{"communities", "communities"}, {"large_communities", "large comm."},
		{"ext_communities", "extended comm."}};
	static const struct {
		const char *key, *word;
	} flags[] = {
		{"stale", "stale"}, {"long_lived_stale", "LLGR-stale"}, {"blackhole", "blackhole"}};
	const json_t *from = json_object_get(c, "imported_from");
	const char *mark = cli_true(c, "best")				    ? ">"
			   : json_is_string(json_object_get(c, "rejected")) ? "x"
			   : cli_true(c, "reachable")			    ? " "
									    : "!";
	char *name = cli_text_of(json_object_get(c, "from"));

	fprintf(out, "%s %zu  from %s", mark, place, name);
	for (size_t f = 0; f < ARRAY_LEN(flags); f++)
		if (cli_true(c, flags[f].key))
			fprintf(out, ", %s", flags[f].word);
	fputc('\n', out);
	if (cli_true(c, "best"))
		explain_print(out, "why", "the best: %s", decided);
	else
		explain_member("why", json_object_get(c, "lost"), "text", out);
	if (json_is_object(from))
		explain_print(out, "imported from", "RD %s%s", cli_string(from, "rd"),
			cli_true(from, "leaked") ? ", a VRF of this router: not forwarded" : "");
	explain_next_hop(c, out);
	for (size_t m = 0; m < ARRAY_LEN(members); m++)
		explain_member(members[m].name, c, members[m].key, out);
	explain_rpki(json_object_get(c, "rpki"), out);
	explain_chain(json_object_get(c, "import_chain"), out);
	free(name);
}

/* What policies of export have to do with what n is told. */
static void explain_kept(const json_t *n, FILE *out)
{
	char *name = cli_text_of(json_object_get(n, "neighbor"));
	size_t i;
	json_t *p;

	json_array_foreach(json_object_get(n, "paths"), i, p)
	{
		char *from = cli_text_of(json_object_get(p, "from"));
		if (cli_true(p, "edited"))
			fprintf(out, "%s: the path from %s is told as its policies edit it\n", name,
				from);
		free(from);
	}
	json_array_foreach(json_object_get(n, "kept"), i, p)
	{
		char *from = cli_text_of(json_object_get(p, "from"));
		char *policy = cli_text_of(json_object_get(p, "policy"));
		char *rule = cli_text_of(json_object_get(p, "rule"));
		fprintf(out, "%s: the path from %s is kept from it by policy %s, rule %s\n", name,
			from, policy, rule);
		free(from);
		free(policy);
		free(rule);
	}
	free(name);
}

static void explain_told(const json_t *neighbors, FILE *out)
{
	static const char *const heads[] = {"NEIGHBOR", "TOLD", "PATH FROM", "WHY"};
	size_t i, k;
	json_t *n, *path;

	if (json_array_size(neighbors) == 0) {
		fputs("no neighbor in this table\n", out);
		return;
	}
	struct cli_table *t = cli_table_new(heads, ARRAY_LEN(heads));
	json_array_foreach(neighbors, i, n)
	{
		json_t *paths = json_object_get(n, "paths"), *row = json_object();
		json_t *names = json_array();
		json_array_foreach(paths, k, path)
			json_array_append(names, json_object_get(path, "from"));
		json_object_set_new(row, "from", names);
		cli_table_add_cut(t, n, "neighbor", 22);
		cli_table_add_json(t, n, "told");
		cli_table_add_cut(t, row, "from", 18);
		cli_table_add_cut(t, n, "why", 28);
		json_decref(row);
	}
	cli_table_print(t, out);
	cli_table_free(t);
	json_array_foreach(neighbors, i, n) explain_kept(n, out);
}

static void explain_kernel(const json_t *k, FILE *out)
{
	char *hop = cli_text_of(json_object_get(k, "next_hop"));
	char *label = cli_text_of(json_object_get(k, "label"));
	char *transport = cli_text_of(json_object_get(k, "transport"));

	if (!json_is_object(k)) {
		;
	} else if (!cli_true(k, "installed")) {
		fputs("kernel: no route\n", out);
	} else {
		fprintf(out, "kernel: %s", cli_string(k, "as"));
		if (strcmp(hop, "-") != 0)
			fprintf(out, ", next hop %s", hop);
		if (strcmp(label, "-") != 0)
			fprintf(out, ", VPN label %s", label);
		if (strcmp(transport, "-") != 0)
			fprintf(out, ", transport %s", transport);
		fputc('\n', out);
	}
	free(hop);
	free(label);
	free(transport);
}

static void explain_label(const json_t *l, FILE *out)
{
	char *label = cli_text_of(json_object_get(l, "label"));

	if (json_is_object(l))
		fprintf(out, "label of the VRF: %s (%s)\n", label, cli_string(l, "state"));
	free(label);
}

static void explain_imported(const json_t *t, FILE *out)
{
	const json_t *list = json_object_get(t, "imported_into");
	size_t i;
	json_t *v;

	if (strcmp(cli_string(t, "family"), "vpnv4") != 0)
		return;
	if (json_array_size(list) == 0)
		fputs("imported into no VRF\n", out);
	json_array_foreach(list, i, v)
	{
		char *name = cli_text_of(json_object_get(v, "vrf"));
		fprintf(out, "imported into %s%s\n", name,
			cli_true(v, "best") ? ", the best there" : ", not the best there");
		free(name);
	}
}

static void explain_table(const json_t *answer, const json_t *t, FILE *out)
{
	const json_t *list = json_object_get(t, "candidates");
	char *prefix = cli_text_of(json_object_get(answer, "prefix"));
	char *vrf = cli_text_of(json_object_get(t, "vrf"));
	char *rd = cli_text_of(json_object_get(t, "rd"));
	size_t i, n = json_array_size(list);
	json_t *c;

	if (strcmp(rd, "-") != 0)
		fprintf(out, "%s as VPN route, RD %s", prefix, rd);
	else if (strcmp(vrf, "-") != 0)
		fprintf(out, "%s in %s", prefix, vrf);
	else
		fprintf(out, "%s in the core", prefix);
	fprintf(out, ": %zu path%s\n", n, n == 1 ? "" : "s");
	json_array_foreach(list, i, c) explain_candidate(c, i + 1, cli_string(t, "decided"), out);
	if (cli_number(t, "left_out") > 0)
		fprintf(out, "... and %lld more, which are less preferred\n",
			cli_number(t, "left_out"));
	explain_kernel(json_object_get(t, "kernel"), out);
	explain_label(json_object_get(t, "vrf_label"), out);
	explain_imported(t, out);
	explain_told(json_object_get(t, "neighbors"), out);
	free(prefix);
	free(vrf);
	free(rd);
}

static int explain_print_none(const json_t *answer, FILE *out)
{
	char *prefix = cli_text_of(json_object_get(answer, "prefix"));
	char *vrf = cli_text_of(json_object_get(answer, "vrf"));
	char *covering = cli_text_of(json_object_get(answer, "covering"));
	bool in_vrf = strcmp(vrf, "-") != 0, covered = strcmp(covering, "-") != 0;

	fprintf(out, "no path to %s in %s\n", prefix, in_vrf ? vrf : "the core");
	if (covered)
		fprintf(out, "the longest prefix that covers it: %s\n", covering);
	free(prefix);
	free(vrf);
	free(covering);
	return 1;
}

int cli_render_explain(const json_t *answer, FILE *out)
{
	const json_t *tables = json_object_get(answer, "tables");
	int status = 0;
	size_t i;
	json_t *t;
	char *vrfs = cli_text_of(json_object_get(answer, "vrfs"));

	if (json_array_size(tables) == 0)
		status = explain_print_none(answer, out);
	json_array_foreach(tables, i, t)
	{
		if (i)
			fputc('\n', out);
		explain_table(answer, t, out);
	}
	if (strcmp(vrfs, "-") != 0) {
		fputs(status ? "" : "\n", out);
		fputs("in VRFs (explain PREFIX vrf NAME):\n", out);
		cli_print_wrapped(vrfs, out);
	}
	free(vrfs);
	return status;
}
