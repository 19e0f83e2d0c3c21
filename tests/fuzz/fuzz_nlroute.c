/* A netlink message of any content, read as a route and as a nexthop object, and resolved. */
#include "tests/fuzz/fuzz.h"

#include "lib/check.h"
#include "mplsfwd/resolve.h"

static void hop_check(const struct fwd_nl_hop *h)
{
	CHECK(h->n_labels <= FIB_LABELS_MAX);
	for (unsigned i = 0; i < h->n_labels; i++)
		CHECK(h->labels[i] <= 0xfffff);
}

static bool nexthop_find(void *arg, uint32_t id, struct fwd_nl_nexthop *out)
{
	*out = *(struct fwd_nl_nexthop *)arg;
	return out->id != 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct ip_addr a = {.af = IP_V4, .o = {10, 255, 0, 3}};
	struct fwd_nl_nexthop nh = {0};
	struct fwd_nl_route r;
	struct fwd_path p;

	if (fwd_nl_get_nexthop(data, len, &nh)) {
		CHECK(nh.n_members <= FWD_NL_HOPS && nh.id);
		hop_check(&nh.hop);
		r = (struct fwd_nl_route){.type = 1, .len = 32, .nhid = nh.id};
		fwd_resolve(&r, &a, len & 1, nexthop_find, &nh, &p);
	}
	if (!fwd_nl_get_route(data, len, &r))
		return 0;
	CHECK(r.len <= 32 && r.n_hops <= FWD_NL_HOPS);
	for (unsigned i = 0; i < r.n_hops; i++)
		hop_check(&r.hops[i]);
	if (fwd_resolve(&r, &a, len & 1, nexthop_find, &nh, &p) == FWD_RESOLVED)
		CHECK(p.oif && p.gateway.af != IP_NONE && p.n_labels <= FIB_LABELS_MAX);
	return 0;
}
