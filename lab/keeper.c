/* The keeper of a lab that stays up: passes frames between the inside and those who look in. */
#include "lab/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/check.h"

#define GUESTS_MAX 15

struct guest {
	int fd; /* -1: free */
	struct lab_channel channel;
	bool running; /* its command has not ended */
};

/* A guest's number + 1 is its chan towards the inside. */
struct keeper {
	struct lab_host *h;
	struct guest g[GUESTS_MAX];
	int listener, events;
	bool quit;
};

static void guest_close(struct keeper *k, unsigned i)
{
	struct guest *g = &k->g[i];

	if (g->running)
		lab_window_send(&k->h->window, LAB_FRAME_HANGUP, i + 1, "", 0);
	lab_channel_fini(&g->channel);
	close(g->fd);
	*g = (struct guest){.fd = -1};
}

static void keeper_accept(struct keeper *k)
{
	int fd = accept4(k->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	for (unsigned i = 0; fd >= 0 && i < GUESTS_MAX; i++) {
		if (k->g[i].fd >= 0)
			continue;
		k->g[i].fd = fd;
		lab_channel_init(&k->g[i].channel, fd);
		return;
	}
	if (fd >= 0)
		close(fd);
}

/* What a guest may say; anything else is not passed on. */
static void guest_frame(struct keeper *k, unsigned i, const struct lab_frame *f)
{
	if (f->type == LAB_FRAME_QUIT) {
		k->quit = true;
		return;
	}
	if (f->type != LAB_FRAME_EXEC && f->type != LAB_FRAME_INPUT && f->type != LAB_FRAME_EOF &&
		f->type != LAB_FRAME_WINDOW)
		return;
	if (f->type == LAB_FRAME_EXEC)
		k->g[i].running = true;
	lab_window_send(&k->h->window, f->type, i + 1, f->data, f->len);
}

static void keeper_guest(struct keeper *k, unsigned i)
{
	struct lab_frame f;

	if (lab_channel_fill(&k->g[i].channel) <= 0) {
		guest_close(k, i);
		return;
	}
	while (k->g[i].fd >= 0 && lab_channel_next(&k->g[i].channel, &f))
		guest_frame(k, i, &f);
}

/* From now on nobody reads what we say, and whoever waits for our stderr to close must not wait for the lab. */
static void keeper_stands(struct keeper *k, bool ok)
{
	k->quit |= !ok;
	close(k->events);
	k->events = -1;
	if (ok)
		dup2(1, 2); /* stdout is /dev/null already */
}

static void keeper_event(struct keeper *k, const struct lab_frame *f)
{
	json_t *e = lab_frame_json(f);
	const char *ev = json_string_value(json_object_get(e, "ev"));

	if (ev && !strcmp(ev, "ready"))
		lab_host_job(k->h);
	if (k->events >= 0 && lab_channel_send(k->events, LAB_FRAME_EVENT, 0, f->data, f->len) < 0)
		k->quit = true; /* whoever asked for it is gone before it stood */
	if (ev && !strcmp(ev, "end"))
		keeper_stands(k, json_is_true(json_object_get(e, "ok")));
	json_decref(e);
}

/* False: the inside is gone. */
static bool keeper_inside(struct keeper *k)
{
	struct lab_frame f;

	if (lab_channel_fill(&k->h->channel) <= 0)
		return false;
	while (lab_channel_next(&k->h->channel, &f)) {
		unsigned i = f.chan - 1u;

		if (f.type == LAB_FRAME_ACK) {
			lab_window_acked(&k->h->window, &f);
		} else if (f.type == LAB_FRAME_EVENT) {
			keeper_event(k, &f);
		} else if (i < GUESTS_MAX && k->g[i].fd >= 0) {
			if (f.type == LAB_FRAME_EXIT)
				k->g[i].running = false;
			if (lab_channel_send(k->g[i].fd, f.type, 0, f.data, f.len) < 0)
				guest_close(k, i);
		}
	}
	return !k->h->channel.broken;
}

static void keeper_loop(struct keeper *k)
{
	struct pollfd p[4 + GUESTS_MAX];

	while (!k->quit) {
		bool room = lab_window_free(&k->h->window);

		p[0] = (struct pollfd){.fd = k->h->backend.channel, .events = POLLIN};
		p[1] = (struct pollfd){.fd = k->h->signals, .events = POLLIN};
		p[2] = (struct pollfd){.fd = k->listener, .events = POLLIN};
		p[3] = (struct pollfd){.fd = k->h->backend.console, .events = POLLIN};
		for (unsigned i = 0; i < GUESTS_MAX; i++)
			p[4 + i] = (struct pollfd){.fd = k->g[i].fd, .events = room ? POLLIN : 0};
		poll(p, ARRAY_LEN(p), -1);
		if (p[1].revents || (p[0].revents && !keeper_inside(k)))
			break;
		if (p[3].revents)
			lab_backend_console(&k->h->backend);
		for (unsigned i = 0; i < GUESTS_MAX; i++)
			if (k->g[i].fd >= 0 && p[4 + i].revents)
				keeper_guest(k, i);
		if (p[2].revents)
			keeper_accept(k);
	}
}

static void keeper_detach(struct lab_host *h)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	setsid();
	h->report.out = NULL;
	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || chdir("/") < 0)
		_exit(3);
}

int lab_keeper_run(struct lab_host *h, int listener, int events)
{
	struct keeper *k = calloc(1, sizeof *k);
	int rc;

	CHECK(k);
	*k = (struct keeper){.h = h, .listener = listener, .events = events};
	for (unsigned i = 0; i < GUESTS_MAX; i++)
		k->g[i].fd = -1;
	lab_report_say(&h->report, "%s: %u nodes; %s", h->topo.name, h->topo.n_nodes, h->choice);
	keeper_detach(h);
	rc = lab_host_start(h, true);
	if (!rc)
		keeper_loop(k);
	lab_backend_stop(&h->backend, 0);
	if (k->events >= 0 && h->backend.n_tail)
		dprintf(2, "lab: the last it said:\n%s\n", h->backend.tail);
	for (unsigned i = 0; i < GUESTS_MAX; i++)
		if (k->g[i].fd >= 0)
			close(k->g[i].fd);
	free(k);
	return rc ? 3 : 0;
}
