#include "lib/logform.h"

#include <string.h>

#include "lib/check.h"
#include "lib/text.h"

#define FORM_DIGITS_MAX 15 /* of a number that every reader of JSON takes as it is (2^53) */
#define FORM_PAIR_MORE	16 /* octets that a pair needs besides its own, at most; and the end */

const char *log_level_name(enum log_level level)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};

	return names[level];
}

bool log_format_parse(const char *word, enum log_format *out)
{
	static const char *const names[] = {
		[LOG_LOGFMT] = "logfmt", [LOG_JSON] = "json", [LOG_JOURNAL] = "journal"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(names[i], word) != 0)
			continue;
		*out = (enum log_format)i;
		return true;
	}
	return false;
}

/* key=value or key="value", the quotes and backslashes of which are escaped by a backslash. */
struct pair {
	const char *key, *value;
	size_t key_len, value_len;
	bool quoted;
};

static const char *pair_next(const char *at, struct pair *p)
{
	at += strspn(at, " ");
	*p = (struct pair){.key = at, .key_len = strcspn(at, "= ")};
	at += p->key_len;
	if (*at != '=')
		return at;
	p->quoted = *++at == '"';
	at += p->quoted;
	p->value = at;
	while (*at && *at != (p->quoted ? '"' : ' '))
		at += p->quoted && *at == '\\' && at[1] ? 2 : 1;
	p->value_len = (size_t)(at - p->value);
	return at + (p->quoted && *at == '"');
}

static bool pair_is_literal(const struct pair *p)
{
	size_t digits = strspn(p->value, "0123456789");

	if (p->quoted || p->value_len == 0)
		return false;
	if (digits == p->value_len)
		return digits == 1 || (digits <= FORM_DIGITS_MAX && p->value[0] != '0');
	return (p->value_len == 4 && strncmp(p->value, "true", 4) == 0) ||
	       (p->value_len == 5 && strncmp(p->value, "false", 5) == 0);
}

/* What escapes there are in logfmt are \" and \\, which JSON knows, and \xNN, which it does not. */
static void add_string(struct text *t, const char *s, size_t len, bool escaped)
{
	text_add(t, "\"");
	for (size_t i = 0; i < len; i++) {
		bool pair = escaped && s[i] == '\\' && i + 1 < len &&
			    (s[i + 1] == '"' || s[i + 1] == '\\');

		if (pair)
			text_add(t, "\\%c", s[++i]);
		else if (s[i] == '\\' || s[i] == '"')
			text_add(t, "\\%c", s[i]);
		else if ((unsigned char)s[i] < 0x20)
			text_add(t, "\\u%04x", s[i]);
		else
			text_add(t, "%c", s[i]);
	}
	text_add(t, "\"");
}

static void add_pair(struct text *t, const struct pair *p)
{
	text_add(t, ",");
	add_string(t, p->key, p->key_len, false);
	text_add(t, ":");
	if (!p->value)
		text_add(t, "true");
	else if (pair_is_literal(p))
		text_add(t, "%.*s", (int)p->value_len, p->value);
	else
		add_string(t, p->value, p->value_len, p->quoted);
}

static size_t form_json(const char *line, char *out, size_t cap)
{
	struct text t = text_of(out, cap);
	size_t time = strcspn(line, " ");
	struct pair p;

	text_add(&t, "{\"time\":");
	add_string(&t, line, time, false);
	for (line = pair_next(line + time, &p); p.key_len; line = pair_next(line, &p)) {
		if (t.len + 6 * (p.key_len + p.value_len) + FORM_PAIR_MORE > cap)
			break;
		add_pair(&t, &p);
	}
	text_add(&t, "}");
	return t.len;
}

size_t log_form(
	enum log_format format, enum log_level level, const char *line, char *out, size_t cap)
{
	static const char priorities[] = {
		[LOG_DEBUG_] = '7', [LOG_INFO_] = '6', [LOG_WARN_] = '4', [LOG_ERROR_] = '3'};
	struct text t = text_of(out, cap);

	if (format == LOG_JSON)
		return form_json(line, out, cap);
	if (format == LOG_JOURNAL)
		text_add(&t, "<%c>%s", priorities[level], line + strcspn(line, " ") + 1);
	else
		text_add(&t, "%s", line);
	return t.len;
}
