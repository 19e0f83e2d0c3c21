/* MinRouteAdvertisementInterval (RFC 4271 9.2.1.1): a neighbour that asks for it hears of a burst once, and of the end of it. */
#include <criterion/criterion.h>

#include "bgpd/wire/update.h"
#include "tests/support/bare.h"

#define YAML(to)                                                                                   \
	"router: {name: pe, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"           \
	"neighbors:\n"                                                                             \
	"  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000, passive: true,\n"         \
	"     hold-time: 0, families: [ipv4-unicast], name: from}\n"                               \
	"  - {address: 10.255.0.4, local-address: 10.255.0.1, as: 65102, passive: true,\n"         \
	"     import: accept-all, export: accept-all, hold-time: 0, families: [ipv4-unicast],\n"   \
	"     name: to" to "}\n"

enum { FROM, TO, SECONDS = 10 };

static void route(struct bare *b, unsigned x, uint32_t med)
{
	struct wire_attrs a = {.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) |
					  WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
					  WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF) |
					  WIRE_ATTR_BIT(WIRE_ATTR_COMMUNITIES),
		.local_pref = 100,
		.communities = {(const uint8_t *)&med, 4},
		.next_hop = ip_addr_v4(0x0aff0003)};

	bare_route(b, FROM, 0, x, WIRE_LABEL_NONE, med ? &a : NULL);
}

/* How many UPDATEs eight changes of one prefix and one of another cost. */
static unsigned burst(struct bare *b)
{
	unsigned before = b->updates[TO];

	for (uint32_t med = 1; med <= 8; med++)
		route(b, 1, med);
	route(b, 2, 1);
	return b->updates[TO] - before;
}

static void begin(struct bare *b, const char *yaml)
{
	bare_init(b, yaml, 1);
	bare_up(b, FROM);
	bare_up(b, TO);
	bare_timer(b, 1000u * SECONDS); /* that of End-of-RIB is over */
}

Test(core_interval, a_burst_is_told_at_once_and_then_after_the_interval)
{
	struct bare b;

	begin(&b, YAML(", advertisement-interval: 10"));
	cr_expect_eq(burst(&b), 1, "the first change goes out, the rest waits");
	cr_expect(b.told[TO][1] && !b.told[TO][2]);
	route(&b, 3, 1);
	route(&b, 3, 0);
	unsigned before = b.updates[TO];
	bare_timer(&b, 1000u * SECONDS - 1);
	cr_expect_eq(b.updates[TO], before, "not before the interval is over");
	bare_timer(&b, 1);
	cr_expect(b.told[TO][2] && !b.told[TO][3]);
	cr_expect_leq(b.updates[TO] - before, 2, "one UPDATE a set of attributes");
	before = b.updates[TO];
	route(&b, 1, 0);
	cr_expect(b.told[TO][1], "a withdrawal waits as well");
	bare_timer(&b, 1000u * SECONDS);
	cr_expect_not(b.told[TO][1]);
	bare_fini(&b);
}

Test(core_interval, without_it_everything_is_told_at_once)
{
	struct bare b;

	begin(&b, YAML(""));
	cr_expect_eq(burst(&b), 9);
	cr_expect(b.told[TO][2]);
	bare_fini(&b);
}

Test(core_interval, a_new_session_is_not_held_by_the_old_one)
{
	struct bare b;

	begin(&b, YAML(", advertisement-interval: 10"));
	cr_expect_eq(burst(&b), 1);
	bare_down(&b, TO);
	bare_up(&b, TO);
	cr_expect(b.told[TO][1] && b.told[TO][2]);
	bare_fini(&b);
}
