/* What becomes of a POST: events for those who can follow, or an error that says why not. */
#include <criterion/criterion.h>
#include <string.h>

#include "bgpd/mgmt/act.h"
#include "bgpd/wire/family.h"
#include "tests/unit/mgmt/router.h"

static char *order_body(const struct mgmt_answer *a)
{
	return json_dumps(a->body, JSON_COMPACT);
}

Test(act, is_for_those_that_are_named)
{
	static const struct {
		const char *path, *query, *body;
		enum event_admin admin;
		unsigned n;
		uint32_t families;
		const char *text;
	} rows[] = {
		{"reset", "name=pe2", "{\"order\":\"reset\",\"peers\":[\"pe2\"]}", ADMIN_RESET, 1,
			0, NULL},
		{"reset", "name=all&text=caf%C3%A9", NULL, ADMIN_RESET, 3, 0, "caf\xc3\xa9"},
		{"shutdown", "text=x&name=192.168.1.2", NULL, ADMIN_SHUTDOWN, 1, 0, "x"},
		{"refresh-in", "name=pe2&family=vpnv4", NULL, ADMIN_REFRESH_IN, 1,
			WIRE_FAMILY_BIT(WIRE_VPNV4), NULL},
		/* ce-a1 does not take ROUTE-REFRESH, pe3 has no session */
		{"refresh-in", "name=all", NULL, ADMIN_REFRESH_IN, 1, 0, NULL},
		{"refresh-out", "name=all", NULL, ADMIN_REFRESH_OUT, 2, 0, NULL},
		{"enable", "name=all", "{\"order\":\"enable\",\"peers\":[]}", ADMIN_ENABLE, 0, 0,
			NULL},
		{"graceful-shutdown-on", "name=all", NULL, ADMIN_GRACEFUL_ON, 3, 0, NULL},
	};
	struct mgmt_bed b;

	mgmt_bed_init(&b);
	mgmt_bed_run(&b);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mgmt_act o;
		char path[64];
		snprintf(path, sizeof(path), "/v1/bgp/neighbors/%s", rows[i].path);
		struct mgmt_answer a = mgmt_act_parse(b.r, path, rows[i].query, &o);
		char *body = order_body(&a);
		cr_expect(a.status == 200 && o.n_peers == rows[i].n, "%s?%s: %d %s", path,
			rows[i].query, a.status, body);
		if (rows[i].body)
			cr_expect_str_eq(body, rows[i].body);
		for (unsigned k = 0; k < o.n_peers; k++) {
			struct event ev = mgmt_act_event(&o, k);
			cr_expect(ev.kind == EV_ADMIN && ev.admin == rows[i].admin &&
				  ev.families == rows[i].families && ev.peer < 3);
			cr_expect_eq(ev.text == NULL, rows[i].text == NULL);
			if (rows[i].text)
				cr_expect_str_eq(ev.text, rows[i].text);
		}
		free(body);
		json_decref(a.body);
		mgmt_act_fini(&o);
	}
	mgmt_bed_fini(&b);
}

Test(act, that_cannot_be_carried_out_says_why)
{
	static char big[1200];
	static const struct {
		int status;
		const char *path, *query, *said;
	} rows[] = {
		{404, "/v1/bgp/neighbors/explode", "name=pe2", "no order"},
		{404, "/v1/bgp/summary", "", "no order"},
		{404, "/v1/bgp/neighbors/reset", "name=pe9", "no neighbor"},
		{400, "/v1/bgp/neighbors/reset", "", "name=NAME is missing"},
		{400, "/v1/bgp/neighbors/reset", "text=x", "name=NAME is missing"},
		{400, "/v1/bgp/neighbors/reset", "name=pe2&family=vpnv4",
			"is not name=NAME or text"},
		{400, "/v1/bgp/neighbors/enable", "name=pe2&text=x", "is not name=NAME"},
		{400, "/v1/bgp/neighbors/reset", "name=pe2&text=%ff", "UTF-8"},
		{400, "/v1/bgp/neighbors/reset", big, "at most 255"},
		{400, "/v1/bgp/neighbors/refresh", "name=pe2&family=evpn", "no family"},
		{409, "/v1/bgp/neighbors/refresh", "name=pe3", "has no session"},
		{409, "/v1/bgp/neighbors/refresh-in", "name=ce-a1", "ROUTE-REFRESH"},
		{409, "/v1/bgp/neighbors/refresh-in", "name=ce-a1&family=ipv4-unicast",
			"ROUTE-REFRESH"},
		{409, "/v1/bgp/neighbors/refresh", "name=pe2&family=ipv4-unicast",
			"with that family"},
		{409, "/v1/bgp/neighbors/enable", "name=pe2", "enabled already"},
		{409, "/v1/bgp/neighbors/graceful-shutdown-off", "name=pe2", "is not told"},
	};
	struct mgmt_bed b;

	snprintf(big, sizeof(big), "name=pe2&text=");
	memset(big + strlen(big), 'x', 256);
	mgmt_bed_init(&b);
	mgmt_bed_run(&b);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mgmt_act o;
		struct mgmt_answer a = mgmt_act_parse(b.r, rows[i].path, rows[i].query, &o);
		char *body = order_body(&a);
		cr_expect(a.status == rows[i].status && strstr(body, rows[i].said),
			"row %zu: %d %s", i, a.status, body);
		free(body);
		json_decref(a.body);
		mgmt_act_fini(&o);
	}
	mgmt_bed_fini(&b);
}
