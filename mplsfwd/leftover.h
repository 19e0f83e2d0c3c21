/*
 * What a run before has left in the kernel. Its routes and labels go on forwarding until bgpd has said what it wants; then the rest of them is
 * removed (FIB_SYNC). What was of a VRF that the configuration does not have goes at once, as its table can be another's now.
 */
#ifndef MPLSFWD_LEFTOVER_H
#define MPLSFWD_LEFTOVER_H

struct fwd;

/* At start, when the VRFs are there and no port is open. 0 or -errno. */
int fwd_leftovers_find(struct fwd *f);

#endif
