/* Neighbors, of the core and of VRFs: one flat list in the order of the file. */
#include <string.h>

#include "bgpd/wire/family.h"
#include "bgpd/wire/rd.h"
#include "conf/loader.h"
#include "lib/check.h"
#include "lib/text.h"

#define PEER_HOLD_S	   90
#define PEER_SEND_HOLD_S   480 /* at least (RFC 9687) */
#define PEER_CONNECT_RETRY 5
#define PEER_RESTART_S	   120
#define PEER_STALE_S	   360

static void peer_bad_family(struct conf_loader *l, const struct conf_value *v, const char *s)
{
	const char *names[WIRE_FAMILIES];

	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		names[f] = wire_family_get(f)->name;
	const char *near = text_nearest(s, names, WIRE_FAMILIES);
	const char *quoted = conf_diag_quote(conf_loader_diag(l), s, strlen(s));
	if (near)
		conf_error(l, v->at, "unknown family %s; did you mean \"%s\"?", quoted, near);
	else
		conf_error(l, v->at,
			"unknown family %s; there are ipv4-unicast, vpnv4 and rt-constraint",
			quoted);
}

/* A VRF's routes become VPN routes at its edge: inside it there is only IPv4 (RFC 4364 7). */
static void peer_families(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, CONF_WORDS_MAX, &n))
		return;
	if (n == 0)
		conf_error(l, v->at, "families is empty; name at least one");
	p->peer->families = 0;
	while (conf_list_next(l, v, &iter, &item)) {
		const char *s = conf_value_text(l, &item, "a family");
		if (!s)
			continue;
		enum wire_family f = wire_family_parse(s);
		if (f == WIRE_FAMILIES)
			peer_bad_family(l, &item, s);
		else if (l->vrf != CONF_VRF_NONE && f != WIRE_IPV4_UNICAST)
			conf_error(l, item.at,
				"a neighbor in a VRF speaks ipv4-unicast only; move it to the "
				"core");
		else
			p->peer->families |= WIRE_FAMILY_BIT(f);
	}
}

static void peer_keep_ce_rts(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	conf_value_bool(l, v, &p->peer->keep_ce_rts);
}

/* RFC 4360 5: a route target's three forms with another sub-type. */
static void peer_site_of_origin(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;
	const char *s = conf_value_quoted(l, v);
	uint64_t rt;

	if (!s)
		return;
	if (wire_rt_parse(s, &rt))
		p->peer->site_of_origin = (rt & ~(0xffull << 48)) | 0x03ull << 48;
	else
		conf_value_bad(l, v,
			"a site of origin (RFC 4364 7); write \"65000:1\", \"192.0.2.1:1\" or "
			"\"4200000000:1\"");
}

/* RFC 3032 2.1: a neighbor that asked for implicit null is sent the packet without its label. */
static void peer_implicit_null(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	conf_value_bool(l, v, &p->peer->implicit_null);
}

/* accept-all, refuse-all, a policy's name, or a list of names. */
static void peer_policy(struct conf_loader *l, const struct conf_value *v, enum conf_policy *policy,
	struct conf_names *names)
{
	struct conf_value item = *v;
	void *iter = NULL;
	unsigned n = 1;
	bool is_list = conf_value_is_list(v);

	if (is_list && !conf_list_count(l, v, CONF_CHAIN_MAX, &n))
		return;
	if (n == 0)
		conf_error(
			l, v->at, "%s is empty; name a policy, accept-all or refuse-all", v->key);
	names->names = conf_alloc(l, n * sizeof(*names->names));
	names->at = conf_alloc(l, n * sizeof(*names->at));
	for (bool more = !is_list || conf_list_next(l, v, &iter, &item); more;
		more = is_list && conf_list_next(l, v, &iter, &item)) {
		const char *name = conf_value_string(l, &item, 1, CONF_POLICY_NAME_MAX);
		bool all = name && strcmp(name, "accept-all") == 0,
		     none = name && strcmp(name, "refuse-all") == 0;
		if ((all || none) && is_list) {
			conf_error(l, item.at,
				"%s stands by itself; write %s: %s, or leave it out of "
				"the list",
				name, v->key, name);
		} else if (all || none) {
			*policy = all ? CONF_POLICY_ACCEPT_ALL : CONF_POLICY_REFUSE_ALL;
		} else if (name) {
			*policy = CONF_POLICY_PROGRAM;
			names->at[names->n] = item.at;
			names->names[names->n++] = name;
		}
	}
}

static void peer_import(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	peer_policy(l, v, &p->peer->import, &p->import);
}

static void peer_export(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	peer_policy(l, v, &p->peer->export, &p->export);
}

static void peer_keep_rejected(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	p->keep_rejected_given = conf_value_bool(l, v, &p->peer->keep_rejected);
}

static void peer_hygiene(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	conf_value_bool(l, v, &p->hygiene);
}

static void peer_selective(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	conf_value_bool(l, v, &p->selective);
}

static void peer_reflector_client(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	conf_value_bool(l, v, &p->peer->reflector_client);
}

static void peer_route_server_client(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	conf_value_bool(l, v, &p->peer->route_server_client);
}

#define PEER_SHARED                                                                                \
	{                                                                                          \
		conf_keys_peer_session, conf_keys_peer_protocol, conf_keys_peer_policy             \
	}

const struct conf_keys *conf_keys_ce(void)
{
	static const struct conf_key keys[] = {
		{"families", false, peer_families},
		{"keep-ce-route-targets", false, peer_keep_ce_rts},
		{"site-of-origin", false, peer_site_of_origin},
	};
	static const struct conf_stray strays[] = {
		{"import",
			"the VRF's route targets are the policy (RFC 4364 4.3); set vrfs import"},
		{"export",
			"the VRF's route targets are the policy (RFC 4364 4.3); set vrfs export"},
		{"reflector-client", "a customer is eBGP; set it on core neighbors"},
		{"route-server-client", "a route server has no VRFs; set it on core neighbors"},
		{"hygiene", "a VRF's neighbors have no policies; set it on core neighbors"},
		{"selective", "a route server has no VRFs; set it on core neighbors"},
		{"keep-rejected", "a VRF's neighbors have no policies; set it on core neighbors"},
		{"implicit-null", "it is about VPN routes; set it on core neighbors"},
	};
	static conf_keys_table *const shared[] = PEER_SHARED;
	static const struct conf_keys table = {.path = "vrfs.neighbors",
		.what = "a neighbor of a VRF",
		.keys = keys,
		.n = ARRAY_LEN(keys),
		.shared = shared,
		.n_shared = ARRAY_LEN(shared),
		.strays = strays,
		.n_strays = ARRAY_LEN(strays)};

	return &table;
}

const struct conf_keys *conf_keys_core(void)
{
	static const struct conf_key keys[] = {
		{"families", true, peer_families},
		{"implicit-null", false, peer_implicit_null},
		{"import", false, peer_import},
		{"export", false, peer_export},
		{"reflector-client", false, peer_reflector_client},
		{"route-server-client", false, peer_route_server_client},
		{"keep-rejected", false, peer_keep_rejected},
		{"hygiene", false, peer_hygiene},
		{"selective", false, peer_selective},
	};
	static const struct conf_stray strays[] = {
		{"keep-ce-route-targets", "it is about customers; set it on a VRF's neighbors"},
		{"site-of-origin", "it is about customers; set it on a VRF's neighbors"},
	};
	static conf_keys_table *const shared[] = PEER_SHARED;
	static const struct conf_keys table = {.path = "neighbors",
		.what = "a core neighbor",
		.keys = keys,
		.n = ARRAY_LEN(keys),
		.shared = shared,
		.n_shared = ARRAY_LEN(shared),
		.strays = strays,
		.n_strays = ARRAY_LEN(strays)};

	return &table;
}

/* Makes room for n more neighbors. The old arrays stay in the arena: they at most double what is kept. */
static void peers_grow(struct conf_loader *l, unsigned n)
{
	unsigned have = l->conf->n_peers;

	if (l->peers_cap - have >= n)
		return;
	l->peers_cap = (have + n) * 2;
	struct conf_peer *peers = conf_alloc(l, l->peers_cap * sizeof(*peers));
	struct conf_peer_site *sites = conf_alloc(l, l->peers_cap * sizeof(*sites));
	if (have) {
		memcpy(peers, l->conf->peers, have * sizeof(*peers));
		memcpy(sites, l->peers, have * sizeof(*sites));
		explicit_bzero(l->conf->peers, have * sizeof(*peers)); /* keys are in it */
	}
	l->conf->peers = peers;
	l->peers = sites;
}

static void peer_defaults(struct conf_loader *l, struct conf_peer *p)
{
	p->vrf = l->vrf;
	p->hold_s = PEER_HOLD_S;
	p->connect_retry_s = PEER_CONNECT_RETRY;
	p->role = CONF_ROLE_NONE;
	p->restart = (struct conf_restart){
		.helper = true, .time_s = PEER_RESTART_S, .stale_s = PEER_STALE_S};
	if (l->vrf != CONF_VRF_NONE) {
		p->families = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST);
		p->import = p->export = CONF_POLICY_ACCEPT_ALL;
	}
}

/* Either an address, or a range with a limit. */
static void peer_check_who(
	struct conf_loader *l, const struct conf_peer_parse *run, const struct conf_peer_site *site)
{
	bool address = conf_peer_site_has(site, "address"),
	     range = conf_peer_site_has(site, "range");
	struct conf_at at = conf_peer_site_at(site, "range");

	if (!address && !range)
		conf_error(l, site->whole,
			"%s needs the key \"address\"; or \"range\" and \"limit\", for neighbors "
			"that come "
			"by themselves",
			site->keys->what);
	if (address && range)
		conf_error(l, at, "address and range are both given; keep one");
	if (range && !conf_peer_site_has(site, "limit"))
		conf_error(l, at,
			"a range needs the key \"limit\": how many of its neighbors may be there "
			"at one "
			"time");
	if (!range && conf_peer_site_has(site, "limit"))
		conf_error(l, conf_peer_site_at(site, "limit"),
			"limit is how many neighbors of a range may be there; for prefixes write "
			"max-prefix");
	if (!range && run->external)
		conf_error(l, conf_peer_site_at(site, "as"),
			"as: external is for a range; write the number of the neighbor's AS");
	if (range && conf_peer_site_has(site, "passive") && !run->peer->passive)
		conf_error(l, conf_peer_site_at(site, "passive"),
			"nobody can dial a range; leave passive out");
}

/* What follows from what was given. */
static void peer_complete(struct conf_loader *l, const struct conf_peer_parse *run)
{
	struct conf_peer *p = run->peer;

	if (!run->send_hold_given)
		p->send_hold_s =
			p->hold_s > PEER_SEND_HOLD_S / 2 ? p->hold_s * 2u : PEER_SEND_HOLD_S;
	p->passive |= p->dynamic;
	if (!run->keep_rejected_given)
		p->keep_rejected = p->route_server_client;
	if (!p->name && p->dynamic)
		p->name = ip_prefix_print(&p->range, conf_alloc(l, IP_PREFIX_STRLEN));
	else if (!p->name && p->addr.af != IP_NONE)
		p->name = ip_addr_print(&p->addr, conf_alloc(l, IP_ADDR_STRLEN));
}

/* The other places of a range, equal but for their number. */
static void peer_expand(struct conf_loader *l, unsigned limit, struct conf_at at)
{
	unsigned first = l->conf->n_peers - 1;

	if (limit - 1 > CONF_PEERS_MAX - l->conf->n_peers) {
		conf_error(l, at, "with this there are more than %u neighbors; lower the limits",
			CONF_PEERS_MAX);
		return;
	}
	peers_grow(l, limit - 1);
	for (unsigned slot = 1; slot < limit; slot++) {
		unsigned i = l->conf->n_peers++;
		l->conf->peers[i] = l->conf->peers[first];
		l->conf->peers[i].slot = (uint16_t)slot;
		l->peers[i] = l->peers[first];
	}
}

static void peer_parse(struct conf_loader *l, const struct conf_value *v)
{
	peers_grow(l, 1);
	unsigned i = l->conf->n_peers++;
	struct conf_peer_parse run = {.peer = &l->conf->peers[i]};
	struct conf_peer_site *site = &l->peers[i];

	peer_defaults(l, run.peer);
	*site = (struct conf_peer_site){
		.keys = l->vrf == CONF_VRF_NONE ? conf_keys_core() : conf_keys_ce(),
		.whole = v->at,
		.places = arena_alloc(&l->places, CONF_KEYS_MAX * sizeof(*site->places))};
	CHECK(site->places != NULL);
	conf_map_parse_places(l, v, site->keys, &run, site->places);
	site->hygiene = run.hygiene;
	site->selective = run.selective;
	site->import = run.import;
	site->export = run.export;
	if (conf_value_is_map(v))
		peer_check_who(l, &run, site);
	peer_complete(l, &run);
	if (run.peer->dynamic && run.limit > 1)
		peer_expand(l, run.limit, conf_peer_site_at(site, "limit"));
}

void conf_parse_neighbors(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, CONF_PEERS_MAX - l->conf->n_peers, &n))
		return;
	while (conf_list_next(l, v, &iter, &item)) {
		if (l->conf->n_peers == CONF_PEERS_MAX) {
			conf_error(l, item.at,
				"from here there are more than %u neighbors; lower the limits",
				CONF_PEERS_MAX);
			return;
		}
		peer_parse(l, &item);
	}
}
