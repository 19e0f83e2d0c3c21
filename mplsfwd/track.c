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

enum fwd_resolution fwd_track_ask(
	struct fwd_ctl *c, const struct ip_addr *next_hop, struct fwd_path *path, uint32_t *metric)
{
	struct answer a = {.ok = false};
	struct rtmsg head = {
		.rtm_family = AF_INET, .rtm_dst_len = 32, .rtm_flags = RTM_F_FIB_MATCH};
	struct nl_msg *m = nlmsg_alloc_simple(RTM_GETROUTE, 0);

	CHECK(next_hop->af == IP_V4 && m);
	nlmsg_append(m, &head, sizeof(head), NLMSG_ALIGNTO);
	nla_put(m, RTA_DST, 4, next_hop->o);
	if (fwd_ctl_get(c, m, route_see, &a) || !a.ok)
		return FWD_UNRESOLVED_NONE;
	*metric = a.route.metric;
	return fwd_resolve(&a.route, next_hop, nexthop_find, c, path);
}

void fwd_track_all(struct fwd_ctl *c, struct fwd_lfib *l, fwd_track_fn *fn, void *arg)
{
	uint32_t pos = 0, id;

	while ((id = fwd_table_next(&l->nexthops, &pos))) { /* nothing is added to it meanwhile */
		const struct fwd_nexthop *nh = fwd_table_at(&l->nexthops, id);
		struct ip_addr addr = ip_addr_v4(nh->addr);
		struct fwd_path path = {0};
		uint32_t metric = 0;
		if (!nh->tracked)
			continue;
		enum fwd_resolution r = fwd_track_ask(c, &addr, &path, &metric);
		if (fwd_lfib_nexthop_set(l, &addr, r == FWD_RESOLVED ? &path : NULL, metric))
			fn(arg, fwd_lfib_nexthop_find(l, &addr), r);
	}
}
