#include "bgpd/core/interval.h"

void core_interval_told(struct core_run *run, struct core_peer *p)
{
	if (!p->conf->advertisement_interval_s || p->interval.holds)
		return;
	p->interval.told = true;
	run->r->intervals = true;
}

/* A table that is being told for the first time, or again, is one advertisement. */
static bool begin(struct core_run *run, struct core_peer *p)
{
	if (!out_set_is_settled(&run->r->out, p->index))
		return false;
	p->interval.told = false;
	p->interval.holds = true;
	p->interval.until_ms = run->now_ms + p->conf->advertisement_interval_s * 1000u;
	out_set_pause(&run->r->out, p->index);
	return true;
}

static bool end(struct core_run *run, struct core_peer *p)
{
	p->interval.holds = false;
	if (!p->interval.full)
		out_set_resume(&run->r->out, p->index);
	return true;
}

bool core_interval_step(struct core_run *run)
{
	struct router *r = run->r;
	bool left = false, turned = false;

	if (!r->intervals)
		return false;
	for (unsigned i = 0; i < r->conf->n_peers; i++) {
		struct core_peer *p = &r->peers[i];

		if (p->interval.holds && p->interval.until_ms <= run->now_ms)
			turned |= end(run, p);
		else if (p->interval.told && !p->interval.holds)
			turned |= begin(run, p);
		left |= p->interval.told || p->interval.holds;
	}
	r->intervals = left;
	return turned;
}

void core_interval_full(struct core_run *run, struct core_peer *p, bool full)
{
	p->interval.full = full;
	if (full)
		out_set_pause(&run->r->out, p->index);
	else if (!p->interval.holds)
		out_set_resume(&run->r->out, p->index);
}

void core_interval_down(struct core_peer *p)
{
	p->interval = (struct core_interval){0};
}

uint64_t core_interval_deadline(const struct router *r)
{
	uint64_t at = TIMERQ_NEVER;

	for (unsigned i = 0; r->intervals && i < r->conf->n_peers; i++)
		if (r->peers[i].interval.holds && r->peers[i].interval.until_ms < at)
			at = r->peers[i].interval.until_ms;
	return at;
}
