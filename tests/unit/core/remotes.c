/* Caches and stations come, change and go by a reload; who stays sees nothing of it. */
#include <criterion/criterion.h>
#include <string.h>

#include "bgpd/core/bmp.h"
#include "bgpd/core/rpki.h"
#include "tests/support/bare.h"
#include "tests/support/bmp_reader.h"
#include "tests/support/route.h"
#include "tests/unit/rpki/say.h"

#define CONFIG(remotes)                                                                            \
	"router: {name: rs, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"           \
	"policies:\n"                                                                              \
	"  - {name: origin, default: accept,\n"                                                    \
	"     rules: [{name: bad, match: {rpki: invalid}, action: reject, reason: "                \
	"rpki-invalid}]}\n"                                                                        \
	"neighbors:\n"                                                                             \
	"  - {address: 10.0.0.9, local-address: 10.0.0.1, as: 65009, families: [ipv4-unicast],\n"  \
	"     passive: true, hold-time: 0, import: origin, export: accept-all, name: from}\n"      \
	"  - {address: 10.0.0.8, local-address: 10.0.0.1, as: 65008, families: [ipv4-unicast],\n"  \
	"     passive: true, hold-time: 0, import: accept-all, export: accept-all, name: "         \
	"to}\n" remotes
#define CACHES(list)	    "rpki: {caches: [" list "]}\n"
#define STATIONS(list)	    "bmp: {stations: [" list "]}\n"
#define ONE(name, n, retry) "{name: " name ", address: 192.0.2." #n ", retry: " #retry "}"

enum { FROM, TO, REMOTES = 3, SESSION = 9, RETRY_S = 5 };
#define FROM_ADDR 0x0a000009

struct world {
	struct bare b;
	unsigned dials[REMOTES], closes[REMOTES];
	struct reader stations[REMOTES]; /* those that are */
};

static void on_remote(void *arg, const struct effect *e)
{
	struct world *w = arg;

	cr_assert_lt(e->remote, REMOTES);
	w->dials[e->remote] += e->kind == EFF_REMOTE_DIAL;
	w->closes[e->remote] += e->kind == EFF_REMOTE_CLOSE;
	if (e->kind == EFF_REMOTE_SEND &&
		w->b.router->conf->remotes[e->remote].kind == CONF_REMOTE_STATION)
		reader_take(&w->stations[e->remote], e->block->data, e->block->len);
}

static void announce(struct world *w, unsigned x, uint32_t origin)
{
	struct test_attrs a;

	test_attrs_init(&a, FROM_ADDR, (uint32_t[]){65009, origin}, 2);
	a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
	bare_route(&w->b, FROM, 0, x, WIRE_LABEL_NONE, &a.a);
}

static void start(struct world *w, const char *yaml)
{
	memset(w, 0, sizeof(*w));
	for (unsigned i = 0; i < REMOTES; i++)
		reader_init(&w->stations[i]);
	bare_open(&w->b, yaml, 1);
	w->b.remote = on_remote;
	w->b.remote_arg = w;
	bare_step(&w->b, &(struct event){.kind = EV_START});
	bare_up(&w->b, FROM);
	bare_up(&w->b, TO);
	announce(w, 1, 64501);
	announce(w, 2, 64502);
}

static void end(struct world *w)
{
	cr_expect_eq(w->b.refreshes[FROM], 0, "nobody was asked to send again");
	cr_expect_eq(w->b.notified[FROM][0], 0);
	for (unsigned i = 0; i < REMOTES; i++)
		reader_fini(&w->stations[i]);
	bare_fini(&w->b);
}

static void up(struct world *w, uint32_t which)
{
	reader_begin(&w->stations[which]);
	bare_step(&w->b, &(struct event){.kind = EV_REMOTE_UP, .remote_index = which});
}

/* 10.0.x.0/24 may come from AS 1 alone. */
static void forbid(struct world *w, uint32_t which, unsigned x)
{
	struct say s = {0};

	say_response(&s, 2, SESSION);
	say_roa(&s, 2, 1, x, 1);
	say_end(&s, 2, SESSION, 1, 3600, 60, 7200);
	bare_recv(&w->b, &(struct event){.kind = EV_REMOTE_RECV,
				 .remote_index = which,
				 .data = s.octets,
				 .len = s.len});
	bare_timer(&w->b, CORE_RPKI_AGAIN_MS);
}

static void reload(struct world *w, const char *yaml)
{
	bare_reload(&w->b, yaml);
	bare_timer(&w->b, CORE_RPKI_AGAIN_MS);
}

static bool told(const struct world *w, unsigned x)
{
	return w->b.told[TO][x];
}

static void check_calls(const struct world *w, unsigned which, unsigned dials, unsigned closes)
{
	cr_expect_eq(w->dials[which], dials, "%u: %u dials", which, w->dials[which]);
	cr_expect_eq(w->closes[which], closes, "%u: %u closes", which, w->closes[which]);
}

/* --- caches --- */

Test(remotes, a_cache_comes_and_goes_and_routes_with_it)
{
	static struct world w;

	start(&w, CONFIG(""));
	cr_expect(told(&w, 1) && told(&w, 2));
	reload(&w, CONFIG(CACHES(ONE("a", 1, 5))));
	check_calls(&w, 0, 1, 0);
	cr_expect(told(&w, 1) && told(&w, 2), "it has said nothing yet");
	up(&w, 0);
	forbid(&w, 0, 1);
	cr_expect(!told(&w, 1) && told(&w, 2));
	reload(&w, CONFIG(""));
	check_calls(&w, 0, 1, 1);
	cr_expect(told(&w, 1) && told(&w, 2), "what it said has gone");
	cr_expect_not(core_rpki_is_known(w.b.router));
	bare_timer(&w.b, 600000);
	check_calls(&w, 0, 1, 1);
	/* another one in its place knows nothing of what it said */
	reload(&w, CONFIG(CACHES(ONE("b", 2, 5))));
	check_calls(&w, 0, 2, 1);
	up(&w, 0);
	forbid(&w, 0, 2);
	cr_expect(told(&w, 1) && !told(&w, 2));
	end(&w);
}

Test(remotes, a_cache_that_stays_sees_nothing_and_one_that_changes_begins_anew)
{
	static struct world w;
	struct rpki_cache_status s;

	start(&w, CONFIG(CACHES(ONE("a", 1, 5) "," ONE("b", 2, 5))));
	for (uint32_t i = 0; i < 2; i++) {
		up(&w, i);
		forbid(&w, i, 1 + i);
	}
	cr_expect(!told(&w, 1) && !told(&w, 2));
	reload(&w, CONFIG(CACHES(ONE("c", 3, 5) "," ONE("b", 2, 6) "," ONE("a", 1, 5))));
	check_calls(&w, 0, 1, 0);
	check_calls(&w, 1, 2, 1);
	check_calls(&w, 2, 1, 0);
	cr_expect(!told(&w, 1) && told(&w, 2));
	rpki_cache_show(w.b.router->rpki->caches[0].cache, &s);
	cr_expect(s.state == RPKI_SYNCED && s.serial == 1 && s.session == SESSION);
	reload(&w, CONFIG(CACHES(ONE("c", 3, 5))));
	check_calls(&w, 0, 1, 1);
	check_calls(&w, 1, 2, 2);
	check_calls(&w, 2, 1, 0);
	cr_expect(told(&w, 1) && told(&w, 2));
	end(&w);
}

/* --- stations --- */

static struct reader_peer *from(struct world *w, unsigned which)
{
	return reader_find(&w->stations[which], 0, FROM_ADDR);
}

static bool knows(struct world *w, unsigned which, unsigned x)
{
	struct reader_peer *loc = reader_find(&w->stations[which], 0, 0);

	return from(w, which) && from(w, which)->up && from(w, which)->has[READER_PRE][x] && loc &&
	       loc->up && loc->has[READER_LOC][x];
}

Test(remotes, a_station_comes_to_sessions_that_stand)
{
	static struct world w;

	start(&w, CONFIG(""));
	reload(&w, CONFIG(STATIONS(ONE("s", 1, 5))));
	check_calls(&w, 0, 1, 0);
	up(&w, 0);
	cr_expect(knows(&w, 0, 1) && knows(&w, 0, 2));
	cr_expect_eq(from(&w, 0)->ups, 1);
	cr_expect_eq(from(&w, 0)->as, 65009);
	announce(&w, 3, 64503);
	cr_expect(knows(&w, 0, 3));
	end(&w);
}

Test(remotes, a_station_goes_with_a_word_and_another_hears_nothing_of_it)
{
	static struct world w;
	unsigned before;

	start(&w, CONFIG(STATIONS(ONE("s", 1, 5) "," ONE("t", 2, 5))));
	up(&w, 0);
	up(&w, 1);
	cr_expect(knows(&w, 0, 1) && knows(&w, 1, 1));
	before = w.stations[1].messages;
	reload(&w, CONFIG(STATIONS(ONE("t", 2, 5))));
	check_calls(&w, 0, 1, 1);
	check_calls(&w, 1, 1, 0);
	cr_expect_eq(w.stations[0].terminations, 1);
	cr_expect_eq(w.stations[1].messages, before);
	before = w.stations[0].messages;
	announce(&w, 3, 64503);
	cr_expect(knows(&w, 1, 3) && w.stations[0].messages == before);
	bare_timer(&w.b, 100 * RETRY_S * 1000);
	check_calls(&w, 0, 1, 1);
	end(&w);
}

Test(remotes, a_station_that_changes_or_takes_a_place_begins_anew)
{
	static struct world w;

	start(&w, CONFIG(STATIONS(ONE("s", 1, 5) "," ONE("t", 2, 5))));
	up(&w, 0);
	up(&w, 1);
	reload(&w, CONFIG(STATIONS(ONE("u", 3, 5) "," ONE("t", 2, 6))));
	for (unsigned i = 0; i < 2; i++) {
		check_calls(&w, i, 2, 1);
		cr_expect_eq(w.stations[i].terminations, 1);
		cr_expect_eq(w.b.router->bmp->stations[i].ups, 0);
		up(&w, i);
		cr_expect(knows(&w, i, 1) && knows(&w, i, 2));
	}
	announce(&w, 3, 64503);
	cr_expect(knows(&w, 0, 3) && knows(&w, 1, 3));
	reload(&w, CONFIG(""));
	reload(&w, CONFIG(STATIONS(ONE("s", 1, 5))));
	check_calls(&w, 0, 3, 2);
	check_calls(&w, 1, 2, 2);
	up(&w, 0);
	cr_expect(knows(&w, 0, 3));
	end(&w);
}

/* One that was never reached has no last words, and is not dialled again. */
Test(remotes, a_station_goes_that_was_never_up)
{
	static struct world w;

	start(&w, CONFIG(STATIONS(ONE("s", 1, 5))));
	bare_step(&w.b, &(struct event){.kind = EV_REMOTE_DOWN, .text = "refused"});
	reload(&w, CONFIG(""));
	bare_timer(&w.b, 100 * RETRY_S * 1000);
	check_calls(&w, 0, 1, 0);
	cr_expect_eq(w.stations[0].messages, 0);
	end(&w);
}
