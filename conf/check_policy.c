/* Policies against the sets that they name, neighbors against the policies that they name. */
#include <string.h>

#include "bgpd/policy/hygiene.h"
#include "bgpd/policy/selective.h"
#include "conf/loader.h"
#include "lib/check.h"

static void policy_check_set(struct conf_loader *l, struct conf_set_ref *ref)
{
	static const char *const kinds[] = {[POL_SET_PREFIXES] = "prefixes",
		[POL_SET_NUMBERS] = "AS numbers",
		[POL_SET_COMMUNITIES] = "communities",
		[POL_SET_ADDRESSES] = "addresses"};
	struct conf_named *found = conf_named_find(l->sets, l->n_sets, ref->name);

	if (!found) {
		conf_named_unknown(l, ref->at, l->sets, l->n_sets, ref->name, "set", "sets");
		return;
	}
	const struct pol_set *set = found->what;
	found->used = true;
	if (!set) /* it is of no kind, or of two: said there */
		return;
	if (set->kind != ref->kind)
		conf_error(l, ref->at, "set %s is of %s; %s needs one of %s",
			conf_check_quote(l, ref->name), kinds[set->kind], ref->key,
			kinds[ref->kind]);
	*ref->slot = set;
}

static void policy_check_use(struct conf_loader *l)
{
	for (unsigned i = 0; i < l->n_sets; i++)
		if (!l->sets[i].used && l->sets[i].name[0])
			conf_warn(l, l->sets[i].at,
				"set %s is of no policy, so it does nothing; name it in a rule's "
				"match",
				conf_check_quote(l, l->sets[i].name));
	for (unsigned i = 0; i < l->n_policies; i++)
		if (!l->policies[i].used && l->policies[i].name[0])
			conf_warn(l, l->policies[i].at,
				"policy %s is of no neighbor, so it does nothing; name it in a "
				"neighbor's import or export",
				conf_check_quote(l, l->policies[i].name));
}

static bool policy_is_named_before(const struct conf_names *names, unsigned i)
{
	for (unsigned j = 0; j < i; j++)
		if (strcmp(names->names[i], names->names[j]) == 0)
			return true;
	return false;
}

static bool policy_has_cache(const struct conf *c)
{
	for (unsigned i = 0; i < c->n_remotes; i++)
		if (c->remotes[i].kind == CONF_REMOTE_CACHE)
			return true;
	return false;
}

/* Rules that ask for what nobody says. */
static void policy_check_caches(struct conf_loader *l)
{
	for (unsigned i = 0; i < l->n_policies && !policy_has_cache(l->conf); i++) {
		const struct pol_program *p = l->policies[i].what;

		if (p && (p->needs & (POL_NEEDS_ROV | POL_NEEDS_ASPA)))
			conf_warn(l, l->policies[i].at,
				"policy %s asks for %s and there is no cache that knows: every "
				"route is unknown; add rpki: {caches: [...]}",
				conf_check_quote(l, l->policies[i].name),
				p->needs & POL_NEEDS_ROV ? "rpki" : "aspa");
	}
}

/* Turns a neighbour's names into programs. first may be NULL. */
static void policy_chain(struct conf_loader *l, const struct pol_program *first,
	const struct conf_names *names, struct pol_chain *chain)
{
	const struct pol_program **list = conf_alloc(l, (names->n + 1) * sizeof(*list));

	if (first) {
		list[chain->n++] = first;
		chain->needs = first->needs;
	}
	for (unsigned i = 0; i < names->n; i++) {
		struct conf_named *found =
			conf_named_find(l->policies, l->n_policies, names->names[i]);
		if (!found) {
			conf_named_unknown(l, names->at[i], l->policies, l->n_policies,
				names->names[i], "policy",
				"policies, or write accept-all or refuse-all");
			continue;
		}
		const struct pol_program *program = found->what;
		found->used = true;
		if (policy_is_named_before(names, i))
			conf_error(l, names->at[i],
				"policy %s is named twice here; a route that it let through would "
				"pass it again, keep one",
				conf_check_quote(l, names->names[i]));
		list[chain->n++] = program;
		chain->needs |= program->needs;
	}
	chain->list = list;
}

/* One of it is enough for all. */
static const struct pol_program *policy_hygiene(struct conf_loader *l)
{
	if (!l->hygiene)
		l->hygiene = pol_hygiene_new(&l->conf->arena);
	CHECK(l->hygiene != NULL);
	return l->hygiene;
}

static const struct pol_program *policy_selective(struct conf_loader *l)
{
	if (!l->selective)
		l->selective = pol_selective_new(&l->conf->arena, l->conf->as);
	CHECK(l->selective != NULL);
	return l->selective;
}

static void policy_check_peer(struct conf_loader *l, unsigned i)
{
	struct conf_peer *p = &l->conf->peers[i];
	struct conf_peer_site *site = &l->peers[i];

	if (p->slot > 0) { /* of a range: those of its first place */
		p->import_chain = p[-1].import_chain;
		p->export_chain = p[-1].export_chain;
		return;
	}
	policy_chain(l, site->hygiene ? policy_hygiene(l) : NULL, &site->import, &p->import_chain);
	policy_chain(
		l, site->selective ? policy_selective(l) : NULL, &site->export, &p->export_chain);
}

void conf_check_policies(struct conf_loader *l)
{
	struct conf *c = l->conf;

	conf_named_sort(l, l->sets, l->n_sets, "set", "");
	conf_named_sort(l, l->policies, l->n_policies, "policy", "");
	for (struct conf_set_ref *ref = l->set_refs; ref; ref = ref->next)
		policy_check_set(l, ref);
	for (unsigned i = 0; i < c->n_policies; i++)
		c->policies[i].needs =
			pol_program_needs(c->policies[i].rules, c->policies[i].n_rules);
	policy_check_caches(l);
	for (unsigned i = 0; i < c->n_peers; i++)
		policy_check_peer(l, i);
	policy_check_use(l);
}
