/* /neighbors, /summary and /rib as looking glasses read them that were made for OpenBGPD's bgplgd. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/mgmt/handle.h"
#include "bgpd/mgmt/stream.h"
#include "bgpd/policy/hygiene.h"
#include "tests/support/bare.h"
#include "tests/support/route.h"

static const char yaml[] =
	"router: {name: rs, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"
	"neighbors:\n"
	"  - {address: 10.0.0.9, local-address: 10.0.0.1, as: 3320, families: [ipv4-unicast],\n"
	"     passive: true, route-server-client: true, import: accept-all, export: accept-all,\n"
	"     hygiene: true, name: nine}\n"
	"  - {address: 10.0.0.8, local-address: 10.0.0.1, as: 3356, families: [ipv4-unicast],\n"
	"     passive: true, import: accept-all, export: accept-all, name: eight}\n";

enum { NINE, EIGHT };

static void announce(struct bare *b, unsigned peer, unsigned prefix, uint32_t as)
{
	uint32_t path[1] = {as};
	struct test_attrs a;

	test_attrs_init(&a, 0x0a000009 - peer, path, 1);
	a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP);
	a.a.present &= ~WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
	bare_route(b, peer, 0, prefix, WIRE_LABEL_NONE, &a.a);
}

static void start(struct bare *b)
{
	bare_open(b, yaml, 1);
	bare_step(b, &(struct event){.kind = EV_START});
	bare_up(b, NINE);
	bare_up(b, EIGHT);
	bare_set_reachable(b, true);
	announce(b, NINE, 4, 3320);
	announce(b, EIGHT, 5, 3356);
}

static json_t *ask(const struct bare *b, const char *path, const char *query)
{
	struct mgmt_answer a = mgmt_handle(b->router, b->now_ms + 93784000, path, query);
	char whole[8192];
	size_t have = 0, len;
	const char *text;

	cr_assert_eq(a.status, 200, "%s", path);
	if (a.body)
		return a.body;
	for (bool more = true; more;) {
		more = mgmt_stream_step(a.stream, 1, &text, &len);
		cr_assert_lt(have + len, sizeof(whole));
		memcpy(whole + have, text, len);
		have += len;
	}
	mgmt_stream_free(a.stream);
	json_t *body = json_loadb(whole, have, JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(body, "%.*s", (int)have, whole);
	return body;
}

static const char *string(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "(no string)";
}

Test(bgplgd, neighbors_have_counts_that_are_numbers)
{
	static struct bare b;

	start(&b);
	json_t *all = ask(&b, "/neighbors", "");
	const json_t *list = json_object_get(all, "neighbors"), *n = json_array_get(list, 0);
	cr_assert_eq(json_array_size(list), 2);
	cr_expect_str_eq(string(n, "remote_as"), "3320");
	cr_expect_str_eq(string(n, "remote_addr"), "10.0.0.9");
	cr_expect_str_eq(string(n, "state"), "Established");
	cr_expect_str_eq(string(n, "last_updown"), "1d02h03m");
	const json_t *prefixes = json_object_get(json_object_get(n, "stats"), "prefixes");
	cr_expect(json_is_integer(json_object_get(prefixes, "received")));
	cr_expect_eq(json_integer_value(json_object_get(prefixes, "received")), 1);
	cr_expect_eq(json_integer_value(json_object_get(prefixes, "sent")), 1);
	json_decref(all);
	json_t *summary = ask(&b, "/summary", "");
	n = json_array_get(json_object_get(summary, "neighbors"), 1);
	cr_expect_str_eq(string(n, "remote_as"), "3356");
	cr_expect_null(json_object_get(n, "stats"));
	json_decref(summary);
	bare_fini(&b);
}

/* What the looking glass tells accepted routes from filtered ones by. */
Test(bgplgd, a_rejected_route_has_the_community_that_says_why)
{
	static struct bare b;

	start(&b);
	json_t *rib = ask(&b, "/rib", "neighbor=10.0.0.9");
	const json_t *list = json_object_get(rib, "rib"), *route = json_array_get(list, 0);
	cr_assert_eq(json_array_size(list), 1);
	cr_expect_str_eq(string(route, "prefix"), "10.0.4.0/24");
	cr_expect_str_eq(string(route, "aspath"), "3320");
	cr_expect_str_eq(string(json_object_get(route, "neighbor"), "remote_addr"), "10.0.0.9");
	cr_expect(json_is_integer(json_object_get(route, "localpref")));
	cr_expect(json_is_false(json_object_get(route, "best")));
	const json_t *large = json_object_get(route, "large_communities");
	cr_assert_eq(json_array_size(large), 1);
	cr_expect_str_eq(json_string_value(json_array_get(large, 0)), "65000:1101:3");
	json_decref(rib);
	rib = ask(&b, "/rib", "");
	list = json_object_get(rib, "rib");
	cr_assert_eq(json_array_size(list), 2);
	route = json_array_get(list, 1);
	cr_expect_str_eq(string(route, "prefix"), "10.0.5.0/24");
	cr_expect(json_is_true(json_object_get(route, "best")));
	cr_expect_eq(json_array_size(json_object_get(route, "large_communities")), 0);
	json_decref(rib);
	bare_fini(&b);
}

Test(bgplgd, a_neighbor_that_is_not_there)
{
	static struct bare b;

	start(&b);
	struct mgmt_answer a = mgmt_handle(b.router, b.now_ms, "/rib", "neighbor=10.0.0.1");
	cr_expect_eq(a.status, 404);
	cr_expect_str_eq(string(a.body, "error"), "there is no neighbor \"10.0.0.1\"");
	json_decref(a.body);
	a = mgmt_handle(b.router, b.now_ms, "/rib", "name=nine");
	cr_expect_eq(a.status, 400);
	json_decref(a.body);
	bare_fini(&b);
}
