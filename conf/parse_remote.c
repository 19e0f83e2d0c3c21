/* Whom bgpd itself connects to besides neighbours: RPKI caches (RFC 8210) and BMP stations (RFC 7854). */
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"

#define REMOTE_NAME_MAX	 63
#define REMOTE_TLS_NAME	 253 /* of a DNS name (RFC 1035 2.3.4) */
#define REMOTE_RETRY_S	 30
#define REMOTE_RETRY_MAX 7200 /* RFC 8210 6 */

#define CACHE_PORT	  323 /* RFC 8210 9 */
#define CACHE_PORT_TLS	  324
#define CACHE_REFRESH_MAX 86400 /* RFC 8210 6 */
#define CACHE_EXPIRE_MIN  10
#define CACHE_EXPIRE_LOW  600
#define CACHE_EXPIRE_MAX  172800
#define CACHE_REFRESH_S	  3600
#define CACHE_EXPIRE_S	  7200
#define CACHE_RECORDS	  2000000
#define CACHE_RECORDS_MAX 20000000

#define STATION_PORT	   11019
#define STATION_STATISTICS 60
#define STATION_STATS_MAX  86400

/* What the parse functions of a remote's keys are given. */
struct remote_parse {
	struct conf_remote *remote;
	struct conf_remote_site *site;
	struct conf_at certificate, key, expire;
};

static void remote_name(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct remote_parse *p = into;
	const char *s = conf_value_string(l, v, 1, REMOTE_NAME_MAX);

	p->site->name = v->at;
	if (s)
		p->remote->name = s;
}

/* Of this host as well: many a cache runs beside its router. */
static void remote_address(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct remote_parse *p = into;
	const char *s = conf_value_text(l, v, "an address");
	struct ip_addr a;

	p->site->address = v->at;
	if (!s)
		return;
	if (!ip_addr_parse(s, &a))
		conf_value_bad(
			l, v, "an IPv4 address (names are not resolved); write it as 192.0.2.1");
	else if (a.af != IP_V4)
		conf_value_bad(l, v, "an IPv4 address; IPv6 is not carried");
	else if (ip_addr_is_martian(&a) && a.o[0] != 127)
		conf_value_bad(l, v, "a unicast address that a host can have");
	else
		p->remote->addr = a;
}

static void remote_seconds(struct conf_loader *l, const struct conf_value *v, uint64_t min,
	uint64_t max, uint32_t *out)
{
	uint64_t n;

	if (conf_value_number(l, v, min, max, &n))
		*out = (uint32_t)n;
}

static void remote_port(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct remote_parse *p = into;
	uint64_t n;

	if (conf_value_number(l, v, 1, UINT16_MAX, &n))
		p->remote->port = (uint16_t)n;
}

static void remote_retry(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct remote_parse *p = into;

	remote_seconds(l, v, 1, REMOTE_RETRY_MAX, &p->remote->retry_s);
}

static void tls_ca(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct remote_parse *p = into;

	p->remote->tls_ca = conf_pem_path(l, v, CONF_FILE_REGULAR);
}

static void tls_certificate(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct remote_parse *p = into;

	p->certificate = v->at;
	p->remote->tls_cert = conf_pem_path(l, v, CONF_FILE_REGULAR);
}

static void tls_key(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct remote_parse *p = into;

	p->key = v->at;
	p->remote->tls_key = conf_pem_path(l, v, CONF_FILE_PRIVATE);
}

static void tls_name(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct remote_parse *p = into;

	p->remote->tls_name = conf_value_string(l, v, 1, REMOTE_TLS_NAME);
}

const struct conf_keys *conf_keys_tls(void)
{
	static const struct conf_key keys[] = {
		{"ca", false, tls_ca},
		{"certificate", false, tls_certificate},
		{"key", false, tls_key},
		{"name", false, tls_name},
	};
	static const struct conf_keys table = {
		.path = "remotes.tls", .what = "tls", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

static void remote_tls(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct remote_parse *p = into;

	p->remote->tls = true;
	if (!conf_value_is_map(v)) {
		conf_error(l, v->at,
			"tls must be a mapping; write {ca: cache-ca.pem}, or {} for the system's "
			"certificates");
		return;
	}
	conf_map_parse(l, v, conf_keys_tls(), p);
	if (p->certificate.len && !p->key.len)
		conf_error(l, p->certificate,
			"a certificate is shown with its key; add key: and the file that it is in");
	if (p->key.len && !p->certificate.len)
		conf_error(l, p->key,
			"a key belongs to a certificate; add certificate: and the file that it is "
			"in");
}

static const struct conf_keys *remote_keys(void)
{
	static const struct conf_key keys[] = {
		{"name", true, remote_name},
		{"address", true, remote_address},
		{"port", false, remote_port},
		{"tls", false, remote_tls},
		{"retry", false, remote_retry},
	};
	static const struct conf_keys table = {.keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

static conf_keys_table *const remote_shared[] = {remote_keys};

/* --- caches --- */

static void cache_refresh(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct remote_parse *p = into;

	remote_seconds(l, v, 1, CACHE_REFRESH_MAX, &p->remote->refresh_s);
}

static void cache_expire(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct remote_parse *p = into;

	p->expire = v->at;
	remote_seconds(l, v, CACHE_EXPIRE_MIN, CACHE_EXPIRE_MAX, &p->remote->expire_s);
}

static void cache_max_records(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct remote_parse *p = into;
	uint64_t n;

	if (conf_value_number(l, v, 1, CACHE_RECORDS_MAX, &n))
		p->remote->max_records = (uint32_t)n;
}

const struct conf_keys *conf_keys_cache(void)
{
	static const struct conf_key keys[] = {
		{"refresh", false, cache_refresh},
		{"expire", false, cache_expire},
		{"max-records", false, cache_max_records},
	};
	static const struct conf_keys table = {.path = "rpki.caches",
		.what = "a cache",
		.keys = keys,
		.n = ARRAY_LEN(keys),
		.shared = remote_shared,
		.n_shared = ARRAY_LEN(remote_shared)};

	return &table;
}

/* RFC 8210 6: the expire interval is larger than either of the others. */
static void cache_check_times(struct conf_loader *l, const struct remote_parse *p)
{
	const struct conf_remote *r = p->remote;

	if (!r->expire_s)
		return;
	if (r->expire_s <= r->refresh_s || r->expire_s <= r->retry_s)
		conf_error(l, p->expire,
			"expire of %u s is not longer than refresh and retry: the data would go "
			"before "
			"it is asked for again (RFC 8210 6); write more than %u",
			r->expire_s, r->refresh_s > r->retry_s ? r->refresh_s : r->retry_s);
	else if (r->expire_s < CACHE_EXPIRE_LOW)
		conf_warn(l, p->expire,
			"a cache that is away for %u s takes its data with it; RFC 8210 6 says %u "
			"and more",
			r->expire_s, CACHE_EXPIRE_LOW);
}

static void cache_parse(struct conf_loader *l, const struct conf_value *v, struct remote_parse *p)
{
	struct conf_remote *r = p->remote;

	*r = (struct conf_remote){.kind = CONF_REMOTE_CACHE,
		.name = "",
		.retry_s = REMOTE_RETRY_S,
		.max_records = CACHE_RECORDS};
	conf_map_parse(l, v, conf_keys_cache(), p);
	if (!r->port)
		r->port = r->tls ? CACHE_PORT_TLS : CACHE_PORT;
	cache_check_times(l, p);
}

/* --- stations --- */

static void station_routes(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {{"pre-policy", CONF_BMP_PRE_POLICY},
		{"post-policy", CONF_BMP_POST_POLICY}, {"loc-rib", CONF_BMP_LOC_RIB}};
	struct remote_parse *p = into;
	struct conf_value item;
	void *iter = NULL;
	unsigned n;
	int word;

	if (!conf_list_count(l, v, CONF_WORDS_MAX, &n))
		return;
	if (n == 0)
		conf_error(l, v->at,
			"routes is empty; name pre-policy, post-policy or loc-rib, or leave it "
			"out");
	p->remote->routes = 0;
	while (conf_list_next(l, v, &iter, &item))
		if (conf_value_word(l, &item, words, ARRAY_LEN(words),
			    "what a station is told of; write pre-policy, post-policy or loc-rib",
			    &word))
			p->remote->routes |= (unsigned)word;
}

static void station_statistics(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct remote_parse *p = into;

	remote_seconds(l, v, 0, STATION_STATS_MAX, &p->remote->statistics_s);
}

const struct conf_keys *conf_keys_station(void)
{
	static const struct conf_key keys[] = {
		{"routes", false, station_routes},
		{"statistics", false, station_statistics},
	};
	static const struct conf_keys table = {.path = "bmp.stations",
		.what = "a station",
		.keys = keys,
		.n = ARRAY_LEN(keys),
		.shared = remote_shared,
		.n_shared = ARRAY_LEN(remote_shared)};

	return &table;
}

static void station_parse(struct conf_loader *l, const struct conf_value *v, struct remote_parse *p)
{
	*p->remote = (struct conf_remote){.kind = CONF_REMOTE_STATION,
		.name = "",
		.port = STATION_PORT,
		.retry_s = REMOTE_RETRY_S,
		.routes = CONF_BMP_PRE_POLICY | CONF_BMP_LOC_RIB,
		.statistics_s = STATION_STATISTICS};
	conf_map_parse(l, v, conf_keys_station(), p);
}

/* --- both --- */

/* Against those before it. */
static void remote_check(struct conf_loader *l, unsigned i)
{
	const struct conf_remote *a = &l->conf->remotes[i];

	for (unsigned j = 0; j < i; j++) {
		const struct conf_remote *b = &l->conf->remotes[j];

		if (*a->name && strcmp(a->name, b->name) == 0)
			conf_error(l, l->remotes[i].name,
				"there is a cache or station %s already; names are unique",
				conf_check_quote(l, a->name));
		if (a->kind == b->kind && a->addr.af != IP_NONE && a->port == b->port &&
			ip_addr_cmp(&a->addr, &b->addr) == 0)
			conf_error(l, l->remotes[i].address,
				"this address and port are those of %s already; give one of them "
				"another port, or leave one out",
				conf_check_quote(l, b->name));
	}
}

typedef void remote_parse_fn(
	struct conf_loader *l, const struct conf_value *v, struct remote_parse *p);

static void remotes_parse(
	struct conf_loader *l, const struct conf_value *v, unsigned max, remote_parse_fn *parse)
{
	struct conf *c = l->conf;
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, max, &n))
		return;
	if (!c->remotes) {
		c->remotes = conf_alloc(l, CONF_REMOTES_MAX * sizeof(*c->remotes));
		l->remotes = conf_alloc(l, CONF_REMOTES_MAX * sizeof(*l->remotes));
	}
	while (conf_list_next(l, v, &iter, &item) && c->n_remotes < CONF_REMOTES_MAX) {
		unsigned i = c->n_remotes++;
		struct remote_parse p = {.remote = &c->remotes[i], .site = &l->remotes[i]};

		p.site->name = p.site->address = item.at;
		parse(l, &item, &p);
		remote_check(l, i);
	}
}

static void rpki_caches(struct conf_loader *l, const struct conf_value *v, void *into)
{
	remotes_parse(l, v, CONF_CACHES_MAX, cache_parse);
}

static void bmp_stations(struct conf_loader *l, const struct conf_value *v, void *into)
{
	remotes_parse(l, v, CONF_STATIONS_MAX, station_parse);
}

const struct conf_keys *conf_keys_rpki(void)
{
	static const struct conf_key keys[] = {{"caches", true, rpki_caches}};
	static const struct conf_keys table = {
		.path = "rpki", .what = "rpki", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

const struct conf_keys *conf_keys_bmp(void)
{
	static const struct conf_key keys[] = {{"stations", true, bmp_stations}};
	static const struct conf_keys table = {
		.path = "bmp", .what = "bmp", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

void conf_parse_rpki(struct conf_loader *l, const struct conf_value *v, void *into)
{
	conf_map_parse(l, v, conf_keys_rpki(), NULL);
}

void conf_parse_bmp(struct conf_loader *l, const struct conf_value *v, void *into)
{
	conf_map_parse(l, v, conf_keys_bmp(), NULL);
}
