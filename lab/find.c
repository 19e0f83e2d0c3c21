/* Where a topology and its scenario stand. */
#include "lab/find.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/check.h"
#include "lib/complaint.h"

#define TOPO_END  ".clab.yml"
#define SCENE_END ".scenario.yml"

/* The one *.clab.yml of a directory. */
static bool find_in_dir(const char *dir, char *out, size_t cap)
{
	DIR *d = strlen(dir) < PATH_MAX ? opendir(dir) : NULL;
	struct dirent *e;
	bool found = false;

	while (d && (e = readdir(d))) {
		size_t n = strlen(e->d_name);

		if (n <= strlen(TOPO_END) ||
			strcmp(e->d_name + n - strlen(TOPO_END), TOPO_END) != 0)
			continue;
		found = snprintf(out, cap, "%s/%s", dir, e->d_name) < (int)cap;
	}
	if (d)
		closedir(d);
	return found;
}

/* Among the topologies beside the sources, the build, and where they are installed. */
static bool find_shipped(const char *name, char *out, size_t cap)
{
	const char *own = getenv("RAVELIN_TOPOLOGIES");
	char bin[PATH_MAX], dir[3 * PATH_MAX];
	const char *const in[] = {own ? own : "topologies", "topologies", "../topologies",
		"../share/ravelin/topologies"};
	ssize_t n = readlink("/proc/self/exe", bin, sizeof bin - 1);

	CHECK(n > 0);
	bin[n] = 0;
	*strrchr(bin, '/') = 0;
	for (size_t i = 0; i < ARRAY_LEN(in); i++) {
		bool beside = !strncmp(in[i], "..", 2);

		snprintf(dir, sizeof dir, "%.4000s%s%.4000s/%.1000s", beside ? bin : "",
			beside ? "/" : "", in[i], name);
		if (find_in_dir(dir, out, cap))
			return true;
	}
	return false;
}

bool lab_find_topology(const char *name, char *out, size_t cap)
{
	struct stat st;
	bool found;

	if (!stat(name, &st) && S_ISREG(st.st_mode))
		found = snprintf(out, cap, "%s", name) < (int)cap;
	else
		found = find_in_dir(name, out, cap) || find_shipped(name, out, cap);
	if (!found)
		fprintf(complaint_to(),
			"lab: no topology \"%s\": give a .clab.yml file or its directory\n", name);
	return found;
}

bool lab_find_scenario(const char *topology, char *out, size_t cap)
{
	const char *base = strrchr(topology, '/');
	int n = (int)strlen(topology) - (int)strlen(TOPO_END), dir;

	if (n < 1 || strcmp(topology + n, TOPO_END) != 0)
		return false;
	base = base ? base + 1 : topology;
	dir = base - topology;
	n -= dir;
	snprintf(out, cap, "%.*s%.*s" SCENE_END, dir, topology, n, base);
	if (!access(out, F_OK))
		return true;
	snprintf(out, cap, "%.*s../%.*s" SCENE_END, dir, topology, n, base);
	return !access(out, F_OK);
}
