#include "tests/bench/load/model.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/comm.h"
#include "bgpd/wire/msg.h"
#include "bgpd/wire/update.h"
#include "lib/check.h"

#define PATH_LEN  5
#define ORDERS_OF 10 /* one set of so many asks ... */
#define ORDERS_TO 10 /* ... not to be told to one of so many */

struct set { /* one set of attributes, as octets */
	uint8_t as_path[2 + 4 * PATH_LEN];
	uint8_t communities[12];
	uint8_t ext_communities[8];
	struct wire_attrs attrs;
	struct model_seen seen; /* as the receivers must see it */
};

static const char *const names[MODEL_SHAPES] = {"ebgp", "server", "selective", "reflector"};

const char *model_shape_name(enum model_shape s)
{
	return names[s];
}

void model_init(struct model *m, enum model_shape shape, uint32_t n)
{
	uint64_t random = 1;

	m->shape = shape;
	m->family = shape == MODEL_REFLECTOR ? WIRE_VPNV4 : WIRE_IPV4_UNICAST;
	m->n = n;
	m->n_sets = 0;
	m->first = malloc(((size_t)n + 1) * sizeof(*m->first));
	CHECK(m->first);
	for (uint32_t at = 0; at < n;) {
		m->first[m->n_sets++] = at;
		random = model_mix(random + 1);
		at += 1 + (uint32_t)(random % (2 * MODEL_PER_SET - 1));
	}
	m->first[m->n_sets] = n;
}

void model_fini(struct model *m)
{
	free(m->first);
}

uint64_t model_rd(uint32_t route)
{
	return UINT64_C(65000) << 32 | (1 + (route >> MODEL_RD_SHIFT));
}

uint32_t model_label(uint32_t route)
{
	return 1000 + (route >> MODEL_RD_SHIFT);
}

static void put_u32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

static void set_path(
	const struct model *m, uint32_t s, uint32_t generation, unsigned k, struct set *out)
{
	uint32_t longer = 64000 + k;
	uint32_t as[PATH_LEN] = {
		m->sender_as + k, 3000 + s % 500, 100000 + s, 7 + generation, longer};
	/* within an AS the sender does not put itself in front */
	uint32_t from = m->shape == MODEL_REFLECTOR, n = PATH_LEN - from - (k == 0);

	out->as_path[0] = 2; /* AS_SEQUENCE */
	out->as_path[1] = (uint8_t)n;
	out->seen.as_path = 0;
	for (uint32_t i = 0; i < n; i++) {
		put_u32(out->as_path + 2 + 4 * (size_t)i, as[from + i]);
		out->seen.as_path = model_mix(out->seen.as_path * 33 + as[from + i]);
	}
	out->attrs.as_path = (struct wire_span){out->as_path, (uint16_t)(2 + 4 * n)};
}

/* The number of the receiver that is not to be told the set; -1: none. */
static int set_is_not_for(const struct model *m, uint32_t s)
{
	return m->shape == MODEL_SELECTIVE && s % ORDERS_OF == ORDERS_OF / 2
		       ? (int)(s / ORDERS_OF % ORDERS_TO)
		       : -1;
}

static void set_lists(const struct model *m, uint32_t s, uint32_t generation, struct set *out)
{
	uint32_t communities[2] = {65101u << 16 | s % 1000, 65102u << 16 | (generation & 0xffff)};
	uint64_t target = UINT64_C(0x0002) << 48 | UINT64_C(65000) << 32 | (101 + s % 50);

	out->seen.communities = 0;
	for (unsigned i = 0; i < 2; i++) {
		put_u32(out->communities + 4 * (size_t)i, communities[i]);
		out->seen.communities += model_mix(communities[i]);
	}
	out->attrs.communities = (struct wire_span){out->communities, 8};
	if (set_is_not_for(m, s) >= 0) { /* 0:AS, which nobody is told */
		put_u32(out->communities + 8, m->receiver_as + (uint32_t)set_is_not_for(m, s));
		out->attrs.communities.len = 12;
	}
	if (m->shape != MODEL_REFLECTOR)
		return;
	put_u32(out->ext_communities, (uint32_t)(target >> 32));
	put_u32(out->ext_communities + 4, (uint32_t)target);
	out->seen.ext_communities = model_mix(target);
	out->attrs.ext_communities =
		(struct wire_span){out->ext_communities, sizeof(out->ext_communities)};
	out->attrs.present |=
		WIRE_ATTR_BIT(WIRE_ATTR_EXT_COMMUNITIES) | WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
	out->attrs.local_pref = out->seen.local_pref = 100 + generation;
}

static void set_make(
	const struct model *m, uint32_t s, uint32_t generation, unsigned k, struct set *out)
{
	out->attrs = (struct wire_attrs){
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP) | WIRE_ATTR_BIT(WIRE_ATTR_COMMUNITIES),
		.next_hop = ip_addr_v4(m->sender + k),
		.origin = generation & 1 ? WIRE_ORIGIN_INCOMPLETE : WIRE_ORIGIN_IGP,
	};
	out->seen = (struct model_seen){.origin = out->attrs.origin,
		.next_hop = m->shape == MODEL_EBGP ? m->subject : m->sender};
	set_path(m, s, generation, k, out);
	set_lists(m, s, generation, out);
}

uint64_t model_seen_hash(const struct model_seen *s)
{
	uint64_t h = model_mix(s->as_path + s->origin);

	h = model_mix(h ^ ((uint64_t)s->local_pref << 32 | s->next_hop));
	h = model_mix(h ^ s->communities);
	return model_mix(h + s->ext_communities * 3);
}

struct model_expected model_expect(
	const struct model *m, uint32_t generation, uint32_t added, unsigned receiver)
{
	bool vpn = m->family == WIRE_VPNV4;
	struct model_expected out = {0};
	struct set set;

	for (uint32_t s = 0; s < m->n_sets; s++) {
		if (set_is_not_for(m, s) == (int)receiver)
			continue;
		set_make(m, s, generation, 0, &set);
		if (added)
			set.seen.communities += model_mix(added);
		if (added == WIRE_COMM_GRACEFUL_SHUTDOWN)
			set.seen.local_pref = 0; /* what goes with it inside an AS (RFC 8326 4) */
		uint64_t seen = model_seen_hash(&set.seen);
		for (uint32_t i = m->first[s]; i < m->first[s + 1]; i++) {
			uint32_t tag = vpn ? model_tag(seen, model_rd(i), model_label(i))
					   : model_tag(seen, 0, 0);
			out.digest += model_share(i, tag);
		}
		out.n += m->first[s + 1] - m->first[s];
	}
	return out;
}

static struct wire_nlri nlri_of(const struct model *m, uint32_t route)
{
	struct wire_nlri n = {.prefix = {ip_addr_v4((MODEL_BASE + route) << 8), MODEL_LEN},
		.label = WIRE_LABEL_NONE};

	if (m->family == WIRE_VPNV4) {
		n.rd = model_rd(route);
		n.label = model_label(route);
	}
	return n;
}

static struct wire_ctx context(const struct model *m)
{
	return (struct wire_ctx){.as4 = true,
		.ebgp = m->shape != MODEL_REFLECTOR,
		.families = WIRE_FAMILY_BIT(m->family),
		.msg_max = WIRE_MSG_MAX};
}

static struct wbuf room(size_t octets)
{
	uint8_t *p = malloc(octets);

	CHECK(p);
	return wbuf_of(p, octets);
}

static void finish(struct wbuf *w, uint32_t updates, struct model_stream *out)
{
	CHECK(wbuf_ok(w));
	*out = (struct model_stream){w->base, w->len, updates};
}

void model_announce(
	const struct model *m, uint32_t generation, unsigned k, struct model_stream *out)
{
	struct wbuf w = room((size_t)m->n_sets * 128 + (size_t)m->n * 16);
	struct wire_ctx ctx = context(m);
	struct wire_nlri list[2 * MODEL_PER_SET];
	struct set set;

	for (uint32_t s = 0; s < m->n_sets; s++) {
		uint32_t n = m->first[s + 1] - m->first[s];
		set_make(m, s, generation, k, &set);
		for (uint32_t i = 0; i < n; i++)
			list[i] = nlri_of(m, m->first[s] + i);
		CHECK(wire_update_put_reach(&w, &ctx, m->family, &set.attrs, list, n) == n);
	}
	finish(&w, m->n_sets, out);
}

void model_withdraw(const struct model *m, struct model_stream *out)
{
	struct wbuf w = room((size_t)m->n * 20 + WIRE_MSG_MAX);
	struct wire_ctx ctx = context(m);
	struct wire_nlri list[200];
	uint32_t updates = 0;

	for (uint32_t at = 0; at < m->n;) {
		uint32_t n = m->n - at < ARRAY_LEN(list) ? m->n - at : ARRAY_LEN(list);
		for (uint32_t i = 0; i < n; i++)
			list[i] = nlri_of(m, at + i);
		at += (uint32_t)wire_update_put_unreach(&w, &ctx, m->family, list, n);
		updates++;
	}
	finish(&w, updates, out);
}

void model_stream_spoil(struct model_stream *s, enum model_spoil how)
{
	uint8_t *at = s->octets, *end = s->octets + s->len;
	size_t len = 0;

	if (how == MODEL_UNSPOILT)
		return;
	for (uint32_t i = 0; i <= s->updates / 2; i++) {
		at += len;
		len = (size_t)at[16] << 8 | at[17];
	}
	if (how == MODEL_MISSING) {
		memmove(at, at + len, (size_t)(end - at) - len);
		s->len -= len;
		return;
	}
	/* the last octet of the last attribute */
	size_t attrs = (size_t)at[WIRE_HEADER_LEN + 2] << 8 | at[WIRE_HEADER_LEN + 3];
	at[WIRE_HEADER_LEN + 3 + attrs] ^= 0x40;
}
