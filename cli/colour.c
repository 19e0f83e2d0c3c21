#include "cli/colour.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

#define COLOUR_GOOD "\033[32m"
#define COLOUR_BAD  "\033[31m"
#define COLOUR_WAIT "\033[33m"
#define COLOUR_HEAD "\033[1m"
#define COLOUR_END  "\033[0m"

static const char *colour_of(const char *word, size_t len)
{
	static const struct {
		const char *word, *colour;
	} rows[] = {
		{"Established", COLOUR_GOOD},
		{"open", COLOUR_GOOD},
		{"installed", COLOUR_GOOD},
		{"Idle", COLOUR_BAD},
		{"Active", COLOUR_WAIT},
		{"Connect", COLOUR_WAIT},
		{"OpenSent", COLOUR_WAIT},
		{"OpenConfirm", COLOUR_WAIT},
		{"pending", COLOUR_WAIT},
		{"leaving", COLOUR_WAIT},
		{"quarantine", COLOUR_WAIT},
		{"closed", COLOUR_BAD},
		{"failed", COLOUR_BAD},
		{"missing", COLOUR_BAD},
		{"down", COLOUR_BAD},
		{"ACCEPTED", COLOUR_BAD},
		{"unreachable", COLOUR_BAD},
		{"level=error", COLOUR_BAD},
		{"level=warn", COLOUR_WAIT},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strlen(rows[i].word) == len && memcmp(rows[i].word, word, len) == 0)
			return rows[i].colour;
	return NULL;
}

/* Two words or more, capitals all: what stands over columns. */
static bool colour_is_heading(const char *line, size_t len)
{
	unsigned letters = 0, gaps = 0;

	for (size_t i = 0; i < len; i++) {
		if (islower((unsigned char)line[i]) || isdigit((unsigned char)line[i]))
			return false;
		letters += isupper((unsigned char)line[i]) != 0;
		gaps += i > 0 && line[i] == ' ' && line[i - 1] != ' ';
	}
	return letters > 3 && gaps > 0;
}

static void colour_line(const char *line, size_t len, FILE *out)
{
	if (colour_is_heading(line, len)) {
		fprintf(out, COLOUR_HEAD "%.*s" COLOUR_END, (int)len, line);
		return;
	}
	for (size_t at = 0; at < len;) {
		size_t n = strcspn(line + at, " \n"), gap;

		n = n < len - at ? n : len - at;
		const char *colour = colour_of(line + at, n);
		fprintf(out, "%s%.*s%s", colour ? colour : "", (int)n, line + at,
			colour ? COLOUR_END : "");
		at += n;
		gap = strspn(line + at, " ");
		gap = gap < len - at ? gap : len - at;
		fprintf(out, "%*s", (int)gap, "");
		at += gap;
	}
}

char *cli_colour(const char *text)
{
	char *out = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&out, &len);

	CHECK(f != NULL);
	while (*text) {
		size_t n = strcspn(text, "\n");

		colour_line(text, n, f);
		text += n;
		if (*text == '\n') {
			fputc('\n', f);
			text++;
		}
	}
	CHECK(fclose(f) == 0 && out != NULL);
	return out;
}
