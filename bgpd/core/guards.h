/*
 * What mplsfwd says of the ports' guards: their state at each change, counters when they are asked for, the last dropped
 * packets. For `show` and metrics only: nothing is decided by it.
 */
#ifndef BGPD_CORE_GUARDS_H
#define BGPD_CORE_GUARDS_H

#include "bgpd/core/state.h"

#define CORE_DROPS_MAX	 256 /* the last ones are kept */
#define CORE_UNKNOWN_MAX 64  /* devices that the configuration does not know: shown by name */

struct core_drop {
	struct fib_drop drop; /* its octets are the following */
	uint8_t octets[FIB_DROP_OCTETS];
	uint16_t port, rule;
	uint8_t reason;
	char name[16]; /* of the device, with FIB_PORT_UNKNOWN */
};

struct core_unknown {
	char name[16];
	uint8_t state; /* enum fib_guard */
	uint32_t drifts;
	uint64_t counts[ACL_REASONS_MAX];
};

struct core_guards {
	struct core_drop drops[CORE_DROPS_MAX];
	uint64_t n_drops; /* ever; the newest stands at (n_drops - 1) % CORE_DROPS_MAX */
	struct core_unknown unknown[CORE_UNKNOWN_MAX];
	unsigned n_unknown;
	unsigned unknown_left_out; /* at least: said while there was no room */
};

void core_guards_init(struct router *r); /* after ports */
void core_guards_fini(struct router *r);

/* There is another configuration: ports have come, have gone, have other rules. */
void core_guards_reload(
	struct core_run *run, const struct conf *before, const struct conf_change *change);

/*
 * FIB_GUARD_PORT, _COUNT, _RULE, _DROP. After a FIB_GUARD_PORT all counters of the port are 0 until they are said: they are
 * said after it whenever they are asked for.
 */
void core_guards_port(struct core_run *run, const struct event *ev);
void core_guards_count(struct core_run *run, const struct event *ev);
void core_guards_rule(struct core_run *run, const struct event *ev);
void core_guards_drop(struct core_run *run, const struct event *ev);

/*
 * The drop that came i before the newest; NULL: none, or not kept. And the own rule of a port by its number: its list and
 * its entry in that, false if there is none.
 */
const struct core_drop *core_guards_recent(const struct router *r, unsigned i);
bool core_guards_ace(const struct conf *c, unsigned port, unsigned rule,
	const struct acl_list **list, const struct acl_ace **ace);

#endif
