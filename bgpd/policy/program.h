/*
 * A policy: rules in order, the first that matches decides. Made once from the configuration, read only, run for each route on its
 * way in (import) or out (export). Pure, and total: there are no loops, and whatever is asked has an answer.
 *
 * A rule is a conjunction of terms; one without terms always matches. Its edits are applied when it matches; then it accepts, rejects, or
 * goes on with the next rule ("next"), which sees what was edited. Behind the last rule stands the program's default.
 *
 *   set          shape                                        matches
 *   prefixes     prefix, from-to length each, longest match   an NLRI that some entry covers with its length inside from-to
 *   numbers      ranges of AS numbers, ascending, apart       any
 *   communities  value and mask of each kind                  any community of the route
 *   addresses    prefixes                                     any
 */
#ifndef BGPD_POLICY_PROGRAM_H
#define BGPD_POLICY_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/policy/validity.h"
#include "bgpd/wire/attr.h"
#include "bgpd/wire/nlri.h"
#include "lib/arena.h"

#define POL_RULES_MAX 4096 /* of a program */

struct pol_set; /* bgpd/policy/set.h */

enum pol_term_kind {
	POL_TERM_PREFIX, /* set: prefixes */
	POL_TERM_LENGTH, /* from-to: prefix length */
	POL_TERM_FAMILY, /* number: enum wire_family */
	POL_TERM_NEIGHBOR_AS, /* set: numbers: the neighbour it comes from (import) or goes to (export) */
	POL_TERM_NEIGHBOR, /* set: addresses */
	POL_TERM_ORIGIN_AS, /* set: numbers (RFC 6811 2: the last AS; none if an AS_SET stands there) */
	POL_TERM_FIRST_AS, /* set: numbers */
	POL_TERM_FIRST_AS_IS_NEIGHBOR,
	POL_TERM_AS_PATH,	  /* set: numbers: some AS of the path */
	POL_TERM_AS_PATH_LENGTH,  /* from-to: RFC 4271 9.1.2.2 a */
	POL_TERM_COMMUNITY,	  /* set: communities, of all three kinds */
	POL_TERM_COMMUNITY_COUNT, /* from-to: of all three kinds together */
	POL_TERM_NEXT_HOP,	  /* set: addresses */
	POL_TERM_NEXT_HOP_IS_NEIGHBOR,
	POL_TERM_ROV,	     /* number: enum pol_rov */
	POL_TERM_ASPA,	     /* number: enum pol_aspa */
	POL_TERM_LOCAL_PREF, /* from-to; absent counts 100 */
	POL_TERM_MED,	     /* from-to; absent counts 0 */
	POL_TERM_ORIGIN,     /* number: enum wire_origin */
	POL_TERMS
};

struct pol_term {
	enum pol_term_kind kind;
	bool negate;
	const struct pol_set *set;
	uint32_t from, to; /* both included; number: from */
};

enum pol_edit_kind {
	POL_EDIT_LOCAL_PREF, /* number */
	POL_EDIT_MED,	     /* number */
	POL_EDIT_MED_DEL,
	POL_EDIT_PREPEND, /* number: AS, 0: the neighbour's (import) or our own (export); times */
	POL_EDIT_COMMUNITY_ADD, /* community; POL_COMMUNITY_NEIGHBOR_AS in a field is filled in */
	POL_EDIT_COMMUNITY_DEL, /* set: communities */
	POL_EDIT_NEXT_HOP,	/* addr */
	POL_EDITS
};

enum pol_community_kind { POL_COMMUNITY, POL_COMMUNITY_LARGE, POL_COMMUNITY_EXT };

struct pol_edit {
	enum pol_edit_kind kind;
	enum pol_community_kind community_kind;
	uint32_t number;
	uint8_t times;
	bool first_as;	       /* PREPEND: the path's first AS, if it has one */
	uint8_t community[12]; /* as on the wire */
	bool neighbor_as[3];   /* this field (of 2, 4 or 8 octets) becomes the neighbour's AS */
	const struct pol_set *set;
	struct ip_addr addr;
};

enum pol_action { POL_NEXT_RULE, POL_ACCEPT_ROUTE, POL_REJECT_ROUTE };

struct pol_rule {
	const char *name;
	const struct pol_term *terms;
	unsigned n_terms;
	const struct pol_edit *edits;
	unsigned n_edits;
	enum pol_action action;
	uint16_t reason; /* of a rejection: bgpd/policy/reject.h; 0: by policy */
};

enum pol_need { /* what a program looks at besides attributes */
	POL_NEEDS_PREFIX = 1,
	POL_NEEDS_NEIGHBOR = 2, /* AS or address: on export, each neighbour has its own answer */
	POL_NEEDS_ROV = 4,
	POL_NEEDS_ASPA = 8,
	POL_NEEDS_EDIT = 16, /* some rule edits */
	POL_NEEDS_MED = 32,  /* ... MED: on export it is ours then, and stays (RFC 4271 5.1.4) */
	POL_NEEDS_NEXT_HOP = 64, /* ... the next hop: the same (5.1.3) */
};

struct pol_program {
	const char *name;
	const struct pol_rule *rules;
	unsigned n_rules;
	bool accept;	/* the default */
	unsigned needs; /* enum pol_need bits: of terms and edits */
};

struct pol_subject {
	enum wire_family family;
	const struct wire_nlri *nlri;
	uint32_t neighbor_as, local_as;
	struct ip_addr neighbor;
	bool exporting;
	enum pol_rov rov;
	enum pol_aspa aspa;
};

struct pol_outcome {
	bool accept;
	bool edited;
	uint8_t kinds;	 /* 1 << enum pol_edit_kind of what was edited */
	uint16_t rule;	 /* that decided; n_rules: the default */
	uint16_t reason; /* of a rejection */
};

/* Told of each rule that was looked at: matched, or the first term that did not (n_terms if it matched). For explain and tests. */
typedef void pol_trace_fn(void *arg, const struct pol_rule *rule, bool matched, unsigned term);

/* Edits *a; what is new is in the arena. An edit that does not fit rejects. trace may be NULL. */
struct pol_outcome pol_program_run(const struct pol_program *p, const struct pol_subject *s,
	struct wire_attrs *a, struct arena *arena, pol_trace_fn *trace, void *arg);

unsigned pol_program_needs(const struct pol_rule *rules, unsigned n);

/* What a neighbour's routes go through, in order: a route passes if each program accepts it. */
struct pol_chain {
	const struct pol_program *const *list;
	unsigned n;
	unsigned needs; /* of all of them */
};

/* The first rejection ends it; *program: index of the one that decided. n 0 accepts. */
struct pol_outcome pol_chain_run(const struct pol_chain *c, const struct pol_subject *s,
	struct wire_attrs *a, struct arena *arena, unsigned *program);

/* Told of each program that a route has been through, behind its rules. */
typedef void pol_judged_fn(
	void *arg, const struct pol_program *p, const struct pol_outcome *outcome);

/* The same, and says what each rule and each program made of the route; *a is as edited until then. */
struct pol_outcome pol_chain_trace(const struct pol_chain *c, const struct pol_subject *s,
	struct wire_attrs *a, struct arena *arena, pol_trace_fn *rule, pol_judged_fn *judged,
	void *arg);

/* "prefix customers-x", "rpki invalid": a term as a person wrote it. */
void pol_term_print(const struct pol_term *t, char *out, size_t cap);

#endif
