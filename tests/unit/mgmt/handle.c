/*
 * Every path of the API over a router that has sessions and routes: golden/NAME.json, compared octet by octet.
 * RAVELIN_BLESS=1 rewrites them: read the diff.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/mgmt/handle.h"
#include "bgpd/mgmt/stream.h"
#include "tests/unit/mgmt/router.h"

static void handle_path(const char *name, char *out, size_t cap)
{
	const char *src = getenv("RAVELIN_SRCDIR");

	snprintf(out, cap, "%s/tests/unit/mgmt/golden/%s.json", src ? src : ".", name);
}

static void handle_compare(const char *name, const char *got)
{
	char path[1024], *want = calloc(1, 65536);

	handle_path(name, path, sizeof(path));
	if (getenv("RAVELIN_BLESS")) {
		FILE *f = fopen(path, "we");
		cr_assert_not_null(f, "%s", path);
		fputs(got, f);
		fclose(f);
	}
	FILE *f = fopen(path, "re");
	cr_assert_not_null(f, "%s", path);
	want[fread(want, 1, 65535, f)] = '\0';
	fclose(f);
	cr_expect_str_eq(got, want, "%s", name);
	free(want);
}

/* The body, whole, however it comes: a caller's reference. */
static json_t *handle_body(struct mgmt_answer *a)
{
	static char whole[65536];
	size_t have = 0, len;
	const char *text;
	bool more = true;

	if (a->body)
		return a->body;
	while (more) {
		more = mgmt_stream_step(a->stream, 1, &text, &len);
		cr_assert_lt(have + len, sizeof(whole));
		memcpy(whole + have, text, len);
		have += len;
	}
	mgmt_stream_free(a->stream);
	json_t *body = json_loadb(whole, have, JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(body, "%.*s", (int)have, whole);
	return body;
}

static void handle_check(struct mgmt_bed *b, const char *name, const char *path, const char *query)
{
	struct mgmt_answer a = mgmt_handle(b->r, b->now_ms, path, query);
	json_t *body = handle_body(&a);
	char *text = json_dumps(body, JSON_INDENT(1));
	char whole[65536];

	snprintf(whole, sizeof(whole), "%s\n", text);
	cr_expect_eq(a.status, 200, "%s: %s", path, text);
	handle_compare(name, whole);
	free(text);
	json_decref(body);
}

Test(mgmt, answers_of_a_running_router)
{
	struct mgmt_bed b;

	mgmt_bed_init(&b);
	mgmt_bed_run(&b);
	handle_check(&b, "summary", "/v1/bgp/summary", "");
	handle_check(&b, "neighbors", "/v1/bgp/neighbors", NULL);
	handle_check(&b, "neighbors-ce-a1", "/v1/bgp/neighbors", "name=ce%2Da1");
	handle_check(&b, "neighbors-by-address", "/v1/bgp/neighbors", "name=10.255.0.4");
	handle_check(&b, "received-pe2", "/v1/bgp/neighbors/received", "name=pe2");
	handle_check(&b, "advertised-pe2", "/v1/bgp/neighbors/advertised", "name=pe2");
	handle_check(&b, "received-ce-a1", "/v1/bgp/neighbors/received",
		"name=ce-a1&prefix=172.16.1.0/24");
	handle_check(&b, "advertised-ce-a1", "/v1/bgp/neighbors/advertised", "name=ce-a1");
	handle_check(&b, "vpnv4", "/v1/bgp/vpnv4", "");
	handle_check(&b, "vpnv4-prefix", "/v1/bgp/vpnv4", "prefix=172.16.3.0/24");
	handle_check(&b, "vpnv4-no-such-prefix", "/v1/bgp/vpnv4", "prefix=172.16.3.0%2F25");
	handle_check(&b, "vrf", "/v1/vrf", "");
	handle_check(&b, "vrf-b", "/v1/vrf", "name=vrf-b");
	handle_check(&b, "bgp-vrf", "/v1/bgp/vrf", "vrf=vrf-a");
	handle_check(&b, "bgp-vrf-prefix", "/v1/bgp/vrf", "vrf=vrf-a&prefix=172.16.1.0/24");
	handle_check(&b, "explain-ce", "/v1/bgp/explain", "prefix=172.16.1.0/24&vrf=vrf-a");
	handle_check(&b, "explain-imported", "/v1/bgp/explain", "prefix=172.16.3.0/24&vrf=vrf-b");
	handle_check(&b, "explain-core", "/v1/bgp/explain", "prefix=172.16.2.0/24");
	handle_check(&b, "explain-connected", "/v1/bgp/explain", "prefix=192.168.1.0/30&vrf=vrf-b");
	handle_check(&b, "explain-covered", "/v1/bgp/explain", "prefix=172.16.1.128/25&vrf=vrf-a");
	handle_check(&b, "explain-nothing", "/v1/bgp/explain", "prefix=2001:db8::/32");
	handle_check(&b, "mpls", "/v1/mpls", "");
	handle_check(&b, "guard", "/v1/guard", "");
	handle_check(&b, "guard-eth2", "/v1/guard", "name=eth2");
	handle_check(&b, "guard-drops", "/v1/guard/drops", "");
	handle_check(&b, "index", "/v1", "");
	mgmt_bed_fini(&b);
}

Test(mgmt, answers_of_a_router_that_has_not_begun)
{
	struct mgmt_bed b;

	mgmt_bed_init(&b);
	handle_check(&b, "new-summary", "/v1/bgp/summary", "");
	handle_check(&b, "new-vpnv4", "/v1/bgp/vpnv4", "");
	handle_check(&b, "new-mpls", "/v1/mpls", "");
	handle_check(&b, "new-guard", "/v1/guard", "");
	handle_check(&b, "new-guard-drops", "/v1/guard/drops", "");
	mgmt_bed_fini(&b);
}

/* Sizes are the compiler's business: only what must hold. */
Test(mgmt, memory_counts_what_is_alive)
{
	struct mgmt_bed b;
	size_t i;
	json_t *pool;
	json_int_t live = 0;

	mgmt_bed_init(&b);
	mgmt_bed_run(&b);
	struct mgmt_answer a = mgmt_handle(b.r, b.now_ms, "/v1/memory", "");
	cr_assert_eq(a.status, 200);
	json_array_foreach(json_object_get(a.body, "pools"), i, pool)
	{
		json_int_t now = json_integer_value(json_object_get(pool, "live"));
		live += now;
		cr_expect_geq(json_integer_value(json_object_get(pool, "peak")), now);
		cr_expect_not_null(json_string_value(json_object_get(pool, "name")));
	}
	cr_expect_geq(live, 8);
	json_decref(a.body);
	mgmt_bed_fini(&b);
}

Test(mgmt, bad_questions_are_answered_with_what_to_do)
{
	static const struct {
		const char *path, *query;
		int status;
		const char *says;
	} rows[] = {
		{"/v1/no-such-one", "", 404, "no path \"/v1/no-such-one\"; /v1 lists them"},
		{"/v1/bgp/sumary", "", 404, "no such path; did you mean /v1/bgp/summary?"},
		{"", "", 404, "no path \"\"; /v1 lists them"},
		{"/v1/vrf/", "", 404, "no such path; did you mean /v1/vrf?"},
		{"/v1/vrf", "name=vrf-c", 404,
			"there is no \"vrf-c\"; ask without a name to see all"},
		{"/v1/vrf", "name=", 400, "query \"name=\" is not name=NAME"},
		{"/v1/vrf", "vrf=a", 400, "query \"vrf=a\" is not name=NAME"},
		{"/v1/vrf", "name=a&name=b", 400, "query \"name=a&name=b\" is not name=NAME"},
		{"/v1/vrf", "name=%", 400, "query \"name=%\" is not name=NAME"},
		{"/v1/vrf", "name=%4", 400, "query \"name=%4\" is not name=NAME"},
		{"/v1/vrf", "name=%zz", 400, "query \"name=%zz\" is not name=NAME"},
		{"/v1/vrf", "name=a%00b", 400, "query \"name=a%00b\" is not name=NAME"},
		{"/v1/vrf", "name=%1b%5b2J", 404,
			"there is no \"\\x1b[2J\"; ask without a name to see all"},
		{"/v1/vrf", "name=%e9", 404,
			"there is no \"\\xe9\"; ask without a name to see all"},
		{"/v1/bgp/neighbors/received", "", 400,
			"query \"\" is not name=NEIGHBOR or name=NEIGHBOR&prefix=PREFIX"},
		{"/v1/bgp/neighbors/advertised", "name=pe9", 404,
			"there is no neighbor \"pe9\"; /v1/bgp/summary lists them"},
		{"/v1/bgp/vpnv4", "name=x", 400, "query \"name=x\" is not prefix=PREFIX"},
		{"/v1/bgp/vpnv4", "prefix=10.0.0.1", 400,
			"\"10.0.0.1\" is no prefix; write it as 192.0.2.0/24"},
		{"/v1/bgp/vpnv4", "prefix=10.0.0.1/8", 400,
			"\"10.0.0.1/8\" is no prefix; write it as 192.0.2.0/24"},
		{"/v1/bgp/ipv4", "", 404, "no core neighbor speaks this family"},
		{"/v1/bgp/explain", "", 400,
			"query \"\" is not prefix=PREFIX or prefix=PREFIX&vrf=NAME"},
		{"/v1/bgp/explain", "prefix=10.0.0.0/8&vfr=a", 400,
			"query \"prefix=10.0.0.0/8&vfr=a\" is not prefix=PREFIX or "
			"prefix=PREFIX&vrf=NAME"},
		{"/v1/bgp/explain", "prefix=10.0.0.0/8&vrf=vrf-c", 404,
			"there is no VRF \"vrf-c\"; /v1/vrf lists them"},
		{"/v1/bgp/vpnv4", "prefix=10.0.0.0/8&vrf=vrf-a", 400,
			"query \"prefix=10.0.0.0/8&vrf=vrf-a\" is not prefix=PREFIX"},
		{"/v1/mpls", "name=eth1", 400, "this path takes no query; leave \"name=eth1\" out"},
	};
	struct mgmt_bed b;

	mgmt_bed_init(&b);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mgmt_answer a = mgmt_handle(b.r, b.now_ms, rows[i].path, rows[i].query);
		const char *says = json_string_value(json_object_get(a.body, "error"));
		cr_expect_eq(a.status, rows[i].status, "%s?%s: %d", rows[i].path, rows[i].query,
			a.status);
		cr_expect_str_eq(says ? says : "", rows[i].says);
		json_decref(a.body);
	}
	char query[512] = "name=";
	memset(query + 5, 'x', 400);
	struct mgmt_answer a = mgmt_handle(b.r, b.now_ms, "/v1/vrf", query);
	cr_expect_eq(a.status, 400);
	json_decref(a.body);
	mgmt_bed_fini(&b);
}

Test(mgmt, only_paths_with_counters_want_them_fresh)
{
	cr_expect(mgmt_wants_stats("/v1/mpls"));
	cr_expect(mgmt_wants_stats("/v1/bgp/summary"));
	cr_expect_not(mgmt_wants_stats("/v1/bgp/vpnv4"));
	cr_expect_not(mgmt_wants_stats("/v1/nothing"));
}
