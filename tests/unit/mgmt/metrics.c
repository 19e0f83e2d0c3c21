/* /metrics: the syntax of OpenMetrics 1.0, line by line, and what the router's life left in it. */
#include "bgpd/mgmt/metrics.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/mgmt/handle.h"
#include "tests/unit/mgmt/router.h"

static bool has(const char *text, const char *line)
{
	const char *at = strstr(text, line);
	size_t n = strlen(line);

	while (at && !((at == text || at[-1] == '\n') && at[n] == '\n'))
		at = strstr(at + 1, line);
	return at != NULL;
}

/* {name="value",...}; returns what follows, NULL if it is malformed. */
static const char *labels_skip(const char *p)
{
	if (*p != '{')
		return p;
	for (p++;; p++) {
		size_t n = strspn(p, "abcdefghijklmnopqrstuvwxyz_");
		if (!n || strncmp(p + n, "=\"", 2) != 0)
			return NULL;
		for (p += n + 2; *p && *p != '"' && *p != '\n'; p++)
			if (*p == '\\' && !strchr("\\\"n", *++p))
				return NULL;
		if (*p++ != '"' || (*p != ',' && *p != '}'))
			return NULL;
		if (*p == '}')
			return p + 1;
	}
}

static bool sample_is_good(const char *p, const char *family, size_t len)
{
	if (strncmp(p, family, len) != 0)
		return false;
	p += len;
	p += strspn(p, "_abcdefghijklmnopqrstuvwxyz");
	p = labels_skip(p);
	if (!p || *p != ' ')
		return false;
	size_t digits = strspn(p + 1, "0123456789");
	return digits > 0 && p[1 + digits] == '\n';
}

/* # TYPE, # HELP, samples of that family and of no other, each family once, # EOF. */
static void syntax_check(const char *text)
{
	const char *family = NULL, *line = text, *end;
	size_t len = 0;
	unsigned families = 0;

	for (; (end = strchr(line, '\n')) && strcmp(line, "# EOF\n") != 0; line = end + 1) {
		if (strncmp(line, "# TYPE ", 7) == 0) {
			family = line + 7;
			len = strcspn(family, " ");
			families++;
			char again[128];
			snprintf(again, sizeof(again), "# TYPE %.*s ", (int)len, family);
			cr_expect_null(strstr(end, again), "%s twice", again);
		} else if (strncmp(line, "# HELP ", 7) == 0) {
			cr_expect_eq(strncmp(line + 7, family, len), 0);
		} else {
			cr_expect(
				sample_is_good(line, family, len), "%.*s", (int)(end - line), line);
		}
	}
	cr_expect_str_eq(line, "# EOF\n");
	cr_expect_geq(families, 15u);
}

Test(metrics, of_a_running_router)
{
	struct mgmt_bed b;
	size_t len;

	mgmt_bed_init(&b);
	mgmt_bed_run(&b);
	char *text = mgmt_metrics(b.r, &len);
	cr_assert_eq(strlen(text), len);
	syntax_check(text);
	static const char *const lines[] = {
		"# TYPE ravelin_guard_packets counter",
		"ravelin_guard_packets_total{port=\"eth2\",vrf=\"vrf-a\",reason=\"pass\"} 1000",
		"ravelin_guard_packets_total{port=\"eth2\",vrf=\"vrf-a\",reason=\"mpls_not_"
		"enabled\"} 7",
		"ravelin_guard_packets_total{port=\"eth2\",vrf=\"vrf-a\",reason=\"gtsm\"} 0",
		"ravelin_guard_rule_packets_total{port=\"eth2\",acl=\"customer-a\",ace=\"no-"
		"telnet\","
		"action=\"drop\"} 3",
		"ravelin_guard_port_open{port=\"eth2\"} 1",
		"ravelin_guard_port_open{port=\"eth3\"} 0",
		"ravelin_guard_drifts_total{port=\"eth3\"} 2",
		"ravelin_guard_unknown_ports 1",
		"ravelin_guard_samples_total 2",
		"ravelin_mpls_rx_packets_total{port=\"eth2\"} 7",
		"ravelin_tcp_md5_refused_total{why=\"failure\"} 103",
		"ravelin_bgp_session_up{peer=\"pe2\",vrf=\"\"} 1",
		"ravelin_bgp_session_up{peer=\"pe3\",vrf=\"\"} 0",
		"ravelin_bgp_prefixes_received{peer=\"ce-a1\",vrf=\"vrf-a\"} 1",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		cr_expect(has(text, lines[i]), "%s", lines[i]);
	free(text);
	mgmt_bed_fini(&b);
}

Test(metrics, have_a_path_and_a_type_of_their_own)
{
	struct mgmt_bed b;

	mgmt_bed_init(&b);
	struct mgmt_answer a = mgmt_handle(b.r, b.now_ms, "/metrics", "");
	cr_assert(a.status == 200 && a.text && !a.body && !a.stream);
	cr_expect_str_eq(a.type, "application/openmetrics-text; version=1.0.0; charset=utf-8");
	cr_expect(mgmt_wants_stats("/metrics"));
	syntax_check(a.text);
	free(a.text);
	mgmt_bed_fini(&b);
}

Test(metrics, values_of_labels_are_escaped)
{
	char out[16];

	cr_expect_str_eq(mgmt_metrics_escape("a\"b\\c\nd", out, sizeof(out)), "a\\\"b\\\\c\\nd");
	cr_expect_str_eq(mgmt_metrics_escape("\"\"\"\"", out, 6), "\\\"\\\"", "never half of one");
	cr_expect_str_eq(mgmt_metrics_escape("", out, 1), "");
}
