/*
 * Completion: what can follow what was typed. The shells ask by `ravelin --complete WORD ...`, the last word being what stands before
 * the cursor, "" perhaps; one candidate a line, with what it means behind a tab. Values are asked of the daemon.
 */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include <stdio.h>

#include "cli/cli.h"

/* Prints the candidates for the last of argv[0..n), options among the others included. */
void cli_complete(const struct cli *cli, int n, char *const *argv, FILE *to);

/* What `ravelin completion SHELL` prints; NULL: no such shell. */
const char *cli_complete_script(const char *shell);

#endif
