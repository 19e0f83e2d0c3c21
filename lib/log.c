#include "lib/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "lib/logform.h"
#include "lib/lograte.h"
#include "lib/logring.h"
#include "lib/text.h"

#define LOG_LINE_MAX 2048
#define LOG_TEXT_MAX 1536

uint64_t log_clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

void log_stamp(char out[LOG_STAMP_MAX])
{
	struct timespec ts;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	size_t n = strftime(out, LOG_STAMP_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + n, LOG_STAMP_MAX - n, ".%03ldZ", ts.tv_nsec / 1000000);
}

static bool log_is_wanted(const struct log *log, const char *event)
{
	struct log_listener *l = log->listener;

	return l && !l->busy && l->wants(l->arg, event);
}

static void log_write(const struct log *log, enum log_level level, const char *line)
{
	char out[2 * LOG_LINE_MAX];
	size_t len = log_form(log->format, level, line, out, sizeof(out) - 1);

	out[len++] = '\n';
	ssize_t n = write(log->fd, out, len);
	(void)n;
}

static void log_put(
	const struct log *log, enum log_level level, const char *event, const char *rest)
{
	char line[LOG_LINE_MAX], when[LOG_STAMP_MAX];
	struct log_listener *l = log->listener;

	log_stamp(when);
	struct text t = text_of(line, sizeof(line) - 1);
	text_add(&t, "%s level=%s proc=%s event=%s%s%s", when, log_level_name(level), log->proc,
		event, rest[0] ? " " : "", rest);
	bool shown = level >= log->minimum;
	if (shown && log->ring)
		log_ring_add(log->ring, t.s, t.len);
	if (shown)
		log_write(log, level, line);
	if (!l || l->busy)
		return;
	l->busy = true;
	l->hear(l->arg, &(struct log_said){level, event, rest, line, shown});
	l->busy = false;
}

void log_line(const struct log *log, enum log_level level, const char *event, const char *fmt, ...)
{
	char rest[LOG_TEXT_MAX];
	va_list ap;

	if (level < log->minimum && !log_is_wanted(log, event))
		return;
	va_start(ap, fmt);
	vsnprintf(rest, sizeof(rest), fmt, ap);
	va_end(ap);
	if (log->rate && level > LOG_DEBUG_ &&
		!log_rate_take(log->rate, event, rest, log_clock_ms()))
		return;
	log_put(log, level, event, rest);
}

bool log_tell_held(const struct log *log, bool all)
{
	char rest[LOG_RATE_EVENT_MAX + LOG_RATE_SUBJECT_MAX + 64];
	struct log_held held;

	if (!log->rate)
		return false;
	while (log_rate_tell(log->rate, log_clock_ms(), all, &held)) {
		snprintf(rest, sizeof(rest), "what=%s%s%s count=%llu", held.event,
			held.subject[0] ? " " : "", held.subject, (unsigned long long)held.count);
		log_put(log, LOG_WARN_, "log_suppressed", rest);
	}
	return log_rate_holds(log->rate);
}
