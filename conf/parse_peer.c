/* Neighbors, of the core and of VRFs: one flat list in the order of the file. */
#include <string.h>

#include "bgpd/wire/family.h"
#include "conf/loader.h"
#include "lib/check.h"
#include "lib/text.h"

#define PEER_NAME_MAX	   63
#define PEER_HOLD_S	   90
#define PEER_CONNECT_RETRY 5

struct peer_pair {
	struct conf_peer *peer;
	struct conf_peer_site *site;
};

static void peer_name(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct peer_pair *p = into;

	p->site->name = v->at;
	p->peer->name = conf_value_string(l, v, 1, PEER_NAME_MAX);
}

static void peer_address(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct peer_pair *p = into;

	p->site->address = v->at;
	conf_value_addr(l, v, &p->peer->addr);
}

static void peer_local_address(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct peer_pair *p = into;

	conf_value_addr(l, v, &p->peer->local);
}

static void peer_as(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct peer_pair *p = into;

	p->site->as = v->at;
	conf_parse_as(l, v, &p->peer->as);
}

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
		conf_error(l, v->at, "unknown family %s; there are ipv4-unicast and vpnv4", quoted);
}

/* A VRF's routes become VPN routes at its edge: inside it there is only IPv4 (RFC 4364 7). */
static void peer_families(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct peer_pair *p = into;
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

/* RFC 2385: a key is 1 to 80 octets. It is never repeated in a message. */
bool conf_secret_check(struct conf_loader *l, const struct conf_value *v, const char *s, size_t len)
{
	if (len > 0 && len <= CONF_PASSWORD_MAX)
		return true;
	if (len == 0)
		conf_error(l, v->at, "%s is empty; leave the key out for a session without TCP-MD5",
			v->key);
	else
		conf_error(l, v->at, "%s gives %zu octets; TCP-MD5 takes at most %d", v->key, len,
			CONF_PASSWORD_MAX);
	return false;
}

static void peer_password(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct peer_pair *p = into;
	const char *s = conf_value_string(l, v, 0, SIZE_MAX);

	p->site->password = v->at;
	p->site->has_password = true;
	if (!s || !conf_secret_check(l, v, s, strlen(s)))
		return;
	p->peer->password_len = (uint8_t)strlen(s);
	memcpy(p->peer->password, s, p->peer->password_len);
	explicit_bzero((char *)s,
		p->peer->password_len); /* the arena's copy: one place to forget it from is enough */
}

static void peer_password_file(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct peer_pair *p = into;

	p->site->password = v->at;
	p->site->has_password_file = true;
	conf_secret_load(l, v, p->peer->password, &p->peer->password_len);
}

/* RFC 5082 3: the distance in hops that is still accepted; 1 is the directly connected neighbor. */
static void peer_gtsm(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct peer_pair *p = into;
	uint64_t n;

	if (conf_value_number(l, v, 1, 254, &n))
		p->peer->gtsm_hops = (uint8_t)n;
}

/* RFC 4271 4.2: zero or at least three seconds. */
static void peer_hold_time(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct peer_pair *p = into;
	uint64_t n;

	if (!conf_value_number(l, v, 0, UINT16_MAX, &n))
		return;
	if (n == 1 || n == 2)
		conf_error(l, v->at,
			"hold-time of %ju s is not allowed (RFC 4271 4.2); 0 for none, or 3 and "
			"more",
			(uintmax_t)n);
	else
		p->peer->hold_s = (uint16_t)n;
}

static void peer_connect_retry(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct peer_pair *p = into;
	uint64_t n;

	if (conf_value_number(l, v, 1, UINT16_MAX, &n))
		p->peer->connect_retry_s = (uint16_t)n;
}

static void peer_passive(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct peer_pair *p = into;

	conf_value_bool(l, v, &p->peer->passive);
}

static void peer_max_prefix(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct peer_pair *p = into;
	uint64_t n;

	if (conf_value_number(l, v, 1, UINT32_MAX, &n))
		p->peer->max_prefix =
			(struct conf_limit){.max = (uint32_t)n, .action = CONF_LIMIT_STOP};
}

static void peer_keep_ce_rts(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct peer_pair *p = into;

	p->site->keep_ce_rts = v->at;
	conf_value_bool(l, v, &p->peer->keep_ce_rts);
}

/* RFC 3032 2.1: a neighbor that asked for implicit null is sent the packet without its label. */
static void peer_implicit_null(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct peer_pair *p = into;

	p->site->implicit_null = v->at;
	conf_value_bool(l, v, &p->peer->implicit_null);
}

#define PEER_KEYS                                                                                  \
	{"address", true, peer_address}, {"as", true, peer_as}, {"name", false, peer_name},        \
		{"local-address", false, peer_local_address}, {"password", false, peer_password},  \
		{"password-file", false, peer_password_file}, {"gtsm", false, peer_gtsm},          \
		{"hold-time", false, peer_hold_time},                                              \
		{"connect-retry", false, peer_connect_retry}, {"passive", false, peer_passive},    \
	{                                                                                          \
		"max-prefix", false, peer_max_prefix                                               \
	}

const struct conf_keys *conf_keys_ce(void)
{
	static const struct conf_key keys[] = {
		PEER_KEYS,
		{"families", false, peer_families},
		{"keep-ce-route-targets", false, peer_keep_ce_rts},
	};
	static const struct conf_keys table = {
		"vrfs.neighbors", "a neighbor", keys, ARRAY_LEN(keys)};

	return &table;
}

const struct conf_keys *conf_keys_core(void)
{
	static const struct conf_key keys[] = {
		PEER_KEYS,
		{"families", true, peer_families},
		{"implicit-null", false, peer_implicit_null},
	};
	static const struct conf_keys table = {
		"neighbors", "a core neighbor", keys, ARRAY_LEN(keys)};

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
	}
	l->conf->peers = peers;
	l->peers = sites;
}

static void peer_parse(struct conf_loader *l, const struct conf_value *v)
{
	unsigned i = l->conf->n_peers++;
	struct peer_pair p = {.peer = &l->conf->peers[i], .site = &l->peers[i]};

	p.peer->vrf = l->vrf;
	p.peer->hold_s = PEER_HOLD_S;
	p.peer->connect_retry_s = PEER_CONNECT_RETRY;
	p.peer->role = CONF_ROLE_NONE;
	p.peer->import = p.peer->export = CONF_POLICY_ACCEPT_ALL;
	p.site->address = p.site->as = v->at;
	if (l->vrf != CONF_VRF_NONE)
		p.peer->families = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST);
	conf_map_parse(l, v, l->vrf == CONF_VRF_NONE ? conf_keys_core() : conf_keys_ce(), &p);
	if (!p.peer->name && p.peer->addr.af != IP_NONE)
		p.peer->name = ip_addr_print(&p.peer->addr, conf_alloc(l, IP_ADDR_STRLEN));
}

void conf_parse_neighbors(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, CONF_PEERS_MAX - l->conf->n_peers, &n))
		return;
	peers_grow(l, n);
	while (conf_list_next(l, v, &iter, &item))
		peer_parse(l, &item);
}
