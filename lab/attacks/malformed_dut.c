/* The process of the router under test: started, watched, started again. */
#include "lab/attacks/malformed_dut.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define START_MS      20000
#define STOP_MS	      3000
#define SHELL_MS      5000
#define PAUSE_MS      2
#define FIRST_ADDRESS 2
#define NOBODYS                                                                                    \
	"192.0.2.0/24" /* a prefix that nobody announces (RFC 5737): only whether an answer comes is of interest */

/* Parent and state of a process, from /proc: "pid (name) S ppid ...". */
static bool process_stat(pid_t pid, pid_t *parent, char *state)
{
	char path[32], text[512], *end;
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof text - 1);
	close(fd);
	text[n > 0 ? n : 0] = 0;
	end = strrchr(text, ')');
	return end && sscanf(end + 1, " %c %d", state, parent) == 2;
}

static bool process_is_alive(pid_t pid)
{
	pid_t parent;
	char state;

	return process_stat(pid, &parent, &state) && state != 'Z' && state != 'X';
}

static void dut_find_children(struct malformed_dut *d)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;

	d->n_processes = 1;
	while (proc && (e = readdir(proc)) && d->n_processes < MALFORMED_PROCESSES_MAX) {
		pid_t pid = isdigit((unsigned char)*e->d_name) ? atoi(e->d_name) : 0, parent;
		char state;

		if (pid && process_stat(pid, &parent, &state) && parent == d->process[0])
			d->process[d->n_processes++] = pid;
	}
	if (proc)
		closedir(proc);
}

bool malformed_dut_died(struct malformed_dut *d, unsigned ms)
{
	unsigned long long deadline = lab_now_ms() + ms;

	do {
		lab_proc_reap(&d->run->procs);
		for (unsigned i = 0; i < d->n_processes; i++)
			if (!process_is_alive(d->process[i]))
				return true;
		if (ms)
			poll(NULL, 0, PAUSE_MS);
	} while (lab_now_ms() < deadline);
	return false;
}

int malformed_dut_shell(struct malformed_dut *d, const char *line, char *out, size_t cap)
{
	struct lab_run_args a = {.line = line, .out = out, .cap = cap, .timeout_ms = SHELL_MS};

	return lab_proc_run(&d->run->procs, &d->run->ns[d->node], &a);
}

static void dut_log(const struct malformed_dut *d, char *path, size_t cap)
{
	lab_ns_path(d->run->topo.nodes[d->node].name, "log", "dut.log", path, cap);
}

void malformed_dut_words(const struct malformed_dut *d, char *out, size_t cap)
{
	char path[PATH_MAX];
	ssize_t n = 0;
	off_t size;
	int fd;

	dut_log(d, path, sizeof path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		size = lseek(fd, 0, SEEK_END);
		n = pread(fd, out, cap - 1, size > (off_t)cap - 1 ? size - (off_t)cap + 1 : 0);
		close(fd);
	}
	out[n > 0 ? n : 0] = 0;
	for (char *c = out; *c; c++)
		if (*c != '\n' && (*c < ' ' || *c > '~'))
			*c = '?';
}

static pid_t dut_spawn(struct malformed_dut *d)
{
	char *argv[] = {"/bin/sh", "-c", (char *)d->router->start, NULL};
	struct lab_stdio io = {.in = -1};
	char path[PATH_MAX];
	pid_t pid;

	dut_log(d, path, sizeof path);
	io.out = io.err = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	pid = lab_proc_spawn(&d->run->procs, &d->run->ns[d->node], argv, &io);
	close(io.out);
	return pid;
}

int malformed_dut_start(struct malformed_dut *d)
{
	unsigned long long deadline = lab_now_ms() + START_MS;
	pid_t pid = dut_spawn(d);

	if (pid < 0)
		return pid;
	d->process[0] = pid;
	d->n_processes = 1;
	while (d->router->holds(d, NOBODYS) < 0) {
		if (malformed_dut_died(d, 0))
			return -ECHILD;
		if (lab_now_ms() > deadline)
			return -ETIMEDOUT;
		poll(NULL, 0, PAUSE_MS);
	}
	dut_find_children(d);
	return 0;
}

void malformed_dut_stop(struct malformed_dut *d)
{
	int status;

	if (!d->n_processes)
		return;
	kill(d->process[0], SIGTERM);
	lab_proc_wait(&d->run->procs, d->process[0], lab_now_ms() + STOP_MS, &status);
	d->n_processes = 0;
}

bool malformed_dut_until(struct malformed_dut *d, const char *prefix, bool wanted, unsigned ms)
{
	unsigned long long deadline = lab_now_ms() + ms;

	while (d->router->holds(d, prefix) != (wanted ? 1 : 0)) {
		if (lab_now_ms() >= deadline || malformed_dut_died(d, 0))
			return false;
		poll(NULL, 0, PAUSE_MS);
	}
	return true;
}

void malformed_dut_address(struct malformed_dut *d, char *out, size_t cap)
{
	snprintf(out, cap, "192.168.0.%u", FIRST_ADDRESS + d->turn++ % d->router->addresses);
}
