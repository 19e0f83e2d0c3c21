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
#define NEVER	     UINT64_MAX
#define MAX_RECORDS  4000000
#define AT_FAULT_MAX 128 /* octets that are sent back (RFC 8210 5.11 lets it be cut) */

struct rpki_cache {
	struct rpki_cache_conf conf;
	struct rpki_roas *roas;
	struct rpki_aspas *aspas;
	enum rpki_state state;
	uint8_t version;
	bool has_session, full, answering;
	bool has_answered; /* on this connection: the version is agreed */
	uint16_t session;
	uint32_t serial, refresh_s, expire_s;
	uint64_t since_ms, synced_ms, expires_ms, next_ms, answer_ms, errors;
	char error[128];
	uint32_t said, providers;	/* in the answer that is under way */
	uint8_t at_fault[AT_FAULT_MAX]; /* the PDU that ended the session */
	size_t at_fault_len;
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
	free(c);
}

static uint64_t in_s(uint64_t now_ms, uint32_t s)
{
	return now_ms + (uint64_t)s * 1000;
}

/* What was said since the query is forgotten. */
static void answer_drop(struct rpki_cache *c)
{
	if (c->answering) {
		rpki_roas_forget(c->roas, c->conf.number);
		rpki_aspas_forget(c->aspas, c->conf.number);
	}
	c->answering = false;
	c->said = 0;
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
	answer_drop(c);
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
	out->note = "rpki_failed";
	if (report)
		pdu_send(&p, c->at_fault, c->at_fault_len, out);
	c->at_fault_len = 0;
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

	answer_drop(c);
	c->full = !c->has_session;
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
	c->has_answered = false;
	c->at_fault_len = 0;
	cache_query(c, now_ms, out);
}

void rpki_cache_lost(struct rpki_cache *c, const char *why, uint64_t now_ms, struct rpki_asks *out)
{
	*out = (struct rpki_asks){0};
	snprintf(c->error, sizeof c->error, "%s", why);
	cache_wait(c, now_ms);
}

static bool cache_expire(struct rpki_cache *c)
{
	bool changed = rpki_roas_clear(c->roas, c->conf.number);

	changed |= rpki_aspas_clear(c->aspas, c->conf.number);
	c->expires_ms = NEVER;
	c->has_session = false;
	return changed;
}

/* Its data are too old. What changes them would have nothing to change: all of it is asked for. */
static void cache_too_old(struct rpki_cache *c, uint64_t now_ms, struct rpki_asks *out)
{
	bool asked = c->answer_ms != NEVER;

	if (asked && !c->full) {
		out->changed = cache_expire(c);
		cache_fail(c, RPKI_ERROR_INTERNAL, "the data expired before the answer came", true,
			now_ms, out);
		return;
	}
	out->changed = cache_expire(c);
	out->note = "rpki_expired";
	if (c->state == RPKI_STALE)
		state_set(c, RPKI_DOWN, now_ms);
	if (c->state == RPKI_SYNCED && !asked)
		cache_query(c, now_ms, out);
}

void rpki_cache_timer(struct rpki_cache *c, uint64_t now_ms, struct rpki_asks *out)
{
	*out = (struct rpki_asks){0};
	if (now_ms >= c->expires_ms)
		cache_too_old(c, now_ms, out);
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
	c->answering = c->has_answered = true;
}

/* A cache must not fill the memory: neither in one answer nor little by little. */
static bool room_for(struct rpki_cache *c, const struct rpki_pdu *p)
{
	unsigned number = c->conf.number;
	uint64_t have = c->full ? 0
				: (uint64_t)rpki_roas_count(c->roas, number) +
					  rpki_aspas_count(c->aspas, number);

	return c->said < c->conf.max_records &&
	       (!p->announce || have + c->said < c->conf.max_records) &&
	       rpki_aspas_providers(c->aspas, number) + p->n_providers <=
		       2 * (uint64_t)c->conf.max_records;
}

/* Ascending, none twice, AS 0 by itself; none at all when it is taken back (8210bis 5.12). */
static bool aspa_read(const struct rpki_pdu *p, uint32_t *as)
{
	for (unsigned i = 0; i < p->n_providers; i++) {
		const uint8_t *o = p->providers + 4 * (size_t)i;

		as[i] = (uint32_t)o[0] << 24 | o[1] << 16 | o[2] << 8 | o[3];
		if (i && as[i] <= as[i - 1])
			return false;
	}
	if (!p->announce)
		return p->n_providers == 0;
	return p->n_providers == 1 || (p->n_providers > 1 && as[0] != 0);
}

static void hear_said(const struct heard *h, enum rpki_said said)
{
	if (said == RPKI_SAID_TWICE)
		heard_fail(h, RPKI_ERROR_DUPLICATE, "announced twice");
	else if (said == RPKI_SAID_UNKNOWN)
		heard_fail(h, RPKI_ERROR_WITHDRAWAL, "taken back what was not announced");
}

static void hear_aspa(const struct heard *h)
{
	struct rpki_cache *c = h->c;
	const struct rpki_pdu *p = h->p;
	uint32_t as[RPKI_PROVIDERS_MAX];

	if (p->ipv6)
		return;
	if (aspa_read(p, as)) {
		hear_said(h, rpki_aspas_say(c->aspas, p->customer, as, p->n_providers, p->announce,
				     c->full, c->conf.number));
		return;
	}
	heard_fail(h, RPKI_ERROR_PROVIDERS, "an ASPA whose list of providers is not in order");
	/* a cache of an older draft has other ASPAs in its version 2: without them it is understood */
	c->version = 1;
}

static void hear_record(const struct heard *h)
{
	struct rpki_cache *c = h->c;
	const struct rpki_pdu *p = h->p;

	if (!c->answering) {
		heard_fail(h, RPKI_ERROR_CORRUPT, "data outside a response");
		return;
	}
	if (!room_for(c, p)) {
		heard_fail(h, RPKI_ERROR_INTERNAL, "more records than max-records");
		return;
	}
	c->said++;
	c->answer_ms = in_s(h->now_ms, ANSWER_S);
	if (p->type == RPKI_ASPA)
		hear_aspa(h);
	else
		hear_said(h, rpki_roas_say(c->roas, &p->roa, p->announce, c->full, c->conf.number));
}

static void hear_key(const struct heard *h)
{
	if (!h->c->answering)
		heard_fail(h, RPKI_ERROR_CORRUPT, "data outside a response");
	else
		h->c->answer_ms = in_s(h->now_ms, ANSWER_S);
}

static uint32_t clamp(uint32_t n, uint32_t least, uint32_t most)
{
	return n < least ? least : n > most ? most : n;
}

/* RFC 8210 6: the expire interval is larger than the refresh interval; one that is not would take the data away in between. */
static void times_set(struct rpki_cache *c, const struct rpki_pdu *p)
{
	if (p->version > 0 && !c->conf.refresh_s)
		c->refresh_s = clamp(p->refresh_s, REFRESH_MIN_S, REFRESH_MAX_S);
	if (p->version > 0 && !c->conf.expire_s)
		c->expire_s = clamp(p->expire_s, EXPIRE_MIN_S, EXPIRE_MAX_S);
	if (c->refresh_s >= c->expire_s)
		c->refresh_s = c->expire_s / 2;
}

static void hear_end(const struct heard *h)
{
	struct rpki_cache *c = h->c;
	const struct rpki_pdu *p = h->p;
	unsigned number = c->conf.number;

	if (!c->answering || p->session != c->session) {
		heard_fail(h, RPKI_ERROR_CORRUPT, "an end of data that has no beginning");
		return;
	}
	h->out->changed |= rpki_roas_commit(c->roas, c->full, number);
	h->out->changed |= rpki_aspas_commit(c->aspas, c->full, number);
	h->out->changed |= c->expires_ms == NEVER; /* what was unknown is known */
	c->answering = false;
	c->said = 0;
	times_set(c, p);
	h->out->note = c->state == RPKI_SYNCED ? "rpki_updated" : "rpki_synced";
	c->has_session = true;
	c->serial = p->serial;
	c->synced_ms = h->now_ms;
	c->expires_ms = in_s(h->now_ms, c->expire_s);
	c->next_ms = in_s(h->now_ms, c->refresh_s);
	c->answer_ms = NEVER;
	c->error[0] = 0;
	state_set(c, RPKI_SYNCED, h->now_ms);
}

/* It cannot say what has changed since our serial (RFC 8210 5.9). */
static void hear_reset(const struct heard *h)
{
	struct rpki_cache *c = h->c;

	if (c->answer_ms == NEVER || c->answering || c->full) {
		heard_fail(h, RPKI_ERROR_CORRUPT, "a reset that answers nothing");
		return;
	}
	c->has_session = false;
	cache_query(c, h->now_ms, h->out);
}

/* What was sent may hold anything: it ends up in a log. */
static void text_copy(char *out, size_t cap, const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len && n + 1 < cap; i++)
		out[n++] =
			(char)(text[i] >= ' ' && text[i] <= '~' && text[i] != '"' ? text[i] : '.');
	out[n] = '\0';
}

static void hear_error(const struct heard *h)
{
	struct rpki_cache *c = h->c;
	const struct rpki_pdu *p = h->p;
	char why[96], text[64];

	if (p->error == RPKI_ERROR_VERSION && c->version > 0 && !c->has_answered) {
		/* RFC 8210 7: at once, with what it knows */
		c->version = p->version < c->version ? p->version : c->version - 1;
		cache_fail(c, RPKI_ERROR_VERSION, "an older version is tried", false, h->now_ms,
			h->out);
		h->out->note = "rpki_older_version";
		c->next_ms = h->now_ms;
		return;
	}
	if (p->error == RPKI_ERROR_VERSION)
		c->version = VERSION_FIRST; /* next time from the beginning */
	text_copy(text, sizeof text, p->text, p->text_len);
	snprintf(why, sizeof why, "it reports error %u: %s", p->error, text);
	cache_fail(c, RPKI_ERROR_INTERNAL, why, false, h->now_ms, h->out);
}

typedef void hear_fn(const struct heard *h);

static hear_fn *const hears[] = {
	[RPKI_SERIAL_NOTIFY] = hear_notify,
	[RPKI_CACHE_RESPONSE] = hear_response,
	[RPKI_IPV4_PREFIX] = hear_record,
	[RPKI_IPV6_PREFIX] = hear_record,
	[RPKI_END_OF_DATA] = hear_end,
	[RPKI_CACHE_RESET] = hear_reset,
	[RPKI_ROUTER_KEY] = hear_key,
	[RPKI_ERROR_REPORT] = hear_error,
	[RPKI_ASPA] = hear_record,
};

/*
 * A cache that knows an older version answers in it (RFC 8210 7); later it may not change any more. Before that a Serial Notify of any
 * version is let pass: it is not looked at.
 */
static bool version_fits(struct rpki_cache *c, const struct rpki_pdu *p)
{
	if (p->version < c->version && c->full && !c->has_answered &&
		p->type == RPKI_CACHE_RESPONSE)
		c->version = p->version;
	return p->version == c->version || p->type == RPKI_ERROR_REPORT ||
	       (p->type == RPKI_SERIAL_NOTIFY && !c->has_answered);
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
		c->at_fault_len = len - at < AT_FAULT_MAX ? len - at : AT_FAULT_MAX;
		if (n > 0 && c->at_fault_len > (size_t)n)
			c->at_fault_len = (size_t)n;
		memcpy(c->at_fault, octets + at, c->at_fault_len);
		if (n < 0) {
			/* an error in an error report is not reported (RFC 8210 5.11) */
			cache_fail(c, (enum rpki_error)(-1 - n), "a PDU that cannot be read",
				p.type != RPKI_ERROR_REPORT, now_ms, out);
			break;
		}
		heard_pdu(&h);
		at += (size_t)n;
	}
	return out->close ? len : at;
}

bool rpki_cache_has_data(const struct rpki_cache *c)
{
	return c->expires_ms != NEVER;
}

void rpki_cache_show(const struct rpki_cache *c, struct rpki_cache_status *out)
{
	*out = (struct rpki_cache_status){.state = c->state,
		.version = c->version,
		.session = c->session,
		.serial = c->serial,
		.roas = rpki_roas_count(c->roas, c->conf.number),
		.aspas = rpki_aspas_count(c->aspas, c->conf.number),
		.since_ms = c->since_ms,
		.synced_ms = c->synced_ms,
		.expires_ms = c->expires_ms,
		.errors = c->errors};
	snprintf(out->error, sizeof out->error, "%s", c->error);
}
