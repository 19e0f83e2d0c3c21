/* Lets people into the nodes of a lab that stays up: commands and shells, many at a time, over the one channel. */
#include "lab/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/step.h"
#include "lab/window.h"
#include "lib/check.h"

#define SESSIONS_MAX 16
#define ARGS_MAX     64
#define POLL_MS	     50
#define CHUNK	     4096
#define DRAIN_MS     200

struct session {
	uint8_t chan; /* 0: free */
	pid_t pid;
	int in, out, err; /* our ends; tty: in == out */
	bool tty;
	bool ended;
	int status;
	unsigned long long ended_ms;
};

struct server {
	struct lab_run *r;
	struct session s[SESSIONS_MAX];
	bool quit;
};

static struct session *session_find(struct server *sv, uint8_t chan)
{
	for (int i = 0; i < SESSIONS_MAX; i++)
		if (sv->s[i].chan == chan)
			return &sv->s[i];
	return NULL;
}

static void session_close(struct session *s)
{
	if (s->in >= 0)
		close(s->in);
	if (s->out >= 0 && s->out != s->in)
		close(s->out);
	if (s->err >= 0)
		close(s->err);
	*s = (struct session){.in = -1, .out = -1, .err = -1};
}

static void serve_exit(struct server *sv, uint8_t chan, int status, const char *why)
{
	json_t *j = json_pack("{s:i, s:s}", "status", status, "why", why);

	lab_channel_send_json(sv->r->out, LAB_FRAME_EXIT, chan, j);
	json_decref(j);
}

static void session_size(int fd, const json_t *j)
{
	struct winsize ws = {.ws_row = json_integer_value(json_object_get(j, "rows")),
		.ws_col = json_integer_value(json_object_get(j, "cols"))};

	if (ws.ws_row && ws.ws_col)
		ioctl(fd, TIOCSWINSZ, &ws);
}

static int session_tty(struct session *s, const json_t *j, struct lab_stdio *io)
{
	int master, slave;

	if (openpty(&master, &slave, NULL, NULL, NULL) < 0)
		return -errno;
	session_size(master, j);
	fcntl(master, F_SETFD, FD_CLOEXEC);
	fcntl(master, F_SETFL, O_NONBLOCK);
	fcntl(slave, F_SETFD, FD_CLOEXEC);
	s->in = s->out = master;
	*io = (struct lab_stdio){.in = slave, .out = slave, .err = slave, .tty = true};
	return 0;
}

static int session_pipes(struct session *s, struct lab_stdio *io)
{
	int in[2], out[2], err[2];

	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0)
		return -errno;
	fcntl(in[1], F_SETFL, O_NONBLOCK);
	s->in = in[1];
	s->out = out[0];
	s->err = err[0];
	*io = (struct lab_stdio){.in = in[0], .out = out[1], .err = err[1]};
	return 0;
}

static void session_start(struct server *sv, struct session *s, unsigned node, const json_t *j)
{
	const json_t *args = json_object_get(j, "argv");
	char *argv[ARGS_MAX + 1] = {NULL};
	struct lab_stdio io = {.in = -1, .out = -1, .err = -1};
	int err;

	for (size_t i = 0; i < json_array_size(args) && i < ARGS_MAX; i++)
		argv[i] = (char *)json_string_value(json_array_get(args, i));
	s->tty = json_is_true(json_object_get(j, "tty"));
	setenv("TERM",
		json_string_value(json_object_get(j, "term"))
			? json_string_value(json_object_get(j, "term"))
			: "dumb",
		1);
	err = s->tty ? session_tty(s, j, &io) : session_pipes(s, &io);
	s->pid = err ? err : lab_proc_spawn(&sv->r->procs, &sv->r->ns[node], argv, &io);
	if (!err) {
		close(io.in);
		if (!s->tty) {
			close(io.out);
			close(io.err);
		}
	}
	if (s->pid > 0)
		return;
	serve_exit(sv, s->chan, 126, strerror(-s->pid));
	session_close(s);
}

struct look {
	struct server *sv;
	const json_t *ask; /* {"scenario": file or null, "patience": s} */
	int out, err;
};

/*
 * A child of ours, so that shells go on meanwhile: it holds the descriptors of every node, and writes the events of its steps
 * as frames to what is for everybody else the output of a command.
 */
static int look_child(void *arg)
{
	struct look *l = arg;
	struct lab_run *r = l->sv->r;
	const char *file = json_string_value(json_object_get(l->ask, "scenario"));
	bool ok;

	for (int i = 0; i < SESSIONS_MAX; i++)
		session_close(
			&l->sv->s[i]); /* or the others' programs would not see their input end */
	r->out = l->out;
	if (dup2(l->err, 2) < 0)
		return 126;
	if (file) {
		lab_scenario_fini(&r->scenario);
		if (!lab_scenario_load(&r->scenario, &r->topo, file, stderr))
			return 2;
	}
	if (!r->scenario.n_steps) {
		fprintf(stderr, "lab: %s came up without a scenario\n", r->topo.name);
		return 2;
	}
	ok = lab_step_look(r, json_integer_value(json_object_get(l->ask, "patience")));
	lab_event(r, json_pack("{s:s, s:b}", "ev", "end", "ok", ok));
	return ok ? 0 : 4;
}

static void session_look(struct server *sv, struct session *s, const json_t *ask)
{
	struct lab_stdio io = {.in = -1, .out = -1, .err = -1};
	struct look l = {.sv = sv, .ask = ask};
	int err = session_pipes(s, &io);

	l.out = io.out;
	l.err = io.err;
	s->pid = err ? err : lab_proc_call(&sv->r->procs, look_child, &l);
	if (!err) {
		close(io.in);
		close(io.out);
		close(io.err);
	}
	if (s->pid > 0)
		return;
	serve_exit(sv, s->chan, 126, strerror(-s->pid));
	session_close(s);
}

static void serve_exec(struct server *sv, const struct lab_frame *f)
{
	json_t *j = lab_frame_json(f);
	const char *name = json_string_value(json_object_get(j, "node"));
	int node = name ? lab_topo_find(&sv->r->topo, name) : -1;
	struct session *s = session_find(sv, 0);
	const json_t *look = json_object_get(j, "look");

	if (look && s) {
		*s = (struct session){.chan = f->chan, .in = -1, .out = -1, .err = -1};
		session_look(sv, s, look);
	} else if (node < 0) {
		serve_exit(sv, f->chan, 125, "there is no such node");
	} else if (!s || !json_array_size(json_object_get(j, "argv"))) {
		serve_exit(sv, f->chan, 125, s ? "nothing to run" : "too many sessions");
	} else {
		*s = (struct session){.chan = f->chan, .in = -1, .out = -1, .err = -1};
		session_start(sv, s, node, j);
	}
	json_decref(j);
}

/* False at its end. */
static bool session_copy(struct server *sv, struct session *s, int *fd, enum lab_frame_type type)
{
	uint8_t buf[CHUNK];
	ssize_t n = read(*fd, buf, sizeof buf);

	if (n > 0) {
		lab_channel_send(sv->r->out, type, s->chan, buf, n);
		return true;
	}
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (s->in == *fd)
		s->in = -1;
	close(*fd);
	*fd = -1;
	return false;
}

/* Room in the program's stdin, or output of its that must be taken away first: it may wait for that. */
static void session_wait(struct server *sv, struct session *s)
{
	struct pollfd p[3] = {{.fd = s->in, .events = POLLOUT},
		{.fd = s->tty ? -1 : s->out, .events = POLLIN}, {.fd = s->err, .events = POLLIN}};

	poll(p, 3, POLL_MS);
	if (p[1].revents)
		session_copy(sv, s, &s->out, LAB_FRAME_OUTPUT);
	if (p[2].revents)
		session_copy(sv, s, &s->err, LAB_FRAME_ERROR);
}

/* A program that does not read its input for long keeps others waiting; a lab can bear that. */
static void session_input(struct server *sv, struct session *s, const struct lab_frame *f)
{
	size_t at = 0;

	while (s->in >= 0 && at < f->len) {
		ssize_t n = write(s->in, f->data + at, f->len - at);

		if (n < 0 && errno == EAGAIN && s->tty)
			return; /* a terminal whose program does not read loses what is typed, as any does */
		if (n < 0 && errno == EAGAIN)
			session_wait(sv, s);
		else if (n < 0 && errno != EINTR)
			return;
		at += n > 0 ? n : 0;
	}
}

static void session_eof(struct session *s)
{
	const char end = 4; /* what a terminal's line discipline takes for the end */

	if (s->tty && write(s->in, &end, 1) == 1)
		return;
	if (!s->tty && s->in >= 0) {
		close(s->in);
		s->in = -1;
	}
}

static void serve_frame(struct server *sv, const struct lab_frame *f)
{
	struct session *s = f->chan ? session_find(sv, f->chan) : NULL;
	json_t *j;

	if (f->type == LAB_FRAME_QUIT) {
		sv->quit = true;
	} else if (f->type == LAB_FRAME_EXEC && f->chan && !s) {
		serve_exec(sv, f);
	} else if (!s) {
		return; /* it has ended meanwhile */
	} else if (f->type == LAB_FRAME_INPUT) {
		session_input(sv, s, f);
	} else if (f->type == LAB_FRAME_EOF) {
		session_eof(s);
	} else if (f->type == LAB_FRAME_WINDOW && s->tty) {
		j = lab_frame_json(f);
		session_size(s->out, j);
		json_decref(j);
	} else if (f->type == LAB_FRAME_HANGUP) {
		kill(-s->pid, SIGHUP);
		kill(-s->pid, SIGKILL);
	}
}

/* Over when it ended and its output is out; a background child that keeps the output open is not waited for. */
static void serve_reap(struct server *sv)
{
	for (int i = 0; i < SESSIONS_MAX; i++) {
		struct session *s = &sv->s[i];

		if (!s->chan)
			continue;
		if (!s->ended && lab_proc_ended(&sv->r->procs, s->pid, &s->status)) {
			s->ended = true;
			s->ended_ms = lab_now_ms();
		}
		if (!s->ended ||
			((s->out >= 0 || s->err >= 0) && lab_now_ms() - s->ended_ms < DRAIN_MS))
			continue;
		serve_exit(sv, s->chan,
			WIFEXITED(s->status) ? WEXITSTATUS(s->status) : 128 + WTERMSIG(s->status),
			"");
		session_close(s);
	}
}

static unsigned serve_fds(struct server *sv, struct lab_channel *c, struct pollfd *p)
{
	unsigned n = 0;

	p[n++] = (struct pollfd){.fd = c->fd, .events = POLLIN};
	for (int i = 0; i < SESSIONS_MAX; i++) {
		p[n++] = (struct pollfd){.fd = sv->s[i].chan ? sv->s[i].out : -1, .events = POLLIN};
		p[n++] = (struct pollfd){.fd = sv->s[i].chan ? sv->s[i].err : -1, .events = POLLIN};
	}
	return n;
}

static bool serve_fill(struct lab_run *r, struct lab_channel *c)
{
	long n = lab_channel_fill(c);

	return n > 0 && !lab_window_ack(r->out, n);
}

void lab_serve(struct lab_run *r, struct lab_channel *c)
{
	struct server *sv = calloc(1, sizeof *sv);
	struct pollfd p[1 + 2 * SESSIONS_MAX];
	struct lab_frame f;

	CHECK(sv);
	sv->r = r;
	for (int i = 0; i < SESSIONS_MAX; i++)
		sv->s[i] = (struct session){.in = -1, .out = -1, .err = -1};
	while (!sv->quit) {
		unsigned n = serve_fds(sv, c, p);

		poll(p, n, POLL_MS);
		for (int i = 0; i < SESSIONS_MAX; i++) {
			if (sv->s[i].out >= 0 && p[1 + 2 * i].revents)
				session_copy(sv, &sv->s[i], &sv->s[i].out, LAB_FRAME_OUTPUT);
			if (sv->s[i].err >= 0 && p[2 + 2 * i].revents)
				session_copy(sv, &sv->s[i], &sv->s[i].err, LAB_FRAME_ERROR);
		}
		if (p[0].revents && !serve_fill(r, c))
			break;
		while (lab_channel_next(c, &f))
			serve_frame(sv, &f);
		serve_reap(sv);
	}
	free(sv);
}
