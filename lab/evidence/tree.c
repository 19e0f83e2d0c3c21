/* What stands in a report's directory. */
#include "lab/evidence/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/check.h"

static void tree_strange(struct evidence_tree *t, const char *path)
{
	if (!*t->strange)
		snprintf(t->strange, sizeof t->strange, "%.*s", EVIDENCE_PATH_MAX, path);
}

static void tree_entry(struct evidence_tree *t, int fd, const char *parent, const char *name)
{
	char path[EVIDENCE_PATH_MAX + 256 + 2];
	int n = snprintf(path, sizeof path, "%s%s%s", parent, *parent ? "/" : "", name);
	struct stat st = {0};
	bool known = n <= EVIDENCE_PATH_MAX && !fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW);

	if (known && S_ISREG(st.st_mode) && t->n_files < EVIDENCE_FILES_MAX)
		memcpy(t->file[t->n_files++], path, n + 1);
	else if (known && S_ISDIR(st.st_mode) && t->n_dirs < EVIDENCE_DIRS_MAX)
		memcpy(t->dir[t->n_dirs++], path, n + 1);
	else
		tree_strange(t, path);
}

static int tree_level(struct evidence_tree *t, int top, const char *path)
{
	int fd = openat(top, *path ? path : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (!d)
		return -errno;
	while ((e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			tree_entry(t, fd, path, e->d_name);
	closedir(d);
	return 0;
}

int evidence_tree_read(struct evidence_tree *t, const char *dir)
{
	int top = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;

	memset(t, 0, sizeof *t);
	if (top < 0)
		return -errno;
	err = tree_level(t, top, "");
	/* the list grows while it is walked: outer before inner, and no deeper than there is room for */
	for (size_t i = 0; !err && i < t->n_dirs; i++)
		err = tree_level(t, top, t->dir[i]);
	close(top);
	return err;
}

int evidence_tree_delete(const struct evidence_tree *t, const char *dir)
{
	int top = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = 0;

	if (top < 0)
		return -errno;
	for (size_t i = 0; !err && i < t->n_files; i++)
		err = unlinkat(top, t->file[i], 0) < 0 ? -errno : 0;
	for (size_t i = t->n_dirs; !err && i > 0; i--)
		err = unlinkat(top, t->dir[i - 1], AT_REMOVEDIR) < 0 ? -errno : 0;
	close(top);
	return err ? err : rmdir(dir) < 0 ? -errno : 0;
}

FILE *evidence_tree_open(const char *dir, const char *path)
{
	int top = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;
	struct stat st;
	FILE *f = NULL;

	if (top < 0)
		return NULL;
	/* a pipe would be waited for */
	fd = openat(top, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	close(top);
	if (fd < 0)
		return NULL;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		f = fdopen(fd, "r");
	else
		errno = EINVAL;
	if (!f)
		close(fd);
	return f;
}
