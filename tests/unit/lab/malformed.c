/* What a router's answer to malformed input is worth: each verdict with its neighbours. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "lab/attacks/malformed.h"
#include "lab/attacks/malformed_case.h"
#include "lab/attacks/malformed_score.h"
#include "lab/attacks/variant.h"

#define UP(...)                                                                                    \
	{                                                                                          \
		.tried = true, .end = MALFORMED_UP, __VA_ARGS__                                    \
	}
#define RESET(c, s)                                                                                \
	{                                                                                          \
		.tried = true, .end = MALFORMED_RESET, .code = (c), .subcode = (s)                 \
	}
#define END(how)                                                                                   \
	{                                                                                          \
		.tried = true, .end = (how)                                                        \
	}

static const struct {
	const char *session, *also;
	struct malformed_seen seen;
	enum malformed_verdict verdict;
} rows[] = {
	{"kept", "", UP(.target = true, .marker = true), MALFORMED_AS_EXPECTED},
	{"kept", "", UP(.target = true), MALFORMED_WRONG}, /* deaf to what follows */
	{"kept", "", UP(.marker = true), MALFORMED_WRONG},
	{"kept", "", RESET(3, 1), MALFORMED_NEEDLESS_RESET},
	{"kept", "", END(MALFORMED_CLOSED), MALFORMED_NEEDLESS_RESET},
	{"withdrawn", "", UP(.marker = true), MALFORMED_AS_EXPECTED},
	{"withdrawn", "", UP(.target = true, .marker = true), MALFORMED_WRONG},
	{"withdrawn", "", UP(.target = false), MALFORMED_WRONG},
	{"withdrawn", "", RESET(3, 5), MALFORMED_NEEDLESS_RESET},
	{"refused", "", UP(.target = true, .marker = true), MALFORMED_AS_EXPECTED},
	{"refused", "", UP(.target = true, .marker = true, .other = true), MALFORMED_WRONG},
	{"refused", "", UP(.marker = true), MALFORMED_WRONG},
	{"reset 3/9", "", RESET(3, 9), MALFORMED_AS_EXPECTED},
	{"reset 3/9", "", RESET(3, 1), MALFORMED_AS_EXPECTED},
	{"reset 3/9", "", RESET(2, 9), MALFORMED_WRONG},
	{"reset 3/9", "", END(MALFORMED_CLOSED), MALFORMED_WRONG},
	{"reset 3/9", "", UP(.target = true, .marker = true), MALFORMED_WRONG},
	{"reset 1/2", "", RESET(1, 2), MALFORMED_AS_EXPECTED},
	{"reset 1/2", "", RESET(1, 3), MALFORMED_WRONG},
	{"reset 2/0", "", RESET(2, 4), MALFORMED_AS_EXPECTED},
	{"reset 2/4", "", RESET(2, 0), MALFORMED_WRONG},
	{"first reset 5/1", "", RESET(5, 1), MALFORMED_AS_EXPECTED},
	{"first reset 5/1", "", RESET(5, 0), MALFORMED_WRONG},
	{"closed", "", END(MALFORMED_CLOSED), MALFORMED_AS_EXPECTED},
	{"closed", "", RESET(6, 0), MALFORMED_WRONG},
	{"accepted", "", END(MALFORMED_ACCEPTED), MALFORMED_AS_EXPECTED},
	{"accepted", "", END(MALFORMED_SILENT), MALFORMED_WRONG},
	{"accepted", "", RESET(2, 0), MALFORMED_NEEDLESS_RESET},
	{"reset 2/0", "", END(MALFORMED_ACCEPTED), MALFORMED_WRONG},
	{"kept", "withdrawn", UP(.marker = true), MALFORMED_AS_EXPECTED},
	{"kept", "withdrawn", RESET(3, 1), MALFORMED_NEEDLESS_RESET},
	{"kept", "withdrawn, reset", RESET(3, 9), MALFORMED_AS_EXPECTED},
	{"kept", "withdrawn, reset 1/2", RESET(3, 9), MALFORMED_WRONG},
	{"accepted", "reset 2/0", RESET(2, 0), MALFORMED_AS_EXPECTED},
	{"reset 3/2", "withdrawn", UP(.marker = true), MALFORMED_AS_EXPECTED},
	{"kept", "withdrawn",
		{.tried = true, .end = MALFORMED_RESET, .code = 1, .subcode = 2, .too_long = true},
		MALFORMED_AS_EXPECTED},
	{"kept", "withdrawn", {.tried = true, .target = true, .marker = true, .too_long = true},
		MALFORMED_WRONG},
	{"reset 3/2", "",
		{.tried = true, .end = MALFORMED_RESET, .code = 3, .subcode = 2, .leaks = true},
		MALFORMED_WRONG},
};

Test(malformed, every_verdict_and_its_neighbours)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char seen[64];

		malformed_seen_print(&rows[i].seen, seen, sizeof seen);
		cr_expect_eq(malformed_score(rows[i].session, rows[i].also, &rows[i].seen),
			rows[i].verdict, "row %zu: %s%s%s, seen %s", i, rows[i].session,
			rows[i].also[0] ? " or " : "", rows[i].also, seen);
	}
}

Test(malformed, who_died_did_nothing_right)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct malformed_seen seen = rows[i].seen;

		seen.died = true;
		cr_expect_eq(
			malformed_score(rows[i].session, rows[i].also, &seen), MALFORMED_DEATH);
		seen.tried = false;
		cr_expect_eq(
			malformed_score(rows[i].session, rows[i].also, &seen), MALFORMED_DEATH);
	}
}

Test(malformed, what_was_not_tried_proves_nothing)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct malformed_seen seen = rows[i].seen;

		seen.tried = false;
		cr_expect_eq(
			malformed_score(rows[i].session, rows[i].also, &seen), MALFORMED_INVALID);
	}
}

/* Which of R01 to R87 there are. */
static void regression_mark(const char *words, bool has[88])
{
	for (const char *r = strchr(words, 'R'); r; r = strchr(r + 1, 'R')) {
		unsigned n;

		cr_assert(sscanf(r, "R%2u", &n) == 1 && n >= 1 && n <= 87, "%s", words);
		has[n] = true;
	}
}

Test(malformed, each_known_fault_is_a_case_or_says_why_not)
{
	struct malformed_cases cases = {0};
	const struct malformed_unsent *u;
	bool sent[88] = {0}, unsent[88] = {0};
	const char *src = getenv("RAVELIN_SRCDIR");
	char dir[512];

	snprintf(dir, sizeof dir, "%s/topologies/malformed", src ? src : ".");
	cr_assert(malformed_cases_load(&cases, dir));
	for (unsigned i = 0; i < cases.n; i++)
		regression_mark(cases.list[i].regression, sent);
	for (size_t i = 0; (u = malformed_unsent_at(i)); i++)
		regression_mark(u->id, unsent);
	for (unsigned n = 1; n <= 87; n++)
		cr_expect(sent[n] != unsent[n], "R%02u is %s", n, sent[n] ? "both" : "neither");
	malformed_cases_fini(&cases);
}

struct variants {
	char said[2048]; /* each as "name hex;" */
};

static void variant_say(const struct vector *v, void *arg)
{
	struct variants *o = arg;
	size_t at = strlen(o->said);

	at += (size_t)snprintf(o->said + at, sizeof o->said - at, "%s ", v->name);
	for (size_t i = 0; i < v->len; i++)
		at += (size_t)snprintf(o->said + at, sizeof o->said - at, "%02x", v->octets[i]);
	snprintf(o->said + at, sizeof o->said - at, ";");
}

/* Of an UPDATE in hex, with this outcome. */
static void variants_of(const char *hex, const char *expect, struct variants *o)
{
	struct vector *v = calloc(1, sizeof *v);

	snprintf(v->type, sizeof v->type, "update");
	snprintf(v->name, sizeof v->name, "x");
	snprintf(v->expect, sizeof v->expect, "%s", expect);
	v->len = (size_t)vector_parse_hex(hex, v->octets, sizeof v->octets);
	*o->said = 0;
	vector_variants(v, variant_say, o);
	free(v);
}

Test(malformed, a_fault_is_put_everywhere)
{
	struct variants o;

	variants_of("0000 000a 400102aabb 400200 4003 00 08 0a", "withdraw 3/5 attr 1", &o);
	cr_expect_str_eq(o.said, "", "attributes that overrun: %s", o.said);
	variants_of("0000 000b 400102aabb 400200 400300 080a", "withdraw 3/5 attr 1", &o);
	cr_expect_str_eq(o.said, "x@middle 0000000b400200400102aabb400300080a;"
				 "x@last 0000000b400200400300400102aabb080a;"
				 "x@length 0000000c50010002aabb400200400300080a;");
	variants_of("0000 000c 400200 50010002aabb 400300 080a", "withdraw 3/5 attr 1", &o);
	cr_expect_str_eq(o.said, "x@first 0000000c50010002aabb400200400300080a;"
				 "x@last 0000000c40020040030050010002aabb080a;"
				 "x@length 0000000b400200400102aabb400300080a;");
	variants_of("0000 0006 400200 400200 080a", "discard 3/1 attr 2", &o);
	cr_expect_str_eq(o.said, "", "two of them: %s", o.said);
	variants_of("0000 0003 400200 080a", "withdraw 3/3 attr 1", &o);
	cr_expect_str_eq(o.said, "", "none of it: %s", o.said);
	variants_of("0000 0003 400200 080a", "ok", &o);
	cr_expect_str_eq(o.said, "", "no fault: %s", o.said);
	variants_of("0000 0003 400200 080a", "withdraw 3/11 attr 2", &o);
	cr_expect_str_eq(o.said, "x@length 0000000450020000080a;");
	variants_of("0000", "withdraw 3/11 attr 2", &o);
	cr_expect_str_eq(o.said, "");
}

Test(malformed, cases_are_found_by_name_and_by_number)
{
	json_t *wanted =
		json_pack("[s, s, s, s]", "R26", "nlri-127/8", "origin-len0", "med-len3@first");
	struct malformed_cases cases = {.wanted = wanted};
	const char *src = getenv("RAVELIN_SRCDIR");
	char dir[512];

	snprintf(dir, sizeof dir, "%s/topologies/malformed", src ? src : ".");
	cr_assert(malformed_cases_load(&cases, dir));
	cr_assert_eq(cases.n, 4u);
	cr_expect_str_eq(cases.list[0].name, "origin-len0");
	cr_expect_str_eq(cases.list[1].name, "med-len3@first");
	cr_expect_str_eq(cases.list[2].other, "127.0.0.0/8");
	cr_expect_str_eq(cases.list[3].name, "mpunreach+nlri-no-mandatory");
	cr_expect_eq(cases.list[3].len, 19u + 4 + 10 + 4);
	cr_expect_eq(cases.list[3].octets[17], cases.list[3].len);
	malformed_cases_fini(&cases);
	json_decref(wanted);
}

Test(malformed, the_report_has_every_case_and_the_terminal_the_others)
{
	json_t *part = json_object(),
	       *good = json_pack("{s:s, s:s, s:s}", "ev", "malformed", "name", "good", "verdict",
		       "as expected"),
	       *bad = json_pack(
		       "{s:s, s:s, s:s}", "ev", "malformed", "name", "bad", "verdict", "death"),
	       *end = json_pack("{s:s, s:s, s:{s:i, s:i}}", "ev", "malformed", "dut", "bird",
		       "totals", "cases", 2, "deaths", 1);
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	malformed_tell(part, good, f);
	malformed_tell(part, bad, f);
	malformed_tell(part, end, f);
	fclose(f);
	cr_expect_eq(json_array_size(json_object_get(part, "cases")), 2u);
	cr_expect_str_eq(json_string_value(json_object_get(part, "dut")), "bird");
	cr_expect_not(strstr(text, "good"));
	cr_expect(strstr(text, "death") && strstr(text, "bad") && strstr(text, "1 deaths"));
	free(text);
	json_decref(part);
	json_decref(good);
	json_decref(bad);
	json_decref(end);
}
