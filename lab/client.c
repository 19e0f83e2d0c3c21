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
#include "lab/lab.h"
#include "lab/stay.h"
#include "lib/check.h"
#include "lib/complaint.h"

#define CHUNK 4096

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

/* False: nobody takes it. */
static bool client_write(int to, const uint8_t *data, size_t len)
{
	for (size_t at = 0; at < len;) {
		ssize_t n = write(to, data + at, len - at);

		if (n < 0 && errno != EINTR)
			return false;
		at += n > 0 ? n : 0;
	}
	return true;
}

static bool client_stdout(void *arg, const uint8_t *data, size_t len)
{
	client_write(1, data, len);
	return true;
}

static int client_exit(const struct lab_frame *f)
{
	json_t *j = lab_frame_json(f);
	const char *why = json_string_value(json_object_get(j, "why"));
	int status = json_integer_value(json_object_get(j, "status"));

	if (why && *why)
		fprintf(complaint_to(), "lab: %s\n", why);
	json_decref(j);
	return status;
}

/* -1: goes on. */
static int client_frames(struct lab_channel *c, const struct lab_sink *sink)
{
	struct lab_frame f;

	if (lab_channel_fill(c) <= 0) {
		fprintf(complaint_to(), "lab: the lab is gone\n");
		return LAB_NOT_RUN;
	}
	while (lab_channel_next(c, &f)) {
		if (f.type == LAB_FRAME_OUTPUT && !sink->take(sink->arg, f.data, f.len))
			return LAB_NOT_RUN;
		if (f.type == LAB_FRAME_ERROR)
			client_write(2, f.data, f.len);
		else if (f.type == LAB_FRAME_EXIT)
			return client_exit(&f);
	}
	return c->broken ? LAB_NOT_RUN : -1;
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

/* in: what is its standard input; -1: none. */
static int client_loop(int fd, int in, bool tty, int resized, const struct lab_sink *sink)
{
	struct pollfd p[3] = {{.fd = fd, .events = POLLIN}, {.fd = in, .events = POLLIN},
		{.fd = tty ? resized : -1, .events = POLLIN}};
	struct signalfd_siginfo info;
	struct lab_channel c;
	int status = -1;

	lab_channel_init(&c, fd);
	while (status < 0) {
		if (poll(p, 3, -1) < 0)
			continue;
		if (p[0].revents)
			status = client_frames(&c, sink);
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
	const struct lab_sink sink = {.take = client_stdout};
	int fd = lab_stay_connect(lab), resized, status;
	struct termios before, raw;
	sigset_t set;

	if (fd < 0)
		return LAB_NOT_RUN;
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
	status = client_loop(fd, 0, tty, resized, &sink);
	if (tty)
		tcsetattr(0, TCSANOW, &before);
	close(resized);
	close(fd);
	return status;
}

int lab_client_ask(const char *lab, json_t *ask, const struct lab_sink *sink)
{
	int fd = lab_stay_connect(lab), status = LAB_NOT_UP;

	if (fd >= 0) {
		signal(SIGPIPE, SIG_IGN);
		lab_channel_send_json(fd, LAB_FRAME_EXEC, 0, ask);
		lab_channel_send(fd, LAB_FRAME_EOF, 0, "", 0);
		status = client_loop(fd, -1, false, -1, sink);
		close(fd);
	}
	json_decref(ask);
	return status;
}
