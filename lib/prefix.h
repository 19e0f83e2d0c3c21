/* IPv4 and IPv6 addresses and prefixes: parse, print, compare, contain. */
#ifndef LIB_PREFIX_H
#define LIB_PREFIX_H

#include <stdbool.h>
#include <stdint.h>

enum ip_af { IP_NONE = 0, IP_V4 = 1, IP_V6 = 2 }; /* the values are the AFIs of RFC 4760 3 */

struct ip_addr {
	uint8_t af;    /* enum ip_af */
	uint8_t o[16]; /* network order; IPv4 in the first four, the rest zero */
};

struct ip_prefix {
	struct ip_addr addr; /* host bits zero */
	uint8_t len;	     /* bits */
};

#define IP_ADDR_STRLEN	 46
#define IP_PREFIX_STRLEN 50

static inline uint8_t ip_af_bits(uint8_t af)
{
	return af == IP_V6 ? 128 : af == IP_V4 ? 32 : 0;
}

struct ip_addr ip_addr_v4(uint32_t host_order);
uint32_t ip_addr_get_v4(const struct ip_addr *a); /* host order; 0 unless IPv4 */
bool ip_addr_equal(const struct ip_addr *a, const struct ip_addr *b);
int ip_addr_cmp(const struct ip_addr *a, const struct ip_addr *b); /* numeric, IPv4 before IPv6 */

/* Dotted quad or RFC 4291 2.2 text, nothing after it. False leaves *out alone. */
bool ip_addr_parse(const char *text, struct ip_addr *out);

/* Writes into out, which holds at least IP_ADDR_STRLEN; returns out. "-" for IP_NONE. */
char *ip_addr_print(const struct ip_addr *a, char *out);

/* "192.0.2.0/24". False if malformed, too long, or host bits are set (*host_bits then true, if given). */
bool ip_prefix_parse(const char *text, struct ip_prefix *out, bool *host_bits);
char *ip_prefix_print(const struct ip_prefix *p, char *out); /* IP_PREFIX_STRLEN */
bool ip_prefix_equal(const struct ip_prefix *a, const struct ip_prefix *b);
bool ip_prefix_contains(const struct ip_prefix *p, const struct ip_addr *a);
void ip_prefix_mask(struct ip_prefix *p); /* clears host bits */

/* 127/8, 224/4, 240/4, 0/8, 255.255.255.255; ::, ::1, ff00::/8. Never a unicast next hop. */
bool ip_addr_is_martian(const struct ip_addr *a);

#endif
