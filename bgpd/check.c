#include "bgpd/check.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/daemon.h"
#include "conf/load.h"
#include "lib/check.h"

static void json_text(const char *s, size_t len)
{
	putchar('"');
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '"' || s[i] == '\\')
			putchar('\\');
		putchar((unsigned char)s[i] < 0x20 ? ' ' : s[i]);
	}
	putchar('"');
}

/* The number behind the last colon of a text, which is cut there; "null" if there is none. */
static void json_number(const char *name, const char *s, size_t *len)
{
	size_t digits = 0;

	while (digits < *len && isdigit((unsigned char)s[*len - 1 - digits]))
		digits++;
	if (digits == 0 || digits == *len || s[*len - 1 - digits] != ':') {
		printf(", \"%s\": null", name);
		return;
	}
	printf(", \"%s\": %.*s", name, (int)digits, s + *len - digits);
	*len -= digits + 1;
}

/* "FILE:LINE:COL: LEVEL: MESSAGE; REMEDY", as conf/diag.h has it. False: it is no such line, but a source line or its caret. */
static bool json_line(const char *line, size_t len)
{
	static const char *const levels[] = {"error", "warning"};

	for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
		char mark[16];
		size_t n = (size_t)snprintf(mark, sizeof(mark), ": %s: ", levels[i]);
		const char *at = memmem(line, len, mark, n), *said = at ? at + n : NULL;
		size_t place = at ? (size_t)(at - line) : 0, column;

		if (!at || line[0] == ' ')
			continue;
		const char *remedy = memmem(said, (size_t)(line + len - said), "; ", 2);
		size_t said_len = (size_t)((remedy ? remedy : line + len) - said);
		printf("{\"level\": \"%s\"", levels[i]);
		column = place;
		json_number("column", line, &column);
		if (column < place)
			json_number("line", line, &column);
		else
			fputs(", \"line\": null", stdout);
		fputs(", \"file\": ", stdout);
		json_text(line, column);
		fputs(", \"message\": ", stdout);
		json_text(said, said_len);
		fputs(", \"remedy\": ", stdout);
		if (remedy)
			json_text(remedy + 2, (size_t)(line + len - remedy - 2));
		else
			fputs("null", stdout);
		puts("}");
		return true;
	}
	return false;
}

static void json_lines(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		(void)json_line(text, len);
		text += len + (text[len] == '\n');
	}
}

int check_main(const char *file, bool json)
{
	char *said = NULL;
	size_t len;
	FILE *diag = open_memstream(&said, &len);

	CHECK(diag != NULL);
	struct conf *conf = conf_load(file, diag);
	CHECK(fclose(diag) == 0);
	if (json)
		json_lines(said);
	else
		fputs(said, stderr);
	if (conf && !json)
		printf("%s: ok\n", file);
	free(said);
	int status = conf ? DAEMON_OK : DAEMON_NO;
	conf_free(conf);
	return status;
}
