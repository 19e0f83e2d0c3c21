#include "cli/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <libgen.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "audit/api.h"
#include "audit/collect.h"
#include "audit/report.h"
#include "cli/cli.h"
#include "cli/http.h"
#include "conf/load.h"
#include "lib/complaint.h"

#define PORTS_MAX 64
#define TRIES	  4

struct ask {
	const char *socket, *config, *netns;
	bool json, of_host, checks, help;
	const char *ports[PORTS_MAX]; /* of --core and --management */
	uint8_t roles[PORTS_MAX];
	unsigned n_ports;
};

static int usage(FILE *to)
{
	fputs("usage: ravelin [-s SOCKET] audit [-j] [-f CONFIG] [--netns NAME]\n"
	      "       ravelin audit --of-host [-j] [--netns NAME] [--core PORT ...]\n"
	      "                     [--management PORT ...]\n"
	      "       ravelin audit --checks\n\n"
	      "What stands in the kernel, against what is intended: each thing is explained or\n"
	      "flagged, with who put it there, the clause that it breaks, and the command that\n"
	      "mends it.\n\n"
	      "  -f, --config CONFIG   Ravelin's configuration (that of the daemon that runs)\n"
	      "      --of-host         whatever daemon is the PE: ports of VRFs are access, those\n"
	      "                        with labels or an IGP are core\n"
	      "      --core PORT, --management PORT\n"
	      "                        what --of-host cannot see\n"
	      "      --netns NAME      in that network namespace (ip netns)\n"
	      "  -j, --json            for machines\n"
	      "      --checks          what is looked for\n\n"
	      "exit status: 0 nothing is wrong, 4 something is, 1 could not look, 2 not "
	      "understood,\n3 no daemon runs there\n",
		to);
	return to == stdout ? CLI_OK : CLI_USAGE;
}

static int list_checks_json(void)
{
	json_t *list = json_array();
	const struct audit_check *c;

	for (size_t i = 0; (c = audit_check_row(i)); i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "check", c->id,
						    "severity", audit_severity_name(c->severity),
						    "what", c->what, "clause", c->clause));
	return cli_print_json(json_pack("{s:o}", "checks", list));
}

static int list_checks(bool json)
{
	const struct audit_check *c;

	if (json)
		return list_checks_json();

	for (size_t i = 0; (c = audit_check_row(i)); i++)
		printf("%-17s %-8s %s\n%26s (%s)\n", c->id, audit_severity_name(c->severity),
			c->what, "", c->clause);
	return CLI_OK;
}

enum { OPT_HOST = 256, OPT_NETNS, OPT_CORE, OPT_MANAGEMENT, OPT_CHECKS };

static bool port_add(struct ask *a, const char *name, enum audit_role role)
{
	if (a->n_ports == PORTS_MAX)
		return false;
	a->ports[a->n_ports] = name;
	a->roles[a->n_ports++] = (uint8_t)role;
	return true;
}

static bool option_take(struct ask *a, int c)
{
	switch (c) {
	case 's':
		a->socket = optarg;
		return true;
	case 'f':
		a->config = optarg;
		return true;
	case 'j':
		a->json = true;
		return true;
	case 'h':
		a->help = true;
		return true;
	case OPT_HOST:
		a->of_host = true;
		return true;
	case OPT_NETNS:
		a->netns = optarg;
		return true;
	case OPT_CORE:
		return port_add(a, optarg, AUDIT_ROLE_CORE);
	case OPT_MANAGEMENT:
		return port_add(a, optarg, AUDIT_ROLE_MANAGEMENT);
	case OPT_CHECKS:
		a->checks = true;
		return true;
	default:
		return false;
	}
}

static bool parse(int argc, char **argv, struct ask *a)
{
	static const struct option options[] = {
		{"socket", required_argument, NULL, 's'},
		{"config", required_argument, NULL, 'f'},
		{"json", no_argument, NULL, 'j'},
		{"help", no_argument, NULL, 'h'},
		{"of-host", no_argument, NULL, OPT_HOST},
		{"netns", required_argument, NULL, OPT_NETNS},
		{"core", required_argument, NULL, OPT_CORE},
		{"management", required_argument, NULL, OPT_MANAGEMENT},
		{"checks", no_argument, NULL, OPT_CHECKS},
		{0},
	};
	int c;

	optind = 0; /* the command's own were read before */
	while ((c = getopt_long(argc, argv, "s:f:jh", options, NULL)) != -1)
		if (!option_take(a, c))
			return false;
	return optind == argc && !(a->of_host && a->config) && !(a->n_ports && !a->of_host);
}

static bool netns_enter(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	int fd = strchr(name, '/') ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && setns(fd, CLONE_NEWNET) == 0;

	if (!ok)
		fprintf(complaint_to(), "ravelin: network namespace %s: %s\n", name,
			fd < 0 && strchr(name, '/') ? "not a name" : strerror(errno));
	if (fd >= 0)
		close(fd);
	return ok;
}

typedef bool said_fn(struct audit_intent *in, const char *text, size_t len);

static bool ask_daemon(
	const char *socket, const char *target, said_fn *said, struct audit_intent *in)
{
	struct cli_answer answer = {0};

	if (cli_http_ask(socket, "GET", target, &answer) < 0)
		return false;
	bool ok = answer.status == 200 && said(in, answer.body, answer.len);
	cli_http_free(&answer);
	return ok;
}

/* The configuration, from -f or as the running daemon was started; NULL: said why, and what the exit status is. */
static struct conf *conf_get(const struct ask *a, int *status)
{
	char path[256], run_dir[256];
	const char *file = a->config;

	if (!file) {
		snprintf(run_dir, sizeof(run_dir), "%s", a->socket);
		if (audit_collect_config(dirname(run_dir), path, sizeof(path)))
			file = path;
	}
	if (!file) {
		fputs("ravelin: no ravelind runs there, so its configuration is not known: -f "
		      "CONFIG, or --of-host where another daemon is the PE\n",
			complaint_to());
		*status = CLI_NO_DAEMON;
		return NULL;
	}
	FILE *warnings = fopen("/dev/null", "we"); /* the daemon has said them */
	struct conf *conf = conf_load(file, warnings ? warnings : complaint_to());
	if (warnings)
		fclose(warnings);
	if (!conf)
		conf_load(file, complaint_to());
	*status = conf ? CLI_OK : CLI_USAGE;
	return conf;
}

/* What only differs because the daemon was at work while we looked is looked at again. */
static bool may_be_a_race(const struct audit_run *r)
{
	static const char *const ids[] = {
		"route-stale", "route-missing", "label-ours", "label-missing"};

	for (size_t i = 0; i < r->n_findings; i++)
		for (size_t k = 0; k < sizeof(ids) / sizeof(ids[0]); k++)
			if (strcmp(r->findings[i].check->id, ids[k]) == 0)
				return true;
	return false;
}

static int look(const struct ask *a, const struct conf *conf, bool last, bool *again)
{
	struct audit_snapshot s;
	struct audit_intent in;
	struct audit_run r;
	int status = CLI_NO;

	audit_snapshot_init(&s);
	audit_intent_init(&in);
	int err = audit_collect(&s);
	for (unsigned i = 0; i < a->n_ports; i++)
		audit_intent_add_port(&in, a->ports[i], a->roles[i]);
	if (conf)
		audit_intent_add_conf(&in, conf);
	else
		audit_intent_add_host(&in, &s);
	bool daemon = conf && ask_daemon(a->socket, "/v1/vrf", audit_api_vrf, &in);
	if (daemon)
		ask_daemon(a->socket, "/v1/guard", audit_api_guard, &in);
	if (err) {
		fprintf(complaint_to(), "ravelin: the kernel cannot be asked: %s\n",
			strerror(-err));
	} else {
		audit_run_init(&r, &s, &in);
		*again = !last && daemon && may_be_a_race(&r);
		if (!*again && conf && !daemon)
			fprintf(complaint_to(),
				"ravelin: no answer at %s: labels and routes are not "
				"compared with the daemon's\n",
				a->socket);
		if (!*again)
			(a->json ? audit_report_json : audit_report_text)(&r, stdout);
		status = r.n_findings ? CLI_FAILED : CLI_OK;
		audit_run_fini(&r);
	}
	audit_intent_fini(&in);
	audit_snapshot_fini(&s);
	return fflush(stdout) ? CLI_NO : status;
}

int cli_audit(int argc, char **argv, const char *socket, bool json)
{
	struct ask a = {.socket = socket, .json = json};
	struct conf *conf = NULL;
	bool again = true;
	int status = CLI_NO;

	if (!parse(argc, argv, &a))
		return usage(complaint_to());
	if (a.help)
		return usage(stdout);
	if (a.checks)
		return list_checks(a.json);
	if (!a.of_host && !(conf = conf_get(&a, &status)))
		return status;
	if (a.netns && !netns_enter(a.netns)) {
		conf_free(conf);
		return CLI_NO;
	}
	for (int i = 1; again; i++) {
		again = false;
		status = look(&a, conf, i == TRIES, &again);
		if (again)
			nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
	}
	conf_free(conf);
	return status;
}
