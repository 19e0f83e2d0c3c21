#include "bgpd/out/view.h"

#include <string.h>

#include "bgpd/policy/lists.h"
#include "bgpd/policy/rewrite.h"

struct out_view out_view_of(
	enum wire_family f, const struct wire_ctx *ctx, const struct pol_receiver *to)
{
	struct out_view v = {.family = f,
		.to = *to,
		.depends_on_source = pol_receiver_depends_on_source(to),
		.ctx = *ctx};

	v.ctx.peer_as = 0;
	return v;
}

/* RFC 4271 5.1.4 and 5.1.3: towards another AS a MED and a next hop are ours, so what a rule says of them is what is sent. */
void out_view_set_chain(
	struct out_view *v, const struct pol_chain *chain, uint32_t as, const struct ip_addr *addr)
{
	if (chain->n == 0)
		return;
	v->chain = chain;
	if (chain->needs & POL_NEEDS_NEIGHBOR) {
		v->chain_as = as;
		v->chain_addr = *addr;
	}
	v->to.med_said = chain->needs & POL_NEEDS_MED;
	v->to.next_hop_said = chain->needs & POL_NEEDS_NEXT_HOP;
}

/* Not by address: a neighbour that a range made has a chain of its own, with the same programs. */
static bool chain_equal(const struct out_view *a, const struct out_view *b)
{
	const struct pol_chain *x = a->chain, *y = b->chain;

	if (!x || !y)
		return x == y;
	return x->n == y->n && memcmp(x->list, y->list, x->n * sizeof(x->list[0])) == 0 &&
	       a->chain_as == b->chain_as && ip_addr_equal(&a->chain_addr, &b->chain_addr);
}

static bool ctx_equal(const struct wire_ctx *a, const struct wire_ctx *b, uint32_t family_bit)
{
	return a->as4 == b->as4 && a->ebgp == b->ebgp && a->msg_max == b->msg_max &&
	       a->local_as == b->local_as &&
	       ((a->add_path_tx ^ b->add_path_tx) & family_bit) == 0 &&
	       ((a->extended_next_hop ^ b->extended_next_hop) & family_bit) == 0;
}

bool out_view_equal(const struct out_view *a, const struct out_view *b)
{
	return a->family == b->family && a->depends_on_source == b->depends_on_source &&
	       a->add_path == b->add_path && pol_receiver_equal(&a->to, &b->to) &&
	       chain_equal(a, b) && ctx_equal(&a->ctx, &b->ctx, WIRE_FAMILY_BIT(a->family));
}

bool out_view_check(
	const struct out_view *v, const struct rib_store *st, const struct rib_path *path)
{
	return pol_export_judge(&v->to, path, rib_source_get(st, path->source)) == POL_SEND;
}

struct pol_subject out_view_subject(const struct out_view *v, const struct wire_nlri *n)
{
	return (struct pol_subject){.family = v->family,
		.nlri = n,
		.neighbor_as = v->chain_as,
		.local_as = v->to.local_as,
		.neighbor = v->chain_addr,
		.exporting = true};
}

/* What no rule has said, where rules decide: as pol_rewrite would have it. True if that changed *a. */
static bool rewrite_unsaid(const struct out_view *v, const struct rib_source *from, uint8_t kinds,
	struct wire_attrs *a)
{
	const uint8_t med = 1 << POL_EDIT_MED | 1 << POL_EDIT_MED_DEL;
	bool changed = false;

	if (v->to.med_said && v->to.ebgp && !v->to.route_server_client && !(kinds & med) &&
		wire_attrs_has(a, WIRE_ATTR_MED)) {
		pol_attr_del(a, WIRE_ATTR_MED);
		changed = true;
	}
	if (v->to.next_hop_said && !(kinds & 1 << POL_EDIT_NEXT_HOP) &&
		pol_next_hop_becomes_self(&v->to, from)) {
		a->next_hop = v->to.self;
		changed = true;
	}
	return changed;
}

struct rib_attrset *out_view_chain(const struct out_view *v, struct rib_store *st,
	const struct rib_source *from, const struct wire_nlri *n, struct rib_attrset *set,
	struct arena *arena)
{
	const struct pol_subject s = out_view_subject(v, n);
	struct wire_attrs a;
	unsigned program;

	arena_reset(arena);
	rib_attrset_view(set, &a);
	struct pol_outcome out = pol_chain_run(v->chain, &s, &a, arena, &program);
	if (!out.accept)
		return NULL;
	if (!rewrite_unsaid(v, from, out.kinds, &a) && !out.edited)
		return rib_attrset_ref(set);
	/* RFC 8950 4: a rule may have named one that the receiver did not agree to */
	if (a.next_hop.af == IP_V6 && !v->to.v6_next_hop)
		return NULL;
	return rib_store_get_attrs(st, &a);
}

bool out_view_rewrite(const struct out_view *v, const struct rib_source *from, struct wire_attrs *a,
	struct arena *arena)
{
	return pol_rewrite(&v->to, from, a, arena);
}
