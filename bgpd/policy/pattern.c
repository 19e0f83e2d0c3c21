/* Communities as an operator writes them. */
#include "bgpd/policy/pattern.h"

#include <string.h>

#include "bgpd/wire/comm.h"
#include "bgpd/wire/rd.h"
#include "lib/check.h"
#include "lib/text.h"

#define FIELD_TEXT_MAX 10 /* of 4294967295 */

static void field_put(struct pol_set_community *c, uint8_t at, uint8_t len, uint32_t value)
{
	for (unsigned i = 0; i < len; i++)
		c->value[at + i] = (uint8_t)(value >> 8 * (len - 1 - i));
}

/* One field: a number, a star, or the neighbour's AS. */
static bool field_parse(struct pol_set_community *c, unsigned f, const char *text, size_t n)
{
	struct pol_community_fields fields = pol_community_fields(c->len);
	uint8_t at = fields.at[f], len = fields.len[f];
	char digits[FIELD_TEXT_MAX + 1];
	uint64_t value;

	if (n > FIELD_TEXT_MAX)
		return false;
	memcpy(digits, text, n);
	digits[n] = '\0';
	if (strcmp(digits, "*") == 0)
		return true;
	c->neighbor_as[f] = strcmp(digits, "peer-as") == 0;
	if (c->neighbor_as[f])
		return true;
	if (!text_parse_u64(digits, len == 2 ? UINT16_MAX : UINT32_MAX, &value))
		return false;
	field_put(c, at, len, (uint32_t)value);
	memset(c->mask + at, 0xff, len);
	return true;
}

static bool fields_parse(struct pol_set_community *c, const char *text)
{
	unsigned n = pol_community_fields(c->len).n;

	for (unsigned f = 0; f < n; f++) {
		size_t len = strcspn(text, ":");

		if (!field_parse(c, f, text, len) || (text[len] == ':') != (f + 1 < n))
			return false;
		text += len + 1;
	}
	return true;
}

/* RFC 4360 3: route targets and sites of origin have the same three forms; with a star or peer-as it is the first of them. */
static bool extended_parse(struct pol_set_community *c, const char *text, uint8_t subtype)
{
	uint64_t rt;

	c->len = 8;
	if (wire_rt_parse(text, &rt)) {
		field_put(c, 0, 4, (uint32_t)(rt >> 32));
		field_put(c, 4, 4, (uint32_t)rt);
		c->value[1] = subtype;
		memset(c->mask, 0xff, 8);
		return true;
	}
	c->value[1] = subtype;
	c->mask[0] = c->mask[1] = 0xff;
	return fields_parse(c, text);
}

static bool known_parse(struct pol_set_community *c, const char *text)
{
	static const struct {
		const char *name;
		uint32_t community;
	} known[] = {
		{"no-export", WIRE_COMM_NO_EXPORT},
		{"no-advertise", WIRE_COMM_NO_ADVERTISE},
		{"no-export-subconfed", WIRE_COMM_NO_EXPORT_SUBCONFED},
		{"no-peer", WIRE_COMM_NO_PEER},
		{"graceful-shutdown", WIRE_COMM_GRACEFUL_SHUTDOWN},
		{"blackhole", WIRE_COMM_BLACKHOLE},
		{"llgr-stale", WIRE_COMM_LLGR_STALE},
		{"no-llgr", WIRE_COMM_NO_LLGR},
	};

	for (unsigned i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(text, known[i].name) == 0) {
			field_put(c, 0, 4, known[i].community);
			memset(c->mask, 0xff, 4);
			return true;
		}
	return false;
}

bool pol_pattern_parse(const char *text, struct pol_set_community *out)
{
	*out = (struct pol_set_community){.len = 4};
	if (strncmp(text, "rt:", 3) == 0)
		return extended_parse(out, text + 3, 2);
	if (strncmp(text, "soo:", 4) == 0)
		return extended_parse(out, text + 4, 3);
	if (known_parse(out, text))
		return true;
	const char *colon = strchr(text, ':');
	out->len = colon && strchr(colon + 1, ':') ? 12 : 4;
	return fields_parse(out, text);
}

bool pol_pattern_is_exact(const struct pol_set_community *c)
{
	struct pol_community_fields fields = pol_community_fields(c->len);

	for (unsigned f = 0; f < fields.n; f++)
		if (!c->neighbor_as[f] && !c->mask[fields.at[f]])
			return false;
	return true;
}
