#include "bgpd/mgmt/live.h"

#include <string.h>

#include "bgpd/mgmt/query.h"
#include "bgpd/mgmt/show.h"
#include "lib/check.h"
#include "lib/logform.h"

#define LIVE_PATH_MAX 512 /* octets of a path of the configuration, and its end */
#define LIVE_NAME_MAX 256 /* octets of a name and its end: longer than any there is */

static struct mgmt_answer live_error(int status, const char *why)
{
	return (struct mgmt_answer){.status = status, .body = json_pack("{s:s}", "error", why)};
}

#define LIVE_WORD_MAX 16 /* octets of a level or a process, and its end */

/* What is wanted of the log: from a level on, of one process. */
struct live_want {
	char level[LIVE_WORD_MAX], proc[LIVE_WORD_MAX]; /* "": any */
};

static int live_level(const char *word, size_t len)
{
	for (int l = LOG_DEBUG_; l <= LOG_ERROR_; l++) {
		const char *name = log_level_name((enum log_level)l);

		if (strlen(name) == len && memcmp(name, word, len) == 0)
			return l;
	}
	return -1;
}

/* After the time of a line of the log stand " level=", " proc=", in this order. */
static bool live_is_wanted(const struct live_want *want, const char *line)
{
	const char *level = strstr(line, " level="), *proc = strstr(line, " proc=");

	if (!level || !proc || proc < level)
		return !want->level[0] && !want->proc[0];
	level += strlen(" level=");
	proc += strlen(" proc=");
	if (want->proc[0] && (strcspn(proc, " ") != strlen(want->proc) ||
				     strncmp(proc, want->proc, strlen(want->proc)) != 0))
		return false;
	return !want->level[0] || live_level(level, strcspn(level, " ")) >=
					  live_level(want->level, strlen(want->level));
}

static bool live_want_read(const char *query, struct live_want *out)
{
	*out = (struct live_want){0};
	for (; *query; query = mgmt_query_next(query))
		if (!mgmt_query_get(query, "level", out->level, sizeof(out->level)) &&
			!mgmt_query_get(query, "proc", out->proc, sizeof(out->proc)))
			return false;
	return (!out->level[0] || live_level(out->level, strlen(out->level)) >= 0) &&
	       (!out->proc[0] || strcmp(out->proc, "bgpd") == 0 ||
		       strcmp(out->proc, "mplsfwd") == 0);
}

static struct mgmt_answer live_log(const struct mgmt_live *live, const char *query)
{
	struct live_want want;
	json_t *lines;
	const char *line;

	if (!live_want_read(query, &want))
		return live_error(400,
			"the query is level=debug, info, warn or error, and proc=bgpd or mplsfwd");
	lines = json_array();
	for (size_t i = 0; live->log && (line = log_ring_get(live->log, i)); i++)
		if (live_is_wanted(&want, line))
			json_array_append_new(lines, mgmt_json_text(line));
	return (struct mgmt_answer){.status = 200,
		.body = json_pack("{s:i, s:o}", "at_most", (int)LOG_RING_LINES, "lines", lines)};
}

uint32_t mgmt_live_unconfirmed_s(const struct mgmt_live *live)
{
	uint64_t until = live->unconfirmed_until_ms;

	return !until		      ? 0
	       : until > live->now_ms ? (uint32_t)((until - live->now_ms + 999) / 1000)
				      : 1;
}

static json_t *live_unconfirmed(const struct mgmt_live *live)
{
	uint32_t left = mgmt_live_unconfirmed_s(live);

	return left ? json_integer(left) : json_null();
}

static struct mgmt_answer live_reload(const struct mgmt_live *live, const char *query)
{
	if (*query)
		return live_error(400, "this path takes no query; POST orders a reload");
	return (struct mgmt_answer){
		.status = 200, .body = json_pack("{s:o}", "unconfirmed_s", live_unconfirmed(live))};
}

static struct mgmt_answer live_config(const struct mgmt_live *live, const char *query)
{
	const struct conf *c = live->router->conf;
	char path[LIVE_PATH_MAX];
	bool some = mgmt_query_get(query, "path", path, sizeof(path));

	if ((*query && !some) || *mgmt_query_next(query))
		return live_error(400, "the query is path=PATH, as /v1/config has them, or none");
	json_t *objects = mgmt_config(c, some ? path : NULL);
	if (!objects)
		return live_error(
			404, "nothing of that path is configured; /v1/config lists all of them");
	return (struct mgmt_answer){.status = 200,
		.body = json_pack("{s:o, s:o, s:o}", "file", mgmt_json_text(c->file),
			"unconfirmed_s", live_unconfirmed(live), "objects", objects)};
}

static struct mgmt_answer live_events(const struct mgmt_live *live, const char *query)
{
	char what[16];
	bool some = mgmt_query_get(query, "what", what, sizeof(what));
	unsigned kinds = mgmt_events_named(some ? what : NULL);

	if ((*query && !some) || *mgmt_query_next(query) || !kinds)
		return live_error(
			400, "what= is neighbors, routes or drops; without it all is told");
	struct mgmt_reader *reader = mgmt_reader_new(live->events, kinds);
	if (!reader)
		return live_error(503, "too many read events already; ask again");
	return (struct mgmt_answer){.status = 200, .reader = reader, .type = MGMT_EVENTS_TYPE};
}

static struct mgmt_answer live_updates(const struct mgmt_live *live, const char *query)
{
	char name[LIVE_NAME_MAX], sent[8] = "false";
	const struct core_peer *peer = NULL;
	bool one = mgmt_query_get(query, "neighbor", name, sizeof(name));

	if (one)
		query = mgmt_query_next(query);
	if (*query && mgmt_query_get(query, "sent", sent, sizeof(sent)))
		query = mgmt_query_next(query);
	if (*query || (strcmp(sent, "true") != 0 && strcmp(sent, "false") != 0))
		return live_error(400,
			"the query is neighbor=NAME, sent=true, neighbor=NAME&sent=true, or none");
	if (one && !(peer = mgmt_peer_find(live->router, name)))
		return live_error(404, "there is no such neighbor; /v1/bgp/summary lists them");
	struct mgmt_update_reader *reader =
		mgmt_update_reader_new(live->updates, peer, strcmp(sent, "true") == 0);
	if (!reader)
		return live_error(503, "too many read updates already; ask again");
	return (struct mgmt_answer){.status = 200, .updates = reader, .type = MGMT_UPDATES_TYPE};
}

bool mgmt_live_handle(
	const struct mgmt_live *live, const char *path, const char *query, struct mgmt_answer *out)
{
	static const struct {
		const char *path;
		struct mgmt_answer (*handle)(const struct mgmt_live *live, const char *query);
	} rows[] = {{"/v1/log", live_log}, {"/v1/events", live_events},
		{"/v1/mrt/updates", live_updates}, {"/v1/config", live_config},
		{"/v1/reload", live_reload}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strcmp(rows[i].path, path) != 0)
			continue;
		*out = rows[i].handle(live, query ? query : "");
		return true;
	}
	return false;
}
