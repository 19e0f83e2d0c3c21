/* The report as a page: all of the report is in it, and nothing of the report is more than text in it. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lab/evidence/html.h"
#include "lab/evidence/html_clause.h"
#include "lab/evidence/html_write.h"

#define HOSTILE "<script>alert(1)</script>\" onload='x' `&amp; \x01\x1b[31m \u202e\xc2\x85"

static json_t *sample(void)
{
	const char *src = getenv("RAVELIN_SRCDIR");
	char path[4096];
	json_error_t err;

	snprintf(path, sizeof path, "%s/tests/unit/evidence/sample.json", src ? src : ".");
	json_t *report = json_load_file(path, 0, &err);
	cr_assert(report, "%s:%d: %s", path, err.line, err.text);
	return report;
}

/* The caller's. */
static char *page_of(const json_t *report)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	cr_assert(evidence_html(report, out));
	fclose(out);
	cr_assert_eq(strlen(text), len);
	return text;
}

static unsigned count(const char *text, const char *what)
{
	unsigned n = 0;

	for (const char *p = strstr(text, what); p; p = strstr(p + 1, what))
		n++;
	return n;
}

static char *put(const char *text)
{
	char *s;
	size_t len;
	FILE *out = open_memstream(&s, &len);

	html_put(out, "<b title=\"%s\">%d%% of %zu, %.1f, %lld</b>", text, -7, (size_t)9, 2.25,
		1LL << 40);
	fclose(out);
	return s;
}

Test(html, writes_only_its_own_markup)
{
	char *s = put("a<b>\"'&`\x07\u202e\u00e4");

	cr_assert_str_eq(s,
		"<b title=\"a&lt;b&gt;&quot;&#39;&amp;&#96;&#9223;&lt;U+202E&gt;\u00e4\">-7% of 9, "
		"2.2, 1099511627776</b>");
	free(s);
}

Test(html, every_row_is_in_it)
{
	json_t *report = sample(), *row;
	char *page = page_of(report), text[128];
	size_t i;

	json_array_foreach(json_object_get(report, "attacks"), i, row)
	{
		snprintf(text, sizeof text, "data-attack=\"%s\"", html_string(row, "id"));
		cr_assert_eq(count(page, text), 1, "%s", text);
	}
	cr_assert_eq(count(page, "data-attack="), i);
	json_array_foreach(json_object_get(json_object_get(report, "malformed"), "cases"), i, row)
	{
		snprintf(text, sizeof text, "data-case=\"%s\"", html_string(row, "id"));
		cr_assert(strstr(page, text), "%s", text);
	}
	cr_assert(strstr(page, "2 of 22 attacks fell"));
	free(page);
	json_decref(report);
}

/* Every string of the report, but for the words in `kept`, which decide how the page is made. */
static void poison(json_t *o, const char *value, const char *const *kept)
{
	const char *key;
	json_t *v;
	size_t i;

	if (json_is_array(o))
		json_array_foreach(o, i, v) if (json_is_string(v))
			json_array_set_new(o, i, json_string(value));
	else
		poison(v, value, kept);
	else json_object_foreach(o, key, v)
	{
		for (i = 0; kept[i] && strcmp(kept[i], key) != 0; i++)
			;
		if (json_is_string(v) && !kept[i])
			json_string_set(v, value);
		else if (!json_is_string(v))
			poison(v, value, kept);
	}
}

/* Tags as a browser sees them: a name, then NAME="VALUE" and nothing else. */
static void check_tags(const char *page)
{
	for (const char *p = strchr(page, '<'); p; p = strchr(p, '<')) {
		if (!strncmp(p, "<style>", 7) || !strncmp(p, "<script>", 8)) {
			p = strstr(p, p[2] == 't' ? "</style>" : "</script>");
			cr_assert(p);
		}
		p += 1 + strspn(p + 1, "/!");
		cr_assert(strspn(p, "abcdefghijklmnopqrstuvwxyzDOCTYPE"), "%.60s", p);
		p += strcspn(p, " >\n");
		for (p += strspn(p, " "); *p != '>'; p += strspn(p, " /")) {
			size_t name = strspn(p,
				"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-:");
			cr_assert(name && strncmp(p, "on", 2) != 0, "%.60s", p);
			p += name;
			if (*p != '=')
				continue;
			cr_assert_eq(p[1], '"', "%.60s", p);
			p += 2 + strcspn(p + 2, "\"<>");
			cr_assert_eq(*p++, '"', "%.60s", p);
		}
	}
}

static void check_harmless(const char *const *kept)
{
	json_t *report = sample();
	char *page;

	poison(report, HOSTILE, kept);
	page = page_of(report);
	check_tags(page);
	cr_assert_eq(count(page, "<script"), 1);
	cr_assert_eq(
		count(page, "alert(1)"), count(page, "&lt;script&gt;alert(1)&lt;/script&gt;&quot; "
						     "onload=&#39;x&#39; &#96;&amp;amp;"));
	cr_assert_gt(count(page, "alert(1)"), 100);
	for (const char *p = page; *p; p++)
		cr_assert(*p >= ' ' || *p < 0 || *p == '\n');
	cr_assert_eq(count(page, "\u202e") + count(page, "\xc2\x85"), 0);
	free(page);
	json_decref(report);
}

Test(html, what_is_hostile_stays_text)
{
	static const char *const none[] = {NULL};
	static const char *const kept[] = {"verdict", "moved", "role", "a", "b", "port", "name",
		"vrf", "group", "clause", NULL};

	check_harmless(none);
	check_harmless(kept);
}

Test(html, sample_is_made_of_tags)
{
	json_t *report = sample();
	char *page = page_of(report);

	check_tags(page);
	free(page);
	json_decref(report);
}

Test(html, leads_only_into_its_own_directory)
{
	static const char *const paths[] = {"javascript:alert(1)", "../../etc/passwd",
		"/etc/passwd", "//evil.example/x", "http://evil.example/", "pcapng/a b", ""};
	json_t *report = sample();

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		json_object_set_new(json_array_get(json_object_get(report, "attacks"), 0), "pcapng",
			json_string(paths[i]));
		char *page = page_of(report);
		cr_assert_eq(count(page, ">pcapng</a>"), 21, "%s", paths[i]);
		free(page);
	}
	json_decref(report);
}

Test(html, says_what_was_skipped_and_why_before_all_else)
{
	json_t *report = sample();
	char *page = page_of(report);
	char *head = strstr(page, "</header>"),
	     *why = strstr(page, "this kernel has no CONFIG_BRIDGE");

	cr_assert(why && why < head);
	free(page);
	json_decref(report);
}

Test(html, claims_nothing_that_was_not_seen)
{
	json_t *report = json_object(), *sick;
	char *page = page_of(report);

	cr_assert(strstr(page, "No attack was launched"));
	cr_assert_null(strstr(page, " held</span></h1>"));
	free(page);
	json_decref(report);

	report = sample();
	json_object_del(report, "malformed");
	json_object_del(report, "reachability");
	json_t *rows = json_object_get(report, "attacks"), *row;
	size_t i;
	json_array_foreach(rows, i, row) if (strcmp(html_string(row, "verdict"), "not_yet") != 0)
		json_object_set_new(row, "verdict", json_string("held"));
	page = page_of(report);
	cr_assert(strstr(page, "<span>All launched attacks held</span></h1>"));
	free(page);
	json_object_set_new(
		json_object_get(report, "run"), "broken", json_string("the router died"));
	page = page_of(report);
	cr_assert(strstr(page, "<h1 class=\"invalid\">") && strstr(page, "the router died"));
	free(page);
	json_object_del(json_object_get(report, "run"), "broken");
	sick = json_array_get(rows, 3);
	json_object_set_new(sick, "verdict", json_string("splendid"));
	page = page_of(report);
	cr_assert(strstr(page, "<span>1 of 23 attacks prove nothing</span></h1>"));
	free(page);
	json_decref(report);
}

Test(html, clauses_are_taken_apart_and_in_order)
{
	json_t *report = json_pack("{s:[{s:s}, {s:s}, {s:s}]}", "attacks", "clause",
		"RFC 4364 13.1, RFC 4381 3.10,RFC 792", "clause", "RFC 4381 3.2, RFC 4381 3.2",
		"clause", "BCP 38");
	static const struct {
		long rfc;
		const char *section;
		size_t nth;
	} want[] = {{4381, "3.2", 1}, {4381, "3.10", 0}, {4364, "13.1", 0}, {792, "", 0},
		{0, "BCP 38", 2}};
	struct html_cite *c;
	size_t n;

	c = html_clause_all(report, &n);
	cr_assert_eq(n, 5);
	for (size_t i = 0; i < n; i++) {
		cr_assert_eq(c[i].rfc, want[i].rfc, "%zu", i);
		cr_assert_str_eq(c[i].section, want[i].section);
		cr_assert_eq(c[i].nth, want[i].nth);
	}
	cr_assert_eq(html_clause_same_rfc(c, n), 2);
	cr_assert_eq(html_clause_same_section(c, n), 1);
	free(c);
	json_decref(report);
}

/* What was answered to it passed the same ports the other way; the way is put together from the links. */
Test(html, walk_follows_one_packet)
{
	json_t *report = sample(), *walk = json_object_get(report, "walk");
	char *page;
	size_t n = json_array_size(walk);

	for (size_t i = 0; i < n; i++) {
		json_t *back = json_deep_copy(json_array_get(walk, i));
		json_object_set_new(back, "in", json_boolean(!html_true(back, "in")));
		json_object_set_new(back, "src", json_string("172.16.2.9"));
		json_object_set_new(back, "dst", json_string("172.16.1.1"));
		json_array_append_new(walk, back);
	}
	/* the second port saw it first */
	json_t *first = json_array_get(walk, 2);
	json_incref(first);
	json_array_remove(walk, 2);
	json_array_insert_new(walk, 0, first);
	page = page_of(report);
	const char *hops[] = {"ce-a1:eth1 \u2192 pe1:eth2", "pe1:eth1 \u2192 p1:eth1",
		"p1:eth2 \u2192 pe2:eth1", "pe2:eth2 \u2192 ce-a2:eth1"};
	const char *at = strstr(page, "Hop by hop in words");
	for (size_t i = 0; i < 4; i++) {
		at = strstr(at, hops[i]);
		cr_assert(at, "%s", hops[i]);
	}
	cr_assert_eq(count(page, "\u2192 172.16.1.1</text>"), 0);
	cr_assert(strstr(page, ">pushes</text>") && strstr(page, ">16003, 17</text>"));
	cr_assert(strstr(page, ">17, into vrf-a</text>"));
	free(page);
	json_decref(report);
}

/* With its labels on it, between two routers. */
Test(html, walk_ends_where_the_packet_was_lost)
{
	json_t *report = sample(), *walk = json_object_get(report, "walk");

	while (json_array_size(walk) > 3)
		json_array_remove(walk, 3);
	char *page = page_of(report);
	cr_assert(strstr(page, ">does not receive</text>"));
	cr_assert(strstr(page, ">lost, IP TTL 63</text>"));
	cr_assert_eq(count(page, ">pops</text>"), 0);
	free(page);
	json_decref(report);
}
