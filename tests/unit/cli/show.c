/*
 * Every renderer against what it printed: golden/NAME[-VARIANT].json and .txt. An answer without anything to show
 * (-empty) must say so and return 1. RAVELIN_BLESS=1 rewrites the .txt files: read the diff.
 */
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/show.h"
#include "cli/table.h"

#define SHOW_GOLDEN_AT_LEAST 12

static cli_render_fn *show_renderer(const char *file)
{
	static const struct {
		const char *name;
		cli_render_fn *render;
	} rows[] = {
		{"summary", cli_render_summary},
		{"neighbors", cli_render_neighbors},
		{"vpnv4", cli_render_vpnv4},
		{"ipv4", cli_render_ipv4},
		{"rejected", cli_render_rejected},
		{"vrf", cli_render_vrf},
		{"explain", cli_render_explain},
		{"bmp", cli_render_bmp},
		{"mpls", cli_render_mpls},
		{"rpki", cli_render_rpki},
		{"guard", cli_render_guard},
		{"drops", cli_render_drops},
		{"path", cli_render_path},
		{"log", cli_render_log},
		{"memory", cli_render_memory},
		{"version", cli_render_version},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strncmp(file, rows[i].name, strcspn(file, "-.")) == 0)
			return rows[i].render;
	return NULL;
}

static void show_bless(const char *file, const char *text)
{
	FILE *f = fopen(file, "we");

	cr_assert_not_null(f);
	fputs(text, f);
	fclose(f);
}

/* Characters of the longest line. */
static int show_width(const char *text)
{
	int widest = 0, n = 0;

	for (; *text; text++) {
		n = *text == '\n' ? 0 : n + (((unsigned char)*text & 0xc0) != 0x80);
		widest = n > widest ? n : widest;
	}
	return widest;
}

static void show_check(const char *json)
{
	char txt[256], *said = NULL, want[16384] = "";
	size_t len = 0;
	json_error_t error;
	json_t *answer = json_load_file(json, 0, &error);
	FILE *out = open_memstream(&said, &len);
	bool empty = strstr(json, "-empty") && strncmp(json, "mpls", 4) != 0;

	cr_assert_not_null(answer, "%s: %s", json, error.text);
	int status = show_renderer(json)(answer, out);
	fclose(out);
	json_decref(answer);
	cr_expect_eq(status, empty, "%s", json);
	snprintf(txt, sizeof(txt), "%.*s.txt", (int)strcspn(json, "."), json);
	if (getenv("RAVELIN_BLESS"))
		show_bless(txt, said);
	FILE *f = fopen(txt, "re");
	cr_assert_not_null(f, "%s", txt);
	want[fread(want, 1, sizeof(want) - 1, f)] = '\0';
	fclose(f);
	cr_expect_str_eq(said, want, "%s", json);
	if (strncmp(json, "log", 3) != 0) /* lines that are to be copied and searched */
		cr_expect_leq(show_width(said), CLI_WIDTH, "%s:\n%s", json, said);
	for (const char *p = said; *p; p++)
		cr_expect(*p == '\n' || (unsigned char)*p >= 0x20, "%s: a raw control character",
			json);
	free(said);
}

Test(cli_show, every_answer_prints_as_it_did)
{
	const char *src = getenv("RAVELIN_SRCDIR");
	char path[1024];
	glob_t g;

	snprintf(path, sizeof(path), "%s/tests/unit/cli/golden", src ? src : ".");
	cr_assert_eq(chdir(path), 0, "%s", path);
	cr_assert_eq(glob("*.json", 0, NULL, &g), 0);
	cr_expect_geq(g.gl_pathc, SHOW_GOLDEN_AT_LEAST);
	for (size_t i = 0; i < g.gl_pathc; i++)
		show_check(g.gl_pathv[i]);
	globfree(&g);
}

static json_int_t show_number(const char *key)
{
	static const struct {
		const char *key;
		json_int_t most;
	} rows[] = {{"gtsm", 254}, {"version", 2}, {"session", 65535}, {"label", 1048575},
		{"labels", 1048575}, {"transport", 1048575}, {"port", 65535}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(key, rows[i].key) == 0)
			return rows[i].most;
	return 4294967295;
}

/* As long as such a thing can be: what is a number or an address of itself, else by what it is called. */
static json_t *show_worst(const char *key, const json_t *value)
{
	static const char *const names[] = {"name", "peer", "from", "vrf", "port", "neighbor",
		"policy", "rule", "device", "router", "cache", "station"};
	const char *text = json_string_value(value);
	unsigned a, b, c, d, len;
	char end;

	if (json_is_integer(value))
		return json_integer(show_number(key));
	if (text && sscanf(text, "%u.%u.%u.%u/%u%c", &a, &b, &c, &d, &len, &end) == 5)
		return json_string("255.255.255.255/32");
	if (text && sscanf(text, "%u.%u.%u.%u%c", &a, &b, &c, &d, &end) == 4)
		return json_string("255.255.255.255");
	for (size_t i = 0; text && i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(key, names[i]) == 0)
			return json_string("a-name-as-long-as-one-might-think-of-for-a-thing");
	return json_deep_copy(value);
}

static json_t *show_inflated(const char *key, const json_t *value)
{
	json_t *made, *each;
	const char *name;
	size_t i;

	if (json_is_object(value)) {
		made = json_object();
		json_object_foreach((json_t *)value, name, each)
			json_object_set_new(made, name, show_inflated(name, each));
		return made;
	}
	if (!json_is_array(value))
		return show_worst(key, value);
	made = json_array();
	json_array_foreach(value, i, each) json_array_append_new(made, show_inflated(key, each));
	return made;
}

static void show_check_worst(const char *file)
{
	json_t *answer = json_load_file(file, 0, NULL), *worst = show_inflated("", answer);
	char *said = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&said, &len);

	show_renderer(file)(worst, out);
	fclose(out);
	char *folded = NULL;
	FILE *again = open_memstream(&folded, &len);
	cli_print_folded(said, again);
	fclose(again);
	cr_expect_leq(show_width(folded), CLI_WIDTH, "%s:\n%s", file, folded);
	free(folded);
	free(said);
	json_decref(worst);
	json_decref(answer);
}

Test(cli_show, names_and_numbers_of_any_length_fit_a_terminal)
{
	const char *src = getenv("RAVELIN_SRCDIR");
	char path[1024];
	glob_t g;

	snprintf(path, sizeof(path), "%s/tests/unit/cli/golden", src ? src : ".");
	cr_assert_eq(chdir(path), 0, "%s", path);
	cr_assert_eq(glob("*.json", 0, NULL, &g), 0);
	cr_expect_geq(g.gl_pathc, SHOW_GOLDEN_AT_LEAST);
	for (size_t i = 0; i < g.gl_pathc; i++)
		if (strncmp(g.gl_pathv[i], "log", 3) != 0)
			show_check_worst(g.gl_pathv[i]);
	globfree(&g);
}

/* What is not there is "-", whatever else the answer holds instead: a renderer must not fall over another version. */
Test(cli_show, an_answer_of_other_types_is_survived)
{
	static const char *const answers[] = {"[]", "{\"peers\": [[], 1, null, {\"name\": {}}]}",
		"{\"routes\": [{}], \"vrfs\": [{\"routes\": [null]}], \"tables\": [1, "
		"{\"candidates\": [3, {}]}], \"ports\": [{\"mpls\": 3}], "
		"\"drops\": [2, "
		"{}], "
		"\"pools\": {}}"};
	static const char *const names[] = {"summary", "neighbors", "vpnv4", "ipv4", "vrf", "mpls",
		"explain", "guard", "drops", "memory", "version"};
	FILE *out = fopen("/dev/null", "we");

	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
		json_t *answer = json_loads(answers[i], 0, NULL);
		for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++)
			show_renderer(names[k])(answer, out);
		json_decref(answer);
	}
	fclose(out);
}

Test(cli_show, durations)
{
	char s[32];

	cr_expect_str_eq(cli_duration(0, s), "0s");
	cr_expect_str_eq(cli_duration(59, s), "59s");
	cr_expect_str_eq(cli_duration(60, s), "1m00s");
	cr_expect_str_eq(cli_duration(3599, s), "59m59s");
	cr_expect_str_eq(cli_duration(3600, s), "1h00m");
	cr_expect_str_eq(cli_duration(86400 * 2 + 3600 * 3, s), "2d03h");
}
