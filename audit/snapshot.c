#include "audit/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "acl/load_prog.h"
#include "audit/array.h"
#include "lib/check.h"

void audit_snapshot_init(struct audit_snapshot *s)
{
	*s = (struct audit_snapshot){0};
	for (int i = 0; i < AUDIT_SYSCTLS; i++)
		s->sysctl[i] = AUDIT_ABSENT;
	for (int i = 0; i < AUDIT_DEVICE_SYSCTLS; i++)
		s->all[i] = s->born[i] = AUDIT_ABSENT;
}

void audit_snapshot_fini(struct audit_snapshot *s)
{
	free(s->links);
	free(s->addresses);
	free(s->rules);
	free(s->routes);
	free(s->hops);
	free(s->nexthops);
	free(s->filters);
	free(s->sockets);
	free(s->keys);
	free(s->frr);
	*s = (struct audit_snapshot){0};
}

struct audit_link *audit_snapshot_add_link(struct audit_snapshot *s)
{
	s->links = audit_array_add(s->links, &s->n_links, sizeof(*s->links));
	struct audit_link *l = &s->links[s->n_links - 1];
	for (int i = 0; i < AUDIT_DEVICE_SYSCTLS; i++)
		l->sysctl[i] = AUDIT_ABSENT;
	return l;
}

struct audit_address *audit_snapshot_add_address(struct audit_snapshot *s)
{
	s->addresses = audit_array_add(s->addresses, &s->n_addresses, sizeof(*s->addresses));
	return &s->addresses[s->n_addresses - 1];
}

struct audit_rule *audit_snapshot_add_rule(struct audit_snapshot *s)
{
	s->rules = audit_array_add(s->rules, &s->n_rules, sizeof(*s->rules));
	return &s->rules[s->n_rules - 1];
}

struct audit_route *audit_snapshot_add_route(struct audit_snapshot *s)
{
	s->routes = audit_array_add(s->routes, &s->n_routes, sizeof(*s->routes));
	return &s->routes[s->n_routes - 1];
}

struct audit_hop *audit_snapshot_add_hop(struct audit_snapshot *s)
{
	s->hops = audit_array_add(s->hops, &s->n_hops, sizeof(*s->hops));
	return &s->hops[s->n_hops - 1];
}

struct audit_nexthop *audit_snapshot_add_nexthop(struct audit_snapshot *s)
{
	s->nexthops = audit_array_add(s->nexthops, &s->n_nexthops, sizeof(*s->nexthops));
	return &s->nexthops[s->n_nexthops - 1];
}

struct audit_filter *audit_snapshot_add_filter(struct audit_snapshot *s)
{
	s->filters = audit_array_add(s->filters, &s->n_filters, sizeof(*s->filters));
	return &s->filters[s->n_filters - 1];
}

struct audit_socket *audit_snapshot_add_socket(struct audit_snapshot *s)
{
	s->sockets = audit_array_add(s->sockets, &s->n_sockets, sizeof(*s->sockets));
	return &s->sockets[s->n_sockets - 1];
}

struct ip_prefix *audit_snapshot_add_key(struct audit_snapshot *s)
{
	s->keys = audit_array_add(s->keys, &s->n_keys, sizeof(*s->keys));
	return &s->keys[s->n_keys - 1];
}

struct audit_frr_peer *audit_snapshot_add_frr(struct audit_snapshot *s)
{
	s->frr = audit_array_add(s->frr, &s->n_frr, sizeof(*s->frr));
	return &s->frr[s->n_frr - 1];
}

static int nexthop_cmp(const void *a, const void *b)
{
	const struct audit_nexthop *x = a, *y = b;
	return (x->id > y->id) - (x->id < y->id);
}

static const struct audit_nexthop *nexthop_find(const struct audit_snapshot *s, uint32_t id)
{
	struct audit_nexthop key = {.id = id};
	return s->n_nexthops ? bsearch(&key, s->nexthops, s->n_nexthops, sizeof(key), nexthop_cmp)
			     : NULL;
}

static void group_resolve(struct audit_snapshot *s, struct audit_nexthop *g)
{
	g->first_hop = (uint32_t)s->n_hops;
	for (unsigned i = 0; i < g->n_members; i++) {
		const struct audit_nexthop *m = nexthop_find(s, g->members[i]);
		for (uint32_t k = 0; m && !m->n_members && k < m->n_hops; k++) {
			struct audit_hop *new = audit_snapshot_add_hop(s);
			*new = s->hops[m->first_hop + k];
			g->n_hops++;
		}
	}
}

void audit_snapshot_resolve(struct audit_snapshot *s)
{
	if (s->n_nexthops)
		qsort(s->nexthops, s->n_nexthops, sizeof(*s->nexthops), nexthop_cmp);
	for (size_t i = 0; i < s->n_nexthops; i++)
		if (s->nexthops[i].n_members)
			group_resolve(s, &s->nexthops[i]);
	for (size_t i = 0; i < s->n_routes; i++) {
		struct audit_route *r = &s->routes[i];
		const struct audit_nexthop *n = r->nhid ? nexthop_find(s, r->nhid) : NULL;
		if (!n)
			continue;
		r->first_hop = n->first_hop;
		r->n_hops = n->n_hops;
		if (n->blackhole)
			r->type = AUDIT_REFUSED;
	}
}

const struct audit_link *audit_link_find(const struct audit_snapshot *s, const char *name)
{
	for (size_t i = 0; i < s->n_links; i++)
		if (strcmp(s->links[i].name, name) == 0)
			return &s->links[i];
	return NULL;
}

const struct audit_link *audit_link_at(const struct audit_snapshot *s, uint32_t ifindex)
{
	for (size_t i = 0; i < s->n_links; i++)
		if (s->links[i].ifindex == ifindex)
			return &s->links[i];
	return NULL;
}

const struct audit_filter *audit_guard_find(
	const struct audit_snapshot *s, const struct audit_link *l)
{
	for (size_t i = 0; i < s->n_filters; i++)
		if (s->filters[i].ifindex == l->ifindex &&
			strcmp(s->filters[i].program.name, ACL_TC_NAME) == 0)
			return &s->filters[i];
	return NULL;
}
