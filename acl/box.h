/*
 * The packets that a rule matches, as a product of ranges and sets, and what is left of it when others are taken away.
 *
 * A packet without ports (type, flags) stands for all values of them: a rule that asks for ports has only protocols and
 * fragments that have some, so it takes all of such a packet or nothing.
 */
#ifndef ACL_BOX_H
#define ACL_BOX_H

#include <stdbool.h>

#include "acl/abi.h"

enum acl_box_range {
	ACL_BOX_SOURCE,
	ACL_BOX_DESTINATION,
	ACL_BOX_DSCP,
	ACL_BOX_TTL,
	ACL_BOX_LEN,
	ACL_BOX_SPORT,
	ACL_BOX_DPORT,
	ACL_BOX_ICMP_TYPE,
	ACL_BOX_ICMP_CODE,
	ACL_BOX_RANGES
};

struct acl_box {
	uint32_t lo[ACL_BOX_RANGES], hi[ACL_BOX_RANGES];
	uint64_t protocols[4]; /* a bit each */
	uint8_t parts;	       /* bits: whole packet, first fragment, later fragment */
	uint8_t tcp_flags, tcp_mask;
};

struct acl_box acl_box_all(void);

/* False: it matches no packet, *out is nothing. */
bool acl_box_of(const struct acl_rule *r, struct acl_box *out);

/* Some packets, in pieces that do not overlap. */
#define ACL_BOXES_MAX 256
struct acl_boxes {
	struct acl_box list[ACL_BOXES_MAX];
	unsigned n;
	bool lost; /* there were too many pieces: some are missing */
};

bool acl_boxes_overlap(const struct acl_boxes *set, const struct acl_box *b);
void acl_boxes_del(struct acl_boxes *set, const struct acl_box *b);

#endif
