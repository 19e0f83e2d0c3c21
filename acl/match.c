#include "acl/match.h"

#include <string.h>

#include "acl/frame.h"
#include "acl/packet.h"
#include "acl/police.h"
#include "lib/check.h"

/* Numbers of steps are those of match.h. */

#define LIMITED_CAST 0xffffffffu
#define MAC_LEN	     6

struct judging {
	const struct acl_port *port;
	struct acl_state *state;
	uint64_t now_ns;
	struct acl_frame frame;
	struct acl_packet packet;
	struct acl_verdict verdict;
};

void acl_port_init(struct acl_port *p)
{
	*p = (struct acl_port){.consts = {.role = ACL_ROLE_CLOSED}};
	acl_lpm_init(&p->sources);
	acl_lpm_init(&p->destinations);
}

void acl_port_fini(struct acl_port *p)
{
	acl_lpm_fini(&p->sources);
	acl_lpm_fini(&p->destinations);
}

static bool is_off(const struct judging *j, enum acl_off bit)
{
	return j->port->consts.off & bit;
}

static bool has_token(struct judging *j, enum acl_bucket_id id)
{
	return acl_police(&j->state->tat_ns[id], &j->port->consts.police[id], j->now_ns);
}

/* 9 */
static enum acl_reason judge_label(struct judging *j)
{
	const struct acl_frame *f = &j->frame;

	j->verdict.stateless = false;
	if (f->len < 4)
		return ACL_MALFORMED;
	uint32_t label = (uint32_t)f->octets[0] << 12 | (uint32_t)f->octets[1] << 4 |
			 (uint32_t)f->octets[2] >> 4;
	bool bottom = f->octets[2] & 1;
	if (label < 16 || !bottom)
		return ACL_LABEL_RESERVED;
	for (unsigned lo = 0, hi = j->port->n_labels; lo < hi;) {
		unsigned mid = lo + (hi - lo) / 2;
		if (j->port->labels[mid] == label)
			return ACL_PASS;
		if (j->port->labels[mid] < label)
			lo = mid + 1;
		else
			hi = mid;
	}
	return ACL_LABEL_NOT_DISTRIBUTED;
}

/* 10 */
static enum acl_reason judge_rules(struct judging *j)
{
	const struct acl_consts *c = &j->port->consts;

	j->verdict.stateless = false;
	for (unsigned i = 0; i < c->n_rules; i++) {
		const struct acl_rule *r = &c->rules[i];
		if (!acl_packet_match(&j->packet, r))
			continue;
		j->verdict.rule = r->id;
		j->verdict.log = r->flags & ACL_RULE_LOG;
		return r->flags & ACL_RULE_PERMIT ? ACL_PASS : ACL_RULE_DROP;
	}
	return ACL_PASS;
}

/* 6 */
static enum acl_reason judge_ipv4_alone(struct judging *j)
{
	struct acl_packet *p = &j->packet;
	enum acl_reason r = acl_packet_parse(p, j->frame.octets, j->frame.len);

	if (r != ACL_PASS)
		return r;
	if (!is_off(j, ACL_OFF_MARTIANS) && acl_packet_is_martian(p))
		return ACL_MARTIAN;
	if (!is_off(j, ACL_OFF_OPTIONS) && acl_packet_has_bad_option(p))
		return ACL_IP_OPTIONS;
	r = acl_packet_transport(p);
	if (r != ACL_PASS)
		return r;
	if (!is_off(j, ACL_OFF_DHCP) && acl_packet_is_dhcp_reply(p))
		return ACL_DHCP_SERVER;
	if (!is_off(j, ACL_OFF_REDIRECT) && p->has_icmp && p->icmp_type == 5)
		return ACL_ICMP_REDIRECT;
	return ACL_PASS;
}

/* 8 */
static bool is_bound(const struct judging *j)
{
	const struct acl_consts *c = &j->port->consts;

	for (unsigned i = 0; i < c->n_bindings; i++)
		if (memcmp(c->bindings[i].mac, j->frame.source, MAC_LEN) == 0)
			return true;
	return c->n_bindings == 0;
}

static const struct acl_binding *binding_find(const struct acl_consts *c, uint32_t addr_be)
{
	for (unsigned i = 0; i < c->n_bindings; i++)
		if (c->bindings[i].addr_be == addr_be)
			return &c->bindings[i];
	return NULL;
}

static bool service_matches(const struct acl_service *s, const struct acl_packet *p)
{
	if (s->proto != p->protocol || (p->src_be & s->src_mask_be) != s->src_be)
		return false;
	if (s->proto == ACL_IP_TCP)
		return p->sport == s->port || p->dport == s->port;
	return s->proto != ACL_IP_UDP || p->dport == s->port;
}

static enum acl_reason judge_service(struct judging *j, const struct acl_service *s)
{
	const struct acl_packet *p = &j->packet;

	if (p->ttl < s->min_ttl)
		return ACL_GTSM;
	if (p->has_tcp && (p->tcp_flags & (ACL_TCP_SYN | ACL_TCP_ACK)) == ACL_TCP_SYN &&
		!has_token(j, ACL_BUCKET_FLOW))
		return ACL_FLOW_RATE;
	return has_token(j, ACL_BUCKET_CTRL) ? ACL_PASS : ACL_CTRL_RATE;
}

static bool is_icmp_wanted(const struct acl_packet *p)
{
	enum { ECHO_REPLY = 0, UNREACHABLE = 3, ECHO = 8, TIME_EXCEEDED = 11, PARAMETER = 12 };
	const uint32_t wanted = 1u << ECHO_REPLY | 1u << UNREACHABLE | 1u << ECHO |
				1u << TIME_EXCEEDED | 1u << PARAMETER;

	return p->has_icmp && p->icmp_type < 32 && wanted >> p->icmp_type & 1;
}

/* 8b: to the router. own: to an address of ours, and not to everybody */
static enum acl_reason judge_control(struct judging *j, bool own)
{
	const struct acl_consts *c = &j->port->consts;
	const struct acl_packet *p = &j->packet;

	if (!is_off(j, ACL_OFF_TUNNELS) && acl_packet_is_tunnel(p))
		return ACL_TUNNEL_ENDPOINT;
	if (is_off(j, ACL_OFF_CONTROL))
		return ACL_PASS;
	if (acl_packet_is_fragment(p))
		return ACL_FRAG_TO_CTRL;
	if (!is_off(j, ACL_OFF_OPTIONS) && acl_packet_has_options(p))
		return ACL_IP_OPTIONS;
	for (unsigned i = 0; i < c->n_services; i++)
		if (service_matches(&c->services[i], p))
			return judge_service(j, &c->services[i]);
	if (own && is_icmp_wanted(p))
		return has_token(j, ACL_BUCKET_ICMP) ? ACL_PASS : ACL_ICMP_RATE;
	return ACL_CTRL_ACL;
}

static enum acl_reason judge_destination(struct judging *j)
{
	const struct acl_packet *p = &j->packet;
	uint8_t kind = acl_lpm_find(&j->port->destinations, p->dst);

	if (kind == ACL_DST_INFRA) {
		if (!is_off(j, ACL_OFF_TUNNELS) && acl_packet_is_tunnel(p))
			return ACL_TUNNEL_ENDPOINT;
		return is_off(j, ACL_OFF_INFRASTRUCTURE) ? ACL_PASS : ACL_INFRA_DST;
	}
	if (kind == ACL_DST_OWN)
		return judge_control(j, true);
	if (p->dst >> 28 == 0xe || p->dst == LIMITED_CAST)
		return judge_control(j, false);
	return ACL_PASS;
}

/* 6, 8, 8b */
static enum acl_reason judge_ipv4(struct judging *j)
{
	const struct acl_consts *c = &j->port->consts;
	enum acl_reason r = judge_ipv4_alone(j);

	if (r != ACL_PASS)
		return r;
	j->verdict.stateless = false;
	const struct acl_binding *b = binding_find(c, j->packet.src_be);
	if (!is_bound(j) || (b && memcmp(b->mac, j->frame.source, MAC_LEN) != 0))
		return ACL_MAC_SPOOF;
	uint8_t source = acl_lpm_find(&j->port->sources, j->packet.src);
	if (!is_off(j, ACL_OFF_MARTIANS) && source & ACL_SRC_OWN)
		return ACL_MARTIAN;
	if (c->source != ACL_SOURCE_OFF && !(source & ACL_SRC_ROUTED))
		return ACL_URPF;
	r = judge_destination(j);
	return r == ACL_PASS ? judge_rules(j) : r;
}

/* 8a: is the sender who it says it is; asks: in a request for another's address */
static bool is_arp_sender(const struct judging *j, const uint8_t sender[4], bool asks)
{
	const struct acl_consts *c = &j->port->consts;
	uint32_t addr = (uint32_t)sender[0] << 24 | (uint32_t)sender[1] << 16 |
			(uint32_t)sender[2] << 8 | sender[3];
	uint8_t source = acl_lpm_find(&j->port->sources, addr);
	uint32_t addr_be;

	if (addr == 0)
		return true;
	if (source & ACL_SRC_OWN)
		return false;
	if (!(source & ACL_SRC_LINK))
		return asks;
	if (c->n_bindings == 0)
		return true;
	memcpy(&addr_be, sender, 4);
	const struct acl_binding *b = binding_find(c, addr_be);
	return b && memcmp(b->mac, j->frame.source, MAC_LEN) == 0;
}

/* 7, 8, 8a (RFC 826; offsets of Ethernet and IPv4) */
static enum acl_reason judge_arp(struct judging *j)
{
	enum { LEN = 28, OPERATION = 7, SENDER_MAC = 8, SENDER = 14, TARGET = 24 };
	static const uint8_t start[] = {0, 1, 8, 0, 6, 4, 0};
	const uint8_t *o = j->frame.octets;

	if (j->frame.len < LEN || memcmp(o, start, sizeof(start)) != 0 || o[OPERATION] < 1 ||
		o[OPERATION] > 2)
		return ACL_MALFORMED;
	if (!is_off(j, ACL_OFF_ARP) && memcmp(o + SENDER_MAC, j->frame.source, MAC_LEN) != 0)
		return ACL_ARP_SPOOF;
	j->verdict.stateless = false;
	if (!is_bound(j))
		return ACL_MAC_SPOOF;
	if (!is_off(j, ACL_OFF_ARP)) {
		uint32_t target = (uint32_t)o[TARGET] << 24 | (uint32_t)o[TARGET + 1] << 16 |
				  (uint32_t)o[TARGET + 2] << 8 | o[TARGET + 3];
		bool other = memcmp(o + SENDER, o + TARGET, 4) != 0;
		if (!is_arp_sender(j, o + SENDER, other && o[OPERATION] == 1))
			return ACL_ARP_SPOOF;
		if (other && acl_lpm_find(&j->port->destinations, target) != ACL_DST_OWN)
			return ACL_ARP_TARGET;
	}
	return has_token(j, ACL_BUCKET_ARP) ? ACL_PASS : ACL_ARP_RATE;
}

/* 5: nothing of IPv6 comes in; what is worse than unwanted has a name of its own */
static enum acl_reason judge_ipv6(struct judging *j)
{
	enum { NEXT = 6, PAYLOAD = 40, ROUTER_ADVERTISEMENT = 134, REDIRECT = 137, DHCPV6 = 547 };
	const uint8_t *o = j->frame.octets;
	size_t len = j->frame.len;

	if (len > PAYLOAD && o[NEXT] == ACL_IP_ICMPV6 &&
		(o[PAYLOAD] == ROUTER_ADVERTISEMENT || o[PAYLOAD] == REDIRECT))
		return ACL_RA_FROM_CE;
	if (len > PAYLOAD + 1 && o[NEXT] == ACL_IP_UDP && !is_off(j, ACL_OFF_DHCP) &&
		(o[PAYLOAD] << 8 | o[PAYLOAD + 1]) == DHCPV6)
		return ACL_DHCP_SERVER;
	return ACL_ETHERTYPE_NOT_ALLOWED;
}

typedef enum acl_reason judge_fn(struct judging *j);

static enum acl_reason judge_access(struct judging *j)
{
	static const struct {
		uint16_t type;
		judge_fn *fn;
	} types[] = {
		{ACL_ETH_IPV4, judge_ipv4},
		{ACL_ETH_ARP, judge_arp},
		{ACL_ETH_MPLS, judge_label},
		{ACL_ETH_MPLS_MULTICAST, judge_label},
		{ACL_ETH_IPV6, judge_ipv6},
	};
	const struct acl_consts *c = &j->port->consts;
	const struct acl_frame *f = &j->frame;

	if (acl_frame_is_labelled(f) && c->labels == ACL_LABELS_ALL)
		return ACL_PASS;
	if (f->has_vid)
		return ACL_L2_VLAN_NOT_AGREED;
	if (f->n_tags && !is_off(j, ACL_OFF_TAGS))
		return ACL_L2_PRIO_TAG;
	if (f->source[0] & 1 || memcmp(f->source, c->mac, MAC_LEN) == 0)
		return ACL_MAC_SPOOF;
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (types[i].type == f->type)
			return types[i].fn(j);
	return ACL_ETHERTYPE_NOT_ALLOWED;
}

static enum acl_reason judge_core(struct judging *j)
{
	const struct acl_consts *c = &j->port->consts;

	if (acl_frame_is_labelled(&j->frame))
		return c->labels == ACL_LABELS_ADVERTISED ? judge_label(j) : ACL_PASS;
	if (j->frame.type != ACL_ETH_IPV4 || c->n_rules == 0)
		return ACL_PASS;
	enum acl_reason r = acl_packet_parse(&j->packet, j->frame.octets, j->frame.len);
	if (r == ACL_PASS)
		r = acl_packet_transport(&j->packet);
	return r == ACL_PASS ? judge_rules(j) : r;
}

static enum acl_reason judge_trunk(struct judging *j)
{
	const struct acl_frame *f = &j->frame;
	bool agreed = j->port->consts.vids[f->vid / 64] >> f->vid % 64 & 1;

	if (f->n_tags == 1 && f->tpid == ACL_ETH_VLAN && f->vid != 0 && agreed)
		return ACL_PASS;
	return ACL_L2_VLAN_NOT_AGREED;
}

static enum acl_reason judge_closed(struct judging *j)
{
	(void)j;
	return ACL_PORT_NOT_BOUND;
}

static enum acl_reason judge(struct judging *j, const uint8_t *frame, size_t len)
{
	static judge_fn *const by_role[] = {
		[ACL_ROLE_ACCESS] = judge_access,
		[ACL_ROLE_CORE] = judge_core,
		[ACL_ROLE_TRUNK] = judge_trunk,
		[ACL_ROLE_CLOSED] = judge_closed,
	};
	const struct acl_consts *c = &j->port->consts;

	CHECK(c->role < ARRAY_LEN(by_role));
	if (!j->state->open || c->role == ACL_ROLE_CLOSED)
		return ACL_PORT_NOT_BOUND;
	enum acl_reason r = acl_frame_parse(&j->frame, frame, len);
	if (r != ACL_PASS)
		return r;
	if (acl_frame_is_labelled(&j->frame) && c->labels == ACL_LABELS_NONE)
		return ACL_MPLS_NOT_ENABLED;
	return by_role[c->role](j);
}

struct acl_verdict acl_match(const struct acl_port *p, struct acl_state *state, uint64_t now_ns,
	const uint8_t *frame, size_t len)
{
	struct judging j = {.port = p,
		.state = state,
		.now_ns = now_ns,
		.verdict = {.rule = ACL_RULE_NONE, .stateless = true}};

	j.verdict.reason = judge(&j, frame, len);
	return j.verdict;
}
