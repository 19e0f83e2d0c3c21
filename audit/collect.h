/* Reads the kernel into a snapshot: netlink, sock_diag, /proc. Of the network namespace that the caller is in. */
#ifndef AUDIT_COLLECT_H
#define AUDIT_COLLECT_H

#include "audit/snapshot.h"

struct fwd_ctl;

/* 0, or -errno if the kernel could not be asked at all. What this kernel does not have stays unknown in s. */
int audit_collect(struct audit_snapshot *s);

/* Its parts. */
int audit_collect_links(
	struct audit_snapshot *s, struct fwd_ctl *c); /* devices, addresses, programs, filters */
int audit_collect_routes(
	struct audit_snapshot *s, struct fwd_ctl *c); /* rules, routes, labels, nexthop objects */
int audit_collect_sockets(struct audit_snapshot *s);
void audit_collect_sysctls(struct audit_snapshot *s);
void audit_collect_owners(
	struct audit_snapshot *s); /* processes that hold the sockets; FRR's files */

/* The configuration file of the ravelind that runs in run_dir; false: none, or not to be found. */
bool audit_collect_config(const char *run_dir, char *out, size_t cap);

#endif
