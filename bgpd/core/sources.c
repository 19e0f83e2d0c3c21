#include "bgpd/core/sources.h"

#include <stdlib.h>

#include "lib/check.h"
#include "lib/log.h"

struct source { /* what mplsfwd has been told; in list, 0 is none */
	struct ip_addr next_hop;
	uint32_t next; /* of the same destination */
	bool found;
};

struct core_sources {
	uint32_t *heads, cap_heads; /* by destination of the VRF's table */
	struct source *list;
	uint32_t end, cap, free;
	uint32_t n;
	bool full_said; /* that the limit was reached */
	bool missing;	/* something was left out since the last walk */
	bool walking;
	uint32_t walk; /* the last destination that was put into the change queue again */
};

static bool wants_sources(const struct conf *c, unsigned vrf)
{
	for (unsigned i = 0; i < c->n_ports; i++) {
		const struct conf_port *p = &c->ports[i];

		if (p->role == CONF_PORT_ACCESS && p->vrf == (int)vrf && !p->guard.disabled &&
			p->guard.source == ACL_SOURCE_FEASIBLE)
			return true;
	}
	return false;
}

static void begin(struct router *r, unsigned vrf)
{
	r->sites[vrf].sources = calloc(1, sizeof(struct core_sources));
	CHECK(r->sites[vrf].sources);
	r->vrfs.list[vrf].table->watched = true;
}

void core_sources_end(struct router *r, unsigned vrf)
{
	struct core_sources *s = r->sites[vrf].sources;

	if (!s)
		return;
	free(s->heads);
	free(s->list);
	free(s);
	r->sites[vrf].sources = NULL;
}

void core_sources_init(struct router *r)
{
	for (unsigned i = 0; i < r->conf->n_vrfs; i++)
		if (wants_sources(r->conf, i))
			begin(r, i);
}

void core_sources_fini(struct router *r)
{
	for (unsigned i = 0; i < r->conf->n_vrfs; i++)
		core_sources_end(r, i);
}

static void heads_hold(struct core_sources *s, uint32_t dest)
{
	uint32_t cap = s->cap_heads ? s->cap_heads : 64;

	if (dest < s->cap_heads)
		return;
	while (cap <= dest)
		cap *= 2;
	s->heads = realloc(s->heads, cap * sizeof(*s->heads));
	CHECK(s->heads);
	while (s->cap_heads < cap)
		s->heads[s->cap_heads++] = 0;
}

static uint32_t source_new(struct core_sources *s)
{
	uint32_t id = s->free;

	s->n++;
	if (id) {
		CHECK(s->list);
		s->free = s->list[id].next;
		return id;
	}
	if (s->end == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 64;
		s->list = realloc(s->list, s->cap * sizeof(*s->list));
	}
	CHECK(s->list);
	if (!s->end)
		s->end = 1;
	return s->end++;
}

struct source_change { /* of one destination */
	struct core_run *run;
	struct core_sources *s;
	const struct rib_table *t;
	uint32_t dest;
	struct ip_prefix prefix;
	unsigned n; /* next hops that it has */
};

static void say(const struct source_change *k, enum fib_type type, const struct ip_addr *next_hop)
{
	effect_fib(k->run->fx, &(struct fib_msg){.type = (uint8_t)type,
				       .vrf = k->t->vrf,
				       .prefix = k->prefix,
				       .addr = *next_hop});
	k->run->r->fib_ahead++;
}

static struct source *source_find(const struct source_change *k, const struct ip_addr *next_hop)
{
	uint32_t id = k->dest < k->s->cap_heads ? k->s->heads[k->dest] : 0;

	while (id && !ip_addr_equal(&k->s->list[id].next_hop, next_hop))
		id = k->s->list[id].next;
	return id ? &k->s->list[id] : NULL;
}

/* The destination's own limit needs no walk: when it has fewer, that is a change of it. */
static bool has_room(struct source_change *k)
{
	struct core_sources *s = k->s;

	if (s->n < CORE_SOURCES_MAX && k->n < CORE_SOURCES_PREFIX_MAX)
		return true;
	s->missing |= s->n >= CORE_SOURCES_MAX;
	if (!s->full_said)
		effect_note(k->run->fx, LOG_WARN_, "sources_left_out",
			"vrf=%s why=\"more than %u, or %u next hops of one prefix\"",
			k->run->r->conf->vrfs[k->t->vrf].name, CORE_SOURCES_MAX,
			CORE_SOURCES_PREFIX_MAX);
	s->full_said = true;
	return false;
}

static void source_add(struct source_change *k, const struct ip_addr *next_hop)
{
	struct core_sources *s = k->s;
	uint32_t id;

	if (!has_room(k))
		return;
	heads_hold(s, k->dest);
	id = source_new(s);
	s->list[id] = (struct source){.next_hop = *next_hop, .next = s->heads[k->dest]};
	s->heads[k->dest] = id;
	k->n++;
	say(k, FIB_SOURCE_ADD, next_hop);
}

/* What a CE says, as long as its session or its restart lasts. */
static bool is_announced(const struct rib_table *t, const struct rib_path *p)
{
	const struct rib_source *from = rib_source_get(t->store, p->source);

	return !(p->flags & (RIB_PATH_GONE | RIB_PATH_IMPORTED)) && from->kind == RIB_PEER &&
	       !from->down;
}

/* The next one that the CEs announce, from *p on. */
static bool announced_next(
	const struct rib_table *t, const struct rib_path **p, struct ip_addr *next_hop)
{
	for (; *p; *p = rib_path_next(t, *p)) {
		*next_hop = rib_attrset_next_hop((*p)->attrs);
		if (next_hop->af != IP_V4 || !is_announced(t, *p))
			continue;
		*p = rib_path_next(t, *p);
		return true;
	}
	return false;
}

static void find_all(struct source_change *k)
{
	const struct rib_path *p = rib_dest_paths(k->t, k->dest);
	struct ip_addr next_hop;

	while (announced_next(k->t, &p, &next_hop)) {
		struct source *e = source_find(k, &next_hop);

		if (e)
			e->found = true;
	}
}

static void forget_the_others(struct source_change *k)
{
	struct core_sources *s = k->s;
	uint32_t none = 0, *at = k->dest < s->cap_heads ? &s->heads[k->dest] : &none;

	while (*at) {
		uint32_t id = *at;
		struct source *e = &s->list[id];

		if (e->found) {
			e->found = false; /* for the next time */
			k->n++;
			at = &e->next;
			continue;
		}
		say(k, FIB_SOURCE_DEL, &e->next_hop);
		*at = e->next;
		e->next = s->free;
		s->free = id;
		s->n--;
	}
}

static void add_what_is_new(struct source_change *k)
{
	const struct rib_path *p = rib_dest_paths(k->t, k->dest);
	struct ip_addr next_hop;

	while (announced_next(k->t, &p, &next_hop))
		if (!source_find(k, &next_hop))
			source_add(k, &next_hop);
}

void core_sources_change(struct core_run *run, const struct rib_change *c)
{
	struct source_change k = {.run = run,
		.s = run->r->sites[c->table->vrf].sources,
		.t = c->table,
		.dest = c->dest};
	struct wire_nlri n;

	if (!k.s)
		return;
	rib_dest_nlri(c->table, c->dest, &n);
	k.prefix = n.prefix;
	find_all(&k);
	forget_the_others(&k);
	add_what_is_new(&k);
}

/* Nobody asks for it any more: mplsfwd is to forget it. */
static void take_back(struct core_run *run, unsigned vrf)
{
	struct core_sources *s = run->r->sites[vrf].sources;
	struct source_change k = {.run = run, .s = s, .t = run->r->vrfs.list[vrf].table};

	for (k.dest = 0; k.dest < s->cap_heads; k.dest++) {
		struct wire_nlri n;

		if (!s->heads[k.dest])
			continue;
		rib_dest_nlri(k.t, k.dest, &n);
		k.prefix = n.prefix;
		forget_the_others(&k); /* none is found */
	}
}

void core_sources_reload(struct core_run *run)
{
	struct router *r = run->r;

	for (unsigned i = 0; i < r->conf->n_vrfs; i++) {
		bool wants = wants_sources(r->conf, i), has = r->sites[i].sources != NULL;

		if (wants == has || r->sites[i].leaving)
			continue;
		if (wants) {
			begin(r, i);
			r->sites[i].sources->walking = true;
		} else {
			take_back(run, i);
			r->vrfs.list[i].table->watched = false;
			core_sources_end(r, i);
		}
	}
}

static bool walk(struct core_sources *s, struct rib_table *t, unsigned *budget)
{
	if (s->missing && !s->walking && s->n < CORE_SOURCES_MAX - CORE_SOURCES_MAX / 4) {
		s->walking = true;
		s->missing = false;
		s->walk = 0;
	}
	for (; s->walking && *budget > 0; --*budget) {
		s->walk = rib_table_next(t, s->walk);
		s->walking = s->walk != RIB_SLAB_NONE;
		if (s->walking)
			rib_change_add(t, s->walk);
	}
	return s->walking;
}

bool core_sources_work(struct router *r, unsigned *budget)
{
	bool left = false;

	for (unsigned i = 0; i < r->conf->n_vrfs; i++)
		if (r->sites[i].sources)
			left |= walk(r->sites[i].sources, r->vrfs.list[i].table, budget);
	return left;
}
