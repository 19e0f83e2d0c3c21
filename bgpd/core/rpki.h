/*
 * Origin validation (RFC 6811, RFC 8210): sessions with caches, and what changes when they say something new: the routes whose
 * import chain asks are judged anew.
 */
#ifndef BGPD_CORE_RPKI_H
#define BGPD_CORE_RPKI_H

#include "bgpd/core/state.h"

/* As in core/remotes.h; for those of this kind. */
void core_rpki_init(struct router *r);
void core_rpki_fini(struct router *r);
void core_rpki_start(struct core_run *run);
void core_rpki_stop(struct core_run *run);
void core_rpki_step(struct core_run *run, const struct event *ev);
void core_rpki_tick(struct core_run *run);
uint64_t core_rpki_deadline(const struct router *r);
bool core_rpki_work(struct core_run *run, unsigned *budget);

#endif
