#include "bgpd/mgmt/live.h"

#include <string.h>

#include "bgpd/mgmt/query.h"
#include "bgpd/mgmt/show.h"
#include "lib/check.h"

static struct mgmt_answer live_error(int status, const char *why)
{
	return (struct mgmt_answer){.status = status, .body = json_pack("{s:s}", "error", why)};
}

static struct mgmt_answer live_log(const struct mgmt_live *live, const char *query)
{
	json_t *lines = json_array();
	const char *line;

	if (*query) {
		json_decref(lines);
		return live_error(400, "this path takes no query; leave it out");
	}
	for (size_t i = 0; live->log && (line = log_ring_get(live->log, i)); i++)
		json_array_append_new(lines, mgmt_json_text(line));
	return (struct mgmt_answer){.status = 200,
		.body = json_pack("{s:i, s:o}", "at_most", (int)LOG_RING_LINES, "lines", lines)};
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

bool mgmt_live_handle(
	const struct mgmt_live *live, const char *path, const char *query, struct mgmt_answer *out)
{
	static const struct {
		const char *path;
		struct mgmt_answer (*handle)(const struct mgmt_live *live, const char *query);
	} rows[] = {{"/v1/log", live_log}, {"/v1/events", live_events}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strcmp(rows[i].path, path) != 0)
			continue;
		*out = rows[i].handle(live, query ? query : "");
		return true;
	}
	return false;
}
