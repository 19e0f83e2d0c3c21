#include "bgpd/mgmt/query.h"

#include <string.h>

static int query_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool mgmt_query_get(const char *query, const char *key, char *out, size_t cap)
{
	size_t n = 0, len = strlen(key);

	if (strncmp(query, key, len) != 0 || query[len] != '=')
		return false;
	for (const char *from = query + len + 1; *from && *from != '&'; from++, n++) {
		int c = (unsigned char)*from;
		if (c == '%') {
			int hi = query_hex(from[1]), lo = hi < 0 ? -1 : query_hex(from[2]);
			if (lo < 0)
				return false;
			c = hi * 16 + lo;
			from += 2;
		}
		if (c == 0 || n + 1 >= cap)
			return false;
		out[n] = (char)c;
	}
	out[n] = '\0';
	return n > 0;
}

const char *mgmt_query_next(const char *query)
{
	const char *end = strchr(query, '&');

	return end ? end + 1 : query + strlen(query);
}
