/* Of a route that an import chain rejected and that is kept: the reason, its community (Euro-IX), and who decided. */
#include <stdlib.h>
#include <string.h>

#include "bgpd/core/import.h"
#include "bgpd/mgmt/show.h"
#include "bgpd/policy/reject.h"
#include "bgpd/wire/comm.h"
#include "lib/check.h"
#include "lib/text.h"

#define REJECTED_ARENA_MAX (UINT32_C(1) << 20) /* octets: edits of one route */
#define REJECTED_LIST_MAX  2048		       /* octets of communities as text */
#define LARGE_OCTETS	   12

static const char *rejected_reason(const struct rib_path *p)
{
	const char *name = pol_reject_name((uint16_t)p->label);

	return name ? name : "policy";
}

static void rejected_put(uint8_t *at, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(v >> 8 * (3 - i));
}

json_t *mgmt_large_communities(const struct router *r, const struct rib_path *p)
{
	struct wire_span have = rib_attrset_list(p->attrs, RIB_LIST_LARGE_COMMUNITIES);
	bool rejected = (p->flags & RIB_PATH_REJECTED) != 0;
	char text[REJECTED_LIST_MAX];
	uint8_t *list;

	if (!rejected || have.len > UINT16_MAX - LARGE_OCTETS)
		return json_string(wire_large_print(have, text, sizeof(text)));
	list = malloc(have.len + LARGE_OCTETS);
	CHECK(list != NULL);
	rejected_put(list, r->conf->as);
	rejected_put(list + 4, POL_REJECT_FUNCTION);
	rejected_put(list + 8, p->label);
	if (have.len)
		memcpy(list + LARGE_OCTETS, have.p, have.len);
	wire_large_print((struct wire_span){.p = list, .len = (uint16_t)(have.len + LARGE_OCTETS)},
		text, sizeof(text));
	free(list);
	return json_string(text);
}

/* The program of the neighbour's chain that rejects it, and the rule: "default" behind the last. NULL: it would pass now. */
static const struct pol_program *rejected_by(const struct router *r, const struct rib_table *t,
	uint32_t dest, const struct rib_path *p, const char **rule)
{
	const struct rib_source *from = rib_source_get(r->store, p->source);
	struct pol_outcome out = {.accept = true};
	struct wire_attrs a;
	struct wire_nlri n;
	struct arena arena;
	unsigned program = 0;

	if (from->kind != RIB_PEER || from->down)
		return NULL;
	const struct core_peer *peer = &r->peers[from->peer];
	if (!core_import_is_on(peer, t->family))
		return NULL;
	rib_dest_nlri(t, dest, &n);
	rib_attrset_view(rib_attrset_received(p->attrs), &a);
	const struct pol_subject s = core_import_subject(r, peer, t->family, &n, &a);
	arena_init(&arena, REJECTED_ARENA_MAX);
	out = pol_chain_run(&peer->conf->import_chain, &s, &a, &arena, &program);
	arena_fini(&arena);
	if (out.accept)
		return NULL;
	const struct pol_program *by = peer->conf->import_chain.list[program];
	*rule = out.rule < by->n_rules ? by->rules[out.rule].name : "default";
	return by;
}

json_t *mgmt_reject_community(const struct router *r, const struct rib_path *p)
{
	return json_sprintf("%u:%u:%u", r->conf->as, POL_REJECT_FUNCTION, p->label);
}

void mgmt_rejected_add(json_t *o, const struct router *r, const struct rib_table *t, uint32_t dest,
	const struct rib_path *p)
{
	const char *rule;
	const struct pol_program *by = rejected_by(r, t, dest, p, &rule);

	mgmt_set(o, "rejected", json_string(rejected_reason(p)));
	mgmt_set(o, "reject_community", mgmt_reject_community(r, p));
	mgmt_set(o, "policy", by ? mgmt_json_text(by->name) : json_null());
	mgmt_set(o, "rule", by ? mgmt_json_text(rule) : json_null());
}

void mgmt_rejected_text(const struct router *r, const struct rib_table *t, uint32_t dest,
	const struct rib_path *p, struct text *out)
{
	const char *rule;
	const struct pol_program *by = rejected_by(r, t, dest, p, &rule);

	text_add(out, "rejected on import: %s (%u:%u:%u)", rejected_reason(p), r->conf->as,
		POL_REJECT_FUNCTION, p->label);
	if (by)
		text_add(out, ", by policy %s, rule %s", by->name, rule);
}
