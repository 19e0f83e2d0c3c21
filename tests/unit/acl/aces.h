/* Entries of access lists judged naively, on packets by their fields: what rules and lint are held against. */
#ifndef TESTS_UNIT_ACL_ACES_H
#define TESTS_UNIT_ACL_ACES_H

#include "acl/packet.h"
#include "acl/rule.h"
#include "tests/support/acl_frames.h"

struct sketch { /* a packet */
	uint32_t src, dst;
	uint8_t protocol, dscp, ttl;
	uint16_t len; /* total; at least 40 */
	bool more;
	uint16_t offset;
	uint16_t sport, dport;
	uint8_t tcp_flags, icmp_type, icmp_code;
};

struct acl_ace ace_any(enum acl_forwarding forwarding);
struct acl_ace ace_random(struct rng *g);
struct sketch sketch_random(struct rng *g);

/* Straight from RFC 8519's words. */
bool ace_matches(const struct acl_ace *a, const struct sketch *s);

/* The first entry that matches; n_aces if none does. */
unsigned list_decide(const struct acl_list *l, const struct sketch *s);

/* As octets, and parsed again: all that acl_packet_match() looks at. octets: 100 at least. */
struct acl_packet sketch_packet(const struct sketch *s, uint8_t *octets);

#endif
