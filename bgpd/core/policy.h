/* From the configuration of a neighbour and its session to what the rules of bgpd/policy look at. */
#ifndef BGPD_CORE_POLICY_H
#define BGPD_CORE_POLICY_H

#include "bgpd/core/state.h"
#include "bgpd/policy/export.h"

/* The session is established: fills p->policy but for the subnet (core_feed_subnet). local: our address of it. */
void core_policy_learn(const struct router *r, struct core_peer *p, struct ip_addr local);
void core_policy_fini(struct core_peer *p);

/* What p is to the routes of family f that go out. */
struct pol_receiver core_policy_receiver(const struct router *r, const struct core_peer *p,
	enum wire_family f, struct ip_addr local);

/* Whether what p is told of family f goes through its export chain: routes of the core, and nothing that only steers them (RFC 4684). */
bool core_policy_exports(const struct core_peer *p, enum wire_family f);

/* Says once a session what of its settings lets no route pass, or has no effect. */
void core_policy_note(struct core_run *run, const struct core_peer *p);

#endif
