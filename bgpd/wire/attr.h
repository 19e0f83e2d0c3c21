/*
 * Path attributes as a value: what the codec reads and writes, policy edits and the RIB interns.
 *
 * Lists stay in wire form (network order, 4-octet AS numbers always), as spans into memory that somebody
 * else owns: the receive buffer or a message arena after decoding, an interned set afterwards.
 */
#ifndef BGPD_WIRE_ATTR_H
#define BGPD_WIRE_ATTR_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/prefix.h"

enum wire_attr_code {
	WIRE_ATTR_ORIGIN = 1,		  /* RFC 4271 5.1.1 */
	WIRE_ATTR_AS_PATH = 2,		  /* RFC 4271 5.1.2 */
	WIRE_ATTR_NEXT_HOP = 3,		  /* RFC 4271 5.1.3 */
	WIRE_ATTR_MED = 4,		  /* RFC 4271 5.1.4 */
	WIRE_ATTR_LOCAL_PREF = 5,	  /* RFC 4271 5.1.5 */
	WIRE_ATTR_ATOMIC_AGGREGATE = 6,	  /* RFC 4271 5.1.6 */
	WIRE_ATTR_AGGREGATOR = 7,	  /* RFC 4271 5.1.7 */
	WIRE_ATTR_COMMUNITIES = 8,	  /* RFC 1997 */
	WIRE_ATTR_ORIGINATOR_ID = 9,	  /* RFC 4456 8 */
	WIRE_ATTR_CLUSTER_LIST = 10,	  /* RFC 4456 8 */
	WIRE_ATTR_MP_REACH = 14,	  /* RFC 4760 3 */
	WIRE_ATTR_MP_UNREACH = 15,	  /* RFC 4760 4 */
	WIRE_ATTR_EXT_COMMUNITIES = 16,	  /* RFC 4360 2 */
	WIRE_ATTR_AS4_PATH = 17,	  /* RFC 6793 3 */
	WIRE_ATTR_AS4_AGGREGATOR = 18,	  /* RFC 6793 3 */
	WIRE_ATTR_LARGE_COMMUNITIES = 32, /* RFC 8092 3 */
	WIRE_ATTR_OTC = 35,		  /* Only to Customer: RFC 9234 5 */
};

#define WIRE_ATTR_BIT(code) (UINT64_C(1) << (code))

/* Beside an optional transitive attribute that we know: some AS before us did not (RFC 4271 5, Partial bit). */
#define WIRE_ATTR_PARTIAL(code) (UINT64_C(1) << (63 - ((code)&31)))

enum wire_origin { WIRE_ORIGIN_IGP, WIRE_ORIGIN_EGP, WIRE_ORIGIN_INCOMPLETE };

struct wire_span {
	const uint8_t *p;
	uint16_t len; /* octets */
};

/* One past the last octet; also right for an empty span without memory. */
static inline const uint8_t *wire_span_end(struct wire_span s)
{
	return s.len ? s.p + s.len : s.p;
}

struct wire_attrs {
	uint64_t
		present; /* WIRE_ATTR_BIT()s of the attributes below, and their WIRE_ATTR_PARTIAL()s */
	struct ip_addr
		next_hop; /* of NEXT_HOP or of MP_REACH_NLRI (RD part stripped); IPv6 where RFC 8950 was agreed */
	uint8_t origin; /* enum wire_origin */
	uint32_t med;
	uint32_t local_pref;
	uint32_t aggregator_as;
	uint32_t aggregator_id;		    /* host order */
	uint32_t originator_id;		    /* host order */
	uint32_t otc;			    /* AS number */
	struct wire_span as_path;	    /* segments: type(1) count(1) count x AS(4) */
	struct wire_span communities;	    /* n x 4 */
	struct wire_span ext_communities;   /* n x 8 */
	struct wire_span large_communities; /* n x 12 */
	struct wire_span cluster_list;	    /* n x 4 */
	struct wire_span
		unknown; /* optional transitive attributes that we do not know: whole TLVs in
				     ascending type order, Partial bit set (RFC 4271 9) */
};

static inline bool wire_attrs_has(const struct wire_attrs *a, enum wire_attr_code code)
{
	return (a->present & WIRE_ATTR_BIT(code)) != 0;
}

#endif
