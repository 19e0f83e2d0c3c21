/* TCP-MD5 keys (RFC 2385), scoped to a peer or a range in one VRF, and GTSM (RFC 5082) on a socket. */
#ifndef MPLSFWD_MD5_H
#define MPLSFWD_MD5_H

#include <stdint.h>

#include "lib/prefix.h"

/*
 * Puts a key for a peer, or for all addresses of a range, on a socket, listening or not yet connected: from then on their
 * segments are dropped unless signed with it. The longest prefix with a key counts (TCP_MD5SIG_FLAG_PREFIX). vrf is the ifindex of the VRF device (a port's gives EINVAL). 0, the core, puts a key that holds
 * for this address wherever it appears: a core socket has nothing to do with VRFs, but should somebody open it to
 * them (tcp_l3mdev_accept), a customer with the peer's address must not get around the key. 0 or -errno.
 */
int fwd_md5_set(int fd, const struct ip_prefix *peers, int vrf, const uint8_t *key, uint8_t len);

/* Takes it off again: their segments need no signature any more. 0 or -errno. */
int fwd_md5_del(int fd, const struct ip_prefix *peers, int vrf);

/* Sends with TTL 255 and drops what arrives with a TTL below 256 - hops (RFC 5082 section 3). 0 or -errno. */
int fwd_gtsm_set(int fd, uint8_t af, uint8_t hops);

#endif
