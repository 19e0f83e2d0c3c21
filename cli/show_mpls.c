/* ravelin show mpls, memory, version. */
#include "cli/show.h"

#include "cli/table.h"
#include "lib/check.h"

/* A list of objects as a table of some of their members; says so if it is empty. */
static void mpls_print_list(const json_t *list, const char *title, const char *const *heads,
	const char *const *members, unsigned n, FILE *out)
{
	size_t i;
	json_t *o;

	if (json_array_size(list) == 0) {
		fprintf(out, "no %s\n", title);
		return;
	}
	struct cli_table *t = cli_table_new(heads, n);
	json_array_foreach(list, i, o)
	{
		for (unsigned m = 0; m < n; m++)
			cli_table_add_json(t, o, members[m]);
	}
	cli_table_print(t, out);
	cli_table_free(t);
}

/* An access port on which labels would be accepted is what nobody must overlook. */
static void mpls_add_labels(struct cli_table *t, const json_t *port)
{
	const char *role = cli_string(port, "role");
	bool accepts = cli_true(port, "accepts_labels");

	if (!cli_true(port, "present"))
		cli_table_add(t, "-");
	else if (*role == 'a' && accepts)
		cli_table_add(t, "ACCEPTED");
	else
		cli_table_addf(t, "%s%s", accepts ? "accepted" : "refused",
			cli_true(port, "corrected") ? " (corrected)" : "");
}

static void mpls_add_counter(struct cli_table *t, const json_t *counters, const char *key)
{
	if (json_is_integer(json_object_get(counters, key)))
		cli_table_add_count(t, cli_number(counters, key));
	else
		cli_table_add(t, NULL);
}

static void mpls_print_ports(const json_t *ports, FILE *out)
{
	static const char *const heads[] = {"~PORT", "~VRF", "~STATE", "LABELS", ">RX", ">DROPPED",
		">ERRORS", ">NO ROUTE", ">TX"};
	static const char *const counters[] = {
		"rx_packets", "rx_dropped", "rx_errors", "rx_noroute", "tx_packets"};
	size_t i;
	json_t *p;

	if (json_array_size(ports) == 0) {
		fputs("no ports\n", out);
		return;
	}
	struct cli_table *t = cli_table_new(heads, ARRAY_LEN(heads));
	json_t *sorted = cli_sorted(ports, "role", "name");
	json_array_foreach(sorted, i, p)
	{
		bool access = *cli_string(p, "role") == 'a';
		const char *state = !cli_true(p, "present")	      ? "missing"
				    : access && !cli_true(p, "bound") ? "not in its VRF"
				    : cli_true(p, "up")		      ? "up"
								      : "down";
		cli_table_add_json(t, p, "name");
		if (access)
			cli_table_add_json(t, p, "vrf");
		else
			cli_table_addf(t, "(%s)", cli_string(p, "role"));
		cli_table_add(t, state);
		mpls_add_labels(t, p);
		for (size_t c = 0; c < ARRAY_LEN(counters); c++)
			mpls_add_counter(t, json_object_get(p, "mpls"), counters[c]);
	}
	json_decref(sorted);
	cli_table_print(t, out);
	cli_table_free(t);
}

int cli_render_mpls(const json_t *answer, FILE *out)
{
	static const char *const label_heads[] = {">LABEL", "~VRF", "STATE"};
	static const char *const label_members[] = {"label", "vrf", "state"};
	static const char *const hop_heads[] = {
		"NEXT HOP", "REACHABLE", "~TRANSPORT LABELS", ">METRIC"};
	static const char *const hop_members[] = {"address", "reachable", "labels", "metric"};
	const json_t *tcp = json_object_get(answer, "tcp");

	mpls_print_list(json_object_get(answer, "labels"), "labels", label_heads, label_members,
		ARRAY_LEN(label_heads), out);
	fputc('\n', out);
	mpls_print_list(json_object_get(answer, "next_hops"), "next hops", hop_heads, hop_members,
		ARRAY_LEN(hop_heads), out);
	fputc('\n', out);
	mpls_print_ports(json_object_get(answer, "ports"), out);
	fprintf(out,
		"\nTCP segments refused: %lld without key, %lld with a key not asked for,\n"
		"%lld with a wrong key, %lld from too far (TTL)\n",
		cli_number(tcp, "md5_not_found"), cli_number(tcp, "md5_unexpected"),
		cli_number(tcp, "md5_failure"), cli_number(tcp, "min_ttl_drop"));
	return 0;
}

int cli_render_memory(const json_t *answer, FILE *out)
{
	static const char *const heads[] = {"~POOL", ">SIZE", ">LIVE", ">PEAK", ">OCTETS"};
	static const char *const members[] = {"name", "size", "live", "peak", "octets"};

	mpls_print_list(
		json_object_get(answer, "pools"), "pools", heads, members, ARRAY_LEN(heads), out);
	return json_array_size(json_object_get(answer, "pools")) == 0;
}

int cli_render_version(const json_t *answer, FILE *out)
{
	const char *version = cli_string(answer, "version");

	fprintf(out, "ravelind %s\n", *version ? version : "-");
	return *version == '\0';
}
