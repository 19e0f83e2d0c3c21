/* ravelin show bgp neighbors. */
#include "cli/show.h"

#include <stdlib.h>
#include <string.h>

#include "cli/table.h"
#include "lib/check.h"

#define PEER_LEFT 40 /* columns before a value */

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
		cli_print_value(2, key, PEER_LEFT, text, out);
		free(text);
	}
}

/* "120s notification ipv4-unicast": the time, what is set, the families whose forwarding is kept. */
static void peer_add_restart(struct cli_table *t, const json_t *open)
{
	const json_t *r = json_object_get(open, "graceful_restart");

	if (!json_is_object(r)) {
		cli_table_add(t, "");
		return;
	}
	char *kept = cli_text_of(json_object_get(r, "preserved"));
	cli_table_addf(t, "%llds%s%s%s%s", cli_number(r, "time_s"),
		cli_true(r, "restarting") ? " restarting" : "",
		cli_true(r, "notification") ? " notification" : "",
		strcmp(kept, "-") == 0 ? "" : " kept: ", strcmp(kept, "-") == 0 ? "" : kept);
	free(kept);
}

/* "vpnv4 3600s" for each family. */
static void peer_add_long_lived(struct cli_table *t, const json_t *open)
{
	json_t *times = json_object_get(json_object_get(open, "long_lived"), "stale_s");
	char cell[256] = "";
	const char *family;
	json_t *s;

	json_object_foreach(times, family, s)
	{
		size_t len = strlen(cell);
		snprintf(cell + len, sizeof(cell) - len, "%s%s %llds", len ? " " : "", family,
			(long long)json_integer_value(s));
	}
	cli_table_add(t, cell);
}

/* What we offered, what they did, what came of it. */
static void peer_print_capabilities(const json_t *p, FILE *out)
{
	static const char *const heads[] = {" capability", "~SENT", "~RECEIVED", "~AGREED"};
	static const struct {
		const char *name, *key, *agreed;
	} rows[] = {
		{"  families", "families", "families"},
		{"  4-octet AS", "as4", "as4"},
		{"  route refresh", "route_refresh", "route_refresh"},
		{"  enhanced refresh", "enhanced_refresh", "enhanced_refresh"},
		{"  extended messages", "extended_messages", "message_octets"},
		{"  ADD-PATH receive", "add_path_receive", "add_path_in"},
		{"  ADD-PATH send", "add_path_send", "add_path_out"},
		{"  extended next hop", "extended_next_hop", "extended_next_hop"},
		{"  role", "role", NULL},
	};
	const json_t *sent = json_object_get(p, "sent"), *received = json_object_get(p, "received");

	if (!json_is_object(sent))
		return;
	struct cli_table *t = cli_table_new(heads, ARRAY_LEN(heads));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		cli_table_add(t, rows[i].name);
		cli_table_add_json(t, sent, rows[i].key);
		cli_table_add_json(t, received, rows[i].key);
		if (rows[i].agreed)
			cli_table_add_json(t, json_object_get(p, "negotiated"), rows[i].agreed);
		else
			cli_table_add(t, "");
	}
	cli_table_add(t, "  graceful restart");
	peer_add_restart(t, sent);
	peer_add_restart(t, received);
	cli_table_add(t, "");
	cli_table_add(t, "  long-lived");
	peer_add_long_lived(t, sent);
	peer_add_long_lived(t, received);
	cli_table_add(t, "");
	cli_table_print(t, out);
	cli_table_free(t);
}

/* Members that the capabilities' table has shown. */
static const char *const *peer_told_already(const char *group)
{
	static const char *const agreed[] = {"families", "as4", "route_refresh", "enhanced_refresh",
		"message_octets", "add_path_in", "add_path_out", "extended_next_hop", NULL};

	return strcmp(group, "negotiated") == 0 ? agreed : NULL;
}

static void peer_print(const json_t *p, FILE *out)
{
	static const char *const groups[] = {
		"timers", "negotiated", "policy", "limit", "restart", "counters", "refused"};
	static const char *const in_head[] = {"name", "address", "vrf", "as", "state", "since_s",
		"held_by", "note", "stale", "negotiated", "received", "limit", NULL};
	char *name = cli_text_of(json_object_get(p, "name"));
	char *vrf = cli_text_of(json_object_get(p, "vrf"));
	char since[32];

	char state[CLI_STATE_MAX];
	fprintf(out, "%s  %s  AS %lld  %s%s  %s for %s\n", name, cli_string(p, "address"),
		cli_number(p, "as"), strcmp(vrf, "-") == 0 ? "core" : "VRF ",
		strcmp(vrf, "-") == 0 ? "" : vrf, cli_state(p, state),
		cli_duration(cli_number(p, "since_s"), since));
	const char *note = cli_string(p, "note");
	if (*note)
		fprintf(out, "  %s\n", note);
	peer_print_members(p, in_head, out);
	peer_print_capabilities(p, out);
	for (size_t g = 0; g < ARRAY_LEN(groups); g++) {
		const json_t *group = json_object_get(p, groups[g]);
		if (json_object_size(group) == 0)
			continue;
		fprintf(out, " %s\n", groups[g]);
		peer_print_members(group, peer_told_already(groups[g]), out);
	}
	free(name);
	free(vrf);
}

int cli_render_neighbors(const json_t *answer, FILE *out)
{
	return cli_print_each(cli_sorted(json_object_get(answer, "peers"), "vrf", "name"),
		peer_print, "no neighbors", out);
}
