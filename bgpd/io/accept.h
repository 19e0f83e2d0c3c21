/*
 * A listening socket: who may come in, and how many of those that have not yet said who they are.
 *
 * Only configured neighbours of the listener's VRF get past this file, so the number of connections is bounded by the
 * configuration and not by the network: IO_ACCEPT_PER_PEER each, and of a range no more than IO_ACCEPT_SPARE beyond its
 * places. One with GTSM gets past it only if its very SYN came from near enough. The router hears of the others nothing at
 * all; the log hears of as many as it takes (lib/lograte.h).
 */
#ifndef BGPD_IO_ACCEPT_H
#define BGPD_IO_ACCEPT_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/model.h"
#include "lib/log.h"

#define IO_ACCEPT_PER_PEER                                                                         \
	4 /* those being closed too: whoever never says FIN must not have our descriptors */
#define IO_ACCEPT_PACE	      8 /* connections of one neighbour that the router hears of, a second */
#define IO_ACCEPT_RANGE_PACE  64   /* of all of a range */
#define IO_ACCEPT_PACES	      1024 /* addresses of ranges that are told apart for that */
#define IO_ACCEPT_SPARE	      16 /* of a range: being closed, refused, or not yet seen to be gone */
#define IO_ACCEPT_IDENTIFY_MS 10000 /* from accept to the first whole message */
#define IO_ACCEPT_BATCH	      16

struct event_base;
struct io_listener;

struct io_accept_handler {
	/* How many accepted connections of this peer are open now; from IP_NONE: from anywhere. */
	unsigned (*count)(void *arg, unsigned peer, const struct ip_addr *from);

	/* fd (non-blocking, GTSM set) belongs to the callee. peer: of a range, its first place. */
	void (*accepted)(void *arg, int fd, unsigned peer, uint16_t vrf,
		const struct ip_addr *remote, const struct ip_addr *local);
};

/* Owns fd. vrf: index or FIB_VRF_CORE. */
struct io_listener *io_listener_new(struct event_base *base, int fd, uint16_t vrf,
	const struct conf *conf, const struct log *log, const struct io_accept_handler *handler,
	void *arg);
void io_listener_free(struct io_listener *l); /* NULL is harmless */

/* The core's listener, then one a VRF; each NULL until it is put there. */
struct io_listeners {
	struct io_listener **list;
	unsigned n;
};

/* The first configuration, or another one, borrowed: room for its VRFs; the listeners of those that are gone, or have no neighbours any more, are freed. */
void io_listeners_reload(struct io_listeners *ls, const struct conf *conf);
void io_listeners_fini(struct io_listeners *ls);

/* Where that of the VRF (or FIB_VRF_CORE) stands; NULL if there is no such VRF. */
struct io_listener **io_listeners_at(
	const struct io_listeners *ls, const struct conf *conf, uint16_t vrf);

/* How often one neighbour has come lately. */
struct io_accept_pace {
	uint64_t since_ms;
	unsigned n;
};

/* Whether it may come once more now; counts. A second in which it came max times lets nothing more in. Pure. */
bool io_accept_pace(struct io_accept_pace *p, unsigned max, uint64_t now_ms);

/*
 * The place of an address among n that are told apart: addresses that meet share what they may, and nobody outside can
 * choose who they are (seed is random). Pure.
 */
unsigned io_accept_place(const struct ip_addr *a, uint64_t seed, unsigned n);

/*
 * The neighbour configured in this VRF with this address, else the first place of the longest range that it is in; -1 if
 * there is none. Pure.
 */
int io_accept_match(const struct conf *conf, uint16_t vrf, const struct ip_addr *remote);

#endif
