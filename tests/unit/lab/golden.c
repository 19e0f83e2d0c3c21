/*
 * Topologies and scenarios against what is said about them, octet by octet: golden/NAME.yml and golden/NAME.yml.err.
 * good.* load in silence, bad-* are refused. RAVELIN_BLESS=1 rewrites the .err files: read the diff.
 */
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/scenario.h"
#include "lab/topo.h"

#define TOPOLOGIES_AT_LEAST 24 /* so that a wrong folder cannot pass */
#define SCENARIOS_AT_LEAST  18

static void golden_enter(void)
{
	const char *src = getenv("RAVELIN_SRCDIR");
	char path[1024];

	snprintf(path, sizeof path, "%s/tests/unit/lab/golden", src ? src : ".");
	cr_assert_eq(chdir(path), 0, "%s", path);
}

static void golden_bless(const char *err, const char *said, size_t len)
{
	FILE *f = len ? fopen(err, "we") : NULL;

	if (!f)
		return;
	fwrite(said, 1, len, f);
	fclose(f);
}

static void golden_compare(const char *file, bool loaded, const char *said, size_t len)
{
	char err[256], want[8192] = "";
	FILE *f;

	snprintf(err, sizeof err, "%s.err", file);
	if (getenv("RAVELIN_BLESS"))
		golden_bless(err, said, len);
	f = fopen(err, "re");
	if (f) {
		want[fread(want, 1, sizeof want - 1, f)] = 0;
		fclose(f);
	}
	cr_expect_eq(loaded, strncmp(file, "bad-", 4) != 0, "%s: %s", file,
		loaded ? "loaded" : "refused");
	cr_expect_eq(len == 0, loaded, "%s: said\n%s", file, said);
	cr_expect_str_eq(said, want, "%s: said\n%swanted\n%s", file, said, want);
}

static bool load_topology(const char *file, FILE *diag)
{
	struct lab_topo t;
	bool ok = lab_topo_load(&t, file, diag);

	lab_topo_fini(&t);
	return ok;
}

static bool load_scenario(const char *file, FILE *diag)
{
	struct lab_topo t;
	struct lab_scenario s;
	bool ok;

	cr_assert(lab_topo_load(&t, "good.clab.yml", stderr));
	ok = lab_scenario_load(&s, &t, file, diag);
	lab_scenario_fini(&s);
	lab_topo_fini(&t);
	return ok;
}

static size_t golden_all(const char *pattern, bool (*load)(const char *file, FILE *diag))
{
	glob_t g;
	size_t n;

	golden_enter();
	cr_assert_eq(glob(pattern, 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		char *said = NULL;
		size_t len = 0;
		FILE *diag = open_memstream(&said, &len);
		bool ok = load(g.gl_pathv[i], diag);

		fclose(diag);
		golden_compare(g.gl_pathv[i], ok, said, len);
		free(said);
	}
	n = g.gl_pathc;
	globfree(&g);
	return n;
}

Test(topo, golden)
{
	cr_expect_geq(golden_all("*.clab.yml", load_topology), TOPOLOGIES_AT_LEAST);
}

Test(scenario, golden)
{
	cr_expect_geq(golden_all("*.scenario.yml", load_scenario), SCENARIOS_AT_LEAST);
}

Test(topo, what_is_read)
{
	const struct lab_link *link;
	struct lab_end end;
	struct lab_topo t;

	golden_enter();
	cr_assert(lab_topo_load(&t, "good.clab.yml", stderr));
	cr_expect_str_eq(t.name, "t");
	cr_expect_eq(t.n_nodes, 2);
	cr_expect_eq(t.nodes[0].role, LAB_ROLE_PE);
	cr_expect_eq(t.nodes[1].role, LAB_ROLE_CE);
	cr_expect_eq(t.nodes[0].n_daemons, 2);
	cr_expect_str_eq(t.nodes[0].daemons[1], "bgpd");
	cr_expect_null(t.nodes[0].config);
	cr_expect_str_eq(t.nodes[0].execs[0], "ip addr add 192.0.2.1/24 dev eth1");
	cr_assert(lab_topo_end(&t, "c1:eth1", &end));
	link = lab_topo_link(&t, &end);
	cr_expect_eq(link->role, LAB_LINK_ACCESS);
	cr_expect_str_eq(link->vrf, "red");
	cr_expect_not(lab_topo_end(&t, "c1:eth2", &end));
	cr_expect_not(lab_topo_end(&t, "c1", &end));
	cr_expect_eq(lab_topo_find(&t, "nobody"), -1);
	lab_topo_fini(&t);
}
