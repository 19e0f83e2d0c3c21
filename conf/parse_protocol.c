/* Of a neighbor: what is offered to it in OPEN. */
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"
#include "lib/text.h"

#define PROTOCOL_PATHS_MAX	32
#define PROTOCOL_RESTART_MAX	4095 /* 12 bits (RFC 4724 3) */
#define PROTOCOL_STALE_MAX	86400
#define PROTOCOL_LONG_LIVED_MAX 16777215u /* 24 bits (RFC 9494 3.1) */

static void protocol_extended_messages(
	struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;
	bool on;

	if (conf_value_bool(l, v, &on))
		p->peer->no_extended_messages = !on;
}

static void protocol_extended_next_hop(
	struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	conf_value_bool(l, v, &p->peer->extended_next_hop);
}

static void add_path_receive(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer *peer = into;

	conf_value_bool(l, v, &peer->add_path_receive);
}

static void add_path_send(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer *peer = into;
	const char *s = conf_value_text(l, v, "a number of paths, or all");
	uint64_t n;

	if (!s)
		return;
	if (strcmp(s, "all") == 0)
		peer->add_path_send = CONF_ADD_PATH_ALL;
	else if (text_parse_u64(s, PROTOCOL_PATHS_MAX, &n) && n > 0)
		peer->add_path_send = (uint8_t)n;
	else
		conf_value_bad(l, v, "a number of paths; write 1 to 32, or all");
}

const struct conf_keys *conf_keys_add_path(void)
{
	static const struct conf_key keys[] = {
		{"receive", false, add_path_receive},
		{"send", false, add_path_send},
	};
	static const struct conf_keys table = {.path = "neighbors.add-path",
		.what = "add-path",
		.keys = keys,
		.n = ARRAY_LEN(keys)};

	return &table;
}

static void protocol_add_path(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;
	unsigned errors = conf_loader_diag(l)->errors;

	if (!conf_value_is_map(v)) {
		conf_error(l, v->at,
			"add-path must be a mapping; write {receive: true, send: all}, or leave it "
			"out");
		return;
	}
	conf_map_parse(l, v, conf_keys_add_path(), p->peer);
	if (conf_loader_diag(l)->errors == errors && !p->peer->add_path_receive &&
		!p->peer->add_path_send)
		conf_error(l, v->at,
			"add-path neither receives nor sends; write {receive: true, send: all}, or "
			"leave "
			"it out");
}

static void protocol_role(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {{"provider", CONF_ROLE_PROVIDER},
		{"customer", CONF_ROLE_CUSTOMER}, {"peer", CONF_ROLE_PEER}, {"rs", CONF_ROLE_RS},
		{"rs-client", CONF_ROLE_RS_CLIENT}};
	struct conf_peer_parse *p = into;
	int role;

	if (conf_value_word(l, v, words, ARRAY_LEN(words),
		    "what we are to the neighbor (RFC 9234 4.1); write provider, customer, peer, "
		    "rs or "
		    "rs-client",
		    &role))
		p->peer->role = (enum conf_role)role;
}

static void protocol_role_strict(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	conf_value_bool(l, v, &p->peer->role_strict);
}

static void restart_restarter(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_restart *r = into;

	conf_value_bool(l, v, &r->restarter);
}

static void restart_helper(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_restart *r = into;

	conf_value_bool(l, v, &r->helper);
}

static void restart_time(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_restart *r = into;
	uint64_t n;

	if (conf_value_number(l, v, 0, PROTOCOL_RESTART_MAX, &n))
		r->time_s = (uint16_t)n;
}

static void restart_stale_time(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_restart *r = into;
	uint64_t n;

	if (conf_value_number(l, v, 1, PROTOCOL_STALE_MAX, &n))
		r->stale_s = (uint32_t)n;
}

static void restart_long_lived(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_restart *r = into;
	uint64_t n;

	if (conf_value_number(l, v, 0, PROTOCOL_LONG_LIVED_MAX, &n))
		r->long_lived_s = (uint32_t)n;
}

const struct conf_keys *conf_keys_graceful_restart(void)
{
	static const struct conf_key keys[] = {
		{"restarter", false, restart_restarter},
		{"helper", false, restart_helper},
		{"restart-time", false, restart_time},
		{"stale-time", false, restart_stale_time},
		{"long-lived-stale-time", false, restart_long_lived},
	};
	static const struct conf_keys table = {.path = "neighbors.graceful-restart",
		.what = "graceful-restart",
		.keys = keys,
		.n = ARRAY_LEN(keys)};

	return &table;
}

static void protocol_graceful_restart(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;
	static const struct conf_word words[] = {{"true", true}, {"false", false}};
	int on;

	if (conf_value_is_map(v))
		conf_map_parse(l, v, conf_keys_graceful_restart(), &p->peer->restart);
	else if (conf_value_text(l, v, "a mapping, or false") &&
		 conf_value_word(l, v, words, ARRAY_LEN(words),
			 "a mapping; write {restarter: true} say, or false for none at all", &on) &&
		 !on)
		p->peer->restart = (struct conf_restart){0};
}

const struct conf_keys *conf_keys_peer_protocol(void)
{
	static const struct conf_key keys[] = {
		{"extended-messages", false, protocol_extended_messages},
		{"extended-next-hop", false, protocol_extended_next_hop},
		{"add-path", false, protocol_add_path},
		{"role", false, protocol_role},
		{"role-strict", false, protocol_role_strict},
		{"graceful-restart", false, protocol_graceful_restart},
	};
	static const struct conf_keys table = {.keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}
