#include "tests/support/gen.h"

#include "bgpd/wire/aspath.h"
#include "lib/wbuf.h"

#define GEN_LIST_MAX 20

/* xorshift64* */
uint32_t gen_u32(struct gen *g)
{
	g->state ^= g->state >> 12;
	g->state ^= g->state << 25;
	g->state ^= g->state >> 27;
	return (uint32_t)(g->state * UINT64_C(2685821657736338717) >> 32);
}

unsigned gen_below(struct gen *g, unsigned n)
{
	return gen_u32(g) % n;
}

static uint32_t gen_as(struct gen *g)
{
	return 1 + (gen_below(g, 3) ? gen_below(g, 65535) : gen_u32(g) / 2);
}

static struct wire_span gen_list(struct gen *g, struct arena *arena, unsigned unit)
{
	size_t len = (1 + gen_below(g, GEN_LIST_MAX)) * unit;
	uint8_t *p = arena_alloc(arena, len);

	for (size_t i = 0; i < len; i++)
		p[i] = (uint8_t)gen_u32(g);
	return (struct wire_span){p, (uint16_t)len};
}

static struct wire_span gen_path(struct gen *g, struct arena *arena)
{
	const size_t cap = 2048;
	struct wbuf w = wbuf_of(arena_alloc(arena, cap), cap);
	unsigned segments = gen_below(g, 4);
	uint8_t before = 0;

	for (unsigned i = 0; i < segments; i++) {
		/* two sequences in a row would be merged on the way through a 2-octet session */
		uint8_t type = before == WIRE_AS_SEQUENCE || !gen_below(g, 4) ? WIRE_AS_SET
									      : WIRE_AS_SEQUENCE;
		unsigned n = gen_below(g, 8) ? 1 + gen_below(g, 6) : 1 + gen_below(g, 80);

		wbuf_put_u8(&w, type);
		wbuf_put_u8(&w, (uint8_t)n);
		while (n-- > 0)
			wbuf_put_u32(&w, gen_as(g));
		before = type;
	}
	return (struct wire_span){w.base, (uint16_t)w.len};
}

/* Types that the table does not know, ascending, Partial set; one in four with a long value. */
static struct wire_span gen_unknown(struct gen *g, struct arena *arena)
{
	static const uint8_t types[] = {0, 13, 20, 31, 40, 128, 255};
	const size_t cap = 4096;
	struct wbuf w = wbuf_of(arena_alloc(arena, cap), cap);

	for (unsigned i = 0; i < sizeof(types); i++) {
		unsigned len = gen_below(g, 4) ? gen_below(g, 10) : 250 + gen_below(g, 20);

		if (gen_below(g, 3))
			continue;
		wbuf_put_u8(&w, len > 255 ? 0xf0 : 0xe0);
		wbuf_put_u8(&w, types[i]);
		if (len > 255)
			wbuf_put_u8(&w, (uint8_t)(len >> 8));
		wbuf_put_u8(&w, (uint8_t)len);
		while (len-- > 0)
			wbuf_put_u8(&w, (uint8_t)gen_u32(g));
	}
	return (struct wire_span){w.base, (uint16_t)w.len};
}

static bool gen_coin(struct gen *g, struct wire_attrs *a, enum wire_attr_code code, bool optional)
{
	if (gen_below(g, 2))
		return false;
	a->present |= WIRE_ATTR_BIT(code);
	if (optional && gen_below(g, 2))
		a->present |= WIRE_ATTR_PARTIAL(code);
	return true;
}

static void gen_lists(struct gen *g, struct arena *arena, struct wire_attrs *a)
{
	if (gen_coin(g, a, WIRE_ATTR_COMMUNITIES, true))
		a->communities = gen_list(g, arena, 4);
	if (gen_coin(g, a, WIRE_ATTR_EXT_COMMUNITIES, true))
		a->ext_communities = gen_list(g, arena, 8);
	if (gen_coin(g, a, WIRE_ATTR_LARGE_COMMUNITIES, true))
		a->large_communities = gen_list(g, arena, 12);
	a->unknown = gen_unknown(g, arena);
}

void gen_attrs(
	struct gen *g, const struct wire_ctx *ctx, struct arena *arena, struct wire_attrs *out)
{
	struct wire_attrs a = {.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) |
					  WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
					  WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP)};

	a.origin = (uint8_t)gen_below(g, 3);
	a.as_path = gen_path(g, arena);
	a.next_hop = ip_addr_v4(gen_u32(g));
	if (gen_coin(g, &a, WIRE_ATTR_MED, false))
		a.med = gen_u32(g);
	gen_coin(g, &a, WIRE_ATTR_ATOMIC_AGGREGATE, false);
	if (gen_coin(g, &a, WIRE_ATTR_AGGREGATOR, true)) {
		a.aggregator_as = gen_as(g);
		a.aggregator_id = gen_u32(g);
	}
	if (!ctx->ebgp && gen_coin(g, &a, WIRE_ATTR_LOCAL_PREF, false))
		a.local_pref = gen_u32(g);
	if (!ctx->ebgp && gen_coin(g, &a, WIRE_ATTR_ORIGINATOR_ID, false))
		a.originator_id = gen_u32(g);
	if (!ctx->ebgp && gen_coin(g, &a, WIRE_ATTR_CLUSTER_LIST, false))
		a.cluster_list = gen_list(g, arena, 4);
	if (gen_coin(g, &a, WIRE_ATTR_OTC, true))
		a.otc = gen_as(g);
	gen_lists(g, arena, &a);
	*out = a;
}

struct ip_addr gen_next_hop_v6(struct gen *g)
{
	struct ip_addr a = {.af = IP_V6};

	for (unsigned i = 0; i < sizeof(a.o); i++)
		a.o[i] = (uint8_t)gen_u32(g);
	return a;
}

/* Nothing, an AS, part of a route target, or all of it. */
static void gen_membership(struct gen *g, struct wire_nlri *out)
{
	unsigned bits = gen_below(g, 66);

	out->prefix.len = (uint8_t)(bits ? 31 + bits : 0);
	out->prefix.addr = ip_addr_v4(bits ? gen_u32(g) : 0);
	if (bits > 1)
		out->rd = ((uint64_t)gen_u32(g) << 32 | gen_u32(g)) & UINT64_MAX << (65 - bits);
}

void gen_nlri(struct gen *g, enum wire_family f, struct wire_nlri *out)
{
	const struct wire_family_desc *d = wire_family_get(f);

	*out = (struct wire_nlri){.label = WIRE_LABEL_NONE};
	if (f == WIRE_RT_CONSTRAINT) {
		gen_membership(g, out);
		return;
	}
	out->prefix.addr = ip_addr_v4(gen_u32(g));
	out->prefix.len = (uint8_t)gen_below(g, d->addr_bits + 1u);
	ip_prefix_mask(&out->prefix);
	if (d->rd_octets)
		out->rd = (uint64_t)gen_u32(g) << 32 | gen_u32(g);
	if (d->labelled)
		out->label = gen_below(g, 1 << 20);
}
