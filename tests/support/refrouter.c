#include "tests/support/refrouter.h"

#include <string.h>

#include "lib/check.h"
#include "lib/wbuf.h"

enum { PROVIDER, RS, RS_CLIENT, CUSTOMER, PEER }; /* RFC 9234 4.1 */

static uint32_t u32_at(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool u32s_get(struct wire_span s, struct ref_u32s *out)
{
	out->n = s.len / 4u;
	for (unsigned i = 0; i < out->n && i < REF_LIST; i++)
		out->of[i] = u32_at(s.p + 4 * i);
	return out->n <= REF_LIST;
}

static bool has(const struct ref_u32s *l, uint32_t v)
{
	for (unsigned i = 0; i < l->n; i++)
		if (l->of[i] == v)
			return true;
	return false;
}

static void put_front(struct ref_u32s *l, uint32_t v)
{
	CHECK(l->n < REF_LIST);
	memmove(l->of + 1, l->of, l->n * sizeof(l->of[0]));
	l->of[0] = v;
	l->n++;
}

static void put_back(struct ref_u32s *l, uint32_t v)
{
	CHECK(l->n < REF_LIST);
	l->of[l->n++] = v;
}

static bool path_get(struct wire_span s, struct ref_attrs *out)
{
	for (unsigned at = 0; at < s.len; at += 2 + 4 * s.p[at + 1]) {
		if (s.p[at] == 1) {
			out->set_at = out->path.n;
			out->set_len = s.p[at + 1];
		}
		for (unsigned i = 0; i < s.p[at + 1]; i++) {
			if (out->path.n == REF_LIST)
				return false;
			put_back(&out->path, u32_at(s.p + at + 2 + 4 * i));
		}
	}
	return true;
}

bool ref_attrs_get(const struct wire_attrs *from, struct ref_attrs *out)
{
	bool ok = true;

	memset(out, 0, sizeof(*out));
	out->origin = from->origin;
	if (from->next_hop.af == IP_V4)
		out->next_hop = ip_addr_get_v4(&from->next_hop);
	out->has_med = wire_attrs_has(from, WIRE_ATTR_MED);
	out->has_local_pref = wire_attrs_has(from, WIRE_ATTR_LOCAL_PREF);
	out->has_originator = wire_attrs_has(from, WIRE_ATTR_ORIGINATOR_ID);
	out->has_otc = wire_attrs_has(from, WIRE_ATTR_OTC);
	out->med = out->has_med ? from->med : 0;
	out->local_pref = out->has_local_pref ? from->local_pref : 0;
	out->originator = out->has_originator ? from->originator_id : 0;
	out->otc = out->has_otc ? from->otc : 0;
	ok &= path_get(from->as_path, out);
	if (wire_attrs_has(from, WIRE_ATTR_COMMUNITIES))
		ok &= u32s_get(from->communities, &out->communities);
	if (wire_attrs_has(from, WIRE_ATTR_CLUSTER_LIST))
		ok &= u32s_get(from->cluster_list, &out->clusters);
	if (wire_attrs_has(from, WIRE_ATTR_LARGE_COMMUNITIES))
		ok &= u32s_get(from->large_communities, &out->large);
	if (wire_attrs_has(from, WIRE_ATTR_EXT_COMMUNITIES)) {
		out->n_ext = from->ext_communities.len / 8u;
		for (unsigned i = 0; i < out->n_ext && i < REF_LIST; i++) {
			const uint8_t *p = from->ext_communities.p + 8 * i;
			out->ext[i] = (uint64_t)u32_at(p) << 32 | u32_at(p + 4);
		}
		ok &= out->n_ext <= REF_LIST;
	}
	for (unsigned i = 0; i < from->unknown.len; i++)
		out->unknown = out->unknown * 31 + from->unknown.p[i] + 1;
	return ok;
}

static struct wire_span u32s_put(const uint32_t *of, unsigned n, struct arena *arena)
{
	struct wbuf w = wbuf_of(arena_alloc(arena, 4 * n + 1), 4 * n);

	for (unsigned i = 0; i < n; i++)
		wbuf_put_u32(&w, of[i]);
	CHECK(w.base && wbuf_ok(&w));
	return (struct wire_span){.p = w.base, .len = (uint16_t)w.len};
}

static struct wire_span path_put(const struct ref_attrs *a, struct arena *arena)
{
	size_t cap = 4 * a->path.n + 4;
	struct wbuf w = wbuf_of(arena_alloc(arena, cap), cap);
	unsigned seq = a->path.n - a->set_len;

	for (unsigned i = 0; i < a->path.n; i++) {
		if (i == 0 || i == seq) {
			wbuf_put_u8(&w, i < seq ? 2 : 1);
			wbuf_put_u8(&w, (uint8_t)(i < seq ? seq : a->set_len));
		}
		wbuf_put_u32(&w, a->path.of[i]);
	}
	CHECK(w.base && wbuf_ok(&w));
	return (struct wire_span){.p = w.base, .len = (uint16_t)w.len};
}

static void bit_if(struct wire_attrs *a, bool on, enum wire_attr_code code)
{
	if (on)
		a->present |= WIRE_ATTR_BIT(code);
}

void ref_attrs_put(const struct ref_attrs *from, struct arena *arena, struct wire_attrs *out)
{
	uint32_t ext[2 * REF_LIST];

	for (unsigned i = 0; i < from->n_ext; i++) {
		ext[2 * i] = (uint32_t)(from->ext[i] >> 32);
		ext[2 * i + 1] = (uint32_t)from->ext[i];
	}
	*out = (struct wire_attrs){.origin = (uint8_t)from->origin,
		.next_hop = ip_addr_v4(from->next_hop),
		.med = from->med,
		.local_pref = from->local_pref,
		.originator_id = from->originator,
		.otc = from->otc,
		.as_path = path_put(from, arena),
		.communities = u32s_put(from->communities.of, from->communities.n, arena),
		.cluster_list = u32s_put(from->clusters.of, from->clusters.n, arena),
		.large_communities = u32s_put(from->large.of, from->large.n, arena),
		.ext_communities = u32s_put(ext, 2 * from->n_ext, arena)};
	out->present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
		       WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
	bit_if(out, from->has_med, WIRE_ATTR_MED);
	bit_if(out, from->has_local_pref, WIRE_ATTR_LOCAL_PREF);
	bit_if(out, from->has_originator, WIRE_ATTR_ORIGINATOR_ID);
	bit_if(out, from->has_otc, WIRE_ATTR_OTC);
	bit_if(out, from->communities.n, WIRE_ATTR_COMMUNITIES);
	bit_if(out, from->clusters.n, WIRE_ATTR_CLUSTER_LIST);
	bit_if(out, from->large.n, WIRE_ATTR_LARGE_COMMUNITIES);
	bit_if(out, from->n_ext, WIRE_ATTR_EXT_COMMUNITIES);
}

bool ref_attrs_equal(const struct ref_attrs *a, const struct ref_attrs *b)
{
	return memcmp(a, b, sizeof(*a)) == 0; /* both are made from zeroed memory */
}

static bool is_soo(uint64_t ec)
{
	return (ec >> 56) <= 2 && (ec >> 48 & 0xff) == 3; /* RFC 4360 5 */
}

static void ext_keep(struct ref_attrs *a, bool (*keep)(uint64_t ec))
{
	unsigned n = 0;

	for (unsigned i = 0; i < a->n_ext; i++)
		if (keep(a->ext[i]))
			a->ext[n++] = a->ext[i];
	while (a->n_ext > n)
		a->ext[--a->n_ext] = 0;
}

static bool is_not_soo(uint64_t ec)
{
	return !is_soo(ec);
}

static bool is_transitive(uint64_t ec)
{
	return !(ec >> 62 & 1); /* RFC 4360 2: the T bit */
}

static bool ext_has(const struct ref_attrs *a, uint64_t ec)
{
	for (unsigned i = 0; i < a->n_ext; i++)
		if (a->ext[i] == ec)
			return true;
	return false;
}

/* RFC 9234 5, the three rules of ingress, in its words. */
static bool otc_import(const struct ref_neighbour *n, struct ref_attrs *a)
{
	/* 1. from a Customer or an RS-Client: it is a leak */
	if (a->has_otc && (n->role == PROVIDER || n->role == RS))
		return false;
	/* 2. from a Peer, and the value is not the remote AS: it is a leak */
	if (a->has_otc && n->role == PEER && a->otc != n->as)
		return false;
	/* 3. from a Provider, a Peer, or an RS, and it is not present: add it with the remote AS */
	if (!a->has_otc && (n->role == CUSTOMER || n->role == PEER || n->role == RS_CLIENT)) {
		a->has_otc = true;
		a->otc = n->as;
	}
	return true;
}

/* RFC 7948 4.8 */
static bool next_hop_is_a_clients(
	const struct ref_router *r, const struct ref_neighbour *n, uint32_t a)
{
	for (unsigned i = 0; i < r->n; i++)
		if (r->neighbours[i].as == n->as && r->neighbours[i].addr == a)
			return true;
	return false;
}

static bool import_is_refused(
	const struct ref_router *r, const struct ref_neighbour *n, const struct ref_attrs *a)
{
	bool ebgp = n->as != r->as;
	unsigned own = 0;

	for (unsigned i = 0; i < a->path.n; i++)
		own += a->path.of[i] == r->as;
	if (!n->import || (a->set_len && !n->allow_as_set) || own > n->allow_own_as)
		return true;
	if (ebgp && n->role != RS_CLIENT &&
		(a->path.n == 0 || (a->set_len && a->set_at == 0) || a->path.of[0] != n->as))
		return true;
	if (!ebgp &&
		((a->has_originator && a->originator == r->id) || has(&a->clusters, r->cluster)))
		return true;
	if (n->rs_client && !next_hop_is_a_clients(r, n, a->next_hop))
		return true;
	return a->next_hop == r->addr;
}

bool ref_import(const struct ref_router *r, struct ref_route *route)
{
	const struct ref_neighbour *n = &r->neighbours[route->from];
	struct ref_attrs *a = &route->a;
	bool ebgp = n->as != r->as;

	if (import_is_refused(r, n, a))
		return false;
	if (ebgp && !route->labelled && !otc_import(n, a))
		return false;
	if (ebgp) { /* RFC 4271 5.1.5, RFC 4456 8 */
		a->has_local_pref = a->has_originator = false;
		a->local_pref = a->originator = 0;
		memset(&a->clusters, 0, sizeof(a->clusters));
	}
	if (ebgp && has(&a->communities, 0xffff0000)) /* RFC 8326 4.2 */
		a->has_local_pref = true;
	if (n->site) {
		ext_keep(a, is_not_soo);
		CHECK(a->n_ext < REF_LIST);
		a->ext[a->n_ext++] = n->site;
	}
	return true;
}

/* --- RFC 4271 9.1.2, RFC 4456 9: every step takes routes out of the set --- */

struct candidate {
	const struct ref_route *route;
	const struct ref_neighbour *n;
	uint32_t metric;
	bool ebgp;
};

static uint32_t local_pref_of(const struct ref_attrs *a)
{
	return a->has_local_pref ? a->local_pref : 100;
}

static uint32_t path_len(const struct ref_attrs *a)
{
	return a->path.n - a->set_len + (a->set_len > 0);
}

static uint32_t neighbour_as(const struct ref_attrs *a)
{
	return a->path.n && !(a->set_len && a->set_at == 0) ? a->path.of[0] : 0;
}

static uint32_t step_value(const struct candidate *c, unsigned step)
{
	const struct ref_attrs *a = &c->route->a;

	switch (step) {
	case 0:
		return UINT32_MAX - local_pref_of(a);
	case 1:
		return path_len(a);
	case 2:
		return a->origin;
	case 4:
		return !c->ebgp;
	case 5:
		return c->metric;
	case 6:
		return a->has_originator ? a->originator : c->n->router_id;
	case 7:
		return a->clusters.n;
	default:
		return c->n->addr;
	}
}

static bool loses(const struct candidate *p, const struct candidate *q, unsigned step)
{
	if (step != 3)
		return step_value(q, step) < step_value(p, step);
	return neighbour_as(&p->route->a) == neighbour_as(&q->route->a) &&
	       q->route->a.med < p->route->a.med;
}

const struct ref_route *ref_decide(const struct ref_router *r, const struct ref_route *routes,
	unsigned n, ref_metric_fn *metric)
{
	struct candidate in[REF_LIST], left[REF_LIST];
	unsigned n_in = 0;

	CHECK(n <= REF_LIST);
	for (unsigned i = 0; i < n; i++) {
		const struct ref_neighbour *nb = &r->neighbours[routes[i].from];
		struct candidate c = {
			&routes[i], nb, metric(r, routes[i].a.next_hop), nb->as != r->as};
		if (c.metric != UINT32_MAX)
			in[n_in++] = c;
	}
	for (unsigned step = 0; step <= 8; step++) {
		unsigned n_left = 0;
		for (unsigned i = 0; i < n_in; i++) {
			bool lost = false;
			for (unsigned k = 0; k < n_in; k++)
				lost |= loses(&in[i], &in[k], step);
			if (!lost)
				left[n_left++] = in[i];
		}
		memcpy(in, left, sizeof(in));
		n_in = n_left;
	}
	CHECK(n_in <= 1);
	return n_in ? in[0].route : NULL;
}

/* --- who is told, and what --- */

static bool export_is_refused(const struct ref_router *r, const struct ref_route *best,
	const struct ref_neighbour *to, bool self)
{
	const struct ref_neighbour *from = &r->neighbours[best->from];
	const struct ref_attrs *a = &best->a;
	bool ebgp = to->as != r->as, from_ibgp = from->as == r->as;

	if (!to->export || a->set_len) /* RFC 8212 2, RFC 9774 3 */
		return true;
	if (to->site && ext_has(a, to->site)) /* RFC 4364 7 */
		return true;
	if (!ebgp)
		return has(&a->communities, 0xffffff02) ||
		       (from_ibgp && !from->client && !to->client); /* RFC 4456 6 */
	if (!to->rs_client) {					    /* RFC 7947 2.2.4 */
		if (has(&a->communities, 0xffffff01) || has(&a->communities, 0xffffff02) ||
			has(&a->communities, 0xffffff03))
			return true;
		if (to->role == PEER && !best->labelled && has(&a->communities, 0xffffff04))
			return true;
	}
	/* RFC 9234 5, egress 2: not to Providers, Peers, or RSes */
	if (!best->labelled && a->has_otc &&
		(to->role == CUSTOMER || to->role == PEER || to->role == RS_CLIENT))
		return true;
	return best->labelled && self; /* another router's label with ourselves as next hop */
}

static bool policy_accepts(
	const struct ref_router *r, const struct ref_policy *p, struct ref_attrs *a, bool *med_said)
{
	if (!p->on)
		return true;
	if (has(&a->path, p->denied_as))
		return false;
	if (!has(&a->communities, p->mark))
		return p->accept;
	for (unsigned i = 0; i < p->prepend; i++)
		put_front(&a->path, r->as);
	a->set_at += a->set_len ? p->prepend : 0;
	if (!has(&a->communities, p->add))
		put_back(&a->communities, p->add);
	if (p->sets_med) {
		a->has_med = *med_said = true;
		a->med = p->med;
	}
	return true;
}

static void export_ebgp(const struct ref_router *r, const struct ref_neighbour *to, bool labelled,
	bool med_said, struct ref_attrs *a)
{
	a->has_local_pref = a->has_originator = false;
	a->local_pref = a->originator = 0;
	memset(&a->clusters, 0, sizeof(a->clusters));
	/* RFC 9234 5, egress 1: to Customers, Peers and RS-Clients */
	if (!labelled && !a->has_otc &&
		(to->role == PROVIDER || to->role == PEER || to->role == RS)) {
		a->has_otc = true;
		a->otc = r->as;
	}
	for (unsigned i = 0; to->as_override && i < a->path.n; i++)
		if (a->path.of[i] == to->as)
			a->path.of[i] = r->as;
	if (to->rs_client && a->path.n)
		return; /* RFC 7947 2.2: nothing else */
	put_front(&a->path, r->as);
	if (to->rs_client)
		return;
	a->has_med = med_said;
	a->med = med_said ? a->med : 0;
	ext_keep(a, is_transitive);
}

bool ref_export(const struct ref_router *r, const struct ref_route *best, unsigned to_index,
	struct ref_attrs *out)
{
	const struct ref_neighbour *to = &r->neighbours[to_index];
	const struct ref_neighbour *from = &r->neighbours[best->from];
	bool ebgp = to->as != r->as, from_ibgp = from->as == r->as, med_said = false;
	bool self = ebgp ? to->next_hop != REF_UNCHANGED && !to->rs_client
			 : to->next_hop == REF_SELF && !from_ibgp && !best->labelled;

	if (best->from == to_index || export_is_refused(r, best, to, self))
		return false;
	*out = best->a;
	if (!policy_accepts(r, &to->policy, out, &med_said))
		return false;
	if (self)
		out->next_hop = r->addr;
	if (to->graceful_shutdown && !has(&out->communities, 0xffff0000))
		put_back(&out->communities, 0xffff0000);
	if (ebgp) {
		export_ebgp(r, to, best->labelled, med_said, out);
		return true;
	}
	if (!out->has_local_pref)
		out->local_pref = 100;
	out->has_local_pref = true;
	if (to->graceful_shutdown)
		out->local_pref = 0;
	if (from_ibgp) { /* RFC 4456 8 */
		if (!out->has_originator)
			out->originator = from->router_id;
		out->has_originator = true;
		put_front(&out->clusters, r->cluster);
	}
	return true;
}
