/* ravelin show log. */
#include "cli/show.h"

#include <stdlib.h>

#include "cli/table.h"

int cli_render_log(const json_t *answer, FILE *out)
{
	const json_t *lines = json_object_get(answer, "lines");
	size_t i;
	json_t *line;

	if (json_array_size(lines) == 0) {
		fputs("no lines\n", out);
		return 1;
	}
	json_array_foreach(lines, i, line)
	{
		char *text = cli_text_of(line);
		fprintf(out, "%s\n", text);
		free(text);
	}
	return 0;
}
