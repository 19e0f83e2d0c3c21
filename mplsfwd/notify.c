#include "mplsfwd/notify.h"

#include <errno.h>
#include <event2/event.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/check.h"
#include "lib/text.h"

#define ASKS_A_SPAN 3
#define RETRY_US    1000000 /* READY=1 that could not be sent */

/* Whole or not at all: a full queue of the manager's must not hold up forwarding. */
static bool say(const struct fwd_notify *n, const char *text)
{
	ssize_t len = (ssize_t)strlen(text);

	return sendto(n->fd, text, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL,
		       (const struct sockaddr *)&n->to, n->to_len) == len;
}

static void ask_now(struct fwd_notify *n)
{
	n->outstanding = true;
	n->ask(n->arg, ++n->seq);
}

static void tick_arm(struct fwd_notify *n)
{
	uint64_t us = n->watchdog_us ? n->watchdog_us / ASKS_A_SPAN : RETRY_US;

	if (n->watchdog_us || !n->ready)
		event_add(n->tick,
			&(struct timeval){(time_t)(us / 1000000), (suseconds_t)(us % 1000000)});
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct fwd_notify *n = arg;

	if (!n->outstanding)
		ask_now(n);
	tick_arm(n);
}

static bool address_set(struct fwd_notify *n, const char *name)
{
	size_t len = strlen(name);

	if ((name[0] != '/' && name[0] != '@') || len < 2 || len >= sizeof(n->to.sun_path))
		return false;
	n->to = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(n->to.sun_path, name, len);
	n->to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	if (name[0] == '@')
		n->to.sun_path[0] = 0;
	else
		n->to_len++;
	return true;
}

/* The watchdog counts for us only if it does not name another process. */
static bool watchdog_set(struct fwd_notify *n, const char *span, const char *pid)
{
	uint64_t number;

	if (!span)
		return true;
	if (pid && (!text_parse_u64(pid, INT32_MAX, &number) || number != (uint64_t)getpid()))
		return true;
	return text_parse_u64(span, UINT32_MAX * UINT64_C(1000000), &n->watchdog_us) &&
	       n->watchdog_us >= ASKS_A_SPAN;
}

static void settings_read(struct fwd_notify *n, const struct log *log)
{
	const char *name = getenv("NOTIFY_SOCKET"), *span = getenv("WATCHDOG_USEC");

	if (!name)
		return;
	if (!address_set(n, name)) {
		log_line(log, LOG_WARN_, "notify_unusable",
			"NOTIFY_SOCKET=\"%s\" why=\"a path from / or @name, shorter than %zu\"",
			name, sizeof(n->to.sun_path));
		return;
	}
	if (!watchdog_set(n, span, getenv("WATCHDOG_PID"))) {
		log_line(log, LOG_WARN_, "notify_unusable",
			"WATCHDOG_USEC=\"%s\" why=\"not a number of microseconds: no watchdog\"",
			span);
		n->watchdog_us = 0;
	}
	n->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (n->fd < 0)
		log_line(log, LOG_WARN_, "notify_unusable", "error=\"%s\"", strerror(errno));
}

void fwd_notify_open(struct fwd_notify *n, struct event_base *base, const struct log *log,
	fwd_notify_ask_fn *ask, void *arg)
{
	*n = (struct fwd_notify){.fd = -1, .ask = ask, .arg = arg};
	settings_read(n, log);
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	if (n->fd < 0)
		return;
	n->tick = event_new(base, -1, 0, on_tick, n);
	CHECK(n->tick);
}

void fwd_notify_close(struct fwd_notify *n)
{
	if (n->fd < 0)
		return;
	event_free(n->tick);
	close(n->fd);
	n->fd = -1;
}

void fwd_notify_child(struct fwd_notify *n)
{
	if (n->fd < 0)
		return;
	ask_now(n);
	tick_arm(n);
}

void fwd_notify_alive(struct fwd_notify *n, uint32_t seq)
{
	if (n->fd < 0 || !n->outstanding || seq != n->seq)
		return;
	n->outstanding = false;
	if (!n->ready)
		n->ready = say(n, "READY=1");
	if (n->watchdog_us)
		say(n, "WATCHDOG=1");
}

void fwd_notify_stopping(struct fwd_notify *n)
{
	if (n->fd >= 0)
		say(n, "STOPPING=1");
}
