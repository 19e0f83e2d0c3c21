#include "cli/remote.h"

#include <stdlib.h>

#include "cli/table.h"

void cli_print_remote(const json_t *remote, const char *failure, FILE *out)
{
	const json_t *why = json_object_get(remote, failure);
	bool failed = json_string_length(why) > 0;
	char *name = cli_text_of(json_object_get(remote, "name"));
	char *text = failed ? cli_text_of(why) : NULL;
	char line[512];

	snprintf(line, sizeof(line), "%s port %lld%s%s%s", cli_string(remote, "address"),
		cli_number(remote, "port"), cli_true(remote, "tls") ? " (TLS)" : "",
		failed ? ", last error: " : "", failed ? text : "");
	fprintf(out, "  %.70s:\n", name);
	cli_print_wrapped(line, out);
	free(name);
	free(text);
}
