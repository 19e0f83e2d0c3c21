/* What an order to neighbors says: who carried it out. */
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
