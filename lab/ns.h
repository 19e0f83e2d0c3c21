/*
 * The namespaces of a run: the ground (private /run and /etc on tmpfs) and, on it, one network, mount and host name
 * namespace for each node, so that a node has its own /run, /etc/frr and /var/log under the usual names.
 *
 * Nothing has a name outside: namespaces live by open descriptors, mounts in private mount namespaces. When the
 * process that holds them ends, all of it is gone; there is nothing to clean up and so nothing to forget.
 */
#ifndef LAB_NS_H
#define LAB_NS_H

#include "lab/topo.h"

struct lab_ns {
	int net, mnt, uts;
};

/* Makes the ground: the caller is in a mount namespace of its own. The caller's namespaces go to *base. 0 or -errno, said on stderr. */
int lab_ns_ground(const struct lab_topo *t, struct lab_ns *base);

/* Makes the namespaces of one node and comes back to base. */
int lab_ns_node(
	const struct lab_topo *t, unsigned node, const struct lab_ns *base, struct lab_ns *out);

/* A socket made in that network namespace, and so of it. -errno. Comes back to base. */
int lab_ns_socket(
	const struct lab_ns *base, const struct lab_ns *in, int domain, int type, int protocol);

/* Enters all three, for good: a child before exec. */
int lab_ns_enter(const struct lab_ns *ns);
int lab_ns_enter_net(const struct lab_ns *ns);

/* A node's own /run (what = "run") or /var/log ("log") as seen from the ground. */
void lab_ns_path(const char *node, const char *what, const char *file, char *out, size_t cap);

#endif
