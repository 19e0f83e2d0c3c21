/*
 * The VRF devices: made, adopted, watched, made again.
 *
 * A VRF's table ends in an `unreachable default` (IPv4 and IPv6) before any port is put into it: without one a
 * lookup that finds nothing in the VRF falls through to the core's table. A device of the right name is adopted if
 * it is a VRF device of the right table, and then outlives us; anything else of that name, or of that table, is
 * refused: we would be working in somebody else's VRF.
 */
#ifndef MPLSFWD_VRFDEV_H
#define MPLSFWD_VRFDEV_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/model.h"
#include "lib/log.h"
#include "mplsfwd/ctl.h"
#include "mplsfwd/guard.h"
#include "mplsfwd/nlwatch.h"

struct fwd_vrf_state {
	uint32_t ifindex; /* 0: no device, or none that may be used */
	bool ours;	  /* made by us, or by a run of ours that crashed: removed at the end */
};

struct fwd_vrfs {
	const struct conf *conf; /* all borrowed */
	const struct log *log;
	struct fwd_ctl *ctl;
	struct fwd_watch *watch;
	struct fwd_guard *guard;
	struct fwd_vrf_state *state; /* one for each of conf's */
	uint32_t *swept;	     /* tables of VRFs that fwd_vrfs_sweep has removed */
	unsigned n_swept;
};

void fwd_vrfs_init(
	struct fwd_vrfs *v, struct fwd_guard *guard, struct fwd_ctl *ctl, struct fwd_watch *watch);
void fwd_vrfs_fini(struct fwd_vrfs *v);

/* Brings every VRF to what it must be, as far as it is not. 0 or the first -errno (each logged). */
int fwd_vrfs_check(struct fwd_vrfs *v);

/* At start: VRF devices of a crashed run that the configuration no longer has, their ports taken down first. */
void fwd_vrfs_sweep(struct fwd_vrfs *v);
bool fwd_vrfs_was_swept(const struct fwd_vrfs *v, uint32_t table);

/* The VRF is out of the configuration, its ports out of it, its labels and routes gone: ours goes, an adopted device stays. */
void fwd_vrfs_drop(struct fwd_vrfs *v, unsigned vrf);

/* Another configuration, with at least as many VRFs. */
void fwd_vrfs_reload(struct fwd_vrfs *v, const struct conf *conf);

/* At the end: our devices and their guards. Ports have been taken out before. True if no VRF device is left at all. */
bool fwd_vrfs_remove(struct fwd_vrfs *v);

#endif
