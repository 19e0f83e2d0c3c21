/* Where a lab runs: in namespaces of this kernel, or in user-mode Linux. */
#include "lab/backend.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/inside.h"
#include "lab/probe.h"
#include "lab/proc.h"
#include "lab/uml.h"
#include "lib/check.h"

#define SCRATCH "/dev/shm" /* hidden by a tmpfs of ours in our mount namespace */
#define POLL_MS 5
#define FDS_MAX 256 /* more than this process ever opens */

bool lab_backend_choose(enum lab_backend_kind *kind, char *text, size_t cap)
{
	char why[256] = "";
	bool here = lab_probe_kernel(why, sizeof why);
	const char *no_uml = lab_uml_missing();

	if (*kind == LAB_BACKEND_NETNS) {
		snprintf(text, cap, "back end netns (forced)%s%s", here ? "" : ", although ", why);
		return true;
	}
	if (*kind == LAB_BACKEND_AUTO && here) {
		*kind = LAB_BACKEND_NETNS;
		snprintf(text, cap, "back end netns: this kernel has MPLS and VRF devices");
		return true;
	}
	if (*kind == LAB_BACKEND_UML)
		snprintf(text, cap, "back end user-mode Linux (forced)");
	else
		snprintf(text, cap, "back end user-mode Linux: %s", why);
	*kind = LAB_BACKEND_UML;
	if (no_uml)
		snprintf(text, cap, "no back end: %s; and %s", why, no_uml);
	return !no_uml;
}

/* As a normal user the namespaces come from a user namespace in which we are root. */
static int backend_map_user(uid_t uid, gid_t gid)
{
	static const char *const files[] = {
		"/proc/self/setgroups", "/proc/self/uid_map", "/proc/self/gid_map"};
	char text[3][32];

	snprintf(text[0], sizeof text[0], "deny");
	snprintf(text[1], sizeof text[1], "0 %u 1", uid);
	snprintf(text[2], sizeof text[2], "0 %u 1", gid);
	for (int i = 0; i < 3; i++) {
		int fd = open(files[i], O_WRONLY | O_CLOEXEC);
		ssize_t n = fd < 0 ? -1 : write(fd, text[i], strlen(text[i]));

		if (fd >= 0)
			close(fd);
		if (n < 0)
			return -errno;
	}
	return 0;
}

static void backend_give_up(int console, const char *what)
{
	dprintf(console, "%s: %s\n", what, strerror(errno));
	_exit(3);
}

/* Dies with its parent, whatever that dies of. The parent gone before this was said shows as a hangup. */
static void backend_leash(int channel)
{
	struct pollfd p = {.fd = channel};

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || (poll(&p, 1, 0) > 0 && p.revents & POLLHUP))
		_exit(3);
}

static void backend_private(int console)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		backend_give_up(console, "private mounts");
	/* in a container /proc may be masked and this refused; then the outer one does */
	mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}

/* Keeps nothing open of what the parent had: whoever waits for one of those to close must not wait for the lab. */
static void backend_only(int channel, int console)
{
	if (dup2(open("/dev/null", O_RDONLY), 0) < 0 || dup2(console, 1) < 0 ||
		dup2(console, 2) < 0)
		_exit(3);
	for (int fd = 3; fd < FDS_MAX; fd++)
		if (fd != channel && fd != console)
			close(fd);
}

/* PID 1 around user-mode Linux: waits for the kernel, reaps what it leaves. */
static void backend_uml(const char *self, const char *scratch, int channel, int console)
{
	int status = 0;
	pid_t uml, got;

	if (!strcmp(scratch, SCRATCH) &&
		mount("lab", SCRATCH, "tmpfs", MS_NOSUID | MS_NODEV, "mode=700") < 0)
		backend_give_up(console, "tmpfs on " SCRATCH);
	uml = fork();
	if (!uml) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		lab_uml_exec(self, scratch, channel, console);
	}
	close(channel);
	do
		got = wait(&status);
	while (got != uml && (got > 0 || errno == EINTR));
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static void backend_child(const struct lab_backend *b, const char *self, int channel, int console,
	unsigned flags, uid_t uid, gid_t gid)
{
	setsid();
	backend_leash(channel);
	if ((flags & CLONE_NEWUSER) && backend_map_user(uid, gid))
		backend_give_up(console, "user namespace");
	if (flags & CLONE_NEWNS)
		backend_private(console);
	backend_only(channel, console);
	if (b->kind == LAB_BACKEND_UML)
		backend_uml(self, b->scratch ? b->scratch : SCRATCH, channel, console);
	_exit(lab_inside_run(channel));
}

/*
 * A child in namespaces of its own, or -1. Not in a chroot that is no mount point: there mounts cannot be made
 * private, and ours would show outside.
 */
static pid_t backend_fork_apart(unsigned flags)
{
	struct statx st;

	if (statx(AT_FDCWD, "/", 0, STATX_BASIC_STATS, &st) < 0)
		return -1;
	if (!(st.stx_attributes & STATX_ATTR_MOUNT_ROOT)) {
		errno = ENOTSUP;
		return -1;
	}
	return syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
}

static pid_t backend_clone(struct lab_backend *b, const char *self, int channel, int console)
{
	unsigned flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC;
	uid_t uid = geteuid();
	gid_t gid = getegid();
	pid_t pid;

	if (b->kind == LAB_BACKEND_NETNS)
		flags |= CLONE_NEWNET | CLONE_NEWUTS;
	else if (uid)
		flags |= CLONE_NEWUSER;
	pid = backend_fork_apart(flags);
	if (pid < 0 && b->kind == LAB_BACKEND_UML) {
		/* no namespaces for us here: user-mode Linux needs none, but its files must then be removed by us */
		b->scratch = strdup("/tmp/ravelin-lab-XXXXXX");
		if (!b->scratch || !mkdtemp(b->scratch))
			return -errno;
		flags = 0;
		pid = fork();
	}
	if (!pid)
		backend_child(b, self, channel, console, flags, uid, gid);
	return pid < 0 ? -errno : pid;
}

int lab_backend_start(struct lab_backend *b, enum lab_backend_kind kind, const char *self)
{
	int channel[2], console[2];
	pid_t pid;

	*b = (struct lab_backend){.kind = kind, .channel = -1, .console = -1};
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) < 0)
		return -errno;
	if (pipe2(console, O_CLOEXEC) < 0)
		return -errno;
	fflush(NULL);
	pid = backend_clone(b, self, channel[1], console[1]);
	close(channel[1]);
	close(console[1]);
	b->channel = channel[0];
	b->console = console[0];
	fcntl(b->console, F_SETFL, O_NONBLOCK);
	b->pid = pid > 0 ? pid : 0;
	return pid < 0 ? (int)pid : 0;
}

bool lab_backend_console(struct lab_backend *b)
{
	char buf[1024];
	ssize_t n;

	while ((n = read(b->console, buf, sizeof buf)) > 0) {
		size_t room = sizeof b->tail - 1 - b->n_tail,
		       drop = (size_t)n > room ? n - room : 0;

		memmove(b->tail, b->tail + drop, b->n_tail - drop);
		b->n_tail -= drop;
		memcpy(b->tail + b->n_tail, buf, n);
		b->n_tail += n;
		b->tail[b->n_tail] = 0;
	}
	return n < 0 && errno == EAGAIN;
}

static void backend_remove(const char *dir)
{
	static const char *const names[] = {"ravelin/pid", "ravelin/mconsole", "ravelin", ""};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char path[256];

		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		if (unlink(path) < 0)
			rmdir(path);
	}
}

int lab_backend_stop(struct lab_backend *b, unsigned grace_ms)
{
	unsigned long long end = lab_now_ms() + grace_ms;
	int status = 0;

	while (b->pid && waitpid(b->pid, &status, WNOHANG) != b->pid) {
		if (lab_now_ms() >= end) {
			kill(b->pid, SIGKILL);
			waitpid(b->pid, &status, 0);
			break;
		}
		lab_backend_console(b);
		poll(NULL, 0, POLL_MS);
	}
	b->pid = 0;
	if (b->console >= 0)
		lab_backend_console(b);
	close(b->channel);
	close(b->console);
	if (b->scratch)
		backend_remove(b->scratch);
	free(b->scratch);
	b->scratch = NULL;
	return status;
}

bool lab_backend_named(const char *name, enum lab_backend_kind *out)
{
	if (!strcmp(name, "netns"))
		*out = LAB_BACKEND_NETNS;
	else if (!strcmp(name, "uml"))
		*out = LAB_BACKEND_UML;
	else
		return false;
	return true;
}
