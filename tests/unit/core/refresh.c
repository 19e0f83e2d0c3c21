/* Enhanced route refresh (RFC 7313 4.2) as its receiver: what is not said again between BoRR and EoRR is gone. */
#include <criterion/criterion.h>

#include "bgpd/wire/msg.h"
#include "bgpd/wire/notify.h"
#include "tests/support/bare.h"

static const char yaml[] = "router: {name: pe, as: 65000, id: 10.255.0.1, user: nobody, run-dir: "
			   "/run/t, retain: all}\n"
			   "neighbors:\n"
			   "  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000, "
			   "password: x, passive: true,\n"
			   "     hold-time: 0, families: [ipv4-unicast, vpnv4], name: from}\n"
			   "  - {address: 10.255.0.4, local-address: 10.255.0.1, as: 65102, "
			   "password: x, import: accept-all,\n"
			   "     export: accept-all, passive: true, hold-time: 0, families: "
			   "[ipv4-unicast], name: to}\n";

enum { FROM, TO };

#define RD UINT64_C(0x0000fde800000002)

static void begin(struct bare *b, bool enhanced)
{
	bare_init(b, yaml, 1);
	b->enhanced = enhanced;
	bare_up(b, FROM);
	bare_up(b, TO);
}

static void route(struct bare *b, uint64_t rd, unsigned x, uint32_t med)
{
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF) | WIRE_ATTR_BIT(WIRE_ATTR_MED),
		.local_pref = 100,
		.med = med,
		.next_hop = ip_addr_v4(0x0aff0003)};

	bare_route(b, FROM, rd, x, rd ? 77 : WIRE_LABEL_NONE, &a);
}

static void say(struct bare *b, enum wire_family f, enum wire_refresh subtype)
{
	uint8_t octets[64];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	wire_refresh_put(&w, f, subtype);
	bare_say(b, FROM, &w);
}

static unsigned told(const struct bare *b)
{
	unsigned n = 0;

	for (unsigned x = 0; x < BARE_PREFIXES; x++)
		n += b->told[TO][x];
	return n;
}

Test(core_refresh, what_is_not_said_again_goes)
{
	struct bare b;

	begin(&b, true);
	for (unsigned x = 0; x < 10; x++) {
		route(&b, 0, x, 1);
		route(&b, RD, x, 1);
	}
	say(&b, WIRE_IPV4_UNICAST, WIRE_REFRESH_BORR);
	for (unsigned x = 0; x < 4; x++)
		route(&b, 0, x, x % 2 ? 1 : 2); /* unchanged, or with another attribute */
	cr_expect_eq(told(&b), 10u, "until the end of it");
	say(&b, WIRE_IPV4_UNICAST, WIRE_REFRESH_EORR);
	cr_expect_eq(told(&b), 4u);
	cr_expect(b.told[TO][0] && b.told[TO][3]);
	cr_expect_eq(rib_table_count(b.router->vrfs.vpn), 10u, "it was not about these");
	cr_expect_str_eq(b.noted, "refresh_swept");
	/* and again: epochs wrap, the other family is still whole */
	for (unsigned turn = 0; turn < 9; turn++) {
		say(&b, WIRE_IPV4_UNICAST, WIRE_REFRESH_BORR);
		route(&b, 0, 3, turn);
		say(&b, WIRE_IPV4_UNICAST, WIRE_REFRESH_EORR);
		cr_expect_eq(told(&b), 1u);
		cr_expect_eq(rib_table_count(b.router->vrfs.vpn), 10u);
	}
	bare_fini(&b);
}

Test(core_refresh, begun_twice_before_its_end)
{
	struct bare b;

	begin(&b, true);
	route(&b, 0, 1, 1);
	say(&b, WIRE_IPV4_UNICAST, WIRE_REFRESH_BORR);
	route(&b, 0, 2, 1);
	say(&b, WIRE_IPV4_UNICAST, WIRE_REFRESH_BORR);
	route(&b, 0, 3, 1);
	say(&b, WIRE_IPV4_UNICAST, WIRE_REFRESH_EORR);
	cr_expect(b.told[TO][3] && told(&b) == 1);
	bare_fini(&b);
}

Test(core_refresh, an_end_without_a_beginning_means_nothing)
{
	struct bare b;

	begin(&b, true);
	route(&b, 0, 1, 1);
	say(&b, WIRE_IPV4_UNICAST, WIRE_REFRESH_EORR);
	cr_expect(b.told[TO][1]);
	bare_fini(&b);
}

Test(core_refresh, who_has_not_agreed_to_it_means_nothing)
{
	struct bare b;

	begin(&b, false);
	route(&b, 0, 1, 1);
	say(&b, WIRE_IPV4_UNICAST, WIRE_REFRESH_BORR);
	say(&b, WIRE_IPV4_UNICAST, WIRE_REFRESH_EORR);
	cr_expect(b.told[TO][1]);
	cr_expect_neq(b.conn[FROM], 0u);
	bare_fini(&b);
}
