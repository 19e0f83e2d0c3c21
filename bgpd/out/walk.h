/* The work of lanes: showing their members what they have not seen. Private to out. */
#ifndef BGPD_OUT_WALK_H
#define BGPD_OUT_WALK_H

#include "bgpd/out/emit.h"

/* Does up to *budget destinations, all lanes in turn. True if there is more to do before something else happens. */
bool out_walk_work(struct out_call *r, unsigned *budget);

#endif
