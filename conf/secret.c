/* Keys that stand in files of their own. The one place of conf, besides load.c, that reads a file. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/loader.h"

#define SECRET_PATH_MAX 1023
#define SECRET_FILE_MAX 4096

/* Relative to the folder of the configuration, so that a topology can be moved. False if it does not fit. */
static bool secret_path(const char *conf_file, const char *path, char *out, size_t cap)
{
	const char *slash = path[0] == '/' ? NULL : strrchr(conf_file, '/');
	int folder = slash ? (int)(slash - conf_file) + 1 : 0;
	int n = snprintf(out, cap, "%.*s%s", folder, conf_file, path);

	return n > 0 && (size_t)n < cap;
}

/* O_NONBLOCK: a FIFO must not hold the start up; only regular files are read. */
static ssize_t secret_read(const char *path, char *buf, size_t cap)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -errno;
	ssize_t n = fstat(fd, &st) < 0	  ? -errno
		    : S_ISREG(st.st_mode) ? read(fd, buf, cap)
					  : -EINVAL;
	if (n == -1)
		n = -errno;
	close(fd);
	return n;
}

bool conf_secret_load(
	struct conf_loader *l, const struct conf_value *v, uint8_t *out, uint8_t *out_len)
{
	char path[2 * SECRET_PATH_MAX], buf[SECRET_FILE_MAX];
	const char *s = conf_value_string(l, v, 1, SECRET_PATH_MAX);

	if (!s)
		return false;
	ssize_t n = secret_path(l->conf->file, s, path, sizeof(path))
			    ? secret_read(path, buf, sizeof(buf))
			    : -ENAMETOOLONG;
	if (n < 0) {
		conf_error(l, v->at, "%s cannot be read: %s; give a file with the key on one line",
			v->key, n == -EINVAL ? "not a regular file" : strerror((int)-n));
		return false;
	}
	if (n > 0 && buf[n - 1] == '\n')
		n--;
	if (n > 0 && buf[n - 1] == '\r')
		n--;
	if (!conf_secret_check(l, v, buf, (size_t)n))
		return false;
	memcpy(out, buf, (size_t)n);
	*out_len = (uint8_t)n;
	explicit_bzero(buf, sizeof(buf));
	return true;
}
