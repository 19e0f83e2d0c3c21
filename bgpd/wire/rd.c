#include "bgpd/wire/rd.h"

#include <stdio.h>
#include <string.h>

#include "lib/prefix.h"
#include "lib/text.h"

/* The administrator's form: type field of a route distinguisher, high octet of a route target's type. */
enum { ADMIN_AS2 = 0, ADMIN_ADDR = 1, ADMIN_AS4 = 2 };

#define RT_SUBTYPE 0x02 /* RFC 4360 4 */

/* What the two share: a form and the 6 octets behind the type. */
struct rd_value {
	unsigned form;
	uint64_t value;
};

static bool rd_parse_admin(const char *admin, size_t len, struct rd_value *v)
{
	char text[24];
	uint64_t as;
	struct ip_addr addr;

	if (len == 0 || len >= sizeof(text))
		return false;
	memcpy(text, admin, len);
	text[len] = '\0';
	if (strchr(text, '.')) {
		v->form = ADMIN_ADDR;
		if (!ip_addr_parse(text, &addr) || addr.af != IP_V4)
			return false;
		v->value = (uint64_t)ip_addr_get_v4(&addr) << 16;
		return true;
	}
	bool wide = text[len - 1] == 'L';
	if (wide)
		text[len - 1] = '\0';
	if (!text_parse_u64(text, UINT32_MAX, &as))
		return false;
	v->form = wide || as > UINT16_MAX ? ADMIN_AS4 : ADMIN_AS2;
	v->value = as << (v->form == ADMIN_AS4 ? 16 : 32);
	return true;
}

static bool rd_parse_value(const char *text, struct rd_value *v)
{
	const char *colon = strchr(text, ':');
	uint64_t number;

	if (!colon || !rd_parse_admin(text, (size_t)(colon - text), v))
		return false;
	if (!text_parse_u64(colon + 1, v->form == ADMIN_AS2 ? UINT32_MAX : UINT16_MAX, &number))
		return false;
	v->value |= number;
	return true;
}

static void rd_print_value(unsigned form, uint64_t value, char *out)
{
	char addr[IP_ADDR_STRLEN];
	uint32_t high = (uint32_t)(value >> 16);
	unsigned low = value & 0xffff;

	if (form == ADMIN_AS2) {
		snprintf(out, WIRE_RD_STRLEN, "%u:%u", high >> 16, (uint32_t)value);
	} else if (form == ADMIN_ADDR) {
		struct ip_addr a = ip_addr_v4(high);
		snprintf(out, WIRE_RD_STRLEN, "%.15s:%u", ip_addr_print(&a, addr), low);
	} else {
		/* without the L a small number would be read back as the 2-octet form */
		snprintf(out, WIRE_RD_STRLEN, "%u%s:%u", high, high > UINT16_MAX ? "" : "L", low);
	}
}

bool wire_rd_parse(const char *text, uint64_t *out)
{
	struct rd_value v = {0};

	if (!rd_parse_value(text, &v))
		return false;
	*out = (uint64_t)v.form << 48 | v.value;
	return true;
}

char *wire_rd_print(uint64_t rd, char *out)
{
	unsigned type = (unsigned)(rd >> 48);

	if (type <= ADMIN_AS4)
		rd_print_value(type, rd, out);
	else
		snprintf(out, WIRE_RD_STRLEN, "0x%016llx", (unsigned long long)rd);
	return out;
}

bool wire_rt_parse(const char *text, uint64_t *out)
{
	struct rd_value v = {0};

	if (!rd_parse_value(text, &v))
		return false;
	*out = (uint64_t)v.form << 56 | (uint64_t)RT_SUBTYPE << 48 | v.value;
	return true;
}

char *wire_rt_print(uint64_t rt, char *out)
{
	if (wire_rt_is(rt))
		rd_print_value((unsigned)(rt >> 56), rt, out);
	else
		snprintf(out, WIRE_RD_STRLEN, "0x%016llx", (unsigned long long)rt);
	return out;
}

bool wire_rt_is(uint64_t ext_community)
{
	return ext_community >> 56 <= ADMIN_AS4 && (ext_community >> 48 & 0xff) == RT_SUBTYPE;
}
