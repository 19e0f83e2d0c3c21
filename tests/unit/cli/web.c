/* Who may ask `ravelin web`, and what: requests as browsers and as others send them. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "cli/web.h"

#define TOKEN  "0123456789abcdef0123456789abcdef"
#define COOKIE "Cookie: ravelin-8080=" TOKEN "\r\n"
#define OURS   "Host: 127.0.0.1:8080\r\n"

static enum cli_web_says web_of(const char *head, char target[CLI_WEB_HEAD_MAX])
{
	static const struct cli_web_gate gate = {.token = TOKEN, .port = 8080};

	return cli_web_judge(&gate, head, target);
}

static void web_expect(enum cli_web_says want, const char *head)
{
	char target[CLI_WEB_HEAD_MAX];

	cr_expect_eq(web_of(head, target), want, "%s", head);
}

Test(web, the_token_becomes_a_cookie)
{
	web_expect(CLI_WEB_ENTER, "GET /?token=" TOKEN " HTTP/1.1\r\n" OURS "\r\n");
	web_expect(CLI_WEB_REFUSE, "GET /?token=" TOKEN "0 HTTP/1.1\r\n" OURS "\r\n");
	web_expect(CLI_WEB_REFUSE, "GET /?token= HTTP/1.1\r\n" OURS "\r\n");
	web_expect(CLI_WEB_REFUSE,
		"GET /?token=1123456789abcdef0123456789abcdef HTTP/1.1\r\n" OURS "\r\n");
	web_expect(CLI_WEB_REFUSE,
		"GET /?token=0123456789abcdef0123456789abcdee HTTP/1.1\r\n" OURS "\r\n");
	web_expect(CLI_WEB_REFUSE, "POST /?token=" TOKEN " HTTP/1.1\r\n" OURS "\r\n");
}

Test(web, nobody_asks_without_the_cookie)
{
	web_expect(CLI_WEB_REFUSE, "GET / HTTP/1.1\r\n" OURS "\r\n");
	web_expect(CLI_WEB_REFUSE, "GET /v1/version HTTP/1.1\r\n" OURS "Cookie: \r\n\r\n");
	web_expect(
		CLI_WEB_REFUSE, "GET / HTTP/1.1\r\n" OURS "Cookie: ravelin-8081=" TOKEN "\r\n\r\n");
	web_expect(CLI_WEB_REFUSE,
		"GET / HTTP/1.1\r\n" OURS "Cookie: xravelin-8080=" TOKEN "\r\n\r\n");
	web_expect(CLI_WEB_REFUSE,
		"GET / HTTP/1.1\r\n" OURS "Cookie: ravelin-8080=" TOKEN "00\r\n\r\n");
	web_expect(CLI_WEB_REFUSE,
		"GET / HTTP/1.1\r\n" OURS "X-Cookie: ravelin-8080=" TOKEN "\r\n\r\n");
	web_expect(CLI_WEB_ASK, "GET / HTTP/1.1\r\n" OURS COOKIE "\r\n");
	web_expect(CLI_WEB_ASK,
		"GET / HTTP/1.1\r\n" OURS "cookie: a=b; ravelin-8080=" TOKEN "; c=d\r\n\r\n");
}

Test(web, only_by_a_name_of_loopback)
{
	static const char *const ours[] = {
		"127.0.0.1:8080", "localhost:8080", "LOCALHOST", "[::1]:9090", "127.0.0.1"};
	static const char *const not_ours[] = {"evil.example:8080", "127.0.0.1.evil.example", "",
		"localhost.evil.example:8080", "127.0.0.1:", "127.0.0.1:80x", "10.0.0.1:8080",
		"localhost:8080@evil.example"};
	char head[512];

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		snprintf(head, sizeof(head), "GET / HTTP/1.1\r\nHost: %s\r\n" COOKIE "\r\n",
			ours[i]);
		web_expect(CLI_WEB_ASK, head);
	}
	for (size_t i = 0; i < sizeof(not_ours) / sizeof(not_ours[0]); i++) {
		snprintf(head, sizeof(head), "GET / HTTP/1.1\r\nHost: %s\r\n" COOKIE "\r\n",
			not_ours[i]);
		web_expect(CLI_WEB_REFUSE, head);
		snprintf(head, sizeof(head), "GET /?token=" TOKEN " HTTP/1.1\r\nHost: %s\r\n\r\n",
			not_ours[i]);
		web_expect(CLI_WEB_REFUSE, head);
	}
	web_expect(CLI_WEB_REFUSE, "GET / HTTP/1.1\r\n" COOKIE "\r\n");
	web_expect(CLI_WEB_BAD, "GET / HTTP/1.1\r\n" OURS "Host: evil.example\r\n" COOKIE "\r\n");
}

Test(web, only_get_and_only_requests)
{
	static const char *const bad[] = {"", "GET", "GET / HTTP/1.1", "GET  / HTTP/1.1\r\n",
		"GET http://127.0.0.1/ HTTP/1.1\r\n", "GET / HTTP/2\r\n", "GET /a b HTTP/1.1\r\n",
		"GET /\x01 HTTP/1.1\r\n", "GET /\xc3 HTTP/1.1\r\n", " / HTTP/1.1\r\n",
		"GET /\tHTTP/1.1\r\n"};
	char head[512], target[CLI_WEB_HEAD_MAX];

	web_expect(CLI_WEB_METHOD, "POST /v1/reload HTTP/1.1\r\n" OURS COOKIE "\r\n");
	web_expect(CLI_WEB_METHOD, "GETX / HTTP/1.1\r\n" OURS COOKIE "\r\n");
	web_expect(CLI_WEB_METHOD, "HEAD / HTTP/1.1\r\n" OURS COOKIE "\r\n");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(head, sizeof(head), "%s" OURS COOKIE "\r\n", bad[i]);
		web_expect(CLI_WEB_BAD, head);
	}
	cr_expect_eq(web_of("GET /v1/bgp/vrf?vrf=a%20b&prefix=10.0.0.0/8 HTTP/1.1\r\n" OURS COOKIE
			    "\r\n",
			     target),
		CLI_WEB_ASK);
	cr_expect_str_eq(target, "/v1/bgp/vrf?vrf=a%20b&prefix=10.0.0.0/8");
}
