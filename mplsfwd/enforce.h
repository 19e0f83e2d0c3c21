/*
 * A configuration that bgpd has taken is put in force here: devices, ports, guard, listeners, and what is known of them.
 *
 *   ports that are gone or go elsewhere: closed, down, out --> labels and routes of VRFs that are gone --> their devices
 *   --> everybody has the new configuration, places for what is new --> rules of new ports, before their devices are touched
 *   --> the reaction to whatever the kernel says (fwd_react): new VRFs, ports brought into them, closed, read back, opened
 *
 * What did not change is not touched; a program that must be another takes the place of the former one, open by open.
 */
#ifndef MPLSFWD_ENFORCE_H
#define MPLSFWD_ENFORCE_H

#include "conf/adopt.h"

struct fwd;

/* next is the process's from here on. What fails in the kernel is logged and tried again (fwd_react). */
void fwd_enforce(struct fwd *f, struct conf *next, const struct conf_change *change);

#endif
