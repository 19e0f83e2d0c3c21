/* ravelind as a command: options, the modes that only look (--check, --probe, --print-defaults), and becoming the two processes. */
#ifndef BGPD_DAEMON_H
#define BGPD_DAEMON_H

#include <stdbool.h>

#include "lib/log.h"

enum daemon_mode {
	DAEMON_RUN,
	DAEMON_CHECK,
	DAEMON_PROBE,
	DAEMON_DEFAULTS,
	DAEMON_HELP,
	DAEMON_VERSION
};

enum daemon_exit {
	DAEMON_OK = 0, /* stopped as asked; nothing to complain of */
	DAEMON_NO =
		1, /* --check: errors; --probe: something needed is missing; running: the start failed */
	DAEMON_USAGE = 2,
	DAEMON_DENIED = 3, /* a privilege is missing */
};

struct daemon_options {
	enum daemon_mode mode;
	const char *file;   /* -f, --check */
	const char *record; /* --record; NULL */
	enum log_level level;
	enum log_format format;
	bool no_fib;
	bool json;	       /* --probe, --check */
	struct log_ring *ring; /* of a run: set by daemon_main */
};

/* True, or false after saying on stderr what was wrong: DAEMON_USAGE. */
bool daemon_parse(int argc, char **argv, struct daemon_options *o);

/* Exit status of the process. */
int daemon_main(const struct daemon_options *o);

#endif
