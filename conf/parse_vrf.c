/* VRFs: identity, route targets, static routes. Their neighbors are read by parse_peer.c. */
#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/rd.h"
#include "conf/loader.h"
#include "lib/check.h"

#define RD_FORMS "write \"65000:1\", \"192.0.2.1:1\" or \"4200000000:1\""

struct vrf_pair {
	struct conf_vrf *vrf;
	struct conf_vrf_site *site;
};

struct route_pair {
	struct conf_static *route;
	struct conf_at *prefix, *next_hop;
};

static void vrf_name(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct vrf_pair *p = into;

	p->site->name = v->at;
	p->vrf->name = conf_value_ifname(l, v);
}

/* 253, 254, 255: default, main, local (linux/rtnetlink.h); a VRF in one of those would be no VRF. */
static void vrf_table(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct vrf_pair *p = into;
	uint64_t n;

	p->site->table = v->at;
	if (!conf_value_number(l, v, 1, UINT32_MAX, &n))
		return;
	if (n >= 253 && n <= 255)
		conf_error(l, v->at,
			"table %ju belongs to the kernel (253 default, 254 main, 255 local); take "
			"another",
			(uintmax_t)n);
	else
		p->vrf->table = (uint32_t)n;
}

static void vrf_rd(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct vrf_pair *p = into;
	const char *s = conf_value_quoted(l, v);

	p->site->rd = v->at;
	if (s && !wire_rd_parse(s, &p->vrf->rd))
		conf_value_bad(l, v, "a route distinguisher (RFC 4364 4.2); " RD_FORMS);
}

/* RFC 4381 2.2: the loopback's address, which is the router's id, need not be told to a customer. */
static void vrf_id(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct vrf_pair *p = into;

	conf_parse_octets(l, v, "a router id; write four octets as 192.168.1.1",
		"leave it out for the router's id (RFC 6286 2.1)", &p->vrf->id);
}

static int vrf_cmp_rts(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static unsigned vrf_sort_rts(uint64_t *rts, unsigned n)
{
	unsigned unique = 0;

	qsort(rts, n, sizeof(*rts), vrf_cmp_rts);
	for (unsigned i = 0; i < n; i++)
		if (unique == 0 || rts[unique - 1] != rts[i])
			rts[unique++] = rts[i];
	return unique;
}

static uint64_t *vrf_parse_rts(struct conf_loader *l, const struct conf_value *v, unsigned *n)
{
	struct conf_value item;
	void *iter = NULL;
	unsigned count, good = 0;

	if (!conf_list_count(l, v, CONF_RTS_MAX, &count))
		return NULL;
	uint64_t *rts = conf_alloc(l, count * sizeof(*rts));
	while (conf_list_next(l, v, &iter, &item)) {
		const char *s = conf_value_quoted(l, &item);
		if (s && wire_rt_parse(s, &rts[good]))
			good++;
		else if (s)
			conf_value_bad(l, &item, "a route target (RFC 4360 4); " RD_FORMS);
	}
	*n = vrf_sort_rts(rts, good);
	return rts;
}

static void vrf_import(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct vrf_pair *p = into;

	p->vrf->import_rts = vrf_parse_rts(l, v, &p->vrf->n_import_rts);
}

static void vrf_export(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct vrf_pair *p = into;

	p->vrf->export_rts = vrf_parse_rts(l, v, &p->vrf->n_export_rts);
}

static void vrf_redistribute(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct vrf_pair *p = into;
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, CONF_WORDS_MAX, &n))
		return;
	while (conf_list_next(l, v, &iter, &item)) {
		const char *s = conf_value_text(l, &item, "connected or static");
		if (!s)
			continue;
		if (strcmp(s, "connected") == 0)
			p->vrf->redistribute |= CONF_REDIST_CONNECTED;
		else if (strcmp(s, "static") == 0)
			p->vrf->redistribute |= CONF_REDIST_STATIC;
		else
			conf_value_bad(l, &item, "a source of routes; write connected or static");
	}
}

static void vrf_max_routes(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct vrf_pair *p = into;

	conf_parse_max_routes(l, v, &p->vrf->max_routes);
}

static void vrf_acl(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct vrf_pair *p = into;

	conf_parse_acl_names(l, v, &p->site->acls);
}

static void route_prefix(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct route_pair *p = into;

	*p->prefix = v->at;
	conf_value_prefix(l, v, false, &p->route->prefix);
}

static void route_next_hop(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct route_pair *p = into;

	*p->next_hop = v->at;
	conf_value_addr(l, v, &p->route->next_hop);
}

const struct conf_keys *conf_keys_route(void)
{
	static const struct conf_key keys[] = {
		{"prefix", true, route_prefix},
		{"next-hop", true, route_next_hop},
	};
	static const struct conf_keys table = {
		.path = "vrfs.routes", .what = "a route", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

static void vrf_routes(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct vrf_pair *p = into;
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, CONF_ROUTES_MAX, &n))
		return;
	p->vrf->statics = conf_alloc(l, n * sizeof(*p->vrf->statics));
	p->site->prefixes = conf_alloc(l, n * sizeof(*p->site->prefixes));
	p->site->next_hops = conf_alloc(l, n * sizeof(*p->site->next_hops));
	while (conf_list_next(l, v, &iter, &item)) {
		unsigned i = p->vrf->n_statics++;
		struct route_pair r = {.route = &p->vrf->statics[i],
			.prefix = &p->site->prefixes[i],
			.next_hop = &p->site->next_hops[i]};
		conf_map_parse(l, &item, conf_keys_route(), &r);
	}
}

const struct conf_keys *conf_keys_vrf(void)
{
	static const struct conf_key keys[] = {
		{"name", true, vrf_name},
		{"table", true, vrf_table},
		{"rd", true, vrf_rd},
		{"id", false, vrf_id},
		{"import", false, vrf_import},
		{"export", false, vrf_export},
		{"redistribute", false, vrf_redistribute},
		{"routes", false, vrf_routes},
		{"max-routes", false, vrf_max_routes},
		{"acl", false, vrf_acl},
		{"neighbors", false, conf_parse_neighbors},
	};
	static const struct conf_keys table = {
		.path = "vrfs", .what = "a VRF", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

void conf_parse_vrfs(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, CONF_VRFS_MAX, &n))
		return;
	l->conf->vrfs = conf_alloc(l, n * sizeof(*l->conf->vrfs));
	l->vrfs = conf_alloc(l, n * sizeof(*l->vrfs));
	while (conf_list_next(l, v, &iter, &item)) {
		unsigned i = l->conf->n_vrfs++;
		struct vrf_pair p = {.vrf = &l->conf->vrfs[i], .site = &l->vrfs[i]};
		p.site->name = item.at;
		l->vrf = (int)i;
		conf_map_parse(l, &item, conf_keys_vrf(), &p);
		l->vrf = CONF_VRF_NONE;
	}
}
