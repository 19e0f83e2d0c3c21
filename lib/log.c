#include "lib/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "lib/logform.h"
#include "lib/logring.h"
#include "lib/text.h"

void log_line(const struct log *log, enum log_level level, const char *event, const char *fmt, ...)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};
	char line[2048], out[4096], rest[1536], when[32];
	struct timespec ts;
	struct tm tm;
	va_list ap;

	if (level < log->minimum)
		return;
	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
	va_start(ap, fmt);
	vsnprintf(rest, sizeof(rest), fmt, ap);
	va_end(ap);
	struct text t = text_of(line, sizeof(line) - 1);
	text_add(&t, "%s.%03ldZ level=%s proc=%s event=%s%s%s", when, ts.tv_nsec / 1000000,
		names[level], log->proc, event, rest[0] ? " " : "", rest);
	if (log->ring)
		log_ring_add(log->ring, t.s, t.len);
	size_t len = log_form(log->format, level, line, out, sizeof(out) - 1);
	out[len++] = '\n';
	ssize_t n = write(log->fd, out, len);
	(void)n;
}
