/* What the kernel's state means: repaired where it is ours, told to LFIB and bgpd where it is theirs to know. */
#include <event2/event.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/check.h"
#include "mplsfwd/fwd.h"
#include "mplsfwd/nlroute.h"

#define RETRY_MAX_S 30

/* Something could not be done: again in 1, 2, 4, ... seconds. */
static void retry_later(struct fwd *f)
{
	f->failing = true;
	if (event_pending(f->retry, EV_TIMEOUT, NULL))
		return;
	event_add(f->retry, &(struct timeval){f->retry_s, 0});
	f->retry_s = f->retry_s * 2 < RETRY_MAX_S ? f->retry_s * 2 : RETRY_MAX_S;
}

static void ports_tell(struct fwd *f)
{
	for (unsigned i = 0; i < f->conf->n_ports; i++) {
		struct fwd_port p;
		uint8_t flags = fwd_ports_look(&f->ports, i, &p);
		fwd_lfib_port_set(&f->lfib, (uint16_t)i, &p);
		if (f->server.fd < 0 || f->port_told[i] == flags ||
			conf_port_is_gone(&f->conf->ports[i]))
			continue;
		struct fib_msg m = {.type = FIB_PORT, .port = (uint16_t)i, .flags = flags};
		f->port_told[i] = flags;
		fwd_server_send(&f->server, &m);
	}
}

static void connected_send(struct fwd *f, const struct fwd_seen_addr *a, bool up)
{
	if (f->conf->ports[a->port].role != CONF_PORT_ACCESS)
		return; /* the core's links are the IGP's business */
	struct fib_msg m = {.type = FIB_CONNECTED,
		.vrf = (uint16_t)f->conf->ports[a->port].vrf,
		.prefix = a->prefix,
		.up = up};

	ip_prefix_mask(&m.prefix);
	fwd_server_send(&f->server, &m);
}

static struct fwd_seen_addr *addr_find(
	struct fwd_seen_addr *list, unsigned n, const struct fwd_seen_addr *a)
{
	for (unsigned i = 0; i < n; i++)
		if (list[i].port == a->port && ip_prefix_equal(&list[i].prefix, &a->prefix))
			return &list[i];
	return NULL;
}

/* All addresses of access ports that are in their VRF; *n of them. Given to the caller. */
static struct fwd_seen_addr *addrs_look(struct fwd *f, unsigned *n)
{
	struct fwd_seen_addr *list = calloc(f->watch.n_addrs + 1, sizeof(*list));

	CHECK(list);
	*n = 0;
	for (unsigned p = 0; p < f->conf->n_ports; p++) {
		struct fwd_port port;
		fwd_ports_look(&f->ports, p, &port);
		if (!port.bound && (f->conf->ports[p].role != CONF_PORT_CORE || !port.ifindex))
			continue;
		for (unsigned i = 0; i < f->watch.n_addrs; i++)
			if (f->watch.addrs[i].ifindex == port.ifindex)
				list[(*n)++] = (struct fwd_seen_addr){
					(uint16_t)p, port.up, f->watch.addrs[i].prefix};
	}
	return list;
}

static void addrs_tell(struct fwd *f)
{
	unsigned n;
	struct fwd_seen_addr *now = addrs_look(f, &n);

	for (unsigned i = 0; i < f->n_addrs; i++) {
		const struct fwd_seen_addr *old = &f->addrs[i];
		const struct fwd_seen_addr *kept = addr_find(now, n, old);
		if (old->up && (!kept || !kept->up))
			connected_send(f, old, false);
		if (!kept)
			fwd_lfib_connected_set(&f->lfib, old->port, &old->prefix, false);
	}
	for (unsigned i = 0; i < n; i++) {
		const struct fwd_seen_addr *old = addr_find(f->addrs, f->n_addrs, &now[i]);
		if (!old)
			fwd_lfib_connected_set(&f->lfib, now[i].port, &now[i].prefix, true);
		if (now[i].up && (!old || !old->up))
			connected_send(f, &now[i], true);
	}
	free(f->addrs);
	f->addrs = now;
	f->n_addrs = n;
}

void fwd_react_nexthop(void *arg, const struct fwd_nexthop *nh)
{
	struct fwd *f = arg;
	struct fib_msg m = {0};
	char text[IP_ADDR_STRLEN];

	fwd_nexthop_msg(nh, &m);
	log_line(f->log, LOG_INFO_, "nexthop", "address=%s reachable=%s why=%s labels=%u metric=%u",
		ip_addr_print(&m.addr, text), m.up ? "true" : "false", fwd_resolution_name(nh->why),
		m.n_labels, m.metric);
	if (nh->why == FWD_UNRESOLVED_UNLABELLED)
		log_line(f->log, LOG_WARN_, "nexthop_unlabelled",
			"address=%s remedy=\"label the core's route to it; if it is one hop away: "
			"implicit-null: true on the neighbor\"",
			text);
	fwd_server_send(&f->server, &m);
}

int fwd_react(struct fwd *f)
{
	f->failing = false;
	fwd_watch_drain(&f->watch);
	fwd_edge_look(f->edge);
	fwd_ports_secure(&f->ports);
	fwd_watch_drain(&f->watch);
	int err = fwd_vrfs_check(&f->vrfs);
	int rules_err = fwd_rules_check(&f->rules);
	err = err ? err : rules_err;
	/* no port is brought into a VRF while the rules would let it see the core */
	if (rules_err || !fwd_ports_check(&f->ports) || err)
		retry_later(f);
	fwd_watch_drain(&f->watch);
	for (unsigned i = 0; i < f->conf->n_vrfs; i++)
		fwd_lfib_vrf_set(&f->lfib, (uint16_t)i, f->vrfs.state[i].ifindex);
	if (!fwd_listeners_tell(f))
		retry_later(f);
	ports_tell(f);
	addrs_tell(f);
	if (!f->starting && !fwd_edge_verify(f->edge))
		retry_later(f);
	fwd_edge_turn(f->edge);
	fwd_track_all(&f->ctl, &f->lfib, fwd_react_nexthop, f);
	be_nl_kick(&f->nl);
	if (!f->failing)
		f->retry_s = 1;
	return err;
}

void fwd_react_hello(struct fwd *f)
{
	fwd_listeners_close(&f->listeners);
	for (unsigned i = 0; i < f->conf->n_ports; i++)
		f->port_told[i] = PORT_UNTOLD;
	for (unsigned i = 0; i < f->n_addrs; i++)
		f->addrs[i].up = false;
	fwd_edge_stats(f->edge, false);
	fwd_react(f);
}

void fwd_react_port_gone(struct fwd *f, unsigned port, bool vrf_stays)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < f->n_addrs; i++) {
		const struct fwd_seen_addr *a = &f->addrs[i];

		if (a->port != port) {
			f->addrs[kept++] = *a;
			continue;
		}
		if (a->up && vrf_stays)
			connected_send(f, a, false);
		fwd_lfib_connected_set(&f->lfib, a->port, &a->prefix, false);
	}
	f->n_addrs = kept;
	fwd_lfib_port_set(&f->lfib, (uint16_t)port, &(struct fwd_port){0});
}

void fwd_react_reload(struct fwd *f, const struct conf *next, const struct conf_change *change)
{
	f->port_told = realloc(f->port_told, (next->n_ports + 1) * sizeof(*f->port_told));
	CHECK(f->port_told);
	for (unsigned i = 0; i < next->n_ports; i++)
		if (change->ports[i] == CONF_FATE_NEW || change->ports[i] == CONF_FATE_RESET)
			f->port_told[i] = PORT_UNTOLD;
}

void fwd_react_fini(struct fwd *f)
{
	free(f->addrs);
	f->addrs = NULL;
	f->n_addrs = 0;
}

static void changed(void *arg, unsigned bits)
{
	struct fwd *f = arg;

	if (f->stopping && f->said_bye)
		return; /* everything is being taken down */
	if (f->n_lost)
		log_line(f->log, LOG_WARN_, "fib_corrected",
			"count=%u why=\"somebody deleted routes, labels or nexthop objects of "
			"ours\"",
			f->n_lost);
	f->n_lost = 0;
	bool drifted = bits & (FWD_WATCH_INPUT | FWD_WATCH_FILTERS) && fwd_edge_look(f->edge);
	if (bits & FWD_WATCH_INPUT) {
		fwd_ports_guard(&f->ports);
		ports_tell(f);
	}
	if (drifted || bits & (FWD_WATCH_LINKS | FWD_WATCH_RULES)) {
		fwd_react(f);
		return;
	}
	if (bits & FWD_WATCH_ROUTES)
		fwd_track_all(&f->ctl, &f->lfib, fwd_react_nexthop, f);
	be_nl_kick(&f->nl);
}

static void link_gone(void *arg, uint32_t ifindex)
{
	struct fwd *f = arg;

	fwd_lfib_link_gone(&f->lfib, ifindex);
	for (unsigned i = 0; i < f->conf->n_vrfs; i++)
		if (f->lfib.vrf_ifindex[i] == ifindex) /* its labels too, were it made anew since */
			fwd_lfib_vrf_set(&f->lfib, (uint16_t)i, 0);
	for (unsigned i = 0; i < f->conf->n_ports; i++)
		if (f->lfib.ports[i].ifindex ==
			ifindex) /* whatever it is now: routes over it are lost */
			fwd_lfib_port_set(&f->lfib, (uint16_t)i, &(struct fwd_port){0});
}

static bool route_lost(struct fwd *f, const struct fwd_nl_route *r)
{
	if (r->family == AF_MPLS)
		return fwd_lfib_lost_label(&f->lfib, r->label);
	return r->metric == FWD_METRIC && fwd_lfib_lost_route(&f->lfib, r->table, r->addr, r->len);
}

static void lost(void *arg, const struct nlmsghdr *h)
{
	struct fwd *f = arg;
	struct fwd_nl_nexthop n;
	struct fwd_nl_route r;

	if (f->stopping && f->said_bye)
		return;
	if (fwd_nl_get_nexthop(h, h->nlmsg_len, &n))
		f->n_lost += fwd_lfib_lost_nexthop(&f->lfib, n.id);
	else if (fwd_nl_get_route(h, h->nlmsg_len, &r))
		f->n_lost += route_lost(f, &r);
}

static void default_lost(void *arg, uint32_t table, const char *now)
{
	struct fwd *f = arg;

	fwd_edge_default_lost(f->edge, table, now);
}

const struct fwd_watch_calls *fwd_react_calls(void)
{
	static const struct fwd_watch_calls calls = {link_gone, lost, default_lost, changed};
	return &calls;
}
