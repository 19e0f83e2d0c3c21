/*
 * What the kernel says unasked: a picture of links and addresses kept true, and hints that routes, rules or label
 * inputs have changed.
 *
 * Level, not edge: notifications are drained until the socket is empty, the picture is brought up to date, and only
 * then is changed() called, once, with all that changed. Whoever hears it compares with what it wants. So a state
 * that came and went in between does no harm, but for links: a device that was down for a moment has lost its
 * routes, and link_gone() is called for every time.
 *
 * Nothing is lost: the subscription comes before the first dump; when the kernel had to drop notifications
 * (ENOBUFS) everything is dumped again, and every link counts as having been down.
 * Routes are not kept: resolving a next hop asks the kernel (track.h). A filter in the kernel keeps the echo of our
 * own work and the routes of other tables than main from waking us, but for two kinds: what carries our protocol
 * number and somebody else has deleted, and default routes, as each VRF's table must end in ours.
 */
#ifndef MPLSFWD_NLWATCH_H
#define MPLSFWD_NLWATCH_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/log.h"
#include "lib/prefix.h"
#include "mplsfwd/ctl.h"

struct event;
struct event_base;
struct nlmsghdr;

struct fwd_link {
	uint32_t ifindex;
	uint32_t master;    /* ifindex of what it is enslaved to, 0 = nothing */
	uint32_t vrf_table; /* a VRF device's table, 0 = not one */
	unsigned flags;	    /* IFF_UP, IFF_LOWER_UP, ... */
	uint32_t parent;    /* VLAN device: ifindex of what it is on, in this namespace; else 0 */
	uint32_t xdp;	    /* identifier of the XDP program, 0 = none */
	uint16_t vid;	    /* VLAN device */
	bool ours;	    /* a VRF device with our alias */
	uint8_t mac[6];	    /* zeroes: it has none of this length */
	char name[IFNAMSIZ];
};

struct fwd_address {
	uint32_t ifindex;
	struct ip_prefix prefix; /* IPv4; host bits kept */
};

enum fwd_watch_bits {
	FWD_WATCH_LINKS = 1,	/* links or addresses */
	FWD_WATCH_ROUTES = 2,	/* the main table, or nexthop objects */
	FWD_WATCH_INPUT = 4,	/* net.mpls.conf or net.ipv4.conf of some device */
	FWD_WATCH_RULES = 8,	/* rules, or the default route of some table */
	FWD_WATCH_FIB = 16,	/* lost() has been called */
	FWD_WATCH_FILTERS = 32, /* a filter or queueing discipline of some device */
	FWD_WATCH_ALL = 15 | FWD_WATCH_FILTERS,
};

struct fwd_watch_calls {
	void (*link_gone)(
		void *arg, uint32_t ifindex); /* went down, lost its carrier, was deleted */
	/* a route, label or nexthop object of our protocol that somebody else has deleted */
	void (*lost)(void *arg, const struct nlmsghdr *h);
	/* somebody else has deleted or replaced the unreachable default of a table; now: what it is */
	void (*default_lost)(void *arg, uint32_t table, const char *now);
	void (*changed)(void *arg, unsigned bits);
};

struct fwd_watch {
	const struct log *log;
	const struct fwd_watch_calls *calls;
	void *arg;
	struct fwd_ctl *ctl; /* borrowed: for dumps */
	int fd;
	struct event *ev;
	struct fwd_link *links;
	unsigned n_links, cap_links;
	struct fwd_address *addrs;
	unsigned n_addrs, cap_addrs;
	unsigned pending; /* enum fwd_watch_bits not yet told */
	uint64_t overruns;
};

/*
 * Subscribes, dumps, and is told of changes by the loop from then on (none is called by the first dump). fib_port:
 * netlink port of the socket that installs routes, whose echo is not wanted. 0 or -errno.
 */
int fwd_watch_open(struct fwd_watch *w, struct event_base *base, struct fwd_ctl *ctl,
	uint32_t fib_port, const struct log *log, const struct fwd_watch_calls *calls, void *arg);
void fwd_watch_close(struct fwd_watch *w);

/*
 * Brings the picture up to date now: after requests of our own, whose echo is already queued. changed() is called by
 * the loop, later.
 */
void fwd_watch_drain(struct fwd_watch *w);

/* Borrowed until the next drain. NULL: no such device. */
const struct fwd_link *fwd_watch_find(const struct fwd_watch *w, const char *name);
const struct fwd_link *fwd_watch_at(const struct fwd_watch *w, uint32_t ifindex);

#define FWD_LINK_LOWER_UP 0x10000u /* IFF_LOWER_UP of linux/if.h, which does not go with net/if.h */

/*
 * Can forward, and keeps the routes and objects over it: the kernel's own rule. IFF_RUNNING alone comes up to a
 * second late, and a device that goes down within that second would never have been seen up.
 */
static inline bool fwd_link_is_up(const struct fwd_link *l)
{
	return l && (l->flags & IFF_UP) && (l->flags & (IFF_RUNNING | FWD_LINK_LOWER_UP));
}

#endif
