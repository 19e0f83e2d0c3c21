#include "tests/bench/load/subject.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void subject_visit_fn(int pid, void *arg);

static bool read_file(const char *path, char *out, size_t cap)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, out, cap - 1) : -1;

	if (fd >= 0)
		close(fd);
	out[n > 0 ? n : 0] = 0;
	return n > 0;
}

/* The process and, by the children of each of its threads, its descendants. */
static void walk(int pid, subject_visit_fn *visit, void *arg)
{
	char path[96], list[4096];

	visit(pid, arg);
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	DIR *tasks = opendir(path);
	for (struct dirent *e; tasks && (e = readdir(tasks));) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%.20s/children", pid, e->d_name);
		if (!read_file(path, list, sizeof(list)))
			continue;
		char *at = list, *end;
		for (long child; (child = strtol(at, &end, 10)) > 0; at = end)
			walk((int)child, visit, arg);
	}
	if (tasks)
		closedir(tasks);
}

static void add_threads(int pid, struct subject_use *u)
{
	char path[96], line[128];
	struct dirent *e;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	DIR *tasks = opendir(path);
	while (tasks && (e = readdir(tasks))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%.20s/schedstat", pid, e->d_name);
		if (read_file(path, line, sizeof(line)))
			u->cpu_ns += strtoull(line, NULL, 10);
	}
	if (tasks)
		closedir(tasks);
}

static uint64_t field(const char *status, const char *name)
{
	const char *at = strstr(status, name);

	return at ? strtoull(at + strlen(name), NULL, 10) * 1024 : 0;
}

static void add(int pid, void *arg)
{
	struct subject_use *u = arg;
	char path[64], status[4096];

	add_threads(pid, u);
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (!read_file(path, status, sizeof(status)))
		return;
	u->resident += field(status, "VmRSS:");
	u->peak += field(status, "VmHWM:");
}

struct subject_use subject_get(int pid)
{
	struct subject_use u = {0};

	if (pid > 0)
		walk(pid, add, &u);
	return u;
}

static void reset(int pid, void *arg)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/clear_refs", pid);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, "5", 1) != 1)
		perror(path);
	close(fd);
	(void)arg;
}

void subject_reset_peak(int pid)
{
	if (pid > 0)
		walk(pid, reset, NULL);
}
