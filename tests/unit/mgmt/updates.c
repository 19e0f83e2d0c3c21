/* What neighbours say, for those who read it: each its own, bounded, and nothing kept for nobody. */
#include <criterion/criterion.h>
#include <string.h>

#include "bgpd/mgmt/live.h"
#include "bgpd/mgmt/updates.h"
#include "bgpd/wire/msg.h"
#include "bgpd/wire/update.h"
#include "lib/wbuf.h"
#include "tests/support/bare.h"
#include "tests/support/route.h"

static const char yaml[] =
	"router: {name: rs, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"
	"neighbors:\n"
	"  - {address: 10.0.0.9, local-address: 10.0.0.1, as: 65009, families: [ipv4-unicast],\n"
	"     passive: true, import: accept-all, export: accept-all, name: nine}\n"
	"  - {address: 10.0.0.8, local-address: 10.0.0.1, as: 65008, families: [ipv4-unicast],\n"
	"     passive: true, import: accept-all, export: accept-all, name: eight}\n";

enum { NINE, EIGHT };

struct counts { /* of records, by peer (the last octet of its address, 8 or 9) */
	unsigned received[10], sent[10], states[10];
	size_t octets;
	unsigned records;
};

static void count_records(const uint8_t *o, size_t len, struct counts *c)
{
	for (size_t at = 0; at < len;) {
		size_t n = (size_t)o[at + 10] << 8 | o[at + 11];
		uint8_t subtype = o[at + 7], peer = o[at + 12 + 4 + 12 + 3];

		cr_assert_eq(o[at + 5], 17, "BGP4MP_ET");
		cr_assert_leq(at + 12 + n, len, "a whole record");
		c->received[peer] += subtype == 4;
		c->sent[peer] += subtype == 7;
		c->states[peer] += subtype == 5;
		c->records++;
		at += 12 + n;
	}
}

/* All that waits; true if more may come. */
static bool take(struct mgmt_update_reader *reader, struct counts *c)
{
	static uint8_t all[UPDATES_OCTETS_MAX];
	const char *octets;
	size_t len, have = 0;
	bool more;

	*c = (struct counts){0};
	do {
		more = mgmt_update_reader_next(reader, &octets, &len);
		cr_assert_leq(have + len, sizeof(all), "bounded");
		if (len)
			memcpy(all + have, octets, len);
		have += len;
	} while (len && more);
	count_records(all, have, c);
	c->octets = have;
	return more;
}

static void announce(struct bare *b, unsigned x)
{
	struct test_attrs a;

	test_attrs_init(&a, 0x0a000009, (uint32_t[]){65009}, 1);
	a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
	bare_route(b, NINE, 0, x, WIRE_LABEL_NONE, &a.a);
}

Test(updates, each_reader_has_what_it_asked_for)
{
	static struct bare b;
	struct counts c;

	bare_init(&b, yaml, 1);
	struct mgmt_updates *u = mgmt_updates_new(b.router);
	cr_assert_not(mgmt_updates_wanted(u));
	bare_up(&b, EIGHT);
	struct mgmt_update_reader *all = mgmt_update_reader_new(u, NULL, false);
	struct mgmt_update_reader *eight = mgmt_update_reader_new(u, &b.router->peers[EIGHT], true);
	cr_assert(mgmt_updates_wanted(u));
	mgmt_updates_set_time(u, 1795255200123456u);
	bare_up(&b, NINE);
	announce(&b, 1);
	cr_assert(mgmt_updates_news(u) && !mgmt_updates_news(u));

	cr_assert(take(all, &c));
	cr_assert_eq(c.received[9], 3u, "OPEN, KEEPALIVE, UPDATE; %u", c.received[9]);
	cr_assert_geq(c.states[9], 2u);
	cr_assert_eq(c.received[8] + c.states[8] + c.sent[8] + c.sent[9], 0u);
	cr_assert(take(eight, &c));
	cr_assert(c.sent[8] == 1 && c.records == 1, "what EIGHT was told; %u", c.records);
	cr_assert(take(all, &c) && c.octets == 0, "once");

	mgmt_update_reader_free(eight);
	bare_down(&b, NINE);
	cr_assert(take(all, &c) && c.states[9] >= 1);
	mgmt_update_reader_free(all);
	cr_assert_not(mgmt_updates_wanted(u));
	(void)mgmt_updates_news(u);
	bare_up(&b, NINE);
	cr_assert_not(mgmt_updates_news(u), "nobody reads, nothing is kept");
	mgmt_updates_free(u);
	bare_fini(&b);
}

/* One that does not read costs UPDATES_OCTETS_MAX and no more; what it has by then is whole, and it is the last. */
Test(updates, who_does_not_follow_is_told_no_more)
{
	static struct bare b;
	struct counts c;

	bare_init(&b, yaml, 1);
	struct mgmt_updates *u = mgmt_updates_new(b.router);
	struct mgmt_update_reader *slow = mgmt_update_reader_new(u, NULL, false),
				  *quick = mgmt_update_reader_new(u, NULL, false);
	unsigned heard = 0;

	bare_up(&b, NINE);
	for (unsigned i = 0; i < 60000; i++) {
		announce(&b, 1 + i % 60);
		if (i % 1000)
			continue;
		cr_assert(take(quick, &c), "who reads is not cut off");
		heard += c.received[9];
	}
	cr_assert(take(quick, &c));
	cr_assert_eq(heard + c.received[9], 60002u);
	cr_assert_not(take(slow, &c), "the end");
	cr_assert(c.octets > UPDATES_OCTETS_MAX - 4096 && c.octets <= UPDATES_OCTETS_MAX);
	announce(&b, 1);
	cr_assert_not(take(slow, &c));
	cr_assert_eq(c.octets, 0u);
	mgmt_update_reader_free(slow);
	mgmt_update_reader_free(quick);
	mgmt_updates_free(u);
	bare_fini(&b);
}

Test(updates, what_may_be_asked)
{
	static const struct {
		const char *query;
		int status;
	} rows[] = {{"", 200}, {"neighbor=nine", 200}, {"neighbor=10.0.0.8&sent=true", 200},
		{"sent=true", 200}, {"sent=maybe", 400}, {"neighbor=nobody", 404},
		{"name=nine", 400}, {"neighbor=nine&x=y", 400}, {"neighbor=", 400}};
	static struct bare b;

	bare_init(&b, yaml, 1);
	struct mgmt_updates *u = mgmt_updates_new(b.router);
	struct mgmt_live live = {.router = b.router, .updates = u};
	struct mgmt_update_reader *readers[UPDATES_READERS_MAX];
	struct mgmt_answer got;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		cr_assert(mgmt_live_handle(&live, "/v1/mrt/updates", rows[i].query, &got));
		cr_assert_eq(got.status, rows[i].status, "%s: %d", rows[i].query, got.status);
		cr_assert_eq(got.updates != NULL, got.status == 200);
		if (got.updates)
			mgmt_update_reader_free(got.updates);
		json_decref(got.body);
	}
	for (unsigned i = 0; i < UPDATES_READERS_MAX; i++)
		readers[i] = mgmt_update_reader_new(u, NULL, false);
	cr_assert(mgmt_live_handle(&live, "/v1/mrt/updates", "", &got));
	cr_assert_eq(got.status, 503);
	json_decref(got.body);
	for (unsigned i = 0; i < UPDATES_READERS_MAX; i++)
		mgmt_update_reader_free(readers[i]);
	mgmt_updates_free(u);
	bare_fini(&b);
}
