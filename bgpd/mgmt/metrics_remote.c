/* Metrics of RPKI caches and BMP stations. */
#include "bgpd/core/bmp.h"
#include "bgpd/core/rpki.h"
#include "bgpd/mgmt/metrics.h"

static unsigned caches(const struct metric_out *o)
{
	return o->r->rpki ? o->r->rpki->n_caches : 0;
}

static void cache_row(struct metric_out *o, unsigned i)
{
	const struct core_cache *c = &o->r->rpki->caches[i];
	struct rpki_cache_status s;

	if (!c->cache)
		return;
	rpki_cache_show(c->cache, &s);
	mgmt_metric(o, mgmt_metric_suffix(o), o->family->cache(&s),
		METRIC_LABELS({"cache", o->r->conf->remotes[c->remote].name}));
}

static uint64_t is_synced(const struct rpki_cache_status *s)
{
	return s->state == RPKI_SYNCED;
}

static uint64_t n_roas(const struct rpki_cache_status *s)
{
	return s->roas;
}

static uint64_t n_aspas(const struct rpki_cache_status *s)
{
	return s->aspas;
}

static uint64_t n_errors(const struct rpki_cache_status *s)
{
	return s->errors;
}

static unsigned stations(const struct metric_out *o)
{
	return o->r->bmp ? o->r->bmp->n_stations : 0;
}

static void station_row(struct metric_out *o, unsigned i)
{
	const struct core_bmp_station *s = &o->r->bmp->stations[i];

	if (!conf_remote_is_gone(s->conf))
		mgmt_metric(o, mgmt_metric_suffix(o), o->family->station(s),
			METRIC_LABELS({"station", s->conf->name}));
}

static uint64_t station_up(const struct core_bmp_station *s)
{
	return s->phase == CORE_BMP_UP;
}

static uint64_t n_octets(const struct core_bmp_station *s)
{
	return s->octets;
}

static uint64_t n_waiting(const struct core_bmp_station *s)
{
	return s->queue_octets;
}

static uint64_t n_overruns(const struct core_bmp_station *s)
{
	return s->overruns;
}

const struct metric_family mgmt_metrics_remote[] = {
	{"ravelin_rpki_cache_synced", "gauge", NULL, "1 if the cache is connected and has said all",
		caches, cache_row, .cache = is_synced},
	{"ravelin_rpki_roas", "gauge", NULL, "ROA payloads of the cache in force", caches,
		cache_row, .cache = n_roas},
	{"ravelin_rpki_aspas", "gauge", NULL, "ASPAs of the cache in force", caches, cache_row,
		.cache = n_aspas},
	{"ravelin_rpki_errors", "counter", NULL, "sessions that ended through a fault of the cache",
		caches, cache_row, .cache = n_errors},
	{"ravelin_bmp_station_up", "gauge", NULL, "1 if the BMP station is connected", stations,
		station_row, .station = station_up},
	{"ravelin_bmp_sent_bytes", "counter", "bytes", "what the station was sent", stations,
		station_row, .station = n_octets},
	{"ravelin_bmp_waiting_bytes", "gauge", "bytes", "what waits for the station", stations,
		station_row, .station = n_waiting},
	{"ravelin_bmp_overruns", "counter", NULL,
		"times that it was given up because it read too slowly", stations, station_row,
		.station = n_overruns},
	{0},
};
