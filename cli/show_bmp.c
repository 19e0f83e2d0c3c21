/* ravelin show bmp. */
#include "cli/remote.h"
#include "cli/show.h"
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
	json_array_foreach(list, i, s) cli_print_remote(s, "reason", out);
	return 0;
}
