/*
 * An Ethernet frame down to what its tags carry. Octets are borrowed.
 *
 * Tags of every kind are walked, and not only those that a kernel would take for a tag: what is behind them decides
 * (a deny-list on the EtherType is passed by any frame with one tag more than it looks through).
 */
#ifndef ACL_FRAME_H
#define ACL_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include "acl/abi.h"

enum acl_ethertype {
	ACL_ETH_IPV4 = 0x0800,
	ACL_ETH_ARP = 0x0806,
	ACL_ETH_VLAN = 0x8100,
	ACL_ETH_IPV6 = 0x86dd,
	ACL_ETH_MPLS = 0x8847,
	ACL_ETH_MPLS_MULTICAST = 0x8848, /* upstream-assigned labels (RFC 5332 3) */
};

struct acl_frame {
	const uint8_t *source; /* MAC address */
	uint16_t type;	       /* EtherType behind the tags */
	unsigned n_tags;
	uint16_t tpid, vid; /* of the outer tag */
	bool has_vid;	    /* a tag, outer or not, names a VLAN other than 0 */
	const uint8_t *octets;
	size_t len; /* what follows the EtherType, padding included */
};

/* ACL_PASS, ACL_MALFORMED or ACL_L2_TAG_DEPTH. */
enum acl_reason acl_frame_parse(struct acl_frame *f, const uint8_t *octets, size_t len);

bool acl_frame_is_labelled(const struct acl_frame *f);
bool acl_ethertype_is_tag(uint16_t type);

#endif
