/* The routers of a run: FRR's daemons and ravelind, started in their nodes. */
#include "lab/daemon.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/frrconf.h"
#include "lib/check.h"
#include "lib/text.h"

#define EXEC_MS	   20000
#define START_MS   40000
#define STOP_MS	   10000
#define LOG_TAIL   1500
#define EXEC_TEXT  8192
#define FRR_DIR	   "/usr/lib/frr"
#define FRR_CONFIG "/etc/frr/frr.conf"

static int daemon_fail(struct lab_run *r, unsigned node, const char *what, const char *output)
{
	lab_event(r, json_pack("{s:s, s:s, s:s, s:s}", "ev", "broken", "node",
			     r->topo.nodes[node].name, "what", what, "output", output));
	return -1;
}

/* A line that ip(8) can take in a batch: one process for many of them. */
static bool exec_is_ip(const char *line)
{
	return !strncmp(line, "ip ", 3) && !strpbrk(line, "|&;<>$`\"'\\(){}*?") &&
	       strncmp(line, "ip -", 4) != 0;
}

static int exec_flush(struct lab_run *r, unsigned node, struct text *batch)
{
	char *argv[] = {"ip", "-batch", "-", NULL}, out[1024];
	struct lab_run_args a = {.argv = argv,
		.input = batch->s,
		.out = out,
		.cap = sizeof out,
		.timeout_ms = EXEC_MS};
	int rc = batch->len ? lab_proc_run(&r->procs, &r->ns[node], &a) : 0;

	*batch = text_of(batch->s, batch->cap);
	return rc ? daemon_fail(r, node, "exec: ip", out) : 0;
}

static int exec_node(struct lab_run *r, unsigned node)
{
	const struct lab_node *n = &r->topo.nodes[node];
	char room[EXEC_TEXT], out[1024];
	struct text batch = text_of(room, sizeof room);
	int err = 0;

	for (unsigned i = 0; !err && i < n->n_execs; i++) {
		struct lab_run_args a = {
			.line = n->execs[i], .out = out, .cap = sizeof out, .timeout_ms = EXEC_MS};

		if (exec_is_ip(n->execs[i])) {
			text_add(&batch, "%s\n", n->execs[i] + 3);
			continue;
		}
		err = exec_flush(r, node, &batch);
		if (!err && lab_proc_run(&r->procs, &r->ns[node], &a))
			err = daemon_fail(r, node, n->execs[i], out);
	}
	return err ? err : exec_flush(r, node, &batch);
}

int lab_daemon_exec(struct lab_run *r)
{
	int err = 0;

	for (unsigned i = 0; !err && i < r->topo.n_nodes; i++)
		err = exec_node(r, i);
	return err;
}

/* A log file of the node, opened from the ground; -1 if it cannot be. */
static int daemon_log(const struct lab_run *r, unsigned node, const char *name)
{
	char path[PATH_MAX];

	lab_ns_path(r->topo.nodes[node].name, "log", name, path, sizeof path);
	return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

static int daemon_stop(struct lab_run *r, unsigned node)
{
	int status;
	pid_t pid = r->ravelind[node];

	r->ravelind[node] = 0;
	if (!pid || kill(pid, SIGTERM) < 0)
		return 0;
	return lab_proc_wait(&r->procs, pid, lab_now_ms() + STOP_MS, &status);
}

int lab_daemon_ravelind(struct lab_run *r, unsigned node, const char *config)
{
	const char *file = config ? config : r->topo.nodes[node].config;
	char program[600];
	char *argv[] = {
		program, "-f", (char *)file, r->topo.nodes[node].no_fib ? "--no-fib" : NULL, NULL};
	struct lab_stdio io = {.in = -1};
	pid_t pid;

	if (daemon_stop(r, node) < 0)
		return daemon_fail(r, node, "ravelind did not end within 10 s of SIGTERM", "");
	snprintf(program, sizeof program, "%s/ravelind", r->bin);
	io.out = io.err = daemon_log(r, node, "ravelind.log");
	r->started_ms[node] = lab_now_ms();
	pid = lab_proc_spawn(&r->procs, &r->ns[node], argv, &io);
	close(io.out);
	if (pid < 0)
		return daemon_fail(r, node, "ravelind", strerror(-pid));
	r->ravelind[node] = pid;
	return 0;
}

static pid_t daemon_spawn(struct lab_run *r, unsigned node, const char *name)
{
	char program[64], log[64];
	char *argv[] = {program, "-d", "-u", "frr", "-g", "frr", "-A", "127.0.0.1", "--log", log,
		"--log-level", "informational", NULL};
	struct lab_stdio io = {.in = -1};
	pid_t pid;

	snprintf(program, sizeof program, FRR_DIR "/%s", name);
	snprintf(log, sizeof log, "file:/var/log/frr/%s.log", name);
	io.out = io.err = daemon_log(r, node, "start.log");
	pid = lab_proc_spawn(&r->procs, &r->ns[node], argv, &io);
	close(io.out);
	return pid;
}

/* Waits for those started; the ones that end badly are told. Rows of pids, one a node. */
static int daemon_join(struct lab_run *r, pid_t (*pids)[LAB_DAEMONS_MAX], const char *what)
{
	unsigned long long deadline = lab_now_ms() + START_MS;
	int bad = 0, status;

	for (unsigned i = 0; i < r->topo.n_nodes; i++) {
		for (unsigned k = 0; k < LAB_DAEMONS_MAX; k++) {
			if (!pids[i][k] ||
				(pids[i][k] > 0 &&
					!lab_proc_wait(&r->procs, pids[i][k], deadline, &status) &&
					WIFEXITED(status) && !WEXITSTATUS(status)))
				continue;
			bad = daemon_fail(r, i, what, pids[i][k] < 0 ? strerror(-pids[i][k]) : "");
			lab_daemon_logs(r, i);
		}
	}
	return bad;
}

/* FRR's daemons number from..to-1 of every node, side by side. */
static int daemon_round(struct lab_run *r, unsigned from, unsigned to)
{
	pid_t pids[LAB_NODES_MAX][LAB_DAEMONS_MAX] = {0};

	for (unsigned i = 0; i < r->topo.n_nodes; i++)
		for (unsigned k = from; k < to && k < r->topo.nodes[i].n_daemons; k++)
			pids[i][k] = daemon_spawn(r, i, r->topo.nodes[i].daemons[k]);
	return daemon_join(r, pids, "FRR's daemons");
}

/*
 * The configuration goes in after the daemons run: a neighbour's password that bgpd reads from a file at its start
 * does not reach the listener of a VRF, and the session is then open to anybody (seen with FRR 8.4.4).
 */
static int daemon_configure(struct lab_run *r, unsigned node)
{
	const struct lab_node *n = &r->topo.nodes[node];
	char why[512];

	for (unsigned i = 0; i < n->n_binds; i++) {
		if (strcmp(n->binds[i].target, FRR_CONFIG) != 0 ||
			lab_frrconf_load(n->name, n->daemons, n->n_daemons, n->binds[i].source, why,
				sizeof why))
			continue;
		daemon_fail(r, node, "FRR's configuration", why);
		lab_daemon_logs(r, node);
		return -1;
	}
	return 0;
}

int lab_daemon_start(struct lab_run *r)
{
	int err = 0;

	for (unsigned i = 0; !err && i < r->topo.n_nodes; i++)
		if (r->topo.nodes[i].config)
			err = lab_daemon_ravelind(r, i, NULL);
	/* zebra first: the others look for it once when they start, and then only every ten seconds */
	err = err ? err : daemon_round(r, 0, 1);
	err = err ? err : daemon_round(r, 1, LAB_DAEMONS_MAX);
	lab_note(r, "FRR's daemons run; loading their configurations");
	for (unsigned i = 0; !err && i < r->topo.n_nodes; i++)
		err = daemon_configure(r, i);
	return err;
}

static void daemon_tail(struct lab_run *r, unsigned node, const char *dir, const char *file)
{
	char path[PATH_MAX], text[LOG_TAIL + 1], rel[300];
	ssize_t n;
	off_t size;
	int fd;

	snprintf(rel, sizeof rel, "%s%s", dir, file);
	lab_ns_path(r->topo.nodes[node].name, "log", rel, path, sizeof path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	size = lseek(fd, 0, SEEK_END);
	n = pread(fd, text, LOG_TAIL, size > LOG_TAIL ? size - LOG_TAIL : 0);
	close(fd);
	if (n <= 0)
		return;
	text[n] = 0;
	for (ssize_t i = 0; i < n; i++)
		if (text[i] != '\n' && text[i] != '\t' &&
			((unsigned char)text[i] < ' ' || (text[i] & 0x80)))
			text[i] = '?';
	lab_event(r, json_pack("{s:s, s:s, s:s, s:s}", "ev", "log", "node",
			     r->topo.nodes[node].name, "file", rel, "tail", text));
}

void lab_daemon_logs(struct lab_run *r, unsigned node)
{
	static const char *const dirs[] = {"", "frr/"};
	char path[PATH_MAX];

	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		struct dirent *e;
		DIR *d;

		lab_ns_path(r->topo.nodes[node].name, "log", dirs[i], path, sizeof path);
		d = opendir(path);
		while (d && (e = readdir(d)))
			if (strstr(e->d_name, ".log"))
				daemon_tail(r, node, dirs[i], e->d_name);
		if (d)
			closedir(d);
	}
}
