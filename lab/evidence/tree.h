/* What stands in a report's directory: every file, by its path in it. */
#ifndef LAB_EVIDENCE_TREE_H
#define LAB_EVIDENCE_TREE_H

#include "lab/evidence/manifest.h"

#define EVIDENCE_DIRS_MAX 16

struct evidence_tree {
	char file[EVIDENCE_FILES_MAX][EVIDENCE_PATH_MAX + 1];
	size_t n_files;
	char dir[EVIDENCE_DIRS_MAX][EVIDENCE_PATH_MAX + 1]; /* outer before inner */
	size_t n_dirs;
	char strange[EVIDENCE_PATH_MAX +
		     1]; /* the first that is neither, or too long, deep or much; "": none */
};

/* Follows no link below dir. 0 or -errno. */
int evidence_tree_read(struct evidence_tree *t, const char *dir);

/* Deletes what was read, and the directory. 0 or -errno. */
int evidence_tree_delete(const struct evidence_tree *t, const char *dir);

/* A regular file in dir, to be read; NULL with errno. Follows no link. */
FILE *evidence_tree_open(const char *dir, const char *path);

#endif
