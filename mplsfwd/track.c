#include "mplsfwd/track.h"

#include <errno.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "lib/check.h"
#include "mplsfwd/nlroute.h"

struct answer {
	union {
		struct fwd_nl_route route;
		struct fwd_nl_nexthop nexthop;
	};
	bool ok;
};

static void route_see(void *arg, const struct nlmsghdr *h)
{
	struct answer *a = arg;
	a->ok = fwd_nl_get_route(h, h->nlmsg_len, &a->route);
}

static void nexthop_see(void *arg, const struct nlmsghdr *h)
{
	struct answer *a = arg;
	a->ok = fwd_nl_get_nexthop(h, h->nlmsg_len, &a->nexthop);
}

static bool nexthop_find(void *arg, uint32_t id, struct fwd_nl_nexthop *out)
{
	struct fwd_ctl *c = arg;
	struct answer a = {.ok = false};
	struct nhmsg head = {0};
	struct nl_msg *m = nlmsg_alloc_simple(RTM_GETNEXTHOP, 0);

	if (!m)
		return false;
	nlmsg_append(m, &head, sizeof(head), NLMSG_ALIGNTO);
	nla_put_u32(m, NHA_ID, id);
	if (fwd_ctl_get(c, m, nexthop_see, &a) || !a.ok)
		return false;
	*out = a.nexthop;
	return true;
}

static enum fwd_resolution track_ask(
	struct fwd_ctl *c, const struct fwd_nexthop *nh, struct fwd_path *path, uint32_t *metric)
{
	struct answer a = {.ok = false};
	struct rtmsg head = {
		.rtm_family = AF_INET, .rtm_dst_len = 32, .rtm_flags = RTM_F_FIB_MATCH};
	struct nl_msg *m = nlmsg_alloc_simple(RTM_GETROUTE, 0);
	struct ip_addr addr = ip_addr_v4(nh->addr);

	CHECK(m);
	nlmsg_append(m, &head, sizeof(head), NLMSG_ALIGNTO);
	nla_put(m, RTA_DST, 4, addr.o);
	if (fwd_ctl_get(c, m, route_see, &a) || !a.ok)
		return FWD_UNRESOLVED_NONE;
	*metric = a.route.metric;
	return fwd_resolve(&a.route, &addr, nh->implicit_null, nexthop_find, c, path);
}

/* True if anything is new, be it only why the next hop stays unresolved. */
static bool track_one(struct fwd_ctl *c, struct fwd_lfib *l, struct fwd_nexthop *nh)
{
	struct ip_addr addr = ip_addr_v4(nh->addr);
	struct fwd_path path = {0};
	uint32_t metric = 0;
	enum fwd_resolution why = track_ask(c, nh, &path, &metric);
	bool changed = fwd_lfib_nexthop_set(l, &addr, why == FWD_RESOLVED ? &path : NULL, metric);

	changed |= nh->why != why;
	nh->why = why;
	return changed;
}

void fwd_track_begin(struct fwd_ctl *c, struct fwd_lfib *l, const struct ip_addr *next_hop,
	fwd_track_fn *fn, void *arg)
{
	struct fwd_nexthop *nh = (struct fwd_nexthop *)fwd_lfib_nexthop_find(l, next_hop);

	CHECK(nh);
	track_one(c, l, nh);
	fn(arg, nh);
}

void fwd_track_all(struct fwd_ctl *c, struct fwd_lfib *l, fwd_track_fn *fn, void *arg)
{
	uint32_t pos = 0, id;

	while ((id = fwd_table_next(&l->nexthops, &pos))) { /* nothing is added to it meanwhile */
		struct fwd_nexthop *nh = fwd_table_at(&l->nexthops, id);

		if (nh->tracked && track_one(c, l, nh))
			fn(arg, nh);
	}
}
