/* ravelin: the operator's one-shot command. Asks the daemon over its unix socket, prints, exits. */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/audit.h"
#include "cli/http.h"
#include "cli/mrt.h"
#include "cli/neighbor.h"
#include "cli/policy.h"
#include "cli/report.h"
#include "cli/words.h"
#include "config.h"
#include "lab/lab.h"

#define CLI_SOCKET     "/run/ravelin/ravelin.sock"
#define CLI_ARGS_MAX   8
#define CLI_TARGET_MAX 1536

enum cli_exit { CLI_OK = 0, CLI_NO = 1, CLI_USAGE = 2, CLI_NO_DAEMON = 3 };

struct cli {
	const char *socket;
	bool json;
	int n;
	char *words[CLI_ARGS_MAX];
	struct cli_asked asked; /* the name or prefix after them */
};

static int cli_help(FILE *to)
{
	fputs("usage: ravelin [-s SOCKET] [-j] show WHAT\n"
	      "       ravelin [-s SOCKET] [-j] explain PREFIX [vrf NAME]\n"
	      "       ravelin [-s SOCKET] [-j] neighbor WHO ORDER\n"
	      "       ravelin [-s SOCKET] [-j] audit ...\n"
	      "       ravelin [-j] policy test ...\n"
	      "       ravelin [-s SOCKET] mrt dump [-f] FILE\n"
	      "       ravelin lab COMMAND ...\n"
	      "       ravelin report verify | keygen ...\n"
	      "       ravelin help\n\n",
		to);
	for (size_t i = 0; cli_words_row(i); i++) {
		const struct cli_row *row = cli_words_row(i);
		char left[64];
		if (row->also)
			snprintf(left, sizeof(left), "%s %s [%s NAME]", row->words, row->argument,
				row->also);
		else
			snprintf(left, sizeof(left), "%s%s%s%s", row->words,
				row->argument ? " [" : "", row->argument ? row->argument : "",
				row->argument ? "]" : "");
		fprintf(to, "  %-25s  %s\n", left, row->help);
	}
	cli_neighbor_help(to);
	fputs("  audit                      what stands in the kernel, explained or flagged:\n"
	      "                             ravelin audit --help\n"
	      "  policy test                what import policies make of a route: ravelin policy "
	      "--help\n"
	      "  mrt                        routes as an MRT file: ravelin mrt help\n"
	      "  lab                        routers on this machine, attacked: ravelin lab help\n"
	      "  report                     what the attacks left behind, verified: ravelin report "
	      "help\n\n"
	      "  -s, --socket SOCKET   the daemon's socket (" CLI_SOCKET ")\n"
	      "  -j, --json            the daemon's answer as it is\n"
	      "  -h, --help   -V, --version\n\n"
	      "exit status: 0 done, 1 not there or not possible, 2 not understood,\n"
	      "3 no daemon at the socket\n",
		to);
	return to == stdout ? CLI_OK : CLI_USAGE;
}

/* Options may stand before, between and after the words, but what follows `lab`, `mrt`, `report`, `policy` or `audit` is theirs. */
static int cli_parse(int argc, char **argv, struct cli *cli)
{
	static const struct option options[] = {
		{"socket", required_argument, NULL, 's'},
		{"json", no_argument, NULL, 'j'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{0},
	};

	for (;;) {
		int c = getopt_long(argc, argv, "+s:jhV", options, NULL);
		if (c == 's')
			cli->socket = optarg;
		else if (c == 'j')
			cli->json = true;
		else if (c == 'h')
			return cli_help(stdout);
		else if (c == 'V')
			return printf("ravelin %s\n", PACKAGE_VERSION) < 0;
		else if (c == -1 && optind >= argc)
			return -1;
		else if (c != -1 || cli->n == CLI_ARGS_MAX)
			return cli_help(stderr);
		else if (cli->n == 0 && strcmp(argv[optind], "lab") == 0)
			return lab_main(argc - optind, argv + optind);
		else if (cli->n == 0 && strcmp(argv[optind], "mrt") == 0)
			return cli_mrt(argc - optind, argv + optind, cli->socket);
		else if (cli->n == 0 && strcmp(argv[optind], "report") == 0)
			return cli_report(argc - optind, argv + optind);
		else if (cli->n == 0 && strcmp(argv[optind], "policy") == 0)
			return cli_policy(argc - optind, argv + optind, cli->json);
		else if (cli->n == 0 && strcmp(argv[optind], "audit") == 0)
			return cli_audit(argc - optind, argv + optind, cli->socket, cli->json);
		else
			cli->words[cli->n++] = argv[optind++];
	}
}

static int cli_no_daemon(const char *path, int error)
{
	fprintf(stderr, "ravelin: %s: %s\n", path, strerror(error));
	if (error == ENOENT || error == ECONNREFUSED)
		fputs("ravelin: no ravelind is running there; another socket: -s "
		      "RUN-DIR/ravelin.sock\n",
			stderr);
	else if (error == EACCES)
		fputs("ravelin: only root may ask\n", stderr);
	return CLI_NO_DAEMON;
}

static int cli_print(const struct cli *cli, cli_render_fn *render, const struct cli_answer *a)
{
	json_error_t error;

	if (a->status == 200 && cli->json) {
		fwrite(a->body, 1, a->len, stdout);
		return CLI_OK;
	}
	json_t *answer = json_loadb(a->body, a->len, 0, &error);
	int status = a->status == 400 ? CLI_USAGE : CLI_NO;
	if (a->status != 200) {
		const char *why = json_string_value(json_object_get(answer, "error"));
		fprintf(stderr, "ravelin: %s (HTTP %d)\n", why ? why : "refused", a->status);
	} else if (!answer) {
		fprintf(stderr, "ravelin: the answer is not JSON: %s\n", error.text);
	} else {
		if (cli->asked.argument)
			json_object_set_new(answer, "asked", json_string(cli->asked.argument));
		status = render(answer, stdout) == 0 ? CLI_OK : CLI_NO;
	}
	json_decref(answer);
	return status;
}

static int cli_ask(
	const struct cli *cli, const char *method, const char *target, cli_render_fn *render)
{
	struct cli_answer answer = {0};
	int rc = cli_http_ask(cli->socket, method, target, &answer);

	if (rc < 0)
		return cli_no_daemon(cli->socket, -rc);
	int status = cli_print(cli, render, &answer);
	cli_http_free(&answer);
	return fflush(stdout) == 0 ? status : CLI_NO;
}

static int cli_neighbor(const struct cli *cli)
{
	char why[256], target[CLI_TARGET_MAX];

	if (cli_neighbor_target(
		    cli->n - 1, cli->words + 1, target, sizeof(target), why, sizeof(why)))
		return cli_ask(cli, "POST", target, cli_render_order);
	fprintf(stderr, "ravelin: %s\nravelin: `ravelin help` lists all\n", why);
	return CLI_USAGE;
}

static int cli_show(struct cli *cli)
{
	char why[256], target[CLI_TARGET_MAX];
	const struct cli_row *row =
		cli_words_find(cli->n, cli->words, &cli->asked, why, sizeof(why));

	if (!row) {
		fprintf(stderr, "ravelin: %s\nravelin: `ravelin help` lists all\n", why);
		return CLI_USAGE;
	}
	if (!cli_words_target(row, &cli->asked, target, sizeof(target))) {
		fputs("ravelin: that name is too long to be one\n", stderr);
		return CLI_USAGE;
	}
	return cli_ask(cli, "GET", target, row->render);
}

int main(int argc, char **argv)
{
	struct cli cli = {.socket = CLI_SOCKET};
	int status = cli_parse(argc, argv, &cli);

	if (status >= 0)
		return status;
	if (cli.n == 0)
		return cli_help(stderr);
	if (strcmp(cli.words[0], "help") == 0)
		return cli_help(stdout);
	if (strcmp(cli.words[0], "neighbor") == 0)
		return cli_neighbor(&cli);
	return cli_show(&cli);
}
