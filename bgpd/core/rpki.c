#include "bgpd/core/rpki.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/core/import.h"
#include "bgpd/wire/aspath.h"
#include "lib/check.h"
#include "lib/log.h"

static_assert(CONF_CACHES_MAX <= RPKI_CACHES_MAX, "each has a number");

static void tables_make(struct router *r)
{
	struct core_rpki *k = r->rpki = calloc(1, sizeof(*k));

	CHECK(k != NULL);
	k->roas = rpki_roas_new(r->store->seed);
	k->aspas = rpki_aspas_new(r->store->seed);
}

static struct core_cache *cache_of(struct core_rpki *k, uint32_t remote)
{
	for (unsigned i = 0; k && i < k->n_caches; i++)
		if (k->caches[i].remote == remote)
			return &k->caches[i];
	return NULL;
}

static struct core_cache *cache_make(struct router *r, uint32_t remote)
{
	const struct conf_remote *conf = &r->conf->remotes[remote];
	struct core_cache *c = cache_of(r->rpki, remote);

	if (!r->rpki)
		tables_make(r);
	if (!c) {
		CHECK(r->rpki->n_caches < RPKI_CACHES_MAX);
		c = &r->rpki->caches[r->rpki->n_caches++];
	}
	const struct rpki_cache_conf of = {.number = (unsigned)(c - r->rpki->caches),
		.refresh_s = conf->refresh_s,
		.retry_s = conf->retry_s,
		.expire_s = conf->expire_s,
		.max_records = conf->max_records};
	*c = (struct core_cache){
		.cache = rpki_cache_new(&of, r->rpki->roas, r->rpki->aspas), .remote = remote};
	return c;
}

void core_rpki_init(struct router *r)
{
	for (uint32_t i = 0; i < r->conf->n_remotes; i++)
		if (r->conf->remotes[i].kind == CONF_REMOTE_CACHE &&
			!conf_remote_is_gone(&r->conf->remotes[i]))
			cache_make(r, i);
}

void core_rpki_fini(struct router *r)
{
	struct core_rpki *k = r->rpki;

	if (!k)
		return;
	for (unsigned i = 0; i < k->n_caches; i++)
		rpki_cache_free(k->caches[i].cache);
	rpki_roas_free(k->roas);
	rpki_aspas_free(k->aspas);
	free(k);
	r->rpki = NULL;
}

/* --- what the caches' state machines want --- */

static const char *cache_name(const struct core_run *run, const struct core_cache *c)
{
	return run->r->conf->remotes[c->remote].name;
}

static void cache_note(
	const struct core_run *run, const struct core_cache *c, const struct rpki_asks *asks)
{
	static const struct {
		const char *event;
		int level;
	} levels[] = {{"rpki_synced", LOG_INFO_}, {"rpki_updated", LOG_DEBUG_},
		{"rpki_older_version", LOG_INFO_}, {"rpki_expired", LOG_WARN_},
		{"rpki_failed", LOG_WARN_}};
	struct rpki_cache_status s;
	size_t i = 0;

	while (i < ARRAY_LEN(levels) - 1 && strcmp(levels[i].event, asks->note) != 0)
		i++;
	rpki_cache_show(c->cache, &s);
	if (asks->detail[0])
		effect_note(run->fx, levels[i].level, levels[i].event, "cache=\"%s\" reason=\"%s\"",
			cache_name(run, c), asks->detail);
	else
		effect_note(run->fx, levels[i].level, levels[i].event,
			"cache=\"%s\" version=%u session=%u serial=%u roas=%u aspas=%u",
			cache_name(run, c), s.version, s.session, s.serial, s.roas, s.aspas);
}

static void cache_carry_out(
	struct core_run *run, struct core_cache *c, const struct rpki_asks *asks)
{
	struct core_rpki *k = run->r->rpki;

	if (asks->note)
		cache_note(run, c, asks);
	k->changed |= asks->changed;
	if (asks->n_octets) {
		struct out_block *b = out_block_new(asks->octets, asks->n_octets);

		effect_remote_send(run->fx, c->remote, b);
		out_block_unref(b);
	}
	if (asks->close) {
		effect_remote_close(run->fx, c->remote);
		c->up = false;
	}
	if (asks->dial && !run->r->stopping)
		effect_remote_dial(run->fx, c->remote);
}

/* What several caches, or one little by little, say within a second is one change. */
static void judge_again(struct core_run *run)
{
	struct core_rpki *k = run->r->rpki;

	if (!k->changed || run->now_ms < k->not_before_ms)
		return;
	k->changed = false;
	k->not_before_ms = run->now_ms + CORE_RPKI_AGAIN_MS;
	k->judged++;
	core_import_again(run->r, POL_NEEDS_ROV | POL_NEEDS_ASPA);
}

static void cache_start(struct core_run *run, struct core_cache *c)
{
	struct rpki_asks asks;

	rpki_cache_start(c->cache, run->now_ms, &asks);
	cache_carry_out(run, c, &asks);
}

void core_rpki_start(struct core_run *run)
{
	struct core_rpki *k = run->r->rpki;

	for (unsigned i = 0; k && i < k->n_caches; i++)
		if (k->caches[i].cache)
			cache_start(run, &k->caches[i]);
}

/* Nobody is told anything: a router that ends a session just closes it (RFC 8210 8). */
void core_rpki_stop(struct core_run *run)
{
	struct core_rpki *k = run->r->rpki;

	for (unsigned i = 0; k && i < k->n_caches; i++)
		if (k->caches[i].cache)
			effect_remote_close(run->fx, k->caches[i].remote);
}

/* What it said goes with it, as when it expires. */
static void cache_drop(struct core_run *run, struct core_cache *c)
{
	struct core_rpki *k = run->r->rpki;
	unsigned number = (unsigned)(c - k->caches);
	bool known = core_rpki_is_known(run->r);

	effect_remote_close(run->fx, c->remote);
	rpki_cache_free(c->cache);
	c->cache = NULL;
	c->up = false;
	rpki_roas_forget(k->roas, number);
	rpki_aspas_forget(k->aspas, number);
	k->changed |= rpki_roas_clear(k->roas, number);
	k->changed |= rpki_aspas_clear(k->aspas, number);
	k->changed |= known != core_rpki_is_known(run->r);
}

void core_rpki_reload(struct core_run *run, const uint8_t *fates)
{
	struct router *r = run->r;

	for (uint32_t i = 0; i < r->conf->n_remotes; i++) {
		struct core_cache *c = cache_of(r->rpki, i);

		if (r->conf->remotes[i].kind != CONF_REMOTE_CACHE || fates[i] == CONF_FATE_SAME)
			continue;
		if (c && c->cache)
			cache_drop(run, c);
		if (fates[i] == CONF_FATE_GONE)
			continue;
		c = cache_make(r, i);
		if (r->started && !r->stopping)
			cache_start(run, c);
	}
	if (r->rpki && !r->stopping)
		judge_again(run);
}

static void cache_up(struct core_run *run, struct core_cache *c)
{
	struct rpki_asks asks;

	c->up = true;
	c->quiet = false;
	effect_note(run->fx, LOG_INFO_, "rpki_up", "cache=\"%s\"", cache_name(run, c));
	rpki_cache_connected(c->cache, run->now_ms, &asks);
	cache_carry_out(run, c, &asks);
}

static void cache_down(struct core_run *run, struct core_cache *c, const char *why)
{
	struct rpki_asks asks;

	effect_note(run->fx, c->quiet ? LOG_DEBUG_ : LOG_WARN_, "rpki_down",
		"cache=\"%s\" reason=\"%s\" retry_s=%u", cache_name(run, c), why ? why : "",
		run->r->conf->remotes[c->remote].retry_s);
	c->up = false;
	c->quiet = true;
	rpki_cache_lost(c->cache, why ? why : "", run->now_ms, &asks);
	cache_carry_out(run, c, &asks);
}

void core_rpki_step(struct core_run *run, const struct event *ev)
{
	struct core_cache *c = cache_of(run->r->rpki, ev->remote_index);
	struct rpki_asks asks;

	if (!c || !c->cache || run->r->stopping) {
		run->fx->consumed = ev->len;
		return;
	}
	switch (ev->kind) {
	case EV_REMOTE_UP:
		cache_up(run, c);
		break;
	case EV_REMOTE_DOWN:
		cache_down(run, c, ev->text);
		break;
	case EV_REMOTE_RECV:
		run->fx->consumed = ev->len;
		if (!c->up)
			break;
		run->fx->consumed =
			rpki_cache_receive(c->cache, ev->data, ev->len, run->now_ms, &asks);
		cache_carry_out(run, c, &asks);
		break;
	default: /* what is sent to a cache is small: it is never full */
		break;
	}
	judge_again(run);
}

void core_rpki_tick(struct core_run *run)
{
	struct core_rpki *k = run->r->rpki;

	for (unsigned i = 0; k && !run->r->stopping && i < k->n_caches; i++) {
		struct rpki_asks asks;

		if (!k->caches[i].cache || rpki_cache_deadline(k->caches[i].cache) > run->now_ms)
			continue;
		rpki_cache_timer(k->caches[i].cache, run->now_ms, &asks);
		cache_carry_out(run, &k->caches[i], &asks);
	}
	if (k && !run->r->stopping)
		judge_again(run);
}

uint64_t core_rpki_deadline(const struct router *r)
{
	const struct core_rpki *k = r->rpki;
	uint64_t at = TIMERQ_NEVER;

	if (!k || !r->started || r->stopping)
		return TIMERQ_NEVER;
	for (unsigned i = 0; i < k->n_caches; i++) {
		uint64_t of =
			k->caches[i].cache ? rpki_cache_deadline(k->caches[i].cache) : TIMERQ_NEVER;

		at = of < at ? of : at;
	}
	return k->changed && k->not_before_ms < at ? k->not_before_ms : at;
}

bool core_rpki_work(struct core_run *run, unsigned *budget)
{
	(void)run;
	(void)budget;
	return false; /* core_import_work has it */
}

/* --- what they say of a route --- */

bool core_rpki_is_known(const struct router *r)
{
	for (unsigned i = 0; r->rpki && i < r->rpki->n_caches; i++)
		if (r->rpki->caches[i].cache && rpki_cache_has_data(r->rpki->caches[i].cache))
			return true;
	return false;
}

uint32_t core_rpki_origin(const struct router *r, const struct wire_attrs *a)
{
	struct wire_span path =
		wire_attrs_has(a, WIRE_ATTR_AS_PATH) ? a->as_path : (struct wire_span){0};
	uint8_t last = 0;

	for (const uint8_t *seg = path.p; path.len && seg != wire_span_end(path);
		seg += 2 + 4 * (size_t)seg[1])
		last = seg[0];
	return last == WIRE_AS_SEQUENCE || last == WIRE_AS_SET ? wire_aspath_origin(path)
							       : r->conf->as;
}

enum pol_rov core_rpki_rov(
	const struct router *r, const struct ip_prefix *prefix, const struct wire_attrs *a)
{
	if (!r->rpki)
		return POL_ROV_UNKNOWN;
	return rpki_roas_judge(
		r->rpki->roas, core_rpki_is_known(r), prefix, core_rpki_origin(r, a));
}

/*
 * Which way a route came says the role that we have towards the neighbour (RFC 9234 4.1): from a provider of ours it may have gone up and down,
 * from everybody else only up. A route server does not stand in the path.
 */
enum pol_aspa core_rpki_aspa(
	const struct router *r, const struct core_peer *p, const struct wire_attrs *a)
{
	enum conf_role role = p->conf->role;

	if (!r->rpki || role == CONF_ROLE_NONE || p->as == r->conf->as || !core_rpki_is_known(r))
		return POL_ASPA_NONE;
	return rpki_aspas_judge(r->rpki->aspas,
		wire_attrs_has(a, WIRE_ATTR_AS_PATH) ? a->as_path : (struct wire_span){0},
		role == CONF_ROLE_RS_CLIENT ? 0 : p->as, role == CONF_ROLE_CUSTOMER);
}
