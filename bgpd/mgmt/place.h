/* Places of those who read a stream, of which there are so many and no more. */
#ifndef BGPD_MGMT_PLACE_H
#define BGPD_MGMT_PLACE_H

#include <stddef.h>

/* The place of who in list[0..n), or with NULL one that is free; NULL: there is none. */
static inline void **mgmt_place(void **list, unsigned n, const void *who)
{
	for (unsigned i = 0; i < n; i++)
		if (list[i] == who)
			return &list[i];
	return NULL;
}

#endif
