#include "mplsfwd/leftover.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <sys/socket.h>

#include "mplsfwd/fwd.h"
#include "mplsfwd/nlroute.h"

static void found_route(void *arg, const struct nlmsghdr *h)
{
	struct fwd *f = arg;
	struct fwd_nl_route r;

	if (!fwd_nl_get_route(h, h->nlmsg_len, &r) || r.protocol != FWD_PROTO)
		return;
	f->kept |= r.metric != FWD_GUARD_METRIC;
	if (r.family == AF_MPLS)
		fwd_lfib_found_label(&f->lfib, r.label, r.n_hops ? r.hops[0].oif : 0);
	else if (r.metric != FWD_GUARD_METRIC)
		fwd_lfib_found_route(&f->lfib, r.table, r.addr, r.len);
	if (r.family == AF_INET && !r.nhid && r.n_hops && r.hops[0].gateway.af == IP_V4)
		fwd_edge_found(f->edge, r.table, r.addr, r.len, ip_addr_get_v4(&r.hops[0].gateway));
}

static void found_nexthop(void *arg, const struct nlmsghdr *h)
{
	struct fwd *f = arg;
	struct fwd_nl_nexthop n;

	if (fwd_nl_get_nexthop(h, h->nlmsg_len, &n) && n.protocol == FWD_PROTO)
		fwd_lfib_found_nexthop(&f->lfib, n.id);
}

static void swept_route(void *arg, const struct nlmsghdr *h)
{
	struct fwd *f = arg;
	struct fwd_nl_route r;

	if (fwd_nl_get_route(h, h->nlmsg_len, &r) && r.protocol == FWD_PROTO &&
		r.metric != FWD_GUARD_METRIC && fwd_vrfs_was_swept(&f->vrfs, r.table))
		fwd_lfib_found_foreign(&f->lfib, r.table, r.addr, r.len);
}

/* Another customer's routes, if the table has a VRF again. */
static int swept_flush(struct fwd *f)
{
	if (!f->vrfs.n_swept)
		return 0;
	int err = fwd_ctl_dump(&f->ctl, RTM_GETROUTE, AF_INET, swept_route, f);
	f->lfib.sweeping = true;
	be_nl_run(&f->nl);
	f->lfib.sweeping = false;
	return err;
}

int fwd_leftovers_find(struct fwd *f)
{
	int err = swept_flush(f);

	err = err ? err : fwd_ctl_dump(&f->ctl, RTM_GETNEXTHOP, AF_UNSPEC, found_nexthop, f);

	if (err == -EOPNOTSUPP)
		err = 0;
	err = err ? err : fwd_ctl_dump(&f->ctl, RTM_GETROUTE, AF_INET, found_route, f);
	return err ? err : fwd_ctl_dump(&f->ctl, RTM_GETROUTE, AF_MPLS, found_route, f);
}
