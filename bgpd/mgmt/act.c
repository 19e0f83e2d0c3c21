#include "bgpd/mgmt/act.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/core/admin.h"
#include "bgpd/mgmt/query.h"
#include "bgpd/mgmt/show.h"
#include "bgpd/wire/family.h"
#include "bgpd/wire/notify.h"
#include "lib/check.h"
#include "lib/text.h"

#define ORDER_PATH	  "/v1/bgp/neighbors/"
#define ORDER_NAME_MAX	  64
#define ORDER_FAMILY_MAX  32
#define ORDER_EXPLAIN_MAX 512

struct order_action {
	const char *name; /* end of the path */
	enum event_admin admin;
	bool takes_text, takes_family;
	const char *idle; /* why nobody could follow */
};

static const struct order_action *actions_get(unsigned *n)
{
	static const char no_session[] = " has no session; nothing to refresh";
	static const struct order_action actions[] = {
		{"reset", ADMIN_RESET, true, false, " is shut down; enable it first"},
		{"shutdown", ADMIN_SHUTDOWN, true, false, " is shut down already"},
		{"enable", ADMIN_ENABLE, false, false, " is enabled already"},
		{"refresh", ADMIN_REFRESH, false, true, no_session},
		{"refresh-in", ADMIN_REFRESH_IN, false, true,
			" has no session that takes ROUTE-REFRESH; reset it to get its routes "
			"again"},
		{"refresh-out", ADMIN_REFRESH_OUT, false, true, no_session},
		{"graceful-shutdown-on", ADMIN_GRACEFUL_ON, false, false,
			" is told GRACEFUL_SHUTDOWN already"},
		{"graceful-shutdown-off", ADMIN_GRACEFUL_OFF, false, false,
			" is not told GRACEFUL_SHUTDOWN"},
	};

	*n = ARRAY_LEN(actions);
	return actions;
}

static const struct order_action *action_find(const char *path)
{
	unsigned n;
	const struct order_action *actions = actions_get(&n);

	if (strncmp(path, ORDER_PATH, sizeof(ORDER_PATH) - 1) != 0)
		return NULL;
	for (unsigned i = 0; i < n; i++)
		if (strcmp(actions[i].name, path + sizeof(ORDER_PATH) - 1) == 0)
			return &actions[i];
	return NULL;
}

/* What an error is about is untrusted: escaped and cut. */
static struct mgmt_answer order_error(
	int status, const char *before, const char *subject, const char *after)
{
	char quoted[4 * ORDER_NAME_MAX + 1], message[ORDER_EXPLAIN_MAX];
	struct text t = text_of(quoted, sizeof(quoted)), m = text_of(message, sizeof(message));
	size_t len = strlen(subject);

	text_add_escaped(&t, subject, len < ORDER_NAME_MAX ? len : ORDER_NAME_MAX);
	text_add(&m, "%s%s%s", before, quoted, after);
	return (struct mgmt_answer){
		.status = status, .body = json_pack("{s:o}", "error", mgmt_json_text(message))};
}

/* Only UTF-8 may be sent (RFC 9003 2): jansson knows what that is. */
static bool is_utf8(const char *s)
{
	json_t *text = json_string(s);

	json_decref(text);
	return text != NULL;
}

/* One key=value of the query; false: *answer says what is wrong with it. */
static bool order_field(const struct order_action *action, const char *field,
	char name[ORDER_NAME_MAX], struct mgmt_act *out, struct mgmt_answer *answer)
{
	char family[ORDER_FAMILY_MAX];
	enum wire_family f;

	if (mgmt_query_get(field, "name", name, ORDER_NAME_MAX))
		return true;
	if (action->takes_text && mgmt_query_get(field, "text", out->text, sizeof(out->text))) {
		if (is_utf8(out->text))
			return true;
		*answer = order_error(400, "text \"", out->text, "\" is not UTF-8 (RFC 9003 2)");
		return false;
	}
	if (action->takes_family && mgmt_query_get(field, "family", family, sizeof(family))) {
		f = wire_family_parse(family);
		out->families |= f < WIRE_FAMILIES ? WIRE_FAMILY_BIT(f) : 0;
		if (f < WIRE_FAMILIES)
			return true;
		*answer = order_error(400, "there is no family \"", family,
			"\"; write ipv4-unicast, vpnv4 or rt-constraint");
		return false;
	}
	*answer = order_error(400, "\"", field,
		action->takes_text     ? "\" is not name=NAME or text=TEXT (at most 255 octets)"
		: action->takes_family ? "\" is not name=NAME or family=FAMILY"
				       : "\" is not name=NAME");
	return false;
}

/* Fills out->peers with those that are named and can follow; how many were named. */
static unsigned order_choose(const struct router *r, const char *name, struct mgmt_act *out)
{
	bool all = strcmp(name, "all") == 0;
	unsigned named = 0;

	out->peers = calloc(r->conf->n_peers + 1u, sizeof(*out->peers));
	CHECK(out->peers != NULL);
	for (unsigned i = 0; i < r->conf->n_peers; i++) {
		const struct core_peer *p = &r->peers[i];

		if (!mgmt_peer_is(p, all ? NULL : name))
			continue;
		named++;
		if (core_admin_applies(p, out->admin, out->families))
			out->peers[out->n_peers++] = i;
	}
	return named;
}

/* Whether somebody who is named could follow, were it not for the family. */
static bool order_wants_family(const struct router *r, const char *name, const struct mgmt_act *o)
{
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		if (mgmt_peer_is(&r->peers[i], name) &&
			core_admin_applies(&r->peers[i], o->admin, 0))
			return true;
	return false;
}

static struct mgmt_answer order_accept(
	const struct router *r, const struct order_action *action, const struct mgmt_act *out)
{
	json_t *names = json_array(), *o = json_object();

	for (unsigned i = 0; i < out->n_peers; i++)
		json_array_append_new(names, mgmt_json_text(r->peers[out->peers[i]].name));
	mgmt_set(o, "order", json_string(action->name));
	mgmt_set(o, "peers", names);
	return (struct mgmt_answer){.status = 200, .body = o};
}

struct mgmt_answer mgmt_act_parse(
	const struct router *r, const char *path, const char *query, struct mgmt_act *out)
{
	const struct order_action *action = action_find(path);
	char name[ORDER_NAME_MAX] = "";
	struct mgmt_answer answer;

	*out = (struct mgmt_act){0};
	if (!action)
		return order_error(404, "no order \"", path, "\"; ravelin(1) lists them");
	out->admin = action->admin;
	for (const char *field = query; field && *field; field = mgmt_query_next(field))
		if (!order_field(action, field, name, out, &answer))
			return answer;
	if (!*name)
		return order_error(400, "name=NAME is missing", "", "; name=all means everybody");
	if (order_choose(r, name, out) == 0)
		return order_error(404, "there is no neighbor \"", name, "\"");
	if (out->n_peers == 0 && strcmp(name, "all") != 0 && order_wants_family(r, name, out))
		return order_error(409, "", name,
			" has no session with that family; show bgp neighbors lists what was "
			"agreed");
	if (out->n_peers == 0 && strcmp(name, "all") != 0)
		return order_error(409, "", name, action->idle);
	return order_accept(r, action, out);
}

void mgmt_act_fini(struct mgmt_act *o)
{
	free(o->peers);
	o->peers = NULL;
}

struct event mgmt_act_event(const struct mgmt_act *o, unsigned i)
{
	return (struct event){.kind = EV_ADMIN,
		.vrf = FIB_VRF_CORE,
		.admin = o->admin,
		.peer = o->peers[i],
		.families = o->families,
		.text = o->text[0] ? o->text : NULL};
}
