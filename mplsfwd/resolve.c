#include "mplsfwd/resolve.h"

#include <linux/rtnetlink.h>
#include <string.h>

#include "lib/check.h"

/* The order in which next hops of one route are preferred: any, but always the same. */
static bool hop_before(const struct fwd_nl_hop *a, const struct fwd_nl_hop *b)
{
	int c = ip_addr_cmp(&a->gateway, &b->gateway);

	return c ? c < 0 : a->oif < b->oif;
}

static enum fwd_resolution hop_check(const struct fwd_nl_hop *h, const struct ip_addr *next_hop)
{
	if (h->dead || !h->oif)
		return FWD_UNRESOLVED_DEAD;
	if (h->too_deep)
		return FWD_UNRESOLVED_STACK;
	if (!h->n_labels && h->gateway.af != IP_NONE && !ip_addr_equal(&h->gateway, next_hop))
		return FWD_UNRESOLVED_UNLABELLED;
	return FWD_RESOLVED;
}

/* The best next hop so far and, while there is none, why; of those without a label the best too. */
struct chooser {
	const struct ip_addr *next_hop;
	struct fwd_nl_hop best, unlabelled;
	enum fwd_resolution result;
	bool have_unlabelled;
};

static void chooser_offer(struct chooser *c, const struct fwd_nl_hop *h)
{
	enum fwd_resolution r = hop_check(h, c->next_hop);

	if (r == FWD_UNRESOLVED_UNLABELLED) {
		if (!c->have_unlabelled || hop_before(h, &c->unlabelled))
			c->unlabelled = *h;
		c->have_unlabelled = true;
	}
	if (r != FWD_RESOLVED) {
		if (c->result != FWD_RESOLVED)
			c->result = r;
		return;
	}
	if (c->result != FWD_RESOLVED || hop_before(h, &c->best))
		c->best = *h;
	c->result = FWD_RESOLVED;
}

/* All have been offered: what there is to say, and what the configuration's word changes. */
static enum fwd_resolution chooser_end(struct chooser *c, bool implicit_null)
{
	if (c->result == FWD_RESOLVED || !c->have_unlabelled)
		return c->result;
	if (!implicit_null)
		return FWD_UNRESOLVED_UNLABELLED; /* the one reason with a remedy here */
	c->best = c->unlabelled;
	return FWD_RESOLVED;
}

static void chooser_offer_object(struct chooser *c, uint32_t id, fwd_nl_nexthop_fn *find, void *arg)
{
	struct fwd_nl_nexthop object, member;

	if (!find || !find(arg, id, &object) || object.blackhole)
		return;
	if (!object.n_members) {
		chooser_offer(c, &object.hop);
		return;
	}
	for (unsigned i = 0; i < object.n_members; i++)
		if (find(arg, object.members[i], &member) && !member.n_members && !member.blackhole)
			chooser_offer(c, &member.hop);
}

enum fwd_resolution fwd_resolve(const struct fwd_nl_route *route, const struct ip_addr *next_hop,
	bool implicit_null, fwd_nl_nexthop_fn *find, void *arg, struct fwd_path *out)
{
	struct chooser c = {.next_hop = next_hop, .result = FWD_UNRESOLVED_NONE};

	memset(out, 0, sizeof(*out));
	if (route->del || route->type != RTN_UNICAST || !route->len)
		return FWD_UNRESOLVED_NONE;
	for (unsigned i = 0; i < route->n_hops; i++)
		chooser_offer(&c, &route->hops[i]);
	if (!route->n_hops && route->nhid)
		chooser_offer_object(&c, route->nhid, find, arg);
	enum fwd_resolution result = chooser_end(&c, implicit_null);
	if (result != FWD_RESOLVED)
		return result;
	out->oif = c.best.oif;
	out->gateway = c.best.gateway.af == IP_NONE ? *next_hop : c.best.gateway;
	out->n_labels = c.best.n_labels;
	memcpy(out->labels, c.best.labels, c.best.n_labels * sizeof(*out->labels));
	return FWD_RESOLVED;
}

const char *fwd_resolution_name(enum fwd_resolution r)
{
	static const char *const names[] = {
		[FWD_RESOLVED] = "resolved",
		[FWD_UNRESOLVED_NONE] = "no-route",
		[FWD_UNRESOLVED_DEAD] = "dead",
		[FWD_UNRESOLVED_UNLABELLED] = "unlabelled",
		[FWD_UNRESOLVED_STACK] = "label-stack",
	};

	return r < ARRAY_LEN(names) ? names[r] : "unknown";
}
