/* `ravelin lab ...`: a network of routers on this machine, attacked and judged. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/client.h"
#include "lab/host.h"
#include "lab/lab.h"
#include "lab/main_attack.h"
#include "lab/main_learn.h"
#include "lab/stay.h"
#include "lab/uml.h"
#include "lib/check.h"
#include "lib/complaint.h"
#include "lib/text.h"

#define TOPOLOGY_DEFAULT "l3vpn-basic"
#define TIMEOUT_DEFAULT	 300
#define TIMEOUT_MAX	 86400

static int main_help(FILE *to)
{
	fputs("usage: ravelin lab run [--backend netns|uml] [--scenario FILE] [--json] [--junit "
	      "FILE] [--timeout S] [TOPOLOGY]\n"
	      "       ravelin lab attack [--pe ravelin|frr] [--quick] [--list] [--out DIR] "
	      "[NAME|GROUP ...]\n"
	      "       ravelin lab up [--backend netns|uml] [TOPOLOGY]\n"
	      "       ravelin lab down | list\n"
	      "       ravelin lab shell [-n LAB] NODE\n"
	      "       ravelin lab exec [-n LAB] NODE COMMAND [ARG ...]\n"
	      "       ravelin lab validate [-n LAB] [--scenario FILE] [--wait S] [--json] "
	      "[TOPOLOGY]\n"
	      "       ravelin lab capture [-n LAB] [-w FILE] [--count N] NODE:PORT [FILTER ...]\n"
	      "       ravelin lab graph --mermaid|--dot|--svg TOPOLOGY\n"
	      "       ravelin lab check [--scenario FILE] TOPOLOGY\n\n"
	      "  run    builds the network, runs its scenario, shows what was observed, leaves "
	      "nothing behind\n"
	      "  attack tries the catalogue of attacks on a PE: ravelin lab attack --help\n"
	      "  up     builds the network and keeps it until `down`\n"
	      "  shell  a shell in a node of a lab that is up: try vtysh, ravelin show vrf, ip "
	      "route show vrf vrf-a\n"
	      "  exec   runs one command there; its exit status is this one's\n"
	      "  validate  what the scenario expects of the lab that is up: what holds, and what "
	      "was seen where it does not\n"
	      "  capture  what goes over a port, as pcapng: ... | wireshark -k -i -\n"
	      "  graph  a picture of the network\n"
	      "  check  reads the files and builds nothing\n\n"
	      "TOPOLOGY is a .clab.yml file, its directory, or a name such as " TOPOLOGY_DEFAULT
	      " (the default).\n"
	      "exit status of run and validate: 0 every expectation holds, 4 one does not, 2 not "
	      "understood, 1 the lab broke,\n3 no lab is up\n",
		to);
	return to == stdout ? LAB_HELD : LAB_UNCLEAR;
}

/* False: not understood. */
static bool main_options(int argc, char **argv, bool json, struct lab_options *o)
{
	static const struct option options[] = {{"backend", required_argument, NULL, 'b'},
		{"scenario", required_argument, NULL, 's'}, {"json", no_argument, NULL, 'j'},
		{"junit", required_argument, NULL, 'x'}, {"timeout", required_argument, NULL, 't'},
		{0}};
	uint64_t seconds = TIMEOUT_DEFAULT;
	bool ok = true;
	int c;

	*o = (struct lab_options){.topology = TOPOLOGY_DEFAULT, .json = json};
	optind = 0;
	while ((c = getopt_long(argc, argv, "b:s:jx:t:", options, NULL)) != -1) {
		if (c == 'b')
			ok &= lab_backend_named(optarg, &o->backend);
		else if (c == 's')
			o->scenario = optarg;
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
	if (optind < argc)
		o->topology = argv[optind++];
	return ok && optind == argc;
}

static int main_run(int argc, char **argv, bool json)
{
	struct lab_options o;

	return main_options(argc, argv, json, &o) ? lab_host_run(&o) : main_help(complaint_to());
}

static int main_up(int argc, char **argv, bool json)
{
	struct lab_options o;

	return main_options(argc, argv, json, &o) && !o.junit ? lab_stay_up(&o)
							      : main_help(complaint_to());
}

/* [-n LAB] at the front; what follows is the caller's. */
static char **main_lab_name(char **argv, const char **lab)
{
	*lab = NULL;
	argv++;
	if (*argv && !strcmp(*argv, "-n") && argv[1]) {
		*lab = argv[1];
		argv += 2;
	}
	return argv;
}

static int main_down(int argc, char **argv, bool json)
{
	const char *lab;

	argv = main_lab_name(argv, &lab);
	return *argv ? main_help(complaint_to()) : lab_stay_down(lab, json);
}

static int main_list(int argc, char **argv, bool json)
{
	return argc == 1 ? lab_stay_list(json) : main_help(complaint_to());
}

static int main_shell(int argc, char **argv, bool json)
{
	char *shell[] = {"/bin/bash", "--norc", NULL};
	const char *lab;

	argv = main_lab_name(argv, &lab);
	return *argv && !argv[1] ? lab_client_exec(lab, *argv, shell, true)
				 : main_help(complaint_to());
}

static int main_exec(int argc, char **argv, bool json)
{
	const char *lab;

	argv = main_lab_name(argv, &lab);
	return *argv && argv[1] ? lab_client_exec(lab, *argv, argv + 1, false)
				: main_help(complaint_to());
}

static int main_init(int argc, char **argv, bool json)
{
	if (getpid() == 1)
		lab_uml_init();
	return main_help(complaint_to());
}

static int main_usage(int argc, char **argv, bool json)
{
	return main_help(stdout);
}

int lab_main(int argc, char **argv, bool json)
{
	static const struct {
		const char *word;
		int (*run)(int argc, char **argv, bool json);
	} words[] = {{"run", main_run}, {"attack", lab_main_attack}, {"up", main_up},
		{"down", main_down}, {"list", main_list}, {"shell", main_shell},
		{"exec", main_exec}, {"validate", lab_main_validate}, {"check", lab_main_check},
		{"graph", lab_main_graph}, {"capture", lab_main_capture}, {"init", main_init},
		{"help", main_usage}};

	for (size_t i = 0; argc > 1 && i < ARRAY_LEN(words); i++)
		if (!strcmp(argv[1], words[i].word))
			return words[i].run(argc - 1, argv + 1, json);
	return main_help(complaint_to());
}
