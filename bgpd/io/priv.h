/*
 * Giving up everything: what bgpd does before it reads its first octet from the network or from the pair.
 *
 * The order matters; each step needs what a later one takes away:
 *
 *   1. look up the user              needs /etc, which the chroot hides
 *   2. RLIMITs                       no core (it would hold keys), no new processes, descriptors as many as the
 *                                    configuration can use; not RLIMIT_FSIZE: stderr may be a file
 *   3. bounding set, ambient set     needs CAP_SETPCAP, and /proc; after it no execve can give a capability back
 *   4. chroot to an empty directory  needs CAP_SYS_CHROOT; chdir before and after, or "." stays outside
 *   5. setgroups, setresgid, setresuid   needs CAP_SETGID, CAP_SETUID; in this order, or the groups stay
 *   6. effective, permitted, inheritable sets: empty (libcap-ng)
 *   7. not dumpable, no_new_privs    nobody of the same user may ptrace it; nothing can be won by execve
 *   8. read all of it back           a kernel or a container that said yes and did nothing is found here
 *
 * Any failure is fatal: a bgpd that kept a privilege must not meet a stranger.
 */
#ifndef BGPD_IO_PRIV_H
#define BGPD_IO_PRIV_H

#include <stdbool.h>
#include <stddef.h>

struct io_priv {
	const char *user; /* name or number; not root */
	const char *root; /* an empty directory that belongs to root */
	unsigned max_descriptors;
};

/* True: all of it is done and seen to be done. False: *why (cap octets) names the step; the process must end. */
bool io_priv_drop(const struct io_priv *p, char *why, size_t cap);

/* Step 8 alone. True in a process that has been through io_priv_drop. */
bool io_priv_check(char *why, size_t cap);

#endif
