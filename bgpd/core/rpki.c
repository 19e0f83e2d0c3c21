#include "bgpd/core/rpki.h"

void core_rpki_init(struct router *r)
{
	(void)r;
}

void core_rpki_fini(struct router *r)
{
	(void)r;
}

void core_rpki_start(struct core_run *run)
{
	(void)run;
}

void core_rpki_stop(struct core_run *run)
{
	(void)run;
}

void core_rpki_step(struct core_run *run, const struct event *ev)
{
	(void)run;
	(void)ev;
}

void core_rpki_tick(struct core_run *run)
{
	(void)run;
}

uint64_t core_rpki_deadline(const struct router *r)
{
	(void)r;
	return TIMERQ_NEVER;
}

bool core_rpki_work(struct core_run *run, unsigned *budget)
{
	(void)run;
	(void)budget;
	return false;
}
