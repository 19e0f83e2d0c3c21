/* What an entry of an access list matches: RFC 8519 4.2's packet fields, of IPv4, TCP, UDP and ICMP. */
#include <stdlib.h>
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"
#include "lib/text.h"

void conf_ace_defaults(struct acl_ace *a)
{
	*a = (struct acl_ace){.protocol = -1,
		.dscp = -1,
		.ttl_hi = UINT8_MAX,
		.len_hi = UINT16_MAX,
		.icmp_type = -1,
		.icmp_code = -1};
}

/* "LO-HI", or a number by itself, which is both. */
static bool ace_range(
	struct conf_loader *l, const struct conf_value *v, uint64_t max, uint64_t *lo, uint64_t *hi)
{
	char first[8];
	const char *s = conf_value_text(l, v, "a number, or a range as 1-9");
	const char *dash = s ? strchr(s, '-') : NULL;

	if (!s)
		return false;
	if (!dash || dash == s) {
		bool good = conf_value_number(l, v, 0, max, lo);
		*hi = *lo;
		return good;
	}
	size_t len = (size_t)(dash - s);
	if (len >= sizeof(first)) {
		conf_value_bad(l, v, "a number, or a range as 1-9");
		return false;
	}
	memcpy(first, s, len);
	first[len] = '\0';
	if (!text_parse_u64(first, UINT32_MAX, lo) || !text_parse_u64(dash + 1, UINT32_MAX, hi)) {
		conf_value_bad(l, v, "a number, or a range as 1-9");
		return false;
	}
	if (*lo > *hi) {
		conf_error(l, v->at, "%s runs backwards; write %ju-%ju", v->key, (uintmax_t)*hi,
			(uintmax_t)*lo);
		return false;
	}
	if (*hi > max) {
		conf_error(l, v->at, "%s is out of range; from 0 to %ju", v->key, (uintmax_t)max);
		return false;
	}
	return true;
}

static void ipv4_protocol(struct conf_loader *l, const struct conf_value *v, void *into)
{
	/* IANA's keywords, in small letters; others by number. */
	static const struct conf_word words[] = {{"icmp", 1}, {"igmp", 2}, {"ipip", 4}, {"tcp", 6},
		{"egp", 8}, {"udp", 17}, {"dccp", 33}, {"ipv6", 41}, {"rsvp", 46}, {"gre", 47},
		{"esp", 50}, {"ah", 51}, {"eigrp", 88}, {"ospf", 89}, {"pim", 103}, {"vrrp", 112},
		{"l2tp", 115}, {"sctp", 132}, {"udplite", 136}, {"mpls-in-ip", 137}};
	struct conf_ace_parse *p = into;
	const char *s = conf_value_text(l, v, "a protocol's name or number");
	uint64_t n;
	int word;

	p->protocol = v->at;
	if (!s)
		return;
	if (s[0] >= '0' && s[0] <= '9') {
		if (conf_value_number(l, v, 0, UINT8_MAX, &n))
			p->ace->protocol = (int)n;
	} else if (conf_value_word(l, v, words, ARRAY_LEN(words),
			   "a protocol that is known by name; write tcp, udp, icmp, gre, esp, "
			   "ospf, or its number",
			   &word)) {
		p->ace->protocol = word;
	}
}

static void ipv4_source(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_ace_parse *p = into;

	conf_value_prefix(l, v, false, &p->ace->source);
}

static void ipv4_destination(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_ace_parse *p = into;

	conf_value_prefix(l, v, false, &p->ace->destination);
}

static void ipv4_dscp(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_ace_parse *p = into;
	uint64_t n;

	if (conf_value_number(l, v, 0, 63, &n))
		p->ace->dscp = (int)n;
}

static void ipv4_ttl(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_ace_parse *p = into;
	uint64_t lo, hi;

	if (!ace_range(l, v, UINT8_MAX, &lo, &hi))
		return;
	p->ace->ttl_lo = (uint8_t)lo;
	p->ace->ttl_hi = (uint8_t)hi;
}

static void ipv4_length(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_ace_parse *p = into;
	uint64_t lo, hi;

	if (!ace_range(l, v, UINT16_MAX, &lo, &hi))
		return;
	p->ace->len_lo = (uint16_t)lo;
	p->ace->len_hi = (uint16_t)hi;
}

static void ipv4_fragment(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {
		{"only", ACL_FRAGMENT_ONLY}, {"none", ACL_FRAGMENT_NONE}};
	struct conf_ace_parse *p = into;
	int word;

	if (conf_value_word(l, v, words, ARRAY_LEN(words),
		    "a choice of fragments; write only or none, or leave it out for both", &word))
		p->ace->fragment = (enum acl_fragment)word;
}

#define NOT_LOOKED_AT "it is not looked at; leave it out"

const struct conf_keys *conf_keys_ipv4(void)
{
	static const struct conf_key keys[] = {
		{"protocol", false, ipv4_protocol},
		{"source-ipv4-network", false, ipv4_source},
		{"destination-ipv4-network", false, ipv4_destination},
		{"dscp", false, ipv4_dscp},
		{"ttl", false, ipv4_ttl},
		{"length", false, ipv4_length},
		{"fragment", false, ipv4_fragment},
	};
	static const struct conf_stray strays[] = {
		{"ecn", NOT_LOOKED_AT},
		{"ihl", "IPv4 options have a check of their own; leave it out"},
		{"flags", "write fragment: only, or fragment: none"},
		{"offset", "write fragment: only, or fragment: none"},
		{"identification", NOT_LOOKED_AT},
	};
	static const struct conf_keys table = {.path = "acls.aces.matches.ipv4",
		.what = "ipv4",
		.keys = keys,
		.n = ARRAY_LEN(keys),
		.strays = strays,
		.n_strays = ARRAY_LEN(strays)};

	return &table;
}

static void port_operator(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {{"eq", ACL_OP_EQ}, {"neq", ACL_OP_NEQ},
		{"lte", ACL_OP_LTE}, {"gte", ACL_OP_GTE}, {"range", ACL_OP_RANGE}};
	struct acl_ports *p = into;
	int word;

	if (conf_value_word(l, v, words, ARRAY_LEN(words),
		    "an operator; write eq, neq, lte, gte or range", &word))
		p->op = (enum acl_operator)word;
}

static void port_port(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct acl_ports *p = into;
	uint64_t n;

	if (conf_value_number(l, v, 0, UINT16_MAX, &n))
		p->port = (uint16_t)n;
}

static void port_upper(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct acl_ports *p = into;
	uint64_t n;

	if (conf_value_number(l, v, 0, UINT16_MAX, &n))
		p->upper = (uint16_t)n;
}

const struct conf_keys *conf_keys_ace_ports(void)
{
	static const struct conf_key keys[] = {
		{"operator", false, port_operator},
		{"port", false, port_port},
		{"lower-port", false, port_port},
		{"upper-port", false, port_upper},
	};
	static const struct conf_keys table = {.path = "acls.aces.matches.ports",
		.what = "a match of ports",
		.keys = keys,
		.n = ARRAY_LEN(keys)};

	return &table;
}

/* RFC 8519 4.2 port-range-or-operator: lower-port and upper-port, or operator (eq unless given) and port. */
static void ace_ports_check(
	struct conf_loader *l, struct conf_at at, const struct conf_at *places, struct acl_ports *p)
{
	const struct conf_keys *keys = conf_keys_ace_ports();
	struct conf_at one = conf_place_get(keys, places, "port");
	bool lower = conf_place_get(keys, places, "lower-port").len > 0;
	bool upper = conf_place_get(keys, places, "upper-port").len > 0;

	if (lower || upper || p->op == ACL_OP_RANGE) {
		if (!lower || !upper)
			conf_error(l, at, "a range needs lower-port and upper-port");
		else if (one.len || (p->op != ACL_OP_RANGE && p->op != ACL_OP_NONE))
			conf_error(l, at,
				"either lower-port and upper-port, or operator and port; leave out "
				"one of both");
		else if (p->port > p->upper)
			conf_error(l, at,
				"the range runs backwards; write lower-port: %u, upper-port: %u",
				p->upper, p->port);
		p->op = ACL_OP_RANGE;
		return;
	}
	if (!one.len)
		conf_error(l, at, "a match of ports needs port; or lower-port and upper-port");
	if (p->op == ACL_OP_NONE)
		p->op = ACL_OP_EQ;
}

static void ace_ports(struct conf_loader *l, const struct conf_value *v, struct acl_ports *out)
{
	struct conf_at places[CONF_KEYS_MAX] = {0};
	uint64_t lo, hi;

	if (conf_value_is_map(v)) {
		conf_map_parse_places(l, v, conf_keys_ace_ports(), out, places);
		ace_ports_check(l, v->at, places, out);
	} else if (ace_range(l, v, UINT16_MAX, &lo, &hi)) {
		*out = (struct acl_ports){.op = lo == hi ? ACL_OP_EQ : ACL_OP_RANGE,
			.port = (uint16_t)lo,
			.upper = (uint16_t)hi};
	}
}

static void l4_source_port(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_ace_parse *p = into;

	ace_ports(l, v, &p->ace->source_port);
}

static void l4_destination_port(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_ace_parse *p = into;

	ace_ports(l, v, &p->ace->destination_port);
}

static uint8_t flags_parse(struct conf_loader *l, const struct conf_value *v)
{
	static const struct conf_word words[] = {{"fin", 1}, {"syn", 2}, {"rst", 4}, {"psh", 8},
		{"ack", 16}, {"urg", 32}, {"ece", 64}, {"cwr", 128}};
	struct conf_value item;
	uint8_t bits = 0;
	void *iter = NULL;
	unsigned n;
	int word;

	if (!conf_list_count(l, v, CONF_WORDS_MAX, &n))
		return 0;
	while (conf_list_next(l, v, &iter, &item))
		if (conf_value_word(l, &item, words, ARRAY_LEN(words),
			    "a flag of TCP; write fin, syn, rst, psh, ack, urg, ece or cwr", &word))
			bits |= (uint8_t)word;
	return bits;
}

struct flags_parse {
	uint8_t set, clear;
};

static void flags_set(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct flags_parse *p = into;

	p->set = flags_parse(l, v);
}

static void flags_clear(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct flags_parse *p = into;

	p->clear = flags_parse(l, v);
}

const struct conf_keys *conf_keys_tcp_flags(void)
{
	static const struct conf_key keys[] = {
		{"set", false, flags_set},
		{"clear", false, flags_clear},
	};
	static const struct conf_keys table = {.path = "acls.aces.matches.tcp.flags",
		.what = "flags",
		.keys = keys,
		.n = ARRAY_LEN(keys)};

	return &table;
}

static void tcp_flags(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_ace_parse *p = into;
	struct flags_parse flags = {0};

	conf_map_parse(l, v, conf_keys_tcp_flags(), &flags);
	if (flags.set & flags.clear)
		conf_error(l, v->at,
			"a flag cannot be set and clear in one packet; leave it out of one of "
			"both");
	p->ace->tcp_flags = flags.set;
	p->ace->tcp_mask = flags.set | flags.clear;
}

const struct conf_keys *conf_keys_tcp(void)
{
	static const struct conf_key keys[] = {
		{"source-port", false, l4_source_port},
		{"destination-port", false, l4_destination_port},
		{"flags", false, tcp_flags},
	};
	static const struct conf_stray strays[] = {
		{"sequence-number", NOT_LOOKED_AT},
		{"acknowledgement-number", NOT_LOOKED_AT},
		{"data-offset", NOT_LOOKED_AT},
		{"reserved", NOT_LOOKED_AT},
		{"window-size", NOT_LOOKED_AT},
		{"urgent-pointer", NOT_LOOKED_AT},
		{"options", NOT_LOOKED_AT},
	};
	static const struct conf_keys table = {.path = "acls.aces.matches.tcp",
		.what = "tcp",
		.keys = keys,
		.n = ARRAY_LEN(keys),
		.strays = strays,
		.n_strays = ARRAY_LEN(strays)};

	return &table;
}

const struct conf_keys *conf_keys_udp(void)
{
	static const struct conf_key keys[] = {
		{"source-port", false, l4_source_port},
		{"destination-port", false, l4_destination_port},
	};
	static const struct conf_stray strays[] = {
		{"length", "write it in ipv4, where it is the packet's"},
		{"flags", "UDP has none; leave it out"},
	};
	static const struct conf_keys table = {.path = "acls.aces.matches.udp",
		.what = "udp",
		.keys = keys,
		.n = ARRAY_LEN(keys),
		.strays = strays,
		.n_strays = ARRAY_LEN(strays)};

	return &table;
}

static void icmp_octet(struct conf_loader *l, const struct conf_value *v, int *out)
{
	uint64_t n;

	if (conf_value_number(l, v, 0, UINT8_MAX, &n))
		*out = (int)n;
}

static void icmp_type(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_ace_parse *p = into;

	icmp_octet(l, v, &p->ace->icmp_type);
}

static void icmp_code(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_ace_parse *p = into;

	icmp_octet(l, v, &p->ace->icmp_code);
}

const struct conf_keys *conf_keys_icmp(void)
{
	static const struct conf_key keys[] = {
		{"type", false, icmp_type},
		{"code", false, icmp_code},
	};
	static const struct conf_stray strays[] = {
		{"rest-of-header", NOT_LOOKED_AT},
	};
	static const struct conf_keys table = {.path = "acls.aces.matches.icmp",
		.what = "icmp",
		.keys = keys,
		.n = ARRAY_LEN(keys),
		.strays = strays,
		.n_strays = ARRAY_LEN(strays)};

	return &table;
}

static void matches_ipv4(struct conf_loader *l, const struct conf_value *v, void *into)
{
	conf_map_parse(l, v, conf_keys_ipv4(), into);
}

/* tcp, udp, icmp: the key names the protocol, and one packet has one. */
static void matches_l4(struct conf_loader *l, const struct conf_value *v, struct conf_ace_parse *p,
	const struct conf_keys *keys, int protocol)
{
	if (p->l4)
		conf_error(
			l, v->at, "a packet cannot be %s and %s; make two entries", p->l4, v->key);
	p->l4 = v->key;
	p->l4_protocol = protocol;
	conf_map_parse(l, v, keys, p);
}

static void matches_tcp(struct conf_loader *l, const struct conf_value *v, void *into)
{
	matches_l4(l, v, into, conf_keys_tcp(), 6);
}

static void matches_udp(struct conf_loader *l, const struct conf_value *v, void *into)
{
	matches_l4(l, v, into, conf_keys_udp(), 17);
}

static void matches_icmp(struct conf_loader *l, const struct conf_value *v, void *into)
{
	matches_l4(l, v, into, conf_keys_icmp(), 1);
}

const struct conf_keys *conf_keys_matches(void)
{
	static const struct conf_key keys[] = {
		{"ipv4", false, matches_ipv4},
		{"tcp", false, matches_tcp},
		{"udp", false, matches_udp},
		{"icmp", false, matches_icmp},
	};
	static const struct conf_stray strays[] = {
		{"ipv6", "IPv6 is not let in from customers; leave the entry out"},
		{"eth", "a guarded port lets in IPv4 and ARP and nothing else; leave the entry "
			"out"},
		{"ingress-interface", "a list is of the ports and VRFs that name it in acl"},
		{"egress-interface", "lists are tried where packets come in; leave it out"},
	};
	static const struct conf_keys table = {.path = "acls.aces.matches",
		.what = "matches",
		.keys = keys,
		.n = ARRAY_LEN(keys),
		.strays = strays,
		.n_strays = ARRAY_LEN(strays)};

	return &table;
}

void conf_parse_matches(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_ace_parse *p = into;

	conf_map_parse(l, v, conf_keys_matches(), p);
	if (!p->l4)
		return;
	if (p->ace->protocol >= 0 && p->ace->protocol != p->l4_protocol)
		conf_error(l, p->protocol,
			"no packet of this protocol is %s, which the entry matches as well; leave "
			"protocol out, or write %s",
			p->l4, p->l4);
	p->ace->protocol = p->l4_protocol;
}
