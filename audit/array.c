#include "audit/array.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

void *audit_array_add(void *array, size_t *n, size_t size)
{
	if ((*n & (*n - 1)) == 0) {
		array = reallocarray(array, *n ? 2 * *n : 1, size);
		CHECK(array);
	}
	memset((char *)array + *n * size, 0, size);
	(*n)++;
	return array;
}
