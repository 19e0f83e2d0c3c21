/* What a person gets to see of a run, as it happens. */
#include "lab/report.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/proc.h"
#include "lib/check.h"

#define COLUMNS_MAX 8
#define GREEN	    "\033[32m"
#define RED	    "\033[31m"
#define DIM	    "\033[2m"
#define BOLD	    "\033[1m"
#define PLAIN	    "\033[0m"

void lab_report_init(struct lab_report *p, FILE *out)
{
	*p = (struct lab_report){.out = out, .steps = json_array(), .metrics = json_object()};
	CHECK(p->steps && p->metrics);
	p->tty = out && isatty(fileno(out));
	p->colour = p->tty && !getenv("NO_COLOR");
	p->start_ms = lab_now_ms();
	if (out)
		setvbuf(out, NULL, _IOLBF, 0);
}

void lab_report_fini(struct lab_report *p)
{
	json_decref(p->steps);
	json_decref(p->metrics);
	free(p->title);
}

static const char *ink(const struct lab_report *p, const char *colour)
{
	return p->colour ? colour : "";
}

static double report_seconds(const struct lab_report *p)
{
	return (lab_now_ms() - p->start_ms) / 1000.0;
}

static void report_clear(struct lab_report *p)
{
	if (p->passing)
		fputs("\r\033[K", p->out);
	p->passing = false;
}

static const char *text_of_key(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

void lab_report_say(struct lab_report *p, const char *fmt, ...)
{
	va_list ap;

	if (!p->out)
		return;
	report_clear(p);
	fputs("lab: ", p->out);
	va_start(ap, fmt);
	vfprintf(p->out, fmt, ap);
	va_end(ap);
	fputc('\n', p->out);
}

static json_t *report_last(const struct lab_report *p)
{
	return json_array_get(p->steps, json_array_size(p->steps) - 1);
}

static void on_note(struct lab_report *p, const json_t *e)
{
	if (!p->out)
		return;
	report_clear(p);
	fprintf(p->out, "%s%6.1f s%s  %s\n", ink(p, DIM), report_seconds(p), ink(p, PLAIN),
		text_of_key(e, "text"));
}

static void on_step(struct lab_report *p, const json_t *e)
{
	json_array_append_new(p->steps,
		json_pack("{s:s, s:s, s:s, s:[], s:[]}", "kind", text_of_key(e, "kind"), "title",
			text_of_key(e, "title"), "verdict", "unfinished", "checks", "tables"));
	free(p->title);
	p->title = strdup(text_of_key(e, "title"));
	*p->waiting = 0;
	if (!p->out)
		return;
	report_clear(p);
	fprintf(p->out, "%s%6.1f s%s  %s%s: %s%s\n", ink(p, DIM), report_seconds(p), ink(p, PLAIN),
		ink(p, BOLD), text_of_key(e, "kind"), text_of_key(e, "title"), ink(p, PLAIN));
}

static void on_waiting(struct lab_report *p, const json_t *e)
{
	const char *text = text_of_key(e, "text");

	if (!p->out || (!p->tty && !strcmp(p->waiting, text)))
		return;
	report_clear(p);
	snprintf(p->waiting, sizeof p->waiting, "%s", text);
	fprintf(p->out, "%s%6.1f s  waiting for %.60s (%.40s)%s%s", ink(p, DIM), report_seconds(p),
		text, text_of_key(e, "observed"), ink(p, PLAIN), p->tty ? "" : "\n");
	p->passing = p->tty;
	fflush(p->out);
}

static void report_hint(const struct lab_report *p, const json_t *e)
{
	if (*text_of_key(e, "hint"))
		fprintf(p->out, "               %shint: %s%s\n", ink(p, BOLD),
			text_of_key(e, "hint"), ink(p, PLAIN));
}

static void on_check(struct lab_report *p, const json_t *e)
{
	bool ok = json_is_true(json_object_get(e, "ok"));

	json_array_append_new(json_object_get(report_last(p), "checks"),
		json_pack("{s:s, s:s, s:b, s:O*}", "text", text_of_key(e, "text"), "observed",
			text_of_key(e, "observed"), "ok", ok, "hint", json_object_get(e, "hint")));
	if (!p->out || (p->brief && ok))
		return;
	report_clear(p);
	fprintf(p->out, "          %s%-4s%s %s: %s\n", ink(p, ok ? GREEN : RED), ok ? "ok" : "NOT",
		ink(p, PLAIN), text_of_key(e, "text"), text_of_key(e, "observed"));
	report_hint(p, e);
}

static void on_verdict(struct lab_report *p, const json_t *e)
{
	const char *v = text_of_key(e, "verdict");
	double ms = json_integer_value(json_object_get(e, "ms"));
	bool pass = !strcmp(v, "pass");

	json_object_set(report_last(p), "verdict", json_object_get(e, "verdict"));
	json_object_set(report_last(p), "ms", json_object_get(e, "ms"));
	if (*text_of_key(e, "hint"))
		json_object_set(report_last(p), "hint", json_object_get(e, "hint"));
	p->invalid += !strcmp(v, "invalid");
	p->failed += !strcmp(v, "fail");
	if (!p->out || (p->brief && pass))
		return;
	report_clear(p);
	fprintf(p->out, "          %s%s%s %s(%.1f s)%s\n", ink(p, pass ? GREEN : RED),
		pass		     ? "PASS"
		: !strcmp(v, "fail") ? "FAIL"
				     : "INVALID (the control did not succeed: nothing is proved)",
		ink(p, PLAIN), ink(p, DIM), ms / 1000, ink(p, PLAIN));
	report_hint(p, e);
}

static void table_line(FILE *out, const json_t *row, const size_t *width)
{
	const json_t *cell;
	size_t i;

	fputs("         ", out);
	json_array_foreach(row, i, cell) if (i < COLUMNS_MAX) fprintf(out, " %-*s",
		i + 1 < json_array_size(row) ? (int)width[i] + 1 : 0, json_string_value(cell));
	fputc('\n', out);
}

static void on_table(struct lab_report *p, const json_t *e)
{
	const json_t *columns = json_object_get(e, "columns"), *rows = json_object_get(e, "rows"),
		     *row, *cell;
	size_t width[COLUMNS_MAX] = {0}, i, k;

	json_array_append_new(json_object_get(report_last(p), "tables"),
		json_pack("{s:s, s:O, s:O}", "title", text_of_key(e, "title"), "columns", columns,
			"rows", rows));
	if (!p->out)
		return;
	report_clear(p);
	json_array_foreach(columns, k, cell) if (k < COLUMNS_MAX) width[k] =
		json_string_length(cell);
	json_array_foreach(rows, i, row) json_array_foreach(
		row, k, cell) if (k < COLUMNS_MAX && json_string_length(cell) > width[k]) width[k] =
		json_string_length(cell);
	fprintf(p->out, "%s", ink(p, DIM));
	table_line(p->out, columns, width);
	fprintf(p->out, "%s", ink(p, PLAIN));
	json_array_foreach(rows, i, row) table_line(p->out, row, width);
}

static void on_broken(struct lab_report *p, const json_t *e)
{
	p->failed++;
	if (!p->out)
		return;
	report_clear(p);
	fprintf(p->out, "%slab: %s: %s failed%s\n", ink(p, RED), text_of_key(e, "node"),
		text_of_key(e, "what"), ink(p, PLAIN));
	if (*text_of_key(e, "output"))
		fprintf(p->out, "%s\n", text_of_key(e, "output"));
}

static void on_log(struct lab_report *p, const json_t *e)
{
	if (!p->out)
		return;
	report_clear(p);
	fprintf(p->out, "%s-- the end of %s's log %s%s\n%s\n", ink(p, DIM), text_of_key(e, "node"),
		text_of_key(e, "file"), ink(p, PLAIN), text_of_key(e, "tail"));
}

static void on_metric(struct lab_report *p, const json_t *e)
{
	json_object_set(p->metrics, text_of_key(e, "name"), json_object_get(e, "ms"));
	if (!p->out)
		return;
	report_clear(p);
	fprintf(p->out, "%s%6.1f s%s  %s: %.2f s\n", ink(p, DIM), report_seconds(p), ink(p, PLAIN),
		text_of_key(e, "name"), json_integer_value(json_object_get(e, "ms")) / 1000.0);
}

static void on_end(struct lab_report *p, const json_t *e)
{
	p->ended = true;
	p->ok = json_is_true(json_object_get(e, "ok"));
}

void lab_report_event(struct lab_report *p, const json_t *event)
{
	static const struct {
		const char *ev;
		void (*on)(struct lab_report *p, const json_t *e);
	} rows[] = {{"note", on_note}, {"step", on_step}, {"waiting", on_waiting},
		{"check", on_check}, {"verdict", on_verdict}, {"table", on_table},
		{"broken", on_broken}, {"log", on_log}, {"metric", on_metric}, {"end", on_end}};
	const char *ev = text_of_key(event, "ev");

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (!strcmp(ev, rows[i].ev))
			rows[i].on(p, event);
}

void lab_report_attack(struct lab_report *p, const char *verdict, const char *id, const char *title,
	const char *why)
{
	bool held = !strcmp(verdict, "held"), skipped = !strcmp(verdict, "skipped");

	if (!p->out)
		return;
	report_clear(p);
	fprintf(p->out, "%s%6.1f s%s  %s%-7s%s %s%-6s%s %s%s: %s%s\n", ink(p, DIM),
		report_seconds(p), ink(p, PLAIN),
		ink(p, held	  ? GREEN
			: skipped ? DIM
				  : RED),
		verdict, ink(p, PLAIN), ink(p, BOLD), id, ink(p, PLAIN), title, ink(p, DIM), why,
		ink(p, PLAIN));
}

void lab_report_pass(struct lab_report *p)
{
	if (p->out)
		report_clear(p);
}

void lab_report_trying(struct lab_report *p, const char *id, const char *title, unsigned n,
	unsigned of, const char *off)
{
	if (!p->out || !p->tty)
		return;
	report_clear(p);
	fprintf(p->out, "%s%6.1f s  %u/%u %s %.60s%s%.30s%s%s", ink(p, DIM), report_seconds(p), n,
		of, id, title, off ? " (off: " : "", off ? off : "", off ? ")" : "", ink(p, PLAIN));
	p->passing = true;
	fflush(p->out);
}

void lab_report_end(struct lab_report *p, const char *broken)
{
	unsigned long long ms = lab_now_ms() - p->start_ms;

	if (broken)
		p->ok = false;
	json_object_set_new(p->metrics, "from boot to the last expectation", json_integer(ms));
	if (broken)
		lab_report_say(p, "%s", broken);
	lab_report_say(p,
		"%s%zu steps, %u failed, %u invalid; from boot to the last expectation %.1f s%s",
		ink(p, p->ok ? GREEN : RED), json_array_size(p->steps), p->failed, p->invalid,
		ms / 1000.0, ink(p, PLAIN));
}
