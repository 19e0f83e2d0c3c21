/* ravelin show bgp summary: a line a neighbor, no wider than a terminal. */
#include "cli/show.h"

#include <stdlib.h>
#include <string.h>

#include "cli/table.h"
#include "lib/check.h"

/* Columns of a terminal are few: together with the gaps these make 80. */
#define SUMMARY_NAME_MAX 14
#define SUMMARY_VRF_MAX	 10

char *cli_state(const json_t *p, char out[CLI_STATE_MAX])
{
	const char *state = cli_string(p, "state"), *by = cli_string(p, "held_by");

	snprintf(out, CLI_STATE_MAX, "%s%s%s%s", *state ? state : "-", *by ? " (" : "", by,
		*by ? ")" : "");
	return out;
}

static bool summary_is_up(const json_t *p)
{
	return strcmp(cli_string(p, "state"), "Established") == 0;
}

/* As every BGP speaker shows it: how many prefixes it sends, or why it sends none. */
static void summary_add_state(struct cli_table *t, const json_t *p)
{
	char state[CLI_STATE_MAX];

	if (summary_is_up(p))
		cli_table_add_json(t, p, "prefixes_received");
	else
		cli_table_add(t, cli_state(p, state));
}

static void summary_add_protection(struct cli_table *t, const json_t *p)
{
	bool md5 = cli_true(p, "md5"), gtsm = cli_number(p, "gtsm") > 0;

	cli_table_add(t, md5 && gtsm ? "MG" : md5 ? "M" : gtsm ? "G" : "-");
}

/* Why there is no session; while one stands nobody asks why the last one ended. A wrong key is said first. */
static char *summary_why(const json_t *p)
{
	long long mismatch = cli_number(p, "md5_mismatch");
	char *reason = cli_text_of(json_object_get(p, "reason")), *why = NULL;
	bool none = strcmp(reason, "-") == 0;

	if (!summary_is_up(p) && mismatch)
		CHECK(asprintf(&why, "md5 mismatch: %lld segments%s%s", mismatch, none ? "" : "; ",
			      none ? "" : reason) >= 0);
	else if (!summary_is_up(p) && !none)
		return reason;
	free(reason);
	return why;
}

static void summary_print_note(const json_t *p, FILE *out)
{
	char *name = cli_text_of(json_object_get(p, "name")), *why = summary_why(p);
	const char *note = cli_string(p, "note");
	long long stale = cli_number(p, "stale");

	if (why || *note || stale > 0)
		fprintf(out, "  %.70s:\n", name);
	if (why)
		cli_print_wrapped(why, out);
	if (stale > 0)
		fprintf(out, "    %lld stale route%s kept, as it restarts\n", stale,
			stale == 1 ? "" : "s");
	if (*note)
		cli_print_wrapped(note, out);
	free(why);
	free(name);
}

int cli_render_summary(const json_t *answer, FILE *out)
{
	static const char *const heads[] = {
		"NEIGHBOR", "VRF", ">AS", ">FOR", "IN/STATE", ">OUT", "P"};
	json_t *peers = cli_sorted(json_object_get(answer, "peers"), "vrf", "name"), *p;
	char since[32];
	size_t i;

	char *name = cli_text_of(json_object_get(answer, "name"));
	fprintf(out, "%s  AS %lld  router id %s\n", name, cli_number(answer, "as"),
		cli_string(answer, "router_id"));
	free(name);
	if (json_array_size(peers) == 0) {
		fputs("no neighbors\n", out);
		json_decref(peers);
		return 1;
	}
	struct cli_table *t = cli_table_new(heads, ARRAY_LEN(heads));
	json_array_foreach(peers, i, p)
	{
		cli_table_add_cut(t, p, "name", SUMMARY_NAME_MAX);
		cli_table_add_cut(t, p, "vrf", SUMMARY_VRF_MAX);
		cli_table_add_json(t, p, "as");
		cli_table_add(t, cli_duration(cli_number(p, "since_s"), since));
		summary_add_state(t, p);
		cli_table_add_json(t, p, "prefixes_sent");
		summary_add_protection(t, p);
	}
	fputc('\n', out);
	cli_table_print(t, out);
	cli_table_free(t);
	fputs("IN: prefixes received   P: M TCP-MD5, G GTSM\n", out);
	json_array_foreach(peers, i, p)
	{
		summary_print_note(p, out);
	}
	json_decref(peers);
	return 0;
}
