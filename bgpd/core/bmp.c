#include "bgpd/core/bmp.h"

void core_bmp_init(struct router *r)
{
	(void)r;
}

void core_bmp_fini(struct router *r)
{
	(void)r;
}

void core_bmp_start(struct core_run *run)
{
	(void)run;
}

void core_bmp_stop(struct core_run *run)
{
	(void)run;
}

void core_bmp_step(struct core_run *run, const struct event *ev)
{
	(void)run;
	(void)ev;
}

void core_bmp_tick(struct core_run *run)
{
	(void)run;
}

uint64_t core_bmp_deadline(const struct router *r)
{
	(void)r;
	return TIMERQ_NEVER;
}

bool core_bmp_work(struct core_run *run, unsigned *budget)
{
	(void)run;
	(void)budget;
	return false;
}
