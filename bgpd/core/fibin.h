/* What mplsfwd says: EV_FIB by record type. */
#ifndef BGPD_CORE_FIBIN_H
#define BGPD_CORE_FIBIN_H

#include "bgpd/core/state.h"

/* Listeners and the API socket are the shell's; they are ignored here. */
void core_fibin_step(struct core_run *run, const struct event *ev);

#endif
