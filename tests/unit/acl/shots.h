/* One frame by its fields, and the ports that it is shot at. What is 0 has a harmless default. */
#ifndef TESTS_UNIT_ACL_SHOTS_H
#define TESTS_UNIT_ACL_SHOTS_H

#include "acl/frame.h"
#include "acl/match.h"
#include "acl/packet.h"

#define PE	   0xc0a80101u /* 192.168.1.1: ours on the link, a /24 */
#define BROADCAST  0xc0a801ffu
#define CE	   0xc0a80102u
#define CE_2	   0xc0a80103u /* on the same link */
#define HERE	   0x0a010203u /* a host of the site, 10.1.0.0/16 */
#define THERE	   0x0a020009u /* a host of another site */
#define INFRA	   0x0aff0003u /* 10.255.0.3, a core router */
#define REUSED	   0x0aff0701u /* 10.255.7.1, infrastructure's number, but a customer's route */
#define ALL_OSPF   0xe0000005u
#define NOBODY	   0x0a630001u /* 10.99.0.1: no route of this port */
#define ZERO_ADDR  0xfffffff0u /* stands for 0.0.0.0, which is the default */
#define SHOT_MAX   512
#define DONT_FRAG  0x4000
#define MORE_FRAGS 0x2000

enum shot_mac { SHOT_CE, SHOT_CE_2, SHOT_OURS, SHOT_GROUP, SHOT_BROADCAST };

struct shot_tag {
	uint16_t tpid, tci;
};

struct shot {
	enum shot_mac mac;
	struct shot_tag tags[12]; /* to the first without TPID */
	uint16_t type;		  /* IPv4 */
	uint32_t
		labels[4]; /* MPLS: bottom of stack at the last that is not 0; label 0: SHOT_NULL */
	bool no_bottom;
	uint32_t src, dst;   /* HERE, THERE; ARP: CE, PE */
	uint8_t protocol;    /* UDP */
	uint8_t ttl, tos;    /* 64, 0 */
	uint16_t fragment;   /* flags and offset as they stand in the header */
	const char *options; /* padded with zeros to 4 octets */
	size_t options_len;
	uint16_t sport, dport; /* 1024, 2048 */
	uint8_t flags;	       /* TCP: ACK */
	uint8_t icmp_type;
	uint8_t data;	      /* first octet after the transport header */
	uint16_t cut;	      /* octets that the payload lacks; the total length knows */
	uint8_t first;	      /* version and IHL */
	int lie;	      /* added to the total length */
	unsigned padding;     /* octets behind it all */
	uint8_t operation;    /* ARP: request */
	enum shot_mac sender; /* ARP: as mac */
	uint8_t arp_break;    /* ARP: octet (from 1) of the fixed part that is wrong */
};
#define SHOT_NULL    0x100000u /* label 0 */
#define SHOT_OPTS(s) .options = (s), .options_len = sizeof(s) - 1

const uint8_t *shot_mac(enum shot_mac who);

size_t shot_make(const struct shot *s, uint8_t out[SHOT_MAX]);

/* ACCESS towards the CE: BGP, OSPF and RIP with it, no labels, no rules, no limits. End with acl_port_fini(). */
void shot_port(struct acl_port *p, enum acl_role role);

/* Judged on an open port, whose buckets are empty where they have an interval, in memory of just its size; and
 * again where it stands, with what is behind it: that makes no difference. */
struct acl_verdict shot_judge(const struct acl_port *p, const uint8_t *frame, size_t len);
enum acl_reason shot_reason(const struct acl_port *p, const struct shot *s);
uint32_t shot_be32(uint32_t host);

#endif
