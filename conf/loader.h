/* What is in the making while a file is read: the model, the messages, and where each thing stood. */
#ifndef CONF_LOADER_H
#define CONF_LOADER_H

#include "conf/diag.h"
#include "conf/files.h"
#include "conf/keys.h"
#include "conf/model.h"
#include "conf/node.h"
#include "conf/policy.h"

#define CONF_TEXT_MAX	  (4u << 20)   /* octets of a file */
#define CONF_NODES_MAX	  1000000u     /* values, aliases followed */
#define CONF_SCALAR_MAX	  1023	       /* octets of any scalar that is a setting */
#define CONF_ARENA_CAP	  (512u << 20) /* above CONF_NODES_MAX of what a value makes */
#define CONF_PORTS_MAX	  4096u
#define CONF_VRFS_MAX	  4096u
#define CONF_PEERS_MAX	  16384u
#define CONF_ROUTES_MAX	  16384u /* of one VRF */
#define CONF_RTS_MAX	  64u	 /* of one list */
#define CONF_WORDS_MAX	  8u	 /* of a list of words: families, redistribute */
#define CONF_ADDRS_MAX	  16u	 /* of one port */
#define CONF_INFRA_MAX	  256u	 /* infrastructure prefixes */
#define CONF_ACLS_MAX	  1024u
#define CONF_ACL_REFS_MAX 16u /* lists of one port, of one VRF */
#define CONF_ACL_NAME_MAX 64  /* octets (RFC 8519 4.1) */

/* Access lists by name, as a port or a VRF gives them. */
struct conf_acl_refs {
	const char **names;
	struct conf_at *at;
	unsigned n;
};

struct conf_neighbor_site { /* a static neighbour */
	struct conf_at address;
};

struct conf_port_site {
	struct conf_at name, role, vrf, address, accept_labels, labels, guard, source, acl;
	const char *vrf_name;
	bool role_known;
	struct conf_at *addresses;
	struct conf_neighbor_site *statics;
	struct conf_acl_refs acls;
};

struct conf_vrf_site {
	struct conf_at name, table, rd;
	struct conf_at *prefixes, *next_hops; /* of the static routes */
	struct conf_acl_refs acls;
};

struct conf_acl_site {
	struct conf_at name;
	struct conf_at *aces; /* their names */
	bool used;	      /* by a port or a VRF */
	bool last;	      /* on some port no list comes after it */
};

/* What the parse functions of an entry's keys are given. */
struct conf_ace_parse {
	struct acl_ace *ace;
	struct conf_at *at;
	struct conf_at protocol; /* of ipv4.protocol */
	const char *l4;		 /* the key that matches what is inside IPv4, and its protocol */
	int l4_protocol;
};

struct conf_remote_site { /* a cache or a station */
	struct conf_at name, address;
};

struct conf_peer_site {
	const struct conf_keys *keys;
	struct conf_at whole;
	struct conf_at *
		places; /* as conf_map_parse_places; of a dynamic neighbour's places the same ones */
	bool on_link;	/* of some port of its VRF */
	struct conf_names import, export;
	bool hygiene, selective;
};

/* What the parse functions of a neighbour's keys are given. */
struct conf_peer_parse {
	struct conf_peer *peer;
	uint32_t limit;			/* of dynamic neighbours; 0 unless given */
	bool external, send_hold_given; /* as: external */
	bool keep_rejected_given, hygiene, selective;
	struct conf_names import, export;
};

struct conf_loader {
	struct conf_diag diag;
	struct conf *conf;
	struct conf_files *files;
	struct conf_port_site *ports;
	struct conf_vrf_site *vrfs;
	struct conf_peer_site *peers;
	unsigned peers_cap;
	struct conf_remote_site *remotes;
	struct conf_at *api_listen; /* each */
	struct arena places;	    /* of the neighbours' keys: as long as the loader */
	int vrf;		    /* whose mapping is being read; CONF_VRF_NONE outside */
	unsigned budget;	    /* values that may still be visited */
	bool budget_said;
	char scalar[CONF_SCALAR_MAX + 1]; /* the last one read */
	struct conf_at labels;		  /* of mpls.labels */
	struct conf_at id;		  /* of router.id */
	struct conf_at *infrastructure;	  /* each */
	struct conf_acl_site *acls;
	struct conf_named *sets, *policies;
	unsigned n_sets, n_policies;
	struct conf_set_ref *set_refs;
	const struct pol_program *hygiene, *selective; /* once some neighbour has it */
};

/* include.c: what `include` names. A pattern by itself or a list of them; each may stand for any number of files. */
#define CONF_INCLUDES_MAX 256u /* patterns; also files */
void conf_parse_include(struct conf_loader *l, const struct conf_value *v, void *into);

/*
 * The text with those files behind it, and which part of it is which (names are the files'); NULL: there is nothing to include, or what there
 * is cannot be. root: of the file by itself. Both are the caller's to free().
 */
char *conf_include(struct conf_loader *l, const struct conf_value *root, struct conf_part **parts,
	unsigned *n_parts, size_t *len);

/* object.c: of a document in which nothing is wrong. */
void conf_objects_make(struct conf_loader *l, struct fy_node *root);

/* A number or a truth value, without quotes. */
bool conf_node_is_literal(struct fy_node *scalar);

/* The place of a node: its own if it is a scalar, else that of its first entry, else the fallback. */
struct conf_at conf_node_place(
	const struct conf_diag *d, struct fy_node *node, struct conf_at fallback);

/* A node as a value: its place, its alias followed, one visit counted. */
struct conf_value conf_value_of(
	struct conf_loader *l, struct fy_node *node, struct conf_at fallback, const char *key);

/* parse_*.c: one list or mapping each. Shapes are those of struct conf_key's parse. */
void conf_parse_ports(struct conf_loader *l, const struct conf_value *v, void *into);
void conf_parse_vrfs(struct conf_loader *l, const struct conf_value *v, void *into);
void conf_parse_neighbors(struct conf_loader *l, const struct conf_value *v, void *into);
void conf_parse_router(struct conf_loader *l, const struct conf_value *v, void *into);
void conf_parse_mpls(struct conf_loader *l, const struct conf_value *v, void *into);
void conf_parse_guard(struct conf_loader *l, const struct conf_value *v, void *into);
void conf_parse_acls(struct conf_loader *l, const struct conf_value *v, void *into);
void conf_parse_rpki(struct conf_loader *l, const struct conf_value *v, void *into);
void conf_parse_bmp(struct conf_loader *l, const struct conf_value *v, void *into);
void conf_parse_api(struct conf_loader *l, const struct conf_value *v, void *into);
void conf_check_api(struct conf_loader *l); /* of the whole */
void conf_parse_log(struct conf_loader *l, const struct conf_value *v, void *into);
void conf_parse_matches(struct conf_loader *l, const struct conf_value *v, void *into);

void conf_guard_defaults(struct conf *c);
void conf_log_defaults(struct conf *c);
void conf_port_guard_defaults(struct conf_guard *g);
void conf_ace_defaults(struct acl_ace *a);
void conf_parse_port_guard(struct conf_loader *l, const struct conf_value *v, struct conf_guard *g,
	struct conf_port_site *site);
void conf_parse_acl_names(
	struct conf_loader *l, const struct conf_value *v, struct conf_acl_refs *refs);

/* A check or protection that a laboratory may leave out, and what somebody can do then: each is warned of. */
struct conf_allow {
	const char *word;
	uint16_t bit;
	const char *danger;
};

/* A list of such words into *bits. wanted: "a protection"; bad: what to write instead of another word. */
void conf_parse_allow(struct conf_loader *l, const struct conf_value *v,
	const struct conf_allow *rows, size_t n, const char *wanted, const char *bad,
	uint16_t *bits);

void conf_parse_max_prefix(struct conf_loader *l, const struct conf_value *v, void *into);
void conf_parse_max_routes(struct conf_loader *l, const struct conf_value *v, void *into);

/* An autonomous system's number that somebody can have: not 0 (RFC 7607 2), 23456 (RFC 6793 3), nor the last of
 * either size (RFC 7300). */
bool conf_parse_as(struct conf_loader *l, const struct conf_value *v, uint32_t *out);
/* Four octets, not zero; written like an address but none. wanted: what it should be; zero: what to do about 0.0.0.0. */
void conf_parse_octets(struct conf_loader *l, const struct conf_value *v, const char *wanted,
	const char *zero, uint32_t *out);

/* secret.c: the key of a file, without its last line end. Relative to the configuration's folder. */
bool conf_secret_load(
	struct conf_loader *l, const struct conf_value *v, uint8_t *out, uint8_t *out_len);
void conf_hide(struct conf_loader *l, struct conf_at at); /* a key stands there */
bool conf_secret_check(
	struct conf_loader *l, const struct conf_value *v, const char *s, size_t len);

/* secret.c: a file in PEM, for who reads it later: it is there. Its path, relative to where we stand; NULL: it will not do. */
const char *conf_pem_path(
	struct conf_loader *l, const struct conf_value *v, enum conf_file_kind kind);

/* check.c: what only the whole tells; runs also after errors, on what was understood. */
void conf_check(struct conf_loader *l);
bool conf_check_same(const char *a, const char *b); /* both there, and the same text */
const char *conf_check_quote(struct conf_loader *l, const char *s);
bool conf_check_is_own(const struct conf_loader *l, int vrf, const struct ip_addr *a);

/* check_port.c, check_guard.c, check_acl.c: of ports, their guards, and lists. */
void conf_check_ports(struct conf_loader *l);
bool conf_port_is_on_link(
	const struct conf_port *p, const struct ip_addr *a); /* of its addresses */
void conf_check_guard(struct conf_loader *l);
void conf_check_acls(struct conf_loader *l);

/* check_peer.c, check_rule.c: of all neighbours; of one by itself. */
void conf_check_peers(struct conf_loader *l);
void conf_check_peer_rules(struct conf_loader *l, unsigned i);

/* Where a neighbour's key stands; the neighbour itself if it was not given, or not here. */
struct conf_at conf_peer_site_at(const struct conf_peer_site *site, const char *key);
bool conf_peer_site_has(const struct conf_peer_site *site, const char *key);

/* Whether it is, or can be, in another AS. Also if its own or ours is not known for lack of a good value: false. */
bool conf_peer_is_external(const struct conf *c, const struct conf_peer *p);
bool conf_peer_is_internal(const struct conf *c, const struct conf_peer *p);

#endif
