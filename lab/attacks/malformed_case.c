/* The cases of the malformed-input group, out of the vectors. */
#include "lab/attacks/malformed_case.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bgpd/wire/msg.h"
#include "lab/attacks/variant.h"
#include "lib/check.h"

#define FILE_NAME  "catalogue.vec"
#define FIRST_ROOM 64

static const struct {
	const char *name;
	enum wire_msg_type type;
} case_types[] = {
	{"open", WIRE_OPEN},
	{"update", WIRE_UPDATE},
	{"notification", WIRE_NOTIFICATION},
	{"refresh", WIRE_REFRESH},
};

static void case_frame(struct malformed_case *c, const struct vector *v)
{
	struct wbuf w;
	size_t cap = v->len + WIRE_HEADER_LEN, begin = 0;
	bool framed = false;

	c->octets = malloc(cap);
	CHECK(c->octets);
	w = wbuf_of(c->octets, cap);
	for (size_t i = 0; i < ARRAY_LEN(case_types); i++) {
		if (strcmp(v->type, case_types[i].name) != 0)
			continue;
		begin = wire_msg_begin(&w, case_types[i].type);
		framed = true;
	}
	wbuf_put(&w, v->octets, v->len);
	if (framed)
		wire_msg_end(&w, begin);
	CHECK(wbuf_ok(&w));
	c->len = w.len;
}

/* The first prefix of an UPDATE's NLRI field (RFC 4271 4.3). */
static void case_other(struct malformed_case *c, const struct vector *v)
{
	size_t at = 0;
	uint32_t addr = 0;

	for (int field = 0; field < 2; field++) { /* withdrawn routes, attributes */
		if (at + 2 > v->len)
			return;
		at += 2 + (v->octets[at] << 8 | v->octets[at + 1]);
	}
	if (at >= v->len || v->octets[at] > 32 || at + 1 + (v->octets[at] + 7) / 8 > v->len)
		return;
	for (unsigned i = 0; i < 4; i++)
		addr = addr << 8 | (i < (v->octets[at] + 7u) / 8 ? v->octets[at + 1 + i] : 0);
	snprintf(c->other, sizeof c->other, "%u.%u.%u.%u/%u", addr >> 24, addr >> 16 & 0xff,
		addr >> 8 & 0xff, addr & 0xff, v->octets[at]);
}

/* By its name, or by a word of its regressions. */
static bool case_is_wanted(const json_t *wanted, const struct vector *v)
{
	char words[VECTOR_LINE_MAX + 2], word[64];
	const json_t *one;
	size_t i;

	if (!json_array_size(wanted))
		return true;
	snprintf(words, sizeof words, " %s ", v->regression);
	json_array_foreach(wanted, i, one)
	{
		snprintf(word, sizeof word, " %.60s ", json_string_value(one));
		if (!strcmp(json_string_value(one), v->name) || strstr(words, word))
			return true;
	}
	return false;
}

static char *case_text(const char *s)
{
	char *copy = strdup(s);

	CHECK(copy);
	return copy;
}

static void case_take(const struct vector *v, void *arg)
{
	struct malformed_cases *cases = arg;
	struct malformed_case *c;

	if (!v->session[0] || !case_is_wanted(cases->wanted, v))
		return;
	if (cases->n == cases->room) {
		cases->room = cases->room ? 2 * cases->room : FIRST_ROOM;
		cases->list = realloc(cases->list, cases->room * sizeof *cases->list);
		CHECK(cases->list);
	}
	c = &cases->list[cases->n++];
	*c = (struct malformed_case){
		.name = case_text(v->name),
		.source = case_text(v->source),
		.regression = case_text(v->regression),
		.session = case_text(v->session),
		.also = case_text(v->also),
		.opening = !strcmp(v->type, "open") || !strncmp(v->session, "first ", 6),
		.extended = v->ctx.msg_max > WIRE_MSG_MAX,
	};
	if (!strcmp(v->session, "refused"))
		case_other(c, v);
	case_frame(c, v);
}

static void case_take_all(const struct vector *v, void *arg)
{
	case_take(v, arg);
	vector_variants(v, case_take, arg);
}

bool malformed_cases_load(struct malformed_cases *c, const char *dir)
{
	static const char *const in[] = {"", "../../tests/vectors/"};
	char path[PATH_MAX];

	for (size_t i = 0; i < ARRAY_LEN(in); i++) {
		snprintf(path, sizeof path, "%s/%s" FILE_NAME, dir, in[i]);
		if (!access(path, R_OK))
			return vector_each(path, case_take_all, c) > 0;
	}
	fprintf(stderr, "lab: no " FILE_NAME " in %s\n", dir);
	return false;
}

void malformed_cases_fini(struct malformed_cases *c)
{
	for (unsigned i = 0; i < c->n; i++) {
		struct malformed_case *k = &c->list[i];

		free(k->name);
		free(k->source);
		free(k->regression);
		free(k->session);
		free(k->also);
		free(k->octets);
	}
	free(c->list);
	*c = (struct malformed_cases){0};
}
