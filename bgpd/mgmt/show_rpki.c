/* /v1/rpki, /v1/rpki/roas: caches, and what they say of a prefix and of the routes to it. */
#include "bgpd/core/rpki.h"
#include "bgpd/mgmt/explain.h"
#include "lib/check.h"

#define RPKI_SHOWN_MAX 256 /* payloads that cover one prefix */

static const char *rpki_state_name(enum rpki_state s)
{
	static const char *const names[] = {[RPKI_DOWN] = "down",
		[RPKI_CONNECTING] = "connecting",
		[RPKI_SYNCING] = "syncing",
		[RPKI_SYNCED] = "synced",
		[RPKI_STALE] = "stale"};

	return names[s];
}

static json_t *rpki_rov(enum pol_rov v)
{
	static const char *const names[] = {[POL_ROV_UNKNOWN] = "unknown",
		[POL_ROV_NOT_FOUND] = "not-found",
		[POL_ROV_VALID] = "valid",
		[POL_ROV_INVALID] = "invalid"};

	return json_string(names[v]);
}

/* null: it does not apply. */
static json_t *rpki_aspa(enum pol_aspa v)
{
	static const char *const names[] = {[POL_ASPA_UNKNOWN] = "unknown",
		[POL_ASPA_VALID] = "valid",
		[POL_ASPA_INVALID] = "invalid"};

	return v == POL_ASPA_NONE ? json_null() : json_string(names[v]);
}

static json_t *rpki_ago(uint64_t now_ms, uint64_t at_ms)
{
	return json_integer((json_int_t)((now_ms > at_ms ? now_ms - at_ms : 0) / 1000));
}

static json_t *rpki_cache(const struct mgmt_ask *q, const struct core_cache *c)
{
	const struct conf_remote *conf = &q->r->conf->remotes[c->remote];
	bool has = rpki_cache_has_data(c->cache);
	struct rpki_cache_status s;
	json_t *o = json_object();

	rpki_cache_show(c->cache, &s);
	bool session = s.state == RPKI_SYNCED || s.state == RPKI_STALE;
	mgmt_set(o, "name", mgmt_json_text(conf->name));
	mgmt_set(o, "address", mgmt_json_addr(&conf->addr));
	mgmt_set(o, "port", json_integer(conf->port));
	mgmt_set(o, "tls", json_boolean(conf->tls));
	mgmt_set(o, "state", json_string(rpki_state_name(s.state)));
	mgmt_set(o, "since_s", rpki_ago(q->now_ms, s.since_ms));
	mgmt_set(o, "version", json_integer(s.version));
	mgmt_set(o, "session", session ? json_integer(s.session) : json_null());
	mgmt_set(o, "serial", session ? json_integer(s.serial) : json_null());
	mgmt_set(o, "roas", json_integer(s.roas));
	mgmt_set(o, "aspas", json_integer(s.aspas));
	mgmt_set(o, "synced_s", has ? rpki_ago(q->now_ms, s.synced_ms) : json_null());
	mgmt_set(o, "expires_s", has ? rpki_ago(s.expires_ms, q->now_ms) : json_null());
	mgmt_set(o, "errors", json_integer((json_int_t)s.errors));
	mgmt_set(o, "error", s.error[0] ? mgmt_json_text(s.error) : json_null());
	return o;
}

static json_t *rpki_names(const struct router *r, uint16_t caches)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < r->rpki->n_caches; i++)
		if (caches & 1u << i)
			json_array_append_new(list,
				mgmt_json_text(r->conf->remotes[r->rpki->caches[i].remote].name));
	return list;
}

/* A list of those that cover a prefix; *left_out: how many are not in it. */
static json_t *rpki_payloads(const struct router *r, const struct ip_prefix *prefix,
	struct rpki_roa *roas, unsigned *n, unsigned *left_out)
{
	unsigned all =
		r->rpki ? rpki_roas_covering(r->rpki->roas, prefix, roas, RPKI_SHOWN_MAX) : 0;
	json_t *list = json_array();

	*n = all < RPKI_SHOWN_MAX ? all : RPKI_SHOWN_MAX;
	*left_out = all - *n;
	for (unsigned i = 0; i < *n; i++)
		json_array_append_new(list, json_pack("{s:o, s:i, s:I, s:o}", "prefix",
						    mgmt_json_prefix(&roas[i].prefix), "max_length",
						    roas[i].max_len, "as", (json_int_t)roas[i].as,
						    "caches", rpki_names(r, roas[i].caches)));
	return list;
}

/* What would become of the prefix with each AS that a payload names. */
static json_t *rpki_origins(const struct router *r, const struct ip_prefix *prefix,
	const struct rpki_roa *roas, unsigned n)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < n; i++) {
		bool seen = roas[i].as == 0;
		for (unsigned k = 0; k < i; k++)
			seen |= roas[k].as == roas[i].as;
		if (!seen)
			json_array_append_new(
				list, json_pack("{s:I, s:o}", "as", (json_int_t)roas[i].as, "rov",
					      rpki_rov(rpki_roas_judge(r->rpki->roas,
						      core_rpki_is_known(r), prefix, roas[i].as))));
	}
	return list;
}

static void rpki_judge(json_t *o, const struct router *r, const struct core_peer *peer,
	const struct wire_nlri *n, const struct rib_path *p)
{
	struct wire_attrs a;

	rib_attrset_view(rib_attrset_received(p->attrs), &a);
	mgmt_set(o, "origin_as", json_integer(core_rpki_origin(r, &a)));
	mgmt_set(o, "rov", rpki_rov(core_rpki_rov(r, &n->prefix, &a)));
	mgmt_set(o, "aspa", rpki_aspa(core_rpki_aspa(r, peer, &a)));
}

/* The neighbour that a path of the core came from; NULL: validation is not for it. */
static const struct core_peer *rpki_peer(
	const struct router *r, const struct rib_table *t, const struct rib_path *p)
{
	const struct rib_source *from = rib_source_get(r->store, p->source);

	return t != r->core_ipv4 || from->kind != RIB_PEER ? NULL : &r->peers[from->peer];
}

static json_t *rpki_routes(const struct router *r, const struct ip_prefix *prefix)
{
	const struct rib_table *t = r->core_ipv4;
	struct wire_nlri n = {.prefix = *prefix, .label = WIRE_LABEL_NONE};
	uint32_t dest = t && prefix->addr.af == IP_V4 ? rib_table_find(t, &n) : RIB_SLAB_NONE;
	json_t *list = json_array();

	if (dest == RIB_SLAB_NONE)
		return list;
	for (const struct rib_path *p = rib_dest_paths(t, dest); p; p = rib_path_next(t, p)) {
		const struct core_peer *peer = rpki_peer(r, t, p);
		if (!peer || p->flags & RIB_PATH_GONE)
			continue;
		json_t *o = json_object();
		mgmt_set(o, "from", mgmt_json_from(r, p->source));
		mgmt_set(o, "best", json_boolean(p->flags & RIB_PATH_BEST));
		mgmt_set(o, "rejected", json_boolean(p->flags & RIB_PATH_REJECTED));
		rpki_judge(o, r, peer, &n, p);
		json_array_append_new(list, o);
	}
	return list;
}

json_t *mgmt_show_roas(const struct mgmt_ask *q)
{
	const struct router *r = q->r;
	struct rpki_roa roas[RPKI_SHOWN_MAX];
	unsigned n, left_out;
	json_t *o = json_object();

	mgmt_set(o, "prefix", mgmt_json_prefix(q->prefix));
	mgmt_set(o, "known", json_boolean(core_rpki_is_known(r)));
	mgmt_set(o, "roas", rpki_payloads(r, q->prefix, roas, &n, &left_out));
	mgmt_set(o, "left_out", json_integer(left_out));
	mgmt_set(o, "origins", rpki_origins(r, q->prefix, roas, n));
	mgmt_set(o, "others",
		rpki_rov(r->rpki ? rpki_roas_judge(
					   r->rpki->roas, core_rpki_is_known(r), q->prefix, 0)
				 : POL_ROV_UNKNOWN));
	mgmt_set(o, "routes", rpki_routes(r, q->prefix));
	return o;
}

json_t *mgmt_show_rpki(const struct mgmt_ask *q)
{
	const struct core_rpki *k = q->r->rpki;
	json_t *caches = json_array(), *o = json_object();

	for (unsigned i = 0; k && i < k->n_caches; i++)
		if (k->caches[i].cache)
			json_array_append_new(caches, rpki_cache(q, &k->caches[i]));
	mgmt_set(o, "known", json_boolean(core_rpki_is_known(q->r)));
	mgmt_set(o, "roas", json_integer(k ? rpki_roas_count(k->roas, RPKI_CACHES_MAX) : 0));
	mgmt_set(o, "aspas", json_integer(k ? rpki_aspas_count(k->aspas, RPKI_CACHES_MAX) : 0));
	mgmt_set(o, "judged_again", json_integer(k ? (json_int_t)k->judged : 0));
	mgmt_set(o, "caches", caches);
	mgmt_set(o, "of_prefix", q->prefix ? mgmt_show_roas(q) : json_null());
	return o;
}

json_t *mgmt_explain_rpki(
	const struct router *r, const struct rib_table *t, uint32_t dest, const struct rib_path *p)
{
	const struct core_peer *peer = rpki_peer(r, t, p);
	struct rpki_roa roas[RPKI_SHOWN_MAX];
	unsigned count, left_out;
	struct wire_nlri n;

	if (!r->rpki || !peer)
		return json_null();
	json_t *o = json_object();
	rib_dest_nlri(t, dest, &n);
	rpki_judge(o, r, peer, &n, p);
	mgmt_set(o, "roas", rpki_payloads(r, &n.prefix, roas, &count, &left_out));
	mgmt_set(o, "left_out", json_integer(left_out));
	return o;
}
