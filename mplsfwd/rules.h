/*
 * The policy rules: l3mdev before local, and behind l3mdev nothing at all for a customer's port.
 *
 * The kernel's default has `local` at preference 0, before the l3mdev rule at 1000: then a packet from a customer's
 * port is first looked up among the addresses of the whole router, and the core's loopback answers it. `local` is
 * therefore added again at 32765, and only then deleted at 0, so that there is never a moment without it.
 *
 * Besides, `iif PORT unreachable` stands at 1500 for each guarded port, from the start to a clean stop. While the port is
 * in its VRF the l3mdev rule decides before it. Whenever it is not (VRF deleted, port released, or up before it was
 * enslaved), the kernel routes nothing from it, delivers nothing and answers no ARP (RFC 4364 3.1: an attachment circuit
 * of no VRF). A rule on a name without a device takes hold when the device is born.
 */
#ifndef MPLSFWD_RULES_H
#define MPLSFWD_RULES_H

#include <net/if.h>
#include <stdbool.h>

#include "lib/log.h"
#include "mplsfwd/ctl.h"

#define FWD_RULES_FAMILIES 2 /* IPv4, IPv6 */

struct fwd_rule_port {
	char name[IFNAMSIZ];
	bool set; /* has stood: without it somebody deleted it */
	bool stands[FWD_RULES_FAMILIES];
};

struct fwd_rules {
	struct fwd_ctl *ctl;		 /* borrowed */
	const struct log *log;		 /* borrowed */
	bool moved[FWD_RULES_FAMILIES];	 /* order changed by us, or by a run of ours that crashed */
	bool right[FWD_RULES_FAMILIES];	 /* order, at the last look */
	bool absent[FWD_RULES_FAMILIES]; /* a kernel without this family */
	struct fwd_rule_port *ports;
	unsigned n_ports;
};

void fwd_rules_init(struct fwd_rules *r, struct fwd_ctl *ctl, const struct log *log);
void fwd_rules_fini(struct fwd_rules *r);

/* A port whose rule must stand from the next check on; and no longer. Harmless if it is so already. */
void fwd_rules_add(struct fwd_rules *r, const char *port);
void fwd_rules_del(struct fwd_rules *r, const char *port);

/* Reads what stands. 0 or -errno. */
int fwd_rules_look(struct fwd_rules *r);

/* At the last look: whether the order was right and the port's rules stood. NULL, or what was not. */
const char *fwd_rules_fault(const struct fwd_rules *r, const char *port);

/* The rules of the ports alone: first of all, before there is a VRF. 0 or -errno (logged). */
int fwd_rules_ports(struct fwd_rules *r);

/* Looks, and puts right what is not; said loudly after the first time. 0 or -errno (logged). */
int fwd_rules_check(struct fwd_rules *r);

/* The kernel's default order again, if it was we who changed it. Only when no VRF is left: it would leak. */
void fwd_rules_restore(struct fwd_rules *r);

/* At the end, when the ports are down: their rules too. */
void fwd_rules_remove(struct fwd_rules *r);

#endif
