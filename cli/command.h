/*
 * The commands of this program, one row each. From this table come dispatch, help, completion, and (a test compares) the list in
 * man/ravelin.1. A new command is a new row, and whoever answers it.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/show.h"

enum cli_does {
	CLI_ASK,     /* GET path, and render the answer */
	CLI_ORDER,   /* POST path, and render the answer */
	CLI_MONITOR, /* GET path, and print what comes until there is an end */
	CLI_HELP,
	CLI_AUDIT,
	CLI_COMPLETION,
	CLI_LAB,
	CLI_LOG,
	CLI_MRT,
	CLI_POLICY,
	CLI_REPORT,
	CLI_WEB,
};

struct cli_row {
	const char *
		words; /* "show bgp summary"; in capitals is what a value stands for: "neighbor NEIGHBOR reset" */
	const char *path; /* of the API */
	const char *
		argument; /* what an optional last word stands for; CLI_REST; NULL if there is none */
	cli_render_fn *render;
	const char *help; /* NULL: a command for machines, which nobody is told of */
	const char *key;  /* of the argument in the query; NULL: that of its kind */
	const char *also; /* what may follow as a whole: "vrf VRF"; then there is no argument */
	enum cli_does does;
	bool wide;	   /* its lines are to be searched and copied: none is folded */
	const char *takes; /* with CLI_REST: what else it takes, "FILE NEIGHBOR", */
	const char *
		options; /* options of its own, with =VALUE where they take one: "--of-host --netns=NAME" */
};

/* What follows belongs to the command, options too. */
#define CLI_REST "..."

/* The one option of a command that is no program of its own. */
#define CLI_CONFIRM_WITHIN "--confirm-within"

/* What a word in capitals stands for. */
struct cli_kind {
	const char *name; /* "NEIGHBOR" */
	const char *key;  /* of the query */
	const char *help;
	size_t max;		   /* octets; 0: what a request holds */
	const char *words;	   /* those that there are, or */
	const char *path;	   /* who knows them: of the API, */
	const char *list, *member; /* {list: [{member: ...}, ...]} */
};

/* NULL past the last row. */
const struct cli_row *cli_row(size_t i);

/* NULL: nothing is known of such values. */
const struct cli_kind *cli_kind(const char *name, size_t len);

/* "0 1 2 3": the exit statuses that a command may have. */
const char *cli_row_exits(const struct cli_row *row);

enum cli_exit {
	CLI_OK = 0,
	CLI_NO = 1,	   /* not there, not possible */
	CLI_USAGE = 2,	   /* not understood */
	CLI_NO_DAEMON = 3, /* at the socket, or it may not be asked */
	CLI_FAILED = 4,	   /* what was checked does not hold */
};

#endif
