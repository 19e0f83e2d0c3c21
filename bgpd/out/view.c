#include "bgpd/out/view.h"

#include <string.h>

#include "bgpd/policy/export.h"
#include "bgpd/policy/steering.h"
#include "bgpd/wire/as4.h"
#include "bgpd/wire/aspath.h"

#define LOCAL_PREF_DEFAULT 100

struct out_view out_view_of(
	enum wire_family f, uint16_t vrf, const struct wire_ctx *ctx, struct ip_addr local)
{
	struct out_view v;

	memset(&v, 0,
		sizeof(v)); /* padding too: out_view_equal may then be one comparison a field */
	v.family = f;
	v.vrf = vrf;
	v.ebgp = ctx->ebgp;
	v.strip_ecs = vrf != RIB_VRF_CORE;
	v.next_hop = local;
	v.ctx = *ctx;
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
	return a->family == b->family && a->vrf == b->vrf && a->ebgp == b->ebgp &&
	       a->strip_ecs == b->strip_ecs && a->depends_on_source == b->depends_on_source &&
	       a->add_path == b->add_path && ip_addr_equal(&a->next_hop, &b->next_hop) &&
	       ctx_equal(&a->ctx, &b->ctx, WIRE_FAMILY_BIT(a->family));
}

bool out_view_check(
	const struct out_view *v, const struct rib_store *st, const struct rib_path *path)
{
	return pol_export_check(path, rib_source_get(st, path->source), v->ebgp);
}

static void attrs_remove(struct wire_attrs *a, enum wire_attr_code code)
{
	a->present &= ~(WIRE_ATTR_BIT(code) | WIRE_ATTR_PARTIAL(code));
}

static bool path_has_confed(struct wire_span path)
{
	for (const uint8_t *s = path.p; s != wire_span_end(path); s += 2 + 4 * (size_t)s[1])
		if (s[0] == WIRE_AS_CONFED_SEQUENCE || s[0] == WIRE_AS_CONFED_SET)
			return true;
	return false;
}

/*
 * RFC 5065 4.1: what is inside a confederation is not told outside. We are in none, but iBGP neighbours may be, and an
 * external one must call such a path malformed (5).
 */
static struct wire_span path_outside(struct wire_span path, struct arena *arena)
{
	if (!path_has_confed(path))
		return path;
	struct wbuf w = wbuf_of(arena_alloc(arena, path.len), path.len);

	wire_aspath_put_as4(&w, path);
	return w.len == path.len ? path : (struct wire_span){.p = w.base, .len = (uint16_t)w.len};
}

static bool rewrite_ebgp(const struct out_view *v, struct wire_attrs *a, struct arena *arena)
{
	attrs_remove(a, WIRE_ATTR_LOCAL_PREF);
	attrs_remove(a, WIRE_ATTR_MED);
	attrs_remove(a, WIRE_ATTR_ORIGINATOR_ID);
	attrs_remove(a, WIRE_ATTR_CLUSTER_LIST);
	if (v->strip_ecs) {
		attrs_remove(a, WIRE_ATTR_EXT_COMMUNITIES);
		(void)pol_steering_strip(a, arena);
	}
	a->next_hop = v->next_hop;
	a->as_path =
		wire_aspath_prepend(path_outside(a->as_path, arena), v->ctx.local_as, 1, arena);
	a->present |= WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH);
	return a->as_path.len > 0;
}

/* What VRFs export has its next hop already: the address that the label belongs to. */
static void rewrite_ibgp(const struct out_view *v, struct wire_attrs *a)
{
	if (!wire_attrs_has(a, WIRE_ATTR_LOCAL_PREF)) {
		a->present |= WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
		a->local_pref = LOCAL_PREF_DEFAULT;
	}
	if (a->next_hop.af == IP_NONE)
		a->next_hop = v->next_hop;
}

bool out_view_rewrite(const struct out_view *v, const struct rib_source *from, struct wire_attrs *a,
	struct arena *arena)
{
	(void)from;
	if (v->ebgp)
		return rewrite_ebgp(v, a, arena);
	rewrite_ibgp(v, a);
	return true;
}
