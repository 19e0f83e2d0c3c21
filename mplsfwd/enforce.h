/*
 * A configuration that bgpd has taken is put in force here: devices, ports, guard, listeners and what is known of them.
 * The order is such that nothing opens meanwhile: what is gone is closed and taken out first, what is new is born closed.
 */
#ifndef MPLSFWD_ENFORCE_H
#define MPLSFWD_ENFORCE_H

#include "conf/adopt.h"

struct fwd;

/* next is the process's from here on. What fails in the kernel is logged and tried again (fwd_react). */
void fwd_enforce(struct fwd *f, struct conf *next, const struct conf_change *change);

#endif
