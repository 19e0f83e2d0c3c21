/* The namespaces of a run: the ground, and on it one network, mount and host name namespace for each node. */
#include "lab/ns.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/check.h"

static int ns_fail(const char *what, const char *path)
{
	int err = errno;

	fprintf(stderr, "lab: %s %s: %s\n", what, path, strerror(err));
	return -err;
}

static int ns_tmpfs(const char *path)
{
	return mount("lab", path, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") < 0
		       ? ns_fail("tmpfs on", path)
		       : 0;
}

static int ns_bind(const char *from, const char *to)
{
	return mount(from, to, NULL, MS_BIND | MS_REC, NULL) < 0 ? ns_fail("bind on", to) : 0;
}

/* mkdir -p of everything before the last slash, and of the last part too if it ends in one. */
static int ns_parents(const char *path)
{
	char part[PATH_MAX];

	for (const char *s = strchr(path + 1, '/'); s; s = strchr(s + 1, '/')) {
		snprintf(part, sizeof part, "%.*s", (int)(s - path), path);
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			return ns_fail("mkdir", part);
	}
	return 0;
}

/*
 * A copy of /etc in which names can be added: links to the real one. A relative link is copied as it is, because
 * the copy stands where the original stood.
 */
static int ns_etc_entry(const struct dirent *e)
{
	char from[PATH_MAX], to[PATH_MAX], target[PATH_MAX];
	ssize_t n;

	snprintf(from, sizeof from, "/run/.etc/%s", e->d_name);
	snprintf(to, sizeof to, "/etc/%s", e->d_name);
	n = readlink(from, target, sizeof target - 1);
	if (n > 0)
		target[n] = 0;
	return symlink(n > 0 ? target : from, to) < 0 ? ns_fail("link", to) : 0;
}

static int ns_etc(int real)
{
	struct dirent *e;
	char from[32];
	DIR *dir;
	int err;

	if (mkdir("/run/.etc", 0755) < 0)
		return ns_fail("mkdir", "/run/.etc");
	snprintf(from, sizeof from, "/proc/self/fd/%d", real);
	err = ns_bind(from, "/run/.etc");
	if (err)
		return err;
	err = ns_tmpfs("/etc");
	dir = err ? NULL : opendir("/run/.etc");
	while (dir && !err && (e = readdir(dir))) {
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
			strcmp(e->d_name, "frr") != 0 && strcmp(e->d_name, "ravelin") != 0)
			err = ns_etc_entry(e);
	}
	if (dir)
		closedir(dir);
	return err ? err : ns_parents("/etc/frr/") ? -EIO : ns_parents("/etc/ravelin/");
}

static int ns_save(struct lab_ns *out)
{
	out->net = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	out->mnt = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	out->uts = open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC);
	return out->net < 0 || out->mnt < 0 || out->uts < 0 ? ns_fail("open", "/proc/self/ns") : 0;
}

int lab_ns_ground(const struct lab_topo *t, struct lab_ns *base)
{
	int real, err;

	if (!strncmp(t->dir, "/run/", 5) || !strncmp(t->dir, "/var/tmp/", 9)) {
		fprintf(stderr,
			"lab: %s: the lab hides /run and /var/tmp; put the topology elsewhere\n",
			t->dir);
		return -EINVAL;
	}
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return ns_fail("private mounts", "/");
	/* in a node of another lab the real /etc is there already */
	real = open("/run/.etc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (real < 0)
		real = open("/etc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	err = ns_tmpfs("/run");
	err = err ? err : ns_tmpfs("/var/tmp"); /* FRR keeps crash logs there */
	err = err ? err : ns_etc(real);
	close(real);
	err = err ? err : ns_parents("/run/nodes/");
	err = err ? err : ns_parents("/run/home/");
	return err ? err : ns_save(base);
}

void lab_ns_path(const char *node, const char *what, const char *file, char *out, size_t cap)
{
	snprintf(out, cap, "/run/nodes/%s/%s/%s", node, what, file);
}

static int ns_dirs(const char *node)
{
	static const char *const dirs[] = {
		"run/frr/", "run/lock/", "run/home/", "run/.etc/", "log/frr/", "frr/"};
	struct passwd *frr = getpwnam("frr");
	char path[PATH_MAX];
	int err = 0;

	for (size_t i = 0; !err && i < ARRAY_LEN(dirs); i++) {
		lab_ns_path(node, dirs[i], "", path, sizeof path);
		err = ns_parents(path);
		if (!err && frr && strstr(dirs[i], "frr") &&
			chown(path, frr->pw_uid, frr->pw_gid) < 0)
			err = ns_fail("chown", path);
	}
	return err;
}

static int ns_file_bind(const struct lab_bind *b)
{
	int fd, err = ns_parents(b->target);

	if (err)
		return err;
	fd = open(b->target, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		return ns_fail("make", b->target);
	close(fd);
	return ns_bind(b->source, b->target);
}

/* vtysh looks for this file and warns if there is none. */
static int ns_vtysh(void)
{
	FILE *f = fopen("/etc/frr/vtysh.conf", "we");

	if (!f)
		return ns_fail("make", "/etc/frr/vtysh.conf");
	fputs("service integrated-vtysh-config\n", f);
	fclose(f);
	return 0;
}

static int ns_mounts(const struct lab_node *n)
{
	char run[PATH_MAX], path[PATH_MAX];
	int err;

	lab_ns_path(n->name, "frr", "", path, sizeof path);
	err = ns_bind(path, "/etc/frr");
	err = err ? err : ns_vtysh();
	lab_ns_path(n->name, "log", "", path, sizeof path);
	err = err ? err : ns_bind(path, "/var/log");
	lab_ns_path(n->name, "run/.etc", "", path, sizeof path);
	err = err ? err : ns_bind("/run/.etc", path);
	lab_ns_path(n->name, "run", "", run, sizeof run);
	for (unsigned i = 0; !err && i < n->n_binds; i++)
		err = strncmp(n->binds[i].target, "/run/", 5) ? ns_file_bind(&n->binds[i]) : 0;
	err = err ? err : ns_bind(run, "/run");
	for (unsigned i = 0; !err && i < n->n_binds; i++)
		err = strncmp(n->binds[i].target, "/run/", 5) ? 0 : ns_file_bind(&n->binds[i]);
	/* so that /sys/class/net shows this node; containers without the right see the host's */
	if (!err)
		mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	return err;
}

int lab_ns_enter_net(const struct lab_ns *ns)
{
	return setns(ns->net, CLONE_NEWNET) < 0 ? ns_fail("enter", "network namespace") : 0;
}

int lab_ns_enter(const struct lab_ns *ns)
{
	int err = lab_ns_enter_net(ns);

	if (!err && (setns(ns->uts, CLONE_NEWUTS) < 0 || setns(ns->mnt, CLONE_NEWNS) < 0))
		err = ns_fail("enter", "mount namespace");
	return err;
}

int lab_ns_node(
	const struct lab_topo *t, unsigned node, const struct lab_ns *base, struct lab_ns *out)
{
	const struct lab_node *n = &t->nodes[node];
	int err = ns_dirs(n->name);

	if (err)
		return err;
	if (unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS) < 0)
		return ns_fail("namespaces of", n->name);
	err = sethostname(n->name, strlen(n->name)) < 0 ? ns_fail("name", n->name) : 0;
	err = err ? err : ns_mounts(n);
	err = err ? err : ns_save(out);
	return err ? err : lab_ns_enter(base);
}

int lab_ns_socket(
	const struct lab_ns *base, const struct lab_ns *in, int domain, int type, int protocol)
{
	int fd, err;

	if (lab_ns_enter_net(in))
		return -errno;
	fd = socket(domain, type | SOCK_CLOEXEC, protocol);
	err = fd < 0 ? -errno : 0;
	CHECK(!lab_ns_enter_net(base));
	return err ? err : fd;
}
