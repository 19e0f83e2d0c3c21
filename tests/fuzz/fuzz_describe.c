/* A sampled frame, for `show guard drops`: whatever it holds becomes one line of printable letters. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "acl/describe.h"
#include "lib/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char out[ACL_DESCRIBE_MAX];
	const char *text = acl_describe(data, len, out);

	CHECK(text >= out && text + strlen(text) < out + sizeof(out) && *text);
	for (; *text; text++)
		CHECK(*text >= ' ' && *text < 0x7f);
	return 0;
}
