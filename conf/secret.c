/* Keys that stand in files of their own. */
#include <errno.h>
#include <string.h>

#include "conf/loader.h"

#define SECRET_PATH_MAX 1023
#define SECRET_FILE_MAX 4096
#define SECRET_PEM_MAX	(1u << 20) /* a system's authorities have some 200 KiB */

const char *conf_pem_path(
	struct conf_loader *l, const struct conf_value *v, enum conf_file_kind kind)
{
	char path[2 * SECRET_PATH_MAX];
	const char *octets, *s = conf_value_string(l, v, 1, SECRET_PATH_MAX);

	if (!s)
		return NULL;
	ssize_t n = conf_files_path(l->conf->file, s, path, sizeof(path))
			    ? conf_files_read(l->files, path, SECRET_PEM_MAX, kind, &octets)
			    : -ENAMETOOLONG;
	if (n == -EPERM) {
		conf_error(l, v->at,
			"%s can be read by everybody, or written by others than its owner; chmod "
			"600 it",
			v->key);
		return NULL;
	}
	if (n < 0) {
		conf_error(l, v->at, "%s cannot be read: %s; give a file in PEM", v->key,
			n == -EINVAL ? "not a regular file" : strerror((int)-n));
		return NULL;
	}
	char *copy = conf_alloc(l, strlen(path) + 1);
	memcpy(copy, path, strlen(path));
	return copy;
}

bool conf_secret_load(
	struct conf_loader *l, const struct conf_value *v, uint8_t *out, uint8_t *out_len)
{
	char path[2 * SECRET_PATH_MAX];
	const char *octets, *s = conf_value_string(l, v, 1, SECRET_PATH_MAX);

	if (!s)
		return false;
	ssize_t n = conf_files_path(l->conf->file, s, path, sizeof(path))
			    ? conf_files_read(
				      l->files, path, SECRET_FILE_MAX, CONF_FILE_PRIVATE, &octets)
			    : -ENAMETOOLONG;
	if (n == -EPERM) {
		conf_error(l, v->at,
			"%s can be read by everybody, or written by others than its owner; chmod "
			"600 it",
			v->key);
		return false;
	}
	if (n < 0) {
		conf_error(l, v->at, "%s cannot be read: %s; give a file with the key on one line",
			v->key, n == -EINVAL ? "not a regular file" : strerror((int)-n));
		return false;
	}
	if (n > 0 && octets[n - 1] == '\n')
		n--;
	if (n > 0 && octets[n - 1] == '\r')
		n--;
	if (!conf_secret_check(l, v, octets, (size_t)n))
		return false;
	memcpy(out, octets, (size_t)n);
	*out_len = (uint8_t)n;
	return true;
}

void conf_hide(struct conf_loader *l, struct conf_at at)
{
	const struct conf_part *part = &l->diag.parts[conf_diag_part(&l->diag, at)];

	conf_files_hide(l->files, part->file, at.off - part->from, at.len);
}
