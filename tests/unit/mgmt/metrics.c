/* /metrics: the syntax of OpenMetrics 1.0, line by line, and what the router's life left in it. */
#include "bgpd/mgmt/metrics.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/core/state.h"
#include "bgpd/mgmt/handle.h"
#include "bgpd/mgmt/stream.h"
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
	size_t digits = strspn(p + 1, "0123456789.");
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
		} else if (strncmp(line, "# HELP ", 7) == 0 || strncmp(line, "# UNIT ", 7) == 0) {
			cr_expect_eq(strncmp(line + 7, family, len), 0);
		} else {
			cr_expect(
				sample_is_good(line, family, len), "%.*s", (int)(end - line), line);
		}
	}
	cr_expect_str_eq(line, "# EOF\n");
	cr_expect_geq(families, 15u);
}

static struct mgmt_stream *ask(struct mgmt_bed *b)
{
	struct mgmt_answer a = mgmt_handle(b->r, b->now_ms, "/metrics", "");

	cr_assert(a.status == 200 && a.stream && !a.text && !a.body);
	mgmt_stream_set_vitals(a.stream, &(struct mgmt_vitals){.wall_s = 5000,
						 .started_s = 4000,
						 .cpu_us = 1234567,
						 .resident_peak = 4096,
						 .reloads = 2,
						 .refused = 1});
	return a.stream;
}

/* The whole, made with so much at a time. *longest: piece. */
static char *gather(struct mgmt_stream *s, unsigned budget, size_t *longest)
{
	char *all = calloc(1, 1);
	size_t n = 0, len;
	const char *piece;
	bool more = true;

	*longest = 0;
	while (more) {
		more = mgmt_stream_step(s, budget, &piece, &len);
		all = realloc(all, n + len + 1);
		cr_assert(all != NULL);
		if (len)
			memcpy(all + n, piece, len);
		n += len;
		all[n] = '\0';
		*longest = len > *longest ? len : *longest;
	}
	mgmt_stream_free(s);
	return all;
}

#define PE2                                                                                        \
	"vrf=\"default\",local_as=\"65000\",peer=\"10.255.0.3\",peer_as=\"65000\",peer_desc="      \
	"\"pe2\""
#define CE_A1                                                                                      \
	"vrf=\"vrf-a\",local_as=\"65000\",peer=\"192.168.1.2\",peer_as=\"65101\",peer_desc=\"ce-"  \
	"a1\""

Test(metrics, of_a_running_router)
{
	struct mgmt_bed b;
	size_t longest;

	mgmt_bed_init(&b);
	mgmt_bed_run(&b);
	char *text = gather(ask(&b), MGMT_STREAM_BUDGET, &longest);
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
		"ravelin_guard_port_open{port=\"eth2\",vrf=\"vrf-a\",role=\"access\"} 1",
		"ravelin_guard_port_open{port=\"eth3\",vrf=\"vrf-b\",role=\"access\"} 0",
		"ravelin_guard_drifts_total{port=\"eth3\"} 2",
		"ravelin_guard_unknown_ports 1",
		"ravelin_guard_samples_total 2",
		"ravelin_mpls_rx_packets_total{port=\"eth2\"} 7",
		"ravelin_tcp_md5_refused_total{why=\"failure\"} 103",
		"ravelin_bgp_session_up{" PE2 "} 1",
		"ravelin_bgp_sessions_established_total{" PE2 "} 1",
		"ravelin_bgp_messages_received_total{" PE2 ",type=\"open\"} 1",
		"ravelin_bgp_peer_state{" PE2 ",afi=\"ipv4\",safi=\"vpn\"} 1",
		"ravelin_bgp_peer_prefixes_received{" CE_A1 ",afi=\"ipv4\",safi=\"unicast\"} 1",
		"ravelin_bgp_prefixes{" CE_A1 "} 1",
		"ravelin_bgp_peers{vrf=\"vrf-a\",afi=\"ipv4\",safi=\"unicast\",local_as=\"65000\"} "
		"1",
		"ravelin_vrf_label_installed{vrf=\"vrf-a\"} 1",
		"ravelin_labels{state=\"used\"} 2",
		"# UNIT ravelin_cpu_seconds seconds",
		"ravelin_cpu_seconds_total 1.234",
		"ravelin_start_time_seconds 4000",
		"ravelin_config_reloads_total 2",
		"ravelin_config_last_reload_successful 0",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		cr_expect(has(text, lines[i]), "%s", lines[i]);
	free(text);
	mgmt_bed_fini(&b);
}

Test(metrics, are_the_same_in_pieces)
{
	struct mgmt_bed b;
	size_t longest;

	mgmt_bed_init(&b);
	mgmt_bed_run(&b);
	char *whole = gather(ask(&b), UINT32_MAX, &longest);
	cr_expect_eq(longest, strlen(whole));
	char *pieces = gather(ask(&b), 4, &longest);
	cr_expect_str_eq(pieces, whole);
	cr_expect_lt(
		longest, 16384u, "a piece is no longer than a row beyond its budget: %zu", longest);
	free(pieces);
	free(whole);
	mgmt_bed_fini(&b);
}

/* Rows are numbers of the configuration: with another one, what began is no whole answer. */
Test(metrics, end_without_eof_when_the_configuration_is_replaced)
{
	struct mgmt_bed b;
	size_t len;
	const char *piece;

	mgmt_bed_init(&b);
	struct mgmt_stream *s = ask(&b);
	cr_assert(mgmt_stream_step(s, 4, &piece, &len));
	const struct conf *was = b.r->conf;
	struct conf other = *was;
	b.r->conf = &other;
	cr_expect_not(mgmt_stream_step(s, 4, &piece, &len));
	cr_expect_eq(len, 0u);
	b.r->conf = was;
	mgmt_stream_free(s);
	mgmt_bed_fini(&b);
}

Test(metrics, have_a_path_and_a_type_of_their_own)
{
	struct mgmt_bed b;
	size_t longest;

	mgmt_bed_init(&b);
	struct mgmt_stream *s = ask(&b);
	cr_expect_str_eq(
		mgmt_stream_type(s), "application/openmetrics-text; version=1.0.0; charset=utf-8");
	cr_expect(mgmt_wants_stats("/metrics"));
	char *text = gather(s, MGMT_STREAM_BUDGET, &longest);
	syntax_check(text);
	free(text);
	mgmt_bed_fini(&b);
}

Test(metrics, values_of_labels_are_escaped)
{
	char out[16];

	cr_expect_str_eq(mgmt_metrics_escape("a\"b\\c\nd", out, sizeof(out)), "a\\\"b\\\\c\\nd");
	cr_expect_str_eq(mgmt_metrics_escape("\"\"\"\"", out, 6), "\\\"\\\"", "never half of one");
	cr_expect_str_eq(mgmt_metrics_escape("", out, 1), "");
}
