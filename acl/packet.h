/*
 * An IPv4 packet as the guard looks at it: the header, and what of the transport header decides something. Every length
 * is checked against the total length; padding behind it is not there. Octets are borrowed.
 */
#ifndef ACL_PACKET_H
#define ACL_PACKET_H

#include <stdbool.h>
#include <stddef.h>

#include "acl/abi.h"

enum acl_ip_protocol {
	ACL_IP_ICMP = 1,
	ACL_IP_TCP = 6,
	ACL_IP_UDP = 17,
	ACL_IP_GRE = 47,
	ACL_IP_ICMPV6 = 58,
	ACL_IP_MPLS = 137, /* RFC 4023 3 */
};

enum acl_tcp_flag { ACL_TCP_SYN = 0x02, ACL_TCP_ACK = 0x10 };

struct acl_packet {
	const uint8_t *header;
	const uint8_t *payload; /* what follows the header */
	size_t header_len, payload_len;
	uint32_t src_be, dst_be;
	uint32_t src, dst; /* host order */
	uint16_t total_len;
	uint16_t offset; /* of a fragment, in units of 8 octets */
	bool more;	 /* fragments follow */
	uint8_t protocol, ttl, dscp;

	/* of first fragments and whole packets, after acl_packet_transport(): */
	bool has_ports, has_icmp, has_tcp;
	uint16_t sport, dport;
	uint8_t icmp_type, icmp_code, tcp_flags;
};

/* The header: ACL_PASS or ACL_MALFORMED. Options are not looked at. */
enum acl_reason acl_packet_parse(struct acl_packet *p, const uint8_t *octets, size_t len);

/* TCP's, UDP's or ICMP's header, where one must be: ACL_PASS or ACL_MALFORMED. */
enum acl_reason acl_packet_transport(struct acl_packet *p);

bool acl_packet_is_fragment(const struct acl_packet *p);
bool acl_packet_has_options(const struct acl_packet *p);

/* Source routes, record route, timestamp, or an option whose length lies (RFC 791 3.1, RFC 7126). */
bool acl_packet_has_bad_option(const struct acl_packet *p);

/* Source or destination that no packet on a link may have. */
bool acl_packet_is_martian(const struct acl_packet *p);

/* A DHCP server's message: to a client's port, or from a server's or relay's with a reply in it (RFC 2131 4.1). */
bool acl_packet_is_dhcp_reply(const struct acl_packet *p);

/* What a tunnel's end would open: GRE, MPLS-in-IP, MPLS-in-UDP (RFC 4023, RFC 7510). */
bool acl_packet_is_tunnel(const struct acl_packet *p);

/* Whether an own rule matches. */
bool acl_packet_match(const struct acl_packet *p, const struct acl_rule *r);

#endif
