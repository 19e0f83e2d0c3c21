/* A route as a person types it, for trying policies on. Pure. */
#ifndef CLI_ROUTE_H
#define CLI_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "bgpd/policy/validity.h"
#include "bgpd/wire/attr.h"
#include "bgpd/wire/nlri.h"

#define CLI_ROUTE_PATH_MAX 255 /* of one segment (RFC 4271 4.3) */
#define CLI_ROUTE_LIST_MAX 128 /* communities of a kind */

struct cli_route { /* not to be copied: attrs borrows the lists behind it */
	struct wire_nlri nlri;
	struct wire_attrs attrs;
	enum pol_rov rov;
	enum pol_aspa aspa;
	uint8_t path[2 + 4 * CLI_ROUTE_PATH_MAX];
	uint8_t communities[4 * CLI_ROUTE_LIST_MAX];
	uint8_t large[12 * CLI_ROUTE_LIST_MAX];
	uint8_t extended[8 * CLI_ROUTE_LIST_MAX];
};

/*
 * "PREFIX [as-path AS...] [next-hop ADDRESS] [community C...] [med N] [local-pref N] [origin O] [rpki S] [aspa S]", a
 * community of any kind; large and extended are other words for it. False: why (cap octets) says what was not understood.
 */
bool cli_route_parse(struct cli_route *r, const char *text, char *why, size_t cap);

/* Puts an AS behind the path; false if it is full. */
bool cli_route_add_as(struct cli_route *r, uint32_t as);

#endif
