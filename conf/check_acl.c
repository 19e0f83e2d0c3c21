/* Access lists: who names them, whether they fit, and what a linter finds in them. */
#include <string.h>

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
}
