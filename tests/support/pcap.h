/*
 * Writes a capture file of TCP connections to port 179, headers made here: what tshark reads without any network.
 *
 * Format: pcap 2.4, LINKTYPE_RAW (101), IPv4 and TCP with right checksums; each connection begins with a handshake,
 * so that tshark has nothing of its own to complain about.
 */
#ifndef TESTS_SUPPORT_PCAP_H
#define TESTS_SUPPORT_PCAP_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct pcap {
	FILE *out;
	uint32_t clock_us;
	uint16_t port;	 /* of the side that dialled, in the connection now open */
	uint32_t seq[2]; /* next octet of each side: 0 dialled, 1 listens on 179 */
	unsigned messages;
};

/* Writes the file's header. */
void pcap_begin(struct pcap *p, FILE *out);

/* A new connection from the next port, handshake included. */
void pcap_connect(struct pcap *p);

/* One segment with these octets; side 0 or 1 sends. Counted in messages. */
void pcap_send(struct pcap *p, unsigned side, const uint8_t *octets, size_t len);

#endif
