/* ravelin show bgp summary, ravelin show bgp neighbors. */
#include "cli/show.h"

#include <stdlib.h>
#include <string.h>

#include "cli/table.h"
#include "lib/check.h"

/* "md5 gtsm:1": what protects the session. */
static void peer_add_protection(struct cli_table *t, const json_t *p)
{
	long long hops = cli_number(p, "gtsm");
	const char *md5 = cli_true(p, "md5") ? "md5" : "";

	if (hops)
		cli_table_addf(t, "%s%sgtsm:%lld", md5, *md5 ? " " : "", hops);
	else
		cli_table_add(t, *md5 ? md5 : "none");
}

/* While a session stands nobody asks why the last one ended; else a wrong key is said first. */
static void peer_add_note(struct cli_table *t, const json_t *p)
{
	long long mismatch = cli_number(p, "md5_mismatch");
	const char *reason = cli_string(p, "reason");

	if (strcmp(cli_string(p, "state"), "Established") == 0)
		cli_table_add(t, "");
	else if (mismatch)
		cli_table_addf(t, "md5 mismatch: %lld segments%s%s", mismatch, *reason ? "; " : "",
			reason);
	else
		cli_table_add(t, reason);
}

int cli_render_summary(const json_t *answer, FILE *out)
{
	static const char *const heads[] = {"NEIGHBOR", "ADDRESS", "VRF", ">AS", "STATE", ">FOR",
		">IN", ">OUT", "PROTECTION", "NOTE"};
	const json_t *peers = json_object_get(answer, "peers");
	char since[32];
	size_t i;
	json_t *p;

	char *name = cli_text_of(json_object_get(answer, "name"));
	fprintf(out, "%s  AS %lld  router id %s\n", name, cli_number(answer, "as"),
		cli_string(answer, "router_id"));
	free(name);
	if (json_array_size(peers) == 0) {
		fputs("no neighbors\n", out);
		return 1;
	}
	struct cli_table *t = cli_table_new(heads, ARRAY_LEN(heads));
	json_array_foreach(peers, i, p)
	{
		cli_table_add_json(t, p, "name");
		cli_table_add_json(t, p, "address");
		cli_table_add_json(t, p, "vrf");
		cli_table_add_json(t, p, "as");
		cli_table_add_json(t, p, "state");
		cli_table_add(t, cli_duration(cli_number(p, "since_s"), since));
		cli_table_add_json(t, p, "prefixes_received");
		cli_table_add_json(t, p, "prefixes_sent");
		peer_add_protection(t, p);
		peer_add_note(t, p);
	}
	fputc('\n', out);
	cli_table_print(t, out);
	cli_table_free(t);
	return 0;
}

/* "key words: value" for every member of an object that is no object itself. */
static void peer_print_members(const json_t *object, const char *const *skip, FILE *out)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value)
	{
		bool skipped = json_is_object(value);
		for (size_t i = 0; skip && skip[i]; i++)
			skipped |= strcmp(skip[i], key) == 0;
		if (skipped)
			continue;
		char *text = cli_text_of(value);
		int width = (int)strlen(key);
		fprintf(out, "  %s%*s  %s\n", key, width < 36 ? 36 - width : 0, "", text);
		free(text);
	}
}

static void peer_print(const json_t *p, FILE *out)
{
	static const char *const groups[] = {"timers", "negotiated", "counters", "refused"};
	static const char *const in_head[] = {
		"name", "address", "vrf", "as", "state", "since_s", NULL};
	char *name = cli_text_of(json_object_get(p, "name"));
	char *vrf = cli_text_of(json_object_get(p, "vrf"));
	char since[32];

	fprintf(out, "%s  %s  AS %lld  %s%s  %s for %s\n", name, cli_string(p, "address"),
		cli_number(p, "as"), strcmp(vrf, "-") == 0 ? "core" : "VRF ",
		strcmp(vrf, "-") == 0 ? "" : vrf, cli_string(p, "state"),
		cli_duration(cli_number(p, "since_s"), since));
	peer_print_members(p, in_head, out);
	for (size_t g = 0; g < ARRAY_LEN(groups); g++) {
		const json_t *group = json_object_get(p, groups[g]);
		if (json_object_size(group) == 0)
			continue;
		fprintf(out, " %s\n", groups[g]);
		peer_print_members(group, NULL, out);
	}
	free(name);
	free(vrf);
}

int cli_render_neighbors(const json_t *answer, FILE *out)
{
	const json_t *peers = json_object_get(answer, "peers");
	size_t i;
	json_t *p;

	if (json_array_size(peers) == 0) {
		fputs("no neighbors\n", out);
		return 1;
	}
	json_array_foreach(peers, i, p)
	{
		if (i)
			fputc('\n', out);
		peer_print(p, out);
	}
	return 0;
}
