/*
 * Random reloads of a whole router (tests/support/bare.h): VRFs, targets, static routes, neighbours of VRFs and of the core, policies, ports come, go
 * and change while everybody has said something. After each, when nothing is under way any more:
 *
 *   - what every neighbour holds, what is in every VRF, in the VPN table and in the kernel is what a router holds that was started with
 *     that configuration, or after this one with its empty places, and was told the same
 *   - nothing is in a VRF that does not belong there (vrf/isolate); who is the same as before has kept his session
 *   - by bare.c: no label is told before its pop entry is there, none is taken back while somebody holds a route with it, none comes back at once
 *
 * reload_test        all seeds        reload_test SEED        one, told
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "lib/hash.h"
#include "tests/support/bare.h"
#include "vrf/isolate.h"

#define SEEDS	 100
#define ROUNDS	 10
#define YAML_MAX 16384

enum {
	VRFS = 4,
	CES = 2, /* of a VRF */
	CORES = 3,
	IPS = 2,
	FIRST_CORE = VRFS * CES,
	FIRST_IP = FIRST_CORE + CORES,
	WHO = FIRST_IP + IPS,
	SAYS = 4, /* prefixes of one */
	HELD = 4096
};

/* --- a configuration --- */

struct ce {
	bool there, keep_rts, retry, limit;
};

struct site {
	bool there, feasible, redistribute, id;
	unsigned rd;
	unsigned import, export; /* bits: 65000:1 ... */
	unsigned statics;	 /* bits */
	struct ce ces[CES];
};

struct model {
	struct site sites[VRFS];
	bool cores[CORES], clients[CORES], constrained, advertised;
	bool ips[IPS], keeps[IPS];
	unsigned policy; /* which prefixes pass */
	unsigned first;	 /* VRF in the file */
};

struct world;

struct end { /* a router, and what its neighbours hold */
	struct world *w;
	struct bare b;
	bool connected[BARE_PEERS]; /* by VRF: FIB_CONNECTED was said */
	struct held {
		unsigned peer;
		enum wire_family family;
		uint64_t rd, attrs;
		struct ip_prefix prefix;
		bool own; /* a label of ours */
		bool there;
	} held[HELD];
	unsigned n_held;
};

struct world {
	uint64_t rng;
	bool loud;
	struct model m;
	unsigned says[WHO][SAYS]; /* 0: nothing; else which attributes */
	struct end run, fresh;
};

static unsigned rnd(struct world *w, unsigned below)
{
	w->rng = w->rng * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)(w->rng >> 33) % below;
}

static bool chance(struct world *w, unsigned one_in)
{
	return rnd(w, one_in) == 0;
}

static void targets_print(FILE *f, const char *key, unsigned bits)
{
	const char *before = "";

	fprintf(f, "    %s: [", key);
	for (unsigned i = 0; i < 4; i++)
		if (bits & 1u << i) {
			fprintf(f, "%s\"65000:%u\"", before, i + 1);
			before = ", ";
		}
	fprintf(f, "]\n");
}

static void site_print(FILE *f, const struct site *s, unsigned k)
{
	fprintf(f, "  - name: v%u\n    table: %u\n    rd: \"65000:%u\"\n", k, 101 + k + 10 * s->rd,
		1 + k + 10 * s->rd);
	targets_print(f, "import", s->import);
	targets_print(f, "export", s->export);
	if (s->id)
		fprintf(f, "    id: 10.9.9.%u\n", k);
	fprintf(f, "    redistribute: [%s]\n    routes: [",
		s->redistribute ? "connected, static" : "");
	for (unsigned i = 0; i < 3; i++)
		if (s->statics & 1u << i)
			fprintf(f, "%s{prefix: 10.0.%u.0/24, next-hop: 192.168.%u.%u}",
				s->statics & ((1u << i) - 1) ? ", " : "", 32 + k * 3 + i, k,
				s->statics & 8 ? 8 : 9);
	fprintf(f, "]\n    neighbors: [");
	for (unsigned c = 0, n = 0; c < CES; c++)
		if (s->ces[c].there)
			fprintf(f,
				"%s\n      {address: 192.168.%u.%u, as: %u, name: n%u, passive: "
				"true, "
				"hold-time: 0, keep-ce-route-targets: %s, connect-retry: %u, "
				"max-prefix: %u}",
				n++ ? "," : "", k, 2 + c, 65101 + k * CES + c, k * CES + c,
				s->ces[c].keep_rts ? "true" : "false", s->ces[c].retry ? 30 : 60,
				s->ces[c].limit ? 100 : 200);
	fprintf(f, "]\n");
}

static void neighbors_print(FILE *f, const struct model *m)
{
	bool any = false;

	for (unsigned i = 0; i < CORES; i++)
		any |= m->cores[i];
	for (unsigned i = 0; i < IPS; i++)
		any |= m->ips[i];
	if (any)
		fprintf(f, "neighbors:\n");
	for (unsigned i = 0; i < CORES; i++)
		if (m->cores[i])
			fprintf(f,
				"  - {address: 10.255.0.%u, local-address: 10.255.0.1, as: 65000, "
				"families: [vpnv4%s], name: n%u, password: x, passive: true, "
				"hold-time: 0, reflector-client: %s}\n",
				3 + i, i == 2 && m->constrained ? ", rt-constraint" : "",
				FIRST_CORE + i, m->clients[i] ? "true" : "false");
	for (unsigned i = 0; i < IPS; i++)
		if (m->ips[i])
			fprintf(f,
				"  - {address: 10.254.0.%u, local-address: 10.255.0.1, as: %u, "
				"families: [ipv4-unicast], name: n%u, passive: true, hold-time: 0, "
				"import: in, export: accept-all, keep-rejected: %s}\n",
				3 + i, 65203 + i, FIRST_IP + i, m->keeps[i] ? "true" : "false");
}

static void model_print(const struct model *m, char *out)
{
	FILE *f = fmemopen(out, YAML_MAX, "w");

	CHECK(f);
	fprintf(f,
		"router: {name: pe, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"
		"mpls: {labels: 100000-100063, quarantine: 1000}\n"
		"sets: [{name: some, prefixes: [10.0.%u.0/24, 10.0.%u.0/24]}]\n"
		"policies:\n"
		"  - {name: in, default: reject, rules: [{name: some, match: {prefix: some}, "
		"action: accept}]}\n"
		"ports:\n  - {name: core0, role: core, address: [10.255.0.1/24], labels: %s}\n",
		24 + m->policy, 25 + m->policy, m->advertised ? "advertised" : "all");
	for (unsigned i = 0; i < VRFS; i++)
		if (m->sites[i].there)
			fprintf(f,
				"  - {name: e%u, role: access, vrf: v%u, address: "
				"[192.168.%u.1/24], "
				"guard: {source: %s}}\n",
				i, i, i, m->sites[i].feasible ? "feasible" : "strict");
	fprintf(f, "vrfs:\n");
	for (unsigned i = 0; i < VRFS; i++)
		if (m->sites[(i + m->first) % VRFS].there)
			site_print(f, &m->sites[(i + m->first) % VRFS], (i + m->first) % VRFS);
	fprintf(f, "  - {name: last, table: 999, rd: \"65000:999\", import: [], export: []}\n");
	neighbors_print(f, m);
	CHECK(fclose(f) == 0);
}

static void site_change(struct world *w, struct site *s)
{
	if (chance(w, 4)) {
		s->there = !s->there;
		return;
	}
	if (chance(w, 6))
		s->rd = !s->rd;
	if (chance(w, 2))
		s->import = rnd(w, 16);
	if (chance(w, 2))
		s->export = rnd(w, 16);
	if (chance(w, 2))
		s->statics = rnd(w, 16);
	if (chance(w, 3))
		s->redistribute = !s->redistribute;
	if (chance(w, 3))
		s->feasible = !s->feasible;
	if (chance(w, 8))
		s->id = !s->id;
	for (unsigned c = 0; c < CES; c++) {
		struct ce *ce = &s->ces[c];

		ce->there ^= chance(w, 5);
		ce->keep_rts ^= chance(w, 6);
		ce->retry ^= chance(w, 6);
		ce->limit ^= chance(w, 4);
	}
}

static void model_change(struct world *w)
{
	struct model *m = &w->m;

	for (unsigned n = rnd(w, 3); n > 0; n--)
		site_change(w, &m->sites[rnd(w, VRFS)]);
	for (unsigned i = 0; i < CORES; i++) {
		m->cores[i] ^= chance(w, 8);
		m->clients[i] ^= chance(w, 12);
	}
	for (unsigned i = 0; i < IPS; i++) {
		m->ips[i] ^= chance(w, 6);
		m->keeps[i] ^= chance(w, 6);
	}
	if (chance(w, 3))
		m->policy = rnd(w, 4);
	m->constrained ^= chance(w, 6);
	m->advertised ^= chance(w, 4);
	m->first = rnd(w, VRFS);
}

static void model_begin(struct world *w)
{
	for (unsigned i = 0; i < VRFS; i++) {
		struct site *s = &w->m.sites[i];

		*s = (struct site){.there = chance(w, 2),
			.import = rnd(w, 16),
			.export = rnd(w, 16),
			.statics = rnd(w, 8),
			.redistribute = chance(w, 2)};
		for (unsigned c = 0; c < CES; c++)
			s->ces[c].there = chance(w, 2);
	}
	for (unsigned i = 0; i < CORES; i++)
		w->m.cores[i] = chance(w, 2);
	for (unsigned i = 0; i < IPS; i++)
		w->m.ips[i] = chance(w, 2);
}

/* --- what neighbours say and hold --- */

static uint64_t attrs_hash(const struct wire_attrs *a)
{
	uint64_t h = a->origin + 4u * a->med + 7u * a->local_pref + 11u * a->originator_id;

	h = h * 31 + ip_addr_get_v4(&a->next_hop);
	h = h * 31 + hash_octets(a->as_path.p, a->as_path.len, 1);
	h = h * 31 + hash_octets(a->ext_communities.p, a->ext_communities.len, 1);
	return h * 31 + hash_octets(a->cluster_list.p, a->cluster_list.len, 1);
}

static void heard(void *arg, unsigned peer, enum wire_family f, const struct wire_nlri *n,
	const struct wire_attrs *a)
{
	struct end *e = arg;
	struct held *h = e->held;

	if (f == WIRE_RT_CONSTRAINT && a) /* what it asks for is said (RFC 4684 6) */
		e->b.refreshes[peer]++;
	while (h < e->held + e->n_held && (h->peer != peer || h->family != f || h->rd != n->rd ||
						  !ip_prefix_equal(&h->prefix, &n->prefix)))
		h++;
	if (h == e->held + e->n_held) {
		CHECK(e->n_held < HELD);
		e->n_held++;
	}
	*h = (struct held){.peer = peer,
		.family = f,
		.rd = n->rd,
		.prefix = n->prefix,
		.own = n->label - 100000 < BARE_PEERS,
		.attrs = a ? attrs_hash(a) : 0,
		.there = a != NULL};
}

static unsigned index_of(const struct end *e, unsigned who)
{
	char name[16];

	snprintf(name, sizeof(name), "n%u", who);
	for (unsigned i = 0; i < e->b.conf->n_peers; i++)
		if (!conf_peer_is_gone(&e->b.conf->peers[i]) &&
			strcmp(e->b.conf->peers[i].name, name) == 0)
			return i;
	return BARE_PEERS;
}

static void say(struct end *e, unsigned who, unsigned peer, unsigned x)
{
	const struct conf_peer *c = &e->b.conf->peers[peer];
	unsigned what = e->w->says[who][x];
	uint8_t path[] = {2, 1, 0, 0, (uint8_t)(c->as >> 8), (uint8_t)c->as}, targets[8];
	struct wbuf w = wbuf_of(targets, sizeof(targets));
	bool core = who >= FIRST_CORE && who < FIRST_IP;
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP) | WIRE_ATTR_BIT(WIRE_ATTR_MED) |
			   WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES),
		.med = what,
		.next_hop = c->addr,
		.as_path = {path, core ? 0 : sizeof(path)},
		.ext_communities = {targets, sizeof(targets)}};

	wbuf_put_u64(&w, UINT64_C(2) << 48 | UINT64_C(65000) << 32 | what);
	if (core) {
		a.present |= WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
		a.local_pref = 100;
	}
	if (who < FIRST_CORE && what == 3) /* somebody else on its link, and somebody who is not */
		a.next_hop = ip_addr_v4((ip_addr_get_v4(&c->addr) & ~0xffu) | 9);
	else if (who < FIRST_CORE && what == 4)
		a.next_hop = ip_addr_v4(0xc0a8fe09);
	unsigned prefix = who < FIRST_CORE ? (who / CES) * SAYS + x : core ? 16 + x : 24 + x;
	bare_route(&e->b, peer, core ? UINT64_C(65000) << 32 | (2000 + who) : 0, prefix,
		core ? 77 : WIRE_LABEL_NONE, what ? &a : NULL);
}

static void say_all(struct end *e, unsigned who, unsigned peer)
{
	for (unsigned x = 0; x < SAYS; x++)
		if (e->w->says[who][x])
			say(e, who, peer, x);
}

/* Whoever is configured and has no session gets one and says all; who was asked says all again; mplsfwd says what is connected. */
static void settle(struct end *e)
{
	struct event ev = {.kind = EV_FIB, .vrf = FIB_VRF_CORE};

	for (unsigned v = 0; v < e->b.conf->n_vrfs; v++) {
		const struct conf_vrf *c = &e->b.conf->vrfs[v];

		if (conf_vrf_is_gone(c) || e->connected[v] || strcmp(c->name, "last") == 0)
			continue;
		e->connected[v] = true;
		ev.fib = (struct fib_msg){.type = FIB_CONNECTED,
			.vrf = (uint16_t)v,
			.up = true,
			.prefix = {
				ip_addr_v4(0xc0a80000u | (unsigned)(c->name[1] - '0') << 8), 24}};
		bare_step(&e->b, &ev);
	}
	for (unsigned who = 0; who < WHO; who++) {
		unsigned peer = index_of(e, who);

		if (peer == BARE_PEERS)
			continue;
		if (!e->b.conn[peer]) {
			for (unsigned i = 0; i < e->n_held; i++)
				e->held[i].there &= e->held[i].peer != peer;
			e->b.refreshes[peer] = 0;
			bare_up(&e->b, peer);
			say_all(e, who, peer);
		}
		while (e->b.refreshes[peer]) {
			e->b.refreshes[peer] = 0;
			say_all(e, who, peer);
		}
	}
}

/* --- what there is, as lines in order --- */

struct lines {
	char *list[8192];
	unsigned n;
};

static __attribute__((format(printf, 2, 3))) void line(struct lines *l, const char *form, ...)
{
	va_list args;

	CHECK(l->n < ARRAY_LEN(l->list));
	va_start(args, form);
	CHECK(vasprintf(&l->list[l->n++], form, args) >= 0);
	va_end(args);
}

static void lines_held(const struct end *e, struct lines *l)
{
	char text[IP_PREFIX_STRLEN];

	for (unsigned i = 0; i < e->n_held; i++) {
		const struct held *h = &e->held[i];

		if (h->there && e->b.conn[h->peer])
			line(l, "%s holds %u %llx %s/%u %llx%s", e->b.conf->peers[h->peer].name,
				h->family, (unsigned long long)h->rd,
				ip_addr_print(&h->prefix.addr, text), h->prefix.len,
				(unsigned long long)h->attrs, h->own ? " own" : "");
	}
}

/* Who a path is from, by name. */
static const char *from(const struct end *e, const struct rib_path *p)
{
	const struct router *r = e->b.router;
	const struct rib_source *s = rib_source_get(r->store, p->source);

	if (s->kind == RIB_PEER)
		return r->conf->peers[s->peer].name;
	return s->origin == RIB_VRF_CORE ? "core" : r->vrfs.list[s->origin].conf.name;
}

static void lines_table(
	const struct end *e, const struct rib_table *t, const char *name, struct lines *l)
{
	char text[IP_PREFIX_STRLEN];
	struct wire_nlri n;
	struct wire_attrs a;

	for (uint32_t d = t ? rib_table_next(t, 0) : 0; d; d = rib_table_next(t, d))
		for (const struct rib_path *p = rib_dest_paths(t, d); p; p = rib_path_next(t, p)) {
			rib_dest_nlri(t, d, &n);
			rib_attrset_view(p->attrs, &a);
			line(l, "%s has %llx %s from %s %llx flags %x", name,
				(unsigned long long)n.rd, ip_prefix_print(&n.prefix, text),
				from(e, p), (unsigned long long)attrs_hash(&a),
				p->flags & ~RIB_PATH_EPOCH);
		}
}

static void lines_vrf(const struct end *e, unsigned v, struct lines *l)
{
	const struct bare *b = &e->b;
	const struct vrf *vrf = &b->router->vrfs.list[v];
	const char *name = b->conf->vrfs[v].name;

	line(l, "%s label %s", name, vrf_label_state_name(vrf->label_state));
	lines_table(e, vrf->table, name, l);
	for (unsigned x = 0; x < BARE_PREFIXES; x++) {
		if (b->installed[v][x])
			line(l, "%s kernel %u kind %u", name, x, b->kind[v][x]);
		if (b->sources[v][x])
			line(l, "%s source %u %x", name, x, b->sources[v][x]);
	}
	for (unsigned p = 0; p < b->conf->n_peers; p++)
		if (b->conn[p] && vrf->label != WIRE_LABEL_NONE &&
			!(b->conf->peers[p].families & WIRE_FAMILY_BIT(WIRE_RT_CONSTRAINT)) &&
			b->label_told[p][vrf->label - b->conf->label_min])
			line(l, "%s let in from %s", name, b->conf->peers[p].name);
}

static int line_cmp(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void lines_of(const struct end *e, struct lines *l)
{
	const struct router *r = e->b.router;

	l->n = 0;
	lines_held(e, l);
	lines_table(e, r->vrfs.vpn, "vpn", l);
	lines_table(e, r->core_ipv4, "core", l);
	for (unsigned v = 0; v < e->b.conf->n_vrfs; v++)
		if (!conf_vrf_is_gone(&e->b.conf->vrfs[v]))
			lines_vrf(e, v, l);
	qsort(l->list, l->n, sizeof(char *), line_cmp);
}

static bool lines_equal(const struct lines *run, const struct lines *fresh, bool loud)
{
	unsigned i = 0, k = 0;
	bool same = true;

	while (i < run->n || k < fresh->n) {
		int order = i == run->n	    ? 1
			    : k == fresh->n ? -1
					    : strcmp(run->list[i], fresh->list[k]);

		if (order && loud)
			printf("  %s: %s\n", order < 0 ? "reloaded" : "fresh",
				order < 0 ? run->list[i] : fresh->list[k]);
		same &= order == 0;
		i += order <= 0;
		k += order >= 0;
	}
	return same;
}

static void lines_fini(struct lines *l)
{
	for (unsigned i = 0; i < l->n; i++)
		free(l->list[i]);
}

/* --- rounds --- */

static bool check(struct world *w, const char *yaml)
{
	static struct lines run, fresh;
	struct end *f = &w->fresh;

	memset(f, 0, sizeof(*f));
	f->w = w;
	if (chance(w, 2))
		bare_init(&f->b, yaml, 7);
	else
		bare_init_after(&f->b, yaml, w->run.b.conf, 7);
	f->b.heard = heard;
	f->b.heard_arg = f;
	settle(f);
	lines_of(&w->run, &run);
	lines_of(f, &fresh);
	bool same = lines_equal(&run, &fresh, true);
	if (vrf_isolate_check(&w->run.b.router->vrfs, NULL, NULL)) {
		printf("  something is in a VRF that does not belong there\n");
		same = false;
	}
	lines_fini(&run);
	lines_fini(&fresh);
	bare_fini(&f->b);
	return same;
}

/* Sessions of those who are the same, or have other policies, are not touched. */
static bool reload(struct world *w, const char *yaml)
{
	struct bare *b = &w->run.b;
	uint32_t before[BARE_PEERS];
	bool same = true;

	memcpy(before, b->conn, sizeof(before));
	bare_reload(b, yaml);
	for (unsigned i = 0; i < b->conf->n_peers; i++)
		if (b->fates[i] <= CONF_FATE_POLICY && b->conn[i] != before[i]) {
			printf("  the session of %s was ended\n", b->conf->peers[i].name);
			same = false;
		}
	for (unsigned v = 0; v < b->conf->n_vrfs; v++)
		w->run.connected[v] &= !conf_vrf_is_gone(&b->conf->vrfs[v]);
	return same;
}

static void churn(struct world *w)
{
	for (unsigned n = rnd(w, 8); n > 0; n--) {
		unsigned who = rnd(w, WHO), x = rnd(w, SAYS), peer = index_of(&w->run, who);

		w->says[who][x] = rnd(w, 5);
		if (peer < BARE_PEERS && w->run.b.conn[peer])
			say(&w->run, who, peer, x);
	}
}

static bool run_one(uint64_t seed, bool loud)
{
	static char yaml[YAML_MAX];
	struct world *w = calloc(1, sizeof(*w));
	bool good = true;

	CHECK(w);
	w->rng = seed;
	w->loud = loud;
	model_begin(w);
	for (unsigned who = 0; who < WHO; who++)
		for (unsigned x = 0; x < SAYS; x++)
			w->says[who][x] = rnd(w, 5);
	model_print(&w->m, yaml);
	w->run.w = w;
	bare_init(&w->run.b, yaml, seed);
	w->run.b.heard = heard;
	w->run.b.heard_arg = &w->run;
	settle(&w->run);
	for (unsigned i = 0; i < ROUNDS && good; i++) {
		model_change(w);
		model_print(&w->m, yaml);
		if (loud)
			printf("--- round %u\n%s", i, yaml);
		good = reload(w, yaml);
		churn(w);
		settle(&w->run);
		good = check(w, yaml) && good;
		if (!good)
			printf("FAIL reload: seed %llu round %u\n", (unsigned long long)seed, i);
	}
	bare_fini(&w->run.b);
	free(w);
	return good;
}

int main(int argc, char **argv)
{
	unsigned failed = 0;

	if (argc == 2)
		return !run_one(strtoull(argv[1], NULL, 10), true);
	for (uint64_t seed = 1; seed <= SEEDS; seed++)
		failed += !run_one(seed, false);
	printf("%u passed, %u failed, 0 skipped\n", SEEDS - failed, failed);
	return failed != 0;
}
