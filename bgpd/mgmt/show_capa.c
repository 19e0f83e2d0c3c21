/* Of a session: what both sides offered, and what they agreed on. */
#include "bgpd/fsm/nego.h"
#include "bgpd/mgmt/show.h"
#include "bgpd/wire/family.h"

json_t *mgmt_json_families(uint32_t families)
{
	json_t *list = json_array();

	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		if (families & WIRE_FAMILY_BIT(f))
			json_array_append_new(list, json_string(wire_family_get(f)->name));
	return list;
}

json_t *mgmt_json_role(uint8_t role)
{
	static const char *const names[] = {[CONF_ROLE_PROVIDER] = "provider",
		[CONF_ROLE_RS] = "rs",
		[CONF_ROLE_RS_CLIENT] = "rs-client",
		[CONF_ROLE_CUSTOMER] = "customer",
		[CONF_ROLE_PEER] = "peer"};

	return role < sizeof(names) / sizeof(names[0]) ? json_string(names[role]) : json_null();
}

static json_t *capa_restart(const struct wire_restart *r)
{
	json_t *o = json_object();

	if (!r->sent) {
		json_decref(o);
		return json_null();
	}
	mgmt_set(o, "time_s", json_integer(r->time_s));
	mgmt_set(o, "restarting", json_boolean(r->restarting));
	mgmt_set(o, "notification", json_boolean(r->notification));
	mgmt_set(o, "families", mgmt_json_families(r->families));
	mgmt_set(o, "preserved", mgmt_json_families(r->preserved));
	return o;
}

static json_t *capa_long_lived(const struct wire_restart *r)
{
	json_t *o = json_object(), *times = json_object();

	if (!r->long_lived) {
		json_decref(o);
		json_decref(times);
		return json_null();
	}
	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		if (r->ll_families & WIRE_FAMILY_BIT(f))
			mgmt_set(times, wire_family_get(f)->name, json_integer(r->ll_stale_s[f]));
	mgmt_set(o, "stale_s", times);
	mgmt_set(o, "preserved", mgmt_json_families(r->ll_preserved));
	return o;
}

static json_t *capa_open(const struct wire_open *w)
{
	json_t *o = json_object();

	mgmt_set(o, "families", mgmt_json_families(w->families));
	mgmt_set(o, "hold_s", json_integer(w->hold_s));
	mgmt_set(o, "as4", json_boolean(w->as4));
	mgmt_set(o, "route_refresh", json_boolean(w->refresh));
	mgmt_set(o, "enhanced_refresh", json_boolean(w->enhanced_refresh));
	mgmt_set(o, "extended_messages", json_boolean(w->extended_message));
	mgmt_set(o, "add_path_receive", mgmt_json_families(w->add_path_receive));
	mgmt_set(o, "add_path_send", mgmt_json_families(w->add_path_send));
	mgmt_set(o, "extended_next_hop", mgmt_json_families(w->extended_next_hop));
	mgmt_set(o, "role", mgmt_json_role(w->role));
	mgmt_set(o, "graceful_restart", capa_restart(&w->restart));
	mgmt_set(o, "long_lived", capa_long_lived(&w->restart));
	return o;
}

json_t *mgmt_peer_sent(const struct core_peer *p)
{
	struct wire_open ours = fsm_nego_open(&p->fsm.conf);

	return capa_open(&ours);
}

json_t *mgmt_peer_received(const struct core_peer *p)
{
	return capa_open(&p->fsm.open);
}

json_t *mgmt_peer_agreed(const struct core_peer *p)
{
	const struct wire_ctx *ctx = &p->fsm.ctx;
	struct ip_addr id = ip_addr_v4(p->fsm.open.id);
	json_t *o = json_object();

	mgmt_set(o, "router_id", mgmt_json_addr(&id));
	mgmt_set(o, "families", mgmt_json_families(ctx->families));
	mgmt_set(o, "as4", json_boolean(ctx->as4));
	mgmt_set(o, "route_refresh", json_boolean(ctx->refresh));
	mgmt_set(o, "enhanced_refresh", json_boolean(ctx->enhanced_refresh));
	mgmt_set(o, "message_octets", json_integer(ctx->msg_max));
	mgmt_set(o, "add_path_in", mgmt_json_families(ctx->add_path_rx));
	mgmt_set(o, "add_path_out", mgmt_json_families(ctx->add_path_tx));
	mgmt_set(o, "extended_next_hop", mgmt_json_families(ctx->extended_next_hop));
	mgmt_set(o, "unknown_capabilities", json_integer(p->fsm.open.unknown_caps));
	mgmt_set(o, "end_of_rib", mgmt_json_families(p->eor));
	return o;
}
