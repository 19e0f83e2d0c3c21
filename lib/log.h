/*
 * One line per fact on stderr, logfmt unless another form is asked for, with a stable event name; shells only, pure code never logs.
 *
 *   2026-11-21T10:00:00.123Z level=info event=session_up peer=10.255.0.3 ...
 */
#ifndef LIB_LOG_H
#define LIB_LOG_H

enum log_level { LOG_DEBUG_, LOG_INFO_, LOG_WARN_, LOG_ERROR_ };

enum log_format { LOG_LOGFMT, LOG_JSON, LOG_JOURNAL }; /* lib/logform.h */

struct log_ring;

struct log {
	const char *proc;	/* "bgpd" or "mplsfwd"; borrowed */
	enum log_level minimum; /* lines below are not written */
	int fd;
	enum log_format format;
	struct log_ring *ring; /* has what was written, too; NULL: nothing is kept */
};

/* fmt makes the key=value part after the event name; the caller quotes (text_add_escaped) what a peer sent. */
void log_line(const struct log *log, enum log_level level, const char *event, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
