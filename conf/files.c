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

#define FILES_NAME_MAX 8192
#define FILES_PATTERN                                                                              \
	"glob " /* what a pattern stands for is kept like a file: names, each with its NUL */

struct conf_file {
	char *name;
	char *octets;
	size_t len;
	bool open_to_others;
	bool private; /* it was read as one that holds a key */
};

struct conf_hidden {
	char *name;
	size_t off, len;
};

struct conf_files {
	struct conf_file *list;
	unsigned n, cap;
	struct conf_hidden *hidden;
	unsigned n_hidden, cap_hidden;
	bool closed; /* there are no others */
};

struct conf_files *conf_files_new(void)
{
	struct conf_files *f = calloc(1, sizeof(*f));

	CHECK(f != NULL);
	return f;
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
	for (unsigned i = 0; i < f->n_hidden; i++)
		free(f->hidden[i].name);
	free(f->hidden);
	free(f->list);
	free(f);
}

static struct conf_file *file_find(const struct conf_files *f, const char *path)
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
		ssize_t n = f->closed ? -ENOENT
			    : f->n < CONF_FILES_MAX
				    ? file_read(path, max, kind, &taken, &open_to_others)
				    : -ENFILE;
		if (n < 0)
			return n;
		file = file_add(f, path, taken, (size_t)n);
		file->open_to_others = open_to_others;
	}
	if (kind == CONF_FILE_PRIVATE && file->open_to_others)
		return -EPERM; /* it was read as something else */
	file->private |= kind == CONF_FILE_PRIVATE;
	*octets = file->octets;
	return file->len > max ? -EFBIG : (ssize_t)file->len;
}

static struct conf_file *match_all(struct conf_files *f, const char *name)
{
	glob_t found;
	char *names = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&names, &len);

	CHECK(out != NULL);
	if (!f->closed && glob(name + strlen(FILES_PATTERN), GLOB_ERR, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			fwrite(found.gl_pathv[i], 1, strlen(found.gl_pathv[i]) + 1, out);
		globfree(&found);
	}
	CHECK(fclose(out) == 0);
	return file_add(f, name, names, len);
}

const char *conf_files_match(struct conf_files *f, const char *pattern, size_t i)
{
	char name[FILES_NAME_MAX];
	struct conf_file *found;

	if ((size_t)snprintf(name, sizeof(name), FILES_PATTERN "%s", pattern) >= sizeof(name))
		return NULL;
	found = file_find(f, name);
	if (!found && f->n == CONF_FILES_MAX)
		return NULL;
	if (!found)
		found = match_all(f, name);
	for (size_t at = 0; at < found->len; at += strlen(found->octets + at) + 1)
		if (i-- == 0)
			return found->octets + at;
	return NULL;
}

void conf_files_hide(struct conf_files *f, const char *path, size_t off, size_t len)
{
	if (f->n_hidden == f->cap_hidden) {
		f->cap_hidden = f->cap_hidden ? f->cap_hidden * 2 : 8;
		f->hidden = realloc(f->hidden, f->cap_hidden * sizeof(*f->hidden));
		CHECK(f->hidden != NULL);
	}
	struct conf_hidden *h = &f->hidden[f->n_hidden++];
	*h = (struct conf_hidden){.name = strdup(path), .off = off, .len = len};
	CHECK(h->name != NULL);
}

size_t conf_files_size(const struct conf_files *f)
{
	size_t n = 4;

	for (unsigned i = 0; i < f->n; i++)
		n += 6 + strlen(f->list[i].name) + f->list[i].len;
	return n;
}

/* What stands there is one letter, in the quotes that were there, and blanks. */
static void hide(uint8_t *octets, size_t len)
{
	uint8_t quote = octets[0] == '"' || octets[0] == '\'' ? octets[0] : 0;

	for (size_t i = 0; i < len; i++)
		if (octets[i] != '\n')
			octets[i] = ' ';
	octets[0] = 'x';
	if (quote && len >= 3) {
		octets[0] = octets[2] = quote;
		octets[1] = 'x';
	}
}

/* Its octets in w; NULL: w is full. */
static uint8_t *file_put(const struct conf_file *file, struct wbuf *w)
{
	size_t name = strlen(file->name);

	wbuf_put_u16(w, (uint16_t)name);
	wbuf_put(w, file->name, name);
	wbuf_put_u32(w, (uint32_t)file->len);
	uint8_t *octets = wbuf_take(w, file->len);
	if (octets)
		memcpy(octets, file->octets, file->len);
	return octets;
}

static void file_hide(const struct conf_files *f, const struct conf_file *file, uint8_t *octets)
{
	for (size_t i = 0; file->private && i < file->len; i++)
		if (octets[i] != '\n' && octets[i] != '\r')
			octets[i] = 'x';
	for (unsigned i = 0; i < f->n_hidden; i++) {
		const struct conf_hidden *h = &f->hidden[i];

		if (strcmp(h->name, file->name) == 0 && h->len > 0 && h->off <= file->len &&
			h->len <= file->len - h->off)
			hide(octets + h->off, h->len);
	}
}

void conf_files_put(const struct conf_files *f, struct wbuf *w)
{
	wbuf_put_u32(w, f->n);
	for (unsigned i = 0; i < f->n; i++) {
		uint8_t *octets = file_put(&f->list[i], w);
		if (octets)
			file_hide(f, &f->list[i], octets);
	}
}

void conf_files_put_whole(const struct conf_files *f, struct wbuf *w)
{
	wbuf_put_u32(w, f->n);
	for (unsigned i = 0; i < f->n; i++)
		(void)file_put(&f->list[i], w);
}

static bool file_get(struct conf_files *f, struct rbuf *r)
{
	char name[FILES_NAME_MAX];
	size_t name_len = rbuf_get_u16(r);
	const uint8_t *p = name_len < sizeof(name) ? rbuf_get(r, name_len) : NULL;

	if (!p || memchr(p, '\0', name_len))
		return false;
	memcpy(name, p, name_len);
	name[name_len] = '\0';
	size_t len = rbuf_get_u32(r);
	p = rbuf_get(r, len);
	if (!p)
		return false;
	char *octets = malloc(len + 1);
	CHECK(octets != NULL);
	memcpy(octets, p, len);
	octets[len] = '\0';
	file_add(f, name, octets, len);
	return true;
}

struct conf_files *conf_files_get(struct rbuf *r)
{
	struct conf_files *f = conf_files_new();
	uint32_t n = rbuf_get_u32(r);

	f->closed = true;
	while (rbuf_ok(r) && n > 0 && f->n < CONF_FILES_MAX && file_get(f, r))
		n--;
	if (rbuf_ok(r) && n == 0)
		return f;
	conf_files_free(f);
	return NULL;
}

bool conf_files_path(const char *from, const char *path, char *out, size_t cap)
{
	const char *slash = path[0] == '/' ? NULL : strrchr(from, '/');
	int folder = slash ? (int)(slash - from) + 1 : 0;
	int n = snprintf(out, cap, "%.*s%s", folder, from, path);

	return n > 0 && (size_t)n < cap;
}
