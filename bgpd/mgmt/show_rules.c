/* Of a neighbour: policy, limits and restarts: as configured, and what they do now. */
#include "bgpd/core/limit.h"
#include "bgpd/core/restart.h"
#include "bgpd/mgmt/show.h"
#include "bgpd/wire/comm.h"
#include "lib/text.h"
#include "lib/timerq.h"

/* The names of the policies in order, or a word; before a word hygiene may stand. */
static json_t *rules_policy(enum conf_policy policy, const struct pol_chain *chain)
{
	static const char *const names[] = {[CONF_POLICY_NONE] = "none",
		[CONF_POLICY_ACCEPT_ALL] = "accept-all",
		[CONF_POLICY_REFUSE_ALL] = "refuse-all"};
	char text[2048];
	struct text t = text_of(text, sizeof(text));

	for (unsigned i = 0; i < chain->n; i++)
		text_add(&t, "%s%s", i ? " " : "", chain->list[i]->name);
	if (policy != CONF_POLICY_PROGRAM)
		text_add(&t, "%s%s", chain->n ? " " : "", names[policy]);
	return json_string(text);
}

json_t *mgmt_peer_note(const struct conf_peer *c)
{
	bool in = c->import == CONF_POLICY_NONE, out = c->export == CONF_POLICY_NONE;

	if (in && out)
		return json_string("no policy: nothing in or out (RFC 8212)");
	if (in)
		return json_string("no import policy: nothing in (RFC 8212)");
	return out ? json_string("no export policy: nothing out (RFC 8212)") : json_null();
}

static json_t *rules_next_hop(enum conf_next_hop next_hop)
{
	static const char *const names[] = {[CONF_NEXT_HOP_DEFAULT] = "default",
		[CONF_NEXT_HOP_SELF] = "self",
		[CONF_NEXT_HOP_UNCHANGED] = "unchanged"};

	return json_string(names[next_hop]);
}

static json_t *rules_add_path(uint8_t n)
{
	return n == CONF_ADD_PATH_ALL ? json_string("all") : json_integer(n);
}

static json_t *rules_extcomm(uint64_t ec)
{
	uint8_t octets[8];
	char s[64];

	if (!ec)
		return json_null();
	for (unsigned i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(ec >> (56 - 8 * i));
	return json_string(
		wire_extcomm_print((struct wire_span){octets, sizeof(octets)}, s, sizeof(s)));
}

/* Checks that are left out, as they are configured. */
static json_t *rules_allow(uint8_t allow)
{
	static const struct {
		uint8_t bit;
		const char *name;
	} rows[] = {{POL_ALLOW_FIRST_AS, "first-as"}, {POL_ALLOW_NEXT_HOP, "next-hop"},
		{POL_ALLOW_MARTIANS, "martians"}, {POL_ALLOW_STEERING, "steering"},
		{POL_ALLOW_BLACKHOLES, "blackholes"}};
	json_t *list = json_array();

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (allow & rows[i].bit)
			json_array_append_new(list, json_string(rows[i].name));
	return list;
}

json_t *mgmt_peer_policy(const struct core_peer *p)
{
	const struct conf_peer *c = p->conf;
	json_t *o = json_object();

	mgmt_set(o, "import", rules_policy(c->import, &c->import_chain));
	mgmt_set(o, "export", rules_policy(c->export, &c->export_chain));
	mgmt_set(o, "role", mgmt_json_role((uint8_t)c->role));
	mgmt_set(o, "role_strict", json_boolean(c->role_strict));
	mgmt_set(o, "reflector_client", json_boolean(c->reflector_client));
	mgmt_set(o, "route_server_client", json_boolean(c->route_server_client));
	mgmt_set(o, "next_hop", rules_next_hop(c->next_hop));
	mgmt_set(o, "as_override", json_boolean(c->as_override));
	mgmt_set(o, "allow_own_as", json_integer(c->allow_own_as));
	mgmt_set(o, "allow_as_set", json_boolean(c->allow_as_set));
	mgmt_set(o, "allow", rules_allow(c->allow));
	mgmt_set(o, "site_of_origin", rules_extcomm(c->site_of_origin));
	mgmt_set(o, "graceful_shutdown", json_boolean(p->graceful_shutdown));
	mgmt_set(o, "accept_blackhole", json_boolean(c->accept_blackhole));
	mgmt_set(o, "paths_told", rules_add_path(c->add_path_send ? c->add_path_send : 1));
	mgmt_set(o, "advertisement_interval_s", json_integer(c->advertisement_interval_s));
	return o;
}

static json_t *rules_in_s(const struct mgmt_ask *q, uint64_t at_ms)
{
	if (at_ms == TIMERQ_NEVER)
		return json_null();
	return json_integer(at_ms > q->now_ms ? (json_int_t)((at_ms - q->now_ms) / 1000) : 0);
}

const char *mgmt_limit_name(enum conf_limit_action action)
{
	static const char *const names[] = {[CONF_LIMIT_NONE] = "none",
		[CONF_LIMIT_WARN] = "warn",
		[CONF_LIMIT_DROP] = "drop",
		[CONF_LIMIT_STOP] = "stop",
		[CONF_LIMIT_RESTART] = "restart"};

	return names[action];
}

json_t *mgmt_peer_limit(const struct mgmt_ask *q, const struct core_peer *p)
{
	const struct conf_limit *c = &p->conf->max_prefix;
	json_t *o = json_object();

	if (c->action == CONF_LIMIT_NONE) {
		json_decref(o);
		return json_null();
	}
	mgmt_set(o, "limit", json_integer(c->max));
	mgmt_set(o, "count", json_integer(mgmt_peer_received_prefixes(q->r, p)));
	mgmt_set(o, "action", json_string(mgmt_limit_name(c->action)));
	mgmt_set(o, "warn_percent", json_integer(c->warn_percent));
	mgmt_set(o, "stopped", json_boolean(p->limit.stopped));
	mgmt_set(o, "restart_in_s", rules_in_s(q, p->limit.restart_at_ms));
	mgmt_set(o, "left_out", json_integer((json_int_t)p->limit.left_out));
	mgmt_set(o, "times_near", json_integer((json_int_t)p->limit.times_near));
	mgmt_set(o, "times_over", json_integer((json_int_t)p->limit.times_over));
	return o;
}

json_t *mgmt_peer_restart(const struct mgmt_ask *q, const struct core_peer *p)
{
	const struct conf_restart *c = &p->conf->restart;
	json_t *o = json_object();

	mgmt_set(o, "restarter", json_boolean(c->restarter));
	mgmt_set(o, "helper", json_boolean(c->helper));
	mgmt_set(o, "restart_time_s", json_integer(c->time_s));
	mgmt_set(o, "stale_time_s", json_integer(c->stale_s));
	mgmt_set(o, "long_lived_stale_time_s", json_integer(c->long_lived_s));
	mgmt_set(o, "phase", json_string(core_restart_phase_name(p->restart.phase)));
	mgmt_set(o, "stale", json_integer(core_restart_stale(q->r, p)));
	mgmt_set(o, "ends_in_s", rules_in_s(q, p->restart.at_ms));
	mgmt_set(o, "times", json_integer((json_int_t)p->restart.count));
	return o;
}
