#include "tests/unit/io/turn.h"

#include <event2/event.h>

#include "bgpd/io/clock.h"
#include "bgpd/io/watch.h"

static void turn_tick(void *arg, unsigned ready)
{
	(void)arg;
	(void)ready;
}

bool turn_until(struct event_base *base, turn_fn *fn, void *arg, unsigned ms)
{
	uint64_t until = io_clock_now_ms() + ms;
	struct io_watch *tick = io_watch_timer(base, turn_tick, NULL);
	bool held;

	while (!(held = fn(arg)) && io_clock_now_ms() < until) {
		io_watch_after(tick, 5);
		event_base_loop(base, EVLOOP_ONCE);
	}
	io_watch_free(tick);
	return held;
}
