/* Programs and maps of a port in a bpf file system, for other tools to look at. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "acl/load_prog.h"
#include "lib/check.h"

static const char *const names[] = {
	"guard", "xdp", "state", "counters", "hits", "sources", "destinations", "labels"};

static int pin_at(int fd, const char *dir, const char *port, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s/%s", dir, port, name);
	if (unlink(path) && errno != ENOENT)
		return -errno;
	return fd >= 0 && bpf_obj_pin(fd, path) ? -errno : 0;
}

int acl_prog_pin(const struct acl_prog *p, const char *dir, const char *port)
{
	const int fds[] = {p->tc, p->xdp, bpf_object__find_map_fd_by_name(p->object, ".data.state"),
		bpf_object__find_map_fd_by_name(p->object, "counters"),
		bpf_object__find_map_fd_by_name(p->object, "hits"), p->sources, p->destinations,
		p->labels};
	char path[PATH_MAX];
	int err = 0;

	_Static_assert(ARRAY_LEN(fds) == ARRAY_LEN(names), "a name for each");
	if (mkdir(dir, 0700) && errno != EEXIST)
		return -errno;
	snprintf(path, sizeof(path), "%s/%s", dir, port);
	if (mkdir(path, 0700) && errno != EEXIST)
		return -errno;
	for (size_t i = 0; !err && i < ARRAY_LEN(fds); i++)
		err = pin_at(fds[i], dir, port, names[i]);
	return err;
}

void acl_prog_unpin(const char *dir, const char *port)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		pin_at(-1, dir, port, names[i]);
	snprintf(path, sizeof(path), "%s/%s", dir, port);
	rmdir(path);
	rmdir(dir); /* if it was the last */
}
