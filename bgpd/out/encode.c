#include "bgpd/out/encode.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

#define ENCODE_ARENA_OCTETS                                                                        \
	(1u << 18) /* an AS_PATH of 64 KiB twice, what prepending adds, unknown attributes */

struct out_encoder *out_encoder_new(const struct rib_store *st)
{
	struct out_encoder *e = malloc(sizeof(*e));

	CHECK(e != NULL);
	e->store = st;
	arena_init(&e->arena, ENCODE_ARENA_OCTETS);
	return e;
}

void out_encoder_free(struct out_encoder *e)
{
	if (!e)
		return;
	arena_fini(&e->arena);
	free(e);
}

static bool encode_to(struct out_encoder *e, unsigned which, const struct out_view *v,
	uint16_t source, const struct rib_attrset *set, struct wire_reach *out)
{
	struct wbuf w = wbuf_of(e->octets[which], v->ctx.msg_max);
	struct wire_attrs a;

	arena_reset(&e->arena);
	rib_attrset_view(set, &a);
	if (!out_view_rewrite(v, rib_source_get(e->store, source), &a, &e->arena))
		return false;
	wire_attrs_put(&w, &v->ctx, v->family, &a);
	*out = (struct wire_reach){
		.attrs = {.p = w.base, .len = (uint16_t)w.len}, .next_hop = a.next_hop};
	return wbuf_ok(&w);
}

bool out_encode(struct out_encoder *e, const struct out_view *v, uint16_t source,
	const struct rib_attrset *set, struct wire_reach *out)
{
	return encode_to(e, 0, v, source, set, out);
}

bool out_encode_is_same(struct out_encoder *e, const struct out_view *v, uint16_t source,
	const struct rib_attrset *a, const struct rib_attrset *b)
{
	struct wire_reach x, y;

	if (a == b)
		return true;
	return encode_to(e, 0, v, source, a, &x) && encode_to(e, 1, v, source, b, &y) &&
	       x.attrs.len == y.attrs.len && memcmp(x.attrs.p, y.attrs.p, x.attrs.len) == 0 &&
	       ip_addr_equal(&x.next_hop, &y.next_hop);
}
