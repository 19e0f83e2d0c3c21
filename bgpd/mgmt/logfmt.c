#include "bgpd/mgmt/logfmt.h"

#include <string.h>

#include "bgpd/mgmt/show.h"
#include "lib/text.h"

#define LOGFMT_KEY_MAX	 64
#define LOGFMT_VALUE_MAX 1024

/* Behind the opening quote: the value without its backslashes before quotes and backslashes; how much of text it took. */
static size_t logfmt_quoted(const char *text, char out[LOGFMT_VALUE_MAX])
{
	size_t at = 0, n = 0;

	for (; text[at] && text[at] != '"'; at++) {
		if (text[at] == '\\' && (text[at + 1] == '"' || text[at + 1] == '\\'))
			at++;
		if (n < LOGFMT_VALUE_MAX - 1)
			out[n++] = text[at];
	}
	out[n] = '\0';
	return at + (text[at] == '"');
}

static size_t logfmt_plain(const char *text, char out[LOGFMT_VALUE_MAX])
{
	size_t len = strcspn(text, " "),
	       n = len < LOGFMT_VALUE_MAX - 1 ? len : LOGFMT_VALUE_MAX - 1;

	memcpy(out, text, n);
	out[n] = '\0';
	return len;
}

void mgmt_logfmt_read(json_t *object, const char *text)
{
	char key[LOGFMT_KEY_MAX], value[LOGFMT_VALUE_MAX];
	uint64_t number;

	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		size_t len = strcspn(text, "= ");

		if (text[len] != '=' || len == 0 || len >= sizeof(key)) {
			text += strcspn(text, " ");
			continue;
		}
		memcpy(key, text, len);
		key[len] = '\0';
		text += len + 1;
		bool quoted = *text == '"';
		text += quoted ? 1 + logfmt_quoted(text + 1, value) : logfmt_plain(text, value);
		if (!quoted && text_parse_u64(value, INT64_MAX, &number))
			mgmt_set(object, key, json_integer((json_int_t)number));
		else
			mgmt_set(object, key, mgmt_json_text(value));
	}
}
