/*
 * One attack of the catalogue: what is tried, from where, and what must come of it.
 *
 * An attack is one file: its row and the function that tries it. The function tries and says how often it succeeded,
 * and nothing else: it does not know whether the protection is on. The runner (run.h) launches each one twice, with all
 * protections on and with exactly one off, reads the counters around the first, sends something legitimate on the same
 * path, and judges (judge.h). So the attack and its positive control are the same octets.
 */
#ifndef LAB_ATTACKS_ATTACK_H
#define LAB_ATTACKS_ATTACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/attacks/protection.h"

#define ATTACK_COUNTERS_MAX 4
#define ATTACK_TEXT_MAX	    256

struct attack_stage;

/* What one launch did. Zeroed before. */
struct attack_impact {
	unsigned sent; /* stimuli: frames, connections, messages */
	unsigned
		hit; /* of them that did what the attacker wanted: arrived, were answered, were believed */
	unsigned counted; /* of them that a counter must show; 0: all that were sent */
	bool partial; /* one hit is a success (a scan, a flood); else all that were sent must hit */
	char observed[ATTACK_TEXT_MAX]; /* what was seen, for a person */
	int error;			/* -errno: could not be tried; neither held nor fell */
	const char *skip; /* cannot be tried on this kernel, and why; NULL otherwise */
};

typedef void attack_fn(struct attack_stage *st, struct attack_impact *out);

enum attack_source {
	ATTACK_NO_COUNTER,
	ATTACK_GUARD, /* the guard of port `at`: reason `name` (acl/reason.h) */
	ATTACK_PEER, /* a counter of neighbour `at`, as /v1/bgp/neighbors shows it; of Ravelin only */
	ATTACK_KERNEL, /* "TcpExt:TCPMD5NotFound" of node `at`: /proc/net/netstat or snmp; "mpls:eth1:noroute": dropped, errors, noroute of a port (IFLA_STATS_AF_SPEC) */
	ATTACK_LOG,    /* lines with event=`name` in the log of ravelind in node `at` */
};
enum attack_moved {
	ATTACK_EXACTLY,	 /* by impact.counted (or sent) */
	ATTACK_AT_LEAST, /* by that, or more: others count here too */
	ATTACK_SOME,	 /* at all: how often is not ours to say (rate limits) */
	ATTACK_STILL,	 /* not at all: the kernel behind the guard never saw it */
};

struct attack_counter {
	enum attack_source source;
	const char *at, *name;
	enum attack_moved moved;
};

/* What must pass all the same, tried while the protections are on. NULL in a row: customer A's sites reach each other. */
typedef bool attack_legit_fn(struct attack_stage *st, char *what, size_t cap);

struct attack {
	const char *id;	    /* "LBL-01", of the catalogue */
	const char *title;  /* what is tried, in words: "a frame with the label of another VPN" */
	const char *clause; /* "RFC 4381 3.4, RFC 4364 13.1": comma separated, RFC NUMBER SECTION */
	const char *attacker; /* "ce-a1:eth1" */
	const char *target;   /* "ce-b1:eth1": who must not notice; the PE itself: "pe1" */
	const char *passes;   /* what passes, in words: "none arrives" */
	struct attack_counter
		counter[ATTACK_COUNTERS_MAX]; /* of Ravelin as PE; ended by ATTACK_NO_COUNTER */
	enum attack_off off; /* the control: this protection, and only this, is off */
	attack_fn *launch;
	attack_legit_fn *legit;
	bool disrupts; /* sessions or routes may be gone for a while after it: wait for the network to be whole again */
	bool slow; /* takes more than two seconds: `--quick` leaves it out */
	bool mixed; /* it sends what must pass as well: its frames may be seen elsewhere than where they went in */
	bool kills;	     /* it ends processes of the PE itself: that they ended is no finding */
	const char *only_pe; /* "ravelin": what it tries exists with this PE only; NULL: any */
};

/* A row of the catalogue that is not built, and why: told in the report, never counted as held. */
struct attack_missing {
	const char *id, *title, *reason, *clause; /* clause: as of an attack; NULL: none */
};

#endif
