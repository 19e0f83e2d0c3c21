/* Pictures: nodes do not lie on each other, what belongs together stands together. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/graph.h"
#include "lab/layout.h"

static const char *const files[] = {"l3vpn-basic", "rfc4381", "malformed", "two-peers",
	"hub-and-spoke", "extranet", "route-reflector", "dual-homed"};

static void load(struct lab_topo *t, const char *name)
{
	const char *src = getenv("RAVELIN_SRCDIR");
	char path[1024];

	snprintf(path, sizeof path, "%s/topologies/%s/%s.clab.yml", src ? src : ".", name, name);
	cr_assert(lab_topo_load(t, path, stderr), "%s", path);
}

Test(layout, nothing_overlaps)
{
	for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
		struct lab_layout l;
		struct lab_topo t;

		load(&t, files[f]);
		lab_layout(&t, &l);
		for (unsigned i = 0; i < t.n_nodes; i++) {
			cr_expect(l.x[i] >= 0 && l.x[i] <= l.width, "%s: %s", files[f],
				t.nodes[i].name);
			cr_expect_lt(l.row[i], l.n_rows);
			for (unsigned k = 0; k < i; k++)
				cr_expect(l.row[i] != l.row[k] ||
						  abs((int)(1000 * (l.x[i] - l.x[k]))) >= 999,
					"%s: %s on %s", files[f], t.nodes[i].name, t.nodes[k].name);
		}
		lab_topo_fini(&t);
	}
}

/* Each customer's routers stand under their PE, so no link crosses another. */
Test(layout, ce_under_its_pe)
{
	struct lab_layout l;
	struct lab_topo t;
	int a1, b1, a2, b2, pe1, p1;

	load(&t, "l3vpn-basic");
	lab_layout(&t, &l);
	a1 = lab_topo_find(&t, "ce-a1");
	b1 = lab_topo_find(&t, "ce-b1");
	a2 = lab_topo_find(&t, "ce-a2");
	b2 = lab_topo_find(&t, "ce-b2");
	pe1 = lab_topo_find(&t, "pe1");
	p1 = lab_topo_find(&t, "p1");
	cr_expect(l.row[p1] == 0 && l.row[pe1] == 1 && l.row[a1] == 2);
	cr_expect(l.x[a1] < l.x[a2] && l.x[b1] < l.x[a2] && l.x[b1] < l.x[b2]);
	cr_expect_float_eq(l.x[pe1], (l.x[a1] + l.x[b1]) / 2, 0.001);
	lab_topo_fini(&t);
}

static char *drawn(const char *name, enum lab_graph_kind kind)
{
	const char *src = getenv("RAVELIN_SRCDIR");
	char path[1024], *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	snprintf(path, sizeof path, "%s/topologies/%s", src ? src : ".", name);
	cr_assert_eq(lab_graph(path, kind, f), 0);
	fclose(f);
	return text;
}

static unsigned times(const char *text, const char *what)
{
	unsigned n = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		n++;
	return n;
}

Test(graph, everything_is_in_it)
{
	char *svg = drawn("rfc4381", LAB_GRAPH_SVG), *dot = drawn("rfc4381", LAB_GRAPH_DOT),
	     *mermaid = drawn("rfc4381", LAB_GRAPH_MERMAID);
	struct lab_topo t;

	load(&t, "rfc4381");
	cr_expect_eq(times(svg, "class=\"port\""), 2 * t.n_links);
	cr_expect_eq(times(svg, "class=\"node\""), t.n_nodes);
	cr_expect_eq(times(svg, "class=\"vrf\""), 2);
	cr_expect_eq(times(dot, " -- "), t.n_links);
	cr_expect_eq(times(mermaid, " ---|"), t.n_links);
	for (unsigned i = 0; i < t.n_nodes; i++)
		cr_expect(strstr(svg, t.nodes[i].name) && strstr(dot, t.nodes[i].name) &&
			  strstr(mermaid, t.nodes[i].name));
	lab_topo_fini(&t);
	free(svg);
	free(dot);
	free(mermaid);
}

/* What a README shows is what the tool draws. */
Test(graph, lessons_show_it)
{
	for (size_t f = 3; f < sizeof files / sizeof *files; f++) {
		const char *src = getenv("RAVELIN_SRCDIR");
		char path[1024], readme[16384] = "", *mermaid = drawn(files[f], LAB_GRAPH_MERMAID);
		FILE *in;

		snprintf(
			path, sizeof path, "%s/topologies/%s/README.md", src ? src : ".", files[f]);
		in = fopen(path, "re");
		cr_assert(in && fread(readme, 1, sizeof readme - 1, in) > 0);
		fclose(in);
		cr_expect(strstr(readme, mermaid), "%s: ravelin lab graph --mermaid %s", path,
			files[f]);
		free(mermaid);
	}
}
