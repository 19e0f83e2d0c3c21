/* Numbers under /proc/sys, always of the network namespace that the caller is in. */
#ifndef MPLSFWD_SYSCTL_H
#define MPLSFWD_SYSCTL_H

#include <stdint.h>

/* path: "net/ipv4/ip_forward". Both return 0 or -errno; -EIO if what stands there is no number. */
int fwd_sysctl_get(const char *path, uint32_t *out);

/* Writes, and reads back to be sure. */
int fwd_sysctl_set(const char *path, uint32_t value);

#endif
