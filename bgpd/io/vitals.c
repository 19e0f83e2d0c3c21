#include "bgpd/io/vitals.h"

#include <errno.h>
#include <sys/resource.h>

#include "bgpd/io/clock.h"

void io_vitals_begin(struct mgmt_vitals *v)
{
	*v = (struct mgmt_vitals){.started_s = io_clock_wall_s(), .conf_s = io_clock_wall_s()};
}

static uint64_t us_of(const struct timeval *tv)
{
	return (uint64_t)tv->tv_sec * 1000000 + (uint64_t)tv->tv_usec;
}

void io_vitals_look(struct mgmt_vitals *v)
{
	struct rusage u;

	v->wall_s = io_clock_wall_s();
	if (getrusage(RUSAGE_SELF, &u) < 0)
		return;
	v->cpu_us = us_of(&u.ru_utime) + us_of(&u.ru_stime);
	v->resident_peak = (uint64_t)u.ru_maxrss * 1024;
}

void io_vitals_reloaded(struct mgmt_vitals *v, int error)
{
	v->refused = error != 0 && error != ENODATA;
	v->reloads += error == 0;
	v->reloads_refused += v->refused;
	if (!error)
		v->conf_s = io_clock_wall_s();
}
