#include "bgpd/core/fibin.h"

#include "bgpd/core/defer.h"
#include "bgpd/core/guards.h"
#include "bgpd/core/labels.h"
#include "bgpd/core/nexthops.h"
#include "bgpd/core/session.h"
#include "bgpd/core/sites.h"
#include "lib/check.h"
#include "lib/log.h"

static void on_ack(struct core_run *run, const struct event *ev)
{
	(void)core_labels_ack(run, &ev->fib);
}

static void on_nexthop(struct core_run *run, const struct event *ev)
{
	core_nexthops_report(run, &ev->fib);
}

static void on_connected(struct core_run *run, const struct event *ev)
{
	core_sites_connected(run, &ev->fib);
}

static void on_port(struct core_run *run, const struct event *ev)
{
	const struct fib_msg *m = &ev->fib;
	struct core_port *p;

	if (m->port >= run->r->conf->n_ports)
		return;
	p = &run->r->ports[m->port];
	if (m->flags & ~p->flags & FIB_PORT_CORRECTED)
		effect_note(run->fx, LOG_ERROR_, "port_corrected",
			"port=%s what=\"somebody had let labelled packets in\"",
			run->r->conf->ports[m->port].name);
	p->flags = m->flags;
}

static void on_port_stats(struct core_run *run, const struct event *ev)
{
	if (ev->fib.port < run->r->conf->n_ports)
		run->r->ports[ev->fib.port].mpls = ev->fib.mpls;
}

/*
 * The kernel counts refused segments per namespace, not per connection. Those that come while a protected peer has no
 * session are put down to it: with two such peers at once both show them, which is honest about not knowing.
 */
static void on_tcp_stats(struct core_run *run, const struct event *ev)
{
	struct router *r = run->r;
	const struct fib_tcp_stats *now = &ev->fib.tcp, *was = &r->tcp;
	uint64_t grew = now->md5_not_found - was->md5_not_found + now->md5_unexpected -
			was->md5_unexpected + now->md5_failure - was->md5_failure;

	for (unsigned i = 0; i < r->conf->n_peers && r->tcp_known && grew; i++) {
		struct core_peer *p = &r->peers[i];

		if (!p->conf->password_len || p->conf->slot || p->source != RIB_SOURCE_NONE)
			continue;
		if (!p->count.md5_mismatch)
			effect_note(run->fx, LOG_ERROR_, "md5_mismatch",
				"peer=%s why=\"the kernel refuses segments: the other side has no "
				"or another key\"",
				p->name);
		p->count.md5_mismatch += grew;
	}
	r->tcp = *now;
	r->tcp_known = true;
}

typedef void fib_handler(struct core_run *run, const struct event *ev);

void core_fibin_step(struct core_run *run, const struct event *ev)
{
	static fib_handler *const handlers[] = {
		[FIB_SOCKET] = core_session_socket,
		[FIB_ACK] = on_ack,
		[FIB_NEXTHOP] = on_nexthop,
		[FIB_CONNECTED] = on_connected,
		[FIB_PORT] = on_port,
		[FIB_PORT_STATS] = on_port_stats,
		[FIB_TCP_STATS] = on_tcp_stats,
		[FIB_KEPT] = core_defer_kept,
		[FIB_GUARD_PORT] = core_guards_port,
		[FIB_GUARD_COUNT] = core_guards_count,
		[FIB_GUARD_RULE] = core_guards_rule,
		[FIB_GUARD_DROP] = core_guards_drop,
	};

	if (ev->fib.type < ARRAY_LEN(handlers) && handlers[ev->fib.type])
		handlers[ev->fib.type](run, ev);
}
