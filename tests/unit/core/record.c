/* Every kind of input survives print and parse; what is no line is refused. */
#include <criterion/criterion.h>

#include <errno.h>
#include <string.h>

#include "bgpd/core/record.h"
#include "lib/check.h"

static void there_and_back(const struct core_line *line)
{
	char text[2048], again[2048];
	struct core_line back;
	struct arena arena;

	arena_init(&arena, 4096);
	cr_assert(core_line_size(line) <= sizeof(text));
	core_event_print(line, text, sizeof(text));
	cr_assert(core_event_parse(text, &back, &arena), "%s", text);
	core_event_print(&back, again, sizeof(again));
	cr_assert_str_eq(text, again);
	cr_assert_eq(back.kind, line->kind);
	cr_assert_eq(back.now_ms, line->now_ms);
	cr_assert_eq(back.ev.kind, line->ev.kind);
	cr_assert_eq(back.ev.conn, line->ev.conn);
	cr_assert_eq(back.ev.len, line->ev.len);
	cr_assert_eq(back.ev.peer, line->ev.peer);
	cr_assert_eq(back.ev.admin, line->ev.admin);
	cr_assert_eq(back.ev.families, line->ev.families);
	cr_assert_eq(back.ev.text == NULL, line->ev.text == NULL);
	if (line->ev.text)
		cr_assert_str_eq(back.ev.text, line->ev.text);
	if (line->ev.len)
		cr_assert_arr_eq(back.ev.data, line->ev.data, line->ev.len);
	arena_fini(&arena);
}

Test(core_record, there_and_back)
{
	static const uint8_t octets[] = {0, 1, 0xfe, 0xff};
	struct ip_addr a = ip_addr_v4(0x0a000001), b = ip_addr_v4(0xc0a80102);
	const struct core_line lines[] = {
		{.kind = CORE_LINE_SEED, .seed = UINT64_MAX},
		{.kind = CORE_LINE_WORK, .now_ms = 77, .budget = 1000},
		{CORE_LINE_EVENT, 1, 0, 0, {.kind = EV_START, .vrf = FIB_VRF_CORE}},
		{CORE_LINE_EVENT, 2, 0, 0, {.kind = EV_STOP, .vrf = FIB_VRF_CORE}},
		{CORE_LINE_EVENT, 3, 0, 0,
			{.kind = EV_ACCEPT, .conn = 9, .vrf = 3, .remote = a, .local = b}},
		{CORE_LINE_EVENT, 3, 0, 0,
			{.kind = EV_ACCEPT, .conn = 9, .vrf = 0, .remote = a, .local = b}},
		{CORE_LINE_EVENT, 4, 0, 0, {.kind = EV_CONNECTED, .conn = 9, .vrf = FIB_VRF_CORE}},
		{CORE_LINE_EVENT, 5, 0, 0,
			{.kind = EV_CONN_FAILED,
				.conn = 9,
				.vrf = FIB_VRF_CORE,
				.error = ECONNREFUSED}},
		{CORE_LINE_EVENT, 6, 0, 0,
			{.kind = EV_CONN_CLOSED, .conn = 9, .vrf = FIB_VRF_CORE}},
		{CORE_LINE_EVENT, 7, 0, 0,
			{.kind = EV_RECV,
				.conn = UINT32_MAX,
				.vrf = FIB_VRF_CORE,
				.data = octets,
				.len = sizeof(octets)}},
		{CORE_LINE_EVENT, 8, 0, 0,
			{.kind = EV_FIB,
				.vrf = FIB_VRF_CORE,
				.fib = {.type = FIB_GUARD_DROP,
					.port = 1,
					.guard_reason = 3,
					.drop = {.time_ms = UINT64_MAX,
						.len = 200,
						.cap = FIB_DROP_OCTETS,
						.octets =
							(const uint8_t[FIB_DROP_OCTETS]){1, 2, 3}},
					.name = "fifteen-octets-"}}},
		{CORE_LINE_EVENT, 8, 0, 0, {.kind = EV_TIMER, .vrf = FIB_VRF_CORE}},
		{CORE_LINE_EVENT, 8, 0, 0, {.kind = EV_CONN_FULL, .conn = 9, .vrf = FIB_VRF_CORE}},
		{CORE_LINE_EVENT, 8, 0, 0,
			{.kind = EV_CONN_DRAINED, .conn = 9, .vrf = FIB_VRF_CORE}},
		{CORE_LINE_EVENT, 8, 0, 0,
			{.kind = EV_CONN_STALLED, .conn = 9, .vrf = FIB_VRF_CORE}},
		{CORE_LINE_EVENT, 8, 0, 0,
			{.kind = EV_CONN_PROGRESS, .conn = 9, .vrf = FIB_VRF_CORE}},
		{CORE_LINE_EVENT, 8, 0, 0,
			{.kind = EV_ADMIN,
				.vrf = FIB_VRF_CORE,
				.admin = ADMIN_SHUTDOWN,
				.peer = 3,
				.text = "caf\xc3\xa9 = closed"}},
		{CORE_LINE_EVENT, 8, 0, 0,
			{.kind = EV_ADMIN,
				.vrf = FIB_VRF_CORE,
				.admin = ADMIN_REFRESH_IN,
				.peer = EVENT_PEER_ALL,
				.families = 2}},
		{CORE_LINE_EVENT, 9, 0, 0,
			{.kind = EV_FIB,
				.vrf = FIB_VRF_CORE,
				.fib = {.type = FIB_NEXTHOP, .addr = a, .up = true, .metric = 20}}},
	};

	for (unsigned i = 0; i < ARRAY_LEN(lines); i++)
		there_and_back(&lines[i]);
}

Test(core_record, what_is_no_line)
{
	static const char *const bad[] = {
		"",
		"seed",
		"seed 99999999999999999999",
		"x start",
		"1",
		"1 begin",
		"1 recv conn=1 data=abc",
		"1 recv conn=1 data=zz",
		"1 recv conn=4294967296",
		"1 recv conn=",
		"1 recv conn",
		"1 accept remote=10.0.0",
		"1 accept vrf=65536",
		"1 fib record=00",
		"1 fib record=ff0000",
		"1 work budget=-1",
		"1 start colour=blue",
		"1 admin peer=x",
		"1 admin action=explode",
		"1 admin text=6",
	};
	struct core_line line;
	struct arena arena;

	arena_init(&arena, 4096);
	for (unsigned i = 0; i < ARRAY_LEN(bad); i++)
		cr_expect_not(core_event_parse(bad[i], &line, &arena), "\"%s\"", bad[i]);
	arena_fini(&arena);
}
