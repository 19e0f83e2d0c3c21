/* The body of an OPEN: what decodes is a fixed point, what does not names its NOTIFICATION. */
#include "tests/fuzz/fuzz.h"

#include "lib/check.h"
#include "tests/support/roundtrip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	CHECK(roundtrip_open(data, len) == NULL);
	return 0;
}
