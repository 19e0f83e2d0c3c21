/*
 * What a configuration was read from, with the keys in it: kept so that it can be read again as it was, when its files say something else by
 * then. No child process and no core dump gets it.
 */
#ifndef CONF_KEPT_H
#define CONF_KEPT_H

#include "conf/files.h"

struct conf_kept;

/* A copy of all that was read. NULL, and errno: there is no memory that a child does not get. */
struct conf_kept *conf_keep(const struct conf_files *files);

/* To be read again: there is nothing else, no file is opened. NULL: this is another process than the one that kept it. */
struct conf_files *conf_kept_files(const struct conf_kept *k);

void conf_kept_free(struct conf_kept *k); /* overwrites what it held */

#endif
