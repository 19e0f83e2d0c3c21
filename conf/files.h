/*
 * The files that a configuration is read from. What was read stays here, so that it can be read again as it was: by bgpd, which sees no
 * file any more, from what its parent hands it.
 */
#ifndef CONF_FILES_H
#define CONF_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/rbuf.h"
#include "lib/wbuf.h"

#define CONF_FILES_MAX 4096u /* that one configuration is made of */

enum conf_file_kind {
	CONF_FILE_ANY,	   /* a pipe, too */
	CONF_FILE_REGULAR, /* nothing that may hold the start up */
	CONF_FILE_PRIVATE  /* and not to be read by everybody, nor written by more than its owner */
};

struct conf_files;

struct conf_files *conf_files_new(void);
void conf_files_free(struct conf_files *f); /* overwrites what it held */

/*
 * The octets of a file, at most max of them: *octets is borrowed. Negative: -errno; -EINVAL: not a regular file, -EPERM: not private,
 * -EFBIG: longer than max.
 */
ssize_t conf_files_read(struct conf_files *f, const char *path, size_t max,
	enum conf_file_kind kind, const char **octets);

/* The i-th file that a pattern (glob(7)) stands for, in alphabetical order; NULL past the last. Borrowed. */
const char *conf_files_match(struct conf_files *f, const char *pattern, size_t i);

/* len octets of that file, from off on, are a key: whoever reads it elsewhere finds something else of the same length there. */
void conf_files_hide(struct conf_files *f, const char *path, size_t off, size_t len);

/* All that was read, without keys; octets that this takes. Read back, nothing but this is there: no file is opened any more. */
size_t conf_files_size(const struct conf_files *f);
void conf_files_put(const struct conf_files *f, struct wbuf *w);
struct conf_files *conf_files_get(struct rbuf *r); /* NULL: malformed */

/* The same with keys: for conf/kept. */
void conf_files_put_whole(const struct conf_files *f, struct wbuf *w);

/* path, if it is relative taken from the folder of `from`. False if it does not fit. */
bool conf_files_path(const char *from, const char *path, char *out, size_t cap);

#endif
