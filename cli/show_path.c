/*
 * ravelin show mpls path: how a packet to a VRF's route leaves this PE, label by label, from what explain says of the route. What the
 * routers behind the next hop do with the transport labels is theirs to know.
 */
#include "cli/show.h"

#include <stdlib.h>
#include <string.h>

#include "cli/table.h"
#include "lib/check.h"

/* The VRF's own table among the answer's; NULL: no path there. */
static const json_t *path_table(const json_t *answer)
{
	size_t i;
	json_t *t;

	json_array_foreach(json_object_get(answer, "tables"), i,
		t) if (json_is_string(json_object_get(t, "vrf"))) return t;
	return NULL;
}

static const json_t *path_best(const json_t *table)
{
	size_t i;
	json_t *c;

	json_array_foreach(
		json_object_get(table, "candidates"), i, c) if (cli_true(c, "best")) return c;
	return NULL;
}

static void path_step(FILE *out, unsigned *n, const char *what, const char *value, const char *rest)
{
	fprintf(out, "%2u  %-18s %s%s\n", ++*n, what, value, rest);
}

static void path_print_transport(const json_t *state, FILE *out, unsigned *n)
{
	const json_t *labels = json_object_get(state, "transport");
	size_t i;
	json_t *label;
	char metric[64];

	if (!cli_true(state, "resolves")) {
		path_step(out, n, "transport", "none: the next hop does not resolve", "");
		return;
	}
	snprintf(metric, sizeof(metric), "the core's route to it, metric %lld",
		cli_number(state, "metric"));
	path_step(out, n, "transport", metric, "");
	if (json_array_size(labels) == 0)
		path_step(
			out, n, "transport label", "none", ": adjacent, or popped by this router");
	json_array_foreach(labels, i, label)
	{
		char *text = cli_text_of(label);
		path_step(out, n, "transport label", text, i == 0 ? ", the outermost" : "");
		free(text);
	}
}

/* "[16] [17] [2002] IPv4": as it is on the wire, outermost first. */
static void path_print_stack(const json_t *best, FILE *out)
{
	const json_t *labels =
		json_object_get(json_object_get(best, "next_hop_state"), "transport");
	char *vpn = cli_text_of(json_object_get(best, "label"));
	size_t i;
	json_t *label;

	fputs("on the wire: ", out);
	json_array_foreach(labels, i, label)
	{
		char *text = cli_text_of(label);
		fprintf(out, "[%s] ", text);
		free(text);
	}
	fprintf(out, "[%s] IPv4\n", vpn);
	free(vpn);
}

/* A route that a neighbour in the VRF, or the configuration, has given: nothing is pushed. */
static void path_print_local(const json_t *best, FILE *out, unsigned *n)
{
	char *hop = cli_text_of(json_object_get(best, "next_hop"));

	path_step(out, n, "next hop", hop, ", in the VRF");
	fputs("on the wire: IPv4, no label\n", out);
	free(hop);
}

static void path_print_vpn(const json_t *best, FILE *out, unsigned *n)
{
	const json_t *from = json_object_get(best, "imported_from");
	char *label = cli_text_of(json_object_get(best, "label"));
	char *hop = cli_text_of(json_object_get(best, "next_hop"));

	path_step(out, n, "VPN route", "RD ", cli_string(from, "rd"));
	path_step(out, n, "VPN label", label, ", as its PE advertised it");
	path_step(out, n, "BGP next hop", hop, "");
	path_print_transport(json_object_get(best, "next_hop_state"), out, n);
	if (cli_true(json_object_get(best, "next_hop_state"), "resolves"))
		path_print_stack(best, out);
	free(label);
	free(hop);
}

static void path_print_kernel(const json_t *k, FILE *out)
{
	if (!json_is_object(k))
		return;
	if (!cli_true(k, "installed"))
		fputs("kernel: no route\n", out);
	else
		fprintf(out, "kernel: %s\n", cli_string(k, "as"));
}

int cli_render_path(const json_t *answer, FILE *out)
{
	const json_t *table = path_table(answer), *best = path_best(table);
	char *prefix = cli_text_of(json_object_get(answer, "prefix"));
	char *vrf = cli_text_of(json_object_get(answer, "vrf"));
	unsigned n = 0;

	if (best) {
		char *from = cli_text_of(json_object_get(best, "from"));
		fprintf(out, "%s in %s\n", prefix, vrf);
		path_step(out, &n, "best path", "from ", from);
		if (json_is_object(json_object_get(best, "imported_from")))
			path_print_vpn(best, out, &n);
		else
			path_print_local(best, out, &n);
		path_print_kernel(json_object_get(table, "kernel"), out);
		free(from);
	} else {
		char *covering = cli_text_of(json_object_get(answer, "covering"));
		fprintf(out, "no path to %s in %s\n", prefix, vrf);
		if (strcmp(covering, "-") != 0)
			fprintf(out, "the longest prefix that covers it: %s\n", covering);
		free(covering);
	}
	free(prefix);
	free(vrf);
	return best ? 0 : 1;
}
