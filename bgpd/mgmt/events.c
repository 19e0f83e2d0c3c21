#include "bgpd/mgmt/events.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/core/guards.h"
#include "bgpd/mgmt/logfmt.h"
#include "bgpd/mgmt/place.h"
#include "bgpd/mgmt/show.h"
#include "bgpd/rib/change.h"
#include "bgpd/wire/aspath.h"
#include "bgpd/wire/family.h"
#include "bgpd/wire/rd.h"
#include "lib/check.h"

#define EVENTS_PIECE	 65536u /* octets that a reader is given at once, and a line */
#define EVENTS_PATH_TEXT 1024

struct event_line {
	char *event, *text; /* text: with its end of line */
	size_t len;
	unsigned what;
};

struct mgmt_events {
	struct router *r;
	struct event_line lines[EVENTS_LINES_MAX];
	uint64_t first, next; /* numbers of lines: those that are kept, and the one to come */
	size_t octets;
	uint64_t wall_ms;
	bool news;
	void *readers[EVENTS_READERS_MAX]; /* each a mgmt_reader, or NULL */
};

struct mgmt_reader {
	struct mgmt_events *events;
	unsigned what;
	bool sse;
	uint64_t next, lost;
	char *text;
	size_t len, cap;
};

static unsigned events_wanted(const struct mgmt_events *e)
{
	unsigned what = 0;

	for (unsigned i = 0; i < EVENTS_READERS_MAX; i++) {
		const struct mgmt_reader *reader = e->readers[i];

		what |= reader ? reader->what : 0;
	}
	return what;
}

/* The oldest line goes; whoever has not read it is told of it. */
static void events_forget(struct mgmt_events *e)
{
	struct event_line *l = &e->lines[e->first % EVENTS_LINES_MAX];

	for (unsigned i = 0; i < EVENTS_READERS_MAX; i++) {
		struct mgmt_reader *reader = e->readers[i];

		if (!reader || reader->next > e->first)
			continue;
		reader->next = e->first + 1;
		reader->lost += (reader->what & l->what) != 0;
	}
	e->octets -= l->len;
	free(l->event);
	free(l->text);
	*l = (struct event_line){0};
	e->first++;
}

/* What everybody has read. */
static void events_trim(struct mgmt_events *e)
{
	uint64_t read = e->next;

	for (unsigned i = 0; i < EVENTS_READERS_MAX; i++) {
		const struct mgmt_reader *reader = e->readers[i];

		if (reader && reader->next < read)
			read = reader->next;
	}
	while (e->first < read)
		events_forget(e);
}

/* Takes o over. */
static void events_tell(struct mgmt_events *e, unsigned what, json_t *o)
{
	char *text = json_dumps(o, JSON_COMPACT);
	char *event = strdup(json_string_value(json_object_get(o, "event")));

	json_decref(o);
	CHECK(text != NULL && event != NULL);
	size_t len = strlen(text);
	text[len++] = '\n'; /* in place of the terminator */
	while (e->next - e->first >= EVENTS_LINES_MAX ||
		(e->next > e->first && e->octets + len > EVENTS_OCTETS_MAX))
		events_forget(e);
	e->lines[e->next++ % EVENTS_LINES_MAX] = (struct event_line){event, text, len, what};
	e->octets += len;
	e->news = true;
}

static json_t *events_object(const struct mgmt_events *e, const char *event)
{
	return json_pack("{s:s, s:o}", "event", event, "time", mgmt_json_time(e->wall_ms));
}

void mgmt_events_note(struct mgmt_events *e, const char *event, const char *text)
{
	unsigned wanted = events_wanted(e);

	if (!(wanted & (EVENTS_NEIGHBORS | EVENTS_OTHERS)))
		return;
	json_t *o = events_object(e, event);
	mgmt_logfmt_read(o, text ? text : "");
	unsigned what = json_object_get(o, "peer") ? EVENTS_NEIGHBORS : EVENTS_OTHERS;
	if (wanted & what)
		events_tell(e, what, o);
	else
		json_decref(o);
}

void mgmt_events_drop(struct mgmt_events *e)
{
	const struct core_drop *d = core_guards_recent(e->r, 0);

	if (!d || !(events_wanted(e) & EVENTS_DROPS))
		return;
	json_t *o = json_pack("{s:s}", "event", "guard_drop"), *drop = mgmt_json_drop(e->r, d);
	json_object_update(o, drop);
	json_decref(drop);
	events_tell(e, EVENTS_DROPS, o);
}

static void events_set_path(json_t *o, const struct router *r, const struct rib_path *p)
{
	struct ip_addr hop = rib_attrset_next_hop(p->attrs);
	char path[EVENTS_PATH_TEXT];

	mgmt_set(o, "next_hop", mgmt_json_addr(&hop));
	mgmt_set(o, "label", mgmt_json_label(p->label));
	mgmt_set(o, "as_path",
		json_string(wire_aspath_print(
			rib_attrset_list(p->attrs, RIB_LIST_AS_PATH), path, sizeof(path))));
	mgmt_set(o, "from", mgmt_json_from(r, p->source));
}

/* A router_watch_fn. */
static void events_changed(void *arg, const struct router *r, const struct rib_change *c)
{
	const struct rib_table *t = c->table;
	const struct wire_family_desc *family = wire_family_get(t->family);
	struct mgmt_events *e = arg;
	struct wire_nlri n;
	char rd[WIRE_RD_STRLEN];

	if ((!c->was && !c->now) || t->family == WIRE_RT_CONSTRAINT)
		return;
	json_t *o = events_object(e, c->now ? "route_best" : "route_gone"), *was = json_null();
	rib_dest_nlri(t, c->dest, &n);
	mgmt_set(o, "family", json_string(family->name));
	mgmt_set(o, "vrf", mgmt_json_vrf_of(r, t->vrf));
	if (family->rd_octets)
		mgmt_set(o, "rd", json_string(wire_rd_print(n.rd, rd)));
	mgmt_set(o, "prefix", mgmt_json_prefix(&n.prefix));
	if (c->now)
		events_set_path(o, r, c->now);
	if (c->was) {
		was = json_object();
		events_set_path(was, r, c->was);
	}
	mgmt_set(o, "was", was);
	events_tell(e, EVENTS_ROUTES, o);
}

static void events_watch(struct mgmt_events *e)
{
	bool routes = events_wanted(e) & EVENTS_ROUTES;

	router_watch(e->r, routes ? events_changed : NULL, e);
}

struct mgmt_events *mgmt_events_new(struct router *r)
{
	struct mgmt_events *e = calloc(1, sizeof(*e));

	CHECK(e != NULL);
	e->r = r;
	return e;
}

void mgmt_events_free(struct mgmt_events *e)
{
	router_watch(e->r, NULL, NULL);
	while (e->first < e->next)
		events_forget(e);
	free(e);
}

bool mgmt_events_wanted(const struct mgmt_events *e)
{
	return events_wanted(e) != 0;
}

void mgmt_events_set_time(struct mgmt_events *e, uint64_t wall_ms)
{
	e->wall_ms = wall_ms;
}

bool mgmt_events_news(struct mgmt_events *e)
{
	bool news = e->news;

	e->news = false;
	return news;
}

unsigned mgmt_events_named(const char *what)
{
	static const struct {
		const char *name;
		unsigned what;
	} rows[] = {{"neighbors", EVENTS_NEIGHBORS}, {"routes", EVENTS_ROUTES},
		{"drops", EVENTS_DROPS}};

	for (size_t i = 0; what && i < ARRAY_LEN(rows); i++)
		if (strcmp(what, rows[i].name) == 0)
			return rows[i].what;
	return what ? 0 : EVENTS_ALL;
}

struct mgmt_reader *mgmt_reader_new(struct mgmt_events *e, unsigned what)
{
	void **place = mgmt_place(e->readers, EVENTS_READERS_MAX, NULL);

	if (!place)
		return NULL;
	struct mgmt_reader *reader = calloc(1, sizeof(*reader));
	CHECK(reader != NULL);
	*reader = (struct mgmt_reader){.events = e, .what = what, .next = e->next};
	*place = reader;
	events_watch(e);
	return reader;
}

void mgmt_reader_set_sse(struct mgmt_reader *reader)
{
	reader->sse = true;
}

void mgmt_reader_free(struct mgmt_reader *reader)
{
	struct mgmt_events *e = reader->events;

	*mgmt_place(e->readers, EVENTS_READERS_MAX, reader) = NULL;
	events_trim(e);
	events_watch(e);
	free(reader->text);
	free(reader);
}

static void reader_add(struct mgmt_reader *reader, const char *text, size_t len)
{
	while (reader->len + len > reader->cap) {
		reader->cap = reader->cap ? reader->cap * 2 : 4096;
		reader->text = realloc(reader->text, reader->cap);
		CHECK(reader->text != NULL);
	}
	memcpy(reader->text + reader->len, text, len);
	reader->len += len;
}

static void reader_say(struct mgmt_reader *reader, const char *text)
{
	reader_add(reader, text, strlen(text));
}

/* line: with its end. */
static void reader_add_event(
	struct mgmt_reader *reader, const char *event, const char *line, size_t len)
{
	if (!reader->sse) {
		reader_add(reader, line, len);
		return;
	}
	reader_say(reader, "event: ");
	reader_say(reader, event);
	reader_say(reader, "\ndata: ");
	reader_add(reader, line, len);
	reader_say(reader, "\n");
}

static void reader_say_lost(struct mgmt_reader *reader)
{
	json_t *o = json_pack("{s:s, s:I}", "event", "lost", "count", (json_int_t)reader->lost);
	char *text = json_dumps(o, JSON_COMPACT);

	CHECK(text != NULL);
	size_t len = strlen(text);
	text[len++] = '\n'; /* in place of the terminator */
	reader_add_event(reader, "lost", text, len);
	reader->lost = 0;
	free(text);
	json_decref(o);
}

void mgmt_reader_next(struct mgmt_reader *reader, const char **text, size_t *len)
{
	struct mgmt_events *e = reader->events;

	reader->len = 0;
	if (reader->lost)
		reader_say_lost(reader);
	for (; reader->next < e->next && reader->len < EVENTS_PIECE; reader->next++) {
		const struct event_line *l = &e->lines[reader->next % EVENTS_LINES_MAX];
		if (l->what & reader->what)
			reader_add_event(reader, l->event, l->text, l->len);
	}
	events_trim(e);
	*text = reader->text;
	*len = reader->len;
}
