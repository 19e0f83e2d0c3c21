#include "cli/neighbor.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli/table.h"
#include "cli/words.h"
#include "lib/check.h"
#include "lib/text.h"

struct neighbor_order {
	const char *word, *choice; /* "refresh", "in"; choice NULL: none is needed */
	const char *action;	   /* of the API */
	const char *argument;	   /* key of an optional last word, or NULL */
};

static const struct neighbor_order *orders_get(size_t *n)
{
	static const struct neighbor_order orders[] = {
		{"reset", NULL, "reset", "text"},
		{"shutdown", NULL, "shutdown", "text"},
		{"enable", NULL, "enable", NULL},
		{"refresh", "in", "refresh-in", "family"},
		{"refresh", "out", "refresh-out", "family"},
		{"refresh", NULL, "refresh", "family"},
		{"graceful-shutdown", "on", "graceful-shutdown-on", NULL},
		{"graceful-shutdown", "off", "graceful-shutdown-off", NULL},
	};

	*n = ARRAY_LEN(orders);
	return orders;
}

void cli_neighbor_help(FILE *to)
{
	fputs("  neighbor WHO ORDER         WHO: a name, an address, a range's name, or all\n"
	      "    reset [TEXT]             end the session and begin it again\n"
	      "    shutdown [TEXT]          end it, and have none until `enable`\n"
	      "    enable                   let it have a session again\n"
	      "    refresh [in|out] [FAMILY]\n"
	      "                             ask for its routes again, tell it ours again\n"
	      "    graceful-shutdown on|off tell it to prefer other ways (RFC 8326)\n",
		to);
}

/* The order that argv[1..n) begins with; *used: how many words it took. */
static const struct neighbor_order *order_find(int n, char *const *argv, int *used)
{
	size_t count;
	const struct neighbor_order *orders = orders_get(&count);

	for (size_t i = 0; i < count; i++) {
		const struct neighbor_order *o = &orders[i];
		if (strcmp(o->word, argv[1]) != 0)
			continue;
		if (o->choice && (n < 3 || strcmp(o->choice, argv[2]) != 0))
			continue;
		*used = o->choice ? 3 : 2;
		return o;
	}
	return NULL;
}

static void order_explain(const char *word, struct text *why)
{
	const char *words[16];
	size_t count, n = 0;
	const struct neighbor_order *orders = orders_get(&count);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(orders[i].word, word) == 0) {
			text_add(why, "%s needs on or off after it", word);
			return;
		}
		if (n == 0 || strcmp(words[n - 1], orders[i].word) != 0)
			words[n++] = orders[i].word;
	}
	const char *near = text_nearest(word, words, n);
	text_add(why, "unknown order \"%s\"", word);
	if (near) {
		text_add(why, "; did you mean \"%s\"?", near);
		return;
	}
	text_add(why, "; one of:");
	for (size_t i = 0; i < n; i++)
		text_add(why, " %s", words[i]);
}

char *cli_neighbor_target(
	int n, char *const *argv, char *out, size_t cap, char *why, size_t why_cap)
{
	struct text t = text_of(out, cap), said = text_of(why, why_cap);
	int used = 0;

	if (n < 2) {
		text_add(&said, "write: ravelin neighbor WHO ORDER");
		return NULL;
	}
	const struct neighbor_order *o = order_find(n, argv, &used);
	if (!o) {
		order_explain(argv[1], &said);
		return NULL;
	}
	if (n > used + 1 || (n > used && !o->argument)) {
		text_add(&said, "\"%s\" is one word too many%s", argv[n - 1],
			o->argument && strcmp(o->argument, "text") == 0 ? "; put the text in quotes"
									: "");
		return NULL;
	}
	if (n > used && strlen(argv[used]) > CLI_TEXT_MAX) {
		text_add(&said, "the %s is %zu octets long; at most %d", o->argument,
			strlen(argv[used]), CLI_TEXT_MAX);
		return NULL;
	}
	text_add(&t, "/v1/bgp/neighbors/%s?name=", o->action);
	cli_words_encode(&t, argv[0]);
	if (n > used && argv[used][0]) {
		text_add(&t, "&%s=", o->argument);
		cli_words_encode(&t, argv[used]);
	}
	if (t.full)
		text_add(&said, "that name is too long to be one");
	return t.full ? NULL : out;
}

int cli_render_order(const json_t *answer, FILE *out)
{
	const json_t *peers = json_object_get(answer, "peers");
	const char *order = cli_string(answer, "order");
	char *names = cli_text_of(peers);

	if (json_array_size(peers) == 0)
		fprintf(out, "%s: nobody that needed it\n", order);
	else
		fprintf(out, "%s: %s\n", order, names);
	free(names);
	return 0;
}
