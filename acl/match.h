/*
 * The guard's verdict on one frame, purely: the reference that the eBPF programs of acl/bpf are held against, packet by
 * packet, and what says in words why.
 *
 * The order is part of the contract; the first that applies decides (numbers as in acl/bpf/guard.bpf.c):
 *
 *   0  gate: state.open == 0, or role CLOSED                                       PORT_NOT_BOUND
 *   --- stateless, tc and XDP alike --------------------------------------------------------------
 *   1  Ethernet: fewer than 14 octets                                              MALFORMED
 *      tags: while the EtherType is 8100, 88a8, 9100, 9200, 9300: take 4 octets (cut: MALFORMED);
 *      after ACL_TAGS_MAX of them still a tag (whether it is cut or not)            L2_TAG_DEPTH
 *   2  EtherType 8847 or 8848 behind any number of tags: labels == NONE            MPLS_NOT_ENABLED
 *      labels == ALL on ACCESS: passes at once, no further step. (A TRUNK has ALL, or no VLAN port on it could be CORE.)
 *   3  tags: TRUNK: exactly one, 8100, of an agreed VID not 0 -> pass, whatever is in it (the VLAN port has a program of
 *      its own), else L2_VLAN_NOT_AGREED (untagged too).
 *      CORE: tags are not looked at. Labelled: ADVERTISED step 9, ALL passes. IPv4 and rules: the MALFORMED checks of
 *      step 6, then 10. Everything else passes (IP is not its business).
 *      ACCESS: a tag with VID != 0 L2_VLAN_NOT_AGREED; else any tag at all L2_PRIO_TAG, unless off & TAGS.
 *   4  ACCESS: source MAC is a group address or consts.mac                         MAC_SPOOF
 *   5  EtherType: IPv4 -> 6, ARP -> 7, labelled (ADVERTISED, only so it comes here) -> 9; IPv6, by its first next header
 *      only, as far as the octets are there: ICMPv6 (58) of type 134 or 137         RA_FROM_CE
 *      UDP (17) from port 547                                                       DHCP_SERVER  (off & DHCP)
 *      anything else, IPv6 too                                                      ETHERTYPE_NOT_ALLOWED
 *   6  IPv4: 20 octets there, version 4, IHL >= 5, header there, total length >= header and <= what follows the tags'
 *      EtherType (padding is fine; from here on, what is beyond the total length is not there)   MALFORMED
 *      source in 0/8, 127/8, 169.254/16, 224/3; destination in 0/8, 127/8, 169.254/16, 240/4 but
 *      255.255.255.255                                                              MARTIAN  (off & MARTIANS)
 *      options, walked until 0 (end), 1 is one octet: 7 (record route), 68 (timestamp), 131, 137 (source routes), or
 *      one whose length is missing, < 2 or beyond the header                        IP_OPTIONS  (off & OPTIONS)
 *      first fragment or whole (offset 0): UDP: 8 octets there, else                MALFORMED
 *         destination port 68, or source port 67 and a first payload octet of 2     DHCP_SERVER  (off & DHCP)
 *      ICMP: 8 octets there, else                                                   MALFORMED
 *         type 5                                                                    ICMP_REDIRECT (off & REDIRECT)
 *      TCP: 20 octets there, else                                                   MALFORMED
 *      fragment of TCP with offset 1 (8 octets: over the flags; RFC 1858 4)         MALFORMED
 *   7  ARP: 28 octets, Ethernet/IPv4, 6/4, operation 1 or 2                         MALFORMED
 *      sender MAC != frame's source MAC                                             ARP_SPOOF   (off & ARP)
 *   --- with tables, tc only ---------------------------------------------------------------------
 *   8  bindings, if there are any: the frame's source MAC is in none of them; IPv4: the packet's source address is in
 *      one with another MAC                                                         MAC_SPOOF
 *   8a ARP: (off & ARP skips both) sender is 0.0.0.0 (a probe, RFC 5227 2.1.1), or else it is not OWN in sources and
 *      LINK, and then, if there are bindings, in one with the frame's source MAC; or off the link, in a request for
 *      another address than its own: hosts ask with whatever address the waiting packet has (Linux's arp_announce 0),
 *      and would else not be answered before their routes are known                 ARP_SPOOF
 *      target OWN in destinations, or target == sender, else                        ARP_TARGET
 *      bucket ARP                                                                   ARP_RATE; then pass
 *   8b IPv4: sources[src] & OWN                                                      MARTIAN  (off & MARTIANS)
 *      source != OFF and not sources[src] & ROUTED                                  URPF
 *      a tunnel is protocol 47 or 137 (every fragment), or UDP to port 6635, 6636 (first fragment or whole)
 *      destinations[dst]: INFRA:
 *         tunnel                                                                    TUNNEL_ENDPOINT (off & TUNNELS)
 *         else                                                                      INFRA_DST (off & INFRASTRUCTURE: goes to 10)
 *      OWN, multicast (224/4) or 255.255.255.255: to the router:
 *         tunnel                                                                    TUNNEL_ENDPOINT (off & TUNNELS)
 *         off & CONTROL: goes to 10
 *         a fragment (MF or offset)                                                 FRAG_TO_CTRL
 *         any option (IHL > 5)                                                      IP_OPTIONS (off & OPTIONS)
 *         services: the first whose protocol, source and port match:
 *            TTL below min_ttl                                                      GTSM
 *            TCP with SYN and not ACK: bucket FLOW                                  FLOW_RATE
 *            bucket CTRL                                                            CTRL_RATE
 *         no service: ICMP (1) to OWN of type 0, 3, 8, 11, 12: bucket ICMP          ICMP_RATE
 *         else                                                                      CTRL_ACL
 *      what is left, to the router or not, goes to 10
 *   9  labels ADVERTISED: 4 octets there (MALFORMED), label < 16 or S not set LABEL_RESERVED; not in labels
 *      LABEL_NOT_DISTRIBUTED; then pass
 *  10  own rules, IPv4 only, in order: the first match counts (hits); drop          RULE_DROP
 *      Ports are known of TCP and UDP, type and code of ICMP, flags of TCP, each in a first fragment or whole only.
 *
 * (off & X): the check is skipped if the bit is set, the next goes on. Cut-off and length checks are on the frame as it is:
 * no reassembly. XDP does steps 0 to 7: what it drops the reference drops for the same reason.
 */
#ifndef ACL_MATCH_H
#define ACL_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "acl/abi.h"
#include "acl/lpm.h"

/* A port as the program sees it. */
struct acl_port {
	struct acl_consts consts;
	struct acl_lpm sources, destinations;
	const uint32_t *labels; /* sorted; borrowed */
	unsigned n_labels;
};

struct acl_verdict {
	enum acl_reason reason; /* ACL_PASS: it passes */
	uint16_t rule;		/* id of the own rule that matched, ACL_RULE_NONE */
	bool log;		/* a rule asks for a record */
	bool stateless; /* decided by step 7 at the latest, no table, bucket or rule looked at: XDP says the same */
};

void acl_port_init(struct acl_port *p);
void acl_port_fini(struct acl_port *p);

/* frame: from the Ethernet header on, tags in place, no checksum behind it. state's buckets are charged. */
struct acl_verdict acl_match(const struct acl_port *p, struct acl_state *state, uint64_t now_ns,
	const uint8_t *frame, size_t len);

#endif
