/* The session with a cache: versions, sessions, serials, errors, limits; and that nothing counts before End of Data. */
#include "bgpd/rpki/cache.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/unit/rpki/say.h"

#define SESSION 77
#define SECOND	1000

struct bed {
	struct rpki_roas *roas;
	struct rpki_aspas *aspas;
	struct rpki_cache *cache;
	struct rpki_asks asks; /* of the last step */
	struct rpki_pdu asked; /* the first PDU of it */
	uint64_t now;
};

static void bed_init(struct bed *b, struct rpki_cache_conf conf)
{
	*b = (struct bed){.roas = rpki_roas_new(1), .aspas = rpki_aspas_new(1), .now = 1000};
	b->cache = rpki_cache_new(&conf, b->roas, b->aspas);
	rpki_cache_start(b->cache, b->now, &b->asks);
	cr_assert(b->asks.dial);
}

static void bed_fini(struct bed *b)
{
	rpki_cache_free(b->cache);
	rpki_roas_free(b->roas);
	rpki_aspas_free(b->aspas);
}

static void asked(struct bed *b)
{
	b->asked = (struct rpki_pdu){.type = 255};
	if (b->asks.n_octets)
		cr_assert(gt(int, rpki_pdu_get(b->asks.octets, b->asks.n_octets, &b->asked), 0));
}

static void up(struct bed *b)
{
	rpki_cache_connected(b->cache, b->now, &b->asks);
	asked(b);
}

static void hear(struct bed *b, struct say *s)
{
	cr_assert(
		eq(sz, rpki_cache_receive(b->cache, s->octets, s->len, b->now, &b->asks), s->len));
	asked(b);
	*s = (struct say){0};
}

static void tick(struct bed *b, uint64_t ms)
{
	b->now += ms;
	rpki_cache_timer(b->cache, b->now, &b->asks);
	asked(b);
}

static struct rpki_cache_status show(const struct bed *b)
{
	struct rpki_cache_status s;

	rpki_cache_show(b->cache, &s);
	return s;
}

static enum pol_rov judge(const struct bed *b, uint8_t x, uint32_t as)
{
	struct ip_prefix p = {ip_addr_v4(0x0a000000u | (uint32_t)x << 8), 24};

	return rpki_roas_judge(b->roas, rpki_cache_has_data(b->cache), &p, as);
}

/* A whole answer: 10.0.1.0/24 by AS 1, 10.0.2.0/24 by AS 2. */
static void answer(struct bed *b, uint8_t version, uint32_t serial)
{
	struct say s = {0};

	say_response(&s, version, SESSION);
	say_roa(&s, version, 1, 1, 1);
	say_roa(&s, version, 1, 2, 2);
	say_end(&s, version, SESSION, serial, 300, 60, 900);
	hear(b, &s);
}

static void synced(struct bed *b, struct rpki_cache_conf conf)
{
	bed_init(b, conf);
	up(b);
	cr_assert(eq(int, b->asked.type, RPKI_RESET_QUERY));
	answer(b, 2, 5);
	cr_assert(eq(int, show(b).state, RPKI_SYNCED));
}

/* The session ended, and the cache was told why (or not: error -1). */
static void expect_failed(struct bed *b, int error)
{
	cr_expect(b->asks.close);
	if (error < 0) {
		cr_expect(eq(sz, b->asks.n_octets, 0));
		return;
	}
	cr_assert(eq(int, b->asked.type, RPKI_ERROR_REPORT), "%s", b->asks.detail);
	cr_expect(eq(int, b->asked.error, error), "%s", b->asks.detail);
}

Test(cache, nothing_counts_before_end_of_data)
{
	struct bed b;
	struct say s = {0};

	bed_init(&b, (struct rpki_cache_conf){0});
	up(&b);
	cr_expect(b.asked.type == RPKI_RESET_QUERY && b.asked.version == 2);
	say_response(&s, 2, SESSION);
	say_roa(&s, 2, 1, 1, 1);
	hear(&b, &s);
	cr_expect(not(b.asks.changed));
	cr_expect(eq(int, judge(&b, 1, 1), POL_ROV_UNKNOWN));
	cr_expect(eq(u32, rpki_roas_count(b.roas, 0), 0));
	say_end(&s, 2, SESSION, 5, 300, 60, 900);
	hear(&b, &s);
	cr_expect(b.asks.changed);
	cr_expect_str_eq(b.asks.note, "rpki_synced");
	cr_expect(eq(int, judge(&b, 1, 1), POL_ROV_VALID));
	cr_expect(eq(int, judge(&b, 1, 2), POL_ROV_INVALID));
	cr_expect(eq(int, judge(&b, 9, 2), POL_ROV_NOT_FOUND));
	bed_fini(&b);
}

/* Whatever an answer is cut into, the outcome is the same. */
Test(cache, octets_may_come_one_by_one)
{
	struct bed b;
	struct say s = {0};
	size_t taken = 0;

	bed_init(&b, (struct rpki_cache_conf){0});
	up(&b);
	say_notify(&s, 2, SESSION, 5); /* RFC 8210 5.2: not looked at now */
	say_response(&s, 2, SESSION);
	say_roa(&s, 2, 1, 1, 1);
	say_roa6(&s, 2, 1, 1, 1);
	say_end(&s, 2, SESSION, 5, 300, 60, 900);
	for (size_t n = 1; n <= s.len; n++) {
		taken += rpki_cache_receive(b.cache, s.octets + taken, n - taken, b.now, &b.asks);
		cr_assert(not(b.asks.close));
		cr_assert(eq(sz, b.asks.n_octets, 0));
	}
	cr_expect(eq(sz, taken, s.len));
	cr_expect(eq(u32, show(&b).roas, 2));
	cr_expect(eq(int, show(&b).state, RPKI_SYNCED));
	bed_fini(&b);
}

Test(cache, changes_are_asked_for_by_serial)
{
	struct bed b;
	struct say s = {0};

	synced(&b, (struct rpki_cache_conf){0});
	say_notify(&s, 2, SESSION, 5);
	hear(&b, &s);
	cr_expect(eq(sz, b.asks.n_octets, 0), "nothing is new");
	say_notify(&s, 2, SESSION, 6);
	hear(&b, &s);
	cr_expect(b.asked.type == RPKI_SERIAL_QUERY && b.asked.session == SESSION &&
		  b.asked.serial == 5);
	say_notify(&s, 2, SESSION, 7);
	hear(&b, &s);
	cr_expect(eq(sz, b.asks.n_octets, 0), "one query at a time");
	say_response(&s, 2, SESSION);
	say_roa(&s, 2, 0, 1, 1);
	say_roa(&s, 2, 1, 3, 3);
	hear(&b, &s);
	cr_expect(eq(int, judge(&b, 1, 1), POL_ROV_VALID));
	say_end(&s, 2, SESSION, 7, 300, 60, 900);
	hear(&b, &s);
	cr_expect(b.asks.changed);
	cr_expect(eq(int, judge(&b, 1, 1), POL_ROV_NOT_FOUND));
	cr_expect(eq(int, judge(&b, 2, 2), POL_ROV_VALID));
	cr_expect(eq(int, judge(&b, 3, 3), POL_ROV_VALID));
	cr_expect(eq(u32, show(&b).serial, 7));
	/* nothing new, asked by the refresh timer */
	tick(&b, 300 * SECOND);
	cr_expect(b.asked.type == RPKI_SERIAL_QUERY && b.asked.serial == 7);
	say_response(&s, 2, SESSION);
	say_end(&s, 2, SESSION, 7, 300, 60, 900);
	hear(&b, &s);
	cr_expect(not(b.asks.changed));
	bed_fini(&b);
}

Test(cache, a_new_session_begins_anew)
{
	struct bed b;
	struct say s = {0};

	synced(&b, (struct rpki_cache_conf){0});
	say_notify(&s, 2, SESSION + 1, 5);
	hear(&b, &s);
	cr_expect(eq(int, b.asked.type, RPKI_RESET_QUERY));
	say_response(&s, 2, SESSION + 1);
	say_roa(&s, 2, 1, 2, 2);
	cr_expect(eq(int, judge(&b, 1, 1), POL_ROV_VALID), "the old set stands");
	say_end(&s, 2, SESSION + 1, 1, 300, 60, 900);
	hear(&b, &s);
	cr_expect(eq(int, judge(&b, 1, 1), POL_ROV_NOT_FOUND));
	cr_expect(eq(int, judge(&b, 2, 2), POL_ROV_VALID));
	cr_expect(eq(int, show(&b).session, SESSION + 1));
	bed_fini(&b);
}

Test(cache, another_session_than_asked_for_ends_it)
{
	struct bed b;
	struct say s = {0};

	synced(&b, (struct rpki_cache_conf){0});
	tick(&b, 300 * SECOND);
	say_response(&s, 2, SESSION + 1);
	hear(&b, &s);
	expect_failed(&b, RPKI_ERROR_CORRUPT);
	cr_expect(eq(int, judge(&b, 1, 1), POL_ROV_VALID), "its data stay");
	up(&b);
	cr_expect(eq(int, b.asked.type, RPKI_RESET_QUERY));
	bed_fini(&b);
}

Test(cache, a_cache_reset_is_a_full_answer)
{
	struct bed b;
	struct say s = {0};

	synced(&b, (struct rpki_cache_conf){0});
	tick(&b, 300 * SECOND);
	say_head(&s, 2, RPKI_CACHE_RESET, 0, 8);
	hear(&b, &s);
	cr_expect(eq(int, b.asked.type, RPKI_RESET_QUERY));
	cr_expect(eq(int, judge(&b, 1, 1), POL_ROV_VALID));
	answer(&b, 2, 9);
	cr_expect(not(b.asks.changed), "the same once more");
	/* one that answers nothing, and one that answers a reset query, would go round for ever */
	say_head(&s, 2, RPKI_CACHE_RESET, 0, 8);
	hear(&b, &s);
	expect_failed(&b, RPKI_ERROR_CORRUPT);
	up(&b);
	say_head(&s, 2, RPKI_CACHE_RESET, 0, 8);
	hear(&b, &s);
	expect_failed(&b, RPKI_ERROR_CORRUPT);
	bed_fini(&b);
}

static void older(struct bed *b, uint8_t version, bool by_error)
{
	struct say s = {0};

	bed_init(b, (struct rpki_cache_conf){.retry_s = 30});
	for (uint8_t v = 2; by_error && v > version; v--) {
		up(b);
		cr_expect(eq(int, b->asked.version, v));
		say_error(&s, by_error ? (uint8_t)(v - 1) : version, RPKI_ERROR_VERSION, "");
		hear(b, &s);
		expect_failed(b, -1);
		cr_expect(eq(u64, rpki_cache_deadline(b->cache), b->now), "at once");
		tick(b, 0);
		cr_expect(b->asks.dial);
	}
	up(b);
	cr_expect(eq(int, b->asked.version, by_error ? version : 2));
	answer(b, version, 5);
	cr_expect(eq(int, show(b).state, RPKI_SYNCED));
	cr_expect(eq(int, show(b).version, version));
	cr_expect(eq(int, judge(b, 1, 1), POL_ROV_VALID));
	bed_fini(b);
}

Test(cache, older_versions_down_to_0)
{
	struct bed b;

	for (uint8_t version = 0; version <= 2; version++) {
		older(&b, version, true);
		older(&b, version, false);
	}
}

/* One that refuses version 0 as well is asked again after a while, not at once, and from the beginning. */
Test(cache, no_version_at_all)
{
	struct bed b;
	struct say s = {0};

	bed_init(&b, (struct rpki_cache_conf){.retry_s = 30});
	for (unsigned i = 0; i < 3; i++) {
		up(&b);
		cr_expect(eq(int, b.asked.version, 2 - i));
		say_error(&s, 0, RPKI_ERROR_VERSION, "");
		s.octets[0] = (uint8_t)(i == 0 ? 1 : 0);
		hear(&b, &s);
		expect_failed(&b, -1);
	}
	cr_expect(eq(u64, rpki_cache_deadline(b.cache), b.now + 30 * SECOND));
	up(&b);
	cr_expect(eq(int, b.asked.version, 2));
	bed_fini(&b);
}

Test(cache, the_version_stays)
{
	struct bed b;
	struct say s = {0};

	synced(&b, (struct rpki_cache_conf){0});
	say_notify(&s, 1, SESSION, 6);
	hear(&b, &s);
	expect_failed(&b, RPKI_ERROR_UNEXPECTED_VERSION);
	up(&b);
	say_response(&s, 2, SESSION);
	say_roa(&s, 1, 1, 1, 1);
	hear(&b, &s);
	expect_failed(&b, RPKI_ERROR_UNEXPECTED_VERSION);
	up(&b);
	say_response(&s, 3, SESSION);
	hear(&b, &s);
	expect_failed(&b, RPKI_ERROR_VERSION);
	bed_fini(&b);
}

/* What must not come ends the session with the right word, and what was said before stands. */
Test(cache, wrong_words)
{
	static const uint32_t unsorted[] = {20, 10}, twice[] = {10, 10}, zero[] = {0, 10},
			      one[] = {10};
	static const struct {
		bool full; /* asked by a reset query */
		uint8_t what;
		int error;
	} rows[] = {{true, 'r', RPKI_ERROR_CORRUPT}, {true, 'w', RPKI_ERROR_WITHDRAWAL},
		{true, 'd', RPKI_ERROR_DUPLICATE}, {false, 'D', RPKI_ERROR_DUPLICATE},
		{false, 'u', RPKI_ERROR_WITHDRAWAL}, {false, 'W', RPKI_ERROR_WITHDRAWAL},
		{true, 'q', RPKI_ERROR_TYPE}, {true, 't', RPKI_ERROR_TYPE},
		{true, 's', RPKI_ERROR_CORRUPT}, {true, '0', RPKI_ERROR_PROVIDERS},
		{true, '1', RPKI_ERROR_PROVIDERS}, {true, '2', RPKI_ERROR_PROVIDERS},
		{true, '3', RPKI_ERROR_PROVIDERS}, {false, '4', RPKI_ERROR_WITHDRAWAL}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bed b;
		struct say s = {0};

		synced(&b, (struct rpki_cache_conf){0});
		if (rows[i].full)
			say_notify(&s, 2, SESSION + 1, 1);
		else
			say_notify(&s, 2, SESSION, 6);
		hear(&b, &s);
		say_response(&s, 2, (uint16_t)(SESSION + rows[i].full));
		switch (rows[i].what) {
		case 'r':
			say_response(&s, 2, SESSION + 1);
			break;
		case 'w':
			say_roa(&s, 2, 0, 1, 1);
			break;
		case 'd':
			say_roa(&s, 2, 1, 4, 4);
			say_roa(&s, 2, 1, 4, 4);
			break;
		case 'D':
			say_roa(&s, 2, 1, 1, 1);
			break;
		case 'u':
			say_roa(&s, 2, 0, 1, 2);
			break;
		case 'W':
			say_roa(&s, 2, 0, 1, 1);
			say_roa(&s, 2, 0, 1, 1);
			break;
		case 'q':
			say_head(&s, 2, RPKI_RESET_QUERY, 0, 8);
			break;
		case 't':
			say_head(&s, 2, 5, 0, 8);
			break;
		case 's':
			say_end(&s, 2, SESSION, 6, 300, 60, 900);
			break;
		case '0':
			say_aspa(&s, 1, 1, NULL, 0);
			break;
		case '1':
			say_aspa(&s, 1, 1, unsorted, 2);
			break;
		case '2':
			say_aspa(&s, 1, 1, twice, 2);
			break;
		case '3':
			say_aspa(&s, 1, 1, zero, 2);
			break;
		case '4':
			say_aspa(&s, 0, 1, one, 0);
			break;
		}
		hear(&b, &s);
		expect_failed(&b, rows[i].error);
		cr_expect(not(b.asks.changed));
		cr_expect(eq(int, judge(&b, 1, 1), POL_ROV_VALID), "%c", rows[i].what);
		cr_expect(eq(int, judge(&b, 4, 4), POL_ROV_NOT_FOUND), "%c", rows[i].what);
		cr_expect(eq(u32, show(&b).roas, 2));
		cr_expect(eq(int, show(&b).state, RPKI_STALE));
		bed_fini(&b);
	}
}

/* RFC 8210 5.11: with the PDU at fault; never as the answer to an error report. */
Test(cache, error_reports)
{
	struct bed b;
	struct say s = {0};

	synced(&b, (struct rpki_cache_conf){.retry_s = 30});
	say_roa(&s, 2, 1, 4, 4);
	hear(&b, &s);
	expect_failed(&b, RPKI_ERROR_CORRUPT);
	cr_expect(eq(int, b.asks.octets[11], 20));
	cr_expect(eq(int, b.asks.octets[13], RPKI_IPV4_PREFIX));
	up(&b);
	say_error(&s, 2, RPKI_ERROR_NO_DATA, "not \"yet\"\x1b[2J");
	hear(&b, &s);
	expect_failed(&b, -1);
	cr_expect_str_eq(show(&b).error, "it reports error 2: not .yet..[2J");
	cr_expect(eq(u64, rpki_cache_deadline(b.cache), b.now + 30 * SECOND));
	cr_expect(eq(u64, show(&b).errors, 2));
	up(&b);
	say_error(&s, 2, RPKI_ERROR_INTERNAL, "text");
	s.octets[15] = 0xff; /* is not that long */
	hear(&b, &s);
	expect_failed(&b, -1);
	cr_expect(eq(int, judge(&b, 1, 1), POL_ROV_VALID));
	bed_fini(&b);
}

Test(cache, lost_data_stay_until_they_expire)
{
	struct bed b;

	synced(&b, (struct rpki_cache_conf){.retry_s = 30});
	rpki_cache_lost(b.cache, "cut", b.now, &b.asks);
	cr_expect(eq(int, show(&b).state, RPKI_STALE));
	cr_expect_str_eq(show(&b).error, "cut");
	tick(&b, 30 * SECOND);
	cr_expect(b.asks.dial);
	rpki_cache_lost(b.cache, "refused", b.now, &b.asks);
	cr_expect(eq(int, judge(&b, 1, 1), POL_ROV_VALID));
	tick(&b, 869 * SECOND);
	cr_expect(eq(int, judge(&b, 1, 1), POL_ROV_VALID));
	cr_expect(not(b.asks.changed));
	rpki_cache_lost(b.cache, "refused", b.now, &b.asks);
	tick(&b, 1 * SECOND);
	cr_expect(b.asks.changed);
	cr_expect_str_eq(b.asks.note, "rpki_expired");
	cr_expect(eq(int, judge(&b, 1, 1), POL_ROV_UNKNOWN));
	cr_expect(eq(u32, show(&b).roas, 0));
	cr_expect(eq(int, show(&b).state, RPKI_DOWN));
	bed_fini(&b);
}

/* Back before that, it goes on where it was. */
Test(cache, back_in_time)
{
	struct bed b;
	struct say s = {0};

	synced(&b, (struct rpki_cache_conf){0});
	rpki_cache_lost(b.cache, "cut", b.now, &b.asks);
	b.now += 100 * SECOND;
	up(&b);
	cr_expect(b.asked.type == RPKI_SERIAL_QUERY && b.asked.session == SESSION &&
		  b.asked.serial == 5);
	say_response(&s, 2, SESSION);
	say_end(&s, 2, SESSION, 5, 300, 60, 900);
	hear(&b, &s);
	cr_expect(not(b.asks.changed));
	cr_expect_str_eq(b.asks.note, "rpki_synced");
	bed_fini(&b);
}

/* One that is cut off in the middle of an answer has said nothing. */
Test(cache, half_an_answer_is_none)
{
	struct bed b;
	struct say s = {0};

	synced(&b, (struct rpki_cache_conf){0});
	tick(&b, 300 * SECOND);
	say_response(&s, 2, SESSION);
	say_roa(&s, 2, 0, 1, 1);
	say_roa(&s, 2, 1, 4, 4);
	hear(&b, &s);
	rpki_cache_lost(b.cache, "cut", b.now, &b.asks);
	cr_expect(eq(int, judge(&b, 1, 1), POL_ROV_VALID));
	up(&b);
	say_response(&s, 2, SESSION);
	say_roa(&s, 2, 1, 4, 4); /* had it counted, this would be twice */
	say_end(&s, 2, SESSION, 6, 300, 60, 900);
	hear(&b, &s);
	cr_expect(not(b.asks.close));
	cr_expect(eq(u32, show(&b).roas, 3));
	bed_fini(&b);
}

Test(cache, one_that_does_not_answer)
{
	struct bed b;

	synced(&b, (struct rpki_cache_conf){0});
	tick(&b, 300 * SECOND);
	cr_expect(eq(int, b.asked.type, RPKI_SERIAL_QUERY));
	tick(&b, 120 * SECOND);
	expect_failed(&b, RPKI_ERROR_INTERNAL);
	cr_expect(eq(int, judge(&b, 1, 1), POL_ROV_VALID));
	bed_fini(&b);
}

/* Its own intervals (RFC 8210 6), within bounds; ours go before; refresh never comes after expire. */
Test(cache, intervals)
{
	static const struct {
		uint32_t refresh, expire, conf_refresh, conf_expire, want_refresh, want_expire;
	} rows[] = {{300, 900, 0, 0, 300, 900}, {0, 0, 0, 0, 1, 600},
		{~0u, ~0u, 0, 0, 86400, 172800}, {300, 900, 20, 40, 20, 40},
		{3600, 7200, 0, 60, 30, 60}, {900, 900, 0, 0, 450, 900}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bed b;
		struct say s = {0};

		bed_init(&b, (struct rpki_cache_conf){.refresh_s = rows[i].conf_refresh,
				     .expire_s = rows[i].conf_expire});
		up(&b);
		say_response(&s, 2, SESSION);
		say_end(&s, 2, SESSION, 5, rows[i].refresh, 60, rows[i].expire);
		hear(&b, &s);
		cr_expect(eq(u64, rpki_cache_deadline(b.cache),
			b.now + rows[i].want_refresh * (uint64_t)SECOND));
		cr_expect(eq(
			u64, show(&b).expires_ms, b.now + rows[i].want_expire * (uint64_t)SECOND));
		bed_fini(&b);
	}
}

Test(cache, max_records)
{
	struct bed b;
	struct say s = {0};

	bed_init(&b, (struct rpki_cache_conf){.max_records = 3});
	up(&b);
	say_response(&s, 2, SESSION);
	for (uint8_t x = 1; x <= 4; x++)
		say_roa(&s, 2, 1, x, x);
	hear(&b, &s);
	expect_failed(&b, RPKI_ERROR_INTERNAL);
	cr_expect(eq(u32, rpki_roas_count(b.roas, 0), 0));
	/* nor little by little */
	up(&b);
	answer(&b, 2, 5);
	cr_expect(eq(int, show(&b).state, RPKI_SYNCED));
	for (uint8_t x = 3; x <= 4; x++) {
		say_notify(&s, 2, SESSION, 3u + x);
		hear(&b, &s);
		say_response(&s, 2, SESSION);
		say_roa(&s, 2, 1, x, x);
		say_end(&s, 2, SESSION, 3u + x, 300, 60, 900);
		hear(&b, &s);
		cr_expect(eq(int, b.asks.close, x == 4));
	}
	cr_expect(eq(u32, rpki_roas_count(b.roas, 0), 3));
	bed_fini(&b);
}

Test(cache, aspas_come_with_version_2)
{
	static const uint32_t ten[] = {10}, both[] = {10, 20};
	struct bed b;
	struct say s = {0};

	bed_init(&b, (struct rpki_cache_conf){0});
	up(&b);
	say_response(&s, 2, SESSION);
	say_aspa(&s, 1, 1, ten, 1);
	say_aspa(&s, 1, 2, both, 2);
	say_end(&s, 2, SESSION, 5, 300, 60, 900);
	hear(&b, &s);
	cr_expect(eq(u32, show(&b).aspas, 2));
	tick(&b, 300 * SECOND);
	say_response(&s, 2, SESSION);
	say_aspa(&s, 1, 1, both, 2); /* replaces */
	say_aspa(&s, 0, 2, NULL, 0);
	say_end(&s, 2, SESSION, 6, 300, 60, 900);
	hear(&b, &s);
	cr_expect(b.asks.changed);
	cr_expect(eq(u32, show(&b).aspas, 1));
	/* one with a list that is none: next time without ASPAs */
	tick(&b, 300 * SECOND);
	say_response(&s, 2, SESSION);
	say_aspa(&s, 1, 3, NULL, 0);
	hear(&b, &s);
	expect_failed(&b, RPKI_ERROR_PROVIDERS);
	up(&b);
	cr_expect(b.asked.type == RPKI_RESET_QUERY && b.asked.version == 1);
	bed_fini(&b);
}

/* What expires while it is being changed is asked for as a whole. */
Test(cache, expiry_while_it_answers)
{
	struct bed b;
	struct say s = {0};

	synced(&b, (struct rpki_cache_conf){.refresh_s = 85, .expire_s = 90});
	tick(&b, 85 * SECOND);
	say_response(&s, 2, SESSION);
	say_roa(&s, 2, 0, 1, 1);
	hear(&b, &s);
	tick(&b, 5 * SECOND);
	cr_expect(b.asks.close && b.asks.changed);
	cr_expect(eq(int, judge(&b, 1, 1), POL_ROV_UNKNOWN));
	up(&b);
	cr_expect(eq(int, b.asked.type, RPKI_RESET_QUERY));
	answer(&b, 2, 6);
	cr_expect(eq(int, judge(&b, 1, 1), POL_ROV_VALID));
	bed_fini(&b);
}
