/* Stations of BMP (RFC 7854): whom this router tells what, and how they follow. */
#include "bgpd/core/bmp.h"
#include "bgpd/mgmt/show.h"

static json_t *bmp_routes(unsigned routes)
{
	json_t *list = json_array();

	if (routes & CONF_BMP_PRE_POLICY)
		json_array_append_new(list, json_string("pre-policy"));
	if (routes & CONF_BMP_POST_POLICY)
		json_array_append_new(list, json_string("post-policy"));
	if (routes & CONF_BMP_LOC_RIB)
		json_array_append_new(list, json_string("loc-rib"));
	return list;
}

static const char *bmp_state(const struct core_bmp_station *s)
{
	static const char *const names[] = {
		[CORE_BMP_DOWN] = "down", [CORE_BMP_DIALLED] = "connecting", [CORE_BMP_UP] = "up"};

	if (s->phase == CORE_BMP_UP && s->full)
		return "full";
	return names[s->phase];
}

static json_t *bmp_again(const struct mgmt_ask *q, const struct core_bmp_station *s)
{
	if (s->redial_ms == TIMERQ_NEVER)
		return json_null();
	return json_integer(
		s->redial_ms > q->now_ms ? (json_int_t)(s->redial_ms - q->now_ms) / 1000 : 0);
}

static json_t *bmp_station(const struct mgmt_ask *q, const struct core_bmp_station *s)
{
	json_t *o = json_object();

	mgmt_set(o, "name", json_string(s->conf->name));
	mgmt_set(o, "address", mgmt_json_addr(&s->conf->addr));
	mgmt_set(o, "port", json_integer(s->conf->port));
	mgmt_set(o, "tls", json_boolean(s->conf->tls));
	mgmt_set(o, "routes", bmp_routes(s->conf->routes));
	mgmt_set(o, "state", json_string(bmp_state(s)));
	mgmt_set(o, "since_s", json_integer((json_int_t)((q->now_ms - s->since_ms) / 1000)));
	mgmt_set(o, "again_s", bmp_again(q, s));
	mgmt_set(o, "shows_tables", json_boolean(s->walk.on));
	mgmt_set(o, "messages", json_integer((json_int_t)s->messages));
	mgmt_set(o, "octets", json_integer((json_int_t)s->octets));
	mgmt_set(o, "waiting", json_integer((json_int_t)s->queue_octets));
	mgmt_set(o, "waiting_peak", json_integer((json_int_t)s->queue_peak));
	mgmt_set(o, "ups", json_integer((json_int_t)s->ups));
	mgmt_set(o, "overruns", json_integer((json_int_t)s->overruns));
	mgmt_set(o, "reason", s->reason[0] ? mgmt_json_text(s->reason) : json_null());
	return o;
}

json_t *mgmt_show_bmp(const struct mgmt_ask *q)
{
	const struct core_bmp *b = q->r->bmp;
	json_t *list = json_array();

	for (unsigned i = 0; b && i < b->n_stations; i++)
		if (!conf_remote_is_gone(b->stations[i].conf))
			json_array_append_new(list, bmp_station(q, &b->stations[i]));
	return json_pack("{s:o}", "stations", list);
}
