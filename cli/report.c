/* `ravelin report ...`: keys, and whether a report is what was signed. */
#include "cli/report.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "lab/evidence/evidence.h"
#include "lib/check.h"

static int report_help(FILE *to)
{
	fputs("usage: ravelin report verify [--key PUB.pem] [DIR]\n"
	      "       ravelin report keygen FILE\n\n"
	      "  verify  does the directory (" EVIDENCE_DIR ") hold exactly the files\n"
	      "          that were signed? --key: by the holder of this key; else by that of\n"
	      "          the key in the directory, whose fingerprint is printed\n"
	      "  keygen  makes a private key (Ed25519, PEM) in a new file, for\n"
	      "          ravelin lab attack --sign FILE; prints the public one\n\n"
	      "exit status: 0 verified or made, 1 not what was signed, 2 not understood or not\n"
	      "possible\n",
		to);
	return to == stdout ? 0 : 2;
}

static int report_verify(int argc, char **argv)
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
			return report_help(stderr);
		key = optarg;
	}
	if (optind < argc)
		dir = argv[optind++];
	return optind == argc ? evidence_verify(dir, key, stdout) : report_help(stderr);
}

static int report_keygen(int argc, char **argv)
{
	return argc == 2 && argv[1][0] != '-' ? evidence_keygen(argv[1], stdout, stderr)
					      : report_help(stderr);
}

static int report_usage(int argc, char **argv)
{
	return report_help(stdout);
}

int cli_report(int argc, char **argv)
{
	static const struct {
		const char *word;
		int (*run)(int argc, char **argv);
	} words[] = {{"verify", report_verify}, {"keygen", report_keygen}, {"help", report_usage},
		{"--help", report_usage}};

	for (size_t i = 0; argc > 1 && i < ARRAY_LEN(words); i++)
		if (!strcmp(argv[1], words[i].word))
			return words[i].run(argc - 1, argv + 1);
	return report_help(stderr);
}
