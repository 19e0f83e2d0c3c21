/* What the two OPENs agreed: the read-only input of every codec call of a session. */
#ifndef BGPD_WIRE_CTX_H
#define BGPD_WIRE_CTX_H

#include <stdbool.h>
#include <stdint.h>

struct wire_ctx {
	bool as4;	       /* both sides sent the 4-octet AS capability (RFC 6793 3) */
	bool ebgp;	       /* the neighbour is in another AS */
	bool refresh;	       /* route refresh (RFC 2918 2) agreed */
	bool enhanced_refresh; /* BoRR and EoRR (RFC 7313 3) agreed */
	uint32_t
		families; /* WIRE_FAMILY_BIT()s agreed; IPv4 unicast alone if neither side sent MP (RFC 4760 8) */
	uint32_t
		add_path_rx; /* families whose NLRI carry a path identifier on their way in (RFC 7911 4) */
	uint32_t add_path_tx;	    /* ... and out */
	uint32_t extended_next_hop; /* families in which an IPv6 next hop is allowed (RFC 8950 4) */
	uint16_t
		msg_max; /* octets of what may be sent and received: 4096 (RFC 4271 4.1), or 65535 (RFC 8654 4) */
	uint32_t local_as;
	uint32_t peer_as;
};

#endif
