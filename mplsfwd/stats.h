/* Counters of the kernel: what labelled packets met on a port, and what TCP's guards turned away. */
#ifndef MPLSFWD_STATS_H
#define MPLSFWD_STATS_H

#include "mplsfwd/ctl.h"
#include "mplsfwd/fibmsg.h"

/* RTM_GETSTATS, address family MPLS. 0 or -errno. */
int fwd_stats_port(struct fwd_ctl *c, uint32_t ifindex, struct fib_mpls_stats *out);

/* TcpExt of this namespace's /proc/net/netstat. 0 or -errno. */
int fwd_stats_tcp(struct fib_tcp_stats *out);

/* The same from its text: pairs of lines, names and values. Counters that are not there stay 0. */
void fwd_stats_tcp_parse(char *text, struct fib_tcp_stats *out);

#endif
