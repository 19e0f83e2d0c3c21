/* TCP-MD5 keys (RFC 2385), scoped to one peer in one VRF, and GTSM (RFC 5082) on a socket. */
#ifndef MPLSFWD_MD5_H
#define MPLSFWD_MD5_H

#include <stdint.h>

#include "lib/prefix.h"

/*
 * Puts a key for one peer on a socket, listening or not yet connected: from then on its segments are dropped unless
 * signed with it. vrf is the ifindex of the VRF device (a port's gives EINVAL); 0 means the core and only the core,
 * on Linux >= 5.16 (before, the key would also match this address in VRFs). 0 or -errno.
 */
int fwd_md5_set(int fd, const struct ip_addr *peer, int vrf, const uint8_t *key, uint8_t len);

/* Sends with TTL 255 and drops what arrives with a TTL below 256 - hops (RFC 5082 section 3). 0 or -errno. */
int fwd_gtsm_set(int fd, uint8_t af, uint8_t hops);

#endif
