#include "bgpd/core/remotes.h"

#include "bgpd/core/bmp.h"
#include "bgpd/core/rpki.h"

void core_remotes_init(struct router *r)
{
	core_rpki_init(r);
	core_bmp_init(r);
}

void core_remotes_fini(struct router *r)
{
	core_rpki_fini(r);
	core_bmp_fini(r);
}

void core_remotes_start(struct core_run *run)
{
	core_rpki_start(run);
	core_bmp_start(run);
}

void core_remotes_stop(struct core_run *run)
{
	core_rpki_stop(run);
	core_bmp_stop(run);
}

void core_remotes_leave(struct core_run *run, const uint8_t *fates)
{
	core_bmp_leave(run, fates);
}

void core_remotes_keep(struct router *r)
{
	core_bmp_keep(r);
}

void core_remotes_reload(struct core_run *run, const uint8_t *fates)
{
	core_rpki_reload(run, fates);
	core_bmp_reload(run, fates);
}

void core_remotes_step(struct core_run *run, const struct event *ev)
{
	if (ev->remote_index >= run->r->conf->n_remotes)
		return;
	if (run->r->conf->remotes[ev->remote_index].kind == CONF_REMOTE_CACHE)
		core_rpki_step(run, ev);
	else
		core_bmp_step(run, ev);
}

void core_remotes_tick(struct core_run *run)
{
	core_rpki_tick(run);
	core_bmp_tick(run);
}

uint64_t core_remotes_deadline(const struct router *r)
{
	uint64_t rpki = core_rpki_deadline(r), bmp = core_bmp_deadline(r);

	return rpki < bmp ? rpki : bmp;
}

bool core_remotes_work(struct core_run *run, unsigned *budget)
{
	bool left = core_rpki_work(run, budget);

	return core_bmp_work(run, budget) || left;
}
