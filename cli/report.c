/* `ravelin report ...`: keys, and whether a report is what was signed. */
#include "cli/report.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "lab/evidence/evidence.h"
#include "lib/check.h"
#include "lib/complaint.h"

static int report_help(FILE *to)
{
	fputs("usage: ravelin report verify [--key PUB.pem] [DIR]\n"
	      "       ravelin report keygen FILE\n\n"
	      "  verify  does the directory (" EVIDENCE_DIR ") hold exactly the files\n"
	      "          that were signed? --key: by the holder of this key; else by that of\n"
	      "          the key in the directory, whose fingerprint is printed\n"
	      "  keygen  makes a private key (Ed25519, PEM) in a new file, for\n"
	      "          ravelin lab attack --sign FILE; prints the public one\n\n"
	      "exit status: 0 verified or made, 4 not what was signed, 2 not understood or not\n"
	      "possible\n",
		to);
	return to == stdout ? CLI_OK : CLI_USAGE;
}

static int report_verify_json(const char *dir, bool verified, char *text)
{
	json_t *lines = json_array();
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		json_array_append_new(lines, json_string(line));
	return cli_print_json(
		json_pack("{s:s, s:b, s:o}", "report", dir, "verified", verified, "said", lines));
}

static int report_look(const char *dir, const char *key, bool json)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	CHECK(to != NULL);
	int rc = evidence_verify(dir, key, to), status = rc == 1 ? CLI_FAILED : rc;
	CHECK(fclose(to) == 0);
	if (status == CLI_USAGE)
		fputs(text, complaint_to());
	else if (json)
		report_verify_json(dir, status == CLI_OK, text);
	else
		fputs(text, stdout);
	free(text);
	return status;
}

static int report_verify(int argc, char **argv, bool json)
{
	static const struct option options[] = {
		{"key", required_argument, NULL, 'k'}, {"help", no_argument, NULL, 'h'}, {0}};
	const char *key = NULL, *dir = EVIDENCE_DIR;
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "k:h", options, NULL)) != -1) {
		if (c == 'h')
			return report_help(stdout);
		if (c != 'k')
			return report_help(complaint_to());
		key = optarg;
	}
	if (optind < argc)
		dir = argv[optind++];
	return optind == argc ? report_look(dir, key, json) : report_help(complaint_to());
}

static int report_keygen(int argc, char **argv, bool json)
{
	char *public = NULL;
	size_t len = 0;

	if (argc != 2 || argv[1][0] == '-')
		return report_help(complaint_to());
	if (!json)
		return evidence_keygen(argv[1], stdout, stderr);
	FILE *to = open_memstream(&public, &len);
	CHECK(to != NULL);
	int status = evidence_keygen(argv[1], to, complaint_to());
	CHECK(fclose(to) == 0);
	if (status == CLI_OK)
		cli_print_json(json_pack("{s:s, s:s}", "file", argv[1], "public", public));
	free(public);
	return status;
}

static int report_usage(int argc, char **argv, bool json)
{
	return report_help(stdout);
}

int cli_report(int argc, char **argv, bool json)
{
	static const struct {
		const char *word;
		int (*run)(int argc, char **argv, bool json);
	} words[] = {{"verify", report_verify}, {"keygen", report_keygen}, {"help", report_usage},
		{"--help", report_usage}};

	for (size_t i = 0; argc > 1 && i < ARRAY_LEN(words); i++)
		if (!strcmp(argv[1], words[i].word))
			return words[i].run(argc - 1, argv + 1, json);
	return report_help(complaint_to());
}
