/* What the two OPENs agreed: the read-only input of every codec call of a session. */
#ifndef BGPD_WIRE_CTX_H
#define BGPD_WIRE_CTX_H

#include <stdbool.h>
#include <stdint.h>

struct wire_ctx {
	bool as4;     /* both sides sent the 4-octet AS capability (RFC 6793 3) */
	bool ebgp;    /* the neighbour is in another AS */
	bool refresh; /* route refresh (RFC 2918 2) agreed */
	uint32_t
		families; /* WIRE_FAMILY_BIT()s agreed; IPv4 unicast alone if neither side sent MP (RFC 4760 8) */
	uint16_t msg_max; /* octets, 4096 (RFC 4271 4.1) */
	uint32_t local_as;
	uint32_t peer_as;
};

#endif
