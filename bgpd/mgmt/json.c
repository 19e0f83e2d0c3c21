#include "bgpd/mgmt/show.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/comm.h"
#include "bgpd/wire/rd.h"
#include "lib/check.h"
#include "lib/text.h"

#define JSON_TEXT_MAX 1300 /* FSM_REASON_MAX octets, each escaped */

void mgmt_set(json_t *object, const char *key, json_t *value)
{
	CHECK(value != NULL);
	CHECK(json_object_set_new_nocheck(object, key, value) == 0);
}

json_t *mgmt_json_addr(const struct ip_addr *a)
{
	char s[IP_ADDR_STRLEN];

	return a->af == IP_NONE ? json_null() : json_string(ip_addr_print(a, s));
}

json_t *mgmt_json_prefix(const struct ip_prefix *p)
{
	char s[IP_PREFIX_STRLEN];

	return json_string(ip_prefix_print(p, s));
}

json_t *mgmt_json_label(uint32_t label)
{
	return label == WIRE_LABEL_NONE ? json_null() : json_integer(label);
}

json_t *mgmt_json_rt(uint64_t rt)
{
	char s[WIRE_RD_STRLEN];

	return json_string(wire_rt_print(rt, s));
}

json_t *mgmt_json_rts(struct wire_span ext_communities)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < wire_extcomm_count(ext_communities); i++) {
		uint64_t ec = wire_extcomm_at(ext_communities, i);
		if (wire_rt_is(ec))
			json_array_append_new(list, mgmt_json_rt(ec));
	}
	return list;
}

json_t *mgmt_json_vrf(const struct conf *c, int vrf)
{
	return vrf == CONF_VRF_NONE ? json_null() : mgmt_json_text(c->vrfs[vrf].name);
}

json_t *mgmt_json_vrf_of(const struct router *r, uint16_t vrf)
{
	return vrf == RIB_VRF_CORE ? json_null() : mgmt_json_text(r->vrfs.list[vrf].conf.name);
}

json_t *mgmt_json_text(const char *s)
{
	json_t *whole = json_string(s); /* NULL unless it is UTF-8 */
	char buf[JSON_TEXT_MAX];
	struct text t = text_of(buf, sizeof(buf));

	if (whole)
		return whole;
	for (; *s && !t.full; s++)
		text_add(&t, (unsigned char)*s < 0x80 ? "%c" : "\\x%02x", (unsigned char)*s);
	return json_string(buf);
}

json_t *mgmt_json_from(const struct router *r, uint16_t source)
{
	const struct rib_source *s = rib_source_get(r->store, source);

	switch (s->kind) {
	case RIB_PEER:
		return mgmt_json_text(r->peers[s->peer].name);
	case RIB_VRF_EXPORT:
		return mgmt_json_vrf_of(r, s->origin);
	case RIB_STATIC:
	case RIB_CONNECTED:
		break;
	}
	return json_string(rib_source_kind_name(s->kind));
}

/* RFC 3339. Days since 1970 as year, month and day: eras of 400 years from 1 March. */
json_t *mgmt_json_time(uint64_t ms)
{
	uint64_t s = ms / 1000, day = s / 86400 + 719468;
	uint64_t era = day / 146097, of_era = day % 146097;
	uint64_t year_of = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	uint64_t of_year = of_era - (365 * year_of + year_of / 4 - year_of / 100);
	uint64_t m = (5 * of_year + 2) / 153, month = m < 10 ? m + 3 : m - 9;
	char out[64];
	struct text t = text_of(out, sizeof(out));

	text_add(&t, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
		(unsigned)(year_of + era * 400 + (month <= 2)), (unsigned)month,
		(unsigned)(of_year - (153 * m + 2) / 5 + 1), (unsigned)(s / 3600 % 24),
		(unsigned)(s / 60 % 60), (unsigned)(s % 60), (unsigned)(ms % 1000));
	return json_string(out);
}
