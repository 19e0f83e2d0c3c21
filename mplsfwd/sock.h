/*
 * Opens the sockets that bgpd may not open itself: each has its keys, device, TTL and address before anybody else
 * sees it, and one that could not be protected as configured is never given out (fails closed).
 *
 * A listener where one peer's key was refused is not opened at all. The other way, an unguessable key in its place,
 * would keep that peer out just as well; but a kernel that refuses one key most likely refuses the next, and an
 * operator sees a missing listener (and the log line that names the peer) sooner than a key nobody knows.
 */
#ifndef MPLSFWD_SOCK_H
#define MPLSFWD_SOCK_H

#include "conf/model.h"
#include "lib/log.h"

#define FWD_BGP_PORT 179

/*
 * Begins a connection to a configured peer. vrf_ifindex: of its VRF device, 0 for the core. Gives a non-blocking
 * descriptor, or -errno (logged, naming the peer when it was the key).
 */
int fwd_sock_dial(const struct conf *conf, const struct log *log, unsigned peer, int vrf_ifindex);

/* Listens for all IPv4 peers of a VRF (CONF_VRF_NONE: the core). Gives a descriptor, or -errno (logged). */
int fwd_sock_listen(const struct conf *conf, const struct log *log, int vrf, int vrf_ifindex);

/*
 * A listener, for another configuration: keys of all its neighbours and their TTL; then the keys that only `before` has are taken off.
 * 0 or -errno (logged): it may have some of them, and must get the ones of a configuration that is in force again.
 */
int fwd_sock_protect(
	int fd, const struct conf *conf, const struct log *log, int vrf, int vrf_ifindex);
void fwd_sock_forget(
	int fd, const struct conf *before, const struct conf *now, int vrf, int vrf_ifindex);

/* Whether any peer would be served by that listener. */
bool fwd_sock_wanted(const struct conf *conf, int vrf);

#endif
