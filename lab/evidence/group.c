#include "lab/evidence/group.h"

#include <stdlib.h>
#include <string.h>

#include "lab/evidence/report.h"
#include "lib/check.h"

static const char *const groups[][2] = {{"LBL", "Label spoofing"}, {"IPS", "IP spoofing"},
	{"COR", "Discovery of the core"}, {"CPL", "Control plane"}, {"RTG", "Routing policy"},
	{"VRF", "Integrity of VRFs"}, {"IAS", "Between autonomous systems"}, {"L2", "Layer 2"},
	{"DHC", "DHCP"}, {"ICM", "ICMP"}, {"MGT", "Management"}};

static size_t group_rank(const char *group)
{
	size_t i = 0;

	while (i < ARRAY_LEN(groups) && strcmp(groups[i][0], group) != 0)
		i++;
	return i;
}

const char *evidence_group_name(const char *group)
{
	size_t i = group_rank(group);

	return i < ARRAY_LEN(groups) ? groups[i][1] : group;
}

static bool row_built(const json_t *row)
{
	return strcmp(evidence_text(row, "verdict"), "not_yet") != 0;
}

static int row_order(const void *x, const void *y)
{
	const json_t *a = *(json_t *const *)x, *b = *(json_t *const *)y;
	const char *g = evidence_text(a, "group"), *h = evidence_text(b, "group");

	if (row_built(a) != row_built(b))
		return row_built(a) ? -1 : 1;
	if (group_rank(g) != group_rank(h))
		return group_rank(g) < group_rank(h) ? -1 : 1;
	if (strcmp(g, h) != 0)
		return strcmp(g, h);
	return strverscmp(evidence_text(a, "id"), evidence_text(b, "id"));
}

void evidence_group_sort(json_t *attacks)
{
	size_t n = json_array_size(attacks), i;
	json_t **rows = calloc(n + 1, sizeof(json_t *)), *row;

	CHECK(rows);
	json_array_foreach(attacks, i, row) rows[i] = json_incref(row);
	qsort(rows, n, sizeof(json_t *), row_order);
	json_array_clear(attacks);
	for (i = 0; i < n; i++)
		CHECK(!json_array_append_new(attacks, rows[i]));
	free(rows);
}
