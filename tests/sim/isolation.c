/*
 * Property: a route is in a VRF only if the route targets intersect, and always if they do (RFC 4364 4.3.1).
 *
 * Random VRFs, targets and routes through a whole router: announced, replaced, withdrawn, sessions lost, next hops gone.
 * What must be where is computed here from what was said alone, and compared with three things: the VRF's table, the
 * routes wanted in the kernel, and what the VRF's CE was told. The CEs attack: their routes carry others' targets.
 *
 * The import targets change too. Of the core's routes exactly those are kept that some VRF imports: with every other
 * seed the core peer speaks RT-Constraint (RFC 4684) and sends what it is asked for, else it answers ROUTE-REFRESH.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/rd.h"
#include "lib/check.h"
#include "tests/support/bare.h"
#include "vrf/isolate.h"

#define VRFS	 8
#define TARGETS	 6 /* "65000:10" ... */
#define TARGET_0 10
#define RDS	 5
#define CORE_X	 24 /* prefixes of the core are below, a CE's are from here: one a VRF */
#define ROUNDS	 300
#define SEEDS	 150
#define FIRST_AS 65101

struct route { /* what the core peer says of (rd, x) */
	bool there;
	unsigned targets; /* bits */
	uint32_t label;
};

struct world {
	struct bare bare;
	uint64_t rng;
	unsigned n_vrfs;
	unsigned import[VRFS], export[VRFS]; /* bits of targets */
	struct route core[RDS][CORE_X];
	bool ce_says[VRFS];
	bool core_up;
	bool constrained;   /* the core peer speaks RT-Constraint */
	unsigned asked;	    /* bits of targets that it was asked for */
	unsigned refreshes; /* that it has answered */
	uint32_t labels;
};

static unsigned rnd(struct world *w, unsigned below)
{
	uint64_t z = (w->rng += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (unsigned)((z ^ (z >> 31)) % below);
}

static void print_targets(FILE *f, const char *key, unsigned bits)
{
	bool first = true;

	fprintf(f, "    %s: [", key);
	for (unsigned t = 0; t < TARGETS; t++)
		if (bits & 1u << t) {
			fprintf(f, "%s\"65000:%u\"", first ? "" : ", ", TARGET_0 + t);
			first = false;
		}
	fprintf(f, "]\n");
}

static char *make_yaml(struct world *w)
{
	char *yaml = NULL;
	size_t len;
	FILE *f = open_memstream(&yaml, &len);

	CHECK(f);
	fputs("router: {name: pe, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/sim}\n"
	      "mpls: {labels: 100000-100099, quarantine: 1}\n"
	      "ports: [{name: eth0, role: core}",
		f);
	for (unsigned v = 0; v < w->n_vrfs; v++)
		fprintf(f, ", {name: eth%u, role: access, vrf: v%u, address: [192.168.0.1/30]}",
			v + 1, v);
	fputs("]\nvrfs:\n", f);
	for (unsigned v = 0; v < w->n_vrfs; v++) {
		fprintf(f, "  - name: v%u\n    table: %u\n    rd: \"65000:%u\"\n", v, 1001 + v,
			v + 1);
		print_targets(f, "import", w->import[v]);
		print_targets(f, "export", w->export[v]);
		fprintf(f,
			"    neighbors: [{address: 192.168.0.2, as: %u, password: x, passive: "
			"true}]\n",
			FIRST_AS + v);
	}
	fprintf(f,
		"neighbors:\n  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000,\n"
		"     families: [vpnv4%s], password: x, passive: true}\n",
		w->constrained ? ", rt-constraint" : "");
	fclose(f);
	return yaml;
}

static unsigned core_peer(const struct world *w)
{
	for (unsigned i = 0; i < w->bare.conf->n_peers; i++)
		if (w->bare.conf->peers[i].vrf == CONF_VRF_NONE)
			return i;
	UNREACHABLE();
}

static unsigned ce_peer(const struct world *w, unsigned v)
{
	for (unsigned i = 0; i < w->bare.conf->n_peers; i++)
		if (w->bare.conf->peers[i].vrf == (int)v)
			return i;
	UNREACHABLE();
}

static uint64_t rd_of(unsigned i)
{
	return UINT64_C(0x0000fde800000000) + 1000 + i; /* 65000:1000 + i, none of ours */
}

static uint64_t target(unsigned t)
{
	return UINT64_C(0x0002fde800000000) + TARGET_0 + t;
}

/* targets, and now and then something that is no route target and must not count as one */
static struct wire_span put_targets(struct world *w, unsigned bits, uint8_t *out)
{
	struct wbuf b = wbuf_of(out, 8 * (TARGETS + 1));

	for (unsigned t = 0; t < TARGETS; t++)
		if (bits & 1u << t)
			wbuf_put_u64(&b, target(t));
	if (rnd(w, 3) == 0) /* site of origin with the number of a target (RFC 4360 5) */
		wbuf_put_u64(&b, target(rnd(w, TARGETS)) + (UINT64_C(1) << 48));
	return (struct wire_span){out, (uint16_t)b.len};
}

static struct wire_attrs make_attrs(struct world *w, uint32_t next_hop, unsigned bits, uint8_t *ext,
	uint8_t path[6], uint32_t as)
{
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP),
		.next_hop = ip_addr_v4(next_hop),
	};

	path[0] = 2; /* AS_SEQUENCE of one */
	path[1] = 1;
	for (unsigned i = 0; i < 4; i++)
		path[2 + i] = (uint8_t)(as >> (24 - 8 * i));
	a.as_path = (struct wire_span){path, 6};
	a.ext_communities = put_targets(w, bits, ext);
	if (a.ext_communities.len)
		a.present |= WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES);
	return a;
}

/* As it is now, to the router: withdrawn too if that asked for no target of it. */
static void core_say(struct world *w, unsigned rd, unsigned x)
{
	const struct route *r = &w->core[rd][x];
	uint8_t ext[8 * (TARGETS + 1)], path[6];

	if (!r->there || (w->constrained && !(r->targets & w->asked))) {
		bare_route(&w->bare, core_peer(w), rd_of(rd), x, WIRE_LABEL_NONE, NULL);
		return;
	}
	struct wire_attrs a = make_attrs(w, 0x0aff0003, r->targets, ext, path, 64999);

	a.present |= WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
	a.local_pref = 100;
	bare_route(&w->bare, core_peer(w), rd_of(rd), x, r->label, &a);
}

static void core_route(struct world *w)
{
	unsigned rd = rnd(w, RDS), x = rnd(w, CORE_X);
	struct route *r = &w->core[rd][x];

	if (!w->core_up)
		return;
	if (r->there && rnd(w, 3) == 0)
		r->there = false;
	else
		*r = (struct route){true, rnd(w, 4) ? 1u << rnd(w, TARGETS) : rnd(w, 1u << TARGETS),
			16 + w->labels++};
	core_say(w, rd, x);
}

/* What the core peer owes: an answer to ROUTE-REFRESH, or what other memberships make of its routes. */
static void core_answer(struct world *w)
{
	const bool *wanted = w->bare.wanted[core_peer(w)];
	unsigned bits = 0, refreshes = w->bare.refreshes[core_peer(w)];

	for (unsigned t = 0; t < TARGETS; t++)
		bits |= (unsigned)wanted[TARGET_0 + t] << t;
	if (!w->core_up || (refreshes == w->refreshes && bits == w->asked))
		return;
	w->asked = bits;
	w->refreshes = refreshes;
	for (unsigned rd = 0; rd < RDS; rd++)
		for (unsigned x = 0; x < CORE_X; x++)
			if (w->core[rd][x].there)
				core_say(w, rd, x);
}

/* The work of it is under way when the next thing happens. */
static void retarget(struct world *w)
{
	unsigned v = rnd(w, w->n_vrfs), n = 0;
	uint64_t rts[TARGETS];

	w->import[v] = rnd(w, 1u << TARGETS) & rnd(w, 1u << TARGETS);
	for (unsigned t = TARGETS; t-- > 0;)
		if (w->import[v] & 1u << t)
			rts[n++] = target(t);
	router_vrf_import(w->bare.router, (uint16_t)v, rts, n, w->bare.now_ms, &w->bare.fx);
	if (rnd(w, 2))
		core_route(w);
	/* of no connection: time does not pass here, so timers must not */
	bare_step(&w->bare, &(struct event){.kind = EV_CONN_DRAINED, .vrf = FIB_VRF_CORE});
}

/* A CE announces its prefix with any targets it likes: they must not count. */
static void ce_route(struct world *w)
{
	unsigned v = rnd(w, w->n_vrfs), peer = ce_peer(w, v);
	uint8_t ext[8 * (TARGETS + 1)], path[6];
	struct wire_attrs a =
		make_attrs(w, 0xc0a80002, rnd(w, 1u << TARGETS), ext, path, FIRST_AS + v);

	if (!w->bare.conn[peer])
		return;
	w->ce_says[v] = !w->ce_says[v];
	bare_route(&w->bare, peer, 0, CORE_X + v, WIRE_LABEL_NONE, w->ce_says[v] ? &a : NULL);
}

static void flap(struct world *w)
{
	unsigned peer = rnd(w, 2) ? core_peer(w) : ce_peer(w, rnd(w, w->n_vrfs));
	bool is_core = peer == core_peer(w);

	if (!w->bare.conn[peer]) {
		bare_up(&w->bare, peer);
		w->core_up |= is_core;
		return;
	}
	bare_down(&w->bare, peer);
	if (is_core) {
		memset(w->core, 0, sizeof(w->core));
		w->asked = 0;
		w->core_up = false;
	} else {
		w->ce_says[w->bare.conf->peers[peer].vrf] = false;
	}
}

/* Labels of the core's routes for prefix x that VRF v wants; how many. */
static unsigned wanted(const struct world *w, unsigned v, unsigned x, uint32_t labels[RDS])
{
	unsigned n = 0;

	for (unsigned rd = 0; w->bare.reachable && x < CORE_X && rd < RDS; rd++)
		if (w->core[rd][x].there && (w->core[rd][x].targets & w->import[v]))
			labels[n++] = w->core[rd][x].label;
	return n;
}

static bool table_agrees(const struct world *w, unsigned v, unsigned x)
{
	const struct rib_table *t = w->bare.router->vrfs.list[v].table;
	struct wire_nlri n = {.prefix = {ip_addr_v4(0x0a000000 | x << 8), 24}};
	uint32_t dest = rib_table_find(t, &n), labels[RDS];
	unsigned left = wanted(w, v, x, labels), all = left;

	for (struct rib_path *p = dest ? rib_dest_paths(t, dest) : NULL; p;
		p = rib_path_next(t, p)) {
		unsigned i = 0;

		if ((p->flags & RIB_PATH_GONE) || !(p->flags & RIB_PATH_IMPORTED) ||
			(p->flags & RIB_PATH_LEAKED))
			continue;
		while (i < all && labels[i] != p->label)
			i++;
		if (i == all)
			return false; /* it has no business here */
		left--;
	}
	return left == 0;
}

/* VRF v has VRF u's own route (marked as not forwarded) exactly if u's export targets meet v's import targets. */
static bool leak_agrees(const struct world *w, unsigned v, unsigned u)
{
	const struct rib_table *t = w->bare.router->vrfs.list[v].table;
	struct wire_nlri n = {.prefix = {ip_addr_v4(0x0a000000 | (CORE_X + u) << 8), 24}};
	uint32_t dest = rib_table_find(t, &n);
	bool has = false, wants = v != u && w->ce_says[u] && (w->export[u] & w -> import[v]);

	for (struct rib_path *p = dest ? rib_dest_paths(t, dest) : NULL; p; p = rib_path_next(t, p))
		has |= !(p->flags & RIB_PATH_GONE) && (p->flags & RIB_PATH_IMPORTED);
	return has == wants;
}

/* A core's route is in the VPN table exactly if some VRF imports it. */
static bool kept_agrees(const struct world *w)
{
	unsigned imported = 0;

	for (unsigned v = 0; v < w->n_vrfs; v++)
		imported |= w->import[v];
	for (unsigned rd = 0; rd < RDS; rd++)
		for (unsigned x = 0; x < CORE_X; x++) {
			struct wire_nlri n = {
				.rd = rd_of(rd), .prefix = {ip_addr_v4(0x0a000000 | x << 8), 24}};
			const struct route *r = &w->core[rd][x];
			bool keep = r->there && (r->targets & imported);

			if ((rib_table_find(w->bare.router->vrfs.vpn, &n) != 0) != keep)
				return false;
		}
	return true;
}

static bool check(const struct world *w)
{
	uint32_t labels[RDS];

	if (!kept_agrees(w))
		return false;

	for (unsigned v = 0; v < w->n_vrfs; v++) {
		unsigned ce = ce_peer(w, v);

		for (unsigned x = 0; x < CORE_X; x++) {
			bool want = wanted(w, v, x, labels) > 0;

			if (!table_agrees(w, v, x) || w->bare.installed[v][x] != want)
				return false;
			if (w->bare.conn[ce] && w->bare.told[ce][x] != want)
				return false;
		}
		for (unsigned u = 0; u < w->n_vrfs; u++) {
			bool own = u == v && w->ce_says[v];

			if (!leak_agrees(w, v, u) || w->bare.installed[v][CORE_X + u] != own)
				return false;
			if (w->bare.told[ce][CORE_X + u])
				return false;
		}
	}
	return w->bare.rts_told == 0 && vrf_isolate_check(&w->bare.router->vrfs, NULL, NULL) == 0;
}

static bool run_one(uint64_t seed)
{
	struct world *w = calloc(1, sizeof(*w));
	bool ok = true;
	char *yaml;

	CHECK(w);
	w->rng = seed;
	w->constrained = seed & 1;
	w->n_vrfs = 1 + rnd(w, VRFS);
	for (unsigned v = 0; v < w->n_vrfs; v++) {
		w->import[v] = rnd(w, 1u << TARGETS) & rnd(w, 1u << TARGETS);
		w->export[v] = 1u << rnd(w, TARGETS) | (rnd(w, 1u << TARGETS) & rnd(w, 8));
	}
	yaml = make_yaml(w);
	bare_init(&w->bare, yaml, seed);
	for (unsigned i = 0; i < ROUNDS && ok; i++) {
		unsigned what = rnd(w, 20);

		if (what < 2)
			flap(w);
		else if (what == 2)
			bare_set_reachable(&w->bare, !w->bare.reachable);
		else if (what < 7)
			ce_route(w);
		else if (what == 7)
			retarget(w);
		else
			core_route(w);
		core_answer(w);
		ok = check(w);
		if (!ok)
			printf("FAIL isolation: seed %llu round %u, after kind %u\n",
				(unsigned long long)seed, i, what);
	}
	bare_fini(&w->bare);
	free(yaml);
	free(w);
	return ok;
}

int main(void)
{
	unsigned passed = 0, failed = 0;

	for (uint64_t seed = 1; seed <= SEEDS; seed++)
		*(run_one(seed) ? &passed : &failed) += 1;
	printf("%u passed, %u failed, 0 skipped\n", passed, failed);
	return failed != 0;
}
