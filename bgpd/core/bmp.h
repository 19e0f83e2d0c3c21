/*
 * BMP (RFC 7854, RFC 9069): what stations are told of neighbours, their routes before and after policy, and the Loc-RIB.
 */
#ifndef BGPD_CORE_BMP_H
#define BGPD_CORE_BMP_H

#include "bgpd/core/state.h"

/* As in core/remotes.h; for those of this kind. */
void core_bmp_init(struct router *r);
void core_bmp_fini(struct router *r);
void core_bmp_start(struct core_run *run);
void core_bmp_stop(struct core_run *run);
void core_bmp_step(struct core_run *run, const struct event *ev);
void core_bmp_tick(struct core_run *run);
uint64_t core_bmp_deadline(const struct router *r);
bool core_bmp_work(struct core_run *run, unsigned *budget);

#endif
