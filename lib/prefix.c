#include "lib/prefix.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "lib/text.h"

struct ip_addr ip_addr_v4(uint32_t host_order)
{
	return (struct ip_addr){.af = IP_V4,
		.o = {(uint8_t)(host_order >> 24), (uint8_t)(host_order >> 16),
			(uint8_t)(host_order >> 8), (uint8_t)host_order}};
}

uint32_t ip_addr_get_v4(const struct ip_addr *a)
{
	if (a->af != IP_V4)
		return 0;
	return (uint32_t)a->o[0] << 24 | (uint32_t)a->o[1] << 16 | (uint32_t)a->o[2] << 8 | a->o[3];
}

bool ip_addr_equal(const struct ip_addr *a, const struct ip_addr *b)
{
	return ip_addr_cmp(a, b) == 0;
}

int ip_addr_cmp(const struct ip_addr *a, const struct ip_addr *b)
{
	if (a->af != b->af)
		return a->af < b->af ? -1 : 1;
	return memcmp(a->o, b->o, sizeof(a->o));
}

bool ip_addr_parse(const char *text, struct ip_addr *out)
{
	struct ip_addr a = {.af = strchr(text, ':') ? IP_V6 : IP_V4};

	if (inet_pton(a.af == IP_V6 ? AF_INET6 : AF_INET, text, a.o) != 1)
		return false;
	*out = a;
	return true;
}

char *ip_addr_print(const struct ip_addr *a, char *out)
{
	if (a->af == IP_NONE ||
		!inet_ntop(a->af == IP_V6 ? AF_INET6 : AF_INET, a->o, out, IP_ADDR_STRLEN))
		strcpy(out, "-");
	return out;
}

void ip_prefix_mask(struct ip_prefix *p)
{
	for (unsigned i = 0; i < sizeof(p->addr.o); i++) {
		unsigned first = i * 8;
		if (first >= p->len)
			p->addr.o[i] = 0;
		else if (p->len - first < 8)
			p->addr.o[i] &= (uint8_t)(0xff << (8 - (p->len - first)));
	}
}

bool ip_prefix_parse(const char *text, struct ip_prefix *out, bool *host_bits)
{
	char addr[IP_ADDR_STRLEN];
	const char *slash = strchr(text, '/');
	uint64_t len;
	struct ip_prefix p;

	if (host_bits)
		*host_bits = false;
	if (!slash || (size_t)(slash - text) >= sizeof(addr))
		return false;
	memcpy(addr, text, (size_t)(slash - text));
	addr[slash - text] = '\0';
	if (!ip_addr_parse(addr, &p.addr))
		return false;
	if (!text_parse_u64(slash + 1, ip_af_bits(p.addr.af), &len))
		return false;
	p.len = (uint8_t)len;
	struct ip_addr before = p.addr;
	ip_prefix_mask(&p);
	if (!ip_addr_equal(&before, &p.addr)) {
		if (host_bits)
			*host_bits = true;
		return false;
	}
	*out = p;
	return true;
}

char *ip_prefix_print(const struct ip_prefix *p, char *out)
{
	char addr[IP_ADDR_STRLEN];

	snprintf(out, IP_PREFIX_STRLEN, "%s/%u", ip_addr_print(&p->addr, addr), p->len);
	return out;
}

bool ip_prefix_equal(const struct ip_prefix *a, const struct ip_prefix *b)
{
	return a->len == b->len && ip_addr_equal(&a->addr, &b->addr);
}

bool ip_prefix_contains(const struct ip_prefix *p, const struct ip_addr *a)
{
	struct ip_prefix q = {.addr = *a, .len = p->len};

	if (p->addr.af != a->af)
		return false;
	ip_prefix_mask(&q);
	return ip_addr_equal(&q.addr, &p->addr);
}

bool ip_addr_is_martian(const struct ip_addr *a)
{
	static const uint8_t zero[15];

	if (a->af == IP_V4)
		return a->o[0] == 0 || a->o[0] == 127 || a->o[0] >= 224;
	if (a->af == IP_V6)
		return a->o[0] == 0xff || (memcmp(a->o, zero, 15) == 0 && a->o[15] <= 1);
	return true;
}
