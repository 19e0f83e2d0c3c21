/*
 * The privileged process: owns the kernel's state, opens every socket, starts bgpd and starts it again if it dies.
 *
 *   main: conf_load() -> fwd_daemon_run() -> fork -> child(): becomes bgpd
 *                               |                        ^ SOCK_SEQPACKET pair, mplsfwd/fibmsg.h
 *                               '-- libevent loop -------'
 *
 * What bgpd may count on:
 *  - at its start it is told FIB_API for each socket of the API, FIB_LISTENER for each VRF (and the core) that has peers, FIB_PORT for each
 *    port and FIB_CONNECTED for each connected prefix, before it has asked for anything. All of them may come
 *    again: a second FIB_LISTENER of a VRF replaces the first (the VRF device was made anew).
 *  - a descriptor in FIB_SOCKET or FIB_LISTENER has its TCP-MD5 keys, device, TTL and minimum TTL set, is
 *    non-blocking and close-on-exec. A listener serves all peers of its VRF, so its minimum TTL is the least
 *    strict of theirs: on an accepted connection of a peer with GTSM, set IP_TTL 255 and IP_MINTTL 256 - hops
 *    (RFC 5082 section 3) before anything is read.
 *  - SIGTERM or SIGINT to this process becomes SIGTERM to bgpd, which sends its Ceases and FIB_BYE, and exits.
 *  - SIGHUP reads the configuration anew (mplsfwd/reload.h).
 *  - SIGUSR1 stops for a restart: it becomes SIGUSR1 to bgpd; no request is followed any more (FIB_BYE neither), and all
 *    that is installed stays in the kernel for the next run, which finds RUN_DIR/restart.
 *  - end of file on the pair means that this process is gone: exit.
 */
#ifndef MPLSFWD_DAEMON_H
#define MPLSFWD_DAEMON_H

#include <stdbool.h>
#include <stdio.h>

#include "conf/kept.h"
#include "conf/model.h"
#include "lib/log.h"
#include "mplsfwd/fibmsg.h"

#define FWD_CHILD_FATAL                                                                            \
	3 /* exit status of a child that will never run: it is not started again, the daemon ends */

/*
 * Runs in the forked child, with descriptors 0, 1, 2 and pair_fd only, default signal dispositions, no_new_privs set
 * and the capabilities that giving them all up takes (SETUID, SETGID, SETPCAP, SYS_CHROOT). The directory to be
 * chrooted to is RUN_DIR/empty: it exists, empty and owned by root. Returns the exit status of the process; 0 says
 * that it was asked to end and has. kept: what a bgpd before it had installed and the kernel still has.
 */
typedef int fwd_child_fn(
	const struct conf *conf, int pair_fd, const struct fib_kept *kept, void *arg);

/* Reads and checks a configuration anew, as conf_load_files, and leaves no key of it elsewhere in memory. */
typedef struct conf *fwd_load_fn(const char *file, struct conf_files *files, FILE *diag);

struct fwd_options {
	fwd_load_fn *load;
	struct conf_kept *
		kept; /* what conf was read from, taken over; NULL: a reload cannot be taken back to it */
	/*
	 * Control plane only (route reflection, interoperation tests, kernels without MPLS): sockets are opened for
	 * the core's neighbours, with their keys and TTL; the kernel's network state is neither changed nor cleaned;
	 * every FIB request is acknowledged, every next hop is reachable and the addresses of access ports count as
	 * connected. Neighbours in VRFs get no listener and their FIB_DIAL ends in EOPNOTSUPP.
	 */
	bool no_fib;
};

/*
 * Runs until SIGTERM, SIGINT or SIGUSR1, or until the start fails: lock and run directory, leftovers of a crashed run, guard,
 * VRFs and ports, listeners, bgpd. Removes what it has installed, and nothing else, before it returns the exit
 * status of the process (0 after a clean stop). Borrows everything else.
 */
int fwd_daemon_run(const struct conf *conf, const struct log *log,
	const struct fwd_options *options, fwd_child_fn *child, void *arg);

#endif
