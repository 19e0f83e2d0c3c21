/* Any octets as a configuration: a model or messages, never a crash, and never both a model and an error. */
#include "tests/fuzz/fuzz.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/load.h"
#include "lib/check.h"

/* Source lines are indented, so what begins with the file's name is a message. */
static bool says_error(const char *said)
{
	for (const char *line = said; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		const char *level =
			strncmp(line, "fuzz.yaml:", 10) == 0 ? strstr(line, ": ") : NULL;
		if (level && strncmp(level, ": error: ", 9) == 0)
			return true;
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *said = NULL;
	size_t said_len = 0;
	FILE *diag = open_memstream(&said, &said_len);

	CHECK(diag != NULL);
	struct conf *c = conf_parse("fuzz.yaml", (const char *)data, len, diag);
	fclose(diag);
	CHECK((c == NULL) == says_error(said));
	for (size_t i = 0; i < said_len; i++)
		CHECK(said[i] == '\n' || (uint8_t)said[i] >= 0x20);
	conf_free(c);
	free(said);
	return 0;
}
