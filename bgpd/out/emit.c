#include "bgpd/out/emit.h"

#include "bgpd/wire/update.h"
#include "lib/check.h"

static bool is_for(const struct out_member *m, struct out_to to)
{
	bool is_source = to.who != RIB_SOURCE_NONE && m->source == to.who;

	return is_source == (to.scope == OUT_ONLY);
}

static void member_emit(const struct out_call *r, struct out_member *m, struct out_block *block)
{
	m->fresh = false;
	r->emit(r->arg, m->peer, block);
}

/* shown: of g->dump, which is for the members of one lane. Exports are nobody's own: all of these are told them. */
static void tell_exports(const struct out_call *r, const struct out_pack *p, bool shown)
{
	for (uint32_t i = 0; i < r->g->n_members && p->n_exports > 0; i++) {
		const struct out_member *m = &r->g->members[i];
		if (shown ? m->lane != r->g->dumping : !out_lane_is_live(m->lane))
			continue;
		for (uint32_t k = 0; k < p->n_exports; k++)
			r->s->tell(r->arg, m->peer, p->exports[k]);
	}
}

static void emit_change(void *arg, struct out_to to, struct out_block *block)
{
	const struct out_call *r = arg;

	for (uint32_t i = 0; i < r->g->n_members; i++) {
		struct out_member *m = &r->g->members[i];
		if (is_for(m, to) && out_lane_is_live(m->lane))
			member_emit(r, m, block);
	}
}

static void emit_shown(void *arg, struct out_to to, struct out_block *block)
{
	const struct out_call *r = arg;

	for (uint32_t i = 0; i < r->g->n_members; i++) {
		struct out_member *m = &r->g->members[i];
		if (is_for(m, to) && m->lane == r->g->dumping)
			member_emit(r, m, block);
	}
}

void out_emit_dump(struct out_call *r)
{
	CHECK(r->g->dumping != NULL || out_pack_is_empty(&r->g->dump));
	tell_exports(r, &r->g->dump, true);
	out_pack_flush(&r->g->dump, r->s->store, r->s->encoder, emit_shown, r);
}

static void packed_clear(struct out_group *g)
{
	for (uint32_t i = 0; i < g->n_packed; i++)
		out_bits_clear(&g->packed, g->packed_list[i]);
	g->n_packed = 0;
	g->held = g->held_octets = 0;
}

void out_emit_changes(struct out_call *r)
{
	out_emit_dump(r);
	tell_exports(r, &r->g->pack, false);
	out_pack_flush(&r->g->pack, r->s->store, r->s->encoder, emit_change, r);
	packed_clear(r->g);
}

void out_emit_nothing(struct out_call *r)
{
	out_pack_drop(&r->g->pack, r->s->store);
	packed_clear(r->g);
}

void out_emit_show(struct out_call *r, struct out_lane *l, const struct out_route *route)
{
	if (r->g->dumping != l)
		out_emit_dump(r);
	r->g->dumping = l;
	out_pack_add(&r->g->dump, r->s->store, route);
}

static void emit_octets(struct out_call *r, const struct out_member *m, const struct wbuf *w)
{
	struct out_block *block = out_block_new(w->base, w->len);

	r->emit(r->arg, m->peer, block);
	out_block_unref(block);
}

void out_emit_eor(struct out_call *r, const struct out_member *m)
{
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	wire_update_put_eor(&w, r->g->view.family);
	emit_octets(r, m, &w);
}

void out_emit_refresh(struct out_call *r, const struct out_member *m, enum wire_refresh subtype)
{
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	wire_refresh_put(&w, r->g->view.family, subtype);
	emit_octets(r, m, &w);
}
