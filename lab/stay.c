/*
 * A lab that stays up: where to find it. One unix socket a lab, named after it, in /run/ravelin-lab (root) or
 * $XDG_RUNTIME_DIR/ravelin-lab, or $RAVELIN_LAB_DIR. Whoever answers there keeps the lab; a socket that nobody answers is stale and goes.
 */
#include "lab/stay.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lab/keeper.h"
#include "lab/lab.h"
#include "lib/check.h"
#include "lib/complaint.h"

#define SOCKET_END ".sock"
#define SHARED	   "/tmp/ravelin-lab-"

static void stay_dir(char *out, size_t cap)
{
	const char *own = getenv("RAVELIN_LAB_DIR"), *xdg = getenv("XDG_RUNTIME_DIR");

	if (own)
		snprintf(out, cap, "%s", own);
	else if (!geteuid())
		snprintf(out, cap, "/run/ravelin-lab");
	else if (xdg)
		snprintf(out, cap, "%s/ravelin-lab", xdg);
	else
		snprintf(out, cap, SHARED "%u", geteuid());
}

/* In /tmp anybody may have made it before us, and would then be the one who answers. */
static bool stay_dir_is_ours(const char *dir)
{
	struct stat st;

	if (strncmp(dir, SHARED, strlen(SHARED)))
		return true; /* somebody chose it, or it is root's */
	return !lstat(dir, &st) && S_ISDIR(st.st_mode) && st.st_uid == geteuid();
}

static bool stay_address(const char *lab, struct sockaddr_un *sa)
{
	char dir[80];
	int n;

	stay_dir(dir, sizeof dir);
	if (!stay_dir_is_ours(dir))
		return false;
	*sa = (struct sockaddr_un){.sun_family = AF_UNIX};
	n = snprintf(sa->sun_path, sizeof sa->sun_path, "%s/%s" SOCKET_END, dir, lab);
	return n < (int)sizeof sa->sun_path;
}

/* A connection; -1: nobody answers. */
static int stay_try(const char *lab)
{
	struct sockaddr_un sa;
	int fd;

	if (!stay_address(lab, &sa))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && !connect(fd, (struct sockaddr *)&sa, sizeof sa))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Calls fn for each lab that answers; removes what is stale. How many answer. */
static int stay_each(void (*fn)(const char *lab, void *arg), void *arg)
{
	char dir[80], name[128];
	struct sockaddr_un sa;
	struct dirent *e;
	int n = 0;
	DIR *d;

	stay_dir(dir, sizeof dir);
	d = opendir(dir);
	while (d && (e = readdir(d))) {
		char *end = strstr(e->d_name, SOCKET_END);
		int fd;

		if (!end || end[strlen(SOCKET_END)])
			continue;
		snprintf(name, sizeof name, "%.*s", (int)(end - e->d_name), e->d_name);
		fd = stay_try(name);
		if (fd < 0) {
			if (stay_address(name, &sa))
				unlink(sa.sun_path);
			continue;
		}
		close(fd);
		n++;
		fn(name, arg);
	}
	if (d)
		closedir(d);
	rmdir(dir); /* only if it is empty */
	return n;
}

static void stay_remember(const char *lab, void *arg)
{
	snprintf(arg, 128, "%s", lab);
}

int lab_stay_connect(const char *lab)
{
	char only[128];
	int fd, n;

	if (!lab) {
		n = stay_each(stay_remember, only);
		if (n != 1) {
			fprintf(complaint_to(),
				n ? "lab: several labs are up: say which with -n (ravelin "
				    "lab list)\n"
				  : "lab: no lab is up: ravelin lab up\n");
			return -1;
		}
		lab = only;
	}
	fd = stay_try(lab);
	if (fd < 0)
		fprintf(complaint_to(), "lab: %s is not up\n", lab);
	return fd;
}

static void stay_print(const char *lab, void *arg)
{
	json_t *labs = arg;

	if (labs)
		json_array_append_new(labs, json_string(lab));
	else
		printf("%s\n", lab);
}

int lab_stay_list(bool json)
{
	json_t *labs = json ? json_array() : NULL;

	if (!stay_each(stay_print, labs) && !json)
		printf("no lab is up\n");
	if (json)
		lab_report_print(json_pack("{s:o}", "labs", labs));
	return LAB_HELD;
}

int lab_stay_down(const char *lab, bool json)
{
	int fd = lab_stay_connect(lab);
	char c;

	if (fd < 0)
		return LAB_NOT_UP;
	lab_channel_send(fd, LAB_FRAME_QUIT, 0, "", 0);
	while (read(fd, &c, 1) > 0) /* the keeper hangs up when all is gone */
		continue;
	close(fd);
	if (json)
		lab_report_print(json_pack("{s:b}", "down", true));
	return LAB_HELD;
}

static int stay_listen(const char *lab)
{
	struct sockaddr_un sa;
	char dir[80];
	int fd;

	stay_dir(dir, sizeof dir);
	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		return -errno;
	if (!stay_dir_is_ours(dir))
		return -EPERM;
	if (!stay_address(lab, &sa))
		return -ENAMETOOLONG;
	fd = stay_try(lab);
	if (fd >= 0) {
		close(fd);
		return -EADDRINUSE;
	}
	unlink(sa.sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, sizeof sa) < 0 || listen(fd, 16) < 0)
		return -errno;
	return fd;
}

static void stay_unlisten(const char *lab)
{
	struct sockaddr_un sa;
	char dir[80];

	stay_dir(dir, sizeof dir);
	if (stay_address(lab, &sa))
		unlink(sa.sun_path);
	rmdir(dir);
}

static void stay_hints(const struct lab_host *h)
{
	const char *me = strncmp(h->self, "/usr/", 5) == 0 ? "ravelin" : h->self;

	printf("\n%s is up. Look around:\n", h->topo.name);
	for (unsigned i = 0; i < h->topo.n_nodes; i++)
		printf("  %s lab shell %-8s %s\n", me, h->topo.nodes[i].name,
			h->topo.nodes[i].config
				? "ravelin show bgp summary; ravelin show vrf; ip -f mpls route"
			: h->topo.nodes[i].n_daemons ? "vtysh"
						     : "ip route; ping");
	printf("  %s lab exec %s ip route\n  %s lab down\n", me, h->topo.nodes[0].name, me);
}

static void stay_up_json(const struct lab_topo *t)
{
	json_t *nodes = json_array();

	for (unsigned i = 0; i < t->n_nodes; i++)
		json_array_append_new(nodes, json_string(t->nodes[i].name));
	lab_report_print(json_pack("{s:s, s:o}", "up", t->name, "nodes", nodes));
}

/* The keeper goes to the background; what it passes on is shown until the lab stands or fell. */
static int stay_watch(struct lab_host *h, int events, pid_t keeper)
{
	struct pollfd p[2] = {
		{.fd = events, .events = POLLIN}, {.fd = h->signals, .events = POLLIN}};
	struct lab_channel c;
	struct lab_frame f;

	lab_channel_init(&c, events);
	while (!h->report.ended) {
		poll(p, 2, -1);
		if (p[1].revents)
			kill(keeper, SIGTERM);
		if ((p[0].revents && lab_channel_fill(&c) <= 0) || c.broken)
			break;
		while (lab_channel_next(&c, &f)) {
			json_t *e = lab_frame_json(&f);

			lab_report_event(&h->report, e);
			json_decref(e);
		}
		if (p[1].revents)
			p[1].fd = -1;
	}
	lab_channel_fini(&c);
	return h->report.ended && h->report.ok ? LAB_HELD : LAB_BROKEN;
}

int lab_stay_up(const struct lab_options *opt)
{
	struct lab_host h;
	int events[2], listener = -1, rc = LAB_UNCLEAR;
	pid_t keeper;

	if (lab_host_init(&h, opt, opt->json ? stderr : stdout)) {
		listener = stay_listen(h.topo.name);
		if (listener < 0)
			fprintf(complaint_to(), "lab: %s: %s\n", h.topo.name,
				listener == -EADDRINUSE ? "is up already (ravelin lab down)"
							: strerror(-listener));
	}
	if (listener >= 0 && !pipe2(events, O_CLOEXEC)) {
		fflush(NULL);
		keeper = fork();
		if (!keeper) {
			close(events[0]);
			rc = lab_keeper_run(&h, listener, events[1]);
			stay_unlisten(h.topo.name);
			_exit(rc);
		}
		close(events[1]);
		rc = stay_watch(&h, events[0], keeper);
		close(events[0]);
		if (!rc && opt->json)
			stay_up_json(&h.topo);
		else if (!rc)
			stay_hints(&h);
		close(listener);
	}
	lab_host_fini(&h);
	return rc;
}
