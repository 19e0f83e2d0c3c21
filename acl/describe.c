#include "acl/describe.h"

#include "acl/frame.h"
#include "acl/packet.h"
#include "lib/prefix.h"
#include "lib/rbuf.h"
#include "lib/text.h"

#define ETH_HEAD       12 /* both MAC addresses */
#define PORT_MPLS_UDP  6635
#define IP4_LEN	       20
#define IP6_LEN	       40
#define FRAGMENT_MASK  0x1fff
#define FRAGMENT_FLAGS 0x3fff /* offset, and that more follow */

enum layer { LAYER_END, LAYER_ETHERTYPE, LAYER_ARP, LAYER_LABELS, LAYER_IP };

/* What is described, and what the next layer is. */
struct view {
	struct rbuf r;
	struct text t;
	enum layer next;
};

static void cut(struct view *v)
{
	text_add(&v->t, " ...");
	v->next = LAYER_END;
}

static void add_ip4(struct view *v, uint32_t address)
{
	struct ip_addr a = ip_addr_v4(address);
	char s[IP_ADDR_STRLEN];

	text_add(&v->t, "%s", ip_addr_print(&a, s));
}

static void add_ip6(struct view *v, const uint8_t *octets)
{
	struct ip_addr a = {.af = IP_V6};
	char s[IP_ADDR_STRLEN];

	for (unsigned i = 0; i < sizeof(a.o); i++)
		a.o[i] = octets[i];
	text_add(&v->t, "%s", ip_addr_print(&a, s));
}

/* What is behind an EtherType. */
static void type_describe(struct view *v, uint16_t type)
{
	if (type == ACL_ETH_MPLS || type == ACL_ETH_MPLS_MULTICAST) {
		text_add(&v->t, " %04x", type);
		v->next = LAYER_LABELS;
	} else if (type == ACL_ETH_IPV4 || type == ACL_ETH_IPV6) {
		v->next = LAYER_IP;
	} else if (type == ACL_ETH_ARP) {
		v->next = LAYER_ARP;
	} else {
		text_add(&v->t, " ethertype %04x", type);
	}
}

/* --- what follows an IP header --- */

static void tcp_describe(struct view *v)
{
	uint16_t from = rbuf_get_u16(&v->r), to = rbuf_get_u16(&v->r);

	(void)rbuf_get(&v->r, 9);
	uint8_t flags = rbuf_get_u8(&v->r);
	if (!rbuf_ok(&v->r)) {
		cut(v);
		return;
	}
	text_add(&v->t, " port %u > %u%s%s", from, to, flags & ACL_TCP_SYN ? " syn" : "",
		flags & ACL_TCP_ACK ? " ack" : "");
}

static void udp_describe(struct view *v)
{
	uint16_t from = rbuf_get_u16(&v->r), to = rbuf_get_u16(&v->r);

	(void)rbuf_get_u32(&v->r);
	if (!rbuf_ok(&v->r)) {
		cut(v);
		return;
	}
	text_add(&v->t, " port %u > %u", from, to);
	if (to == PORT_MPLS_UDP) /* RFC 7510 3 */
		v->next = LAYER_LABELS;
}

static void icmp_describe(struct view *v)
{
	uint8_t type = rbuf_get_u8(&v->r), code = rbuf_get_u8(&v->r);

	if (rbuf_ok(&v->r))
		text_add(&v->t, " type %u code %u", type, code);
	else
		cut(v);
}

/* RFC 2784 2, RFC 2890 2: checksum, key and number are there if their flags are; an EtherType in between. */
static void gre_describe(struct view *v)
{
	static const uint16_t flags[] = {0x8000, 0x2000, 0x1000};
	uint16_t head = rbuf_get_u16(&v->r);
	struct rbuf type = v->r;

	(void)rbuf_get_u16(&v->r);
	for (unsigned i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		(void)rbuf_get(&v->r, head & flags[i] ? 4 : 0);
	if (!rbuf_ok(&v->r)) {
		cut(v);
		return;
	}
	text_add(&v->t, " |");
	type_describe(v, rbuf_get_u16(&type));
}

static void labels_follow(struct view *v)
{
	v->next = LAYER_LABELS;
}

typedef void protocol_describe(struct view *v);

static void transport_describe(struct view *v, uint8_t protocol)
{
	static protocol_describe *const protocols[] = {
		[ACL_IP_ICMP] = icmp_describe,
		[ACL_IP_TCP] = tcp_describe,
		[ACL_IP_UDP] = udp_describe,
		[ACL_IP_GRE] = gre_describe,
		[ACL_IP_ICMPV6] = icmp_describe,
		[ACL_IP_MPLS] = labels_follow,
	};

	if (protocol < sizeof(protocols) / sizeof(*protocols) && protocols[protocol])
		protocols[protocol](v);
}

/* --- layers --- */

static void ip4_describe(struct view *v)
{
	size_t header_len = (rbuf_get_u8(&v->r) & 15u) * 4u;

	(void)rbuf_get(&v->r, 5);
	uint16_t fragment = rbuf_get_u16(&v->r);
	uint8_t ttl = rbuf_get_u8(&v->r), protocol = rbuf_get_u8(&v->r);
	(void)rbuf_get_u16(&v->r);
	uint32_t from = rbuf_get_u32(&v->r), to = rbuf_get_u32(&v->r);
	text_add(&v->t, " IPv4");
	if (!rbuf_ok(&v->r)) {
		cut(v);
		return;
	}
	text_add(&v->t, " ");
	add_ip4(v, from);
	text_add(&v->t, " > ");
	add_ip4(v, to);
	text_add(&v->t, " ttl %u proto %u", ttl, protocol);
	if (header_len != IP4_LEN)
		text_add(&v->t, header_len < IP4_LEN ? " bad header length" : " options");
	if (fragment & FRAGMENT_FLAGS)
		text_add(&v->t, " fragment %u", (fragment & FRAGMENT_MASK) * 8);
	if (header_len < IP4_LEN || fragment & FRAGMENT_MASK)
		return;
	(void)rbuf_get(&v->r, header_len - IP4_LEN);
	transport_describe(v, protocol);
}

static void ip6_describe(struct view *v)
{
	(void)rbuf_get(&v->r, 6);
	uint8_t next = rbuf_get_u8(&v->r), hops = rbuf_get_u8(&v->r);
	const uint8_t *from = rbuf_get(&v->r, 16), *to = rbuf_get(&v->r, 16);

	text_add(&v->t, " IPv6");
	if (!to) {
		cut(v);
		return;
	}
	text_add(&v->t, " ");
	add_ip6(v, from);
	text_add(&v->t, " > ");
	add_ip6(v, to);
	text_add(&v->t, " hops %u next %u", hops, next);
	transport_describe(v, next);
}

/* By the version, as a kernel does behind the last label. */
static void ip_describe(struct view *v)
{
	if (!rbuf_left(&v->r))
		cut(v);
	else if (*v->r.p >> 4 == 4)
		ip4_describe(v);
	else if (*v->r.p >> 4 == 6)
		ip6_describe(v);
	else
		text_add(&v->t, " no IP (%02x)", *v->r.p);
}

static void labels_describe(struct view *v)
{
	for (unsigned i = 0; i < ACL_DESCRIBE_LABELS; i++) {
		uint32_t entry = rbuf_get_u32(&v->r);

		if (!rbuf_ok(&v->r)) {
			cut(v);
			return;
		}
		text_add(&v->t, " label %u ttl %u", entry >> 12, entry & 255);
		if (entry & 0x100) { /* bottom of stack (RFC 3032 2.1) */
			text_add(&v->t, " |");
			v->next = LAYER_IP;
			return;
		}
	}
	cut(v);
}

static void arp_describe(struct view *v)
{
	(void)rbuf_get(&v->r, 6);
	uint16_t operation = rbuf_get_u16(&v->r);
	const uint8_t *mac = rbuf_get(&v->r, 6);
	uint32_t from = rbuf_get_u32(&v->r);
	(void)rbuf_get(&v->r, 6);
	uint32_t to = rbuf_get_u32(&v->r);

	text_add(&v->t, " ARP");
	if (!rbuf_ok(&v->r)) {
		cut(v);
		return;
	}
	text_add(&v->t, " operation %u ", operation);
	add_ip4(v, from);
	text_add(&v->t, " (%02x:%02x:%02x:%02x:%02x:%02x) > ", mac[0], mac[1], mac[2], mac[3],
		mac[4], mac[5]);
	add_ip4(v, to);
}

static void ethertype_describe(struct view *v)
{
	uint16_t type = rbuf_get_u16(&v->r);

	for (unsigned tags = 0; rbuf_ok(&v->r) && acl_ethertype_is_tag(type); tags++) {
		uint16_t tci = rbuf_get_u16(&v->r);
		if (tags == ACL_TAGS_MAX || !rbuf_ok(&v->r)) {
			cut(v);
			return;
		}
		text_add(&v->t, " %04x vlan %u |", type, tci & 0xfff);
		type = rbuf_get_u16(&v->r);
	}
	if (!rbuf_ok(&v->r)) {
		cut(v);
		return;
	}
	type_describe(v, type);
}

typedef void layer_describe(struct view *v);

char *acl_describe(const uint8_t *octets, size_t len, char out[ACL_DESCRIBE_MAX])
{
	static layer_describe *const layers[] = {[LAYER_ETHERTYPE] = ethertype_describe,
		[LAYER_ARP] = arp_describe,
		[LAYER_LABELS] = labels_describe,
		[LAYER_IP] = ip_describe};
	struct view v = {.r = rbuf_of(octets, len),
		.t = text_of(out, ACL_DESCRIBE_MAX),
		.next = LAYER_ETHERTYPE};

	(void)rbuf_get(&v.r, ETH_HEAD);
	for (unsigned i = 0; i < 2 * ACL_DESCRIBE_LAYERS && v.next != LAYER_END; i++) {
		layer_describe *describe = layers[v.next];

		v.next = LAYER_END;
		describe(&v);
	}
	if (v.next != LAYER_END)
		cut(&v);
	for (unsigned i = 0; v.t.full && i < 3; i++)
		out[ACL_DESCRIBE_MAX - 2 - i] = '.';
	return out[0] == ' ' ? out + 1 : out;
}
