#include "tests/unit/io/turn.h"

#include <event2/event.h>

#include "bgpd/io/clock.h"
#include "bgpd/io/conn.h"
#include "bgpd/io/watch.h"

static void turn_tick(void *arg, unsigned ready)
{
	(void)arg;
	(void)ready;
}

static void turn_serve(struct io_conns *conns)
{
	if (!conns)
		return;
	io_conns_read(conns, UINT64_MAX);
	io_conns_flush(conns);
}

void turn_conns(struct event_base *base, struct io_conns *conns)
{
	event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
	turn_serve(conns);
}

bool turn_until(struct event_base *base, turn_fn *fn, void *arg, unsigned ms)
{
	return turn_conns_until(base, NULL, fn, arg, ms);
}

bool turn_conns_until(
	struct event_base *base, struct io_conns *conns, turn_fn *fn, void *arg, unsigned ms)
{
	uint64_t until = io_clock_now_ms() + ms;
	struct io_watch *tick = io_watch_timer(base, turn_tick, NULL);
	bool held;

	turn_serve(conns);
	while (!(held = fn(arg)) && io_clock_now_ms() < until) {
		io_watch_after(tick, 5);
		event_base_loop(base, EVLOOP_ONCE);
		turn_serve(conns);
	}
	io_watch_free(tick);
	return held;
}
