#include <string.h>

#include "cli/shell.h"

int cli_shell_split(char *line, char *words[CLI_LINE_WORDS])
{
	int n = 0;

	for (char *at = line + strspn(line, " \t\n"); *at; at += strspn(at, " \t\n")) {
		char *to = at, quote = '\0';

		if (n == CLI_LINE_WORDS)
			return -1;
		words[n++] = at;
		for (; *at && (quote || !strchr(" \t\n", *at)); at++) {
			if (quote ? *at == quote : *at == '"' || *at == '\'')
				quote = quote ? '\0' : *at;
			else
				*to++ = *at;
		}
		if (quote)
			return -1;
		at += *at != '\0';
		*to = '\0';
	}
	return n;
}
