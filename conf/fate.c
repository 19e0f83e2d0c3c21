#include "conf/fate.h"

#include <string.h>

#include "acl/rule.h"
#include "bgpd/policy/set.h"
#include "conf/object.h"
#include "lib/text.h"

#define FATE_PATH_MAX 512

static const struct conf_object *object_of(
	const struct conf *c, const char *list, const char *name, const char *below)
{
	char path[FATE_PATH_MAX];
	struct text t = text_of(path, sizeof(path));

	text_add(&t, "%s/%s", list, name);
	if (below)
		text_add(&t, "/neighbors/%s", below);
	return conf_object_find(c, path);
}

static bool object_is_same(
	const struct conf *a, const struct conf *b, const char *list, const char *name)
{
	const struct conf_object *x = object_of(a, list, name, NULL),
				 *y = object_of(b, list, name, NULL);

	return x && y ? strcmp(x->json, y->json) == 0 : x == y;
}

/* --- policies --- */

static bool set_is_same(const struct conf *a, const struct conf *b, const struct pol_set *s)
{
	return !s || object_is_same(a, b, "sets", s->name);
}

static bool program_is_same(const struct conf *a, const struct conf *b, const struct pol_program *p)
{
	if (!object_is_same(a, b, "policies", p->name))
		return false;
	for (unsigned i = 0; i < p->n_rules; i++) {
		const struct pol_rule *rule = &p->rules[i];

		for (unsigned t = 0; t < rule->n_terms; t++)
			if (!set_is_same(a, b, rule->terms[t].set))
				return false;
		for (unsigned e = 0; e < rule->n_edits; e++)
			if (!set_is_same(a, b, rule->edits[e].set))
				return false;
	}
	return true;
}

/* Built-in programs have names that no object has: they are the same by those. */
static bool chain_is_same(const struct conf *a, const struct pol_chain *x, const struct conf *b,
	const struct pol_chain *y)
{
	if (x->n != y->n)
		return false;
	for (unsigned i = 0; i < x->n; i++)
		if (strcmp(x->list[i]->name, y->list[i]->name) != 0 ||
			!program_is_same(a, b, x->list[i]))
			return false;
	return true;
}

/* --- neighbours --- */

/* Whether routes come in: which of them is the chain's business. */
static bool takes(const struct conf_peer *p)
{
	return p->import == CONF_POLICY_ACCEPT_ALL || p->import == CONF_POLICY_PROGRAM;
}

static const struct conf_object *peer_object(const struct conf *c, const struct conf_peer *p)
{
	if (p->vrf == CONF_VRF_NONE)
		return object_of(c, "neighbors", p->name, NULL);
	return object_of(c, "vrfs", c->vrfs[p->vrf].name, p->name);
}

/* The identifier that the neighbour knows the router by (RFC 6286 2.1). */
static uint32_t identifier(const struct conf *c, const struct conf_peer *p)
{
	return p->vrf == CONF_VRF_NONE ? 0 : c->vrfs[p->vrf].id;
}

enum conf_fate conf_fate_peer(const struct conf *now, const struct conf_peer *p,
	const struct conf *next, const struct conf_peer *q)
{
	const struct conf_object *had = peer_object(now, p), *has = peer_object(next, q);

	if (!had || !has || strcmp(had->made, has->made) != 0 || takes(p) != takes(q) ||
		identifier(now, p) != identifier(next, q) || p->password_len != q->password_len ||
		memcmp(p->password, q->password, p->password_len) != 0)
		return CONF_FATE_RESET;
	if (strcmp(had->json, has->json) != 0 ||
		!chain_is_same(now, &p->import_chain, next, &q->import_chain) ||
		!chain_is_same(now, &p->export_chain, next, &q->export_chain))
		return CONF_FATE_POLICY;
	return CONF_FATE_SAME;
}

/* --- VRFs and ports --- */

static bool acls_are_same(const struct conf *now, const struct conf *next,
	const struct acl_list *const *acls, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (!object_is_same(now, next, "acls", acls[i]->name))
			return false;
	return true;
}

enum conf_fate conf_fate_vrf(const struct conf *now, const struct conf_vrf *v,
	const struct conf *next, const struct conf_vrf *w)
{
	return object_is_same(now, next, "vrfs", v->name) &&
			       acls_are_same(now, next, w->acls, w->n_acls)
		       ? CONF_FATE_SAME
		       : CONF_FATE_POLICY;
}

/* Their names; what is in a list of the same name is acls_are_same's. */
static bool lists_are_same(const struct acl_list *const *a, unsigned n_a,
	const struct acl_list *const *b, unsigned n_b)
{
	if (n_a != n_b)
		return false;
	for (unsigned i = 0; i < n_a; i++)
		if (strcmp(a[i]->name, b[i]->name) != 0)
			return false;
	return true;
}

static bool vrf_lists_are_same(const struct conf *now, const struct conf *next, int vrf)
{
	const struct conf_vrf *v = vrf == CONF_VRF_NONE ? NULL : &now->vrfs[vrf],
			      *w = vrf == CONF_VRF_NONE ? NULL : &next->vrfs[vrf];

	return !v || (lists_are_same(v->acls, v->n_acls, w->acls, w->n_acls) &&
			     acls_are_same(now, next, w->acls, w->n_acls));
}

enum conf_fate conf_fate_port(const struct conf *now, const struct conf_port *p,
	const struct conf *next, const struct conf_port *q)
{
	if (p->role != q->role || p->vrf != q->vrf)
		return CONF_FATE_RESET;
	return object_is_same(now, next, "ports", p->name) &&
			       acls_are_same(now, next, q->acls, q->n_acls) &&
			       vrf_lists_are_same(now, next, q->vrf)
		       ? CONF_FATE_SAME
		       : CONF_FATE_POLICY;
}

/* --- caches and stations --- */

const char *conf_fate_remote_list(enum conf_remote_kind kind)
{
	return kind == CONF_REMOTE_CACHE ? "rpki/caches" : "bmp/stations";
}

enum conf_fate conf_fate_remote(const struct conf *now, const struct conf_remote *r,
	const struct conf *next, const struct conf_remote *s)
{
	return strcmp(r->name, s->name) == 0 &&
			       object_is_same(now, next, conf_fate_remote_list(r->kind), r->name)
		       ? CONF_FATE_SAME
		       : CONF_FATE_RESET;
}
