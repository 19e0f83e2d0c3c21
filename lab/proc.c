/* Processes in nodes: run one and wait for it, or keep one running. */
#include "lab/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/check.h"

#define POLL_MS 5

unsigned long long lab_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

static void proc_child(const struct lab_procs *ps, const struct lab_ns *ns, char *const argv[],
	const struct lab_stdio *io)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	setsid();
	if (dup2(io->in < 0 ? null : io->in, 0) < 0 || dup2(io->out < 0 ? null : io->out, 1) < 0 ||
		dup2(io->err < 0 ? null : io->err, 2) < 0 ||
		(io->tty && ioctl(1, TIOCSCTTY, 0) < 0))
		_exit(126);
	if (lab_ns_enter(ns))
		_exit(126);
	setenv("PATH", ps->path, 1);
	setenv("HOME", "/run/home", 1);
	unsetenv("LD_PRELOAD");
	if (chdir("/") < 0)
		_exit(126);
	execvp(argv[0], argv);
	dprintf(2, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static int proc_slot(const struct lab_procs *ps)
{
	int slot = 0;

	while (slot < LAB_PROCS_MAX && ps->p[slot].pid)
		slot++;
	return slot;
}

/* The pid in the parent, which remembers it; 0 in the child; -errno. */
static pid_t proc_fork(struct lab_procs *ps)
{
	int slot = proc_slot(ps);
	pid_t pid = slot == LAB_PROCS_MAX ? -EAGAIN : fork();

	if (pid < 0)
		return slot == LAB_PROCS_MAX ? -EAGAIN : -errno;
	if (pid) {
		ps->p[slot].pid = pid;
		ps->p[slot].ended = false;
	}
	return pid;
}

pid_t lab_proc_spawn(struct lab_procs *ps, const struct lab_ns *ns, char *const argv[],
	const struct lab_stdio *io)
{
	pid_t pid = proc_fork(ps);

	if (!pid)
		proc_child(ps, ns, argv, io);
	return pid;
}

pid_t lab_proc_call(struct lab_procs *ps, int (*fn)(void *arg), void *arg)
{
	pid_t pid = proc_fork(ps);

	if (!pid) {
		setsid();
		_exit(fn(arg));
	}
	return pid;
}

void lab_proc_reap(struct lab_procs *ps)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (int i = 0; i < LAB_PROCS_MAX; i++) {
			if (ps->p[i].pid != pid)
				continue;
			ps->p[i].ended = true;
			ps->p[i].status = status;
		}
	}
}

bool lab_proc_ended(struct lab_procs *ps, pid_t pid, int *status)
{
	lab_proc_reap(ps);
	for (int i = 0; i < LAB_PROCS_MAX; i++) {
		if (ps->p[i].pid != pid)
			continue;
		if (!ps->p[i].ended)
			return false;
		*status = ps->p[i].status;
		ps->p[i].pid = 0;
		return true;
	}
	*status = -1;
	return true;
}

int lab_proc_wait(struct lab_procs *ps, pid_t pid, unsigned long long deadline_ms, int *status)
{
	bool late = false;

	while (!lab_proc_ended(ps, pid, status)) {
		if (!late && lab_now_ms() >= deadline_ms) {
			late = true;
			kill(-pid, SIGKILL);
			kill(pid, SIGKILL);
		}
		poll(NULL, 0, POLL_MS);
	}
	return late ? -ETIMEDOUT : 0;
}

/* Input and output are memory files: no pipe to fill up, no reader to schedule. */
static int proc_file(const char *input)
{
	int fd = memfd_create("lab", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (input && (write(fd, input, strlen(input)) < 0 || lseek(fd, 0, SEEK_SET) < 0)) {
		close(fd);
		return -EIO;
	}
	return fd;
}

static void proc_output(int fd, char *out, size_t cap)
{
	ssize_t n = out ? pread(fd, out, cap - 1, 0) : 0;

	if (out)
		out[n > 0 ? n : 0] = 0;
}

int lab_proc_run(struct lab_procs *ps, const struct lab_ns *ns, const struct lab_run_args *a)
{
	char *shell[] = {"/bin/sh", "-c", (char *)a->line, NULL};
	struct lab_stdio io = {.in = proc_file(a->input), .out = proc_file(NULL)};
	int status = 0, err;
	pid_t pid;

	io.err = io.out;
	pid = io.in < 0 || io.out < 0 ? -EMFILE
				      : lab_proc_spawn(ps, ns, a->argv ? a->argv : shell, &io);
	err = pid < 0 ? (int)pid : lab_proc_wait(ps, pid, lab_now_ms() + a->timeout_ms, &status);
	proc_output(io.out, a->out, a->cap);
	close(io.in);
	close(io.out);
	if (err)
		return err;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
