/* YAML to a checked model: every error at once, each with file:line:col, source line and caret; all or nothing. */
#ifndef CONF_LOAD_H
#define CONF_LOAD_H

#include <stdio.h>

#include "conf/files.h"
#include "conf/model.h"

/*
 * Reads and checks a file. Errors and warnings go to diag in the form
 *   FILE:LINE:COL: error: what is wrong; what to do
 *       source line
 *       ^~~~~
 * Returns a model (give it to conf_free) or NULL if there was any error.
 */
struct conf *conf_load(const char *file, FILE *diag);

/* The same; what was read is kept in files, and what is there already is not read again. */
struct conf *conf_load_files(const char *file, struct conf_files *files, FILE *diag);

/* The same over text in memory, as if it came from a file called name (tests, fuzzing). */
struct conf *conf_parse(const char *name, const char *text, size_t len, FILE *diag);
void conf_free(struct conf *c);

/* Overwrites its keys. That there is one (password_len) is still to be seen. */
void conf_forget_keys(const struct conf *c);

#endif
