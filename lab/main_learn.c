/* The lab's commands for those who look and learn: validate, check, graph, capture. */
#include "lab/main_learn.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/capture.h"
#include "lab/graph.h"
#include "lab/lab.h"
#include "lab/validate.h"
#include "lib/check.h"
#include "lib/complaint.h"
#include "lib/text.h"

#define PATIENCE_DEFAULT 5
#define PATIENCE_MAX	 600
#define COUNT_MAX	 1000000000
#define FILTER_MAX	 1024

static int learn_usage(const char *text)
{
	fprintf(complaint_to(), "usage: ravelin lab %s\n", text);
	return LAB_UNCLEAR;
}

int lab_main_validate(int argc, char **argv, bool json)
{
	static const struct option options[] = {{"scenario", required_argument, NULL, 's'},
		{"wait", required_argument, NULL, 'w'}, {"json", no_argument, NULL, 'j'}, {0}};
	struct lab_validate v = {.json = json};
	uint64_t patience = PATIENCE_DEFAULT;
	bool ok = true;
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "n:s:w:j", options, NULL)) != -1) {
		if (c == 'n')
			v.lab = optarg;
		else if (c == 's')
			v.scenario = optarg;
		else if (c == 'w')
			ok &= text_parse_u64(optarg, PATIENCE_MAX, &patience);
		else if (c == 'j')
			v.json = true;
		else
			ok = false;
	}
	v.patience_s = patience;
	v.topology = optind < argc ? argv[optind++] : NULL;
	return ok && optind == argc
		       ? lab_validate(&v)
		       : learn_usage("validate [-n LAB] [--scenario FILE] [--wait S] [--json] "
				     "[TOPOLOGY]");
}

int lab_main_check(int argc, char **argv, bool json)
{
	static const struct option options[] = {{"scenario", required_argument, NULL, 's'}, {0}};
	const char *scenario = NULL;
	bool ok = true;
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "s:", options, NULL)) != -1) {
		ok &= c == 's';
		scenario = c == 's' ? optarg : scenario;
	}
	return ok && optind + 1 == argc ? lab_check(argv[optind], scenario, json)
					: learn_usage("check [--scenario FILE] TOPOLOGY");
}

int lab_main_graph(int argc, char **argv, bool json)
{
	static const struct option options[] = {{"mermaid", no_argument, NULL, LAB_GRAPH_MERMAID},
		{"dot", no_argument, NULL, LAB_GRAPH_DOT},
		{"svg", no_argument, NULL, LAB_GRAPH_SVG}, {0}};
	int c, kind = -1;
	bool ok = true;

	optind = 0;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		ok &= c != '?' && kind < 0;
		kind = c;
	}
	if (!ok || kind < 0 || optind + 1 != argc)
		return learn_usage("graph --mermaid|--dot|--svg TOPOLOGY");
	return json ? lab_graph_json(argv[optind], kind) : lab_graph(argv[optind], kind, stdout);
}

/* The words of a filter, in one. False: too long. */
static bool capture_filter(char *const *words, char *out, size_t cap)
{
	struct text x = text_of(out, cap);

	*out = 0;
	for (; *words; words++)
		text_add(&x, "%s%s", *out ? " " : "", *words);
	return strlen(out) + 1 < cap;
}

int lab_main_capture(int argc, char **argv, bool json)
{
	static const struct option options[] = {{"count", required_argument, NULL, 'c'},
		{"write", required_argument, NULL, 'w'}, {0}};
	struct lab_capture o = {.json = json};
	char filter[FILTER_MAX];
	uint64_t count = 0;
	bool ok = true;
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "n:w:c:", options, NULL)) != -1) {
		if (c == 'n')
			o.lab = optarg;
		else if (c == 'w')
			o.file = optarg;
		else if (c == 'c')
			ok &= text_parse_u64(optarg, COUNT_MAX, &count);
		else
			ok = false;
	}
	o.count = count;
	o.port = optind < argc ? argv[optind++] : NULL;
	ok = ok && o.port && capture_filter(argv + optind, filter, sizeof filter);
	o.filter = ok && *filter ? filter : NULL;
	return ok ? lab_capture(&o)
		  : learn_usage("capture [-n LAB] [-w FILE] [--count N] NODE:PORT [FILTER ...]");
}
