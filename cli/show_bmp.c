/* ravelin show bmp. */
#include "cli/show.h"

#include <stdlib.h>
#include <string.h>

#include "cli/table.h"
#include "lib/check.h"

static void bmp_add(struct cli_table *t, const json_t *s)
{
	char since[32];

	cli_table_add_json(t, s, "name");
	cli_table_add_json(t, s, "state");
	cli_table_add(t, cli_duration(cli_number(s, "since_s"), since));
	cli_table_add_json(t, s, "routes");
	cli_table_add_json(t, s, "messages");
	cli_table_add_json(t, s, "octets");
	cli_table_add_json(t, s, "waiting");
	cli_table_add_json(t, s, "ups");
}

/* Where it is, and why it was lost. */
static void bmp_print_note(const json_t *s, FILE *out)
{
	char *name = cli_text_of(json_object_get(s, "name"));
	char *why = cli_text_of(json_object_get(s, "reason"));
	char line[512];

	snprintf(line, sizeof(line), "%s port %lld%s%s%s", cli_string(s, "address"),
		cli_number(s, "port"), cli_true(s, "tls") ? " (TLS)" : "",
		strcmp(why, "-") == 0 ? "" : ", lost: ", strcmp(why, "-") == 0 ? "" : why);
	fprintf(out, "  %.70s:\n", name);
	cli_print_wrapped(line, out);
	free(name);
	free(why);
}

int cli_render_bmp(const json_t *answer, FILE *out)
{
	static const char *const heads[] = {"~STATION", "STATE", "SINCE", "~ROUTES", ">MESSAGES",
		">OCTETS", ">WAITING", ">UPS"};
	const json_t *list = json_object_get(answer, "stations");
	size_t i;
	json_t *s;

	if (json_array_size(list) == 0) {
		fputs("no stations\n", out);
		return 1;
	}
	struct cli_table *t = cli_table_new(heads, ARRAY_LEN(heads));
	json_array_foreach(list, i, s) bmp_add(t, s);
	cli_table_print(t, out);
	cli_table_free(t);
	json_array_foreach(list, i, s) bmp_print_note(s, out);
	return 0;
}
