#include "audit/api.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static json_t *load(const char *text, size_t len)
{
	json_error_t error;
	return json_loadb(text, len, 0, &error);
}

static const char *string(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));
	return s ? s : "";
}

static void vrf_label(struct audit_intent *in, int vrf, const json_t *o)
{
	const json_t *label = json_object_get(o, "label");

	if (!json_is_integer(label))
		return;
	struct audit_label *l = audit_intent_add_label(in);
	l->label = (uint32_t)json_integer_value(label);
	l->vrf = vrf;
	l->installed = strcmp(string(o, "label_state"), "installed") == 0;
}

static void vrf_routes(struct audit_intent *in, int vrf, const json_t *routes)
{
	json_t *o;
	size_t i;

	json_array_foreach(routes, i, o)
	{
		struct ip_prefix prefix;
		if (!json_is_true(json_object_get(o, "installed")) ||
			!ip_prefix_parse(string(o, "prefix"), &prefix, NULL))
			continue;
		struct audit_claim *c = audit_intent_add_claim(in);
		c->vrf = vrf;
		c->prefix = prefix;
	}
}

bool audit_api_vrf(struct audit_intent *in, const char *text, size_t len)
{
	json_t *answer = load(text, len), *list = json_object_get(answer, "vrfs"), *o;
	bool ok = json_is_array(list);
	size_t i;

	json_array_foreach(list, i, o)
	{
		int vrf = audit_intent_vrf(in, string(o, "name"));
		if (vrf < 0)
			continue;
		vrf_label(in, vrf, o);
		vrf_routes(in, vrf, json_object_get(o, "routes"));
	}
	in->daemon |= ok;
	audit_intent_sort(in);
	json_decref(answer);
	return ok;
}

bool audit_api_guard(struct audit_intent *in, const char *text, size_t len)
{
	json_t *answer = load(text, len), *list = json_object_get(answer, "ports"), *o;
	bool ok = json_is_array(list);
	size_t i;

	json_array_foreach(list, i, o)
	{
		const char *state = string(o, "state");
		for (size_t k = 0; k < in->n_ports; k++) {
			struct audit_port *p = &in->ports[k];
			if (strcmp(p->name, string(o, "name")))
				continue;
			p->gate = strcmp(state, "open") == 0 ? AUDIT_GATE_OPEN
				  : strcmp(state, "closed") == 0 || strcmp(state, "failed") == 0
					  ? AUDIT_GATE_CLOSED
					  : AUDIT_GATE_UNSAID;
			snprintf(p->drift, sizeof(p->drift), "%s", string(o, "drifted"));
		}
	}
	in->guard_told |= ok;
	json_decref(answer);
	return ok;
}
