/*
 * The checked configuration: plain structs, owned by one arena, read-only once made.
 *
 * Both processes hold it (mplsfwd parses it before bgpd is forked), so neither has to believe the other about it:
 * VRFs, ports and peers are named across the process boundary by their index here.
 */
#ifndef CONF_MODEL_H
#define CONF_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "acl/rule.h"
#include "bgpd/policy/program.h"
#include "lib/arena.h"
#include "lib/prefix.h"

#define CONF_IFNAME_MAX	  15 /* IFNAMSIZ - 1 */
#define CONF_PASSWORD_MAX 80 /* TCP_MD5SIG_MAXKEYLEN */
#define CONF_VRF_NONE	  (-1)

enum conf_port_role {
	CONF_PORT_CORE,
	CONF_PORT_ACCESS,
	CONF_PORT_MANAGEMENT, /* left alone: neither guarded nor closed; labels are refused */
};

struct conf_neighbor_mac { /* a static neighbour of a port */
	struct ip_addr addr;
	uint8_t mac[6];
};

struct conf_rate {
	uint32_t rate;	/* packets a second; 0: no limit */
	uint32_t burst; /* packets at once */
};

enum conf_guard_protocols { CONF_GUARD_OSPF = 1, CONF_GUARD_RIP = 2, CONF_GUARD_BFD = 4 };

/* The edge guard of an access port. */
struct conf_guard {
	bool disabled;	/* DANGEROUS: no program at all */
	uint8_t source; /* enum acl_source; default STRICT */
	uint16_t off;	/* enum acl_off bits: DANGEROUS but for DHCP; accept_labels stands apart */
	uint8_t protocols; /* enum conf_guard_protocols: besides BGP of the VRF's neighbours on the link */
	struct conf_rate control, arp, icmp, new_flows;
	struct conf_neighbor_mac *statics;
	unsigned n_statics;
};

struct conf_port {
	const char *name; /* netdevice; "": an empty place */
	enum conf_port_role role;
	int vrf; /* index into vrfs; CONF_VRF_NONE for a core port */
	struct ip_prefix *
		addresses; /* set by us after enslaving and before up; host bits kept; may be none */
	unsigned n_addresses;
	uint8_t labels; /* core only: enum acl_labels; default ALL. ADVERTISED: of the neighbours on its link (RFC 4364 10) */
	struct conf_guard guard;      /* access only */
	const struct acl_list **acls; /* own rules, in order */
	unsigned n_acls;
	bool accept_labels; /* access only. DANGEROUS: switches the protection of RFC 4381 3.4 off, for the lab's positive control */
};

/* An empty place: no device, of no VRF, left alone. */
static inline bool conf_port_is_gone(const struct conf_port *p)
{
	return p->name[0] == '\0';
}

struct conf_static {
	struct ip_prefix prefix;
	struct ip_addr next_hop; /* inside the VRF */
};

/* What happens when more prefixes come than a limit allows. */
enum conf_limit_action {
	CONF_LIMIT_NONE, /* there is no limit */
	CONF_LIMIT_WARN, /* said in the log and shown, nothing else */
	CONF_LIMIT_DROP, /* what is above the limit is not taken in; a refresh is asked for when there is room */
	CONF_LIMIT_STOP,    /* Cease/1, the session stays down until it is reset by hand */
	CONF_LIMIT_RESTART, /* Cease/1, and again after restart_s */
};

struct conf_limit {
	uint32_t max;	      /* prefixes, of all families; 0 with CONF_LIMIT_NONE */
	uint8_t warn_percent; /* of max, for the log; 0: not said before max */
	enum conf_limit_action action;
	uint32_t restart_s;
};

enum conf_redistribute { CONF_REDIST_CONNECTED = 1, CONF_REDIST_STATIC = 2 };

struct conf_vrf {
	const char *name; /* VRF netdevice; "": an empty place */
	uint32_t table;	  /* kernel table id */
	uint64_t rd;	  /* wire_rd_parse() */
	uint32_t id;	  /* BGP identifier towards its neighbours, host order; 0: the router's */
	uint64_t *import_rts, *export_rts; /* as extended communities, sorted, unique */
	unsigned n_import_rts, n_export_rts;
	struct conf_static *statics;
	unsigned n_statics;
	unsigned
		redistribute; /* enum conf_redistribute bits: what becomes a VPN route besides BGP */
	const struct acl_list **acls; /* of all its access ports, after the ports' own */
	unsigned n_acls;
	struct conf_limit max_routes; /* of all its neighbours and imports together; WARN or DROP */
};

/* An empty place: nobody is in it. */
static inline bool conf_vrf_is_gone(const struct conf_vrf *v)
{
	return v->name[0] == '\0';
}

/* What this router is to the neighbour (RFC 9234 4.1); the numbers are those of the capability. */
enum conf_role {
	CONF_ROLE_PROVIDER = 0,
	CONF_ROLE_RS = 1,
	CONF_ROLE_RS_CLIENT = 2,
	CONF_ROLE_CUSTOMER = 3,
	CONF_ROLE_PEER = 4,
	CONF_ROLE_NONE = 255,
};

enum conf_next_hop {
	CONF_NEXT_HOP_DEFAULT, /* eBGP: self, iBGP: unchanged (RFC 4271 5.1.3) */
	CONF_NEXT_HOP_SELF,
	CONF_NEXT_HOP_UNCHANGED,
};

/* Import and export policy of a peer; RFC 8212 2 forbids routes to and from external peers without one. */
enum conf_policy {
	CONF_POLICY_NONE,
	CONF_POLICY_ACCEPT_ALL,
	CONF_POLICY_REFUSE_ALL,
	CONF_POLICY_PROGRAM, /* the peer's chain */
};

#define CONF_ADD_PATH_ALL 255

/* Graceful restart (RFC 4724, RFC 8538) and long-lived graceful restart (RFC 9494). */
struct conf_restart {
	bool restarter;	  /* our own routes in the kernel outlive bgpd: F bit; off: helper only */
	bool helper;	  /* routes of a peer that restarts are kept */
	uint16_t time_s;  /* Restart Time sent, 0-4095 */
	uint32_t stale_s; /* ours: End-of-RIB must have come by then after the session is back */
	uint32_t long_lived_s; /* Long-lived Stale Time sent, and kept at most; 0: no LLGR */
};

/*
 * A neighbour, or a range of addresses from which neighbours may come (dynamic). A range of limit n stands here n
 * times in a row (`dynamic` set, addr IP_NONE, slot 0..n-1): each is a place that one of them takes while it is connected.
 */
struct conf_peer {
	const char *name; /* shown and logged; the address as text unless given */
	struct ip_addr addr;
	struct ip_addr local; /* IP_NONE: the kernel's choice */
	uint32_t as;	      /* 0 (dynamic only): any external one */
	bool dynamic;
	struct ip_prefix range;		     /* dynamic only */
	uint16_t slot;			     /* dynamic only */
	int vrf;			     /* CONF_VRF_NONE: the core */
	uint32_t families;		     /* WIRE_FAMILY_BIT()s */
	uint8_t password[CONF_PASSWORD_MAX]; /* TCP-MD5 key (RFC 2385) */
	uint8_t password_len;		     /* 0: none */
	uint8_t gtsm_hops; /* 0: off; else TTL 255 is sent and >= 256 - hops required (RFC 5082 3) */
	bool passive;	   /* never dial */
	bool implicit_null; /* core, vpnv4: one hop away, VPN labels alone may go there (RFC 3032 2.1) */
	bool keep_ce_rts; /* VRF peers only: do not strip the CE's route targets (RFC 4364 4.3.1 says strip) */
	uint16_t hold_s; /* proposed; 0 or >= 3 */
	uint16_t connect_retry_s;
	uint32_t send_hold_s; /* RFC 9687 4: 0 is off */
	struct conf_limit max_prefix;

	/* protocol */
	bool no_extended_messages; /* do not offer RFC 8654 */
	bool extended_next_hop;	   /* IPv6 next hops for IPv4 (RFC 8950 4) */
	bool add_path_receive;	   /* RFC 7911 4 */
	uint8_t add_path_send;	   /* 0: best only; n best; CONF_ADD_PATH_ALL */
	enum conf_role role;	   /* RFC 9234 */
	bool role_strict;	   /* refuse a peer that sends no role (RFC 9234 4.2) */
	struct conf_restart restart;

	/* policy */
	enum conf_policy import,
		export; /* core: RFC 8212; in a VRF always CONF_POLICY_ACCEPT_ALL (its targets are the policy) */
	struct pol_chain import_chain,
		export_chain; /* hygiene, selective first; also in front of accept-all */
	bool keep_rejected; /* a route that the import chain rejects stays, marked, for `show rejected` */
	bool reflector_client;	  /* iBGP: RFC 4456 */
	bool route_server_client; /* eBGP: AS_PATH, NEXT_HOP and MED pass unchanged (RFC 7947 2.2) */
	enum conf_next_hop next_hop;
	bool as_override; /* the neighbour's AS in the path becomes ours on the way to it (RFC 4364 7 note; PE-CE) */
	uint8_t allow_own_as; /* how often ours may stand in a received path; 0: loop (RFC 4271 9.1.2) */
	bool allow_as_set;	 /* take routes with AS_SET (RFC 9774 says withdraw) */
	uint64_t site_of_origin; /* extended community (RFC 4360 5, RFC 4364 7); 0: none */
	bool graceful_shutdown;	 /* send everything with GRACEFUL_SHUTDOWN (RFC 8326 4) */
	bool accept_blackhole;	 /* honour BLACKHOLE on routes of this peer (RFC 7999 3.3) */
	uint16_t allow; /* enum pol_allow bits: DANGEROUS, for the lab's positive controls */
	uint16_t advertisement_interval_s; /* MRAI (RFC 4271 9.2.1.1); 0: off */
};

/* An empty place: nobody, of no address and no range. */
static inline bool conf_peer_is_gone(const struct conf_peer *p)
{
	return p->dynamic && p->range.addr.af == IP_NONE;
}

/* What becomes of a neighbour, a VRF, a port, a cache or a station when the configuration is replaced (conf/adopt.h). */
enum conf_fate {
	CONF_FATE_SAME,
	CONF_FATE_POLICY, /* its session stays: policies or limits are others */
	CONF_FATE_RESET, /* something that its session was made with is another; of a port: role or VRF */
	CONF_FATE_GONE,
	CONF_FATE_NEW,
};

/* What conf_adopt says of the next configuration. */
struct conf_change {
	uint8_t *fates; /* enum conf_fate of each neighbour, by number: next->n_peers of them */
	uint8_t *
		vrfs; /* ... of each VRF: next->n_vrfs. Another table or RD is GONE and NEW; never RESET */
	uint8_t *ports; /* ... of each port: next->n_ports. RESET: another role or VRF */
	uint8_t *
		remotes; /* ... of each cache and station: next->n_remotes. RESET: begun anew, or another one in its place; never POLICY */
	bool guard;	 /* guard or acls differ: every port's tables and rules are made anew */
	unsigned counts[CONF_FATE_NEW + 1]; /* of neighbours */
	char refused[512]; /* what only a restart can change, by path; "": nothing */
};

/* Whom bgpd itself connects to, besides neighbours. By address: bgpd resolves no names. */
enum conf_remote_kind {
	CONF_REMOTE_CACHE,
	/* RPKI: RFC 8210 */ CONF_REMOTE_STATION /* BMP: RFC 7854 */
};

#define CONF_CACHES_MAX	  16
#define CONF_STATIONS_MAX 16
#define CONF_REMOTES_MAX  (CONF_CACHES_MAX + CONF_STATIONS_MAX)

enum conf_bmp_routes { /* what a station is told of */
	CONF_BMP_PRE_POLICY = 1,
	CONF_BMP_POST_POLICY = 2,
	CONF_BMP_LOC_RIB = 4, /* RFC 9069 */
};

struct conf_remote {
	enum conf_remote_kind kind; /* of an empty place too */
	const char *name;	    /* "": an empty place */
	struct ip_addr addr;
	uint16_t port;
	bool tls; /* 1.3; the files are read before bgpd gives up its rights */
	const char *tls_ca, *tls_cert, *tls_key; /* NULL: the system's; none */
	const char *tls_name; /* that the certificate must have; NULL: the address */
	uint32_t retry_s;
	uint32_t refresh_s, expire_s; /* cache; 0: what it says itself */
	uint32_t max_records;	      /* cache */
	unsigned routes;	      /* station: enum conf_bmp_routes */
	uint32_t statistics_s;	      /* station; 0: never */
};

/* An empty place: nobody is dialled. */
static inline bool conf_remote_is_gone(const struct conf_remote *r)
{
	return r->name[0] == '\0';
}

struct conf_api_names {
	const char **list;
	unsigned n;
};

struct conf_api_who { /* of this host, by name or number: bgpd resolves them when it begins */
	struct conf_api_names users, groups;
};

struct conf_endpoint {
	struct ip_addr addr;
	uint16_t port;
};

/* Who may use the management API, besides root and who started it. */
struct conf_api {
	struct conf_api_who read_only, read_write;
	bool read_only_given; /* else: a group "ravelin", if there is one */
	struct conf_endpoint *listen;
	unsigned n_listen; /* 0: no TLS */
	const char *tls_cert, *tls_key, *tls_client_ca;
	struct conf_api_names tls_read_write; /* names in certificates of clients */
};

/* Whether a reflector or a PE keeps VPN routes that no VRF here imports. */
enum conf_retain {
	CONF_RETAIN_AUTO, /* all if some core peer is a reflector client, else imported ones only */
	CONF_RETAIN_ALL,
	CONF_RETAIN_IMPORTED,
};

struct conf_log {
	const char *security; /* file of the security log; NULL: there is none */
	uint32_t rate;	      /* lines a minute of one event and subject; 0: any number */
	uint32_t burst;
};

struct conf_object { /* conf/object.h */
	const char *path;
	const char *json;
	const char *made; /* of a neighbour: without what its session is not made with; else NULL */
};

struct conf {
	struct arena arena;	     /* owns everything below */
	struct conf_object *objects; /* by path */
	unsigned n_objects;
	const char *file;
	const char *router_name;
	uint32_t as;
	uint32_t id;		 /* host order */
	uint32_t cluster_id;	 /* RFC 4456 7; id unless configured */
	enum conf_retain retain; /* VPN routes */
	const char *user;	 /* bgpd runs as this user */
	const char *run_dir; /* holds ravelin.sock; bgpd is chrooted to an empty directory in it */
	uint32_t label_min, label_max;	  /* our VPN labels, both included */
	uint32_t label_quarantine_s;	  /* a withdrawn label is not reused before */
	struct ip_prefix *infrastructure; /* no customer may send there (RFC 4381 3.2) */
	unsigned n_infrastructure;
	bool unknown_ports_open; /* devices that are not in ports: left alone instead of closed */
	uint8_t xdp;		 /* enum acl_xdp_mode */
	const char *guard_pin;	 /* folder of a bpf file system for programs and maps; NULL: none */
	struct conf_log log;
	uint16_t samples_per_s; /* drop records a port and second; 0: none */
	struct acl_list *acls;
	unsigned n_acls;
	struct conf_port *ports;
	struct conf_vrf *vrfs;
	struct conf_peer *peers;
	struct conf_remote *remotes;
	struct conf_api api;
	struct pol_program *policies; /* by name, in the order of the file */
	unsigned n_policies;
	unsigned n_ports, n_vrfs, n_peers, n_remotes;
};

#endif
