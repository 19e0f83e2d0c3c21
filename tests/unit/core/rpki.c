/* Caches in a whole router: what they say moves routes that came before, at most once a second, and nobody is asked again. */
#include <criterion/criterion.h>
#include <string.h>

#include "bgpd/core/rpki.h"
#include "bgpd/wire/aspath.h"
#include "tests/support/bare.h"
#include "tests/support/route.h"
#include "tests/unit/rpki/say.h"

static const char yaml[] =
	"router: {name: rs, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"
	"rpki: {caches: [{name: one, address: 192.0.2.1, retry: 5, refresh: 20, expire: 60}, "
	"{name: two, address: "
	"192.0.2.2}]}\n"
	"policies:\n"
	"  - {name: origin, default: accept,\n"
	"     rules: [{name: bad, match: {rpki: invalid}, action: reject, reason: rpki-invalid}]}\n"
	"neighbors:\n"
	"  - {address: 10.0.0.9, local-address: 10.0.0.1, as: 65009, families: [ipv4-unicast],\n"
	"     passive: true, import: origin, export: accept-all, name: from}\n"
	"  - {address: 10.0.0.8, local-address: 10.0.0.1, as: 65008, families: [ipv4-unicast],\n"
	"     passive: true, import: accept-all, export: accept-all, name: to}\n";

enum { FROM, TO };
#define SESSION 9

struct world {
	struct bare b;
	unsigned dials[2], closes[2];
	uint8_t sent[64]; /* last, to a cache */
	size_t n_sent;
};

static void on_remote(void *arg, const struct effect *e)
{
	struct world *w = arg;

	cr_assert_lt(e->remote, 2);
	w->dials[e->remote] += e->kind == EFF_REMOTE_DIAL;
	w->closes[e->remote] += e->kind == EFF_REMOTE_CLOSE;
	if (e->kind != EFF_REMOTE_SEND)
		return;
	w->n_sent = e->block->len;
	memcpy(w->sent, e->block->data, w->n_sent < 64 ? w->n_sent : 64);
}

static void world_init(struct world *w)
{
	*w = (struct world){0};
	bare_open(&w->b, yaml, 1);
	w->b.remote = on_remote;
	w->b.remote_arg = w;
	bare_step(&w->b, &(struct event){.kind = EV_START});
	bare_up(&w->b, FROM);
	bare_up(&w->b, TO);
}

static void announce(struct world *w, unsigned x, uint32_t origin)
{
	struct test_attrs a;

	test_attrs_init(&a, 0x0a000009, (uint32_t[]){65009, origin}, 2);
	a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
	bare_route(&w->b, FROM, 0, x, WIRE_LABEL_NONE, &a.a);
}

static void remote(struct world *w, uint32_t which, enum event_kind kind)
{
	bare_step(&w->b, &(struct event){.kind = kind, .remote_index = which, .text = "refused"});
}

static void hear(struct world *w, uint32_t which, struct say *s)
{
	bare_recv(&w->b, &(struct event){.kind = EV_REMOTE_RECV,
				 .remote_index = which,
				 .data = s->octets,
				 .len = s->len});
	*s = (struct say){0};
}

/* 10.0.1.0/24 may come from this AS. */
static void answer(struct world *w, uint32_t which, uint32_t as)
{
	struct say s = {0};

	say_response(&s, 2, SESSION);
	say_roa(&s, 2, 1, 1, as);
	say_end(&s, 2, SESSION, 1, 3600, 60, 7200);
	hear(w, which, &s);
}

static bool told(const struct world *w, unsigned x)
{
	return w->b.told[TO][x];
}

Test(rpki, what_a_cache_says_moves_routes_that_came_before)
{
	struct world w;
	struct say s = {0};

	world_init(&w);
	cr_expect(w.dials[0] == 1 && w.dials[1] == 1);
	announce(&w, 1, 64501);
	announce(&w, 2, 64501);
	cr_expect(told(&w, 1) && told(&w, 2), "unknown passes");
	remote(&w, 0, EV_REMOTE_UP);
	cr_expect(w.n_sent == 8 && w.sent[1] == 2, "a reset query");
	say_response(&s, 2, SESSION);
	say_roa(&s, 2, 1, 1, 64500);
	hear(&w, 0, &s);
	cr_expect(told(&w, 1), "not before End of Data");
	say_end(&s, 2, SESSION, 1, 3600, 60, 7200);
	hear(&w, 0, &s);
	cr_expect(!told(&w, 1) && told(&w, 2));
	/* the second cache knows of another ROA */
	remote(&w, 1, EV_REMOTE_UP);
	answer(&w, 1, 64501);
	cr_expect_not(told(&w, 1), "not twice within a second");
	bare_timer(&w.b, CORE_RPKI_AGAIN_MS);
	cr_expect(told(&w, 1), "it was kept, and is valid now");
	cr_expect_eq(w.b.refreshes[FROM], 0);
	bare_fini(&w.b);
}

Test(rpki, many_changes_within_a_second_are_one)
{
	struct world w;
	struct say s = {0};

	world_init(&w);
	announce(&w, 1, 64501);
	remote(&w, 0, EV_REMOTE_UP);
	answer(&w, 0, 64500);
	cr_expect_eq(w.b.router->rpki->judged, 1);
	for (uint32_t serial = 2; serial < 40; serial++) {
		say_notify(&s, 2, SESSION, serial);
		hear(&w, 0, &s);
		say_response(&s, 2, SESSION);
		say_roa(&s, 2, serial % 2 == 0, 1, 64501);
		say_end(&s, 2, SESSION, serial, 3600, 60, 7200);
		hear(&w, 0, &s);
	}
	cr_expect_eq(w.b.router->rpki->judged, 1);
	bare_timer(&w.b, 10 * CORE_RPKI_AGAIN_MS);
	cr_expect_eq(w.b.router->rpki->judged, 2);
	cr_expect_not(told(&w, 1));
	bare_fini(&w.b);
}

Test(rpki, a_cache_is_dialled_again_and_its_data_expire)
{
	struct world w;

	world_init(&w);
	announce(&w, 1, 64501);
	remote(&w, 0, EV_REMOTE_DOWN);
	cr_expect_str_eq(w.b.noted, "rpki_down");
	bare_timer(&w.b, 4999);
	cr_expect_eq(w.dials[0], 1);
	bare_timer(&w.b, 1);
	cr_expect_eq(w.dials[0], 2);
	remote(&w, 0, EV_REMOTE_UP);
	answer(&w, 0, 64500);
	cr_expect_not(told(&w, 1));
	remote(&w, 0, EV_REMOTE_DOWN);
	bare_timer(&w.b, 59 * 1000);
	cr_expect_not(told(&w, 1));
	bare_timer(&w.b, 2000);
	cr_expect(told(&w, 1), "nothing is known any more");
	bare_fini(&w.b);
}

/* A cache that says nonsense costs its own session: its data stay, the neighbours do not notice. */
Test(rpki, nonsense_costs_the_cache_its_session)
{
	struct world w;
	struct say s = {0};

	world_init(&w);
	announce(&w, 1, 64501);
	remote(&w, 0, EV_REMOTE_UP);
	answer(&w, 0, 64500);
	say_roa(&s, 2, 1, 2, 64501);
	hear(&w, 0, &s);
	cr_expect_eq(w.closes[0], 1);
	cr_expect(w.sent[1] == 10, "an error report");
	cr_expect_str_eq(w.b.noted, "rpki_failed");
	cr_expect(!told(&w, 1) && w.b.conn[FROM] && w.b.conn[TO]);
	say_response(&s, 2, SESSION); /* what was under way when it was closed */
	hear(&w, 0, &s);
	cr_expect_eq(w.closes[0], 1);
	bare_step(&w.b, &(struct event){.kind = EV_STOP});
	cr_expect(w.closes[0] == 2 && w.closes[1] == 1);
	bare_fini(&w.b);
}

/* RFC 6811 2: the last AS of a sequence; none if a set ends the path; our own if there is no path. */
Test(rpki, origins)
{
	static const struct {
		uint8_t octets[20];
		uint16_t len;
		uint32_t origin;
	} rows[] = {{{2, 2, 0, 0, 0, 1, 0, 0, 0, 2}, 10, 2}, {{0}, 0, 65000},
		{{2, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 2}, 12, 0}, {{1, 1, 0, 0, 0, 1}, 6, 0},
		{{3, 1, 0, 0, 0, 1}, 6, 65000}, {{2, 1, 0, 0, 0, 1, 4, 1, 0, 0, 0, 2}, 12, 65000}};
	struct world w;

	world_init(&w);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct wire_attrs a = {.present = WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH),
			.as_path = {rows[i].octets, rows[i].len}};

		cr_expect_eq(core_rpki_origin(w.b.router, &a), rows[i].origin, "%zu", i);
	}
	bare_fini(&w.b);
}
