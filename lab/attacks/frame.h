/*
 * Frames of an attacker, written octet by octet, right or wrong as told. Pure.
 *
 * A frame is begun, then its layers are added from outside to inside; lengths and checksums are filled in at the end unless told
 * otherwise, so that a lie has to be asked for.
 *   frame_begin(&f, to, from); frame_tag(&f, 0x8100, 0); frame_label(&f, 17, 0, true, 64);
 *   frame_ip(&f, &(struct frame_ip){.src = .., .dst = .., .protocol = 17}); frame_udp(&f, 4000, 7); frame_nonce(&f, nonce, seq); frame_end(&f);
 */
#ifndef LAB_ATTACKS_FRAME_H
#define LAB_ATTACKS_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_MAX	 9216
#define FRAME_LAYERS_MAX 24

struct frame_ip {
	const char *src, *dst; /* "172.16.1.1" */
	uint8_t protocol;
	uint8_t ttl; /* 0: 64; to send 0: frame_ttl_zero */
	uint8_t tos;
	uint16_t id;
	uint16_t fragment; /* flags and offset as on the wire; 0: DF clear, whole */
	uint8_t options[40];
	uint8_t n_options;    /* octets; padded to words by the caller */
	uint8_t version, ihl; /* 0: right */
	uint16_t total;	      /* 0: right */
	bool ttl_zero, bad_sum;
};

struct frame_layer {
	uint16_t at;
	uint8_t kind, head; /* octets of an IPv4 header, whatever it says itself */
	bool told; /* what frame_end() would fill in stands already: a length, a checksum */
	bool bad_sum;
};

struct frame {
	uint8_t octets[FRAME_MAX];
	size_t len;
	bool typed; /* the EtherType before what follows is written */
	struct frame_layer layer[FRAME_LAYERS_MAX];
	unsigned n_layers;
};

void frame_begin(struct frame *f, const uint8_t to[6], const uint8_t from[6]);
/* The EtherType, whatever follows: 0x8848 before frame_label(), or octets by hand. Layers write their own otherwise. */
void frame_type(struct frame *f, uint16_t ethertype);
void frame_tag(
	struct frame *f, uint16_t tpid, uint16_t vid); /* IEEE 802.1Q; before any other layer */
void frame_label(
	struct frame *f, uint32_t label, uint8_t tc, bool bottom, uint8_t ttl); /* RFC 3032 2.1 */
void frame_ip(struct frame *f, const struct frame_ip *ip);			/* RFC 791 */
void frame_ip6(struct frame *f, const char *src, const char *dst, uint8_t next, uint8_t hops);
void frame_udp(struct frame *f, uint16_t src,
	uint16_t dst); /* checksum right unless frame_udp_unsummed() */
void frame_udp_unsummed(struct frame *f);
void frame_tcp(struct frame *f, uint16_t src, uint16_t dst, uint32_t seq, uint32_t ack,
	uint8_t flags, const uint8_t *options, size_t n_options);
void frame_icmp(struct frame *f, uint8_t type, uint8_t code,
	uint32_t rest);				    /* RFC 792; ICMPv6 inside frame_ip6() */
void frame_gre(struct frame *f, uint16_t protocol); /* RFC 2784 */
void frame_arp(struct frame *f, uint16_t op, const uint8_t sha[6], const char *spa,
	const uint8_t tha[6], const char *tpa);			  /* RFC 826 */
void frame_octets(struct frame *f, const void *octets, size_t n); /* more than FRAME_MAX aborts */
void frame_nonce(struct frame *f, const uint8_t nonce[16],
	uint16_t seq); /* 18 octets: what sights know it by */
void frame_end(
	struct frame *f); /* lengths, checksums, at least 60 octets; a runt: set len after it */

#endif
