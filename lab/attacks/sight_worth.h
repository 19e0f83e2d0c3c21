/* Which frames are worth keeping although they do not carry the attacker's nonce: what answers, asks or routes. Pure. */
#ifndef LAB_ATTACKS_SIGHT_WORTH_H
#define LAB_ATTACKS_SIGHT_WORTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ARP (RFC 826), ICMP (RFC 792) and ICMPv6, DHCP (RFC 2131, RFC 8415), TCP of BGP (RFC 4271 8.2.1); behind tags and labels. */
bool attack_sight_worth(const uint8_t *frame, size_t len);

/* An error of ICMP (RFC 792) or ICMPv6 (RFC 4443 2.1): what it quotes is somebody else's packet. */
bool attack_sight_error(const uint8_t *frame, size_t len);

#endif
