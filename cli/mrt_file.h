/* A file of MRT records: what is half written has not its name. */
#ifndef CLI_MRT_FILE_H
#define CLI_MRT_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/cli.h"

#define MRT_PATH_MAX 4096

struct mrt_file {
	const char *name;	   /* "-": standard output */
	char beside[MRT_PATH_MAX]; /* what is written, until it is whole; "": nothing is there */
	FILE *to;
};

/* 0 or a negative errno: -EEXIST (without force), -ENOTTY: standard output is a terminal. */
int mrt_open(struct mrt_file *f, bool force);

/* All of it is on the disk before it has its name. 0 or a negative errno. */
int mrt_keep(struct mrt_file *f, bool force);
void mrt_close(struct mrt_file *f); /* what was not kept goes */

/* INT, TERM and HUP wait until we look (SIG_BLOCK, SIG_UNBLOCK), or forget them. */
void mrt_hold_signals(int how);
bool mrt_interrupted(void);
void mrt_forget_signals(void);

/* Say it, and return the exit status. */
int mrt_help(FILE *to);
bool mrt_can_say(
	const struct cli *cli, const char *name); /* false: what is written would be in the way */
int mrt_file_error(const struct cli *cli, const struct mrt_file *f, int error);

#endif
