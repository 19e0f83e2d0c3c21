#include "tests/bench/load/sink.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/attr.h"
#include "lib/check.h"

#define VPN_LEAD 88 /* bits of label and RD */

struct span {
	const uint8_t *p, *end;
};

struct update {
	struct span withdrawn, mp_withdrawn, announced, mp_announced;
	struct model_seen seen;
};

void sink_init(struct sink *s, const struct model *m)
{
	*s = (struct sink){.model = m, .held = calloc(m->n ? m->n : 1, sizeof(*s->held))};
	CHECK(s->held);
}

void sink_fini(struct sink *s)
{
	free(s->held);
}

void sink_clear(struct sink *s)
{
	memset(s->held, 0, (size_t)s->model->n * sizeof(*s->held));
	s->n_held = 0;
	s->digest = 0;
}

static uint32_t get_u16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t get_u32(const uint8_t *p)
{
	return get_u16(p) << 16 | get_u16(p + 2);
}

static uint64_t get_u64(const uint8_t *p)
{
	return (uint64_t)get_u32(p) << 32 | get_u32(p + 4);
}

static bool see_path(struct sink *s, struct model_seen *seen, const uint8_t *p, size_t len)
{
	const struct model *m = s->model;
	const uint8_t *end = p + len;
	bool first = m->shape == MODEL_EBGP;

	while (end - p >= 2) {
		unsigned n = p[1];
		bool sequence = p[0] == 2;
		p += 2;
		if (end - p < 4 * (ptrdiff_t)n)
			return false;
		for (; n; n--, p += 4) {
			/* the subject's own AS in front must be there, once */
			if (first && get_u32(p) == m->subject_as)
				;
			else
				seen->as_path = model_mix(
					seen->as_path * 33 + get_u32(p) + !sequence + first);
			first = false;
		}
	}
	return p == end;
}

static bool see_mp(struct sink *s, struct update *u, bool reach, const uint8_t *p, size_t len)
{
	const uint8_t *end = p + len;

	if (len < 3 || get_u16(p) != 1 || p[2] != 128 || s->model->family != WIRE_VPNV4)
		return len == 3; /* End-of-RIB of whatever it is */
	p += 3;
	if (!reach) {
		u->mp_withdrawn = (struct span){p, end};
		return true;
	}
	if (end - p < 14 || p[0] != 12)
		return false;
	u->seen.next_hop = get_u32(p + 9);
	u->mp_announced = (struct span){p + 14, end};
	return true;
}

static bool see_attr(struct sink *s, struct update *u, uint8_t code, const uint8_t *p, size_t len)
{
	struct model_seen *seen = &u->seen;

	switch (code) {
	case WIRE_ATTR_ORIGIN:
		seen->origin = len ? p[0] : 255;
		return len == 1;
	case WIRE_ATTR_AS_PATH:
		return see_path(s, seen, p, len);
	case WIRE_ATTR_NEXT_HOP:
		seen->next_hop = len == 4 ? get_u32(p) : 0;
		return len == 4;
	case WIRE_ATTR_LOCAL_PREF:
		seen->local_pref = s->model->shape == MODEL_REFLECTOR && len == 4 ? get_u32(p) : 0;
		return true;
	case WIRE_ATTR_COMMUNITIES:
		for (size_t i = 0; i + 4 <= len; i += 4)
			seen->communities += model_mix(get_u32(p + i));
		return len % 4 == 0;
	case WIRE_ATTR_EXT_COMMUNITIES:
		for (size_t i = 0; i + 8 <= len; i += 8)
			seen->ext_communities += model_mix(get_u64(p + i));
		return len % 8 == 0;
	case WIRE_ATTR_MP_REACH:
	case WIRE_ATTR_MP_UNREACH:
		return see_mp(s, u, code == WIRE_ATTR_MP_REACH, p, len);
	default:
		return true;
	}
}

static bool see_attrs(struct sink *s, struct update *u, const uint8_t *p, const uint8_t *end)
{
	while (end - p >= 3) {
		bool extended = p[0] & 0x10;
		uint8_t code = p[1];
		if (extended && end - p < 4)
			return false;
		size_t len = extended ? get_u16(p + 2) : p[2];
		p += extended ? 4 : 3;
		if ((size_t)(end - p) < len || !see_attr(s, u, code, p, len))
			return false;
		p += len;
	}
	return p == end;
}

/* What route i is now: tag 0 takes it away. */
static void hold(struct sink *s, uint32_t i, uint32_t tag)
{
	uint32_t before = s->held[i];

	if (before) {
		s->digest -= model_share(i, before);
		s->n_held--;
	}
	if (tag) {
		s->digest += model_share(i, tag);
		s->n_held++;
	}
	s->held[i] = tag;
}

static bool take_plain(struct sink *s, struct span at, uint32_t tag)
{
	while (at.p < at.end) {
		if (at.p[0] != MODEL_LEN || at.end - at.p < 4) {
			s->foreign++;
			return at.p[0] <= 32;
		}
		uint32_t i = ((uint32_t)at.p[1] << 16 | get_u16(at.p + 2)) - MODEL_BASE;
		if (i < s->model->n)
			hold(s, i, tag);
		else
			s->foreign++;
		*(tag ? &s->announced : &s->withdrawn) += 1;
		at.p += 4;
	}
	return true;
}

static bool take_vpn(struct sink *s, struct span at, bool reach, uint64_t seen)
{
	while (at.p < at.end) {
		if (at.p[0] != VPN_LEAD + MODEL_LEN || at.end - at.p < 15)
			return false;
		uint32_t label = get_u32(at.p) >> 4 & 0xfffff;
		uint64_t rd = get_u64(at.p + 4);
		uint32_t i = ((uint32_t)at.p[12] << 16 | get_u16(at.p + 13)) - MODEL_BASE;
		if (i < s->model->n && (reach || rd == model_rd(i)))
			hold(s, i, reach ? model_tag(seen, rd, label) : 0);
		else
			s->foreign++;
		*(reach ? &s->announced : &s->withdrawn) += 1;
		at.p += 15;
	}
	return true;
}

bool sink_update(struct sink *s, const uint8_t *body, size_t len)
{
	const uint8_t *end = body + len;
	struct update u = {0};

	s->updates++;
	if (len < 4)
		return false;
	size_t n = get_u16(body);
	if (len < 4 + n)
		return false;
	u.withdrawn = (struct span){body + 2, body + 2 + n};
	const uint8_t *p = u.withdrawn.end;
	n = get_u16(p);
	p += 2;
	if ((size_t)(end - p) < n || !see_attrs(s, &u, p, p + n))
		return false;
	u.announced = (struct span){p + n, end};
	uint64_t seen = model_seen_hash(&u.seen);
	return take_plain(s, u.withdrawn, 0) && take_vpn(s, u.mp_withdrawn, false, 0) &&
	       take_plain(s, u.announced, model_tag(seen, 0, 0)) &&
	       take_vpn(s, u.mp_announced, true, seen);
}
