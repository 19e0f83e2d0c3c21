#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/mgmt/events.h"
#include "bgpd/mgmt/live.h"
#include "bgpd/mgmt/logfmt.h"
#include "tests/unit/mgmt/router.h"

/* What a reader is told now, as a list. */
static json_t *told(struct mgmt_reader *reader)
{
	json_t *list = json_array();
	const char *text;
	size_t len;

	for (mgmt_reader_next(reader, &text, &len); len; mgmt_reader_next(reader, &text, &len)) {
		for (size_t at = 0; at < len;) {
			const char *end = memchr(text + at, '\n', len - at);
			cr_assert_not_null(end, "a line without an end");
			json_t *o = json_loadb(text + at, (size_t)(end - text) - at, 0, NULL);
			cr_assert_not_null(o, "%.*s", (int)len, text);
			json_array_append_new(list, o);
			at = (size_t)(end - text) + 1;
		}
	}
	return list;
}

static const char *member(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

/* How many there are of that event, prefix and VRF ("": of the core). */
static unsigned count(const json_t *list, const char *event, const char *prefix, const char *vrf)
{
	unsigned n = 0;
	size_t i;
	json_t *o;

	json_array_foreach((json_t *)list, i, o) n += !strcmp(member(o, "event"), event) &&
						      !strcmp(member(o, "prefix"), prefix) &&
						      !strcmp(member(o, "vrf"), vrf);
	return n;
}

Test(events, best_paths_are_told_to_whom_wants_them)
{
	struct mgmt_bed b;

	mgmt_bed_init(&b);
	struct mgmt_events *e = mgmt_events_new(b.r);
	struct mgmt_reader *all = mgmt_reader_new(e, EVENTS_ALL),
			   *drops = mgmt_reader_new(e, EVENTS_DROPS);
	mgmt_events_set_time(e, 1795255200123u);
	mgmt_bed_run(&b);
	cr_assert(mgmt_events_news(e) && !mgmt_events_news(e));
	json_t *list = told(all), *none = told(drops);
	cr_expect_eq(json_array_size(none), 0u);
	cr_expect_geq(count(list, "route_best", "172.16.1.0/24", "vrf-a"), 1u);
	cr_expect_geq(count(list, "route_best", "172.16.3.0/24", ""), 1u);
	cr_expect_eq(count(list, "route_best", "203.0.113.0/24", ""), 0u);
	const json_t *first = json_array_get(list, 0);
	cr_expect_str_eq(member(first, "time"), "2026-11-21T10:00:00.123Z");
	cr_expect(json_is_null(json_object_get(first, "was")));
	json_decref(none);
	json_decref(list);
	mgmt_reader_free(all);
	mgmt_reader_free(drops);
	mgmt_events_free(e);
	mgmt_bed_fini(&b);
}

Test(events, nothing_is_kept_while_nobody_reads)
{
	struct mgmt_bed b;

	mgmt_bed_init(&b);
	struct mgmt_events *e = mgmt_events_new(b.r);
	mgmt_events_note(e, "session_up", "peer=pe2");
	mgmt_bed_run(&b);
	cr_expect(!mgmt_events_wanted(e) && !mgmt_events_news(e));
	struct mgmt_reader *reader = mgmt_reader_new(e, EVENTS_ALL);
	json_t *list = told(reader);
	cr_expect_eq(json_array_size(list), 0u);
	json_decref(list);
	mgmt_reader_free(reader);
	mgmt_events_free(e);
	mgmt_bed_fini(&b);
}

Test(events, notes_become_objects_and_drops_are_samples)
{
	struct mgmt_bed b;

	mgmt_bed_init(&b);
	mgmt_bed_run(&b);
	struct mgmt_events *e = mgmt_events_new(b.r);
	struct mgmt_reader *of_peers = mgmt_reader_new(e, EVENTS_NEIGHBORS),
			   *all = mgmt_reader_new(e, EVENTS_ALL);
	mgmt_events_note(e, "session_down", "peer=pe2 reason=\"hold \\\"timer\\\"\" as=65000");
	mgmt_events_note(e, "label_installed", "vrf=vrf-a label=100");
	mgmt_events_drop(e);
	json_t *peers = told(of_peers), *list = told(all);
	cr_assert_eq(json_array_size(peers), 1u);
	cr_expect_str_eq(member(json_array_get(peers, 0), "reason"), "hold \"timer\"");
	cr_expect_eq(json_integer_value(json_object_get(json_array_get(peers, 0), "as")), 65000);
	cr_expect_eq(json_array_size(list), 3u);
	cr_expect_str_eq(member(json_array_get(list, 2), "event"), "guard_drop");
	cr_expect(*member(json_array_get(list, 2), "reason"));
	json_decref(peers);
	json_decref(list);
	mgmt_reader_free(of_peers);
	mgmt_reader_free(all);
	mgmt_events_free(e);
	mgmt_bed_fini(&b);
}

/* HTML Living Standard, 9.2.6: "event:", "data:", an empty line. */
Test(events, server_sent_events_have_their_frame)
{
	struct mgmt_bed b;
	const char *text;
	size_t len;

	mgmt_bed_init(&b);
	struct mgmt_events *e = mgmt_events_new(b.r);
	struct mgmt_reader *framed = mgmt_reader_new(e, EVENTS_ALL),
			   *plain = mgmt_reader_new(e, EVENTS_ALL);
	mgmt_reader_set_sse(framed);
	mgmt_events_set_time(e, 1795255200123u);
	mgmt_events_note(e, "session_up", "peer=pe2");
	mgmt_events_note(e, "label_installed", "label=100");
	mgmt_reader_next(framed, &text, &len);
	static const char want[] = "event: session_up\ndata: {\"event\":\"session_up\","
				   "\"time\":\"2026-11-21T10:00:00.123Z\",\"peer\":\"pe2\"}\n\n"
				   "event: label_installed\ndata: {\"event\":\"label_installed\","
				   "\"time\":\"2026-11-21T10:00:00.123Z\",\"label\":100}\n\n";
	cr_expect_arr_eq(text, want, sizeof(want) - 1);
	cr_expect_eq(len, sizeof(want) - 1);
	mgmt_reader_next(plain, &text, &len);
	cr_expect(text[0] == '{' && text[len - 1] == '\n' && text[len - 2] == '}');
	for (unsigned i = 0; i < EVENTS_LINES_MAX + 3; i++)
		mgmt_events_note(e, "session_up", "peer=pe2");
	mgmt_reader_next(framed, &text, &len);
	static const char lost[] = "event: lost\ndata: {\"event\":\"lost\",\"count\":3}\n\n";
	cr_expect_arr_eq(text, lost, sizeof(lost) - 1);
	mgmt_reader_free(framed);
	mgmt_reader_free(plain);
	mgmt_events_free(e);
	mgmt_bed_fini(&b);
}

Test(events, a_slow_reader_is_told_how_much_it_lost_and_others_lose_nothing)
{
	struct mgmt_bed b;
	unsigned got = 0;

	mgmt_bed_init(&b);
	struct mgmt_events *e = mgmt_events_new(b.r);
	struct mgmt_reader *slow = mgmt_reader_new(e, EVENTS_NEIGHBORS),
			   *quick = mgmt_reader_new(e, EVENTS_ALL);
	for (unsigned i = 0; i < EVENTS_LINES_MAX + 10; i++) {
		char text[64];
		snprintf(text, sizeof(text), "peer=pe2 number=%u", i);
		mgmt_events_note(e, "session", text);
		mgmt_events_note(e, "others", "");
		json_t *now = told(quick);
		got += (unsigned)json_array_size(now);
		json_decref(now);
	}
	cr_expect_eq(got, 2 * (EVENTS_LINES_MAX + 10));
	json_t *list = told(slow);
	const json_t *first = json_array_get(list, 0);
	/* half of what is kept is none of its business, and not counted */
	cr_expect_eq(json_array_size(list), 1 + EVENTS_LINES_MAX / 2);
	cr_expect_str_eq(member(first, "event"), "lost");
	cr_expect_eq(
		json_integer_value(json_object_get(first, "count")), EVENTS_LINES_MAX / 2 + 10);
	json_decref(list);
	list = told(slow);
	cr_expect_eq(json_array_size(list), 0u);
	json_decref(list);
	mgmt_reader_free(slow);
	mgmt_reader_free(quick);
	mgmt_events_free(e);
	mgmt_bed_fini(&b);
}

Test(events, octets_are_bounded_too)
{
	static char text[1000];
	struct mgmt_bed b;

	mgmt_bed_init(&b);
	struct mgmt_events *e = mgmt_events_new(b.r);
	struct mgmt_reader *reader = mgmt_reader_new(e, EVENTS_ALL);
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "peer=", 5);
	for (unsigned i = 0; i < EVENTS_LINES_MAX; i++)
		mgmt_events_note(e, "session", text);
	json_t *list = told(reader);
	size_t n = json_array_size(list);
	cr_expect(n > 100 && n < EVENTS_OCTETS_MAX / sizeof(text) + 2, "%zu", n);
	json_decref(list);
	mgmt_reader_free(reader);
	mgmt_events_free(e);
	mgmt_bed_fini(&b);
}

Test(events, readers_are_bounded_and_places_come_back)
{
	struct mgmt_reader *readers[EVENTS_READERS_MAX];
	struct mgmt_bed b;

	mgmt_bed_init(&b);
	struct mgmt_events *e = mgmt_events_new(b.r);
	for (unsigned i = 0; i < EVENTS_READERS_MAX; i++)
		cr_assert_not_null(readers[i] = mgmt_reader_new(e, EVENTS_ALL));
	cr_assert_null(mgmt_reader_new(e, EVENTS_ALL));
	mgmt_reader_free(readers[3]);
	cr_assert_not_null(readers[3] = mgmt_reader_new(e, EVENTS_ALL));
	for (unsigned i = 0; i < EVENTS_READERS_MAX; i++)
		mgmt_reader_free(readers[i]);
	mgmt_events_free(e);
	mgmt_bed_fini(&b);
}

Test(events, logfmt_is_read_whatever_it_is)
{
	static const struct {
		const char *text, *json;
	} rows[] = {
		{"", "{}"},
		{"  ", "{}"},
		{"peer=pe2", "{\"peer\":\"pe2\"}"},
		{"a=1 b=-1 c=01x d=", "{\"a\":1,\"b\":\"-1\",\"c\":\"01x\",\"d\":\"\"}"},
		{"why=\"a b=c\" n=2", "{\"why\":\"a b=c\",\"n\":2}"},
		{"why=\"no end", "{\"why\":\"no end\"}"},
		{"why=\"ends so \\", "{\"why\":\"ends so \\\\\"}"},
		{"x=\"\\x1b\\\\\"", "{\"x\":\"\\\\x1b\\\\\"}"},
		{"word =1 n=18446744073709551616", "{\"n\":\"18446744073709551616\"}"},
		{"n=\"12\"", "{\"n\":\"12\"}"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json_t *o = json_object();
		mgmt_logfmt_read(o, rows[i].text);
		char *text = json_dumps(o, JSON_COMPACT);
		cr_expect_str_eq(text, rows[i].json, "%s: %s", rows[i].text, text);
		free(text);
		json_decref(o);
	}
}

static int asked(const struct mgmt_live *live, const char *path, const char *query)
{
	struct mgmt_answer a = {0};

	if (!mgmt_live_handle(live, path, query, &a))
		return 0;
	cr_expect((a.body != NULL) + (a.reader != NULL) == 1);
	if (a.reader)
		mgmt_reader_free(a.reader);
	json_decref(a.body);
	return a.status;
}

Test(events, questions_are_understood_or_refused)
{
	struct mgmt_bed b;
	struct mgmt_answer a;

	mgmt_bed_init(&b);
	struct mgmt_live live = {mgmt_events_new(b.r), log_ring_new()};
	log_ring_add((struct log_ring *)live.log, "a line \xff", 8);
	cr_expect_eq(asked(&live, "/v1/vrf", ""), 0);
	cr_expect_eq(asked(&live, "/v1/events", NULL), 200);
	cr_expect_eq(asked(&live, "/v1/events", "what=routes"), 200);
	cr_expect_eq(asked(&live, "/v1/events", "what=rout%65s"), 200);
	cr_expect_eq(asked(&live, "/v1/events", "what=everything"), 400);
	cr_expect_eq(asked(&live, "/v1/events", "what=routes&what=drops"), 400);
	cr_expect_eq(asked(&live, "/v1/events", "name=x"), 400);
	cr_expect_eq(asked(&live, "/v1/log", "n=1"), 400);
	cr_expect_eq(asked(&live, "/v1/log", "level=loud"), 400);
	cr_expect_eq(asked(&live, "/v1/log", "level=warn&proc=init"), 400);
	cr_assert(mgmt_live_handle(&live, "/v1/log", "", &a));
	const json_t *lines = json_object_get(a.body, "lines");
	cr_expect_eq(json_array_size(lines), 1u);
	cr_expect_str_eq(json_string_value(json_array_get(lines, 0)), "a line \\xff");
	json_decref(a.body);
	log_ring_free((struct log_ring *)live.log);
	mgmt_events_free(live.events);
	mgmt_bed_fini(&b);
}

Test(events, the_log_from_a_level_on_and_of_one_process)
{
	static const struct {
		const char *query;
		const char *lines; /* which, by the last letter */
	} rows[] = {{"", "abc"}, {"level=debug", "abc"}, {"level=warn", "bc"}, {"level=error", "c"},
		{"proc=mplsfwd", "ac"}, {"proc=bgpd&level=info", "b"},
		{"level=error&proc=bgpd", ""}};
	static const char *const lines[] = {"T level=info proc=mplsfwd event=x a",
		"T level=warn proc=bgpd event=x level=error proc=mplsfwd b",
		"T level=error proc=mplsfwd event=x c"};
	struct mgmt_live live = {.log = NULL};
	struct log_ring *ring = log_ring_new();

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		log_ring_add(ring, lines[i], strlen(lines[i]));
	live.log = ring;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mgmt_answer a = {0};

		cr_assert(mgmt_live_handle(&live, "/v1/log", rows[i].query, &a));
		const json_t *got = json_object_get(a.body, "lines");
		cr_expect_eq(json_array_size(got), strlen(rows[i].lines), "%s", rows[i].query);
		for (size_t k = 0; k < json_array_size(got) && rows[i].lines[k]; k++) {
			const char *line = json_string_value(json_array_get(got, k));
			cr_expect_eq(line[strlen(line) - 1], rows[i].lines[k], "%s", rows[i].query);
		}
		json_decref(a.body);
	}
	log_ring_free(ring);
}
