/*
 * What a PE is meant to be: from Ravelin's configuration and what the running daemon says of itself, or, where another
 * daemon is the PE, inferred from the host: a device of a VRF is an access port, one that takes labels or that the IGP
 * or a label stack leaves by is the core's. Pure.
 */
#ifndef AUDIT_INTENT_H
#define AUDIT_INTENT_H

#include "audit/snapshot.h"

struct conf;

enum audit_role {
	AUDIT_ROLE_UNKNOWN, /* nobody has said what it is for */
	AUDIT_ROLE_CORE,
	AUDIT_ROLE_ACCESS,
	AUDIT_ROLE_MANAGEMENT,
	AUDIT_ROLE_TRUNK, /* carries VLAN ports, is none itself */
	AUDIT_ROLE_VRF,	  /* a VRF device */
	AUDIT_ROLE_INERT, /* loopback, dummy: no link behind it */
};

enum audit_gate { AUDIT_GATE_UNSAID, AUDIT_GATE_OPEN, AUDIT_GATE_CLOSED };

struct audit_port {
	char name[AUDIT_NAME_MAX];
	uint8_t role;
	int vrf;	     /* index, -1: none */
	bool accept_labels;  /* by the configuration, for a laboratory */
	bool no_labels;	     /* core, but not for labels */
	bool guarded;	     /* our guard program must stand there */
	bool source_checked; /* ... and check sources */
	uint8_t gate;	     /* as the daemon says */
	char drift[64];	     /* why it is closed */
};

struct audit_vrf {
	char name[AUDIT_NAME_MAX];
	uint32_t table;
	unsigned n_ports; /* configured ones */
};

struct audit_peer {
	char name[48];
	struct ip_prefix who; /* a neighbour's address, or a range */
	int vrf;	      /* -1: the core */
	bool password;
	bool served; /* may connect to our listener */
};

struct audit_label { /* what the daemon says of one of its labels */
	uint32_t label;
	int vrf;
	bool installed;
};

struct audit_claim { /* a route that the daemon says is in the kernel */
	int vrf;
	struct ip_prefix prefix;
};

struct audit_intent {
	bool of_host;	 /* inferred, not configured */
	bool daemon;	 /* it answered: labels and claims count */
	bool guard_told; /* ... and spoke of its guard */
	bool unknown_open;
	bool ranges; /* label_min, label_max count */
	uint32_t label_min, label_max;
	struct audit_port *ports;
	struct audit_vrf *vrfs;
	struct audit_peer *peers;
	struct audit_label *labels;
	struct audit_claim *claims; /* sorted by audit_intent_sort */
	size_t n_ports, n_vrfs, n_peers, n_labels, n_claims;
};

void audit_intent_init(struct audit_intent *in);
void audit_intent_fini(struct audit_intent *in);

/* Copies what it needs. */
void audit_intent_add_conf(struct audit_intent *in, const struct conf *conf);

/* From the host: fills VRFs and ports that were not named before (by audit_intent_add_port). */
void audit_intent_add_host(struct audit_intent *in, const struct audit_snapshot *s);

/* Borrowed until the next. */
struct audit_port *audit_intent_add_port(
	struct audit_intent *in, const char *name, enum audit_role role);
struct audit_vrf *audit_intent_add_vrf(struct audit_intent *in, const char *name, uint32_t table);
struct audit_peer *audit_intent_add_peer(struct audit_intent *in);
struct audit_label *audit_intent_add_label(struct audit_intent *in);
struct audit_claim *audit_intent_add_claim(struct audit_intent *in);

/* After the last claim. */
void audit_intent_sort(struct audit_intent *in);
bool audit_intent_claims(const struct audit_intent *in, int vrf, const struct ip_prefix *prefix);

const struct audit_port *audit_intent_port(const struct audit_intent *in, const char *name);
int audit_intent_vrf(const struct audit_intent *in, const char *name); /* index or -1 */
int audit_intent_table(const struct audit_intent *in,
	uint32_t table); /* index of the VRF with this table, or -1 */

/* What a device is for. */
enum audit_role audit_intent_role(
	const struct audit_intent *in, const struct audit_snapshot *s, const struct audit_link *l);
const char *audit_role_name(enum audit_role role);

#endif
