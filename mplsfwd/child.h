/* bgpd as our child: forked with its end of the pair and nothing else, forked again when it dies. */
#ifndef MPLSFWD_CHILD_H
#define MPLSFWD_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "mplsfwd/daemon.h"

struct fwd_child {
	const struct conf *conf;
	const struct log *log;
	fwd_child_fn *fn;
	void *arg;
	pid_t pid;	     /* 0: not running */
	uint64_t started_ms; /* monotonic */
	unsigned failures;   /* in a row: each doubles the wait before the next start */
};

/* Forks. Gives our end of the pair (non-blocking, close-on-exec), or -errno. */
int fwd_child_start(struct fwd_child *c, const struct fib_kept *kept);

/* It ended (waited for): writes it down and gives the ms to wait before it should be started again. */
unsigned fwd_child_ended(struct fwd_child *c, int status);

void fwd_child_signal(struct fwd_child *c, int sig); /* harmless if not running */

/*
 * Gives up what neither process will need: no_new_privs, and all capabilities but those for the network
 * (NET_ADMIN, NET_RAW, NET_BIND_SERVICE; with ebpf BPF and PERFMON if they are held, for the ports' programs) and those that starting and
 * ending an unprivileged bgpd takes (SETUID, SETGID, SETPCAP, SYS_CHROOT, KILL). 0 or -errno.
 */
int fwd_child_privileges_limit(bool ebpf);

#endif
