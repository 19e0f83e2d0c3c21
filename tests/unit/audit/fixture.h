/* A PE as it must be, by hand: two VRFs, two access ports, a core port, one customer's session. Nothing is wrong with it. */
#ifndef TESTS_UNIT_AUDIT_FIXTURE_H
#define TESTS_UNIT_AUDIT_FIXTURE_H

#include "audit/check.h"

enum { LO = 1, CORE, CA, CB, VRF_A, VRF_B };

struct pe {
	struct audit_snapshot s;
	struct audit_intent in;
};

void pe_init(struct pe *p);	 /* with an intent of a configuration */
void pe_init_host(struct pe *p); /* the same host, intent inferred */
void pe_fini(struct pe *p);

struct audit_link *pe_link(struct pe *p, int ifindex);
struct audit_link *pe_add_link(struct pe *p, const char *name, uint32_t ifindex);

/* A route with one hop by oif (0: none) of a table; text "10.0.0.0/8". */
struct audit_route *pe_add_route(
	struct pe *p, const char *prefix, uint32_t table, uint8_t protocol, uint32_t oif);
struct audit_route *pe_add_label(struct pe *p, uint32_t label, uint8_t protocol, uint32_t oif);
struct audit_rule *pe_add_rule(
	struct pe *p, uint8_t af, uint32_t pref, uint32_t table, const char *iif);
struct audit_socket *pe_add_socket(struct pe *p, bool listening, uint32_t ifindex);
void pe_add_key(struct pe *p, struct audit_socket *k, const char *prefix);
void pe_add_filter(struct pe *p, uint32_t ifindex, uint32_t pref, const char *name);
void pe_del_route(struct pe *p, const char *prefix, uint32_t table);

#endif
