/* Each attribute against each kind of error, and what RFC 7606 (or the attribute's own RFC) says it costs. */
#include <criterion/criterion.h>

#include <string.h>

#include "bgpd/wire/update.h"
#include "tests/support/vectors.h"

/* ok, discard, withdraw, reset; - does not apply */
struct row {
	uint8_t code, flags;
	const char *valid;     /* hex of a good value */
	const char *bad_value; /* of a good length */
	char flags_error;      /* Optional, then Transitive, turned over */
	char empty, longer, shorter, value, twice, overrun;
	char ebgp; /* the good value from an external neighbour */
};

#define VPN_NLRI "58 000641 0000fde80000000b"
#define RT	 "0002fde800000065"

/* clang-format off */
static const struct row as4_rows[] = {
	{1, 0x40, "00", "03", 'w', 'w', 'w', 'w', 'w', 'd', 'w', 'o'},
	{2, 0x40, "0201 0000fde9", "0201 00000000", 'w', 'o', 'w', 'w', 'w', 'd', 'w', 'o'},
	{3, 0x40, "c0000201", NULL, 'w', 'w', 'w', 'w', '-', 'd', 'w', 'o'},
	{4, 0x80, "00000001", NULL, 'w', 'w', 'w', 'w', '-', 'd', 'w', 'o'},
	{5, 0x40, "00000064", NULL, 'w', 'w', 'w', 'w', '-', 'd', 'w', 'd'},
	{6, 0x40, "", NULL, 'w', 'o', 'd', '-', '-', 'd', 'w', 'o'},
	{7, 0xc0, "0000fde9 c0000201", "00000000 c0000201", 'w', 'd', 'd', 'd', 'd', 'd', 'w', 'o'},
	{8, 0xc0, "ffffff01", NULL, 'w', 'w', 'w', 'w', '-', 'd', 'w', 'o'},
	{9, 0x80, "c0000201", NULL, 'w', 'w', 'w', 'w', '-', 'd', 'w', 'd'},
	{10, 0x80, "c0000201", NULL, 'w', 'w', 'w', 'w', '-', 'd', 'w', 'd'},
	{14, 0x80, "000180 0c 0000000000000000 0aff0003 00" VPN_NLRI, "000180 0c 0000000000000000 0aff0003 00 57 000641 0000fde80000000b",
		'r', 'r', 'r', 'r', 'r', 'r', 'r', 'o'},
	{15, 0x80, "000180" VPN_NLRI, "000180 57 000641 0000fde80000000b", 'r', 'r', 'r', 'r', 'r', 'r', 'r', 'o'},
	{16, 0xc0, RT, NULL, 'w', 'w', 'w', 'w', '-', 'd', 'w', 'o'},
	{17, 0xc0, "0201 0000fde9", "0201 00000000", 'd', 'd', 'd', 'd', 'd', 'd', 'w', 'd'},
	{18, 0xc0, "0000fde9 c0000201", NULL, 'd', 'd', 'd', 'd', '-', 'd', 'w', 'd'},
	{32, 0xc0, "0000fbf0 00000001 00000002", NULL, 'w', 'w', 'w', 'w', '-', 'd', 'w', 'o'},
	{35, 0xc0, "0000fde9", NULL, 'w', 'w', 'w', 'w', '-', 'd', 'w', 'o'},
};

/* In a 2-octet session AS4_PATH and AS4_AGGREGATOR mean something, and the widths of 2 and 7 are others. */
static const struct row as2_rows[] = {
	{2, 0x40, "0201 fde9", "0201 0000", 'w', 'o', 'w', 'w', 'w', 'd', 'w', 'o'},
	{7, 0xc0, "fde9 c0000201", "0000 c0000201", 'w', 'd', 'd', 'd', 'd', 'd', 'w', 'o'},
	{17, 0xc0, "0201 0000fde9", "0201 00000000", 'w', 'd', 'd', 'd', 'd', 'd', 'w', 'o'},
	{18, 0xc0, "0000fde9 c0000201", "00000000 c0000201", 'w', 'd', 'd', 'd', 'd', 'd', 'w', 'o'},
};
/* clang-format on */

struct session {
	struct wire_ctx ctx;
	const char *as_path; /* hex of a good one */
};

static void attr_add(struct wbuf *w, uint8_t flags, uint8_t code, const uint8_t *value, size_t len)
{
	wbuf_put_u8(w, flags);
	wbuf_put_u8(w, code);
	wbuf_put_u8(w, (uint8_t)len);
	wbuf_put(w, value, len);
}

static void attr_add_hex(struct wbuf *w, uint8_t flags, uint8_t code, const char *hex)
{
	uint8_t value[128];
	int n = vector_parse_hex(hex, value, sizeof(value));

	cr_assert_geq(n, 0);
	attr_add(w, flags, code, value, (size_t)n);
}

/* A good message but for the attribute under test, which add() has written into attrs. */
static char outcome_of(const struct session *s, uint8_t code, const struct wbuf *attrs)
{
	static const char letters[] = "odwr";
	uint8_t body[1024];
	struct wbuf w = wbuf_of(body, sizeof(body));
	struct arena arena;
	struct wire_update up;

	arena_init(&arena, 65536);
	wbuf_put_u16(&w, 0);
	size_t mark = wbuf_mark_u16(&w);
	if (code != 1)
		attr_add_hex(&w, 0x40, 1, "00");
	if (code != 2)
		attr_add_hex(&w, 0x40, 2, s->as_path);
	if (code != 3)
		attr_add_hex(&w, 0x40, 3, "c0000201");
	wbuf_put(&w, attrs->base, attrs->len);
	wbuf_fill_u16(&w, mark);
	wbuf_put(&w, "\x10\x0a\x01", 3);
	enum wire_action action = wire_update_get(body, w.len, &s->ctx, &arena, &up);
	if (action < WIRE_RESET)
		cr_expect_eq(up.reach[0].count, 1, "the NLRI must still be found");
	if (action != WIRE_OK)
		cr_expect(up.fault.why && up.fault.code, "a fault says what and why");
	arena_fini(&arena);
	return letters[action];
}

static void row_expect(const struct session *s, const struct row *row, const char *kind, char want,
	const struct wbuf *attrs)
{
	if (want == '-')
		return;
	char got = outcome_of(s, row->code, attrs);
	cr_expect_eq(got, want, "attribute %u, %s, as4 %d ebgp %d: %c, expected %c", row->code,
		kind, s->ctx.as4, s->ctx.ebgp, got, want);
}

static void row_check(const struct session *s, const struct row *row, bool discarded)
{
	uint8_t value[128] = {0}, buf[512];
	size_t n = (size_t)vector_parse_hex(row->valid, value, sizeof(value));
	const struct {
		const char *kind;
		uint8_t flags;
		size_t len;
		char want;
	} lengths[] = {
		{"good", row->flags, n, 'o'},
		{"Optional turned over", row->flags ^ 0x80, n, row->flags_error},
		{"Transitive turned over", row->flags ^ 0x40, n, row->flags_error},
		{"empty", row->flags, 0, row->empty},
		{"one octet more", row->flags, n + 1, row->longer},
		{"one octet less", row->flags, n ? n - 1 : 0, row->shorter},
	};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct wbuf w = wbuf_of(buf, sizeof(buf));
		attr_add(&w, lengths[i].flags, row->code, value, lengths[i].len);
		row_expect(s, row, lengths[i].kind, discarded ? 'd' : lengths[i].want, &w);
	}
	struct wbuf w = wbuf_of(buf, sizeof(buf));
	attr_add(&w, row->flags, row->code, value, n);
	attr_add(&w, row->flags, row->code, value, n);
	row_expect(s, row, "twice", row->twice, &w);
	w = wbuf_of(buf, sizeof(buf));
	attr_add(&w, row->flags, row->code, value, n);
	buf[2]++;
	row_expect(s, row, "overrun", row->overrun, &w);
	if (row->bad_value) {
		w = wbuf_of(buf, sizeof(buf));
		attr_add_hex(&w, row->flags, row->code, row->bad_value);
		row_expect(s, row, "bad value", discarded ? 'd' : row->value, &w);
	}
}

/* From an external neighbour: as from an internal one, unless it is discarded whatever it holds. */
static void rows_check(const struct session *internal, const struct row *rows, size_t n)
{
	struct session external = *internal;

	external.ctx.ebgp = true;
	for (size_t i = 0; i < n; i++) {
		bool as4_only = internal->ctx.as4 && (rows[i].code == 17 || rows[i].code == 18);

		row_check(internal, &rows[i], as4_only);
		row_check(&external, &rows[i], rows[i].ebgp == 'd');
	}
}

Test(rfc7606, each_attribute_by_each_error)
{
	struct session as4 = {{.as4 = true, .families = 3, .msg_max = 4096}, "0201 0000fde9"};
	struct session as2 = {{.families = 3, .msg_max = 4096}, "0201 fde9"};

	rows_check(&as4, as4_rows, sizeof(as4_rows) / sizeof(as4_rows[0]));
	rows_check(&as2, as2_rows, sizeof(as2_rows) / sizeof(as2_rows[0]));
}

/* RFC 7606 3 h, for every pair of actions and both orders. */
Test(rfc7606, strongest_action_wins)
{
	static const struct {
		uint8_t flags, code;
		const char *value;
		enum wire_action action;
	} one[] = {
		{0x80, 4, "00000001", WIRE_OK},
		{0x40, 6, "01", WIRE_ATTR_DISCARD},
		{0xc0, 8, "01", WIRE_WITHDRAW},
		{0x40, 99, "01", WIRE_RESET},
	};
	struct session s = {{.as4 = true, .families = 3, .msg_max = 4096}, "0201 0000fde9"};

	for (unsigned i = 0; i < 4; i++)
		for (unsigned j = 0; j < 4; j++) {
			uint8_t buf[64];
			struct wbuf w = wbuf_of(buf, sizeof(buf));
			unsigned strongest = i > j ? i : j;

			if (i == j)
				continue;
			attr_add_hex(&w, one[i].flags, one[i].code, one[i].value);
			attr_add_hex(&w, one[j].flags, one[j].code, one[j].value);
			cr_expect_eq(outcome_of(&s, 0, &w), "odwr"[strongest]);
		}
}

Test(rfc7606, half_read_attributes_are_never_shown)
{
	uint8_t body[] = {0, 0, 0, 18, 0x40, 2, 4, 2, 1, 0xfd, 0xe9, 0x40, 3, 4, 1, 2, 3, 4, 0x40,
		1, 1, 9, 8, 10};
	struct wire_ctx ctx = {.families = 1, .msg_max = 4096};
	struct wire_update up;
	struct arena arena;

	arena_init(&arena, 4096);
	cr_assert_eq(wire_update_get(body, sizeof(body), &ctx, &arena, &up), WIRE_WITHDRAW);
	cr_assert_eq(up.attrs.present, 0);
	cr_assert_null(up.attrs.as_path.p, "still 2-octet: whoever read it would run past its end");
	arena_fini(&arena);
}

Test(rfc7606, an_arena_that_is_full_costs_the_session_and_not_the_process)
{
	uint8_t body[] = {0, 0, 0, 18, 0x40, 2, 4, 2, 1, 0xfd, 0xe9, 0x40, 3, 4, 1, 2, 3, 4, 0x40,
		1, 1, 0, 8, 10};
	struct wire_ctx ctx = {.families = 1, .msg_max = 4096};
	struct wire_update up;
	struct arena arena;

	arena_init(&arena, 4);
	cr_assert_eq(wire_update_get(body, sizeof(body), &ctx, &arena, &up), WIRE_RESET);
	cr_assert_eq(up.fault.code, 6);
	cr_assert_eq(up.fault.subcode, 8);
	arena_fini(&arena);
}
