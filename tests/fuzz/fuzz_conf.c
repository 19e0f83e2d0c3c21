/* Any octets as a configuration: a model or messages, never a crash, and never both a model and an error. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/load.h"
#include "lib/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *said = NULL;
	size_t len = 0;
	FILE *diag = open_memstream(&said, &len);

	CHECK(diag != NULL);
	struct conf *c = conf_parse("fuzz.yaml", (const char *)data, size, diag);
	fclose(diag);
	CHECK((c == NULL) == (strstr(said, ": error: ") != NULL));
	for (size_t i = 0; i < len; i++)
		CHECK(said[i] == '\n' || (uint8_t)said[i] >= 0x20);
	conf_free(c);
	free(said);
	return 0;
}
