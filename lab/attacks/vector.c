#include "lab/attacks/vector.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/family.h"
#include "bgpd/wire/msg.h"

int vector_parse_hex(const char *text, uint8_t *out, size_t cap)
{
	size_t nibbles = 0;

	for (; *text; text++) {
		if (isspace((unsigned char)*text))
			continue;
		if (!isxdigit((unsigned char)*text) || nibbles / 2 >= cap)
			return -1;
		int d = *text <= '9' ? *text - '0' : (*text | 0x20) - 'a' + 10;
		if (nibbles % 2 == 0)
			out[nibbles / 2] = 0;
		out[nibbles / 2] = (uint8_t)(out[nibbles / 2] << 4 | d);
		nibbles++;
	}
	return nibbles % 2 ? -1 : (int)(nibbles / 2);
}

static bool vector_parse_ctx(char *words, struct wire_ctx *ctx)
{
	char *save = NULL;
	uint32_t last = 0; /* family, to which what follows belongs */

	*ctx = (struct wire_ctx){.msg_max = 4096, .local_as = 65000, .peer_as = 65000};
	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		enum wire_family f = wire_family_parse(w);

		if (f != WIRE_FAMILIES) {
			ctx->families |= WIRE_FAMILY_BIT(f);
			last = WIRE_FAMILY_BIT(f);
		} else if (strcmp(w, "add-path") == 0)
			ctx->add_path_rx |= last;
		else if (strcmp(w, "v6-next-hop") == 0)
			ctx->extended_next_hop |= last;
		else if (strcmp(w, "extended") == 0)
			ctx->msg_max = WIRE_MSG_MAX_EXTENDED;
		else if (strcmp(w, "as4") == 0)
			ctx->as4 = true;
		else if (strcmp(w, "ebgp") == 0)
			ctx->ebgp = true;
		else
			return false;
	}
	return true;
}

static bool vector_add_line(char lines[][VECTOR_LINE_MAX], unsigned *n, const char *text)
{
	if (*n == VECTOR_FIELDS_MAX)
		return false;
	snprintf(lines[(*n)++], VECTOR_LINE_MAX, "%s", text);
	return true;
}

/* "fill 12 0a0b": these octets twelve times. */
static bool vector_fill(struct vector *v, const char *rest)
{
	char *hex;
	unsigned long times = strtoul(rest, &hex, 10);

	for (unsigned long i = 0; i < times; i++) {
		int n = vector_parse_hex(hex, v->octets + v->len, sizeof(v->octets) - v->len);
		if (n <= 0)
			return false;
		v->len += (size_t)n;
	}
	return times > 0;
}

/* One "key rest" line of a vector. */
static bool vector_take(struct vector *v, const char *key, char *rest, int line)
{
	if (strcmp(key, "name") == 0) {
		v->line = line;
		snprintf(v->name, sizeof(v->name), "%s", rest);
	} else if (strcmp(key, "type") == 0) {
		snprintf(v->type, sizeof(v->type), "%s", rest);
	} else if (strcmp(key, "ctx") == 0) {
		return vector_parse_ctx(rest, &v->ctx);
	} else if (strcmp(key, "hex") == 0) {
		int n = vector_parse_hex(rest, v->octets + v->len, sizeof(v->octets) - v->len);
		if (n < 0)
			return false;
		v->len += (size_t)n;
	} else if (strcmp(key, "expect") == 0) {
		snprintf(v->expect, sizeof(v->expect), "%s", rest);
	} else if (strcmp(key, "session") == 0) {
		snprintf(v->session, sizeof(v->session), "%s", rest);
	} else if (strcmp(key, "also") == 0) {
		snprintf(v->also, sizeof(v->also), "%s", rest);
	} else if (strcmp(key, "regression") == 0) {
		snprintf(v->regression, sizeof(v->regression), "%s", rest);
	} else if (strcmp(key, "fill") == 0) {
		return vector_fill(v, rest);
	} else if (strcmp(key, "field") == 0) {
		return vector_add_line(v->field, &v->fields, rest);
	} else if (strcmp(key, "absent") == 0) {
		return vector_add_line(v->absent, &v->absents, rest);
	} else {
		return false;
	}
	return true;
}

static bool vector_is_whole(const struct vector *v)
{
	return v->name[0] && v->type[0] && v->expect[0] && v->source[0];
}

/* A blank line ends a vector. */
static int vector_each_line(FILE *in, struct vector *v, vector_fn *fn, void *arg)
{
	char line[2 * VECTOR_LINE_MAX];
	int n = 0, no = 0;
	bool more = true;

	while (more) {
		more = fgets(line, sizeof(line), in) != NULL;
		no++;
		if (more)
			line[strcspn(line, "\n")] = '\0';
		if (!more || line[0] == '\0') {
			if (v->name[0]) {
				if (!vector_is_whole(v))
					return -no;
				fn(v, arg);
				n++;
			}
			*v = (struct vector){.ctx = {.msg_max = 4096}};
			continue;
		}
		char *rest = line + strcspn(line, " ");
		if (*rest)
			*rest++ = '\0';
		if (line[0] == '#')
			snprintf(v->source, sizeof(v->source), "%.390s", rest);
		else if (!vector_take(v, line, rest, no))
			return -no;
	}
	return n;
}

int vector_each(const char *path, vector_fn *fn, void *arg)
{
	struct vector *v = calloc(1, sizeof(*v));
	FILE *in = fopen(path, "r");
	int n = v && in ? vector_each_line(in, v, fn, arg) : -1;

	if (n < 0)
		fprintf(stderr, "%s:%d: not a vector\n", path, -n);
	if (in)
		fclose(in);
	free(v);
	return n < 0 ? -1 : n;
}
