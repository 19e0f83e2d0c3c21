#include "bgpd/io/said.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "bgpd/io/watch.h"
#include "lib/lograte.h"
#include "lib/logring.h"
#include "lib/logsecure.h"
#include "lib/wbuf.h"

#define SAID_TICK_MS 1000

static bool wants(void *arg, const char *event)
{
	const struct io_said *s = arg;

	return s->wanted && log_is_security(LOG_OF_BGPD, event);
}

static bool is_secure(const struct log_said *said)
{
	char what[LOG_RATE_EVENT_MAX];

	if (strcmp(said->event, "log_suppressed") != 0 ||
		sscanf(said->text, "what=%31[a-z0-9_]", what) != 1)
		return log_is_security(LOG_OF_BGPD, said->event);
	return log_is_security(LOG_OF_BGPD, what);
}

/* Before the loop: nobody else writes to the pair, and it is empty. */
static void send_now(const struct io_said *s, const struct fib_msg *m)
{
	uint8_t octets[FIB_RECORD_MAX];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	fib_msg_put(&w, m);
	ssize_t n = send(s->fd, octets, w.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)n;
}

static void hear(void *arg, const struct log_said *said)
{
	struct io_said *s = arg;
	char text[FIB_LINE_MAX + 1];

	if (!s->wanted || !is_secure(said))
		return;
	int n = snprintf(
		text, sizeof(text), "%s%s%s", said->event, said->text[0] ? " " : "", said->text);
	struct fib_msg m = {.type = FIB_NOTED,
		.line = {.level = (uint8_t)said->level,
			.len = (uint16_t)(n < (int)sizeof(text) ? n : (int)sizeof(text) - 1),
			.text = text}};
	for (unsigned i = 0; i < m.line.len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			text[i] = ' ';
	if (s->fib)
		io_fib_send(s->fib, &m);
	else if (s->fd >= 0)
		send_now(s, &m);
}

static struct log_limits limits_of(const struct conf *conf)
{
	return (struct log_limits){.per_minute = conf->log.rate, .burst = conf->log.burst};
}

void io_said_init(struct io_said *s, struct log *log, int pair_fd, const struct conf *conf)
{
	*s = (struct io_said){.log = log, .fd = pair_fd, .wanted = conf->log.security};
	s->listener = (struct log_listener){.wants = wants, .hear = hear, .arg = s};
	log->listener = &s->listener;
	log->rate = log_rate_new(limits_of(conf));
}

static void on_tick(void *arg, unsigned ready)
{
	struct io_said *s = arg;

	(void)ready;
	s->ticking = false;
	log_tell_held(s->log, false);
}

void io_said_run(struct io_said *s, struct event_base *base, struct io_fib *fib)
{
	s->fib = fib;
	s->tick = io_watch_timer(base, on_tick, s);
}

void io_said_reload(struct io_said *s, const struct conf *conf)
{
	s->wanted = conf->log.security;
	log_rate_set(s->log->rate, limits_of(conf));
}

void io_said_turn(struct io_said *s)
{
	if (s->ticking || !log_rate_holds(s->log->rate))
		return;
	s->ticking = true;
	io_watch_after(s->tick, SAID_TICK_MS);
}

bool io_said_logged(struct io_said *s, const struct fib_msg *m)
{
	if (m->type == FIB_LOGGED && s->log->ring)
		log_ring_merge(s->log->ring, m->line.text, m->line.len);
	return m->type == FIB_LOGGED;
}

void io_said_stop(struct io_said *s)
{
	log_tell_held(s->log, true);
	s->fd = -1;
	s->fib = NULL;
	io_watch_free(s->tick);
	s->tick = NULL;
}

void io_said_fini(struct io_said *s)
{
	s->listener.busy = true; /* nobody listens any more */
	log_rate_free(s->log->rate);
}
