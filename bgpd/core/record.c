#include "bgpd/core/record.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "lib/text.h"

#define FIXED_OCTETS 512 /* of a line, without data */

static const char *const event_names[] = {
	[EV_START] = "start",
	[EV_STOP] = "stop",
	[EV_ACCEPT] = "accept",
	[EV_CONNECTED] = "connected",
	[EV_CONN_FAILED] = "conn-failed",
	[EV_CONN_CLOSED] = "conn-closed",
	[EV_RECV] = "recv",
	[EV_TIMER] = "timer",
	[EV_FIB] = "fib",
	[EV_CONN_FULL] = "conn-full",
	[EV_CONN_DRAINED] = "conn-drained",
	[EV_CONN_STALLED] = "conn-stalled",
	[EV_CONN_PROGRESS] = "conn-progress",
	[EV_ADMIN] = "admin",
	[EV_LEAVE] = "leave",
	[EV_REMOTE_UP] = "remote-up",
	[EV_REMOTE_DOWN] = "remote-down",
	[EV_REMOTE_RECV] = "remote-recv",
	[EV_REMOTE_FULL] = "remote-full",
	[EV_REMOTE_DRAINED] = "remote-drained",
};

static const char *const admin_names[ADMIN_ACTIONS] = {
	[ADMIN_RESET] = "reset",
	[ADMIN_SHUTDOWN] = "shutdown",
	[ADMIN_ENABLE] = "enable",
	[ADMIN_REFRESH] = "refresh",
	[ADMIN_REFRESH_IN] = "refresh-in",
	[ADMIN_REFRESH_OUT] = "refresh-out",
	[ADMIN_GRACEFUL_ON] = "graceful-on",
	[ADMIN_GRACEFUL_OFF] = "graceful-off",
};

static bool has_data(enum event_kind k)
{
	return k == EV_RECV || k == EV_REMOTE_RECV;
}

static bool is_remote(enum event_kind k)
{
	return k >= EV_REMOTE_UP && k <= EV_REMOTE_DRAINED;
}

size_t core_line_size(const struct core_line *line)
{
	const struct event *ev = &line->ev;

	return FIXED_OCTETS + (has_data(ev->kind) ? 2 * ev->len : 0) +
	       (ev->text ? 2 * strlen(ev->text) : 0);
}

static void add_hex(struct text *t, const uint8_t *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n && t->len + 2 < t->cap; i++) {
		t->s[t->len++] = digits[p[i] >> 4];
		t->s[t->len++] = digits[p[i] & 15];
	}
	t->s[t->len] = '\0';
}

static void add_addr(struct text *t, const char *key, const struct ip_addr *a)
{
	char addr[IP_ADDR_STRLEN];

	if (a->af != IP_NONE)
		text_add(t, " %s=%s", key, ip_addr_print(a, addr));
}

static void add_fib(struct text *t, const struct fib_msg *m)
{
	uint8_t octets[FIB_RECORD_MAX];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	fib_msg_put(&w, m);
	text_add(t, " record=");
	add_hex(t, octets, w.len);
	text_add(t, " # %s", fib_type_name(m->type));
}

static void add_admin(struct text *t, const struct event *ev)
{
	if (ev->peer != EVENT_PEER_ALL)
		text_add(t, " peer=%u", ev->peer);
	text_add(t, " action=%s", admin_names[ev->admin]);
	if (ev->families)
		text_add(t, " families=%u", ev->families);
}

static void add_text(struct text *t, const char *s)
{
	if (!s)
		return;
	text_add(t, " text=");
	add_hex(t, (const uint8_t *)s, strlen(s));
}

static void add_event(struct text *t, const struct event *ev)
{
	text_add(t, " %s", event_names[ev->kind]);
	if (ev->conn)
		text_add(t, " conn=%u", ev->conn);
	if (ev->kind == EV_ACCEPT && ev->vrf != FIB_VRF_CORE)
		text_add(t, " vrf=%u", ev->vrf);
	if (ev->error)
		text_add(t, " error=%d", ev->error);
	add_addr(t, "remote", &ev->remote);
	add_addr(t, "local", &ev->local);
	if (is_remote(ev->kind))
		text_add(t, " to=%u", ev->remote_index);
	if (ev->wall_us)
		text_add(t, " wall=%llu", (unsigned long long)ev->wall_us);
	if (has_data(ev->kind)) {
		text_add(t, " data=");
		add_hex(t, ev->data, ev->len);
	}
	if (ev->kind == EV_FIB)
		add_fib(t, &ev->fib);
	if (ev->kind == EV_ADMIN)
		add_admin(t, ev);
	add_text(t, ev->text);
}

size_t core_event_print(const struct core_line *line, char *out, size_t cap)
{
	struct text t = text_of(out, cap);

	if (line->kind == CORE_LINE_SEED) {
		text_add(&t, "seed %llu", (unsigned long long)line->seed);
		return t.len;
	}
	text_add(&t, "%llu", (unsigned long long)line->now_ms);
	if (line->kind == CORE_LINE_WORK)
		text_add(&t, " work budget=%u", line->budget);
	else
		add_event(&t, &line->ev);
	CHECK(!t.full);
	return t.len;
}

/* The word after any blanks; its length 0 at the end or at a comment. */
static const char *next_word(const char **at, size_t *len)
{
	const char *p = *at + strspn(*at, " ");

	*len = *p == '#' ? 0 : strcspn(p, " \n");
	*at = p + *len;
	return p;
}

static bool word_is(const char *word, size_t len, const char *want)
{
	return strlen(want) == len && !memcmp(word, want, len);
}

static bool get_number(const char *word, size_t len, uint64_t max, uint64_t *out)
{
	char copy[24];

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, word, len);
	copy[len] = '\0';
	return text_parse_u64(copy, max, out);
}

static bool get_addr(const char *word, size_t len, struct ip_addr *out)
{
	char copy[IP_ADDR_STRLEN];

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, word, len);
	copy[len] = '\0';
	return ip_addr_parse(copy, out);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static uint8_t *get_hex(const char *word, size_t len, struct arena *arena)
{
	uint8_t *octets = len % 2 ? NULL : arena_alloc(arena, len / 2);

	for (size_t i = 0; octets && i < len / 2; i++) {
		int hi = hex_digit(word[2 * i]), lo = hex_digit(word[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return NULL;
		octets[i] = (uint8_t)(hi << 4 | lo);
	}
	return octets;
}

struct field { /* "key=value" */
	const char *value;
	size_t len;
	struct core_line *line;
	struct arena *arena;
};

/* 0 if it is none. */
static bool field_u32(const struct field *f, uint32_t *out)
{
	uint64_t v;
	bool ok = get_number(f->value, f->len, UINT32_MAX, &v);

	*out = ok ? (uint32_t)v : 0;
	return ok;
}

static bool field_conn(struct field *f)
{
	return field_u32(f, &f->line->ev.conn);
}

static bool field_vrf(struct field *f)
{
	uint64_t v;
	bool ok = get_number(f->value, f->len, UINT16_MAX, &v);

	f->line->ev.vrf = ok ? (uint16_t)v : 0;
	return ok;
}

static bool field_error(struct field *f)
{
	uint64_t v;
	bool ok = get_number(f->value, f->len, INT32_MAX, &v);

	f->line->ev.error = ok ? (int32_t)v : 0;
	return ok;
}

static bool field_budget(struct field *f)
{
	return field_u32(f, &f->line->budget);
}

static bool field_remote(struct field *f)
{
	return get_addr(f->value, f->len, &f->line->ev.remote);
}

static bool field_local(struct field *f)
{
	return get_addr(f->value, f->len, &f->line->ev.local);
}

static bool field_data(struct field *f)
{
	f->line->ev.data = get_hex(f->value, f->len, f->arena);
	f->line->ev.len = f->len / 2;
	return f->line->ev.data != NULL;
}

static bool field_record(struct field *f)
{
	uint8_t *octets = get_hex(f->value, f->len, f->arena);
	struct rbuf r = rbuf_of(octets, f->len / 2);

	return octets && fib_msg_get(&r, &f->line->ev.fib) && !rbuf_left(&r);
}

static bool field_peer(struct field *f)
{
	return field_u32(f, &f->line->ev.peer);
}

static bool field_families(struct field *f)
{
	return field_u32(f, &f->line->ev.families);
}

static bool field_to(struct field *f)
{
	return field_u32(f, &f->line->ev.remote_index);
}

static bool field_wall(struct field *f)
{
	return get_number(f->value, f->len, UINT64_MAX, &f->line->ev.wall_us);
}

static bool field_action(struct field *f)
{
	for (unsigned a = 0; a < ADMIN_ACTIONS; a++)
		if (word_is(f->value, f->len, admin_names[a])) {
			f->line->ev.admin = a;
			return true;
		}
	return false;
}

static bool field_text(struct field *f)
{
	uint8_t *octets = get_hex(f->value, f->len, f->arena);
	char *text = octets ? arena_alloc(f->arena, f->len / 2 + 1) : NULL;

	if (!text)
		return false;
	memcpy(text, octets, f->len / 2);
	f->line->ev.text = text;
	return true;
}

static bool get_fields(const char *at, struct core_line *out, struct arena *arena)
{
	static const struct {
		const char *key;
		bool (*get)(struct field *f);
	} fields[] = {
		{"conn", field_conn},
		{"vrf", field_vrf},
		{"error", field_error},
		{"budget", field_budget},
		{"remote", field_remote},
		{"local", field_local},
		{"data", field_data},
		{"record", field_record},
		{"peer", field_peer},
		{"action", field_action},
		{"families", field_families},
		{"text", field_text},
		{"to", field_to},
		{"wall", field_wall},
	};
	size_t len;
	const char *word;

	while (word = next_word(&at, &len), len) {
		const char *eq = memchr(word, '=', len);
		size_t i = 0, key_len = eq ? (size_t)(eq - word) : 0;

		while (i < ARRAY_LEN(fields) && !word_is(word, key_len, fields[i].key))
			i++;
		if (i == ARRAY_LEN(fields))
			return false;
		struct field f = {eq + 1, len - key_len - 1, out, arena};

		if (!fields[i].get(&f))
			return false;
	}
	return true;
}

bool core_event_parse(const char *text, struct core_line *out, struct arena *arena)
{
	size_t len;
	const char *word = next_word(&text, &len);

	*out = (struct core_line){.kind = CORE_LINE_EVENT, .ev.vrf = FIB_VRF_CORE};
	if (word_is(word, len, "seed")) {
		out->kind = CORE_LINE_SEED;
		word = next_word(&text, &len);
		return get_number(word, len, UINT64_MAX, &out->seed);
	}
	if (!get_number(word, len, UINT64_MAX, &out->now_ms))
		return false;
	word = next_word(&text, &len);
	if (word_is(word, len, "work")) {
		out->kind = CORE_LINE_WORK;
		return get_fields(text, out, arena);
	}
	for (unsigned k = 0; k < ARRAY_LEN(event_names); k++)
		if (word_is(word, len, event_names[k])) {
			out->ev.kind = k;
			out->ev.peer = k == EV_ADMIN ? EVENT_PEER_ALL : 0;
			return get_fields(text, out, arena);
		}
	return false;
}

size_t core_effect_size(const struct effect *e)
{
	return FIXED_OCTETS + EFFECT_TEXT_MAX + (e->block ? 2 * (size_t)e->block->len : 0);
}

size_t core_effect_print(const struct effect *e, char *out, size_t cap)
{
	static const char *const names[] = {
		[EFF_SEND] = "send",
		[EFF_CLOSE] = "close",
		[EFF_FIB] = "fib",
		[EFF_NOTE] = "note",
		[EFF_DONE] = "done",
		[EFF_REMOTE_DIAL] = "remote-dial",
		[EFF_REMOTE_SEND] = "remote-send",
		[EFF_REMOTE_CLOSE] = "remote-close",
	};
	struct text t = text_of(out, cap);

	text_add(&t, "< %s", names[e->kind]);
	if (e->conn)
		text_add(&t, " conn=%u", e->conn);
	if (e->kind >= EFF_REMOTE_DIAL)
		text_add(&t, " to=%u", e->remote);
	if (e->block) {
		text_add(&t, " data=");
		add_hex(&t, e->block->data, e->block->len);
	}
	if (e->kind == EFF_FIB)
		add_fib(&t, &e->fib);
	if (e->kind == EFF_NOTE)
		text_add(&t, " %s %s", e->event, e->text);
	CHECK(!t.full);
	return t.len;
}
