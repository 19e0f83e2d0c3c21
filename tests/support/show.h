/* An UPDATE or OPEN as lines of text, one fact a line: what vectors state and failures print. */
#ifndef TESTS_SUPPORT_SHOW_H
#define TESTS_SUPPORT_SHOW_H

#include <stdbool.h>
#include <stddef.h>

#include "bgpd/wire/open.h"
#include "bgpd/wire/update.h"

/* "ok", "discard 3/5 attr 4", "withdraw 3/11 attr 2", "reset 3/1" */
char *show_fault(const struct wire_fault *f, char *out, size_t cap);

/* Each line ends in a newline. */
char *show_update(const struct wire_update *up, char *out, size_t cap);
char *show_open(const struct wire_open *o, char *out, size_t cap);

/* line is one of text's lines. */
bool show_has_line(const char *text, const char *line);

#endif
