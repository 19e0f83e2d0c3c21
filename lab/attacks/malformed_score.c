/* What a router's answer to malformed input is worth. Pure. */
#include "lab/attacks/malformed_score.h"

#include <stdio.h>
#include <string.h>

#include "lib/check.h"

#define WORD_MAX    32
#define ERR_OPEN    2
#define ERR_UPDATE  3
#define UNSPECIFIED 0

static bool end_is_alive(const struct malformed_seen *s)
{
	return s->end == MALFORMED_UP && s->marker;
}

static bool seen_kept(const struct malformed_seen *s, const char *how)
{
	return end_is_alive(s) && s->target;
}

static bool seen_withdrawn(const struct malformed_seen *s, const char *how)
{
	return end_is_alive(s) && !s->target;
}

static bool seen_refused(const struct malformed_seen *s, const char *how)
{
	return end_is_alive(s) && s->target && !s->other;
}

/* how: "3/5", or nothing: any. */
static bool seen_reset(const struct malformed_seen *s, const char *how)
{
	unsigned code, subcode;
	bool vague;

	if (s->end != MALFORMED_RESET)
		return false;
	if (sscanf(how, "%u/%u", &code, &subcode) != 2)
		return true;
	vague = code == ERR_UPDATE || (code == ERR_OPEN && subcode == UNSPECIFIED);
	return s->code == code && (vague || s->subcode == subcode);
}

static bool seen_closed(const struct malformed_seen *s, const char *how)
{
	return s->end == MALFORMED_CLOSED;
}

static bool seen_accepted(const struct malformed_seen *s, const char *how)
{
	return s->end == MALFORMED_ACCEPTED;
}

static const struct {
	const char *word;
	bool (*is)(const struct malformed_seen *s, const char *how);
	bool ends; /* the session */
} words[] = {
	{"kept", seen_kept, false},
	{"withdrawn", seen_withdrawn, false},
	{"refused", seen_refused, false},
	{"accepted", seen_accepted, false},
	{"reset", seen_reset, true},
	{"closed", seen_closed, true},
};

/* *may_end: this word allows the session to end. */
static bool word_fits(const char *text, const struct malformed_seen *seen, bool *may_end)
{
	if (!strncmp(text, "first ", 6))
		text += 6;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t n = strlen(words[i].word);

		if (strncmp(text, words[i].word, n) != 0)
			continue;
		*may_end |= words[i].ends;
		return words[i].is(seen, text + n);
	}
	return false;
}

enum malformed_verdict malformed_score(
	const char *session, const char *also, const struct malformed_seen *seen)
{
	bool may_end = false, fits;

	if (seen->died)
		return MALFORMED_DEATH;
	if (!seen->tried)
		return MALFORMED_INVALID;
	if (seen->leaks)
		return MALFORMED_WRONG;
	fits = word_fits(seen->too_long ? MALFORMED_TOO_LONG : session, seen, &may_end);
	for (const char *word = seen->too_long ? "" : also; *word && !fits;) {
		char text[WORD_MAX];
		size_t n = strcspn(word, ",");

		snprintf(text, sizeof text, "%.*s", (int)n, word);
		fits = word_fits(text, seen, &may_end);
		word += n;
		word += strspn(word, ", ");
	}
	if (fits)
		return MALFORMED_AS_EXPECTED;
	if (!may_end && (seen->end == MALFORMED_RESET || seen->end == MALFORMED_CLOSED))
		return MALFORMED_NEEDLESS_RESET;
	return MALFORMED_WRONG;
}

const char *malformed_verdict_name(enum malformed_verdict v)
{
	static const char *const names[] = {
		[MALFORMED_AS_EXPECTED] = "as expected",
		[MALFORMED_NEEDLESS_RESET] = "needless reset",
		[MALFORMED_WRONG] = "wrong",
		[MALFORMED_DEATH] = "death",
		[MALFORMED_INVALID] = "invalid",
	};

	CHECK(v < MALFORMED_VERDICTS);
	return names[v];
}

static const char *seen_alive(const struct malformed_seen *s)
{
	if (!s->marker)
		return "deaf to what follows";
	if (!s->target)
		return "withdrawn";
	return s->other ? "kept, and took what it brought" : "kept";
}

void malformed_seen_print(const struct malformed_seen *s, char *out, size_t cap)
{
	char reset[64];
	const char *const ends[] = {
		[MALFORMED_UP] = seen_alive(s),
		[MALFORMED_ACCEPTED] = "accepted",
		[MALFORMED_RESET] = reset,
		[MALFORMED_CLOSED] = "closed",
		[MALFORMED_SILENT] = "no answer",
	};

	snprintf(reset, sizeof reset, "reset %u/%u%s", s->code, s->subcode,
		s->leaks ? " with more octets than it was sent" : "");
	snprintf(out, cap, "%s", s->died ? "died" : s->tried ? ends[s->end] : "no session");
}
