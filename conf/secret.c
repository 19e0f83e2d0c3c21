/* Keys that stand in files of their own. */
#include <errno.h>
#include <string.h>

#include "conf/loader.h"

#define SECRET_PATH_MAX 1023
#define SECRET_PATH_CAP (2 * SECRET_PATH_MAX)
#define SECRET_FILE_MAX 4096
#define SECRET_PEM_MAX	(1u << 20) /* a system's authorities have some 200 KiB */

/* The file that v names, relative to the configuration's folder; said if it cannot be had. want: what to give instead. */
static ssize_t secret_read(struct conf_loader *l, const struct conf_value *v, size_t max,
	enum conf_file_kind kind, const char *want, char path[SECRET_PATH_CAP], const char **octets)
{
	const char *s = conf_value_string(l, v, 1, SECRET_PATH_MAX);

	if (!s)
		return -1;
	ssize_t n = conf_files_path(l->conf->file, s, path, SECRET_PATH_CAP)
			    ? conf_files_read(l->files, path, max, kind, octets)
			    : -ENAMETOOLONG;
	if (n == -EPERM)
		conf_error(l, v->at,
			"%s can be read by everybody, or written by others than its owner; chmod "
			"600 it",
			v->key);
	else if (n < 0)
		conf_error(l, v->at, "%s cannot be read: %s; give a file %s", v->key,
			n == -EINVAL ? "not a regular file" : strerror((int)-n), want);
	return n;
}

const char *conf_pem_path(
	struct conf_loader *l, const struct conf_value *v, enum conf_file_kind kind)
{
	char path[SECRET_PATH_CAP];
	const char *octets;

	if (secret_read(l, v, SECRET_PEM_MAX, kind, "in PEM", path, &octets) < 0)
		return NULL;
	char *copy = conf_alloc(l, strlen(path) + 1);
	memcpy(copy, path, strlen(path));
	return copy;
}

bool conf_secret_load(
	struct conf_loader *l, const struct conf_value *v, uint8_t *out, uint8_t *out_len)
{
	char path[SECRET_PATH_CAP];
	const char *octets;
	ssize_t n = secret_read(l, v, SECRET_FILE_MAX, CONF_FILE_PRIVATE,
		"with the key on one line", path, &octets);

	if (n < 0)
		return false;
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
