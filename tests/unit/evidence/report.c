/* Events become the report; those that make no sense are counted and do nothing. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "lab/evidence/group.h"
#include "tests/support/attacks.h"

static struct evidence_report r;

static void setup(void)
{
	attacks_sample(&r);
}

static void teardown(void)
{
	evidence_report_fini(&r);
}

TestSuite(report, .init = setup, .fini = teardown);

static const json_t *attack(size_t i)
{
	return json_array_get(json_object_get(r.json, "attacks"), i);
}

static json_int_t total(const char *verdict)
{
	return json_integer_value(json_object_get(json_object_get(r.json, "totals"), verdict));
}

Test(report, what_is_told_is_there)
{
	const json_t *reach = json_object_get(r.json, "reachability");

	cr_expect_eq(r.refused, 0);
	cr_expect_str_eq(evidence_text(r.json, "schema"), EVIDENCE_SCHEMA);
	cr_expect_str_eq(evidence_text(json_object_get(r.json, "run"), "kernel"), "6.1.0");
	cr_expect_eq(json_array_size(json_object_get(r.json, "walk")), 1);
	cr_expect_eq(json_array_size(json_object_get(reach, "sites")), 2);
	cr_expect_eq(json_array_size(json_object_get(reach, "cells")), 1);
	cr_expect_eq(json_array_size(json_object_get(r.json, "attacks")), 5);
	cr_expect_str_eq(evidence_text(attack(0), "id"), "LBL-01");
	cr_expect_null(json_object_get(attack(0), "ev"), "of the event, not of the row");
	cr_expect_null(json_object_get(json_object_get(r.json, "run"), "t"));
}

Test(report, totals_are_counted)
{
	static const char *const verdicts[] = {"held", "fell", "invalid", "skipped", "not_yet"};

	evidence_report_end(&r);
	for (size_t i = 0; i < 5; i++)
		cr_expect_eq(total(verdicts[i]), 1, "%s", verdicts[i]);
}

Test(report, a_row_told_again_takes_its_place)
{
	attacks_tell(&r, "{'ev':'attack','id':'LBL-02','group':'LBL','verdict':'held'}");
	evidence_report_end(&r);
	cr_expect_eq(json_array_size(json_object_get(r.json, "attacks")), 5);
	cr_expect_str_eq(evidence_text(attack(1), "verdict"), "held");
	cr_expect_eq(total("held"), 2);
	cr_expect_eq(total("fell"), 0);
}

Test(report, a_launch_told_again_replaces_its_frames)
{
	unsigned n = 0;

	cr_assert_eq(r.n_packets, 4);
	for (size_t i = 0; i < r.n_packets; i++)
		n += r.packet[i].control;
	cr_expect_eq(n, 2);
	cr_expect_str_eq(r.packet[2].port, "ce-b1:eth1");
	cr_expect_eq(r.packet[2].whole, 9000);
	cr_expect_eq(r.packet[2].stimulus, 1);
}

Test(report, malformed_input_is_a_part)
{
	const json_t *m = json_object_get(r.json, "malformed");

	cr_expect_eq(json_array_size(json_object_get(m, "cases")), 2);
	cr_expect_str_eq(evidence_text(m, "dut"), "ravelin");
	cr_expect_eq(json_integer_value(json_object_get(json_object_get(m, "totals"), "cases")), 2);
}

Test(report, the_first_that_broke_is_why)
{
	attacks_tell(&r, "{'ev':'broken','node':'pe1','what':'bgpd','output':'no such file'}");
	attacks_tell(&r, "{'ev':'broken','node':'pe2','what':'zebra','output':''}");
	cr_expect_str_eq(evidence_text(json_object_get(r.json, "run"), "broken"),
		"pe1: bgpd failed: no such file");
}

Test(report, nonsense_is_counted_and_left_out)
{
	static const char *const rows[] = {"{'ev':'attack'}", "{'ev':'attack','id':'../../x'}",
		"{'ev':'attack','id':'lbl-01'}", "{'ev':'attack','id':''}",
		"{'ev':'attack','id':'A234567890123456789012345678901X'}",
		"{'ev':'sights','attack':'a/b','phase':'control'}",
		"{'ev':'packet','attack':'/etc','us':1,'whole':3,'octets':'AAAA'}",
		"{'ev':'packet','attack':'X-1','us':1,'whole':3,'octets':'AAA'}",
		"{'ev':'packet','attack':'X-1','us':1,'whole':2,'octets':'AAAA'}",
		"{'ev':'packet','attack':'X-1','us':-1,'whole':3,'octets':'AAAA'}",
		"{'ev':'packet','attack':'X-1','us':1,'whole':4294967296,'octets':'AAAA'}"};
	size_t n = sizeof rows / sizeof *rows;
	json_t *before = json_deep_copy(r.json);

	for (size_t i = 0; i < n; i++)
		attacks_tell(&r, rows[i]);
	cr_expect_eq(r.refused, n);
	cr_expect_eq(r.n_packets, 4);
	cr_expect(json_equal(before, r.json));
	json_decref(before);
	evidence_report_end(&r);
	cr_expect_eq(json_integer_value(json_object_get(json_object_get(r.json, "run"), "refused")),
		(json_int_t)n);
}

Test(report, other_events_are_not_ours)
{
	json_t *e = json_pack("{s:s}", "ev", "note");

	cr_expect_not(evidence_report_event(&r, e));
	cr_expect_eq(r.refused, 0);
	json_decref(e);
}

Test(report, rows_are_in_the_catalogues_order)
{
	static const char *const told[] = {
		"L2-01", "RTG-12B", "LBL-21", "RTG-12", "XYZ-01", "LBL-03", "RTG-2", "LBL-01"};
	static const char *const want[] = {
		"LBL-03", "LBL-21", "RTG-2", "RTG-12", "RTG-12B", "L2-01", "XYZ-01", "LBL-01"};
	json_t *rows = json_array();

	for (size_t i = 0; i < 8; i++)
		json_array_append_new(rows,
			json_pack("{s:s, s:s#, s:s}", "id", told[i], "group", told[i],
				strcspn(told[i], "-"), "verdict", i == 7 ? "not_yet" : "held"));
	evidence_group_sort(rows);
	cr_assert_eq(json_array_size(rows), 8);
	for (size_t i = 0; i < 8; i++)
		cr_expect_str_eq(evidence_text(json_array_get(rows, i), "id"), want[i]);
	json_decref(rows);
}
