#include "cli/mrt_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool mrt_interrupted(void)
{
	sigset_t set;

	return sigpending(&set) == 0 &&
	       (sigismember(&set, SIGINT) == 1 || sigismember(&set, SIGTERM) == 1 ||
		       sigismember(&set, SIGHUP) == 1);
}

void mrt_hold_signals(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(how, &set, NULL);
}

void mrt_forget_signals(void)
{
	const struct timespec now = {0};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	while (sigtimedwait(&set, NULL, &now) > 0)
		continue;
}

int mrt_open(struct mrt_file *f, bool force)
{
	struct stat st;

	if (strcmp(f->name, "-") == 0) {
		f->to = stdout;
		return isatty(STDOUT_FILENO) ? -ENOTTY : 0;
	}
	if (!force && lstat(f->name, &st) == 0)
		return -EEXIST;
	if ((size_t)snprintf(f->beside, sizeof(f->beside), "%s.XXXXXX", f->name) >=
		sizeof(f->beside)) {
		f->beside[0] = '\0';
		return -ENAMETOOLONG;
	}
	int fd = mkostemp(f->beside, O_CLOEXEC);
	if (fd < 0) {
		f->beside[0] = '\0';
		return -errno;
	}
	mode_t mask = umask(0);
	umask(mask);
	fchmod(fd, 0666 & ~mask);
	f->to = fdopen(fd, "w");
	return f->to ? 0 : -errno;
}

int mrt_keep(struct mrt_file *f, bool force)
{
	if (fflush(f->to) != 0)
		return -errno;
	if (f->beside[0] == '\0')
		return 0;
	if (fsync(fileno(f->to)) < 0)
		return -errno;
	if (renameat2(AT_FDCWD, f->beside, AT_FDCWD, f->name, force ? 0 : RENAME_NOREPLACE) < 0)
		return -errno;
	f->beside[0] = '\0';
	return 0;
}

void mrt_close(struct mrt_file *f)
{
	if (f->to && f->to != stdout)
		fclose(f->to);
	if (f->beside[0])
		unlink(f->beside);
}
