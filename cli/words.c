#include "cli/words.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/check.h"
#include "lib/text.h"

#define CLI_WORDS_MAX 8 /* in a row */

static const struct cli_row cli_rows[] = {
	{"show bgp summary", "/v1/bgp/summary", NULL, cli_render_summary,
		"neighbors: state, prefixes, why sessions ended"},
	{"show bgp vpnv4", "/v1/bgp/vpnv4", "PREFIX", cli_render_vpnv4,
		"VPN-IPv4 routes, and why the best is best", "prefix"},
	{"show bgp ipv4", "/v1/bgp/ipv4", "PREFIX", cli_render_ipv4,
		"IPv4 routes of the core, or all of one prefix", "prefix"},
	{"show bgp rejected", "/v1/bgp/rejected", "PREFIX", cli_render_rejected,
		"routes that import policies rejected, and why", "prefix"},
	{"show bgp neighbors", "/v1/bgp/neighbors", "NAME", cli_render_neighbors,
		"all that is known of each neighbor"},
	{"show vrf", "/v1/vrf", "NAME", cli_render_vrf, "VRFs: route targets, label, routes"},
	{"show mpls", "/v1/mpls", NULL, cli_render_mpls, "labels, transport to next hops, ports"},
	{"show guard drops", "/v1/guard/drops", NULL, cli_render_drops,
		"the last packets that were dropped"},
	{"show guard", "/v1/guard", "PORT", cli_render_guard,
		"ports, and what they dropped and why"},
	{"show memory", "/v1/memory", NULL, cli_render_memory, "objects alive, by pool"},
	{"show version", "/v1/version", NULL, cli_render_version,
		"version of the daemon that runs"},
	{"explain", "/v1/bgp/explain", "PREFIX", cli_render_explain,
		"why a route is (not) used, and who has it", "prefix", "vrf"},
};

const struct cli_row *cli_words_row(size_t i)
{
	return i < ARRAY_LEN(cli_rows) ? &cli_rows[i] : NULL;
}

/* The k-th word of a row into out; false past the last. */
static bool cli_word(const struct cli_row *row, int k, char out[32])
{
	const char *at = row->words;

	for (; k > 0 && at; k--) {
		at = strchr(at, ' ');
		at = at ? at + 1 : NULL;
	}
	if (!at)
		return false;
	snprintf(out, 32, "%.*s", (int)strcspn(at, " "), at);
	return true;
}

/* How many words of argv the row begins with. */
static int cli_word_match(const struct cli_row *row, int n, char *const *argv)
{
	char word[32];
	int k = 0;

	while (k < n && cli_word(row, k, word) && strcmp(word, argv[k]) == 0)
		k++;
	return k;
}

/* The words that could stand at place k after argv[0..k), each once; how many. */
static size_t cli_word_next(int k, char *const *argv, char words[][32], const char **list)
{
	static const char *const others[] = {"neighbor", "policy", "lab", "help"};
	size_t n = 0;

	for (size_t i = 0; k == 0 && i < ARRAY_LEN(others); i++)
		list[n++] = others[i];
	for (size_t i = 0; i < ARRAY_LEN(cli_rows) && n < CLI_WORDS_MAX; i++) {
		if (cli_word_match(&cli_rows[i], k, argv) < k ||
			!cli_word(&cli_rows[i], k, words[n]))
			continue;
		bool known = false;
		for (size_t j = 0; j < n; j++)
			known |= strcmp(words[j], words[n]) == 0;
		if (!known) {
			list[n] = words[n];
			n++;
		}
	}
	return n;
}

static void cli_words_explain(int k, int n, char *const *argv, char *why, size_t cap)
{
	char words[CLI_WORDS_MAX][32];
	const char *list[CLI_WORDS_MAX];
	size_t n_list = cli_word_next(k, argv, words, list);
	struct text t = text_of(why, cap);

	if (n_list == 0) {
		text_add(&t, "\"%s\" is one word too many", argv[k]);
		return;
	}
	const char *meant = k < n ? text_nearest(argv[k], list, n_list) : NULL;
	if (k < n)
		text_add(&t, "unknown word \"%s\"", argv[k]);
	else
		text_add(&t, "something is missing");
	if (meant) {
		text_add(&t, "; did you mean \"%s\"?", meant);
		return;
	}
	text_add(&t, "; one of:");
	for (size_t i = 0; i < n_list; i++)
		text_add(&t, " %s", list[i]);
}

/* What stands behind the k words of a row; false: it does not fit. */
static bool cli_words_rest(
	const struct cli_row *row, int n, char *const *argv, struct cli_asked *asked)
{
	*asked = (struct cli_asked){.argument = n > 0 && row->argument ? argv[0] : NULL};
	if (n == 3 && row->also && strcmp(argv[1], row->also) == 0)
		asked->also = argv[2];
	if (row->also)
		return n == 1 || asked->also;
	return n == (row->argument ? n > 0 : 0);
}

const struct cli_row *cli_words_find(
	int n, char *const *argv, struct cli_asked *asked, char *why, size_t cap)
{
	char word[32];
	int farthest = 0;

	for (size_t i = 0; i < ARRAY_LEN(cli_rows); i++) {
		const struct cli_row *row = &cli_rows[i];
		int k = cli_word_match(row, n, argv);
		farthest = k > farthest ? k : farthest;
		if (cli_word(row, k, word))
			continue; /* not all of its words */
		if (cli_words_rest(row, n - k, argv + k, asked))
			return row;
		if (row->also) {
			snprintf(why, cap, "write it as %s %s [%s NAME]", row->words, row->argument,
				row->also);
			return NULL;
		}
		if (row->argument)
			farthest = k + 1;
	}
	cli_words_explain(farthest, n, argv, why, cap);
	return NULL;
}

void cli_words_encode(struct text *t, const char *value)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (const char *p = value; *p; p++) {
		if (strchr(plain, *p))
			text_add(t, "%c", *p);
		else
			text_add(t, "%%%02X", (unsigned char)*p);
	}
}

char *cli_words_target(
	const struct cli_row *row, const struct cli_asked *asked, char *out, size_t cap)
{
	struct text t = text_of(out, cap);

	text_add(&t, "%s", row->path);
	if (asked->argument && *asked->argument) {
		text_add(&t, "?%s=", row->key ? row->key : "name");
		cli_words_encode(&t, asked->argument);
	}
	if (asked->also) {
		text_add(&t, "&%s=", row->also);
		cli_words_encode(&t, asked->also);
	}
	return t.full ? NULL : out;
}
