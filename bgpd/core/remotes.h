/*
 * Caches and stations: whom this router connects to besides its neighbours. What each kind does is its own file's business
 * (core/rpki, core/bmp); here is only who is asked.
 */
#ifndef BGPD_CORE_REMOTES_H
#define BGPD_CORE_REMOTES_H

#include "bgpd/core/state.h"

void core_remotes_init(struct router *r);
void core_remotes_fini(struct router *r);

void core_remotes_start(struct core_run *run); /* dials */
void core_remotes_stop(struct core_run *run);  /* says good-bye, closes */

/* Handles EV_REMOTE_*. */
void core_remotes_step(struct core_run *run, const struct event *ev);

/* What is due by now; when something is next. TIMERQ_NEVER: never. */
void core_remotes_tick(struct core_run *run);
uint64_t core_remotes_deadline(const struct router *r);

/*
 * The configuration is replaced; fates: of remotes, by conf_adopt. Before: good-bye to stations that go or are begun anew. Then those that stay look
 * at the next one. At last, what caches that went have said goes, and who is new is dialled.
 */
void core_remotes_leave(struct core_run *run, const uint8_t *fates);
void core_remotes_keep(struct router *r);
void core_remotes_reload(struct core_run *run, const uint8_t *fates);

/* A share of what is queued: routes judged anew, tables shown. True if work is left. */
bool core_remotes_work(struct core_run *run, unsigned *budget);

#endif
