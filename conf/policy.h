/* Sets and policies in the making: names that are resolved once all is read, and a rule while its keys are read. */
#ifndef CONF_POLICY_H
#define CONF_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/policy/program.h"
#include "bgpd/policy/set.h"
#include "conf/node.h"

#define CONF_SETS_MAX	     4096u
#define CONF_SET_MAX	     500000u /* entries of one */
#define CONF_POLICIES_MAX    4096u
#define CONF_CHAIN_MAX	     16u /* policies that a neighbour names */
#define CONF_POLICY_NAME_MAX 64	 /* octets; of sets, policies and rules */
#define CONF_TERMS_MAX	     40u /* of one rule: each key once, and once in `not` */
#define CONF_ADDS_MAX	     64u /* communities that a rule adds */
#define CONF_EDITS_MAX	     (CONF_ADDS_MAX + 8)

/* What is called by a name elsewhere in the file. */
struct conf_named {
	const char *name; /* "" if it has none, which was said */
	struct conf_at at;
	const void *what;
	bool used;
};

/* Names as a neighbour gives them: of its policies. */
struct conf_names {
	const char **names;
	struct conf_at *at;
	unsigned n;
};

/* A set's name as a rule gives it; turned into the set once all are read. */
struct conf_set_ref {
	struct conf_set_ref *next;
	const struct pol_set **slot;
	enum pol_set_kind kind;
	const char *key, *name;
	struct conf_at at;
};

/* What the parse functions of a rule's keys are given. */
struct conf_rule_parse {
	struct pol_rule *rule;
	struct conf_at name, reason;
	bool action_given, negate;
	unsigned n_terms, n_edits, n_refs;
	struct pol_term terms[CONF_TERMS_MAX];
	struct pol_edit edits[CONF_EDITS_MAX];
	struct conf_set_ref *refs[CONF_TERMS_MAX + 1]; /* each set's name ... */
	int places[CONF_TERMS_MAX + 1];		       /* ... and its term, or ~its edit */
};

void conf_parse_sets(struct conf_loader *l, const struct conf_value *v, void *into);
void conf_parse_policies(struct conf_loader *l, const struct conf_value *v, void *into);

/* parse_term.c, parse_edit.c: what a rule matches, and what it sets; into is struct conf_rule_parse. */
void conf_parse_match(struct conf_loader *l, const struct conf_value *v, void *into);
void conf_parse_edits(struct conf_loader *l, const struct conf_value *v, void *into);
/* A set's name, for the last term or edit (place ~i) of the rule. */
void conf_parse_set_ref(struct conf_loader *l, const struct conf_value *v,
	struct conf_rule_parse *p, enum pol_set_kind kind, int place);
/* "LO-HI", or a number by itself, which is both. */
bool conf_parse_span(struct conf_loader *l, const struct conf_value *v, uint32_t max,
	uint32_t *from, uint32_t *to);
bool conf_parse_community(
	struct conf_loader *l, const struct conf_value *v, struct pol_set_community *out);

/* named.c: found by name once sorted. What is there twice is an error: "there is a WHAT NAME IN already". */
void conf_named_sort(struct conf_loader *l, struct conf_named *list, unsigned n, const char *what,
	const char *in);
struct conf_named *conf_named_find(struct conf_named *list, unsigned n, const char *name);
void conf_named_unknown(struct conf_loader *l, struct conf_at at, const struct conf_named *list,
	unsigned n, const char *name, const char *what, const char *where);

/* check_policy.c: sets and policies by name, the neighbours' chains. Before conf_check_peers. */
void conf_check_policies(struct conf_loader *l);

#endif
