/* Octets of a packet from the EtherType on: VLAN tags, MPLS label stack entries (RFC 3032 2.1), IPv4 header. */
#ifndef MPLSFWD_PACKET_H
#define MPLSFWD_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FWD_ETH_IPV4	 0x0800
#define FWD_ETH_ARP	 0x0806
#define FWD_ETH_VLAN	 0x8100
#define FWD_ETH_IPV6	 0x86dd
#define FWD_ETH_MPLS	 0x8847
#define FWD_ETH_QINQ	 0x88a8
#define FWD_PACKET_MAX	 2048
#define FWD_LABEL_MAX	 0xfffffu
#define FWD_LABEL_V4NULL 0u  /* RFC 3032 2.1: IPv4 explicit null */
#define FWD_LABEL_FIRST	 16u /* first label that is not reserved */

/* The payload stands at start, with room before it for labels; protocol is its EtherType. */
struct fwd_packet {
	uint16_t protocol;
	uint16_t start, len;
	uint8_t octets[FWD_PACKET_MAX];
};

struct fwd_lse {
	uint32_t label;
	uint8_t tc, ttl;
	bool bottom;
};

struct fwd_ipv4 {
	uint32_t src, dst; /* host order */
	uint8_t ttl, protocol;
	uint8_t header_len; /* octets */
	uint16_t total_len;
};

/* Copies a payload. False if it is too long. */
bool fwd_packet_init(struct fwd_packet *p, uint16_t protocol, const void *payload, size_t len);
uint8_t *fwd_packet_at(struct fwd_packet *p);

/* Takes tags of VID 0 (priority tags) off as Linux does, whatever their number; false at any other VID. */
bool fwd_packet_pop_tags(struct fwd_packet *p);

bool fwd_packet_get_lse(
	const struct fwd_packet *p, struct fwd_lse *out); /* false: less than 4 octets */
void fwd_packet_pop_lse(struct fwd_packet *p);
bool fwd_packet_push_lse(struct fwd_packet *p, const struct fwd_lse *e); /* false: no room */

/* RFC 791 3.1: version, lengths and checksum checked. */
bool fwd_packet_get_ipv4(const struct fwd_packet *p, struct fwd_ipv4 *out);

/* Sets the TTL and mends the checksum (RFC 1624 3). The header was checked. */
void fwd_packet_set_ttl(struct fwd_packet *p, uint8_t ttl);

/* RFC 1071 over n octets; 0 over a header whose checksum is right. Network order numbers read big-endian. */
uint16_t fwd_checksum(const uint8_t *octets, size_t n);

/* Makes an IPv4 packet with the given payload; returns its length, 0 if it does not fit cap. For tests and probes. */
size_t fwd_ipv4_put(
	uint8_t *out, size_t cap, const struct fwd_ipv4 *h, const void *payload, size_t len);

#endif
