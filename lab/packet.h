/* Frames as octets, purely: what the lab sends (echo requests, labelled or not) and what it sees on a wire. */
#ifndef LAB_PACKET_H
#define LAB_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/prefix.h"

#define LAB_PACKET_MAX	256
#define LAB_NONCE_LEN	16
#define LAB_LABELS_SEEN 8

struct lab_packet {
	uint32_t label[LAB_LABELS_SEEN]; /* RFC 3032 2.1, outermost first */
	uint8_t label_ttl[LAB_LABELS_SEEN];
	unsigned n_labels;
	struct ip_addr src, dst; /* IP_NONE: no IPv4 below */
	uint8_t protocol, ttl;
	uint8_t icmp_type; /* protocol 1 */
	uint16_t icmp_seq;
	uint8_t tcp_flags; /* protocol 6 */
	uint32_t tcp_ack;
	const uint8_t
		*nonce; /* LAB_NONCE_LEN octets of an echo's data, inside the frame; NULL: none */
};

/* An Ethernet II frame. False if it is not whole IPv4, or not IPv4 under 1 to 8 labels (RFC 3032 5). */
bool lab_packet_parse(const uint8_t *frame, size_t len, struct lab_packet *out);

/* The same from the IPv4 header on: what a raw socket delivers. */
bool lab_packet_parse_ip(const uint8_t *ip, size_t len, struct lab_packet *out);

/* An ICMP echo request's octets (RFC 792) with the nonce as data; the length. out: LAB_PACKET_MAX. */
size_t lab_packet_echo(uint8_t *out, uint16_t id, uint16_t seq, const uint8_t nonce[LAB_NONCE_LEN]);

/*
 * A frame of an attacker: an echo request with the nonce as data, or a SYN to BGP's port whose sequence number is
 * lab_packet_syn_seq(). In IPv4, under one label or none, behind 0 to LAB_TAGS_MAX priority tags (0x8100, VID 0).
 */
#define LAB_TAGS_MAX 8
struct lab_spoof {
	uint8_t to[6], from[6];
	unsigned tags;
	bool labelled;
	uint32_t label;
	struct ip_addr src, dst;
	bool syn;
	uint16_t seq;
	const uint8_t *nonce;
};
size_t lab_packet_spoof(
	uint8_t *out, const struct lab_spoof *s); /* the length. out: LAB_PACKET_MAX */
uint32_t lab_packet_syn_seq(const uint8_t nonce[LAB_NONCE_LEN], uint16_t seq);

/* "labels 17/100001 ttl 64: 172.16.1.1 > 172.16.2.1 echo request" */
void lab_packet_print(const struct lab_packet *p, char *out, size_t cap);

#endif
