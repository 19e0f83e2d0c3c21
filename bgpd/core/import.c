#include "bgpd/core/import.h"

bool core_import_is_on(const struct core_peer *p, enum wire_family f)
{
	return p->conf->import_chain.n > 0 && f == WIRE_IPV4_UNICAST && !core_peer_in_vrf(p);
}

struct pol_subject core_import_subject(const struct router *r, const struct core_peer *p,
	enum wire_family f, const struct wire_nlri *n)
{
	return (struct pol_subject){.family = f,
		.nlri = n,
		.neighbor_as = p->as,
		.local_as = r->conf->as,
		.neighbor = p->addr};
}

struct rib_attrset *core_import_judge(struct router *r, struct core_peer *p, enum wire_family f,
	const struct wire_nlri *n, struct rib_attrset *set, uint16_t *reason)
{
	const struct pol_subject s = core_import_subject(r, p, f, n);
	struct pol_outcome out;
	struct wire_attrs a;
	unsigned program;

	/* a message may have thousands of routes: what one needs is given back before the next */
	arena_reset(&r->edits);
	rib_attrset_view(set, &a);
	out = pol_chain_run(&p->conf->import_chain, &s, &a, &r->edits, &program);
	*reason = out.reason;
	if (!out.accept)
		return NULL;
	return out.edited ? rib_store_get_attrs(r->store, &a) : rib_attrset_ref(set);
}

void core_import_again(struct router *r, unsigned needs)
{
	(void)r;
	(void)needs;
}

bool core_import_work(struct core_run *run, unsigned *budget)
{
	(void)run;
	(void)budget;
	return false;
}
