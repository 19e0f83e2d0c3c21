#include "lib/chain.h"

#include <stdio.h>
#include <string.h>

#include "lib/check.h"
#include "lib/sha256.h"
#include "lib/text.h"

#define HASH_KEY " hash="
#define HASH_LEN (sizeof(HASH_KEY) - 1 + CHAIN_DIGITS) /* octets of a line's end */

void chain_init(struct chain *c)
{
	c->seq = 0;
	memset(c->head, '0', CHAIN_DIGITS);
	c->head[CHAIN_DIGITS] = '\0';
}

void chain_digits(struct sha256 *s, char out[CHAIN_DIGITS + 1])
{
	static const char hex[] = "0123456789abcdef";
	uint8_t o[SHA256_OCTETS];

	sha256_end(s, o);
	for (unsigned i = 0; i < SHA256_OCTETS; i++) {
		out[2 * i] = hex[o[i] >> 4];
		out[2 * i + 1] = hex[o[i] & 15];
	}
	out[CHAIN_DIGITS] = '\0';
}

static void link_digits(const char *prev, const char *line, size_t len, char out[CHAIN_DIGITS + 1])
{
	struct sha256 s;

	sha256_init(&s);
	sha256_add(&s, prev, CHAIN_DIGITS);
	sha256_add(&s, line, len);
	chain_digits(&s, out);
}

size_t chain_seal(struct chain *c, const char *body, char out[CHAIN_LINE_MAX])
{
	int n = snprintf(out, CHAIN_LINE_MAX, "seq=%llu %.*s", (unsigned long long)c->seq + 1,
		CHAIN_BODY_MAX, body);
	size_t len = (size_t)n;

	CHECK(n > 0 && len + HASH_LEN + 1 < CHAIN_LINE_MAX);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)out[i] < ' ')
			out[i] = ' ';
	link_digits(c->head, out, len, c->head);
	c->seq++;
	memcpy(out + len, HASH_KEY, sizeof(HASH_KEY) - 1);
	memcpy(out + len + sizeof(HASH_KEY) - 1, c->head, CHAIN_DIGITS);
	len += HASH_LEN;
	out[len++] = '\n';
	out[len] = '\0';
	return len;
}

void chain_check_init(struct chain_check *k)
{
	*k = (struct chain_check){.fresh = true};
	chain_init(&k->at);
}

void chain_check_file(struct chain_check *k)
{
	k->fresh = true;
}

static const char *value_end(const char *at, const char *end)
{
	bool quoted = at < end && *at == '"';

	for (at += quoted; at < end && *at != (quoted ? '"' : ' '); at++)
		if (quoted && *at == '\\' && at + 1 < end)
			at++;
	return at;
}

size_t chain_value(const char *line, size_t len, const char *key, const char **out)
{
	const char *end = line + len;
	size_t key_len = strlen(key);

	for (const char *at = line; at < end;) {
		const char *equals = memchr(at, '=', (size_t)(end - at));

		if (!equals)
			return 0;
		const char *stop = value_end(equals + 1, end);
		if ((size_t)(equals - at) == key_len && memcmp(at, key, key_len) == 0) {
			*out = equals + 1;
			return (size_t)(stop - equals - 1);
		}
		at = stop + (stop < end && *stop == '"');
		at += at < end && *at == ' ';
	}
	return 0;
}

static bool value_is(const char *line, size_t len, const char *key, const char *want)
{
	const char *v;
	size_t n = chain_value(line, len, key, &v);

	return n > 0 && n == strlen(want) && memcmp(v, want, n) == 0;
}

static bool is_digits(const char *s)
{
	return strspn(s, "0123456789abcdef") >= CHAIN_DIGITS;
}

struct chain_line {
	uint64_t seq;
	size_t body; /* octets before " hash=" */
	char hash[CHAIN_DIGITS + 1];
	bool begins;
	char prev[CHAIN_DIGITS + 1]; /* of one that begins */
};

/* False: this is no line of a chain. */
static bool line_read(const char *line, size_t len, struct chain_line *out)
{
	char number[24];
	const char *v;

	*out = (struct chain_line){0};
	if (len < HASH_LEN + 6 || len >= CHAIN_LINE_MAX || memcmp(line, "seq=", 4) != 0)
		return false;
	out->body = len - HASH_LEN;
	memcpy(out->hash, line + len - CHAIN_DIGITS, CHAIN_DIGITS);
	if (memcmp(line + out->body, HASH_KEY, sizeof(HASH_KEY) - 1) != 0 || !is_digits(out->hash))
		return false;
	size_t n = chain_value(line, out->body, "seq", &v);
	if (n == 0 || n >= sizeof(number))
		return false;
	memcpy(number, v, n);
	number[n] = '\0';
	if (!text_parse_u64(number, UINT64_MAX - 1, &out->seq) || out->seq == 0)
		return false;
	out->begins = value_is(line, out->body, "event", CHAIN_BEGUN) &&
		      chain_value(line, out->body, "prev", &v) == CHAIN_DIGITS;
	if (out->begins) {
		memcpy(out->prev, v, CHAIN_DIGITS);
		out->begins = is_digits(out->prev);
	}
	return true;
}

/* The order of what can be said: where a number is wrong the hash is as well. */
static enum chain_fault line_judge(
	const struct chain_check *k, const struct chain_line *l, const char *line)
{
	char want[CHAIN_DIGITS + 1];

	if (k->begun && l->begins && strcmp(l->prev, k->at.head) != 0)
		return CHAIN_SPLIT;
	if (k->fresh && !l->begins)
		return CHAIN_HEADLESS;
	if (k->begun && l->seq > k->at.seq + 1)
		return CHAIN_MISSING;
	if (k->begun && l->seq <= k->at.seq)
		return CHAIN_MOVED;
	link_digits(k->begun ? k->at.head : l->prev, line, l->body, want);
	return strcmp(want, l->hash) != 0 ? CHAIN_CHANGED : CHAIN_FINE;
}

/* Lines before were torn, and this one says so. */
static bool speaks_of_torn(const struct chain_check *k, const char *line, size_t len)
{
	struct sha256 s = k->torn_octets;
	char digits[CHAIN_DIGITS + 1];

	chain_digits(&s, digits);
	return (value_is(line, len, "event", CHAIN_RESUMED) ||
		       value_is(line, len, "event", CHAIN_BEGUN)) &&
	       value_is(line, len, "torn", digits);
}

static void torn_add(struct chain_check *k, const char *line, size_t len)
{
	if (k->torn++ == 0) {
		sha256_init(&k->torn_octets);
		k->torn_from = k->lines;
	} else {
		sha256_add(&k->torn_octets, "\n", 1);
	}
	sha256_add(&k->torn_octets, line, len);
}

static void line_take(struct chain_check *k, const struct chain_line *l, const char *line)
{
	if (!k->begun) {
		k->first_seq = l->seq;
		memcpy(k->first_prev, l->prev, sizeof(k->first_prev));
	}
	k->begun = true;
	k->fresh = false;
	k->closed = value_is(line, l->body, "event", CHAIN_CLOSED);
	k->at.seq = l->seq;
	memcpy(k->at.head, l->hash, sizeof(k->at.head));
}

enum chain_fault chain_check_line(struct chain_check *k, const char *line, size_t len)
{
	enum chain_fault f = CHAIN_FINE;
	struct chain_line l;

	k->lines++;
	if (!line_read(line, len, &l)) {
		torn_add(k, line, len);
		return CHAIN_FINE;
	}
	if (k->begun || !k->inside)
		f = line_judge(k, &l, line);
	if (k->torn && !speaks_of_torn(k, line, l.body))
		f = CHAIN_MALFORMED;
	k->torn = 0;
	if (f != CHAIN_MOVED)
		line_take(k, &l, line);
	return f;
}

enum chain_fault chain_check_end(struct chain_check *k, size_t rest)
{
	if (rest)
		return CHAIN_TORN;
	if (!k->torn)
		return CHAIN_FINE;
	k->torn = 0;
	return CHAIN_MALFORMED;
}

const char *chain_fault_text(enum chain_fault f)
{
	static const char *const texts[] = {
		[CHAIN_FINE] = "fine",
		[CHAIN_MALFORMED] = "no line of a security log, and none that was torn",
		[CHAIN_CHANGED] =
			"does not follow from the line before: one of the two was changed",
		[CHAIN_MISSING] = "lines before this one are missing",
		[CHAIN_MOVED] = "out of its place: inserted, repeated or moved",
		[CHAIN_HEADLESS] = "no beginning of a file: lines before this one are missing",
		[CHAIN_SPLIT] = "a beginning that is not tied to the lines before",
		[CHAIN_TORN] = "the last line has no end: the writing of it was cut off",
	};

	return texts[f];
}
