#include "bgpd/policy/lists.h"

#include "bgpd/wire/comm.h"
#include "lib/wbuf.h"

void pol_attr_del(struct wire_attrs *a, enum wire_attr_code code)
{
	a->present &= ~(WIRE_ATTR_BIT(code) | WIRE_ATTR_PARTIAL(code));
}

/* An attribute that is not present may still have octets of its own: they do not count. */
static struct wire_span list_of(
	const struct wire_attrs *a, enum wire_attr_code code, struct wire_span s)
{
	return wire_attrs_has(a, code) ? s : (struct wire_span){0};
}

/* Room for a list and `more` octets; the cursor is bad if there is none. */
static struct wbuf list_begin(struct arena *arena, struct wire_span list, unsigned more)
{
	size_t cap = (size_t)list.len + more;
	struct wbuf w = wbuf_of(cap <= UINT16_MAX ? arena_alloc(arena, cap) : NULL, cap);

	w.bad = w.base == NULL;
	return w;
}

static struct wire_span list_end(const struct wbuf *w)
{
	return (struct wire_span){.p = w->base, .len = (uint16_t)w->len};
}

bool pol_comm_add(struct wire_attrs *a, uint32_t community, struct arena *arena)
{
	struct wire_span have = list_of(a, WIRE_ATTR_COMMUNITIES, a->communities);

	if (wire_comm_has(have, community))
		return true;
	struct wbuf w = list_begin(arena, have, 4);
	wbuf_put(&w, have.p, have.len);
	wbuf_put_u32(&w, community);
	if (!wbuf_ok(&w))
		return false;
	a->communities = list_end(&w);
	a->present |= WIRE_ATTR_BIT(WIRE_ATTR_COMMUNITIES);
	return true;
}

bool pol_extcomm_add(struct wire_attrs *a, uint64_t ec, struct arena *arena)
{
	struct wire_span have = list_of(a, WIRE_ATTR_EXT_COMMUNITIES, a->ext_communities);

	if (wire_extcomm_has(have, ec))
		return true;
	struct wbuf w = list_begin(arena, have, 8);
	wbuf_put(&w, have.p, have.len);
	wbuf_put_u64(&w, ec);
	if (!wbuf_ok(&w))
		return false;
	a->ext_communities = list_end(&w);
	a->present |= WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES);
	return true;
}

bool pol_cluster_add(struct wire_attrs *a, uint32_t cluster, struct arena *arena)
{
	struct wire_span have = list_of(a, WIRE_ATTR_CLUSTER_LIST, a->cluster_list);
	struct wbuf w = list_begin(arena, have, 4);

	wbuf_put_u32(&w, cluster);
	wbuf_put(&w, have.p, have.len);
	if (!wbuf_ok(&w))
		return false;
	a->cluster_list = list_end(&w);
	a->present |= WIRE_ATTR_BIT(WIRE_ATTR_CLUSTER_LIST);
	return true;
}

bool pol_extcomm_strip(struct wire_attrs *a, pol_extcomm_keep_fn *keep, struct arena *arena)
{
	struct wire_span have = list_of(a, WIRE_ATTR_EXT_COMMUNITIES, a->ext_communities);
	unsigned n = wire_extcomm_count(have), kept = 0;

	for (unsigned i = 0; i < n; i++)
		kept += keep(wire_extcomm_at(have, i));
	if (kept == n)
		return true;
	struct wbuf w = list_begin(arena, have, 0);
	for (unsigned i = 0; i < n; i++)
		if (keep(wire_extcomm_at(have, i)))
			wbuf_put_u64(&w, wire_extcomm_at(have, i));
	if (!wbuf_ok(&w))
		return false;
	a->ext_communities = list_end(&w);
	if (kept == 0)
		pol_attr_del(a, WIRE_ATTR_EXT_COMMUNITIES);
	return true;
}
