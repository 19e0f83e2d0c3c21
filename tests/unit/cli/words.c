#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "cli/http.h"
#include "cli/neighbor.h"
#include "cli/words.h"

#define WORDS_MAX 5

Test(words, what_was_typed_is_found_or_explained)
{
	static const struct {
		const char *typed[WORDS_MAX];
		const char *target; /* NULL: not understood */
		const char *said;   /* part of the explanation */
	} rows[] = {
		{{"show", "bgp", "summary"}, "/v1/bgp/summary", NULL},
		{{"show", "vrf"}, "/v1/vrf", NULL},
		{{"show", "bgp", "vpnv4"}, "/v1/bgp/vpnv4", NULL},
		{{"show", "bgp", "ipv4", "10.0.0.0/8"}, "/v1/bgp/ipv4?prefix=10.0.0.0%2F8", NULL},
		{{"show", "vrf", "vrf-a"}, "/v1/vrf?name=vrf-a", NULL},
		{{"show", "guard"}, "/v1/guard", NULL},
		{{"show", "guard", "eth2"}, "/v1/guard?name=eth2", NULL},
		{{"show", "guard", "drops"}, "/v1/guard/drops", NULL},
		{{"show", "guard", "drops", "eth2"}, NULL, "one word too many"},
		{{"show", "bgp", "neighbors", "a b&c=%"}, "/v1/bgp/neighbors?name=a%20b%26c%3D%25",
			NULL},
		{{"shwo", "bgp", "summary"}, NULL, "did you mean \"show\"?"},
		{{"bgp"}, NULL, "one of: neighbor policy lab help show explain"},
		{{"neighbour", "a", "reset"}, NULL, "did you mean \"neighbor\"?"},
		{{"show", "bgp", "sumary"}, NULL, "did you mean \"summary\"?"},
		{{"show", "bpg"}, NULL, "did you mean \"bgp\"?"},
		{{"show", "bgp"}, NULL,
			"something is missing; one of: summary vpnv4 ipv4 rejected neighbors"},
		{{"show", "zzzzzzzz"}, NULL, "one of: bgp vrf mpls guard memory version"},
		{{"show", "mpls", "more"}, NULL, "one word too many"},
		{{"show", "vrf", "vrf-a", "more"}, NULL, "one word too many"},
		{{"explain", "10.0.0.0/8"}, "/v1/bgp/explain?prefix=10.0.0.0%2F8", NULL},
		{{"explain", "10.0.0.0/8", "vrf", "a&b"},
			"/v1/bgp/explain?prefix=10.0.0.0%2F8&vrf=a%26b", NULL},
		{{"explain"}, NULL, "write it as explain PREFIX [vrf NAME]"},
		{{"explain", "10.0.0.0/8", "vrf"}, NULL, "write it as explain PREFIX [vrf NAME]"},
		{{"explain", "10.0.0.0/8", "vfr", "a"}, NULL, "write it as explain PREFIX"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *argv[WORDS_MAX], why[256] = "", target[128];
		struct cli_asked argument;
		int n = 0;
		for (; n < WORDS_MAX && rows[i].typed[n]; n++)
			argv[n] = (char *)rows[i].typed[n];
		const struct cli_row *row = cli_words_find(n, argv, &argument, why, sizeof(why));
		if (!rows[i].target) {
			cr_assert(row == NULL && strstr(why, rows[i].said), "row %zu: %s", i, why);
			continue;
		}
		cr_assert(row != NULL, "row %zu: %s", i, why);
		cr_assert(cli_words_target(row, &argument, target, sizeof(target)) != NULL);
		cr_assert_str_eq(target, rows[i].target);
	}
}

Test(words, an_argument_that_does_not_fit_is_refused)
{
	const struct cli_asked longer = {.argument = "a-name-longer-than-that"};
	const struct cli_asked shorter = {.argument = "short"};
	char out[32];

	cr_assert(cli_words_target(cli_words_row(0), &longer, out, sizeof(out)) == NULL);
	cr_assert(cli_words_target(cli_words_row(0), &shorter, out, sizeof(out)) == out);
}

Test(words, orders_to_neighbors_are_found_or_explained)
{
	static char long_text[300];
	const struct {
		const char *typed[WORDS_MAX];
		const char *target; /* NULL: not understood */
		const char *said;   /* part of the explanation */
	} rows[] = {
		{{"ce-a1", "reset"}, "/v1/bgp/neighbors/reset?name=ce-a1", NULL},
		{{"ce a1", "shutdown", "back at 5 & \xc3\xa9"},
			"/v1/bgp/neighbors/shutdown?name=ce%20a1&text=back%20at%205%20%26%20%C3%A9",
			NULL},
		{{"all", "enable"}, "/v1/bgp/neighbors/enable?name=all", NULL},
		{{"10.0.0.1", "refresh"}, "/v1/bgp/neighbors/refresh?name=10.0.0.1", NULL},
		{{"a", "refresh", "vpnv4"}, "/v1/bgp/neighbors/refresh?name=a&family=vpnv4", NULL},
		{{"a", "refresh", "in"}, "/v1/bgp/neighbors/refresh-in?name=a", NULL},
		{{"a", "refresh", "out", "vpnv4"},
			"/v1/bgp/neighbors/refresh-out?name=a&family=vpnv4", NULL},
		{{"a", "graceful-shutdown", "on"}, "/v1/bgp/neighbors/graceful-shutdown-on?name=a",
			NULL},
		{{"a", "graceful-shutdown", "off"},
			"/v1/bgp/neighbors/graceful-shutdown-off?name=a", NULL},
		{{"a", "reset", ""}, "/v1/bgp/neighbors/reset?name=a", NULL},
		{{"a"}, NULL, "neighbor WHO ORDER"},
		{{"a", "graceful-shutdown"}, NULL, "on or off"},
		{{"a", "resett"}, NULL, "did you mean \"reset\"?"},
		{{"a", "kill"}, NULL, "one of: reset shutdown enable refresh graceful-shutdown"},
		{{"a", "reset", "two", "words"}, NULL, "put the text in quotes"},
		{{"a", "enable", "now"}, NULL, "one word too many"},
		{{"a", "reset", long_text}, NULL, "at most 255"},
	};

	memset(long_text, 'x', 256);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *argv[WORDS_MAX], why[256] = "", target[256];
		int n = 0;
		for (; n < WORDS_MAX && rows[i].typed[n]; n++)
			argv[n] = (char *)rows[i].typed[n];
		const char *got =
			cli_neighbor_target(n, argv, target, sizeof(target), why, sizeof(why));
		if (rows[i].target)
			cr_expect(got && strcmp(got, rows[i].target) == 0, "row %zu: %s", i,
				got ? got : why);
		else
			cr_expect(!got && strstr(why, rows[i].said), "row %zu: %s", i, why);
	}
}

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

Test(http, answers_are_split_or_refused)
{
	static const struct {
		const char *octets;
		int status; /* 0: refused */
		const char *body;
	} rows[] = {
		{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}\n", 200, "{}\n"},
		{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}\n", 200, "{}"},
		{"HTTP/1.0 404 Not Found\r\n\r\nno", 404, "no"},
		{"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", 200, ""},
		{"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{}\n", 0, NULL},
		{"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n{}", 0, NULL},
		{"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}", 0, NULL},
		{"HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n{}", 0, NULL},
		{CHUNKED "2\r\n[1\r\n4\r\n,23]\r\n0\r\n\r\n", 200, "[1,23]"},
		{CHUNKED "0\r\n\r\n", 200, ""},
		{CHUNKED "A\r\n0123456789\r\n0\r\n\r\n", 200, "0123456789"},
		{CHUNKED "2\r\n[1\r\n4\r\n,23]\r\n", 0, NULL}, /* cut short */
		{CHUNKED "2\r\n[1\r\n4\r\n,2", 0, NULL},
		{CHUNKED "3\r\n[1\r\n0\r\n\r\n", 0, NULL},
		{CHUNKED "ffffffffffffffff\r\n[1\r\n0\r\n\r\n", 0, NULL},
		{CHUNKED "\r\n0\r\n\r\n", 0, NULL},
		{CHUNKED "", 0, NULL},
		{"HTTP/1.1 200 OK\r\n", 0, NULL},
		{"HTTP/2 200\r\n\r\n", 0, NULL},
		{"", 0, NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *octets = strdup(rows[i].octets);
		struct cli_answer a = {0};
		bool ok = cli_http_parse(octets, strlen(octets), &a);
		cr_assert(ok == (rows[i].status != 0), "row %zu", i);
		if (ok) {
			cr_assert(a.status == rows[i].status && a.len == strlen(rows[i].body),
				"row %zu", i);
			cr_assert_str_eq(a.body, rows[i].body);
		}
		cli_http_free(&a);
		free(octets);
	}
}
