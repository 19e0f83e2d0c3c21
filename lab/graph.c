/* A topology as a picture: in the words of Mermaid and of Graphviz. */
#include "lab/graph.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lab/find.h"
#include "lab/graph_svg.h"
#include "lab/lab.h"
#include "lab/report.h"
#include "lib/check.h"
#include "lib/complaint.h"

void lab_graph_vrfs(const struct lab_topo *t, struct lab_graph_vrfs *out)
{
	out->n = 0;
	for (unsigned i = 0; i < t->n_links; i++) {
		const char *vrf = t->links[i].vrf;
		unsigned k = 0;

		while (vrf && k < out->n && strcmp(out->name[k], vrf) != 0)
			k++;
		if (vrf && k == out->n && out->n < LAB_GRAPH_VRFS_MAX)
			out->name[out->n++] = vrf;
	}
}

/* Dark enough for a line on white. A VRF that is called by a colour has that one. */
struct lab_graph_ink lab_graph_ink(const struct lab_graph_vrfs *vrfs, const char *vrf)
{
	static const struct lab_graph_ink core = {"#4a5568", "#edf2f7"},
					  inks[] = {{"#1b6ca8", "#dcecf8"}, {"#c05621", "#fde8d7"},
						  {"#6b46c1", "#ebe4fb"}, {"#2f855a", "#dcf3e6"},
						  {"#b83280", "#fbe0ef"}, {"#8a6d0b", "#faf1cf"},
						  {"#0e7c86", "#d7f2f4"}, {"#9b2c2c", "#fbe0e0"}};
	static const struct {
		const char *name;
		unsigned ink;
	} called[] = {{"blue", 0}, {"orange", 1}, {"purple", 2}, {"green", 3}, {"pink", 4},
		{"yellow", 5}, {"red", 7}};

	for (size_t i = 0; vrf && i < ARRAY_LEN(called); i++)
		if (!strcmp(called[i].name, vrf))
			return inks[called[i].ink];

	for (unsigned i = 0; vrf && i < vrfs->n; i++)
		if (!strcmp(vrfs->name[i], vrf))
			return inks[i % ARRAY_LEN(inks)];
	return core;
}

const char *lab_graph_vrf_of(const struct lab_topo *t, unsigned node)
{
	const char *vrf = NULL;

	if (t->nodes[node].role != LAB_ROLE_CE)
		return NULL;
	for (unsigned i = 0; i < t->n_links; i++) {
		const struct lab_link *l = &t->links[i];

		if (l->end[0].node != node && l->end[1].node != node)
			continue;
		if (!l->vrf || (vrf && strcmp(vrf, l->vrf) != 0))
			return NULL;
		vrf = l->vrf;
	}
	return vrf;
}

void lab_graph_about(const struct lab_node *n, char *out, size_t cap)
{
	static const char *const roles[] = {
		[LAB_ROLE_PE] = "PE", [LAB_ROLE_P] = "P", [LAB_ROLE_CE] = "CE"};

	snprintf(out, cap, "%s%s%s", roles[n->role], n->config ? ", Ravelin" : "",
		n->n_daemons ? ", FRR" : "");
}

static void mermaid(const struct lab_topo *t, const struct lab_graph_vrfs *vrfs, FILE *out)
{
	fprintf(out, "%%%% %s\nflowchart TB\n", t->name);
	for (unsigned i = 0; i < t->n_nodes; i++) {
		struct lab_graph_ink ink = lab_graph_ink(vrfs, lab_graph_vrf_of(t, i));
		char about[48];

		lab_graph_about(&t->nodes[i], about, sizeof about);
		fprintf(out, "  n%u[\"%s<br/><small>%s</small>\"]\n  style n%u fill:%s,stroke:%s\n",
			i, t->nodes[i].name, about, i, ink.fill, ink.line);
	}
	for (unsigned i = 0; i < t->n_links; i++) {
		const struct lab_link *l = &t->links[i];

		fprintf(out, "  n%u ---|\"%s%s%s to %s\"| n%u\n  linkStyle %u stroke:%s\n",
			l->end[0].node, l->vrf ? l->vrf : "", l->vrf ? "<br/>" : "", l->end[0].port,
			l->end[1].port, l->end[1].node, i, lab_graph_ink(vrfs, l->vrf).line);
	}
}

static void dot_rank(const struct lab_topo *t, enum lab_role role, FILE *out)
{
	fprintf(out, "  { rank=same;");
	for (unsigned i = 0; i < t->n_nodes; i++)
		if (t->nodes[i].role == role)
			fprintf(out, " \"%s\";", t->nodes[i].name);
	fprintf(out, " }\n");
}

static void dot(const struct lab_topo *t, const struct lab_graph_vrfs *vrfs, FILE *out)
{
	fprintf(out,
		"graph \"%s\" {\n  node [shape=box, style=\"rounded,filled\", fontname=\"sans\"];\n"
		"  edge [fontname=\"sans\", fontsize=10, labeldistance=2];\n",
		t->name);
	for (unsigned i = 0; i < t->n_nodes; i++) {
		struct lab_graph_ink ink = lab_graph_ink(vrfs, lab_graph_vrf_of(t, i));
		char about[48];

		lab_graph_about(&t->nodes[i], about, sizeof about);
		fprintf(out, "  \"%s\" [label=\"%s\\n%s\", fillcolor=\"%s\", color=\"%s\"];\n",
			t->nodes[i].name, t->nodes[i].name, about, ink.fill, ink.line);
	}
	dot_rank(t, LAB_ROLE_P, out);
	dot_rank(t, LAB_ROLE_PE, out);
	dot_rank(t, LAB_ROLE_CE, out);
	for (unsigned i = 0; i < t->n_links; i++) {
		const struct lab_link *l = &t->links[i];
		/* the upper one first, or Graphviz draws what is below above */
		int first = t->nodes[l->end[0].node].role != LAB_ROLE_P &&
			    (t->nodes[l->end[1].node].role == LAB_ROLE_P ||
				    t->nodes[l->end[0].node].role == LAB_ROLE_CE);
		const struct lab_end *a = &l->end[first], *b = &l->end[!first];

		fprintf(out,
			"  \"%s\" -- \"%s\" [taillabel=\"%s\", headlabel=\"%s\", "
			"color=\"%s\"%s%s%s];\n",
			t->nodes[a->node].name, t->nodes[b->node].name, a->port, b->port,
			lab_graph_ink(vrfs, l->vrf).line, l->vrf ? ", label=\"" : "",
			l->vrf ? l->vrf : "", l->vrf ? "\"" : "");
	}
	fprintf(out, "}\n");
}

int lab_graph(const char *topology, enum lab_graph_kind kind, FILE *out)
{
	static void (*const draw[])(const struct lab_topo *, const struct lab_graph_vrfs *,
		FILE *) = {[LAB_GRAPH_MERMAID] = mermaid,
		[LAB_GRAPH_DOT] = dot,
		[LAB_GRAPH_SVG] = lab_graph_svg};
	struct lab_topo t = {0};
	struct lab_graph_vrfs vrfs;
	char file[2 * PATH_MAX];
	bool ok = lab_find_topology(topology, file, sizeof file) &&
		  lab_topo_load(&t, file, complaint_to());

	if (ok) {
		lab_graph_vrfs(&t, &vrfs);
		draw[kind](&t, &vrfs, out);
	}
	lab_topo_fini(&t);
	return ok ? LAB_HELD : LAB_UNCLEAR;
}

int lab_graph_json(const char *topology, enum lab_graph_kind kind)
{
	static const char *const forms[] = {
		[LAB_GRAPH_MERMAID] = "mermaid", [LAB_GRAPH_DOT] = "dot", [LAB_GRAPH_SVG] = "svg"};
	char *picture = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&picture, &len);

	CHECK(out != NULL);
	int status = lab_graph(topology, kind, out);
	CHECK(fclose(out) == 0);
	if (status == LAB_HELD)
		lab_report_print(json_pack("{s:s, s:s, s:s}", "topology", topology, "form",
			forms[kind], "picture", picture));
	free(picture);
	return status;
}
