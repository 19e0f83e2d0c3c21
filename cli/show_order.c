/* What an order says: who carried it out, what became of it. */
#include "cli/show.h"

#include <stdlib.h>

#include "cli/table.h"

int cli_render_order(const json_t *answer, FILE *out)
{
	const json_t *peers = json_object_get(answer, "peers");
	const char *order = cli_string(answer, "order");
	char *names = cli_text_of(peers);

	if (json_array_size(peers) == 0)
		fprintf(out, "%s: nobody that needed it\n", order);
	else
		fprintf(out, "%s: %s\n", order, names);
	free(names);
	return 0;
}

void cli_print_unconfirmed(const json_t *answer, const char *before, FILE *out)
{
	long long left = cli_number(answer, "unconfirmed_s");
	char text[32];

	if (left)
		fprintf(out, "%sunconfirmed: taken back in %s unless `ravelin confirm` comes\n",
			before, cli_duration(left, text));
}

/* "~ neighbors/pe2": what is there with other settings; + new, - gone, ! interrupted. */
int cli_render_reload(const json_t *answer, FILE *out)
{
	const json_t *changes = json_object_get(answer, "changes");
	size_t n = json_array_size(changes);

	if (n == 0)
		fputs("unchanged: nothing differs from what is in force\n", out);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s\n", json_string_value(json_array_get(changes, i)));
	cli_print_unconfirmed(answer, "", out);
	return 0;
}

int cli_render_confirm(const json_t *answer, FILE *out)
{
	fprintf(out, "%s: it stays in force\n", cli_string(answer, "result"));
	return 0;
}
