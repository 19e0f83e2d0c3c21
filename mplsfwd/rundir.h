/* The run directory: one ravelind to a directory and one to a network namespace, the API's sockets, bgpd's cell. */
#ifndef MPLSFWD_RUNDIR_H
#define MPLSFWD_RUNDIR_H

#include <stdbool.h>

#include "lib/log.h"

struct fwd_rundir {
	const char *path; /* borrowed */
	int lock;	  /* RUN_DIR/ravelin.pid, locked as long as the process lives */
	int ns_lock; /* an abstract unix socket: its name is taken once in a network namespace */
	bool taken;  /* both locks are ours: what stands in the directory is */
	int api, api_ro; /* RUN_DIR/ravelin.sock, ravelin-ro.sock, listening */
};

/*
 * Makes the directory, its empty/ (what bgpd is chrooted to), takes the lock, and that of the namespace if alone, removes the socket that a crashed
 * run left and listens on new ones: ravelin-ro.sock for everybody (bgpd looks who it is), ravelin.sock for root and us, or if shared for
 * everybody. 0 or -errno, with a log line that says who is in the way.
 */
int fwd_rundir_open(
	struct fwd_rundir *d, const char *path, bool alone, bool shared, const struct log *log);

/* Removes socket, pid file and empty/, gives the locks up. The directory itself stays if it held anything else. */
void fwd_rundir_close(struct fwd_rundir *d);

/* A run that stops for a restart leaves a sign of it, which the next one takes away. */
void fwd_rundir_leave(const struct fwd_rundir *d);
bool fwd_rundir_was_left(const struct fwd_rundir *d);

#endif
