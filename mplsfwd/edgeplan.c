#include "mplsfwd/edgeplan.h"

#include <stdlib.h>
#include <string.h>

#include "acl/police.h"
#include "lib/check.h"
#include "mplsfwd/dirty.h"

enum { PROTO_TCP = 6, PROTO_UDP = 17, PROTO_OSPF = 89 };
enum { PORT_BGP = 179, PORT_RIP = 520, PORT_BFD = 3784 };
#define BFD_TTL 255 /* RFC 5881 5 */

bool fwd_edgeplan_wanted(const struct conf *conf, unsigned port)
{
	const struct conf_port *p = &conf->ports[port];

	if (p->role == CONF_PORT_ACCESS)
		return !p->guard.disabled;
	return p->role == CONF_PORT_CORE && (p->labels != ACL_LABELS_ALL || p->n_acls);
}

static uint32_t be32(uint32_t v)
{
	const uint8_t o[4] = {
		(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};
	uint32_t out;

	memcpy(&out, o, sizeof(out));
	return out;
}

/* Host bits of either do not count. */
static bool prefixes_overlap(const struct ip_prefix *a, const struct ip_prefix *b)
{
	struct ip_prefix wide = a->len <= b->len ? *a : *b;

	ip_prefix_mask(&wide);
	return ip_prefix_contains(&wide, a->len <= b->len ? &b->addr : &a->addr);
}

static struct ip_prefix peer_prefix(const struct conf_peer *p)
{
	return p->dynamic ? p->range : (struct ip_prefix){p->addr, ip_af_bits(p->addr.af)};
}

static bool on_link(const struct conf_port *c, const struct ip_prefix *p)
{
	for (unsigned i = 0; i < c->n_addresses; i++)
		if (prefixes_overlap(&c->addresses[i], p))
			return true;
	return false;
}

/* A neighbour that is on another port's link, and not on this one's. */
static bool is_elsewhere(const struct conf *conf, unsigned port, const struct ip_prefix *p)
{
	const struct conf_port *c = &conf->ports[port];

	if (on_link(c, p))
		return false;
	for (unsigned i = 0; i < conf->n_ports; i++)
		if (conf->ports[i].vrf == c->vrf && on_link(&conf->ports[i], p))
			return true;
	return false;
}

static bool service_add(struct acl_consts *out, const struct ip_prefix *from, uint8_t proto,
	uint16_t port, uint8_t min_ttl)
{
	struct acl_service s = {.proto = proto, .min_ttl = min_ttl, .port = port};

	if (from) {
		s.src_mask_be = be32(FWD_MASK(from->len));
		s.src_be = be32(ip_addr_get_v4(&from->addr)) & s.src_mask_be;
	}
	for (unsigned i = 0; i < out->n_services; i++)
		if (memcmp(&out->services[i], &s, sizeof(s)) == 0)
			return true; /* a range of neighbours stands there once for each place in it */
	if (out->n_services == ACL_SERVICES_MAX)
		return false;
	out->services[out->n_services++] = s;
	return true;
}

static bool bgp_add(const struct conf *conf, unsigned port, struct acl_consts *out)
{
	for (unsigned i = 0; i < conf->n_peers; i++) {
		const struct conf_peer *p = &conf->peers[i];
		struct ip_prefix from = peer_prefix(p);

		if (p->vrf != conf->ports[port].vrf || from.addr.af != IP_V4 ||
			is_elsewhere(conf, port, &from))
			continue;
		/* RFC 5082 3: 255 was sent, and each hop took one */
		uint8_t min_ttl = p->gtsm_hops ? (uint8_t)(256 - p->gtsm_hops) : 0;
		if (!service_add(out, &from, PROTO_TCP, PORT_BGP, min_ttl))
			return false;
	}
	return true;
}

static bool protocols_add(
	const struct conf_port *c, const struct ip_prefix *from, struct acl_consts *out)
{
	static const struct {
		uint8_t bit, proto;
		uint16_t port;
		uint8_t min_ttl;
	} known[] = {{CONF_GUARD_OSPF, PROTO_OSPF, 0, 0}, {CONF_GUARD_RIP, PROTO_UDP, PORT_RIP, 0},
		{CONF_GUARD_BFD, PROTO_UDP, PORT_BFD, BFD_TTL}};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (c->guard.protocols & known[i].bit &&
			!service_add(out, from, known[i].proto, known[i].port, known[i].min_ttl))
			return false;
	return true;
}

/* From the link; from anywhere if somebody else gives the port its addresses. */
static bool services_add(const struct conf *conf, unsigned port, struct acl_consts *out)
{
	const struct conf_port *c = &conf->ports[port];
	bool any = false;

	for (unsigned i = 0; i < c->n_addresses; i++) {
		if (c->addresses[i].addr.af != IP_V4)
			continue;
		any = true;
		if (!protocols_add(c, &c->addresses[i], out))
			return false;
	}
	return (any || protocols_add(c, NULL, out)) && bgp_add(conf, port, out);
}

static bool bindings_add(const struct conf_guard *g, struct acl_consts *out)
{
	for (unsigned i = 0; i < g->n_statics; i++) {
		if (g->statics[i].addr.af != IP_V4)
			continue;
		if (out->n_bindings == ACL_BINDINGS_MAX)
			return false;
		struct acl_binding *b = &out->bindings[out->n_bindings++];
		b->addr_be = be32(ip_addr_get_v4(&g->statics[i].addr));
		memcpy(b->mac, g->statics[i].mac, sizeof(b->mac));
	}
	return true;
}

static bool rules_add(const struct conf *conf, const struct conf_port *c, struct acl_consts *out)
{
	const struct conf_vrf *v = c->vrf == CONF_VRF_NONE ? NULL : &conf->vrfs[c->vrf];
	unsigned n = c->n_acls + (v ? v->n_acls : 0);
	const struct acl_list **lists = calloc(n + 1, sizeof(*lists));

	CHECK(lists);
	for (unsigned i = 0; i < n; i++)
		lists[i] = i < c->n_acls ? c->acls[i] : v->acls[i - c->n_acls];
	unsigned rules = acl_rules_compile(lists, n, out->rules);
	free(lists);
	out->n_rules = (uint16_t)(rules <= ACL_RULES_MAX ? rules : 0);
	return rules <= ACL_RULES_MAX;
}

static struct acl_bucket bucket_of(struct conf_rate r)
{
	return acl_bucket_make(r.rate, r.burst);
}

static void device_set(const struct conf *conf, uint32_t ifindex, const uint8_t mac[6],
	enum acl_role role, struct acl_consts *out)
{
	memset(out, 0, sizeof(*out)); /* compared as octets, and seen by the kernel */
	out->ifindex = ifindex;
	out->role = (uint8_t)role;
	memcpy(out->mac, mac, sizeof(out->mac));
	if (conf->samples_per_s)
		out->police[ACL_BUCKET_SAMPLE] =
			acl_bucket_make(conf->samples_per_s, conf->samples_per_s);
}

void fwd_edgeplan_device(const struct conf *conf, uint32_t ifindex, const uint8_t mac[6],
	const uint64_t vids[ACL_VIDS / 64], struct acl_consts *out)
{
	device_set(conf, ifindex, mac, vids ? ACL_ROLE_TRUNK : ACL_ROLE_CLOSED, out);
	if (!vids)
		return;
	memcpy(out->vids, vids, sizeof(out->vids));
	out->labels = ACL_LABELS_ALL; /* in an agreed VLAN: one of them may be a core port */
}

bool fwd_edgeplan_consts(const struct conf *conf, unsigned port, uint32_t ifindex,
	const uint8_t mac[6], struct acl_consts *out)
{
	const struct conf_port *c = &conf->ports[port];
	bool access = c->role == CONF_PORT_ACCESS;

	device_set(conf, ifindex, mac, access ? ACL_ROLE_ACCESS : ACL_ROLE_CORE, out);
	out->labels = !access ? c->labels : c->accept_labels ? ACL_LABELS_ALL : ACL_LABELS_NONE;
	if (!rules_add(conf, c, out))
		return false;
	if (!access)
		return true;
	out->source = c->guard.source;
	out->off = c->guard.off;
	out->police[ACL_BUCKET_CTRL] = bucket_of(c->guard.control);
	out->police[ACL_BUCKET_ARP] = bucket_of(c->guard.arp);
	out->police[ACL_BUCKET_ICMP] = bucket_of(c->guard.icmp);
	out->police[ACL_BUCKET_FLOW] = bucket_of(c->guard.new_flows);
	return services_add(conf, port, out) && bindings_add(&c->guard, out);
}

/* Prefixes on their way into a table: it is sorted, and so they go in from the front to the back. */
struct prefixes {
	struct acl_lpm_entry *list;
	size_t n, cap;
};

static void prefixes_add(struct prefixes *p, uint32_t addr, uint8_t len, uint8_t value)
{
	if (p->n == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 64;
		p->list = realloc(p->list, p->cap * sizeof(*p->list));
		CHECK(p->list);
	}
	p->list[p->n++] =
		(struct acl_lpm_entry){.addr = addr & FWD_MASK(len), .len = len, .value = value};
}

static int prefix_cmp(const void *a, const void *b)
{
	const struct acl_lpm_entry *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	return (int)x->len - (int)y->len;
}

static void prefixes_move(struct prefixes *p, struct acl_lpm *to)
{
	if (p->n)
		qsort(p->list, p->n, sizeof(*p->list), prefix_cmp);
	for (size_t i = 0; i < p->n; i++)
		acl_lpm_add(to, p->list[i].addr, p->list[i].len, p->list[i].value);
	free(p->list);
	*p = (struct prefixes){0};
}

static bool of_vrf(const struct fwd_lfib *l, const struct fwd_connected *c, int vrf)
{
	const struct conf_port *p = &l->conf->ports[c->port];
	return p->role == CONF_PORT_ACCESS && p->vrf == vrf;
}

/* A gateway is on the port's link. */
static bool reaches(const struct fwd_lfib *l, unsigned port, uint32_t gateway)
{
	for (unsigned i = 0; i < l->n_connected; i++) {
		const struct fwd_connected *c = &l->connected[i];
		if (c->port == port && !((c->addr ^ gateway) & FWD_MASK(c->len)))
			return true;
	}
	return false;
}

static void infra_put(const struct fwd_lfib *l, struct acl_lpm *destinations)
{
	for (unsigned i = 0; i < l->conf->n_infrastructure; i++) {
		const struct ip_prefix *p = &l->conf->infrastructure[i];
		if (p->addr.af == IP_V4)
			acl_lpm_add(destinations, ip_addr_get_v4(&p->addr), p->len, ACL_DST_INFRA);
	}
}

/* RFC 4381 2.1: a customer may use the numbers of the core; what its VRF has a route to is its own. */
static bool in_infra(const struct conf *conf, uint32_t addr, uint8_t len)
{
	struct ip_addr a = ip_addr_v4(addr);

	for (unsigned i = 0; i < conf->n_infrastructure; i++)
		if (conf->infrastructure[i].len <= len &&
			ip_prefix_contains(&conf->infrastructure[i], &a))
			return true;
	return false;
}

static void routes_put(
	const struct fwd_lfib *l, unsigned port, struct prefixes *sources, struct prefixes *forward)
{
	uint32_t pos = 0, id;

	while ((id = fwd_table_next(&l->routes, &pos))) {
		const struct fwd_route *r = fwd_route_at(l, id);

		if (r->vrf != l->conf->ports[port].vrf ||
			(r->want.via == FWD_VIA_NONE && r->have.via == FWD_VIA_NONE))
			continue;
		if (r->want.via == FWD_VIA_CE && reaches(l, port, r->want.ref))
			prefixes_add(sources, r->addr, r->len, ACL_SRC_ROUTED);
		if (in_infra(l->conf, r->addr, r->len))
			prefixes_add(forward, r->addr, r->len, ACL_DST_FORWARD);
	}
}

static void statics_put(const struct fwd_lfib *l, unsigned port, struct prefixes *sources)
{
	const struct conf_vrf *v = &l->conf->vrfs[l->conf->ports[port].vrf];

	for (unsigned i = 0; i < v->n_statics; i++) {
		const struct conf_static *s = &v->statics[i];
		if (s->prefix.addr.af == IP_V4 && reaches(l, port, ip_addr_get_v4(&s->next_hop)))
			prefixes_add(sources, ip_addr_get_v4(&s->prefix.addr), s->prefix.len,
				ACL_SRC_ROUTED);
	}
}

static void announced_put(const struct fwd_lfib *l, unsigned port,
	const struct fwd_edge_source *announced, size_t n, struct prefixes *sources)
{
	const struct conf_port *c = &l->conf->ports[port];

	for (size_t i = 0; i < n; i++) {
		const struct fwd_edge_source *s = &announced[i];
		if (s->vrf != c->vrf || s->prefix.addr.af != IP_V4 ||
			!(s->found || c->guard.source == ACL_SOURCE_FEASIBLE) ||
			!reaches(l, port, ip_addr_get_v4(&s->gateway)))
			continue;
		prefixes_add(
			sources, ip_addr_get_v4(&s->prefix.addr), s->prefix.len, ACL_SRC_ROUTED);
	}
}

/* An address of the VRF: ours, with the broadcast addresses of its link, from whichever port. */
static void own_put(const struct fwd_connected *c, bool here, struct acl_lpm *sources,
	struct acl_lpm *destinations)
{
	uint32_t first = c->addr & FWD_MASK(c->len), last = c->addr | ~FWD_MASK(c->len);

	if (c->len < 31) {
		acl_lpm_add(destinations, first, 32, ACL_DST_OWN);
		acl_lpm_add(destinations, last, 32, ACL_DST_OWN);
	}
	if (c->len < 31 && here) { /* nobody's address */
		acl_lpm_add(sources, first, 32, 0);
		acl_lpm_add(sources, last, 32, 0);
	}
	acl_lpm_add(destinations, c->addr, 32, ACL_DST_OWN);
	acl_lpm_add(sources, c->addr, 32, ACL_SRC_OWN);
}

void fwd_edgeplan_tables(const struct fwd_lfib *l, unsigned port,
	const struct fwd_edge_source *announced, size_t n, struct acl_lpm *sources,
	struct acl_lpm *destinations)
{
	int vrf = l->conf->ports[port].vrf;
	struct prefixes from = {0}, forward = {0};

	routes_put(l, port, &from, &forward);
	statics_put(l, port, &from);
	announced_put(l, port, announced, n, &from);
	prefixes_move(&from, sources);
	infra_put(l, destinations);
	for (unsigned i = 0; i < l->n_connected; i++) {
		const struct fwd_connected *c = &l->connected[i];
		if (c->port == port)
			acl_lpm_add(sources, c->addr, c->len, ACL_SRC_ROUTED | ACL_SRC_LINK);
		if (of_vrf(l, c, vrf) && in_infra(l->conf, c->addr, c->len))
			prefixes_add(&forward, c->addr, c->len, ACL_DST_FORWARD);
	}
	prefixes_move(&forward, destinations);
	for (unsigned i = 0; i < l->n_connected; i++)
		if (of_vrf(l, &l->connected[i], vrf))
			own_put(&l->connected[i], l->connected[i].port == port, sources,
				destinations);
}

static int label_cmp(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* A neighbour is on a core port's link; the configuration, or the kernel, has given that its addresses. */
static bool peer_on_port(const struct fwd_lfib *l, unsigned port, uint16_t peer)
{
	const struct conf_peer *p = &l->conf->peers[peer];

	if (p->vrf != CONF_VRF_NONE || p->dynamic || p->addr.af != IP_V4)
		return false;
	struct ip_prefix at = peer_prefix(p);
	return reaches(l, port, ip_addr_get_v4(&p->addr)) || on_link(&l->conf->ports[port], &at);
}

uint32_t *fwd_edgeplan_labels(const struct fwd_lfib *l, unsigned port,
	const struct fwd_edge_label *told, size_t n_told, unsigned *n)
{
	uint32_t *list = calloc(n_told + 1, sizeof(*list));
	unsigned kept = 0, unique = 0;

	CHECK(list);
	for (size_t i = 0; i < n_told; i++)
		if (told[i].peer < l->conf->n_peers && peer_on_port(l, port, told[i].peer))
			list[kept++] = told[i].label;
	if (kept)
		qsort(list, kept, sizeof(*list), label_cmp);
	for (unsigned i = 0; i < kept; i++)
		if (!unique || list[unique - 1] != list[i])
			list[unique++] = list[i];
	*n = unique;
	return list;
}
