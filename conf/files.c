/* The one place of conf that reads files. */
#include "conf/files.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/check.h"

struct conf_file {
	char *name;
	char *octets;
	size_t len;
	bool open_to_others;
};

struct conf_files {
	struct conf_file *list;
	unsigned n, cap;
	char *pattern; /* that matches is of */
	glob_t matches;
};

struct conf_files *conf_files_new(void)
{
	struct conf_files *f = calloc(1, sizeof(*f));

	CHECK(f != NULL);
	return f;
}

static void matches_fini(struct conf_files *f)
{
	if (!f->pattern)
		return;
	globfree(&f->matches);
	free(f->pattern);
	f->pattern = NULL;
}

void conf_files_free(struct conf_files *f)
{
	if (!f)
		return;
	for (unsigned i = 0; i < f->n; i++) {
		explicit_bzero(f->list[i].octets, f->list[i].len);
		free(f->list[i].octets);
		free(f->list[i].name);
	}
	matches_fini(f);
	free(f->list);
	free(f);
}

static struct conf_file *file_find(struct conf_files *f, const char *path)
{
	for (unsigned i = 0; i < f->n; i++)
		if (strcmp(f->list[i].name, path) == 0)
			return &f->list[i];
	return NULL;
}

static struct conf_file *file_add(struct conf_files *f, const char *path, char *octets, size_t len)
{
	if (f->n == f->cap) {
		f->cap = f->cap ? f->cap * 2 : 8;
		f->list = realloc(f->list, f->cap * sizeof(*f->list));
		CHECK(f->list != NULL);
	}
	struct conf_file *file = &f->list[f->n++];
	*file = (struct conf_file){.name = strdup(path), .octets = octets, .len = len};
	CHECK(file->name != NULL);
	return file;
}

/* All of it into new memory; the length, or -errno. One octet more than max is too long. */
static ssize_t file_take(int fd, size_t max, char **octets)
{
	char *buf = malloc(max + 1);
	size_t len = 0;
	ssize_t n;

	CHECK(buf != NULL);
	while (len <= max && (n = read(fd, buf + len, max + 1 - len)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		len += (size_t)n;
	}
	int error = len > max ? EFBIG : n < 0 ? errno : 0;
	if (error) {
		explicit_bzero(buf, len);
		free(buf);
		return -error;
	}
	*octets = realloc(buf, len + 1);
	CHECK(*octets != NULL);
	return (ssize_t)len;
}

static int file_check(int fd, enum conf_file_kind kind, bool *open_to_others)
{
	struct stat st;

	if (kind == CONF_FILE_ANY)
		return 0;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	*open_to_others = st.st_mode & (S_IROTH | S_IWOTH | S_IWGRP);
	return kind == CONF_FILE_PRIVATE && *open_to_others ? -EPERM : 0;
}

static ssize_t file_read(
	const char *path, size_t max, enum conf_file_kind kind, char **octets, bool *open_to_others)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (kind == CONF_FILE_ANY ? 0 : O_NONBLOCK);
	int fd = open(path, flags);

	if (fd < 0)
		return -errno;
	int error = file_check(fd, kind, open_to_others);
	ssize_t n = error ? error : file_take(fd, max, octets);
	close(fd);
	return n;
}

ssize_t conf_files_read(struct conf_files *f, const char *path, size_t max,
	enum conf_file_kind kind, const char **octets)
{
	struct conf_file *file = file_find(f, path);

	if (!file) {
		char *taken = NULL;
		bool open_to_others = false;
		ssize_t n = f->n < CONF_FILES_MAX
				    ? file_read(path, max, kind, &taken, &open_to_others)
				    : -ENFILE;
		if (n < 0)
			return n;
		file = file_add(f, path, taken, (size_t)n);
		file->open_to_others = open_to_others;
	}
	if (kind == CONF_FILE_PRIVATE && file->open_to_others)
		return -EPERM; /* it was read as something else */
	*octets = file->octets;
	return file->len > max ? -EFBIG : (ssize_t)file->len;
}

const char *conf_files_match(struct conf_files *f, const char *pattern, size_t i)
{
	if (!f->pattern || strcmp(f->pattern, pattern) != 0) {
		matches_fini(f);
		if (glob(pattern, GLOB_ERR, NULL, &f->matches) != 0)
			return NULL;
		f->pattern = strdup(pattern);
		CHECK(f->pattern != NULL);
	}
	return i < f->matches.gl_pathc ? f->matches.gl_pathv[i] : NULL;
}

bool conf_files_path(const char *from, const char *path, char *out, size_t cap)
{
	const char *slash = path[0] == '/' ? NULL : strrchr(from, '/');
	int folder = slash ? (int)(slash - from) + 1 : 0;
	int n = snprintf(out, cap, "%.*s%s", folder, from, path);

	return n > 0 && (size_t)n < cap;
}
