/*
 * What a cache may say, over several connections: whole, and cut into octets. Both sessions must come to the same. A connection is two octets
 * of length, one of what happens before it (1: the refresh timer), and the stream.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "bgpd/rpki/cache.h"
#include "lib/check.h"

#define FUZZ_MAX     8192
#define FUZZ_RECORDS 40

struct side {
	struct rpki_roas *roas;
	struct rpki_aspas *aspas;
	struct rpki_cache *cache;
	struct rpki_asks asks;
	uint64_t now_ms;
};

static void side_init(struct side *s)
{
	const struct rpki_cache_conf conf = {
		.number = 3, .retry_s = 30, .max_records = FUZZ_RECORDS};

	*s = (struct side){.roas = rpki_roas_new(1), .aspas = rpki_aspas_new(1), .now_ms = 1000};
	s->cache = rpki_cache_new(&conf, s->roas, s->aspas);
	rpki_cache_start(s->cache, s->now_ms, &s->asks);
}

/* All that it said goes with it. */
static void side_fini(struct side *s)
{
	struct rpki_cache_status status;

	rpki_cache_lost(s->cache, "end", s->now_ms, &s->asks);
	rpki_cache_timer(s->cache, s->now_ms + 172800001, &s->asks);
	rpki_cache_show(s->cache, &status);
	CHECK(status.roas == 0 && status.aspas == 0 &&
		rpki_roas_count(s->roas, RPKI_CACHES_MAX) == 0);
	CHECK(rpki_aspas_count(s->aspas, RPKI_CACHES_MAX) == 0 &&
		rpki_aspas_providers(s->aspas, 3) == 0);
	rpki_cache_free(s->cache);
	rpki_roas_free(s->roas);
	rpki_aspas_free(s->aspas);
}

/* False: the session is over. */
static bool side_hear(struct side *s, const uint8_t *data, size_t len, size_t *taken)
{
	uint32_t roas = rpki_roas_count(s->roas, 3), aspas = rpki_aspas_count(s->aspas, 3);

	*taken = rpki_cache_receive(s->cache, data, len, s->now_ms, &s->asks);
	CHECK(*taken <= len && s->asks.n_octets <= RPKI_OUT_MAX && !s->asks.dial);
	CHECK(s->asks.changed ||
		(rpki_roas_count(s->roas, 3) == roas && rpki_aspas_count(s->aspas, 3) == aspas));
	CHECK(rpki_roas_count(s->roas, 3) <= FUZZ_RECORDS);
	CHECK(rpki_roas_count(s->roas, 3) == rpki_roas_count(s->roas, RPKI_CACHES_MAX));
	CHECK(!s->asks.changed || rpki_cache_has_data(s->cache));
	return !s->asks.close;
}

static void side_connection(
	struct side *s, const uint8_t *data, size_t len, bool whole, bool refresh)
{
	size_t at = 0, taken;

	if (refresh) {
		s->now_ms += 1000000;
		rpki_cache_timer(s->cache, s->now_ms, &s->asks);
	}
	rpki_cache_connected(s->cache, s->now_ms, &s->asks);
	if (whole) {
		side_hear(s, data, len, &taken);
		len = 0;
	}
	for (size_t have = 1; have <= len; have++) {
		if (!side_hear(s, data + at, have - at, &taken))
			break;
		at += taken;
	}
	rpki_cache_lost(s->cache, "end", s->now_ms, &s->asks);
}

static void same(const struct side *a, const struct side *b)
{
	struct rpki_cache_status x, y;

	rpki_cache_show(a->cache, &x);
	rpki_cache_show(b->cache, &y);
	CHECK(x.state == y.state && x.version == y.version && x.session == y.session &&
		x.serial == y.serial && x.roas == y.roas && x.aspas == y.aspas &&
		x.expires_ms == y.expires_ms && x.errors == y.errors);
	CHECK(rpki_cache_deadline(a->cache) == rpki_cache_deadline(b->cache));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct side whole, cut;

	if (len > FUZZ_MAX)
		return 0;
	side_init(&whole);
	side_init(&cut);
	while (len >= 3) {
		size_t n = (size_t)data[0] << 8 | data[1];
		bool refresh = data[2] & 1;

		data += 3;
		len -= 3;
		n = n < len ? n : len;
		side_connection(&whole, data, n, true, refresh);
		side_connection(&cut, data, n, false, refresh);
		same(&whole, &cut);
		data += n;
		len -= n;
	}
	side_fini(&whole);
	side_fini(&cut);
	return 0;
}
