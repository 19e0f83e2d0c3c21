/* `ravelin lab attack`: its words. */
#include "lab/main_attack.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "lab/attacks/run.h"
#include "lab/evidence/evidence.h"
#include "lab/host.h"
#include "lib/check.h"
#include "lib/text.h"

#define TIMEOUT_DEFAULT 1200
#define TIMEOUT_MAX	 86400
#define TOPOLOGY	 "rfc4381"
#define TOPOLOGY_FRR	 "rfc4381/frr"

static int attack_help(FILE *to)
{
	fputs("usage: ravelin lab attack [--pe ravelin|frr] [--backend netns|uml] [--quick] [--out "
	      "DIR]\n"
	      "                          [--sign KEY] [--json] [--junit FILE] [--timeout S] "
	      "[NAME|GROUP ...]\n"
	      "       ravelin lab attack --list\n\n"
	      "Tries the attacks of the catalogue on a PE, each with every protection on and once "
	      "more with exactly one off,\n"
	      "and writes what it saw to DIR (" EVIDENCE_DIR ").\n"
	      "  NAME   an attack, such as LBL-01; GROUP: all whose names begin so, such as LBL\n"
	      "  --sign the report is signed with this Ed25519 key (ravelin report keygen); else "
	      "with one that is forgotten\n"
	      "  --pe   who is attacked: Ravelin (the default) or FRR\n"
	      "exit status: 0 every attack was held off, 1 one was not or proved nothing, 2 not "
	      "understood, 3 the lab broke\n",
		to);
	return to == stdout ? 0 : 2;
}

/* False: said what there is none of. */
static bool attack_names(int argc, char **argv, json_t *names)
{
	bool ok = true;

	for (int i = 0; i < argc; i++) {
		const char *near = attack_known(argv[i]) ? NULL : attack_nearest(argv[i]);

		json_array_append_new(names, json_string(argv[i]));
		if (attack_known(argv[i]))
			continue;
		ok = false;
		fprintf(stderr, "lab: there is no attack \"%s\"%s%s%s (see --list)\n", argv[i],
			near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	}
	return ok;
}

struct attack_words {
	bool list, help, quick;
	const char *pe;
};

/* False: not understood. */
static bool attack_options(int argc, char **argv, struct lab_options *o, struct attack_words *w)
{
	static const struct option options[] = {{"backend", required_argument, NULL, 'b'},
		{"pe", required_argument, NULL, 'p'}, {"quick", no_argument, NULL, 'q'},
		{"list", no_argument, NULL, 'l'}, {"out", required_argument, NULL, 'o'},
		{"sign", required_argument, NULL, 's'}, {"json", no_argument, NULL, 'j'},
		{"junit", required_argument, NULL, 'x'}, {"timeout", required_argument, NULL, 't'},
		{"help", no_argument, NULL, 'h'}, {0}};
	uint64_t seconds = TIMEOUT_DEFAULT;
	bool ok = true;
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "b:p:qlo:s:jx:t:h", options, NULL)) != -1) {
		if (c == 'b')
			ok &= lab_backend_named(optarg, &o->backend);
		else if (c == 'p')
			w->pe = optarg;
		else if (c == 'q')
			w->quick = true;
		else if (c == 'l')
			w->list = true;
		else if (c == 'h')
			w->help = true;
		else if (c == 'o')
			o->out = optarg;
		else if (c == 's')
			o->sign = optarg;
		else if (c == 'j')
			o->json = true;
		else if (c == 'x')
			o->junit = optarg;
		else if (c == 't')
			ok &= text_parse_u64(optarg, TIMEOUT_MAX, &seconds);
		else
			ok = false;
	}
	o->timeout_s = seconds;
	return ok && (!strcmp(w->pe, "ravelin") || !strcmp(w->pe, "frr"));
}

int lab_main_attack(int argc, char **argv)
{
	struct lab_options o = {.topology = TOPOLOGY, .out = EVIDENCE_DIR};
	struct attack_words w = {.pe = "ravelin"};
	json_t *names;
	int rc = 2;

	if (!attack_options(argc, argv, &o, &w))
		return attack_help(stderr);
	if (w.list || w.help)
		return w.list ? attack_list() : attack_help(stdout);
	names = json_array();
	if (!strcmp(w.pe, "frr"))
		o.topology = TOPOLOGY_FRR;
	if (attack_names(argc - optind, argv + optind, names)) {
		o.attack = json_pack(
			"{s:O, s:s, s:b}", "attacks", names, "pe", w.pe, "quick", w.quick);
		CHECK(o.attack);
		rc = lab_host_run(&o);
		json_decref(o.attack);
	}
	json_decref(names);
	return rc;
}
