#include "mplsfwd/rundir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define NS_LOCK_NAME                                                                               \
	"ravelind" /* abstract: lives and dies with the socket, seen only in its namespace */

#define API_NAME    "ravelin.sock"
#define API_RO_NAME "ravelin-ro.sock"
#define API_BACKLOG 64

static const char *in_dir(const struct fwd_rundir *d, const char *name, char *out)
{
	snprintf(out, PATH_MAX, "%s/%s", d->path, name);
	return out;
}

static int fail(const struct log *log, const char *what, const char *path, int err)
{
	log_line(log, LOG_ERROR_, "start_refused", "what=\"%s\" path=%s error=\"%s\"", what, path,
		strerror(-err));
	return err;
}

/* mkdir -p, as far as root owns it. */
static int dir_make(const char *path)
{
	char s[PATH_MAX];

	snprintf(s, sizeof(s), "%s", path);
	for (char *p = s + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = 0;
		mkdir(s, 0755);
		*p = '/';
	}
	return mkdir(s, 0755) && errno != EEXIST ? -errno : 0;
}

/* Where others may write, our files could be theirs: links to what a privileged process must not touch. */
static int dir_check(const char *path, const struct log *log)
{
	struct stat st;

	if (lstat(path, &st))
		return fail(log, "cannot look at the run-dir", path, -errno);
	if (!S_ISDIR(st.st_mode))
		return fail(log, "the run-dir must be a directory", path, -ENOTDIR);
	if (st.st_uid != geteuid() || st.st_mode & (S_IWGRP | S_IWOTH))
		return fail(log, "the run-dir must be ours, and nobody else may write to it", path,
			-EPERM);
	return 0;
}

static int lock_take(struct fwd_rundir *d, const struct log *log)
{
	char path[PATH_MAX], pid[32] = "";

	d->lock = open(
		in_dir(d, "ravelin.pid", path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (d->lock < 0)
		return fail(log, "cannot open the pid file", path, -errno);
	if (flock(d->lock, LOCK_EX | LOCK_NB)) {
		int err = -errno;
		ssize_t n = read(d->lock, pid, sizeof(pid) - 1);
		pid[n > 0 ? strcspn(pid, "\n") : 0] = 0;
		log_line(log, LOG_ERROR_, "start_refused",
			"what=\"another ravelind uses this run-dir\" path=%s pid=%s", d->path, pid);
		return err;
	}
	int n = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
	if (ftruncate(d->lock, 0) || write(d->lock, pid, (size_t)n) != n)
		return fail(log, "cannot write the pid file", path, -errno);
	return 0;
}

static int ns_lock_take(struct fwd_rundir *d, const struct log *log)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "\0" NS_LOCK_NAME};
	socklen_t len = offsetof(struct sockaddr_un, sun_path) + sizeof(NS_LOCK_NAME);

	d->ns_lock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (d->ns_lock < 0)
		return -errno;
	if (bind(d->ns_lock, (struct sockaddr *)&un, len))
		return fail(log, "another ravelind runs in this network namespace",
			"@" NS_LOCK_NAME, -errno);
	return 0;
}

static int api_bind(int fd, const struct sockaddr_un *un, mode_t mode)
{
	mode_t mask = umask(0777 & ~mode);
	int err = bind(fd, (const struct sockaddr *)un, sizeof(*un)) ? -errno : 0;

	umask(mask);
	return err ? err : listen(fd, API_BACKLOG) ? -errno : 0;
}

static int api_listen(
	const struct fwd_rundir *d, const char *name, mode_t mode, int *fd, const struct log *log)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	char path[PATH_MAX];

	in_dir(d, name, path);
	if (strlen(path) >= sizeof(un.sun_path))
		return fail(log, "the path of the API socket is too long", path, -ENAMETOOLONG);
	memcpy(un.sun_path, path, strlen(path) + 1);
	unlink(path); /* ours to remove: the lock is held */
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (*fd < 0)
		return -errno;
	int err = api_bind(*fd, &un, mode);
	return err ? fail(log, "cannot listen on the API socket", path, err) : 0;
}

int fwd_rundir_open(
	struct fwd_rundir *d, const char *path, bool alone, bool shared, const struct log *log)
{
	char empty[PATH_MAX];

	*d = (struct fwd_rundir){.path = path, .lock = -1, .ns_lock = -1, .api = -1, .api_ro = -1};
	int err = dir_make(path);
	if (err)
		return fail(log, "cannot make the run-dir", path, err);
	err = dir_check(path, log);
	if (!err)
		err = lock_take(d, log);
	if (!err && alone)
		err = ns_lock_take(d, log);
	if (err)
		return err;
	d->taken = true;
	if (mkdir(in_dir(d, "empty", empty), 0555) && errno != EEXIST)
		return fail(log, "cannot make", empty, -errno);
	err = api_listen(d, API_NAME, shared ? 0666 : 0660, &d->api, log);
	return err ? err : api_listen(d, API_RO_NAME, 0666, &d->api_ro, log);
}

static void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void fwd_rundir_close(struct fwd_rundir *d)
{
	char path[PATH_MAX];

	if (d->api >= 0)
		unlink(in_dir(d, API_NAME, path));
	if (d->api_ro >= 0)
		unlink(in_dir(d, API_RO_NAME, path));
	if (d->taken) {
		rmdir(in_dir(d, "empty", path));
		unlink(in_dir(d, "ravelin.pid", path));
	}
	fd_close(&d->api);
	fd_close(&d->api_ro);
	fd_close(&d->ns_lock);
	fd_close(&d->lock);
}

#define LEFT_NAME "restart"

void fwd_rundir_leave(const struct fwd_rundir *d)
{
	char path[PATH_MAX];
	int fd = d->taken ? open(in_dir(d, LEFT_NAME, path),
				    O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)
			  : -1;

	if (fd >= 0)
		close(fd);
}

bool fwd_rundir_was_left(const struct fwd_rundir *d)
{
	char path[PATH_MAX];

	return unlink(in_dir(d, LEFT_NAME, path)) == 0;
}
