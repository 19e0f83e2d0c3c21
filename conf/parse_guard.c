/* The edge guard: of the router, and of one access port. */
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"

#define GUARD_SAMPLES	  10
#define GUARD_SAMPLES_MAX 10000
#define GUARD_PIN_MAX	  90	   /* octets; /PORT/destinations follows */
#define GUARD_RATE_MAX	  10000000 /* packets a second */
#define GUARD_BURST_PART  5	   /* of a second */
#define GUARD_BURST_LEAST 20	   /* packets */
#define GUARD_BURST_ARP	  50	   /* who comes up asks for many at once */

struct guard_pair {
	struct conf_guard *guard;
	struct conf_port_site *site;
};

static void guard_infrastructure(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, CONF_INFRA_MAX, &n))
		return;
	l->conf->infrastructure = conf_alloc(l, n * sizeof(*l->conf->infrastructure));
	l->infrastructure = conf_alloc(l, n * sizeof(*l->infrastructure));
	while (conf_list_next(l, v, &iter, &item)) {
		unsigned i = l->conf->n_infrastructure;
		l->infrastructure[i] = item.at;
		if (conf_value_prefix(l, &item, false, &l->conf->infrastructure[i]))
			l->conf->n_infrastructure++;
	}
}

static void guard_unknown_ports(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {{"closed", false}, {"open", true}};
	int open;

	if (!conf_value_word(l, v, words, ARRAY_LEN(words),
		    "a choice for devices that are not in ports; write closed or open", &open))
		return;
	l->conf->unknown_ports_open = open;
	if (open)
		conf_warn(l, v->at,
			"what comes in from a device that is not in ports is routed in the core's "
			"table, as soon as it is up; write closed, and role: management for "
			"devices to be left alone");
}

static void guard_xdp(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {{"auto", ACL_XDP_AUTO}, {"native", ACL_XDP_NATIVE},
		{"generic", ACL_XDP_GENERIC}, {"off", ACL_XDP_OFF}};
	int mode;

	if (conf_value_word(l, v, words, ARRAY_LEN(words),
		    "a way to run the guard in XDP; write auto, native, generic or off", &mode))
		l->conf->xdp = (uint8_t)mode;
}

static void guard_samples(struct conf_loader *l, const struct conf_value *v, void *into)
{
	uint64_t n;

	if (conf_value_number(l, v, 0, GUARD_SAMPLES_MAX, &n))
		l->conf->samples_per_s = (uint16_t)n;
}

static void guard_pin(struct conf_loader *l, const struct conf_value *v, void *into)
{
	const char *s = conf_value_string(l, v, 2, GUARD_PIN_MAX);

	if (s && s[0] != '/')
		conf_value_bad(l, v, "an absolute path; write /sys/fs/bpf/ravelin");
	else if (s)
		l->conf->guard_pin = s;
}

const struct conf_keys *conf_keys_guard(void)
{
	static const struct conf_key keys[] = {
		{"infrastructure", false, guard_infrastructure},
		{"unknown-ports", false, guard_unknown_ports},
		{"xdp", false, guard_xdp},
		{"samples", false, guard_samples},
		{"pin", false, guard_pin},
	};
#define ON_PORT "it is one port's; set it in the guard of an access port"
	static const struct conf_stray strays[] = {
		{"source", ON_PORT},
		{"protocols", ON_PORT},
		{"dhcp-server", ON_PORT},
		{"police", ON_PORT},
		{"static-neighbors", ON_PORT},
		{"allow", ON_PORT},
	};
#undef ON_PORT
	static const struct conf_keys table = {.path = "guard",
		.what = "the router's guard",
		.keys = keys,
		.n = ARRAY_LEN(keys),
		.strays = strays,
		.n_strays = ARRAY_LEN(strays)};

	return &table;
}

void conf_parse_guard(struct conf_loader *l, const struct conf_value *v, void *into)
{
	conf_map_parse(l, v, conf_keys_guard(), NULL);
}

void conf_guard_defaults(struct conf *c)
{
	c->xdp = ACL_XDP_AUTO;
	c->samples_per_s = GUARD_SAMPLES;
}

static struct conf_rate guard_rate(uint32_t rate, uint32_t burst_least)
{
	uint32_t burst = rate / GUARD_BURST_PART;

	return (struct conf_rate){rate, burst > burst_least ? burst : burst_least};
}

/* 0 switches a limit off: said, since it is one customer's flood that the others feel. */
static void guard_rate_parse(struct conf_loader *l, const struct conf_value *v,
	uint32_t burst_least, const char *what, struct conf_rate *out)
{
	uint64_t n;

	if (!conf_value_number(l, v, 0, GUARD_RATE_MAX, &n))
		return;
	*out = guard_rate((uint32_t)n, burst_least);
	if (n == 0)
		conf_warn(l, v->at,
			"no limit of %s: a flood from this port alone can keep the router from "
			"its work for all VPNs (RFC 4381 2.3); for laboratories only",
			what);
}

static void police_control(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_guard *g = into;

	guard_rate_parse(l, v, GUARD_BURST_LEAST, "packets to the router", &g->control);
}

static void police_arp(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_guard *g = into;

	guard_rate_parse(l, v, GUARD_BURST_ARP, "ARP", &g->arp);
}

static void police_icmp(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_guard *g = into;

	guard_rate_parse(l, v, GUARD_BURST_LEAST, "ICMP to the router", &g->icmp);
}

static void police_new_flows(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_guard *g = into;

	guard_rate_parse(l, v, GUARD_BURST_LEAST, "new connections to the router", &g->new_flows);
}

const struct conf_keys *conf_keys_police(void)
{
	static const struct conf_key keys[] = {
		{"control", false, police_control},
		{"arp", false, police_arp},
		{"icmp", false, police_icmp},
		{"new-flows", false, police_new_flows},
	};
	static const struct conf_keys table = {
		.path = "ports.guard.police", .what = "police", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

static void port_guard_source(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {{"strict", ACL_SOURCE_STRICT},
		{"feasible", ACL_SOURCE_FEASIBLE}, {"off", ACL_SOURCE_OFF}};
	struct guard_pair *p = into;
	int source;

	if (!conf_value_word(l, v, words, ARRAY_LEN(words),
		    "a check of source addresses; write strict, feasible or off", &source))
		return;
	p->guard->source = (uint8_t)source;
	p->site->source = v->at;
	if (source == ACL_SOURCE_OFF)
		conf_warn(l, v->at,
			"this customer can send from any address, those of its VPN's other sites "
			"too (RFC 2827 3, RFC 4381 3.4); strict and feasible keep it from that");
}

static void port_guard_protocols(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {
		{"ospf", CONF_GUARD_OSPF}, {"rip", CONF_GUARD_RIP}, {"bfd", CONF_GUARD_BFD}};
	struct guard_pair *p = into;
	struct conf_value item;
	void *iter = NULL;
	unsigned n;
	int word;

	if (!conf_list_count(l, v, CONF_WORDS_MAX, &n))
		return;
	while (conf_list_next(l, v, &iter, &item))
		if (conf_value_word(l, &item, words, ARRAY_LEN(words),
			    "a protocol that is let in; write ospf, rip or bfd (BGP is let in "
			    "from the VRF's neighbors)",
			    &word))
			p->guard->protocols |= (uint8_t)word;
}

static void port_guard_dhcp_server(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct guard_pair *p = into;
	bool here = false;

	if (conf_value_bool(l, v, &here) && here)
		p->guard->off |= ACL_OFF_DHCP;
}

static void port_guard_police(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct guard_pair *p = into;

	conf_map_parse(l, v, conf_keys_police(), p->guard);
}

static void port_guard_allow(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_allow allows[] = {
		{"tags", ACL_OFF_TAGS,
			"this customer can hide what it sends behind priority tags, which the "
			"kernel takes off before other filters look (RFC 4381 6)"},
		{"martians", ACL_OFF_MARTIANS,
			"this customer can send from and to addresses that no network has, the "
			"router's own as a source too (RFC 1812 5.3.7, RFC 2827 3)"},
		{"ip-options", ACL_OFF_OPTIONS,
			"this customer can choose ways by source routes and have routers record "
			"their addresses (RFC 7126 4, RFC 4381 3.2)"},
		{"control-plane", ACL_OFF_CONTROL,
			"this customer can send anything to the router itself: other protocols, "
			"fragments, BGP from afar (RFC 4381 3.3, RFC 6192 3, RFC 5082 3)"},
		{"infrastructure", ACL_OFF_INFRASTRUCTURE,
			"this customer's packets to the core's addresses are kept away by its "
			"VRF alone (RFC 4381 3.2)"},
		{"arp", ACL_OFF_ARP,
			"this customer can answer for the addresses of others on the link, the "
			"router's too (RFC 4381 6)"},
		{"tunnels", ACL_OFF_TUNNELS,
			"this customer can send labelled packets in GRE, IP or UDP to the router "
			"itself (RFC 4023 8.2, RFC 7510 6)"},
		{"redirects", ACL_OFF_REDIRECT,
			"this customer can send ICMP redirects, which bend the routes of who "
			"believes them (RFC 1812 5.2.7.2)"},
	};
	struct guard_pair *p = into;

	conf_parse_allow(l, v, allows, ARRAY_LEN(allows), "a protection",
		"a protection that can be switched off; write tags, martians, ip-options, "
		"control-plane, infrastructure, arp, tunnels or redirects",
		&p->guard->off);
}

struct neighbor_pair {
	struct conf_neighbor_mac *neighbor;
	struct conf_neighbor_site *site;
};

static void neighbor_address(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct neighbor_pair *p = into;

	p->site->address = v->at;
	conf_value_addr(l, v, &p->neighbor->addr);
}

static int neighbor_hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* "02:00:00:00:00:01", nothing after it. */
static bool neighbor_mac_parse(const char *s, uint8_t out[6])
{
	for (unsigned i = 0; i < 6; i++, s += 3) {
		int high = neighbor_hex(s[0]), low = high < 0 ? -1 : neighbor_hex(s[1]);
		if (low < 0 || s[2] != (i < 5 ? ':' : '\0'))
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static void neighbor_mac(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const uint8_t zero[6];
	struct neighbor_pair *p = into;
	const char *s = conf_value_quoted(l, v);
	uint8_t mac[6];

	if (!s)
		return;
	if (!neighbor_mac_parse(s, mac))
		conf_value_bad(l, v, "an Ethernet address; write it as \"02:00:00:00:00:01\"");
	else if (mac[0] & 1)
		conf_value_bad(l, v,
			"an address that a device can have: it is a group's; write the "
			"neighbor's own");
	else if (memcmp(mac, zero, sizeof(zero)) == 0)
		conf_value_bad(l, v, "an address that a device can have; write the neighbor's own");
	else
		memcpy(p->neighbor->mac, mac, sizeof(mac));
}

const struct conf_keys *conf_keys_static_neighbor(void)
{
	static const struct conf_key keys[] = {
		{"address", true, neighbor_address},
		{"mac", true, neighbor_mac},
	};
	static const struct conf_keys table = {.path = "ports.guard.static-neighbors",
		.what = "a static neighbor",
		.keys = keys,
		.n = ARRAY_LEN(keys)};

	return &table;
}

static void port_guard_statics(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct guard_pair *p = into;
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, ACL_BINDINGS_MAX, &n))
		return;
	p->guard->statics = conf_alloc(l, n * sizeof(*p->guard->statics));
	p->site->statics = conf_alloc(l, n * sizeof(*p->site->statics));
	while (conf_list_next(l, v, &iter, &item)) {
		unsigned i = p->guard->n_statics++;
		struct neighbor_pair pair = {&p->guard->statics[i], &p->site->statics[i]};
		pair.site->address = item.at;
		conf_map_parse(l, &item, conf_keys_static_neighbor(), &pair);
	}
}

const struct conf_keys *conf_keys_port_guard(void)
{
	static const struct conf_key keys[] = {
		{"source", false, port_guard_source},
		{"protocols", false, port_guard_protocols},
		{"dhcp-server", false, port_guard_dhcp_server},
		{"police", false, port_guard_police},
		{"static-neighbors", false, port_guard_statics},
		{"allow", false, port_guard_allow},
	};
#define OF_ROUTER "it is the router's; set it in guard at the top level"
	static const struct conf_stray strays[] = {
		{"infrastructure", OF_ROUTER},
		{"unknown-ports", OF_ROUTER},
		{"xdp", OF_ROUTER},
		{"samples", OF_ROUTER},
		{"pin", OF_ROUTER},
	};
#undef OF_ROUTER
	static const struct conf_keys table = {.path = "ports.guard",
		.what = "a port's guard",
		.keys = keys,
		.n = ARRAY_LEN(keys),
		.strays = strays,
		.n_strays = ARRAY_LEN(strays)};

	return &table;
}

void conf_port_guard_defaults(struct conf_guard *g)
{
	*g = (struct conf_guard){
		.source = ACL_SOURCE_STRICT,
		.control = guard_rate(10000, GUARD_BURST_LEAST),
		.arp = guard_rate(50, GUARD_BURST_ARP),
		.icmp = guard_rate(100, GUARD_BURST_LEAST),
		.new_flows = guard_rate(20, GUARD_BURST_LEAST),
	};
}

void conf_parse_port_guard(struct conf_loader *l, const struct conf_value *v, struct conf_guard *g,
	struct conf_port_site *site)
{
	struct guard_pair p = {.guard = g, .site = site};

	if (conf_value_is_map(v)) {
		conf_map_parse(l, v, conf_keys_port_guard(), &p);
		return;
	}
	const char *s = conf_value_text(l, v, "a mapping of settings, or off");
	if (!s)
		return;
	g->disabled = strcmp(s, "off") == 0;
	if (!g->disabled)
		conf_value_bad(l, v, "a mapping of settings; or write off for no guard at all");
}
