/* Access lists: who names them, whether they fit, and what a linter finds in them. */
#include <string.h>

#include "acl/lint.h"
#include "conf/loader.h"
#include "lib/text.h"

static void acl_unknown(struct conf_loader *l, struct conf_at at, const char *name)
{
	const char *names[CONF_ACLS_MAX];
	unsigned n = 0;

	for (unsigned i = 0; i < l->conf->n_acls; i++)
		if (l->conf->acls[i].name)
			names[n++] = l->conf->acls[i].name;
	const char *near = text_nearest(name, names, n);
	if (near)
		conf_error(l, at, "there is no access list %s; did you mean %s?",
			conf_check_quote(l, name), conf_check_quote(l, near));
	else
		conf_error(l, at, "there is no access list %s; define it under acls",
			conf_check_quote(l, name));
}

static const struct acl_list *acl_find(struct conf_loader *l, const char *name)
{
	for (unsigned i = 0; i < l->conf->n_acls; i++) {
		if (conf_check_same(l->conf->acls[i].name, name)) {
			l->acls[i].used = true;
			return &l->conf->acls[i];
		}
	}
	return NULL;
}

static bool acl_is_named_before(const struct conf_acl_refs *refs, unsigned i)
{
	for (unsigned j = 0; j < i; j++)
		if (conf_check_same(refs->names[i], refs->names[j]))
			return true;
	return false;
}

/* Turns names into lists. */
static const struct acl_list **acl_resolve(
	struct conf_loader *l, const struct conf_acl_refs *refs, unsigned *n)
{
	const struct acl_list **lists = conf_alloc(l, refs->n * sizeof(*lists));

	for (unsigned i = 0; i < refs->n; i++) {
		const struct acl_list *list = acl_find(l, refs->names[i]);
		if (!list)
			acl_unknown(l, refs->at[i], refs->names[i]);
		else if (acl_is_named_before(refs, i))
			conf_error(l, refs->at[i],
				"access list %s is named twice here; the first decides, keep one",
				conf_check_quote(l, refs->names[i]));
		else
			lists[(*n)++] = list;
	}
	return lists;
}

static void acl_check_names(struct conf_loader *l, unsigned i)
{
	const struct acl_list *list = &l->conf->acls[i];

	for (unsigned j = 0; j < i; j++) {
		if (!conf_check_same(list->name, l->conf->acls[j].name))
			continue;
		l->acls[i].used = true;
		conf_error(l, l->acls[i].name,
			"there is an access list %s already; names are unique",
			conf_check_quote(l, list->name));
		break;
	}
	for (unsigned a = 1; a < list->n_aces; a++) {
		for (unsigned b = 0; b < a; b++) {
			if (!conf_check_same(list->aces[a].name, list->aces[b].name))
				continue;
			conf_error(l, l->acls[i].aces[a],
				"there is an entry %s in this list already; names are unique, "
				"counters go by them",
				conf_check_quote(l, list->aces[a].name));
			break;
		}
	}
}

static void acl_check_use(struct conf_loader *l, unsigned i)
{
	if (!l->acls[i].used && l->conf->acls[i].name)
		conf_warn(l, l->acls[i].name,
			"access list %s is of no port and no VRF, so it does nothing; name it in "
			"acl there",
			conf_check_quote(l, l->conf->acls[i].name));
}

/* A list that is looked at, for acl_found. */
struct acl_look {
	struct conf_loader *l;
	unsigned list;
};

/* What is said of an entry that changes nothing: before and after another one, %s, which stands at %s. */
static void acl_say(struct conf_loader *l, enum acl_lint_kind kind, struct conf_at at,
	const char *other, const char *where)
{
	switch (kind) {
	case ACL_LINT_SHADOWED:
		conf_warn(l, at,
			"this entry never decides: all its packets are matched before it, and "
			"entry %s at %s says otherwise; move this one up, or leave it out",
			other, where);
		break;
	case ACL_LINT_CONTRADICTORY:
		conf_warn(l, at,
			"this entry never decides: entry %s at %s matches the same packets before "
			"it and says the opposite; keep one",
			other, where);
		break;
	default:
		conf_warn(l, at,
			"this entry changes nothing: entry %s at %s decides its packets as well, "
			"in the same way; leave this one out",
			other, where);
	}
}

static void acl_found(void *arg, const struct acl_lint *found)
{
	const struct acl_look *look = arg;
	struct conf_loader *l = look->l;
	const struct acl_list *list = &l->conf->acls[look->list];
	const struct conf_acl_site *site = &l->acls[look->list];

	if (found->kind == ACL_LINT_OPEN_END && !site->last)
		return;
	if (found->kind == ACL_LINT_OPEN_END)
		conf_warn(l, site->name,
			"access list %s accepts something, and what no entry matches passes as "
			"well; end it with an entry without matches that drops",
			conf_check_quote(l, list->name));
	else if (found->kind == ACL_LINT_IMPOSSIBLE)
		conf_warn(l, site->aces[found->ace],
			"no packet can match this entry: what it asks for excludes itself; leave "
			"some of it out");
	else
		acl_say(l, found->kind, site->aces[found->ace],
			conf_check_quote(l, list->aces[found->other].name),
			conf_diag_where(&l->diag, site->aces[found->other]));
}

/* The lists of a port and of its VRF, compiled together. */
static void acl_check_size(struct conf_loader *l, unsigned i)
{
	const struct conf_port *p = &l->conf->ports[i];
	const struct conf_vrf *v = p->vrf == CONF_VRF_NONE ? NULL : &l->conf->vrfs[p->vrf];
	const struct acl_list *lists[2 * CONF_ACL_REFS_MAX];
	struct acl_rule rules[ACL_RULES_MAX];
	unsigned n = 0;

	for (unsigned k = 0; k < p->n_acls; k++)
		lists[n++] = p->acls[k];
	for (unsigned k = 0; v && k < v->n_acls; k++)
		lists[n++] = v->acls[k];
	if (n == 0)
		return;
	l->acls[lists[n - 1] - l->conf->acls].last = true;
	if (acl_rules_compile(lists, n, rules) > ACL_RULES_MAX)
		conf_error(l, l->ports[i].name,
			"the access lists of port %s and of its VRF have more than %d entries "
			"together, those with neq counted twice; shorten them",
			conf_check_quote(l, p->name), ACL_RULES_MAX);
}

/* Only of lists without a mistake: what follows from one would be nonsense. */
static void acl_check_sense(struct conf_loader *l)
{
	for (unsigned i = 0; i < l->conf->n_ports; i++)
		acl_check_size(l, i);
	for (unsigned i = 0; i < l->conf->n_acls; i++) {
		struct acl_look look = {l, i};
		acl_lint(&l->conf->acls[i], acl_found, &look);
	}
}

void conf_check_acls(struct conf_loader *l)
{
	struct conf *c = l->conf;

	for (unsigned i = 0; i < c->n_ports; i++)
		c->ports[i].acls = acl_resolve(l, &l->ports[i].acls, &c->ports[i].n_acls);
	for (unsigned i = 0; i < c->n_vrfs; i++)
		c->vrfs[i].acls = acl_resolve(l, &l->vrfs[i].acls, &c->vrfs[i].n_acls);
	for (unsigned i = 0; i < c->n_acls; i++) {
		acl_check_names(l, i);
		acl_check_use(l, i);
	}
	if (l->diag.errors == 0)
		acl_check_sense(l);
}
