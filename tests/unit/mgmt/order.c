/* A walk in order over a table that changes under it. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "bgpd/mgmt/order.h"
#include "bgpd/rib/store.h"

#define MANY 20000u /* several passes */

struct bed {
	struct rib_store *st;
	struct rib_table *t;
	struct rib_attrset *attrs;
	struct rib_route route;
};

static void bed_init(struct bed *b, enum wire_family f)
{
	struct wire_attrs a = {0};

	b->st = rib_store_new(7);
	b->t = rib_table_new(b->st, f, RIB_VRF_CORE);
	b->attrs = rib_store_get_attrs(b->st, &a);
	b->route = (struct rib_route){.attrs = b->attrs,
		.source = rib_source_add(b->st, &(struct rib_source){.vrf = RIB_VRF_CORE})};
}

static struct wire_nlri route_of(uint32_t i)
{
	uint32_t mixed = (i * 2654435761u) >> 8 << 8;

	return (struct wire_nlri){
		.rd = (uint64_t)(i % 3) << 40 | 5, .prefix = {ip_addr_v4(mixed), 24}};
}

static void put(struct bed *b, uint32_t i, bool there)
{
	struct wire_nlri n = route_of(i);
	struct rib_change c;
	unsigned budget = 1000;

	if (there)
		(void)rib_table_add(b->t, &n, &b->route);
	else
		(void)rib_table_del(b->t, &n, &b->route);
	while (rib_change_next(b->st, &budget, &c))
		rib_change_done(b->st, &c);
}

/* Shows everything, `every` slices a route comes or goes; returns how many there were, all in strict order. */
static unsigned walk(struct bed *b, unsigned slice, bool churn)
{
	struct mgmt_order o = {0};
	uint64_t last[RIB_KEY_WORDS_MAX] = {0};
	unsigned n = 0, turns = 0;
	enum mgmt_order_step step = MGMT_ORDER_BUSY;

	while (step != MGMT_ORDER_END) {
		unsigned budget = slice;
		uint32_t dest;
		while ((step = mgmt_order_next(&o, b->t, &budget, &dest)) == MGMT_ORDER_DEST) {
			const uint64_t *key = rib_dest_get(b->t, dest)->key;
			bool after = n == 0;
			for (unsigned w = 0; w < b->t->words && !after; w++)
				if (key[w] != last[w]) {
					cr_assert(key[w] > last[w]);
					after = true;
				}
			cr_assert(after, "shown twice");
			for (unsigned w = 0; w < b->t->words; w++)
				last[w] = key[w];
			n++;
		}
		cr_assert(step == MGMT_ORDER_END || budget == 0);
		turns++;
		if (churn)
			put(b, MANY + turns % 500, turns / 500 % 2 == 0);
	}
	cr_assert(turns > n / slice);
	mgmt_order_fini(&o);
	return n;
}

static void bed_fini(struct bed *b)
{
	rib_table_free(b->t);
	rib_store_unref_attrs(b->st, b->attrs);
	rib_store_free(b->st);
}

Test(order, every_destination_once_in_order)
{
	static const enum wire_family families[] = {WIRE_IPV4_UNICAST, WIRE_VPNV4};

	for (unsigned f = 0; f < 2; f++) {
		struct bed b;
		bed_init(&b, families[f]);
		cr_assert(walk(&b, 10, false) == 0);
		for (uint32_t i = 0; i < MANY; i++)
			put(&b, i, true);
		cr_assert(rib_table_count(b.t) > MANY / 2);
		cr_assert(walk(&b, 7, false) == rib_table_count(b.t));
		cr_assert(walk(&b, 1000, false) == rib_table_count(b.t));
		bed_fini(&b);
	}
}

Test(order, what_is_there_all_the_time_is_shown_whatever_comes_and_goes)
{
	struct bed b;

	bed_init(&b, WIRE_VPNV4);
	for (uint32_t i = 0; i < MANY; i++)
		put(&b, i, true);
	uint32_t always = rib_table_count(b.t);
	unsigned seen = walk(&b, 7, true);
	cr_assert(seen >= always && seen <= always + 500, "%u of %u", seen, always);
	bed_fini(&b);
}
