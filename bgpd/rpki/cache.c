/* The router's side of one session with a cache. */
#include "bgpd/rpki/cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

#define VERSION_FIRST 2
#define REFRESH_S     3600 /* RFC 8210 6 */
#define EXPIRE_S      7200
#define RETRY_S	      10
#define REFRESH_MIN_S 1
#define REFRESH_MAX_S 86400
#define EXPIRE_MIN_S  600
#define EXPIRE_MAX_S  172800
#define ANSWER_S                                                                                   \
	120 /* a query is to be answered; what follows it may take its time, but not stop */
#define NEVER	    UINT64_MAX
#define MAX_RECORDS 4000000

/* What was said since the query: not in force before End of Data. */
struct change {
	bool announce, aspa;
	struct rpki_roa roa;
	uint32_t customer, providers, n; /* providers: index into rpki_cache.as */
};

struct rpki_cache {
	struct rpki_cache_conf conf;
	struct rpki_roas *roas;
	struct rpki_aspas *aspas;
	enum rpki_state state;
	uint8_t version;
	bool has_session, full, answering;
	uint16_t session;
	uint32_t serial, refresh_s, expire_s;
	uint64_t since_ms, synced_ms, expires_ms, next_ms, answer_ms, errors;
	char error[128];
	struct change *change;
	uint32_t *as;
	size_t n_change, cap_change, n_as, cap_as;
	uint32_t n_aspas;
};

struct rpki_cache *rpki_cache_new(
	const struct rpki_cache_conf *conf, struct rpki_roas *roas, struct rpki_aspas *aspas)
{
	struct rpki_cache *c = calloc(1, sizeof *c);

	CHECK(c && conf->number < RPKI_CACHES_MAX);
	c->conf = *conf;
	if (!c->conf.max_records)
		c->conf.max_records = MAX_RECORDS;
	c->roas = roas;
	c->aspas = aspas;
	c->version = VERSION_FIRST;
	c->expires_ms = c->next_ms = c->answer_ms = NEVER;
	c->refresh_s = conf->refresh_s ? conf->refresh_s : REFRESH_S;
	c->expire_s = conf->expire_s ? conf->expire_s : EXPIRE_S;
	return c;
}

void rpki_cache_free(struct rpki_cache *c)
{
	if (!c)
		return;
	free(c->change);
	free(c->as);
	free(c);
}

static uint64_t in_s(uint64_t now_ms, uint32_t s)
{
	return now_ms + (uint64_t)s * 1000;
}

static void changes_drop(struct rpki_cache *c)
{
	free(c->change);
	free(c->as);
	c->change = NULL;
	c->as = NULL;
	c->n_change = c->cap_change = c->n_as = c->cap_as = 0;
	c->answering = false;
}

static void state_set(struct rpki_cache *c, enum rpki_state s, uint64_t now_ms)
{
	if (c->state != s)
		c->since_ms = now_ms;
	c->state = s;
}

/* The connection is gone or is to go: what was taken in stays until it expires, and in a while it is tried again. */
static void cache_wait(struct rpki_cache *c, uint64_t now_ms)
{
	changes_drop(c);
	state_set(c, c->expires_ms == NEVER ? RPKI_DOWN : RPKI_STALE, now_ms);
	c->answer_ms = NEVER;
	c->next_ms = in_s(now_ms, c->conf.retry_s ? c->conf.retry_s : RETRY_S);
}

static void pdu_send(
	const struct rpki_pdu *p, const uint8_t *at_fault, size_t len, struct rpki_asks *out)
{
	out->n_octets += rpki_pdu_put(
		out->octets + out->n_octets, sizeof out->octets - out->n_octets, p, at_fault, len);
}

/* The session is over through the cache's fault; with `report` it is told (RFC 8210 5.11). */
static void cache_fail(struct rpki_cache *c, enum rpki_error e, const char *why, bool report,
	uint64_t now_ms, struct rpki_asks *out)
{
	struct rpki_pdu p = {.version = c->version,
		.type = RPKI_ERROR_REPORT,
		.error = (uint16_t)e,
		.text = why,
		.text_len = strlen(why)};

	c->errors++;
	snprintf(c->error, sizeof c->error, "%s", why);
	snprintf(out->detail, sizeof out->detail, "%s", why);
	out->note = "rpki_cache_failed";
	if (report)
		pdu_send(&p, NULL, 0, out);
	out->close = true;
	c->has_session = false; /* and from the beginning next time */
	cache_wait(c, now_ms);
}

static void cache_query(struct rpki_cache *c, uint64_t now_ms, struct rpki_asks *out)
{
	struct rpki_pdu p = {.version = c->version,
		.type = c->has_session ? RPKI_SERIAL_QUERY : RPKI_RESET_QUERY,
		.session = c->session,
		.serial = c->serial};

	c->full = !c->has_session;
	c->answering = false;
	c->next_ms = NEVER;
	c->answer_ms = in_s(now_ms, ANSWER_S);
	pdu_send(&p, NULL, 0, out);
}

void rpki_cache_start(struct rpki_cache *c, uint64_t now_ms, struct rpki_asks *out)
{
	*out = (struct rpki_asks){.dial = true};
	if (c->expires_ms == NEVER)
		state_set(c, RPKI_CONNECTING, now_ms);
	c->next_ms = NEVER;
}

void rpki_cache_connected(struct rpki_cache *c, uint64_t now_ms, struct rpki_asks *out)
{
	*out = (struct rpki_asks){0};
	state_set(c, RPKI_SYNCING, now_ms);
	cache_query(c, now_ms, out);
}

void rpki_cache_lost(struct rpki_cache *c, uint64_t now_ms, struct rpki_asks *out)
{
	*out = (struct rpki_asks){0};
	if (c->state == RPKI_SYNCING || c->state == RPKI_SYNCED) {
		out->note = "rpki_cache_lost";
		snprintf(out->detail, sizeof out->detail, "the connection ended");
	}
	cache_wait(c, now_ms);
}

static bool cache_expire(struct rpki_cache *c)
{
	bool changed = rpki_roas_clear(c->roas, c->conf.number);

	changed |= rpki_aspas_clear(c->aspas, c->conf.number);
	c->n_aspas = 0;
	c->expires_ms = NEVER;
	c->has_session = false;
	return changed;
}

void rpki_cache_timer(struct rpki_cache *c, uint64_t now_ms, struct rpki_asks *out)
{
	*out = (struct rpki_asks){0};
	if (now_ms >= c->expires_ms) {
		out->changed = cache_expire(c);
		out->note = "rpki_cache_expired";
		if (c->state == RPKI_STALE)
			state_set(c, RPKI_DOWN, now_ms);
	}
	if (now_ms >= c->answer_ms) {
		cache_fail(c, RPKI_ERROR_INTERNAL, "no answer to a query", true, now_ms, out);
		return;
	}
	if (now_ms < c->next_ms)
		return;
	if (c->state == RPKI_SYNCED) {
		cache_query(c, now_ms, out);
		return;
	}
	c->next_ms = NEVER;
	out->dial = true;
	if (c->state == RPKI_DOWN)
		state_set(c, RPKI_CONNECTING, now_ms);
}

uint64_t rpki_cache_deadline(const struct rpki_cache *c)
{
	uint64_t at = c->expires_ms;

	at = c->next_ms < at ? c->next_ms : at;
	return c->answer_ms < at ? c->answer_ms : at;
}

/* --- what it says --- */

struct heard {
	struct rpki_cache *c;
	const struct rpki_pdu *p;
	uint64_t now_ms;
	struct rpki_asks *out;
};

static void heard_fail(const struct heard *h, enum rpki_error e, const char *why)
{
	cache_fail(h->c, e, why, true, h->now_ms, h->out);
}

static bool room_for(struct rpki_cache *c, unsigned n_as)
{
	if (c->n_change >= c->conf.max_records || c->n_as + n_as > c->conf.max_records)
		return false;
	if (c->n_change == c->cap_change) {
		c->cap_change = c->cap_change ? c->cap_change * 2 : 256;
		c->change = realloc(c->change, c->cap_change * sizeof *c->change);
		CHECK(c->change);
	}
	if (c->n_as + n_as > c->cap_as) {
		c->cap_as = (c->n_as + n_as) * 2;
		c->as = realloc(c->as, c->cap_as * sizeof *c->as);
		CHECK(c->as);
	}
	return true;
}

static void hear_notify(const struct heard *h)
{
	struct rpki_cache *c = h->c;

	if (c->state != RPKI_SYNCED || c->answer_ms != NEVER)
		return; /* RFC 8210 5.2: not while a query is open */
	if (c->has_session && h->p->session != c->session)
		c->has_session = false;
	if (!c->has_session || h->p->serial != c->serial)
		cache_query(c, h->now_ms, h->out);
}

static void hear_response(const struct heard *h)
{
	struct rpki_cache *c = h->c;

	if (c->answer_ms == NEVER || c->answering) {
		heard_fail(h, RPKI_ERROR_CORRUPT, "a response that was not asked for");
		return;
	}
	if (c->has_session && h->p->session != c->session) {
		heard_fail(h, RPKI_ERROR_CORRUPT, "another session than asked for");
		return;
	}
	c->session = h->p->session;
	c->answering = true;
}

static void hear_record(const struct heard *h)
{
	struct rpki_cache *c = h->c;
	const struct rpki_pdu *p = h->p;
	struct change *k;

	if (!c->answering) {
		heard_fail(h, RPKI_ERROR_CORRUPT, "data outside a response");
		return;
	}
	if (c->full && !p->announce) {
		heard_fail(h, RPKI_ERROR_WITHDRAWAL, "a withdrawal in a full answer");
		return;
	}
	if (!room_for(c, p->n_providers)) {
		heard_fail(h, RPKI_ERROR_INTERNAL, "more records than max-records");
		return;
	}
	k = &c->change[c->n_change++];
	*k = (struct change){.announce = p->announce,
		.aspa = p->type == RPKI_ASPA,
		.roa = p->roa,
		.customer = p->customer,
		.providers = (uint32_t)c->n_as,
		.n = p->n_providers};
	for (unsigned i = 0; i < p->n_providers; i++) {
		const uint8_t *o = p->providers + 4 * (size_t)i;

		c->as[c->n_as++] = (uint32_t)o[0] << 24 | o[1] << 16 | o[2] << 8 | o[3];
	}
	c->answer_ms = in_s(h->now_ms, ANSWER_S);
}

/* False: it repeats what it has said, or takes back what it has not. */
static bool change_apply(struct rpki_cache *c, const struct change *k, bool *changed)
{
	unsigned n = c->conf.number;
	uint32_t before = rpki_roas_count(c->roas, n), aspas = rpki_aspas_count(c->aspas);

	if (k->aspa && k->announce)
		*changed |= rpki_aspas_set(c->aspas, k->customer, c->as + k->providers, k->n, n);
	else if (k->aspa)
		*changed |= rpki_aspas_del(c->aspas, k->customer, n);
	else if (k->announce)
		*changed |= rpki_roas_add(c->roas, &k->roa, n);
	else
		*changed |= rpki_roas_del(c->roas, &k->roa, n);
	c->n_aspas += rpki_aspas_count(c->aspas) - aspas;
	return k->aspa || rpki_roas_count(c->roas, n) != before;
}

static bool changes_apply(struct rpki_cache *c, bool *changed)
{
	if (c->full)
		*changed = cache_expire(c);
	for (size_t i = 0; i < c->n_change; i++)
		if (!change_apply(c, &c->change[i], changed))
			return false;
	return true;
}

static uint32_t clamp(uint32_t n, uint32_t least, uint32_t most)
{
	return n < least ? least : n > most ? most : n;
}

static void hear_end(const struct heard *h)
{
	struct rpki_cache *c = h->c;
	const struct rpki_pdu *p = h->p;

	if (!c->answering || p->session != c->session) {
		heard_fail(h, RPKI_ERROR_CORRUPT, "an end of data that has no beginning");
		return;
	}
	if (!changes_apply(c, &h->out->changed)) {
		h->out->changed |= cache_expire(c);
		heard_fail(h, RPKI_ERROR_DUPLICATE, "said twice, or taken back what was not said");
		return;
	}
	changes_drop(c);
	if (p->version > 0 && !c->conf.refresh_s)
		c->refresh_s = clamp(p->refresh_s, REFRESH_MIN_S, REFRESH_MAX_S);
	if (p->version > 0 && !c->conf.expire_s)
		c->expire_s = clamp(p->expire_s, EXPIRE_MIN_S, EXPIRE_MAX_S);
	if (c->state != RPKI_SYNCED)
		h->out->note = "rpki_cache_synced";
	c->has_session = true;
	c->serial = p->serial;
	c->synced_ms = h->now_ms;
	c->expires_ms = in_s(h->now_ms, c->expire_s);
	c->next_ms = in_s(h->now_ms, c->refresh_s);
	c->answer_ms = NEVER;
	c->error[0] = 0;
	state_set(c, RPKI_SYNCED, h->now_ms);
}

static void hear_reset(const struct heard *h)
{
	h->c->has_session = false;
	cache_query(h->c, h->now_ms, h->out);
}

static void hear_error(const struct heard *h)
{
	struct rpki_cache *c = h->c;
	char why[96];

	if (h->p->error == RPKI_ERROR_VERSION && c->version > 0) {
		/* RFC 8210 7: at once, with what it knows */
		c->version = h->p->version < c->version ? h->p->version : c->version - 1;
		cache_fail(c, RPKI_ERROR_VERSION, "an older version is tried", false, h->now_ms,
			h->out);
		c->next_ms = h->now_ms;
		return;
	}
	snprintf(why, sizeof why, "error %u: %.*s", h->p->error,
		(int)(h->p->text_len < 60 ? h->p->text_len : 60), h->p->text ? h->p->text : "");
	cache_fail(c, RPKI_ERROR_INTERNAL, why, false, h->now_ms, h->out);
}

static void hear_nothing(const struct heard *h)
{
}

typedef void hear_fn(const struct heard *h);

static hear_fn *const hears[] = {
	[RPKI_SERIAL_NOTIFY] = hear_notify,
	[RPKI_CACHE_RESPONSE] = hear_response,
	[RPKI_IPV4_PREFIX] = hear_record,
	[RPKI_IPV6_PREFIX] = hear_record,
	[RPKI_END_OF_DATA] = hear_end,
	[RPKI_CACHE_RESET] = hear_reset,
	[RPKI_ROUTER_KEY] = hear_nothing,
	[RPKI_ERROR_REPORT] = hear_error,
	[RPKI_ASPA] = hear_record,
};

/* A cache that knows an older version answers in it (RFC 8210 7); later it may not change any more. */
static bool version_fits(struct rpki_cache *c, const struct rpki_pdu *p)
{
	if (p->version < c->version && c->full && !c->answering && p->type == RPKI_CACHE_RESPONSE)
		c->version = p->version;
	return p->version == c->version || p->type == RPKI_ERROR_REPORT ||
	       p->type == RPKI_SERIAL_NOTIFY;
}

static void heard_pdu(const struct heard *h)
{
	if (!version_fits(h->c, h->p))
		heard_fail(h, RPKI_ERROR_UNEXPECTED_VERSION, "another version than agreed");
	else if (h->p->type >= ARRAY_LEN(hears) || !hears[h->p->type])
		heard_fail(h, RPKI_ERROR_TYPE, "a query from a cache");
	else
		hears[h->p->type](h);
}

size_t rpki_cache_receive(struct rpki_cache *c, const uint8_t *octets, size_t len, uint64_t now_ms,
	struct rpki_asks *out)
{
	size_t at = 0;

	*out = (struct rpki_asks){0};
	while (at < len && !out->close) {
		struct rpki_pdu p;
		struct heard h = {.c = c, .p = &p, .now_ms = now_ms, .out = out};
		int n = rpki_pdu_get(octets + at, len - at, &p);

		if (n == 0)
			break;
		if (n < 0) {
			cache_fail(c, (enum rpki_error)(-1 - n), "a PDU that cannot be read", true,
				now_ms, out);
			break;
		}
		heard_pdu(&h);
		at += (size_t)n;
	}
	return out->close ? len : at;
}

void rpki_cache_show(const struct rpki_cache *c, struct rpki_cache_status *out)
{
	*out = (struct rpki_cache_status){.state = c->state,
		.version = c->version,
		.session = c->session,
		.serial = c->serial,
		.roas = rpki_roas_count(c->roas, c->conf.number),
		.aspas = c->n_aspas,
		.since_ms = c->since_ms,
		.synced_ms = c->synced_ms,
		.expires_ms = c->expires_ms,
		.errors = c->errors};
	snprintf(out->error, sizeof out->error, "%s", c->error);
}
