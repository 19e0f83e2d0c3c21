/* User-mode Linux as the lab's kernel: its command line outside, and PID 1 inside. */
#include "lab/uml.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "lab/inside.h"
#include "lib/check.h"

#define SERIAL	     "/dev/ttyS0"
#define MODULES_ROOT "/run/modules" /* what modprobe -d is given: lib/modules below it */

const char *lab_uml_missing(void)
{
	if (access("/usr/bin/" LAB_UML_KERNEL, X_OK) < 0)
		return "/usr/bin/" LAB_UML_KERNEL " is not there: apt-get install user-mode-linux";
	if (access(LAB_UML_MODULES, R_OK) < 0)
		return LAB_UML_MODULES " is not there: apt-get install user-mode-linux";
	return NULL;
}

void lab_uml_exec(const char *self, const char *scratch, int serial, int console)
{
	char init[600], ssl[32], dir[600];
	char *argv[] = {LAB_UML_KERNEL, "mem=1G", "root=/dev/root", "rootfstype=hostfs",
		"rootflags=/", "rw", init, "umid=ravelin", dir, "con0=null,fd:1", "con=null", ssl,
		"quiet", "--", "lab", "init", NULL};

	snprintf(init, sizeof init, "init=%s", self);
	snprintf(dir, sizeof dir, "uml_dir=%s/", scratch);
	snprintf(ssl, sizeof ssl, "ssl0=fd:%d", serial);
	setenv("TMPDIR", scratch, 1);
	fcntl(serial, F_SETFD, 0);
	if (dup2(console, 1) < 0 || dup2(console, 2) < 0)
		_exit(126);
	execv("/usr/bin/" LAB_UML_KERNEL, argv);
	dprintf(2, "%s: %s\n", LAB_UML_KERNEL, strerror(errno));
	_exit(127);
}

static void init_mount(const char *type, const char *path, const char *options)
{
	mkdir(path, 0755);
	if (mount(type, path, type, 0, options) < 0 && errno != EBUSY)
		fprintf(stderr, "lab init: %s on %s: %m\n", type, path);
}

static void init_mounts(void)
{
	init_mount("proc", "/proc", NULL);
	init_mount("sysfs", "/sys", NULL);
	init_mount("devtmpfs", "/dev", NULL);
	init_mount("devpts", "/dev/pts", "mode=620,ptmxmode=666");
	init_mount("tmpfs", "/dev/shm", NULL);
	init_mount("tmpfs", "/run", "mode=755");
	if (symlink("/proc/self/fd", "/dev/fd") < 0 && errno != EEXIST)
		fprintf(stderr, "lab init: /dev/fd: %m\n");
}

/* Or every namespace has a gre0, tunl0 and others, which the guards would have to close one by one. */
static void init_tunnels(void)
{
	int fd = open("/proc/sys/net/core/fb_tunnels_only_for_init_net", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "2", 1) != 1)
		fprintf(stderr, "lab init: tunnels of every namespace: %m\n");
	if (fd >= 0)
		close(fd);
}

/* All modules by one modprobe: each call costs a tenth of a second here. */
static int init_modules(void)
{
	char *argv[] = {"modprobe", "-d", MODULES_ROOT, "-a", "mpls_router", "mpls_iptunnel",
		"bridge", "mpls_gso", "vrf", "veth", "dummy", "8021q", "ip_gre", "ipip",
		"sch_ingress", "cls_bpf", NULL};
	int status = -1;
	pid_t pid;

	mkdir(MODULES_ROOT, 0755);
	mkdir(MODULES_ROOT "/lib", 0755);
	if (symlink(LAB_UML_MODULES, MODULES_ROOT "/lib/modules") < 0)
		return -1;
	init_tunnels();
	pid = fork();
	if (!pid) {
		execv("/sbin/modprobe", argv);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status ? 0 : -1;
}

static int init_serial(void)
{
	struct termios t;
	int fd = open(SERIAL, O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || tcgetattr(fd, &t) < 0)
		return -1;
	cfmakeraw(&t);
	t.c_cflag |= CLOCAL;
	return tcsetattr(fd, TCSANOW, &t) < 0 ? -1 : fd;
}

void lab_uml_init(void)
{
	int serial;

	setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
	init_mounts();
	serial = init_serial();
	if (serial < 0)
		fprintf(stderr, "lab init: " SERIAL ": %m\n");
	else if (init_modules())
		fprintf(stderr,
			"lab init: modprobe failed: is all of user-mode-linux installed?\n");
	else
		lab_inside_run(serial);
	if (serial >= 0)
		tcdrain(serial);
	reboot(RB_POWER_OFF);
	_exit(1);
}
