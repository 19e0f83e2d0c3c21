#include "lib/lograte.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

#define TOKEN                                                                                      \
	60000u /* a line costs as much as one line a minute gives in a minute, by the millisecond */
#define PROBES	  8u
#define FNV_BEGIN UINT64_C(0xcbf29ce484222325)
#define FNV_TIMES UINT64_C(0x100000001b3)

struct bucket {
	char event[LOG_RATE_EVENT_MAX]; /* "": free */
	char subject[LOG_RATE_SUBJECT_MAX];
	unsigned times; /* of the limits: 1, or LOG_RATE_WIDER */
	uint64_t tokens, at_ms;
	uint64_t held, first_ms, last_ms; /* lines not written since it was told */
};

struct log_rate {
	struct log_limits limits;
	unsigned holding;    /* buckets with lines held */
	struct bucket other; /* of those that have found no place */
	struct bucket list[LOG_RATE_BUCKETS];
};

struct log_rate *log_rate_new(struct log_limits limits)
{
	struct log_rate *r = calloc(1, sizeof(*r));

	CHECK(r != NULL);
	r->limits = limits;
	return r;
}

void log_rate_free(struct log_rate *r)
{
	free(r);
}

void log_rate_set(struct log_rate *r, struct log_limits limits)
{
	r->limits = limits;
}

static bool is_subject(const char *pair)
{
	static const char *const keys[] = {
		"peer=", "port=", "vrf=", "neighbor=", "station=", "cache="};

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (strncmp(pair, keys[i], strlen(keys[i])) == 0)
			return true;
	return false;
}

/* Up to the first quote: behind it may stand what a stranger wrote. */
static void subject_find(const char *text, char out[LOG_RATE_SUBJECT_MAX])
{
	const char *quote = strchr(text, '"');
	const char *end = quote ? quote : text + strlen(text);

	out[0] = '\0';
	for (const char *at = text; at < end; at += strspn(at, " ")) {
		size_t len = strcspn(at, " \"");

		if (is_subject(at) && at + len <= end) {
			snprintf(out, LOG_RATE_SUBJECT_MAX, "%.*s", (int)len, at);
			return;
		}
		at += len;
	}
}

static uint64_t fnv(uint64_t h, const char *s)
{
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * FNV_TIMES;
	return h * FNV_TIMES;
}

static void bucket_fill(const struct log_rate *r, struct bucket *b, uint64_t now_ms)
{
	uint64_t full = (uint64_t)r->limits.burst * b->times * TOKEN;
	uint64_t passed = now_ms > b->at_ms ? now_ms - b->at_ms : 0;
	uint64_t speed = (uint64_t)r->limits.per_minute * b->times;

	b->at_ms = now_ms;
	b->tokens = passed > full / speed ? full : b->tokens + passed * speed;
	if (b->tokens > full)
		b->tokens = full;
}

/* Nothing is lost if its place is given to another. */
static bool bucket_is_idle(const struct log_rate *r, struct bucket *b, uint64_t now_ms)
{
	if (b->event[0] == '\0')
		return true;
	bucket_fill(r, b, now_ms);
	return b->held == 0 && b->tokens == (uint64_t)r->limits.burst * b->times * TOKEN;
}

static void bucket_begin(const struct log_rate *r, struct bucket *b, const char *event,
	const char *subject, unsigned times, uint64_t now_ms)
{
	*b = (struct bucket){.times = times, .at_ms = now_ms};
	snprintf(b->event, sizeof(b->event), "%s", event);
	snprintf(b->subject, sizeof(b->subject), "%s", subject);
	b->tokens = (uint64_t)r->limits.burst * times * TOKEN;
}

static bool bucket_is_of(
	const struct bucket *b, const char *event, const char *subject, unsigned times)
{
	return b->times == times && strncmp(b->event, event, sizeof(b->event) - 1) == 0 &&
	       strcmp(b->subject, subject) == 0;
}

static struct bucket *bucket_find(
	struct log_rate *r, const char *event, const char *subject, unsigned times, uint64_t now_ms)
{
	uint64_t h = fnv(fnv(FNV_BEGIN + times, event), subject);
	struct bucket *idle = NULL;

	for (unsigned i = 0; i < PROBES; i++) {
		struct bucket *b = &r->list[(h + i) % LOG_RATE_BUCKETS];

		if (bucket_is_of(b, event, subject, times))
			return b;
		if (!idle && bucket_is_idle(r, b, now_ms))
			idle = b;
	}
	if (!idle && r->other.event[0])
		return &r->other;
	idle = idle ? idle : &r->other;
	if (idle == &r->other)
		bucket_begin(r, idle, "other", "", 1, now_ms);
	else
		bucket_begin(r, idle, event, subject, times, now_ms);
	return idle;
}

static void bucket_hold(struct log_rate *r, struct bucket *b, uint64_t now_ms)
{
	if (b->held++ == 0) {
		b->first_ms = now_ms;
		r->holding++;
	}
	b->last_ms = now_ms;
}

bool log_rate_take(struct log_rate *r, const char *event, const char *text, uint64_t now_ms)
{
	char subject[LOG_RATE_SUBJECT_MAX];

	if (r->limits.per_minute == 0)
		return true;
	subject_find(text, subject);
	struct bucket *own = bucket_find(r, event, subject, 1, now_ms);
	bucket_fill(r, own, now_ms);
	if (own->tokens < TOKEN) {
		bucket_hold(r, own, now_ms);
		return false;
	}
	struct bucket *wide = bucket_find(r, event, "", LOG_RATE_WIDER, now_ms);
	bucket_fill(r, wide, now_ms);
	if (wide->tokens < TOKEN) {
		bucket_hold(r, wide, now_ms);
		return false;
	}
	own->tokens -= TOKEN;
	if (wide != own)
		wide->tokens -= TOKEN;
	return true;
}

static bool bucket_tell(
	struct log_rate *r, struct bucket *b, uint64_t now_ms, bool all, struct log_held *out)
{
	if (b->held == 0 || (!all && now_ms - b->last_ms < LOG_RATE_QUIET_MS &&
				    now_ms - b->first_ms < LOG_RATE_TELL_MS))
		return false;
	*out = (struct log_held){.count = b->held};
	memcpy(out->event, b->event, sizeof(out->event));
	memcpy(out->subject, b->subject, sizeof(out->subject));
	b->held = 0;
	r->holding--;
	return true;
}

bool log_rate_tell(struct log_rate *r, uint64_t now_ms, bool all, struct log_held *out)
{
	if (r->holding && bucket_tell(r, &r->other, now_ms, all, out))
		return true;
	for (unsigned i = 0; r->holding && i < LOG_RATE_BUCKETS; i++)
		if (bucket_tell(r, &r->list[i], now_ms, all, out))
			return true;
	return false;
}

bool log_rate_holds(const struct log_rate *r)
{
	return r->holding > 0;
}
