/* A member's filter changes: out of one group, into the other, and told the difference (RFC 4684 5). Private to out. */
#ifndef BGPD_OUT_REFILTER_H
#define BGPD_OUT_REFILTER_H

#include "bgpd/out/emit.h"

/* Moves everybody whose filter changed. */
void out_refilter_work(struct out_set *s, out_emit_fn *emit, void *arg);

#endif
