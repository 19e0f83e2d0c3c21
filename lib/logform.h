/*
 * A line of the log in the form that whoever reads it wants. Pure: the line comes as logfmt.
 *
 *   logfmt    2026-11-21T10:00:00.123Z level=warn proc=bgpd event=session_down peer=a reason="hold timer"
 *   json      {"time":"2026-11-21T10:00:00.123Z","level":"warn","proc":"bgpd","event":"session_down","peer":"a","reason":"hold timer"}
 *   journal   <4>level=warn proc=bgpd event=session_down ...       the priority is the journal's (sd-daemon(3)), so is the time
 */
#ifndef LIB_LOGFORM_H
#define LIB_LOGFORM_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/log.h"

/* line has no end; out gets none either. Returns its length: cut if cap is too small, and JSON all the same whole. */
size_t log_form(
	enum log_format format, enum log_level level, const char *line, char *out, size_t cap);

const char *log_level_name(enum log_level level); /* "info" */

/* "json", "journal", "logfmt". False: none of them. */
bool log_format_parse(const char *word, enum log_format *out);

#endif
