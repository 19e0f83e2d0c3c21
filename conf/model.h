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

#include "lib/arena.h"
#include "lib/prefix.h"

#define CONF_IFNAME_MAX	  15 /* IFNAMSIZ - 1 */
#define CONF_PASSWORD_MAX 80 /* TCP_MD5SIG_MAXKEYLEN */
#define CONF_VRF_NONE	  (-1)

enum conf_port_role { CONF_PORT_CORE, CONF_PORT_ACCESS };

struct conf_port {
	const char *name; /* netdevice */
	enum conf_port_role role;
	int vrf; /* index into vrfs; CONF_VRF_NONE for a core port */
	struct ip_prefix *
		addresses; /* set by us after enslaving and before up; host bits kept; may be none */
	unsigned n_addresses;
	bool accept_labels; /* access only. DANGEROUS: switches the protection of RFC 4381 3.4 off, for the lab's positive control */
};

struct conf_static {
	struct ip_prefix prefix;
	struct ip_addr next_hop; /* inside the VRF */
};

enum conf_redistribute { CONF_REDIST_CONNECTED = 1, CONF_REDIST_STATIC = 2 };

struct conf_vrf {
	const char *name;		   /* VRF netdevice */
	uint32_t table;			   /* kernel table id */
	uint64_t rd;			   /* wire_rd_parse() */
	uint64_t *import_rts, *export_rts; /* as extended communities, sorted, unique */
	unsigned n_import_rts, n_export_rts;
	struct conf_static *statics;
	unsigned n_statics;
	unsigned
		redistribute; /* enum conf_redistribute bits: what becomes a VPN route besides BGP */
};

struct conf_peer {
	const char *name; /* shown and logged; the address as text unless given */
	struct ip_addr addr;
	struct ip_addr local; /* IP_NONE: the kernel's choice */
	uint32_t as;
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
	uint32_t max_prefix; /* 0: none; more prefixes than this end the session (Cease/1) */
};

struct conf {
	struct arena arena; /* owns everything below */
	const char *file;
	const char *router_name;
	uint32_t as;
	uint32_t id;	     /* host order */
	const char *user;    /* bgpd runs as this user */
	const char *run_dir; /* holds ravelin.sock; bgpd is chrooted to an empty directory in it */
	uint32_t label_min, label_max; /* our VPN labels, both included */
	uint32_t label_quarantine_s;   /* a withdrawn label is not reused before */
	struct conf_port *ports;
	struct conf_vrf *vrfs;
	struct conf_peer *peers;
	unsigned n_ports, n_vrfs, n_peers;
};

#endif
