#include "bgpd/daemon.h"

#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/check.h"
#include "lib/logform.h"
#include "lib/text.h"

enum daemon_option {
	OPT_CHECK = 256,
	OPT_PROBE,
	OPT_RECORD,
	OPT_NO_FIB,
	OPT_JSON,
	OPT_FORMAT,
	OPT_DEFAULTS
};

static bool daemon_parse_level(const char *word, enum log_level *out)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(names[i], word) == 0) {
			*out = (enum log_level)i;
			return true;
		}
	}
	const char *meant = text_nearest(word, names, ARRAY_LEN(names));
	fprintf(stderr, "ravelind: -d %s: one of debug, info, warn, error%s%s%s\n", word,
		meant ? "; did you mean \"" : "", meant ? meant : "", meant ? "\"?" : "");
	return false;
}

static bool daemon_parse_one(int c, struct daemon_options *o)
{
	switch (c) {
	case 'f':
		o->file = optarg;
		return true;
	case 'd':
		return daemon_parse_level(optarg, &o->level);
	case OPT_FORMAT:
		if (log_format_parse(optarg, &o->format))
			return true;
		fprintf(stderr, "ravelind: --log-format %s: one of logfmt, json, journal\n",
			optarg);
		return false;
	case OPT_CHECK:
		o->mode = DAEMON_CHECK;
		o->file = optarg;
		return true;
	case OPT_PROBE:
		o->mode = DAEMON_PROBE;
		return true;
	case OPT_DEFAULTS:
		o->mode = DAEMON_DEFAULTS;
		return true;
	case OPT_RECORD:
		o->record = optarg;
		return true;
	case OPT_NO_FIB:
		o->no_fib = true;
		return true;
	case OPT_JSON:
		o->json = true;
		return true;
	case 'h':
		o->mode = DAEMON_HELP;
		return true;
	case 'V':
		o->mode = DAEMON_VERSION;
		return true;
	default:
		return false; /* getopt has said why */
	}
}

/* Standard error is the journal's, which has said so (systemd.exec(5)). */
static enum log_format daemon_format(void)
{
	const char *journal = getenv("JOURNAL_STREAM");
	char here[64];
	struct stat st;

	if (!journal || fstat(STDERR_FILENO, &st) < 0)
		return LOG_LOGFMT;
	snprintf(here, sizeof(here), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	return strcmp(here, journal) == 0 ? LOG_JOURNAL : LOG_LOGFMT;
}

bool daemon_parse(int argc, char **argv, struct daemon_options *o)
{
	static const struct option options[] = {
		{"file", required_argument, NULL, 'f'},
		{"debug", required_argument, NULL, 'd'},
		{"log-format", required_argument, NULL, OPT_FORMAT},
		{"check", required_argument, NULL, OPT_CHECK},
		{"probe", no_argument, NULL, OPT_PROBE},
		{"print-defaults", no_argument, NULL, OPT_DEFAULTS},
		{"record", required_argument, NULL, OPT_RECORD},
		{"no-fib", no_argument, NULL, OPT_NO_FIB},
		{"json", no_argument, NULL, OPT_JSON},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{0},
	};
	int c;

	*o = (struct daemon_options){.level = LOG_INFO_, .format = daemon_format()};
	while ((c = getopt_long(argc, argv, "f:d:hV", options, NULL)) != -1)
		if (!daemon_parse_one(c, o))
			return false;
	if (optind < argc) {
		fprintf(stderr, "ravelind: what is \"%s\"? The configuration is given by -f FILE\n",
			argv[optind]);
		return false;
	}
	if (o->mode == DAEMON_RUN && !o->file) {
		fputs("ravelind: -f FILE is missing\n", stderr);
		return false;
	}
	return true;
}
