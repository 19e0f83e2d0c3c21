/* Of a neighbor: what is taken from it and told it, and how it is changed on the way. */
#include <string.h>

#include "bgpd/policy/guard.h"
#include "conf/loader.h"
#include "lib/check.h"

#define POLICY_OWN_AS_MAX   10
#define POLICY_INTERVAL_MAX 600

static void policy_next_hop(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {
		{"self", CONF_NEXT_HOP_SELF}, {"unchanged", CONF_NEXT_HOP_UNCHANGED}};
	struct conf_peer_parse *p = into;
	int next_hop;

	if (conf_value_word(l, v, words, ARRAY_LEN(words),
		    "a choice of next hop; write self or unchanged", &next_hop))
		p->peer->next_hop = (enum conf_next_hop)next_hop;
}

static void policy_as_override(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	conf_value_bool(l, v, &p->peer->as_override);
}

static void policy_allow_own_as(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;
	uint64_t n;

	if (conf_value_number(l, v, 1, POLICY_OWN_AS_MAX, &n))
		p->peer->allow_own_as = (uint8_t)n;
}

static void policy_allow_as_set(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	conf_value_bool(l, v, &p->peer->allow_as_set);
}

static void policy_graceful_shutdown(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	conf_value_bool(l, v, &p->peer->graceful_shutdown);
}

static void policy_accept_blackhole(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	conf_value_bool(l, v, &p->peer->accept_blackhole);
}

static void policy_allow(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_allow allows[] = {
		{"first-as", POL_ALLOW_FIRST_AS,
			"this neighbor can hide that a route came through it (RFC 4271 6.3)"},
		{"next-hop", POL_ALLOW_NEXT_HOP,
			"this neighbor can have traffic sent to anybody, to this router itself too "
			"(RFC 4271 5.1.3, 6.3)"},
		{"martians", POL_ALLOW_MARTIANS,
			"this neighbor can announce prefixes that no network has (RFC 7454 6.1)"},
		{"steering", POL_ALLOW_STEERING,
			"this customer can send attributes that steer the provider's packets "
			"(RFC 9012 11, RFC 8669 6, RFC 5701)"},
		{"blackholes", POL_ALLOW_BLACKHOLES,
			"this neighbor can have anybody's traffic discarded (RFC 7999 3.3)"},
	};
	struct conf_peer_parse *p = into;

	conf_parse_allow(l, v, allows, ARRAY_LEN(allows), "a check",
		"a check that can be left out; write first-as, next-hop, martians, "
		"steering or blackholes",
		&p->peer->allow);
}

static void policy_interval(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;
	uint64_t n;

	if (conf_value_number(l, v, 0, POLICY_INTERVAL_MAX, &n))
		p->peer->advertisement_interval_s = (uint16_t)n;
}

const struct conf_keys *conf_keys_peer_policy(void)
{
	static const struct conf_key keys[] = {
		{"next-hop", false, policy_next_hop},
		{"as-override", false, policy_as_override},
		{"allow-own-as", false, policy_allow_own_as},
		{"allow-as-set", false, policy_allow_as_set},
		{"graceful-shutdown", false, policy_graceful_shutdown},
		{"accept-blackhole", false, policy_accept_blackhole},
		{"advertisement-interval", false, policy_interval},
		{"allow", false, policy_allow},
	};
	static const struct conf_keys table = {.keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}
