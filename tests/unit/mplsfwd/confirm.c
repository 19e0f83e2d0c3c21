/* When a reload is confirmed, and what is done if it is not. */
#include "mplsfwd/confirm.h"

#include <criterion/criterion.h>

#define NOW 1000000u

Test(confirm, only_a_reload_that_replaced_something_waits)
{
	struct fwd_confirm c = {0};

	cr_expect_eq(fwd_confirm_reloaded(&c, 0, true, NOW), FWD_CONFIRM_NOTHING);
	cr_expect_eq(fwd_confirm_reloaded(&c, 60, false, NOW), FWD_CONFIRM_NOTHING);
	cr_expect(!fwd_confirm_end(&c));
	cr_expect_eq(fwd_confirm_reloaded(&c, 60, true, NOW), FWD_CONFIRM_BEGUN);
	cr_expect_eq(c.until_ms, NOW + 60000);
	cr_expect(fwd_confirm_end(&c));
	cr_expect(!fwd_confirm_end(&c));
	cr_expect_eq(fwd_confirm_left_s(&c, NOW), 0);
}

Test(confirm, another_reload_confirms_or_prolongs)
{
	for (int replaced = 0; replaced < 2; replaced++) {
		struct fwd_confirm c = {0};

		fwd_confirm_reloaded(&c, 60, true, NOW);
		cr_expect_eq(
			fwd_confirm_reloaded(&c, 10, replaced, NOW + 5000), FWD_CONFIRM_PROLONGED);
		cr_expect_eq(c.until_ms, NOW + 15000);
		cr_expect_eq(fwd_confirm_reloaded(&c, 0, replaced, NOW + 6000), FWD_CONFIRM_DONE);
		cr_expect_eq(c.until_ms, 0);
	}
}

Test(confirm, seconds_left_are_whole)
{
	struct fwd_confirm c = {0};

	fwd_confirm_reloaded(&c, FWD_CONFIRM_MAX_S, true, NOW);
	cr_expect_eq(fwd_confirm_left_s(&c, NOW), FWD_CONFIRM_MAX_S);
	cr_expect_eq(fwd_confirm_left_s(&c, NOW + 1), FWD_CONFIRM_MAX_S);
	cr_expect_eq(fwd_confirm_left_s(&c, NOW + 1000), FWD_CONFIRM_MAX_S - 1);
	cr_expect_eq(fwd_confirm_left_s(&c, c.until_ms - 1), 1);
	cr_expect_eq(fwd_confirm_left_s(&c, c.until_ms), 0);
	cr_expect_eq(fwd_confirm_left_s(&c, c.until_ms + 1), 0);
}

Test(confirm, every_way_back_ends)
{
	const uint64_t due = NOW + 1000;
	const struct {
		struct fwd_confirm_state state;
		uint64_t now_ms;
		enum fwd_confirm_step step;
	} rows[] = {
		{{.bgpd = true}, due - 1, FWD_CONFIRM_WAIT},
		{{.bgpd = false}, due - 1, FWD_CONFIRM_WAIT},
		{{.bgpd = true}, due, FWD_CONFIRM_HAND_OVER},
		{{.bgpd = false}, due, FWD_CONFIRM_ENFORCE},
		{{.bgpd = false}, due + FWD_CONFIRM_BUSY_MS, FWD_CONFIRM_ENFORCE},
		{{true, true, due}, due + 1, FWD_CONFIRM_WAIT},
		{{true, true, due}, due + FWD_CONFIRM_ANSWER_MS - 1, FWD_CONFIRM_WAIT},
		{{true, true, due}, due + FWD_CONFIRM_ANSWER_MS, FWD_CONFIRM_END_BGPD},
		{{true, true, due - FWD_CONFIRM_ANSWER_MS}, due, FWD_CONFIRM_END_BGPD},
		{{.bgpd = true}, due + FWD_CONFIRM_BUSY_MS - 1, FWD_CONFIRM_HAND_OVER},
		{{.bgpd = true}, due + FWD_CONFIRM_BUSY_MS, FWD_CONFIRM_END_BGPD},
		{{true, true, due + FWD_CONFIRM_BUSY_MS}, due + FWD_CONFIRM_BUSY_MS,
			FWD_CONFIRM_END_BGPD},
	};
	uint64_t look_ms;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fwd_confirm c = {.until_ms = due};

		cr_expect_eq(fwd_confirm_next(&c, &rows[i].state, rows[i].now_ms, &look_ms),
			rows[i].step, "row %zu", i);
		cr_expect_eq(
			look_ms, rows[i].now_ms < due ? due - rows[i].now_ms : FWD_CONFIRM_LOOK_MS);
	}
}
