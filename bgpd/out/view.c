#include "bgpd/out/view.h"

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
	       ctx_equal(&a->ctx, &b->ctx, WIRE_FAMILY_BIT(a->family));
}

bool out_view_check(
	const struct out_view *v, const struct rib_store *st, const struct rib_path *path)
{
	return pol_export_judge(&v->to, path, rib_source_get(st, path->source)) == POL_SEND;
}

bool out_view_rewrite(const struct out_view *v, const struct rib_source *from, struct wire_attrs *a,
	struct arena *arena)
{
	return pol_rewrite(&v->to, from, a, arena);
}
