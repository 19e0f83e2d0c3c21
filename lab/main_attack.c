/* `ravelin lab attack`: its words. */
#include "lab/main_attack.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lab/attacks/malformed.h"
#include "lab/attacks/run.h"
#include "lab/evidence/evidence.h"
#include "lab/lab.h"
#include "lab/siege.h"
#include "lib/check.h"
#include "lib/complaint.h"
#include "lib/text.h"

#define TIMEOUT_DEFAULT 1200
#define TIMEOUT_MAX	86400

static int attack_help(FILE *to)
{
	fputs("usage: ravelin lab attack [--pe ravelin|frr] [--backend netns|uml] [--quick] [--out "
	      "DIR]\n"
	      "                          [--sign KEY] [--json] [--junit FILE] [--timeout S] "
	      "[NAME|GROUP ...]\n"
	      "       ravelin lab attack --pe PE malformed\n"
	      "       ravelin lab attack --list\n\n"
	      "Tries the attacks of the catalogue on a PE, each with every protection on and once "
	      "more with exactly one off;\n"
	      "then malformed BGP. Writes what it saw to DIR (" EVIDENCE_DIR ").\n"
	      "  NAME   an attack, such as LBL-01; GROUP: all whose names begin so, such as LBL. "
	      "malformed: BGP messages that\n"
	      "         a router must survive; one of them: R25, malformed/origin-len0\n"
	      "  --pe   who is attacked: ravelin (the default) or frr; malformed also: bird, "
	      "gobgp, openbgpd\n"
	      "  --sign the report is signed with this Ed25519 key (ravelin report keygen); else "
	      "with one that is forgotten\n"
	      "exit status: 0 every attack was held off, 4 one was not or proved nothing, 2 not "
	      "understood, 1 the lab broke\n",
		to);
	return to == stdout ? LAB_HELD : LAB_UNCLEAR;
}

/* "malformed" (all of its cases), "R25", "malformed/origin-len0". NULL: none of its names. */
static const char *attack_case(const char *name)
{
	if (!strncasecmp(name, "malformed/", 10))
		return name + 10;
	if (!strcasecmp(name, "malformed"))
		return "";
	return (name[0] == 'R' || name[0] == 'r') && name[1] &&
			       strspn(name + 1, "0123456789") == strlen(name + 1)
		       ? name
		       : NULL;
}

/* One name into the list that it belongs to. False: said that there is none such. */
static bool attack_name(struct lab_siege *s, const char *name)
{
	const char *one = attack_case(name), *near;
	char word[64];

	if (one) {
		snprintf(word, sizeof word, "%s%s", one == name ? "R" : "",
			one == name ? one + 1 : one);
		s->cases = s->cases ? s->cases : json_array();
		if (*one)
			json_array_append_new(s->cases, json_string(word));
		return true;
	}
	if (attack_known(name)) {
		s->attacks = s->attacks ? s->attacks : json_array();
		json_array_append_new(s->attacks, json_string(name));
		return true;
	}
	near = attack_nearest(name);
	fprintf(complaint_to(), "lab: there is no attack \"%s\"%s%s%s (see --list)\n", name,
		near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	return false;
}

/* What is attacked: all that this PE can be asked, if no name is given. */
static bool attack_names(int argc, char **argv, struct lab_siege *s)
{
	bool pe = !strcmp(s->pe, "ravelin") || !strcmp(s->pe, "frr"), ok = true;

	for (int i = 0; i < argc; i++)
		ok &= attack_name(s, argv[i]);
	if (!argc) {
		s->attacks = pe ? json_array() : NULL;
		s->cases = json_array();
	}
	if (ok && s->attacks && !pe) {
		fprintf(complaint_to(),
			"lab: %s is no PE of the catalogue: it can be put to \"malformed\" only\n",
			s->pe);
		return false;
	}
	return ok;
}

/* False: not understood. */
static bool attack_options(int argc, char **argv, struct lab_siege *s, int *word)
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
			ok &= lab_backend_named(optarg, &s->lab.backend);
		else if (c == 'p')
			s->pe = optarg;
		else if (c == 'q')
			s->quick = true;
		else if (c == 'l' || c == 'h')
			*word = c;
		else if (c == 'o')
			s->out = optarg;
		else if (c == 's')
			s->sign = optarg;
		else if (c == 'j')
			s->lab.json = true;
		else if (c == 'x')
			s->lab.junit = optarg;
		else if (c == 't')
			ok &= text_parse_u64(optarg, TIMEOUT_MAX, &seconds);
		else
			ok = false;
	}
	s->lab.timeout_s = seconds;
	return ok && malformed_pe_known(s->pe);
}

int lab_main_attack(int argc, char **argv, bool json)
{
	struct lab_siege s = {.out = EVIDENCE_DIR, .pe = "ravelin", .lab.json = json};
	int word = 0, rc = LAB_UNCLEAR;

	if (!attack_options(argc, argv, &s, &word))
		return attack_help(complaint_to());
	if (word)
		return word == 'l' ? attack_list(s.lab.json) : attack_help(stdout);
	if (attack_names(argc - optind, argv + optind, &s))
		rc = lab_siege_run(&s);
	json_decref(s.attacks);
	json_decref(s.cases);
	return rc;
}
