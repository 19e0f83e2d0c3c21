#include "mplsfwd/said.h"

#include <event2/event.h>
#include <stdio.h>
#include <string.h>

#include "lib/check.h"
#include "lib/logsecure.h"
#include "lib/text.h"
#include "mplsfwd/server.h"

#define SAID_QUEUED_MAX                                                                            \
	(256u << 10) /* octets that wait for bgpd: past it lines for `show log` are left out */
#define SAID_HEAD_TICKS 3600
#define SAID_EVENT_MAX	32 /* octets of an event's name, and its end */

static const struct timeval tick_wait = {1, 0};

static struct log_limits limits_of(const struct conf *conf)
{
	return (struct log_limits){.per_minute = conf->log.rate, .burst = conf->log.burst};
}

/* What was held back is of the kind that it is of: "what=guard_drift port=eth1 count=3". */
static bool is_secure(enum log_whose whose, const char *event, const char *text)
{
	char what[SAID_EVENT_MAX];

	if (strcmp(event, "log_suppressed") != 0 || sscanf(text, "what=%31[a-z0-9_]", what) != 1)
		return log_is_security(whose, event);
	return log_is_security(whose, what);
}

static bool wants(void *arg, const char *event)
{
	const struct fwd_said *s = arg;

	return s->secure.fd >= 0 && log_is_security(LOG_OF_MPLSFWD, event);
}

static void tell_bgpd(struct fwd_said *s, const struct log_said *said)
{
	char text[FIB_LINE_MAX + 1];
	struct fib_msg m = {.type = FIB_LOGGED, .line = {.level = (uint8_t)said->level}};
	int n = snprintf(text, sizeof(text), "%s", said->line);

	m.line.len = (uint16_t)(n < (int)sizeof(text) ? n : (int)sizeof(text) - 1);
	m.line.text = text;
	for (unsigned i = 0; i < m.line.len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			text[i] = ' ';
	fwd_server_send(s->server, &m);
}

static void hear(void *arg, const struct log_said *said)
{
	struct fwd_said *s = arg;

	if (said->shown && s->server && s->server->fd >= 0 && s->server->queued < SAID_QUEUED_MAX)
		tell_bgpd(s, said);
	if (is_secure(LOG_OF_MPLSFWD, said->event, said->text))
		fwd_seclog_add(&s->secure, "mplsfwd", said->level, said->event, said->text);
}

void fwd_said_init(struct fwd_said *s, const struct log *log, const struct conf *conf)
{
	*s = (struct fwd_said){.log = *log};
	s->listener = (struct log_listener){.wants = wants, .hear = hear, .arg = s};
	s->log.listener = &s->listener;
	s->log.rate = log_rate_new(limits_of(conf));
	s->noted = log_rate_new((struct log_limits){FWD_SAID_PER_MINUTE, FWD_SAID_BURST});
	fwd_seclog_init(&s->secure, &s->log);
}

/* Lines of bgpd that were too many: how many is in the log that they are not in. */
static void noted_tell(struct fwd_said *s, uint64_t now_ms, bool all)
{
	struct log_held held;
	char text[96];

	while (log_rate_tell(s->noted, now_ms, all, &held)) {
		snprintf(text, sizeof(text), "lost=%llu error=\"more than bgpd may write\"",
			(unsigned long long)held.count);
		fwd_seclog_add(&s->secure, "bgpd", LOG_ERROR_, "security_log_gap", text);
		log_line(&s->log, LOG_ERROR_, "security_log_gap", "%s", text);
	}
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct fwd_said *s = arg;

	log_tell_held(&s->log, false);
	noted_tell(s, log_clock_ms(), false);
	fwd_seclog_sync(&s->secure);
	if (++s->ticks < SAID_HEAD_TICKS)
		return;
	s->ticks = 0;
	fwd_seclog_tell(&s->secure);
}

void fwd_said_run(struct fwd_said *s, struct event_base *base, struct fwd_server *server)
{
	s->server = server;
	s->tick = event_new(base, -1, EV_PERSIST, on_tick, s);
	CHECK(s->tick && event_add(s->tick, &tick_wait) == 0);
}

int fwd_said_secure(struct fwd_said *s, const struct conf *conf)
{
	return fwd_seclog_open(&s->secure, conf->log.security);
}

void fwd_said_reload(struct fwd_said *s, const struct conf *conf)
{
	log_rate_set(s->log.rate, limits_of(conf));
	(void)fwd_said_secure(s, conf);
}

void fwd_said_noted(struct fwd_said *s, const struct fib_msg *m)
{
	char line[FIB_LINE_MAX + 1];

	if (s->secure.fd < 0 || !log_rate_take(s->noted, "noted", "", log_clock_ms()))
		return;
	memcpy(line, m->line.text, m->line.len);
	line[m->line.len] = '\0';
	size_t event = strcspn(line, " ");
	const char *text = line + event + (line[event] == ' ');
	line[event] = '\0';
	if (is_secure(LOG_OF_BGPD, line, text))
		fwd_seclog_add(&s->secure, "bgpd", (enum log_level)m->line.level, line, text);
	else
		log_line(&s->log, LOG_WARN_, "request_refused",
			"request=noted why=\"not an event of bgpd for the security log\"");
}

void fwd_said_end(struct fwd_said *s)
{
	log_tell_held(&s->log, true);
	noted_tell(s, log_clock_ms(), true);
	fwd_seclog_close(&s->secure);
	if (s->tick)
		event_free(s->tick);
	s->tick = NULL;
	s->server = NULL;
	s->listener.busy = true; /* nobody listens any more */
	log_rate_free(s->noted);
	log_rate_free(s->log.rate);
	s->log.rate = s->noted = NULL;
}
