#include "bgpd/core/retain.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/core/rtc.h"
#include "bgpd/core/session.h"
#include "lib/check.h"
#include "lib/log.h"

static bool retains_all(const struct conf *c)
{
	bool all = c->retain == CONF_RETAIN_ALL;

	for (unsigned i = 0; i < c->n_peers && c->retain == CONF_RETAIN_AUTO; i++)
		all |= c->peers[i].reflector_client && c->peers[i].vrf == CONF_VRF_NONE;
	return all;
}

void core_retain_init(struct router *r)
{
	r->retain_all = retains_all(r->conf);
}

bool core_retain_takes(
	const struct router *r, const struct rib_table *t, const struct wire_attrs *a)
{
	if (r->retain_all || t != r->vrfs.vpn)
		return true;
	return wire_attrs_has(a, WIRE_ATTR_EXT_COMMUNITIES) &&
	       vrf_rtindex_takes(&r->vrfs.imports, a->ext_communities);
}

static bool speaks(const struct core_peer *p, enum wire_family f)
{
	return p->source != RIB_SOURCE_NONE && !core_peer_in_vrf(p) &&
	       p->fsm.ctx.families & WIRE_FAMILY_BIT(f);
}

/* constrained: those too that speak RT-Constraint. */
static void ask(struct core_run *run, bool constrained)
{
	struct router *r = run->r;

	for (unsigned i = 0; i < r->conf->n_peers; i++) {
		struct core_peer *p = &r->peers[i];

		if (!speaks(p, WIRE_VPNV4) || (!constrained && speaks(p, WIRE_RT_CONSTRAINT)))
			continue;
		if (p->fsm.ctx.refresh)
			core_session_ask(run, p, WIRE_VPNV4);
		else
			effect_note(run->fx, LOG_WARN_, "routes_missing",
				"peer=%s why=\"it cannot be asked for VPN routes again\"", p->name);
	}
}

void core_retain_grow(struct core_run *run)
{
	if (!run->r->retain_all) /* a new membership is answered with what it asks for (RFC 4684 6) */
		ask(run, false);
}

void core_retain_reload(struct core_run *run)
{
	struct router *r = run->r;
	bool before = r->retain_all;

	r->retain_all = retains_all(r->conf);
	if (r->retain_all && !before) {
		r->retain.on = false;
		ask(run, true);
	} else if (before && !r->retain_all) {
		r->retain = (struct rib_job){.on = true};
	}
}

static int u64_order(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* A sorted copy, each once. */
static uint64_t *rts_copy(const uint64_t *rts, unsigned *n)
{
	uint64_t *copy = malloc((*n ? *n : 1) * sizeof(*copy));
	unsigned kept = 0;

	CHECK(copy != NULL);
	if (*n)
		memcpy(copy, rts, *n * sizeof(*copy));
	qsort(copy, *n, sizeof(*copy), u64_order);
	for (unsigned i = 0; i < *n; i++)
		if (kept == 0 || copy[kept - 1] != copy[i])
			copy[kept++] = copy[i];
	*n = kept;
	return copy;
}

/* Some target of the set is imported by no VRF. */
static bool some_are_new(const struct router *r, const struct vrf_rtset *s)
{
	for (unsigned i = 0; i < s->n; i++)
		if (!vrf_rtindex_has(&r->vrfs.imports, s->rts[i]))
			return true;
	return false;
}

bool core_retain_set(struct router *r, uint16_t vrf, const uint64_t *rts, unsigned n)
{
	struct core_site *site = &r->sites[vrf];
	struct vrf *v = &r->vrfs.list[vrf];
	struct vrf_rtset was = v->conf.import, now;
	uint64_t *copy = rts_copy(rts, &n);

	now = (struct vrf_rtset){.rts = copy, .n = n};
	bool grows = some_are_new(r, &now);
	vrf_import_set(&r->vrfs, v, &now);
	if (some_are_new(r, &was) && !r->retain_all)
		r->retain = (struct rib_job){.on = true};
	free(site->imports); /* perhaps what `was` showed */
	site->imports = copy;
	core_rtc_imports(r);
	return grows;
}

static bool path_is_kept(const struct router *r, const struct rib_path *p)
{
	const struct rib_source *s = rib_source_get(r->store, p->source);

	return p->flags & RIB_PATH_GONE || s->kind != RIB_PEER ||
	       vrf_rtindex_takes(
		       &r->vrfs.imports, rib_attrset_list(p->attrs, RIB_LIST_EXT_COMMUNITIES));
}

static const struct rib_path *path_to_go(const struct router *r, uint32_t dest)
{
	const struct rib_table *t = r->vrfs.vpn;
	const struct rib_path *p = rib_dest_paths(t, dest);

	while (p && path_is_kept(r, p))
		p = rib_path_next(t, p);
	return p;
}

void core_retain_work(struct router *r, unsigned *budget)
{
	struct rib_table *t = r->vrfs.vpn;
	const struct rib_path *p;

	for (; *budget > 0 && r->retain.on; --*budget) {
		uint32_t dest = r->retain.dest = rib_table_next(t, r->retain.dest);
		struct wire_nlri n;

		if (!dest) {
			r->retain.on = false;
			return;
		}
		rib_dest_nlri(t, dest, &n);
		while ((p = path_to_go(r, dest)) != NULL) {
			struct rib_route route = {.source = p->source, .id = p->id};

			(void)rib_table_del(t, &n, &route);
			if (rib_table_find(t, &n) != dest)
				break; /* it was the last, and nobody knew of it */
		}
	}
}
