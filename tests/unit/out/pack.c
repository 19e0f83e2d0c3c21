#include <criterion/criterion.h>

#include "bgpd/out/pack.h"
#include "bgpd/wire/msg.h"
#include "bgpd/wire/update.h"
#include "tests/support/route.h"

#define PREFIXES 5000

struct heard {
	struct wire_ctx ctx;
	unsigned messages, announced, withdrawn;
	bool reach_before_unreach;
	bool got[PREFIXES];
};

static void hear_list(struct heard *h, const struct wire_nlris *l, bool withdrawn)
{
	struct rbuf r = rbuf_of(l->octets.p, l->octets.len);
	struct wire_fault fault;
	struct wire_nlri n;

	while (l->count && rbuf_left(&r)) {
		cr_assert(wire_nlri_get(&r,
			&(struct wire_nlri_form){l->family, withdrawn, l->add_path}, &n, &fault));
		unsigned i = ip_addr_get_v4(&n.prefix.addr) >> 8;
		cr_assert(i < PREFIXES && !h->got[i]);
		h->got[i] = true;
		*(withdrawn ? &h->withdrawn : &h->announced) += 1;
		if (!withdrawn)
			cr_assert_eq(n.label, 100 + i % 3);
	}
}

static void hear_message(struct heard *h, const struct wire_msg *m)
{
	struct wire_update u;
	struct arena arena;

	arena_init(&arena, 65536);
	cr_assert_eq(m->type, WIRE_UPDATE);
	cr_assert_eq(wire_update_get(m->body, m->body_len, &h->ctx, &arena, &u), WIRE_OK);
	if (u.unreach[1].count && h->announced)
		h->reach_before_unreach = true;
	for (unsigned i = 0; i < 2; i++) {
		hear_list(h, &u.reach[i], false);
		hear_list(h, &u.unreach[i], true);
	}
	h->messages++;
	arena_fini(&arena);
}

static void hear_block(void *arg, struct out_to to, struct out_block *block)
{
	struct heard *h = arg;
	const uint8_t *p = block->data;
	struct wire_fault fault;
	struct wire_msg m;

	cr_assert_eq(to.scope, OUT_EXCEPT);
	cr_assert_eq(to.who, 1);
	while (p < block->data + block->len) {
		int n = wire_msg_split(
			p, (size_t)(block->data + block->len - p), h->ctx.msg_max, &m, &fault);
		cr_assert_gt(n, 0);
		p += n;
		hear_message(h, &m);
	}
}

static void add(struct out_pack *p, struct rib_store *st, struct rib_attrset *attrs, unsigned i)
{
	struct wire_nlri n = test_nlri(7, i << 8, 24);
	uint64_t key[RIB_KEY_WORDS_MAX];

	rib_key_put(WIRE_VPNV4, &n, key);
	out_pack_add(p, st,
		&(struct out_route){.attrs = attrs,
			.source = attrs ? 0 : RIB_SOURCE_NONE,
			.to = {OUT_EXCEPT, 1},
			.key = key,
			.label = 100 + i % 3});
}

Test(pack, fills_messages_withdraws_first_and_loses_nothing)
{
	struct rib_store *st = rib_store_new(1);
	static struct heard h;
	struct rib_attrset *sets[10];
	struct test_attrs a;
	struct out_pack p;

	h = (struct heard){.ctx = {.as4 = true,
				   .families = WIRE_FAMILY_BIT(WIRE_VPNV4),
				   .msg_max = 4096,
				   .local_as = 65000,
				   .peer_as = 65000}};
	struct pol_receiver to = pol_receiver_of(WIRE_VPNV4, RIB_VRF_CORE, &h.ctx, ip_addr_v4(9));
	struct out_view v = out_view_of(WIRE_VPNV4, &h.ctx, &to);
	struct out_encoder *e = out_encoder_new(st);
	test_peer(st, RIB_VRF_CORE, 1, 1, false);
	out_pack_init(&p, &v);
	for (unsigned i = 0; i < 10; i++) {
		test_attrs_init(&a, 1 + i, NULL, 0);
		test_attrs_local_pref(&a, 100);
		test_attrs_ext(&a, test_rt(1));
		sets[i] = rib_store_get_attrs(st, &a.a);
	}
	for (unsigned i = 0; i < PREFIXES; i++)
		add(&p, st, i % 5 ? sets[i % 10] : NULL, i);
	for (unsigned i = 0; i < 10; i++)
		rib_store_unref_attrs(st, sets[i]);
	out_pack_flush(&p, st, e, hear_block, &h);
	cr_assert_eq(h.withdrawn, PREFIXES / 5);
	cr_assert_eq(h.announced, PREFIXES - PREFIXES / 5);
	cr_assert_not(h.reach_before_unreach);
	/* 15 octets a prefix: 4 messages of withdrawals, 3 for each of the 8 sets */
	cr_assert_leq(h.messages, 4 + 8 * 3);
	cr_assert_eq(p.messages, h.messages);
	unsigned before = h.messages;
	out_pack_flush(&p, st, e, hear_block, &h);
	cr_assert_eq(h.messages, before, "an empty pack says nothing");
	out_pack_fini(&p, st);
	out_encoder_free(e);
	rib_store_free(st);
}

Test(pack, attributes_too_long_for_a_message_withdraw_the_route)
{
	struct rib_store *st = rib_store_new(1);
	static struct heard h;
	static uint8_t communities[4096];
	struct test_attrs a;
	struct out_pack p;

	h = (struct heard){.ctx = {.as4 = true,
				   .families = WIRE_FAMILY_BIT(WIRE_VPNV4),
				   .msg_max = 4096,
				   .local_as = 65000,
				   .peer_as = 65000}};
	struct pol_receiver to = pol_receiver_of(WIRE_VPNV4, RIB_VRF_CORE, &h.ctx, ip_addr_v4(9));
	struct out_view v = out_view_of(WIRE_VPNV4, &h.ctx, &to);
	struct out_encoder *e = out_encoder_new(st);
	test_peer(st, RIB_VRF_CORE, 1, 1, false);
	out_pack_init(&p, &v);
	test_attrs_init(&a, 1, NULL, 0);
	a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_COMMUNITIES);
	a.a.communities = (struct wire_span){.p = communities, .len = 4080};
	struct rib_attrset *set = rib_store_get_attrs(st, &a.a);
	for (unsigned i = 0; i < 3; i++)
		add(&p, st, set, i);
	rib_store_unref_attrs(st, set);
	out_pack_flush(&p, st, e, hear_block, &h);
	cr_assert_eq(h.announced, 0);
	cr_assert_eq(h.withdrawn, 3);
	cr_assert_eq(p.too_long, 1);
	out_pack_fini(&p, st);
	out_encoder_free(e);
	rib_store_free(st);
}
