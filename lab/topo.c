/* Reads a topology: the strict subset of containerlab's *.clab.yml that the lab runs. */
#include "lab/topo.h"

#include <ctype.h>
#include <libfyaml.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/check.h"

static void *topo_alloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	CHECK(p);
	return p;
}

static bool topo_word(const char *s, size_t max)
{
	size_t n = strlen(s);

	if (!n || n > max || !isalnum((unsigned char)s[0]))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && !strchr("-_.", s[i]))
			return false;
	return true;
}

static void topo_kind(struct lab_doc *d, struct fy_node *map)
{
	const char *kind = lab_doc_field(d, map, "kind", false);

	if (kind && strcmp(kind, "linux") != 0)
		lab_doc_error(d, lab_doc_get(map, "kind"),
			"kind \"%s\": the lab runs linux nodes only (roles are in labels)", kind);
	lab_doc_field(d, map, "image", false);
}

static void topo_role(struct lab_doc *d, struct fy_node *labels, struct lab_node *n)
{
	static const char *const names[] = {"pe", "p", "ce"};
	const char *role = lab_doc_field(d, labels, "ravelin.role", true);

	for (unsigned i = 0; role && i < ARRAY_LEN(names); i++) {
		if (!strcmp(role, names[i])) {
			n->role = i;
			return;
		}
	}
	if (role)
		lab_doc_error(d, lab_doc_get(labels, "ravelin.role"),
			"ravelin.role is pe, p or ce, not \"%s\"", role);
}

static void topo_daemons(struct lab_doc *d, struct fy_node *labels, struct lab_node *n)
{
	static const char *const known[] = {"zebra", "ospfd", "ldpd", "bgpd", "staticd", "isisd"};
	const char *list = lab_doc_field(d, labels, "ravelin.daemons", false);
	char *copy = list ? strdup(list) : NULL, *save = NULL;

	if (list && (strchr(", ", *list) || strchr(", ", list[strlen(list) - 1])))
		lab_doc_error(d, lab_doc_get(labels, "ravelin.daemons"),
			"ravelin.daemons is a list such as \"zebra,bgpd\"");

	for (char *w = copy ? strtok_r(copy, ", ", &save) : NULL; w;
		w = strtok_r(NULL, ", ", &save)) {
		bool ok = false;

		for (size_t i = 0; i < ARRAY_LEN(known); i++)
			ok |= !strcmp(w, known[i]);
		if (!ok || n->n_daemons == LAB_DAEMONS_MAX)
			lab_doc_error(d, lab_doc_get(labels, "ravelin.daemons"),
				"\"%s\" is no FRR daemon that the lab knows", w);
		else
			n->daemons[n->n_daemons++] = strdup(w);
	}
	if (n->n_daemons && strcmp(n->daemons[0], "zebra") != 0)
		lab_doc_error(d, lab_doc_get(labels, "ravelin.daemons"),
			"zebra must come first: the others connect to it when they start");
	free(copy);
}

static void topo_fib(struct lab_doc *d, struct fy_node *labels, struct lab_node *n)
{
	const char *fib = lab_doc_field(d, labels, "ravelin.fib", false);

	n->no_fib = fib && !strcmp(fib, "none");
	if (fib && (!n->no_fib || !n->config))
		lab_doc_error(d, lab_doc_get(labels, "ravelin.fib"),
			"ravelin.fib is \"none\", of a node with ravelin.config");
}

static void topo_labels(struct lab_doc *d, struct fy_node *map, struct lab_node *n)
{
	static const char *const keys[] = {
		"ravelin.role", "ravelin.daemons", "ravelin.config", "ravelin.fib"};
	struct fy_node *labels = lab_doc_get(map, "labels");

	if (!labels) {
		lab_doc_error(d, map, "node %s has no labels; it needs ravelin.role", n->name);
		return;
	}
	if (!fy_node_is_mapping(labels)) {
		lab_doc_error(d, labels, "labels must be a mapping (key: value)");
		return;
	}
	for (int i = 0; i < fy_node_mapping_item_count(labels); i++) {
		struct fy_node *key = fy_node_pair_key(fy_node_mapping_get_by_index(labels, i));
		const char *name = fy_node_get_scalar0(key);
		bool ok = name &&
			  strncmp(name, "ravelin.", 8) != 0; /* other people's labels are theirs */

		for (size_t k = 0; name && k < ARRAY_LEN(keys); k++)
			ok |= !strcmp(name, keys[k]);
		if (!ok)
			lab_doc_error(d, key, "unknown label \"%s\"", name ? name : "?");
		else if (strncmp(name, "ravelin.", 8) != 0)
			lab_doc_text(d, lab_doc_get(labels, name), name);
	}
	topo_role(d, labels, n);
	topo_daemons(d, labels, n);
	n->config = lab_doc_field(d, labels, "ravelin.config", false);
	topo_fib(d, labels, n);
}

/* A file under /etc or /run, and ":ro" or nothing. */
static bool topo_target_ok(const char *target)
{
	size_t n = strcspn(target, ":");

	return (!strncmp(target, "/etc/", 5) || !strncmp(target, "/run/", 5)) && n > 5 &&
	       !strstr(target, "..") && (!target[n] || !strcmp(target + n, ":ro"));
}

/* False, and said, if it stands in the list before as well. */
static bool topo_bind_is_new(struct lab_topo *t, struct fy_node *binds, int i)
{
	const char *text = fy_node_get_scalar0(lab_doc_item(binds, i));

	for (int k = 0; text && k < i; k++) {
		const char *other = fy_node_get_scalar0(lab_doc_item(binds, k));

		if (!other || strcmp(text, other) != 0)
			continue;
		lab_doc_error(&t->doc, lab_doc_item(binds, i), "this bind is there already");
		return false;
	}
	return true;
}

static void topo_bind(struct lab_topo *t, struct fy_node *item, struct lab_bind *out)
{
	const char *text = lab_doc_text(&t->doc, item, "a bind");
	const char *colon = text ? strchr(text, ':') : NULL;
	char path[PATH_MAX];

	if (!text)
		return;
	if (!colon || colon == text || !topo_target_ok(colon + 1)) {
		lab_doc_error(&t->doc, item,
			"a bind is FILE:/etc/... or FILE:/run/...; elsewhere the lab changes "
			"nothing");
		return;
	}
	snprintf(path, sizeof path, "%s%s%.*s", *text == '/' ? "" : t->dir, *text == '/' ? "" : "/",
		(int)(colon - text), text);
	out->source = strdup(path);
	out->target = strdup(colon + 1);
	out->target[strcspn(out->target, ":")] = 0; /* :ro */
	if (access(path, R_OK) < 0)
		lab_doc_error(&t->doc, item, "cannot read %.*s: %m", (int)(colon - text), text);
}

static void topo_lists(struct lab_topo *t, struct fy_node *map, struct lab_node *n)
{
	struct fy_node *binds = lab_doc_list(&t->doc, map, "binds"),
		       *execs = lab_doc_list(&t->doc, map, "exec");

	n->binds = topo_alloc(lab_doc_count(binds), sizeof *n->binds);
	for (int i = 0; i < lab_doc_count(binds); i++)
		if (topo_bind_is_new(t, binds, i))
			topo_bind(t, lab_doc_item(binds, i), &n->binds[n->n_binds++]);
	n->execs = topo_alloc(lab_doc_count(execs), sizeof *n->execs);
	for (int i = 0; i < lab_doc_count(execs); i++) {
		const char *line = lab_doc_text(&t->doc, lab_doc_item(execs, i), "an exec line");

		if (line)
			n->execs[n->n_execs++] = line;
	}
}

static void topo_node(struct lab_topo *t, struct fy_node_pair *pair)
{
	static const char *const keys[] = {"kind", "image", "labels", "binds", "exec"};
	struct lab_node *n = &t->nodes[t->n_nodes];
	struct fy_node *map = fy_node_pair_value(pair);

	n->name = fy_node_get_scalar0(fy_node_pair_key(pair));
	if (!n->name || !topo_word(n->name, LAB_NAME_MAX)) {
		lab_doc_error(&t->doc, fy_node_pair_key(pair),
			"a node's name has at most %d letters, digits, - or _", LAB_NAME_MAX);
		return;
	}
	t->n_nodes++;
	if (!map || !fy_node_is_mapping(map)) {
		lab_doc_error(&t->doc, fy_node_pair_key(pair),
			"node %s has no labels; it needs ravelin.role", n->name);
		return;
	}
	lab_doc_keys(&t->doc, map, "a node", keys, ARRAY_LEN(keys));
	topo_kind(&t->doc, map);
	topo_labels(&t->doc, map, n);
	topo_lists(t, map, n);
}

static void topo_nodes(struct lab_topo *t, struct fy_node *nodes)
{
	int n = nodes && fy_node_is_mapping(nodes) ? fy_node_mapping_item_count(nodes) : 0;

	if (n < 1 || n > LAB_NODES_MAX) {
		lab_doc_error(
			&t->doc, nodes, "topology.nodes must hold 1 to %d nodes", LAB_NODES_MAX);
		return;
	}
	t->nodes = topo_alloc(n, sizeof *t->nodes);
	for (int i = 0; i < n; i++)
		topo_node(t, fy_node_mapping_get_by_index(nodes, i));
}

static bool topo_split(const struct lab_topo *t, const char *text, int *node, struct lab_end *out)
{
	const char *colon = strchr(text, ':');
	char name[LAB_NAME_MAX + 1];

	if (!colon || colon - text > LAB_NAME_MAX || !topo_word(colon + 1, LAB_IFNAME_MAX))
		return false;
	snprintf(name, sizeof name, "%.*s", (int)(colon - text), text);
	*node = lab_topo_find(t, name);
	out->node = *node < 0 ? 0 : *node;
	snprintf(out->port, sizeof out->port, "%s", colon + 1);
	return true;
}

static void topo_endpoint(struct lab_topo *t, struct fy_node *item, struct lab_end *out)
{
	const char *text = lab_doc_text(&t->doc, item, "an endpoint");
	int node = -1;

	if (!text)
		return;
	if (!topo_split(t, text, &node, out))
		lab_doc_error(&t->doc, item,
			"an endpoint is \"node:port\", the port at most %d octets", LAB_IFNAME_MAX);
	else if (node < 0)
		lab_doc_error(&t->doc, item, "there is no node of this name: %s", text);
	else if (lab_topo_link(t, out))
		lab_doc_error(&t->doc, item, "%s is already the end of another link", text);
}

static void topo_link_vars(struct lab_topo *t, struct fy_node *map, struct lab_link *l)
{
	static const char *const keys[] = {"role", "vrf"};
	struct fy_node *vars = lab_doc_get(map, "vars");
	const char *role;

	if (!vars) {
		lab_doc_error(&t->doc, map,
			"a link needs vars: {role: core} or {role: access, vrf: NAME}");
		return;
	}
	lab_doc_keys(&t->doc, vars, "a link's vars", keys, ARRAY_LEN(keys));
	role = lab_doc_field(&t->doc, vars, "role", true);
	l->vrf = lab_doc_field(&t->doc, vars, "vrf", false);
	if (!role)
		return;
	l->role = strcmp(role, "core") ? LAB_LINK_ACCESS : LAB_LINK_CORE;
	if (strcmp(role, "core") != 0 && strcmp(role, "access") != 0)
		lab_doc_error(&t->doc, vars, "a link's role is core or access, not \"%s\"", role);
	else if (!l->vrf != (l->role == LAB_LINK_CORE))
		lab_doc_error(&t->doc, vars, "an access link names its vrf, a core link does not");
	else if (l->vrf && !topo_word(l->vrf, LAB_IFNAME_MAX))
		lab_doc_error(&t->doc, vars,
			"a vrf is a device: at most %d letters, digits, - or _", LAB_IFNAME_MAX);
}

static void topo_links(struct lab_topo *t, struct fy_node *links)
{
	static const char *const keys[] = {"endpoints", "vars"};

	t->links = topo_alloc(lab_doc_count(links), sizeof *t->links);
	for (int i = 0; i < lab_doc_count(links); i++) {
		struct fy_node *map = lab_doc_item(links, i), *ends = lab_doc_get(map, "endpoints");
		struct lab_link *l = &t->links[t->n_links];

		if (!lab_doc_keys(&t->doc, map, "a link", keys, ARRAY_LEN(keys)))
			continue;
		if (lab_doc_count(ends) != 2) {
			lab_doc_error(&t->doc, map,
				"a link has two endpoints: [\"node:port\", \"node:port\"]");
			continue;
		}
		topo_endpoint(t, lab_doc_item(ends, 0), &l->end[0]);
		topo_endpoint(t, lab_doc_item(ends, 1), &l->end[1]);
		if (l->end[0].node == l->end[1].node && !strcmp(l->end[0].port, l->end[1].port))
			lab_doc_error(&t->doc, lab_doc_item(ends, 1),
				"both ends of this link are the same port");
		topo_link_vars(t, map, l);
		t->n_links++;
	}
}

static void topo_read(struct lab_topo *t)
{
	static const char *const top[] = {"name", "topology"};
	static const char *const in[] = {"defaults", "nodes", "links"};
	static const char *const defaults[] = {"kind", "image"};
	struct fy_node *root = lab_doc_root(&t->doc), *topology = lab_doc_get(root, "topology");

	lab_doc_keys(&t->doc, root, "a topology file", top, ARRAY_LEN(top));
	t->name = lab_doc_field(&t->doc, root, "name", true);
	if (t->name && !topo_word(t->name, 64))
		lab_doc_error(
			&t->doc, lab_doc_get(root, "name"), "a name has letters, digits, - or _");
	if (!lab_doc_keys(&t->doc, topology, "topology", in, ARRAY_LEN(in)) && !topology)
		return;
	if (lab_doc_get(topology, "defaults")) {
		lab_doc_keys(&t->doc, lab_doc_get(topology, "defaults"), "defaults", defaults,
			ARRAY_LEN(defaults));
		topo_kind(&t->doc, lab_doc_get(topology, "defaults"));
	}
	topo_nodes(t, lab_doc_get(topology, "nodes"));
	if (t->n_nodes)
		topo_links(t, lab_doc_list(&t->doc, topology, "links"));
}

bool lab_topo_load(struct lab_topo *t, const char *file, FILE *diag)
{
	char *slash;

	*t = (struct lab_topo){0};
	if (!lab_doc_open(&t->doc, file, diag))
		return false;
	t->file = realpath(file, NULL);
	CHECK(t->file);
	t->dir = strdup(t->file);
	slash = strrchr(t->dir, '/');
	*slash = 0;
	topo_read(t);
	return !t->doc.errors;
}

void lab_topo_fini(struct lab_topo *t)
{
	for (unsigned i = 0; i < t->n_nodes; i++) {
		struct lab_node *n = &t->nodes[i];

		for (unsigned k = 0; k < n->n_daemons; k++)
			free(n->daemons[k]);
		for (unsigned k = 0; k < n->n_binds; k++) {
			free(n->binds[k].source);
			free(n->binds[k].target);
		}
		free(n->binds);
		free(n->execs);
	}
	free(t->nodes);
	free(t->links);
	free(t->file);
	free(t->dir);
	lab_doc_close(&t->doc);
	*t = (struct lab_topo){0};
}

int lab_topo_find(const struct lab_topo *t, const char *name)
{
	for (unsigned i = 0; i < t->n_nodes; i++)
		if (!strcmp(t->nodes[i].name, name))
			return i;
	return -1;
}

const struct lab_link *lab_topo_link(const struct lab_topo *t, const struct lab_end *end)
{
	for (unsigned i = 0; i < t->n_links; i++)
		for (int k = 0; k < 2; k++)
			if (t->links[i].end[k].node == end->node &&
				!strcmp(t->links[i].end[k].port, end->port))
				return &t->links[i];
	return NULL;
}

bool lab_topo_end(const struct lab_topo *t, const char *text, struct lab_end *out)
{
	int node;

	return topo_split(t, text, &node, out) && node >= 0 && lab_topo_link(t, out);
}
