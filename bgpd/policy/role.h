/*
 * Roles and Only to Customer (RFC 9234): what a neighbour is to us says where its routes may go. For IPv4 and IPv6
 * unicast between two AS only; nobody can configure the procedure away (RFC 9234 5).
 */
#ifndef BGPD_POLICY_ROLE_H
#define BGPD_POLICY_ROLE_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/wire/attr.h"

enum pol_role { /* ours on a session; numbers of the capability (RFC 9234 4.1) */
	POL_ROLE_PROVIDER = 0,
	POL_ROLE_RS = 1,
	POL_ROLE_RS_CLIENT = 2,
	POL_ROLE_CUSTOMER = 3,
	POL_ROLE_PEER = 4,
	POL_ROLE_NONE = 255,
};

/* On the way in: false for a leak (the route is ineligible); else OTC is there if it must be. */
bool pol_role_import(enum pol_role ours, uint32_t peer_as, struct wire_attrs *a);

/* Whether a route may go out: what carries OTC goes to customers and route server clients only. */
bool pol_role_check(enum pol_role ours, bool has_otc);

/* On the way out: OTC is added where it must be. */
void pol_role_export(enum pol_role ours, uint32_t local_as, struct wire_attrs *a);

#endif
