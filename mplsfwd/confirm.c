#include "mplsfwd/confirm.h"

enum fwd_confirm_outcome fwd_confirm_reloaded(
	struct fwd_confirm *c, uint32_t seconds, bool replaced, uint64_t now_ms)
{
	bool waited = c->until_ms;

	if (!waited && (!replaced || !seconds))
		return FWD_CONFIRM_NOTHING;
	c->until_ms = seconds ? now_ms + (uint64_t)seconds * 1000 : 0;
	return !seconds ? FWD_CONFIRM_DONE : waited ? FWD_CONFIRM_PROLONGED : FWD_CONFIRM_BEGUN;
}

bool fwd_confirm_end(struct fwd_confirm *c)
{
	bool waited = c->until_ms;

	c->until_ms = 0;
	return waited;
}

uint32_t fwd_confirm_left_s(const struct fwd_confirm *c, uint64_t now_ms)
{
	return c->until_ms > now_ms ? (uint32_t)((c->until_ms - now_ms + 999) / 1000) : 0;
}

enum fwd_confirm_step fwd_confirm_next(const struct fwd_confirm *c,
	const struct fwd_confirm_state *s, uint64_t now_ms, uint64_t *look_ms)
{
	*look_ms = FWD_CONFIRM_LOOK_MS;
	if (now_ms < c->until_ms) {
		*look_ms = c->until_ms - now_ms;
		return FWD_CONFIRM_WAIT;
	}
	if (!s->bgpd)
		return FWD_CONFIRM_ENFORCE;
	if (now_ms >= c->until_ms + FWD_CONFIRM_BUSY_MS)
		return FWD_CONFIRM_END_BGPD;
	if (!s->reloading)
		return FWD_CONFIRM_HAND_OVER;
	return now_ms >= s->reloading_ms + FWD_CONFIRM_ANSWER_MS ? FWD_CONFIRM_END_BGPD
								 : FWD_CONFIRM_WAIT;
}
