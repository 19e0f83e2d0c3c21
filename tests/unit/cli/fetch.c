/* A chunked body (RFC 9112 7.1), however it is cut. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "cli/fetch.h"

struct fetch_got {
	char octets[256];
	size_t len;
	int fails; /* what the sink answers */
};

static int fetch_take(void *arg, const char *octets, size_t len)
{
	struct fetch_got *g = arg;

	if (g->fails)
		return g->fails;
	memcpy(g->octets + g->len, octets, len);
	g->len += len;
	return 0;
}

static int fetch_all(const char *text, size_t len, size_t piece, struct fetch_got *g)
{
	struct cli_chunks c = {0};
	int rc = 0;

	*g = (struct fetch_got){.fails = g->fails};
	for (size_t at = 0; at < len && rc == 0; at += piece)
		rc = cli_chunks_step(
			&c, text + at, len - at < piece ? len - at : piece, fetch_take, g);
	return rc;
}

Test(fetch, chunks_however_they_are_cut)
{
	static const char body[] = "3\r\nab\r\r\nA\r\n0\r\n\r\n56789\r\n0\r\n\r\n";

	for (size_t piece = 1; piece < sizeof(body); piece++) {
		struct fetch_got g = {0};
		cr_assert_eq(fetch_all(body, sizeof(body) - 1, piece, &g), 1, "%zu", piece);
		cr_assert_eq(g.len, 13);
		cr_assert_arr_eq(g.octets, "ab\r0\r\n\r\n56789", 13);
	}
	for (size_t len = 0; len < sizeof(body) - 1; len++) {
		struct fetch_got g = {0};
		cr_assert_eq(fetch_all(body, len, 64, &g), 0, "cut at %zu", len);
	}
}

Test(fetch, what_is_malformed)
{
	static const char *const bodies[] = {"\r\n", "x\r\n", "3\nabc", "1\r\nab\r\n", "1\r\na\n",
		"000000001\r\na\r\n", "0\r\n\r\nmore", "0\r\nTrailer: 1\r\n\r\n", "1;x\r\na\r\n"};

	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		struct fetch_got g = {0};
		cr_assert_eq(
			fetch_all(bodies[i], strlen(bodies[i]), 64, &g), -EPROTO, "%s", bodies[i]);
	}
}

Test(fetch, the_sink_can_end_it)
{
	struct fetch_got g = {.fails = -ENOSPC};

	cr_assert_eq(fetch_all("1\r\na\r\n", 6, 64, &g), -ENOSPC);
}
