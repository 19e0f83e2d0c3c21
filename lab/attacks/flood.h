/* Many frames in a short time out of one port: as fast as one process can, for what a rate limit is there. */
#ifndef LAB_ATTACKS_FLOOD_H
#define LAB_ATTACKS_FLOOD_H

#include "lab/attacks/frame.h"
#include "lab/attacks/stage.h"

#define FLOOD_FRAME_MAX 128 /* octets of one frame */

/* Writes the i-th frame, whole (frame_end() is called by whoever calls). */
typedef void flood_frame_fn(struct frame *f, unsigned i, void *arg);

/* How many were sent; *ms: how long that took, rounded up. */
unsigned flood_send(struct attack_stage *st, const char *port, unsigned count, flood_frame_fn *make,
	void *arg, unsigned *ms, int *error);

/* What a limit of so many a second with so many at once lets pass in this time, and a tenth more. */
unsigned flood_allowed(unsigned rate, unsigned burst, unsigned ms);

#endif
