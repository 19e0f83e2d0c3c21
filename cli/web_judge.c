/* Who may ask, and what: pure. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/web.h"

#define WEB_VALUE_MAX 4096

/* The value of a header that is there once; false if it is there twice. *value "" if it is not there. */
static bool web_header(const char *head, const char *name, char value[WEB_VALUE_MAX])
{
	size_t n = strlen(name);
	unsigned found = 0;

	*value = '\0';
	for (const char *line = strstr(head, "\r\n"); line; line = strstr(line, "\r\n")) {
		line += 2;
		if (strncasecmp(line, name, n) != 0 || line[n] != ':')
			continue;
		const char *at = line + n + 1 + strspn(line + n + 1, " \t");
		size_t len = strcspn(at, "\r\n");
		if (found++ || len >= WEB_VALUE_MAX)
			return false;
		memcpy(value, at, len);
		value[len] = '\0';
	}
	return true;
}

/* A name of loopback, with whatever port: an ssh tunnel has its own. */
static bool web_host_is_ours(const char *host)
{
	static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t n = strlen(names[i]);
		if (strncasecmp(host, names[i], n) != 0)
			continue;
		host += n;
		return !*host || (*host == ':' && host[1] &&
					 strspn(host + 1, "0123456789") == strlen(host + 1));
	}
	return false;
}

/* In the same time wherever they differ. */
static bool web_is_token(const struct cli_web_gate *gate, const char *text, size_t len)
{
	unsigned differ = 0;

	if (len != CLI_WEB_TOKEN_LEN)
		return false;
	for (size_t i = 0; i < CLI_WEB_TOKEN_LEN; i++)
		differ |= (unsigned)(gate->token[i] ^ text[i]);
	return differ == 0;
}

/* "a=b; ravelin-8080=TOKEN" (RFC 6265 4.2.1) */
static bool web_has_cookie(const struct cli_web_gate *gate, const char *cookies)
{
	char name[32];
	int n = snprintf(name, sizeof(name), "ravelin-%u=", gate->port);

	for (const char *at = cookies; *at; at += strcspn(at, ";")) {
		at += strspn(at, "; \t");
		if (strncmp(at, name, (size_t)n) == 0 &&
			web_is_token(gate, at + n, strcspn(at + n, "; \t")))
			return true;
	}
	return false;
}

/* "GET /path HTTP/1.1": the target, of visible characters only. */
static bool web_line(const char *head, char *target, bool *get)
{
	size_t method = strcspn(head, " \r\n"), len;

	if (head[method] != ' ' || method == 0)
		return false;
	*get = method == 3 && strncmp(head, "GET", 3) == 0;
	const char *at = head + method + 1;
	for (len = 0; at[len] > ' ' && at[len] < 0x7f; len++)
		;
	if (*at != '/' || len >= CLI_WEB_HEAD_MAX ||
		(strncmp(at + len, " HTTP/1.1\r\n", 11) != 0 &&
			strncmp(at + len, " HTTP/1.0\r\n", 11) != 0))
		return false;
	memcpy(target, at, len);
	target[len] = '\0';
	return true;
}

enum cli_web_says cli_web_judge(const struct cli_web_gate *gate, const char *head, char *target)
{
	static const char enter[] = "/?token=";
	char host[WEB_VALUE_MAX] = "", cookies[WEB_VALUE_MAX] = "";
	bool get;

	if (!web_line(head, target, &get) || !web_header(head, "Host", host) ||
		!web_header(head, "Cookie", cookies))
		return CLI_WEB_BAD;
	if (!web_host_is_ours(host))
		return CLI_WEB_REFUSE;
	const char *token = target + sizeof(enter) - 1;
	if (get && strncmp(target, enter, sizeof(enter) - 1) == 0)
		return web_is_token(gate, token, strlen(token)) ? CLI_WEB_ENTER : CLI_WEB_REFUSE;
	if (!web_has_cookie(gate, cookies))
		return CLI_WEB_REFUSE;
	return get ? CLI_WEB_ASK : CLI_WEB_METHOD;
}
