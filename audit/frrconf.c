#include "audit/frrconf.h"

#include <stdio.h>
#include <string.h>

#define WORDS_MAX 6
#define WORD_MAX  64

/* Words of a line, cut at WORD_MAX; how many. */
static unsigned words_of(const char *line, size_t len, char words[WORDS_MAX][WORD_MAX])
{
	unsigned n = 0;
	size_t i = 0;

	while (i < len && n < WORDS_MAX) {
		size_t at = 0;
		while (i < len && (line[i] == ' ' || line[i] == '\t' || line[i] == '\r'))
			i++;
		while (i < len && line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
			if (at + 1 < WORD_MAX)
				words[n][at++] = line[i];
			i++;
		}
		words[n][at] = '\0';
		n += at > 0;
	}
	return n;
}

static struct audit_frr_peer *peer_get(
	struct audit_snapshot *s, size_t first, const struct audit_frr_peer *now, const char *name)
{
	for (size_t i = first; i < s->n_frr; i++)
		if (strcmp(s->frr[i].neighbor, name) == 0 && strcmp(s->frr[i].vrf, now->vrf) == 0)
			return &s->frr[i];
	struct audit_frr_peer *p = audit_snapshot_add_frr(s);
	*p = *now;
	snprintf(p->neighbor, sizeof(p->neighbor), "%.*s", (int)sizeof(p->neighbor) - 1, name);
	return p;
}

static void line_read(struct audit_snapshot *s, size_t first, struct audit_frr_peer *now,
	char words[WORDS_MAX][WORD_MAX], unsigned n)
{
	if (n >= 3 && strcmp(words[0], "router") == 0 && strcmp(words[1], "bgp") == 0) {
		unsigned as = 0;
		now->as = sscanf(words[2], "%u", &as) == 1 ? as : 0;
		now->vrf[0] = '\0';
		if (n >= 5 && strcmp(words[3], "vrf") == 0)
			snprintf(now->vrf, sizeof(now->vrf), "%.*s", (int)sizeof(now->vrf) - 1,
				words[4]);
	} else if (n >= 1 && (strcmp(words[0], "exit") == 0 || strcmp(words[0], "router") == 0)) {
		now->as = 0;
	} else if (n >= 3 && now->as && strcmp(words[0], "neighbor") == 0) {
		struct audit_frr_peer *p = peer_get(s, first, now, words[1]);
		p->password |= strcmp(words[2], "password") == 0;
	}
}

void audit_frrconf_parse(
	struct audit_snapshot *s, const struct audit_frr_peer *where, const char *text, size_t len)
{
	struct audit_frr_peer now = *where;
	size_t first = s->n_frr;
	char words[WORDS_MAX][WORD_MAX];

	now.as = 0;
	while (len) {
		const char *end = memchr(text, '\n', len);
		size_t n = end ? (size_t)(end - text) : len;
		line_read(s, first, &now, words, words_of(text, n, words));
		n += end != NULL;
		text += n;
		len -= n;
	}
}
