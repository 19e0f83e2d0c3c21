#include "bgpd/mgmt/reload.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/mgmt/query.h"
#include "bgpd/mgmt/show.h"
#include "lib/check.h"
#include "lib/text.h"

#define RELOAD_CONFIRM_MAX_S 86400 /* a day */
#define RELOAD_NUMBER_MAX    8	   /* octets of it and its end */

bool mgmt_reload_parse(
	const char *path, const char *query, struct fib_msg *ask, struct mgmt_answer *answer)
{
	static const struct {
		const char *path;
		enum fib_type type;
	} rows[] = {{"/v1/reload", FIB_RELOAD}, {"/v1/reload/try", FIB_RELOAD_TRY},
		{"/v1/confirm", FIB_CONFIRM}};
	char number[RELOAD_NUMBER_MAX];
	uint64_t seconds;

	*ask = (struct fib_msg){0};
	*answer = (struct mgmt_answer){.status = 200};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].path, path) == 0)
			ask->type = (uint8_t)rows[i].type;
	if (!ask->type)
		return false;
	if (!*query)
		return true;
	if (ask->type == FIB_RELOAD && mgmt_query_get(query, "confirm", number, sizeof(number)) &&
		!*mgmt_query_next(query) &&
		text_parse_u64(number, RELOAD_CONFIRM_MAX_S, &seconds) && seconds > 0) {
		ask->seconds = (uint32_t)seconds;
		return true;
	}
	*answer = (struct mgmt_answer){.status = 400,
		.body = json_pack("{s:s}", "error",
			ask->type == FIB_RELOAD
				? "the query is confirm=SECONDS, 1 to 86400, or none"
				: "this path takes no query; leave it out")};
	return true;
}

static json_t *lines(const char *text)
{
	json_t *list = json_array();

	while (*text) {
		size_t len = strcspn(text, "\n");
		char *line = strndup(text, len);

		CHECK(line != NULL);
		json_array_append_new(list, mgmt_json_text(line));
		free(line);
		text += len + (text[len] == '\n');
	}
	return list;
}

static const char *refusal(int error)
{
	static const struct {
		int error;
		const char *why;
	} rows[] = {
		{EINVAL, "the configuration has errors"},
		{ENOTSUP, "only a restart can change that"},
		{EBUSY, "the last reload is not finished; try again"},
		{ENOENT, "no reload waits to be confirmed"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].error == error)
			return rows[i].why;
	return strerrordesc_np(error) ? strerrordesc_np(error) : "not possible";
}

static const char *outcome(enum fib_type asked, int error)
{
	if (error)
		return error == ENODATA ? "unchanged" : "refused";
	return asked == FIB_CONFIRM ? "confirmed" : asked == FIB_RELOAD ? "applied" : "differs";
}

struct mgmt_answer mgmt_reload_answer(
	enum fib_type asked, int error, const char *text, uint32_t unconfirmed_s)
{
	bool fine = error == 0 || error == ENODATA;
	json_t *o = json_object();

	mgmt_set(o, "result", json_string(outcome(asked, error)));
	if (!fine)
		mgmt_set(o, "error", json_string(refusal(error)));
	mgmt_set(o, fine ? "changes" : "messages", lines(text));
	mgmt_set(o, "unconfirmed_s", unconfirmed_s ? json_integer(unconfirmed_s) : json_null());
	return (struct mgmt_answer){.status = fine ? 200 : 409, .body = o};
}
