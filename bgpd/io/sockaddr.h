/* The two ends of a socket as addresses of our own kind. */
#ifndef BGPD_IO_SOCKADDR_H
#define BGPD_IO_SOCKADDR_H

#include <stdbool.h>

#include "lib/prefix.h"

/* False if fd has no such end (any more) or is of another family. IPv4-mapped IPv6 is given as IPv4. */
bool io_sockaddr_remote(int fd, struct ip_addr *out);
bool io_sockaddr_local(int fd, struct ip_addr *out);

#endif
