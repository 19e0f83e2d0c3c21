/* Queries of the API: key=value&key=value, percent-encoded (RFC 3986 2.1), from outside. */
#ifndef BGPD_MGMT_QUERY_H
#define BGPD_MGMT_QUERY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether the query begins with key=VALUE: the value, decoded, in out. False also if it is empty, malformed, has a NUL in
 * it, or is longer than cap - 1 octets.
 */
bool mgmt_query_get(const char *query, const char *key, char *out, size_t cap);

/* What follows the first key=value; "" at the end. */
const char *mgmt_query_next(const char *query);

#endif
