/* Who may use the management API: users and groups of this host on its unix sockets, certificates over TLS. */
#include <stdlib.h>
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"
#include "lib/text.h"

#define API_NAMES_MAX	16u
#define API_USER_MAX	31  /* as router.user */
#define API_CERT_MAX	253 /* of a certificate's name */
#define API_LISTEN_MAX	8u
#define API_LISTEN_TEXT 64

static void api_names(
	struct conf_loader *l, const struct conf_value *v, size_t max, struct conf_api_names *out)
{
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, API_NAMES_MAX, &n))
		return;
	out->list = conf_alloc(l, (n + 1) * sizeof(*out->list));
	while (conf_list_next(l, v, &iter, &item)) {
		const char *s = conf_value_string(l, &item, 1, max);
		if (s)
			out->list[out->n++] = s;
	}
}

static void who_users(struct conf_loader *l, const struct conf_value *v, void *into)
{
	api_names(l, v, API_USER_MAX, &((struct conf_api_who *)into)->users);
}

static void who_groups(struct conf_loader *l, const struct conf_value *v, void *into)
{
	api_names(l, v, API_USER_MAX, &((struct conf_api_who *)into)->groups);
}

const struct conf_keys *conf_keys_api_who(void)
{
	static const struct conf_key keys[] = {
		{"users", false, who_users},
		{"groups", false, who_groups},
	};
	static const struct conf_keys table = {
		.path = "api.who", .what = "a role", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

/* "192.0.2.1:8443", "[2001:db8::1]:8443". */
static bool listen_parse(const char *s, struct conf_endpoint *out)
{
	char addr[API_LISTEN_TEXT];
	const char *colon = strrchr(s, ':');
	uint64_t port;

	if (!colon || colon == s || (size_t)(colon - s) >= sizeof(addr) ||
		!text_parse_u64(colon + 1, UINT16_MAX, &port) || port == 0)
		return false;
	bool bracketed = s[0] == '[' && colon[-1] == ']';
	size_t len = (size_t)(colon - s) - (bracketed ? 2 : 0);
	memcpy(addr, s + bracketed, len);
	addr[len] = '\0';
	out->port = (uint16_t)port;
	return ip_addr_parse(addr, &out->addr) && (out->addr.af == IP_V6) == bracketed;
}

/* Of this host, and one: what listens everywhere listens towards customers as well. */
static bool listen_is_somewhere(const struct ip_addr *a)
{
	static const uint8_t zero[16];

	if (a->af == IP_V4)
		return !ip_addr_is_martian(a) || a->o[0] == 127;
	return memcmp(a->o, zero, 16) != 0 && a->o[0] != 0xff;
}

static void tls_listen_one(
	struct conf_loader *l, const struct conf_value *v, struct conf_api *api, struct conf_at *at)
{
	const char *s = conf_value_string(l, v, 1, API_LISTEN_TEXT - 1);
	struct conf_endpoint e;

	if (!s)
		return;
	if (!listen_parse(s, &e) || !listen_is_somewhere(&e.addr)) {
		conf_error(l, v->at,
			"could not understand %s as one address of this host and a port; write it "
			"as "
			"192.0.2.1:8443 or [2001:db8::1]:8443",
			conf_check_quote(l, s));
		return;
	}
	at[api->n_listen] = v->at;
	api->listen[api->n_listen++] = e;
}

static void tls_listen(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_api *api = into;
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, API_LISTEN_MAX, &n))
		return;
	if (n == 0)
		conf_error(l, v->at, "listen is empty; write [\"192.0.2.1:8443\"], or no tls");
	api->listen = conf_alloc(l, (n + 1) * sizeof(*api->listen));
	l->api_listen = conf_alloc(l, (n + 1) * sizeof(*l->api_listen));
	while (conf_list_next(l, v, &iter, &item))
		tls_listen_one(l, &item, api, l->api_listen);
}

static void tls_certificate(struct conf_loader *l, const struct conf_value *v, void *into)
{
	((struct conf_api *)into)->tls_cert = conf_pem_path(l, v, CONF_FILE_REGULAR);
}

static void tls_key(struct conf_loader *l, const struct conf_value *v, void *into)
{
	((struct conf_api *)into)->tls_key = conf_pem_path(l, v, CONF_FILE_PRIVATE);
}

static void tls_client_ca(struct conf_loader *l, const struct conf_value *v, void *into)
{
	((struct conf_api *)into)->tls_client_ca = conf_pem_path(l, v, CONF_FILE_REGULAR);
}

static void tls_read_write(struct conf_loader *l, const struct conf_value *v, void *into)
{
	api_names(l, v, API_CERT_MAX, &((struct conf_api *)into)->tls_read_write);
}

const struct conf_keys *conf_keys_api_tls(void)
{
	static const struct conf_key keys[] = {
		{"listen", true, tls_listen},
		{"certificate", true, tls_certificate},
		{"key", true, tls_key},
		{"client-ca", true, tls_client_ca},
		{"read-write", false, tls_read_write},
	};
	static const struct conf_keys table = {
		.path = "api.tls", .what = "tls", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

static void api_read_only(struct conf_loader *l, const struct conf_value *v, void *into)
{
	l->conf->api.read_only_given = true;
	conf_map_parse(l, v, conf_keys_api_who(), &l->conf->api.read_only);
}

static void api_read_write(struct conf_loader *l, const struct conf_value *v, void *into)
{
	conf_map_parse(l, v, conf_keys_api_who(), &l->conf->api.read_write);
}

static void api_tls(struct conf_loader *l, const struct conf_value *v, void *into)
{
	conf_map_parse(l, v, conf_keys_api_tls(), &l->conf->api);
}

const struct conf_keys *conf_keys_api(void)
{
	static const struct conf_key keys[] = {
		{"read-only", false, api_read_only},
		{"read-write", false, api_read_write},
		{"tls", false, api_tls},
	};
	static const struct conf_keys table = {
		.path = "api", .what = "api", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

void conf_parse_api(struct conf_loader *l, const struct conf_value *v, void *into)
{
	conf_map_parse(l, v, conf_keys_api(), NULL);
}

/* Not towards customers: that is what the access ports are. */
void conf_check_api(struct conf_loader *l)
{
	const struct conf *c = l->conf;

	for (unsigned i = 0; i < c->api.n_listen; i++)
		for (unsigned p = 0; p < c->n_ports; p++)
			for (unsigned a = 0;
				c->ports[p].role == CONF_PORT_ACCESS && a < c->ports[p].n_addresses;
				a++)
				if (ip_addr_equal(
					    &c->ports[p].addresses[a].addr, &c->api.listen[i].addr))
					conf_error(l, l->api_listen[i],
						"this is the address of port %s, towards a "
						"customer; take one of the core or of management",
						conf_check_quote(l, c->ports[p].name));
}
