/* An address and a port as the kernel's sockets have them. */
#ifndef MPLSFWD_SOCKADDR_H
#define MPLSFWD_SOCKADDR_H

#include <stdint.h>
#include <sys/socket.h>

#include "lib/prefix.h"

/* Returns how many octets of *ss count; those behind are 0. */
socklen_t fwd_sockaddr(const struct ip_addr *a, uint16_t port, struct sockaddr_storage *ss);

#endif
