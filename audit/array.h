/* An array that grows. */
#ifndef AUDIT_ARRAY_H
#define AUDIT_ARRAY_H

#include <stddef.h>

/* One more element of size octets behind the *n that there are, all zero. The array, which may have moved: it doubles where n is a power of two. */
void *audit_array_add(void *array, size_t *n, size_t size);

#endif
