/* Runs something in a node of a lab that is up, as if it were here. */
#include "lab/client.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "lab/channel.h"
#include "lab/stay.h"
#include "lib/check.h"

#define NOT_ASKED 125
#define CHUNK	  4096

static json_t *client_window(json_t *j)
{
	struct winsize ws = {0};

	if (!ioctl(0, TIOCGWINSZ, &ws)) {
		json_object_set_new(j, "rows", json_integer(ws.ws_row));
		json_object_set_new(j, "cols", json_integer(ws.ws_col));
	}
	return j;
}

static void client_ask(int fd, const char *node, char *const argv[], bool tty)
{
	const char *term = getenv("TERM");
	json_t *args = json_array(), *j;

	for (; *argv; argv++)
		json_array_append_new(args, json_string(*argv));
	j = client_window(json_pack("{s:s, s:o, s:b, s:s}", "node", node, "argv", args, "tty", tty,
		"term", term ? term : "dumb"));
	CHECK(j);
	lab_channel_send_json(fd, LAB_FRAME_EXEC, 0, j);
	json_decref(j);
}

static void client_copy(int to, const struct lab_frame *f)
{
	for (size_t at = 0; at < f->len;) {
		ssize_t n = write(to, f->data + at, f->len - at);

		if (n < 0 && errno != EINTR)
			return;
		at += n > 0 ? n : 0;
	}
}

static int client_exit(const struct lab_frame *f)
{
	json_t *j = lab_frame_json(f);
	const char *why = json_string_value(json_object_get(j, "why"));
	int status = json_integer_value(json_object_get(j, "status"));

	if (why && *why)
		fprintf(stderr, "lab: %s\n", why);
	json_decref(j);
	return status;
}

/* -1: goes on. */
static int client_frames(struct lab_channel *c)
{
	struct lab_frame f;

	if (lab_channel_fill(c) <= 0) {
		fprintf(stderr, "lab: the lab is gone\n");
		return NOT_ASKED;
	}
	while (lab_channel_next(c, &f)) {
		if (f.type == LAB_FRAME_OUTPUT)
			client_copy(1, &f);
		else if (f.type == LAB_FRAME_ERROR)
			client_copy(2, &f);
		else if (f.type == LAB_FRAME_EXIT)
			return client_exit(&f);
	}
	return c->broken ? NOT_ASKED : -1;
}

/* False at the end of our input. */
static bool client_input(int fd)
{
	char buf[CHUNK];
	ssize_t n = read(0, buf, sizeof buf);

	if (n > 0)
		lab_channel_send(fd, LAB_FRAME_INPUT, 0, buf, n);
	else
		lab_channel_send(fd, LAB_FRAME_EOF, 0, "", 0);
	return n > 0;
}

static int client_loop(int fd, bool tty, int resized)
{
	struct pollfd p[3] = {{.fd = fd, .events = POLLIN}, {.fd = 0, .events = POLLIN},
		{.fd = tty ? resized : -1, .events = POLLIN}};
	struct signalfd_siginfo info;
	struct lab_channel c;
	int status = -1;

	lab_channel_init(&c, fd);
	while (status < 0) {
		if (poll(p, 3, -1) < 0)
			continue;
		if (p[0].revents)
			status = client_frames(&c);
		if (p[1].revents && !client_input(fd))
			p[1].fd = -1;
		if (p[2].revents && read(resized, &info, sizeof info) > 0) {
			json_t *j = client_window(json_object());

			lab_channel_send_json(fd, LAB_FRAME_WINDOW, 0, j);
			json_decref(j);
		}
	}
	lab_channel_fini(&c);
	return status;
}

int lab_client_exec(const char *lab, const char *node, char *const argv[], bool tty)
{
	int fd = lab_stay_connect(lab), resized, status;
	struct termios before, raw;
	sigset_t set;

	if (fd < 0)
		return NOT_ASKED;
	tty = tty && isatty(0) && !tcgetattr(0, &before);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, NULL);
	resized = signalfd(-1, &set, SFD_CLOEXEC);
	client_ask(fd, node, argv, tty);
	if (tty) {
		raw = before;
		cfmakeraw(&raw);
		tcsetattr(0, TCSANOW, &raw);
	}
	status = client_loop(fd, tty, resized);
	if (tty)
		tcsetattr(0, TCSANOW, &before);
	close(resized);
	close(fd);
	return status;
}
