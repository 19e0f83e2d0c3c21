/*
 * A scenario: what to wait for, what to show, what to attack and what must then hold, in order.
 *
 * Each step is one mapping whose first key is its kind and whose value is its title. The schema for editors is
 * topologies/scenario.schema.json; the reader here is what decides, and knows the topology's nodes and ports.
 */
#ifndef LAB_SCENARIO_H
#define LAB_SCENARIO_H

#include "lab/topo.h"

#define LAB_SILENT_MAX	 4
#define LAB_CONTROLS_MAX 2
#define LAB_SHOTS_MAX	 8

enum lab_cond_kind {
	LAB_COND_SESSION,      /* a BGP session: name (Ravelin) or address (FRR) */
	LAB_COND_KERNEL_ROUTE, /* a prefix in a kernel table: main, or a VRF's */
	LAB_COND_KERNEL_LABEL, /* an MPLS entry that pops into this VRF device */
	LAB_COND_VPN_ROUTE,    /* a VPNv4 route in the node's BGP table */
	LAB_COND_COUNTER,      /* one of Ravelin's counters of a neighbour has moved */
	LAB_COND_UNSIGNED,     /* BGP's port there gives no answer to a SYN without a TCP-MD5 key */
	LAB_COND_GUARD,	  /* what the guard of this port has dropped for a reason, or its state */
	LAB_COND_COMMAND, /* what a command prints in the node */
};

struct lab_cond {
	enum lab_cond_kind kind;
	unsigned node;
	const char *subject;
	const char *vrf;	   /* session, kernel-route; NULL: the core */
	const char *state;	   /* session; NULL: Established */
	const char *rd;		   /* vpn-route; NULL: any */
	const char *route_targets; /* vpn-route; exactly these, comma separated; NULL: any */
	const char *of;		   /* counter: the neighbour's name */
	const char *says;	   /* command: stands in what it prints, blanks squeezed */
	const char *reason;	   /* guard; NULL: the state is asked for */
	unsigned number;	   /* guard with a reason: of packets, exactly or at least */
	bool exactly;
	const char *hint; /* for who reads that it does not hold; NULL: none */
	int labels;	  /* kernel-route: depth of the pushed stack; -1: any */
	bool absent;	  /* holds if the thing is not there */
};

struct lab_conds {
	struct lab_cond *c;
	unsigned n;
};

enum lab_step_kind {
	LAB_STEP_WAIT,
	LAB_STEP_EXPECT,
	LAB_STEP_SHOW,
	LAB_STEP_PING,
	LAB_STEP_CAPTURE,
	LAB_STEP_ATTACK,
	LAB_STEP_DO,
	LAB_STEP_FAILOVER,
};
enum lab_attack_kind { LAB_ATTACK_LABEL, LAB_ATTACK_PACKETS, LAB_ATTACK_ROUTE_TARGET };
enum lab_show_kind {
	LAB_SHOW_SESSIONS,
	LAB_SHOW_VPN_ROUTES,
	LAB_SHOW_VRF_TABLES,
	LAB_SHOW_MPLS_TABLE,
	LAB_SHOW_N
};

struct lab_commands {
	const char **line;
	unsigned n;
};

/* Packets of one shape that must be dropped at the port they go into, for one reason. */
struct lab_shot {
	const char *name;
	const char *source; /* NULL: an address of nobody */
	const char *to;
	const char *vrf;       /* labelled with the label that pops into it; NULL: not labelled */
	unsigned tags;	       /* priority tags (VID 0) in front */
	bool syn;	       /* to BGP's port, in place of an echo request */
	struct lab_end victim; /* must not see it; of a SYN: its answer */
	const char *reason;    /* the guard's */
	const char *config; /* control: what ravelind is restarted with, this one protection off */
};

/* The same attack where it must succeed: a protection off, or a router that has none. */
struct lab_control {
	unsigned node;
	const char *config; /* route-target: what ravelind is restarted with, the protection off */
	struct lab_commands launch; /* route-target without config: at another router */
	struct lab_commands undo;
	struct lab_conds
		until; /* packet: recovered after a restart; route-target: the attack succeeded */
	struct lab_conds recovered; /* route-target with config: after the protection is back */
};

struct lab_step {
	enum lab_step_kind kind;
	const char *title;
	const char *
		hint; /* wait, expect, ping, capture, failover: for who reads that it fails; NULL: none */
	unsigned deadline_s;
	struct lab_conds until; /* wait, expect; attack: it reached its target */
	struct lab_conds then;	/* attack route-target: what must hold */
	enum lab_show_kind show;

	unsigned
		from; /* ping, capture, failover; attack packets: of legitimate traffic; route-target and do: whose commands these are */
	const char *source, *to;
	unsigned count;
	bool unanswered;
	bool answered;
	struct lab_end answered_by;
	struct lab_end silent[LAB_SILENT_MAX]; /* must not see any of it */
	unsigned n_silent;

	unsigned at_node;  /* failover: whose commands these are */
	unsigned lost_max; /* failover: of the requests */

	struct lab_end at; /* capture */
	unsigned labels;   /* capture: depth of the stack */
	bool inner_given;
	unsigned inner; /* capture: node whose label for vrf must be the inner one */
	const char *vrf;

	enum lab_attack_kind attack;
	struct lab_end out, into; /* packet: sent from here, into this port */
	struct lab_shot shot[LAB_SHOTS_MAX];
	unsigned n_shots;
	struct lab_commands launch, undo; /* do, failover: launch */
	struct lab_control control[LAB_CONTROLS_MAX];
	unsigned n_controls; /* at least one; packet: one */
};

struct lab_scenario {
	struct lab_doc doc; /* owns the strings */
	const char *name;
	struct lab_step *steps;
	unsigned n_steps;
};

/* t: loaded; borrowed while this lives. False with every error on diag. lab_scenario_fini() in either case. */
bool lab_scenario_load(
	struct lab_scenario *s, const struct lab_topo *t, const char *file, FILE *diag);
void lab_scenario_fini(struct lab_scenario *s);

/* "pe1: kernel route 172.16.2.0/24 in vrf-a with 2 labels" */
void lab_cond_print(const struct lab_cond *c, const struct lab_topo *t, char *out, size_t cap);

#endif
