/*
 * The order of the policy rules: l3mdev before local.
 *
 * The kernel's default has `local` at preference 0, before the l3mdev rule at 1000: then a packet from a customer's
 * port is first looked up among the addresses of the whole router, and the core's loopback answers it. `local` is
 * therefore added again at 32765, and only then deleted at 0, so that there is never a moment without it.
 */
#ifndef MPLSFWD_RULES_H
#define MPLSFWD_RULES_H

#include <stdbool.h>

#include "lib/log.h"
#include "mplsfwd/ctl.h"

struct fwd_rules {
	struct fwd_ctl *ctl;   /* borrowed */
	const struct log *log; /* borrowed */
	bool moved
		[2]; /* IPv4, IPv6: the order was changed by us, or by a run of ours that crashed */
};

void fwd_rules_init(struct fwd_rules *r, struct fwd_ctl *ctl, const struct log *log);

/* Looks, and puts the order right if it is not; said loudly after the first time. 0 or -errno (logged). */
int fwd_rules_check(struct fwd_rules *r);

/* The kernel's default order again, if it was we who changed it. Only when no VRF is left: it would leak. */
void fwd_rules_restore(struct fwd_rules *r);

#endif
