#include "bgpd/io/pace.h"

/* By which part of its limit, in 1/16ths, a slice was too long; below 16: it was not. */
static uint64_t pace_load(uint64_t took_us, size_t octets)
{
	uint64_t time = took_us * 16 / IO_PACE_US, room = (uint64_t)octets * 16 / IO_PACE_OCTETS;

	return time > room ? time : room;
}

unsigned io_pace_next(unsigned budget, uint64_t took_us, size_t octets)
{
	uint64_t load = pace_load(took_us, octets), next = budget;

	if (load > 16)
		next = (uint64_t)budget * 16 / load;
	else if (load < 8)
		next = (uint64_t)budget *
		       2; /* a short slice may be the last of the work: no more than that */
	if (next < IO_PACE_MIN)
		return IO_PACE_MIN;
	return next > IO_PACE_MAX ? IO_PACE_MAX : (unsigned)next;
}
