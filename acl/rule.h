/*
 * Access lists with RFC 8519's names (IPv4; the YANG paths are acls/acl/aces/ace): what the configuration gives, and its
 * compiled form.
 *
 * An entry (ace) has matches and actions; the first entry that matches decides. Lists of a port are tried in their order,
 * then those of its VRF. A packet that no entry matches passes to the guard's own verdict, which has already let it
 * through: so an allow-list ends in an entry without matches that drops (the linter reminds of it).
 */
#ifndef ACL_RULE_H
#define ACL_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "acl/abi.h"
#include "lib/prefix.h"

enum acl_forwarding {
	ACL_FORWARDING_ACCEPT,
	ACL_FORWARDING_DROP
}; /* reject (an ICMP answer) is not offered */

/* RFC 8519 port-range-or-operator: eq, lte, gte, neq, range. */
enum acl_operator { ACL_OP_NONE, ACL_OP_EQ, ACL_OP_NEQ, ACL_OP_LTE, ACL_OP_GTE, ACL_OP_RANGE };
struct acl_ports {
	enum acl_operator op;
	uint16_t port, upper; /* upper: RANGE only */
};

struct acl_ace {
	const char *name;
	/* matches */
	struct ip_prefix source, destination; /* af IP_NONE: any */
	int protocol;			      /* -1: any */
	int dscp;			      /* -1: any */
	uint8_t ttl_lo, ttl_hi;		      /* 0, 255: any */
	uint16_t len_lo, len_hi;	      /* 0, 65535: any */
	enum acl_fragment fragment;
	struct acl_ports source_port, destination_port;
	uint8_t tcp_flags, tcp_mask; /* flags that must be set, or clear */
	int icmp_type, icmp_code;    /* -1: any */
	/* actions */
	enum acl_forwarding forwarding;
	bool log; /* RFC 8519 log-syslog */
};

struct acl_list {
	const char *name;
	struct acl_ace *aces;
	unsigned n_aces;
};

/* Compiles one entry; returns how many rules it makes: neq makes two (one at 0 and 65535), of both ports up to four. */
#define ACL_ACE_RULES 4
unsigned acl_ace_compile(const struct acl_ace *a, uint16_t id, struct acl_rule out[ACL_ACE_RULES]);

/*
 * Compiles lists, in order, into at most ACL_RULES_MAX rules; returns how many there are, or
 * ACL_RULES_MAX + 1 if they do not fit. The id of a rule is the number of its ace, counted over all lists: two
 * rules of one ace count together.
 */
unsigned acl_rules_compile(
	const struct acl_list *const *lists, unsigned n, struct acl_rule out[ACL_RULES_MAX]);

#endif
