/*
 * One line per fact on stderr, logfmt unless another form is asked for, with a stable event name; shells only, pure code never logs.
 *
 *   2026-11-21T10:00:00.123Z level=info event=session_up peer=10.255.0.3 ...
 */
#ifndef LIB_LOG_H
#define LIB_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_DEBUG_, LOG_INFO_, LOG_WARN_, LOG_ERROR_ };

enum log_format { LOG_LOGFMT, LOG_JSON, LOG_JOURNAL }; /* lib/logform.h */

struct log_ring;
struct log_rate;

struct log_said { /* a line; borrowed */
	enum log_level level;
	const char *event, *text; /* "session_up", "peer=a as=65001" */
	const char *line;	  /* as logfmt, without an end */
	bool shown;		  /* false: only because it is wanted */
};

/* Who hears of lines as well. Within hear nothing that is logged comes back here. */
struct log_listener {
	bool (*wants)(void *arg, const char *event); /* also below the minimum */
	void (*hear)(void *arg, const struct log_said *said);
	void *arg;
	bool busy;
};

struct log {
	const char *proc;	/* "bgpd" or "mplsfwd"; borrowed */
	enum log_level minimum; /* lines below are not written */
	int fd;
	enum log_format format;
	struct log_ring *ring;	       /* has what was written, too; NULL: nothing is kept */
	struct log_rate *rate;	       /* of lines above debug; NULL: no limit */
	struct log_listener *listener; /* or NULL */
};

/* fmt makes the key=value part after the event name; the caller quotes (text_add_escaped) what a peer sent. */
void log_line(const struct log *log, enum log_level level, const char *event, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* log_suppressed for what was held back (lib/lograte.h) and is due; all: due or not. True if some is held still. */
bool log_tell_held(const struct log *log, bool all);

#define LOG_STAMP_MAX 40

void log_stamp(char out[LOG_STAMP_MAX]); /* now: "2026-11-21T10:00:00.123Z" */

uint64_t log_clock_ms(void); /* that limits go by: monotonic */

#endif
