/* The key tables of the configuration: what may stand in each mapping. The schema's check prints them. */
#ifndef CONF_KEYS_H
#define CONF_KEYS_H

#include <stdbool.h>

struct conf_loader;
struct conf_value;

struct conf_key {
	const char *name;
	bool required;
	void (*parse)(struct conf_loader *l, const struct conf_value *v, void *into);
};

/* A key that is known, but not here. */
struct conf_stray {
	const char *name;
	const char *why; /* and what to do */
};

#define CONF_KEYS_MAX 64 /* of one table, with what it shares */

struct conf_keys;
typedef const struct conf_keys *conf_keys_table(void);

struct conf_keys {
	const char *path; /* "vrfs.neighbors": as in the schema */
	const char *what; /* "a VRF": for messages */
	const struct conf_key *keys;
	unsigned n;
	conf_keys_table *const *shared; /* tables whose keys stand here as well; or NULL */
	unsigned n_shared;
	const struct conf_stray *strays;
	unsigned n_strays;
	bool joined; /* conf_map_join: lists of several files */
};

/* The i-th key: of the shared tables first, then of its own; NULL past the last. */
const struct conf_key *conf_keys_at(const struct conf_keys *keys, unsigned i);

/* The i-th of all tables, NULL past the last; borrowed, static. */
const struct conf_keys *conf_keys_get(unsigned i);

/* The tables, one a mapping. */
const struct conf_keys *conf_keys_router(void);
const struct conf_keys *conf_keys_mpls(void);
const struct conf_keys *conf_keys_port(void);
const struct conf_keys *conf_keys_vrf(void);
const struct conf_keys *conf_keys_route(void);
const struct conf_keys *conf_keys_ce(void);
const struct conf_keys *conf_keys_core(void);
const struct conf_keys *conf_keys_max_prefix(void);
const struct conf_keys *conf_keys_max_routes(void);
const struct conf_keys *conf_keys_add_path(void);
const struct conf_keys *conf_keys_graceful_restart(void);
const struct conf_keys *conf_keys_guard(void);
const struct conf_keys *conf_keys_port_guard(void);
const struct conf_keys *conf_keys_police(void);
const struct conf_keys *conf_keys_static_neighbor(void);
const struct conf_keys *conf_keys_acl(void);
const struct conf_keys *conf_keys_ace(void);
const struct conf_keys *conf_keys_actions(void);
const struct conf_keys *conf_keys_matches(void);
const struct conf_keys *conf_keys_ipv4(void);
const struct conf_keys *conf_keys_tcp(void);
const struct conf_keys *conf_keys_tcp_flags(void);
const struct conf_keys *conf_keys_udp(void);
const struct conf_keys *conf_keys_icmp(void);
const struct conf_keys *conf_keys_ace_ports(void);
const struct conf_keys *conf_keys_set(void);
const struct conf_keys *conf_keys_program(void);
const struct conf_keys *conf_keys_rule(void);
const struct conf_keys *conf_keys_match(void);
const struct conf_keys *conf_keys_not(void);
const struct conf_keys *conf_keys_edits(void);
const struct conf_keys *conf_keys_prepend(void);
const struct conf_keys *conf_keys_edit_community(void);
const struct conf_keys *conf_keys_rpki(void);
const struct conf_keys *conf_keys_cache(void);
const struct conf_keys *conf_keys_bmp(void);
const struct conf_keys *conf_keys_log(void);
const struct conf_keys *conf_keys_station(void);
const struct conf_keys *conf_keys_tls(void);
const struct conf_keys *conf_keys_api(void);
const struct conf_keys *conf_keys_api_who(void);
const struct conf_keys *conf_keys_api_tls(void);

/* What neighbours of the core and of VRFs share, by subject; into is struct conf_peer_parse. */
const struct conf_keys *conf_keys_peer_session(void);
const struct conf_keys *conf_keys_peer_protocol(void);
const struct conf_keys *conf_keys_peer_policy(void);

#endif
