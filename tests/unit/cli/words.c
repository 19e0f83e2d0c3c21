#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "cli/http.h"
#include "cli/words.h"

#define WORDS_MAX 6

Test(words, what_was_typed_is_found_or_explained)
{
	static char long_text[300];
	const struct {
		const char *typed[WORDS_MAX];
		const char *target; /* NULL: not understood */
		const char *said;   /* part of the explanation */
	} rows[] = {
		{{"show", "bgp", "summary"}, "/v1/bgp/summary"}, {{"show", "vrf"}, "/v1/vrf"},
		{{"show", "bgp", "vpnv4"}, "/v1/bgp/vpnv4"},
		{{"show", "bgp", "ipv4", "10.0.0.0/8"}, "/v1/bgp/ipv4?prefix=10.0.0.0%2F8"},
		{{"show", "vrf", "vrf-a"}, "/v1/vrf?name=vrf-a"}, {{"show", "guard"}, "/v1/guard"},
		{{"show", "guard", "eth2"}, "/v1/guard?name=eth2"},
		{{"show", "guard", "drops"}, "/v1/guard/drops"},
		{{"show", "guard", "drops", "eth2"}, NULL, "one word too many"},
		{{"show", "bgp", "neighbors", "a b&c=%"}, "/v1/bgp/neighbors?name=a%20b%26c%3D%25"},
		{{"shwo", "bgp", "summary"}, NULL, "did you mean \"show\"?"},
		{{"bgp"}, NULL,
			"one of: show, explain, monitor, diff, reload, confirm, neighbor, web"},
		{{"neighbour", "a", "reset"}, NULL, "did you mean \"neighbor\"?"},
		{{"show", "bgp", "sumary"}, NULL, "did you mean \"summary\"?"},
		{{"show", "bpg"}, NULL, "did you mean \"bgp\"?"},
		{{"show", "bgp"}, NULL, "something is missing; one of: summary, neighbors, ipv4"},
		{{"show", "zzzzzzzz"}, NULL, "one of: bgp, vrf, mpls, guard"},
		{{"show", "memory", "more"}, NULL, "one word too many"},
		{{"show", "vrf", "vrf-a", "more"}, NULL, "one word too many"},
		{{"explain", "10.0.0.0/8"}, "/v1/bgp/explain?prefix=10.0.0.0%2F8"},
		{{"explain", "10.0.0.0/8", "vrf", "a&b"},
			"/v1/bgp/explain?prefix=10.0.0.0%2F8&vrf=a%26b"},
		{{"explain"}, NULL, "something is missing: PREFIX"},
		{{"explain", "10.0.0.0/8", "vrf"}, NULL, "something is missing: VRF"},
		{{"explain", "10.0.0.0/8", "vfr", "a"}, NULL, "did you mean \"vrf\"?"},

		{{"neighbor", "ce-a1", "reset"}, "/v1/bgp/neighbors/reset?name=ce-a1"},
		{{"neighbor", "ce a1", "shutdown", "back at 5 & \xc3\xa9"},
			"/v1/bgp/neighbors/"
			"shutdown?name=ce%20a1&text=back%20at%205%20%26%20%C3%A9"},
		{{"neighbor", "all", "enable"}, "/v1/bgp/neighbors/enable?name=all"},
		{{"neighbor", "10.0.0.1", "refresh"}, "/v1/bgp/neighbors/refresh?name=10.0.0.1"},
		{{"neighbor", "a", "refresh", "vpnv4"},
			"/v1/bgp/neighbors/refresh?name=a&family=vpnv4"},
		{{"neighbor", "a", "refresh", "in"}, "/v1/bgp/neighbors/refresh-in?name=a"},
		{{"neighbor", "a", "refresh", "out", "vpnv4"},
			"/v1/bgp/neighbors/refresh-out?name=a&family=vpnv4"},
		{{"neighbor", "a", "graceful-shutdown", "on"},
			"/v1/bgp/neighbors/graceful-shutdown-on?name=a"},
		{{"neighbor", "a", "graceful-shutdown", "off"},
			"/v1/bgp/neighbors/graceful-shutdown-off?name=a"},
		{{"neighbor", "a", "reset", ""}, "/v1/bgp/neighbors/reset?name=a"},
		{{"neighbor", "a"}, NULL, "one of: reset, shutdown, enable, refresh"},
		{{"neighbor"}, NULL, "something is missing: WHO"},
		{{"neighbor", "a", "graceful-shutdown"}, NULL, "one of: on, off"},
		{{"neighbor", "a", "resett"}, NULL, "did you mean \"reset\"?"},
		{{"neighbor", "a", "kill"}, NULL, "one of: reset, shutdown, enable, refresh"},
		{{"neighbor", "a", "reset", "two", "words"}, NULL, "put the text in quotes"},
		{{"neighbor", "a", "enable", "now"}, NULL, "one word too many"},
		{{"neighbor", "a", "reset", long_text}, NULL, "at most 255"},

		/* cut as long as it is plain what is meant */
		{{"sh", "bg", "sum"}, "/v1/bgp/summary"},
		{{"s", "bg", "n", "s"}, "/v1/bgp/neighbors?name=s"},
		{{"sh", "gu", "d"}, "/v1/guard/drops"},
		{{"sh", "gu", "dropsy"}, "/v1/guard?name=dropsy"},
		{{"n", "show", "ref", "i"}, "/v1/bgp/neighbors/refresh-in?name=show"},
		{{"n", "a", "gr", "of"}, "/v1/bgp/neighbors/graceful-shutdown-off?name=a"},
		{{"ex", "10.0.0.0/8", "v", "x"}, "/v1/bgp/explain?prefix=10.0.0.0%2F8&vrf=x"},
		{{"sh", "m"}, NULL, "ambiguous word \"m\": mpls, memory"},
		{{"n", "a", "re"}, NULL, "ambiguous word \"re\": reset, refresh"},
		{{"sh", ""}, NULL, "unknown word \"\""}, {{"mon"}, "/v1/events"},
		{{"mon", "r"}, "/v1/events?what=routes"},
		{{"mon", "x"}, NULL, "\"x\" is none of: neighbors routes drops"},
		{{"n", "a", "ref", "v"}, "/v1/bgp/neighbors/refresh?name=a&family=vpnv4"},
		{{"sh", "bg", "vr", "x", "ip"}, "/v1/bgp/vrf?vrf=x"},
		{{"sh", "bg", "vr", "x", "ip", "10.0.0.0/8"},
			"/v1/bgp/vrf?vrf=x&prefix=10.0.0.0%2F8"},
		{{"sh", "mp", "p", "10.0.0.0/8", "v", "x"},
			"/v1/bgp/explain?prefix=10.0.0.0%2F8&vrf=x"},
		{{"sh", "mp", "p", "10.0.0.0/8"}, NULL, "something is missing: vrf"},
		{{"lab", "ini"}, NULL, "unknown word \"ini\""}, /* nobody is told of it */
	};

	memset(long_text, 'x', 256);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *argv[WORDS_MAX], why[CLI_WHY_MAX] = "", target[256];
		struct cli_typed typed;
		int n = 0;
		for (; n < WORDS_MAX && rows[i].typed[n]; n++)
			argv[n] = (char *)rows[i].typed[n];
		const char *got = NULL;
		if (cli_words_find(n, argv, &typed, why, sizeof(why)))
			got = cli_words_target(&typed, target, sizeof(target), why, sizeof(why));
		if (rows[i].target)
			cr_expect(got && strcmp(got, rows[i].target) == 0, "row %zu: %s", i,
				got ? got : why);
		else
			cr_expect(!got && strstr(why, rows[i].said), "row %zu: %s", i, why);
	}
}

Test(words, what_does_not_fit_is_refused)
{
	char *argv[] = {"show", "vrf", "a-name-longer-than-that"}, out[24], why[CLI_WHY_MAX] = "";
	struct cli_typed typed;

	cr_assert(cli_words_find(3, argv, &typed, why, sizeof(why)));
	cr_assert(cli_words_target(&typed, out, sizeof(out), why, sizeof(why)) == NULL);
	cr_assert(strstr(why, "too long"));
	argv[2] = "short";
	cr_assert(cli_words_find(3, argv, &typed, why, sizeof(why)));
	cr_assert(cli_words_target(&typed, out, sizeof(out), why, sizeof(why)) == out);
}

Test(words, every_row_is_found_by_its_own_words)
{
	const struct cli_row *row;
	size_t n_rows = 0;

	for (; (row = cli_row(n_rows)); n_rows++) {
		char words[CLI_WORDS_MAX][CLI_WORD_MAX], *argv[CLI_WORDS_MAX],
			why[CLI_WHY_MAX] = "";
		struct cli_typed typed;
		int n = 0, must = 1;

		for (const char *p = row->words; *p; p++)
			must += *p == ' ';
		for (; cli_words_at(row, n, words[n]); n++)
			argv[n] = words[n];
		cr_assert(cli_words_find(must, argv, &typed, why, sizeof(why)), "%s: %s",
			row->words, why);
		cr_expect(typed.row == row, "%s", row->words);
		cr_assert(cli_words_find(n, argv, &typed, why, sizeof(why)), "%s: %s", row->words,
			why);
		cr_expect(typed.row == row, "%s", row->words);
		cr_expect(!(row->argument && row->also), "%s: one or the other", row->words);
		cr_expect((row->path != NULL) == (row->render || row->does == CLI_MONITOR), "%s",
			row->words);
	}
	cr_expect_gt(n_rows, 30u);
}

Test(words, programs_are_known_by_their_first_word)
{
	static const char *const programs[] = {
		"audit", "lab", "mrt", "policy", "report", "web", "la"};
	static const char *const others[] = {"show", "explain", "neighbor", "help", "", "m y"};

	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		cr_expect(cli_words_program(programs[i]) != NULL, "%s", programs[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		cr_expect(cli_words_program(others[i]) == NULL, "%s", others[i]);
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
