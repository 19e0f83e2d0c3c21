/* A router without a forwarding plane: sockets for the core's neighbours, and a yes to everything else. */
#include <errno.h>

#include "mplsfwd/fwd.h"
#include "mplsfwd/sock.h"
#include "mplsfwd/stats.h"

static void dial(struct fwd *f, const struct fib_msg *m)
{
	struct fib_msg out = {.type = FIB_SOCKET, .seq = m->seq, .peer = m->peer, .error = ENOENT};

	if (m->peer < f->conf->n_peers) {
		bool core = f->conf->peers[m->peer].vrf == CONF_VRF_NONE;
		int fd = core ? fwd_sock_dial(f->conf, f->log, m->peer, 0) : -EOPNOTSUPP;
		out.error = fd < 0 ? -fd : 0;
		if (fd >= 0) {
			fwd_server_send_fd(&f->server, &out, fd);
			return;
		}
	}
	fwd_server_send(&f->server, &out);
}

/* The counters of TCP's guards are the kernel's whoever forwards. */
static void stats_get(struct fwd *f)
{
	struct fib_msg out = {.type = FIB_TCP_STATS};

	if (fwd_stats_tcp(&out.tcp) == 0)
		fwd_server_send(&f->server, &out);
}

static void request(void *arg, const struct fib_msg *m)
{
	struct fwd *f = arg;
	struct fib_msg nexthop = {.type = FIB_NEXTHOP, .addr = m->addr, .up = true};
	struct fib_msg ack = {.type = FIB_ACK, .seq = m->seq};

	if (m->type == FIB_DIAL) {
		dial(f, m);
		return;
	}
	if (m->type == FIB_ALIVE) {
		fwd_notify_alive(&f->notify, m->seq);
		return;
	}
	if (m->type == FIB_NOTED) {
		fwd_said_noted(&f->said, m);
		return;
	}
	if (fwd_reload_request(f, m))
		return;
	if (m->type == FIB_NEXTHOP_TRACK)
		fwd_server_send(&f->server, &nexthop);
	if (m->type == FIB_STATS_GET)
		stats_get(f);
	f->said_bye |= m->type == FIB_BYE;
	if (m->seq)
		fwd_server_send(&f->server, &ack);
}

static void idle(void *arg)
{
	/* every answer has been queued already */
}

static void broken(void *arg, const char *why)
{
	fwd_daemon_child_lost(arg, why);
}

const struct fwd_server_calls *fwd_nofib_calls(void)
{
	static const struct fwd_server_calls calls = {request, idle, broken};
	return &calls;
}

static bool has_link(const struct conf_port *p, int vrf, const struct ip_prefix *a)
{
	for (unsigned i = 0; p->vrf == vrf && i < p->n_addresses; i++)
		if (ip_prefix_equal(&p->addresses[i], a))
			return true;
	return false;
}

/* The links that the configuration gives a VRF count as up: routes through them are announced. `but`: not those that this port has, NULL: all. */
static void say_links(
	struct fwd *f, const struct conf_port *p, const struct conf_port *but, bool up)
{
	struct fib_msg m = {.type = FIB_CONNECTED, .vrf = (uint16_t)p->vrf, .up = up};

	for (unsigned a = 0; p->vrf != CONF_VRF_NONE && a < p->n_addresses; a++) {
		if (but && has_link(but, p->vrf, &p->addresses[a]))
			continue;
		m.prefix = p->addresses[a];
		ip_prefix_mask(&m.prefix);
		fwd_server_send(&f->server, &m);
	}
}

void fwd_nofib_hello(struct fwd *f)
{
	fwd_listeners_close(&f->listeners);
	fwd_listeners_tell_core(f);
	for (unsigned i = 0; i < f->conf->n_ports; i++)
		say_links(f, &f->conf->ports[i], NULL, true);
}

void fwd_nofib_reload(struct fwd *f, const struct conf *before, const struct conf_change *change)
{
	for (unsigned i = 0; i < before->n_ports; i++) {
		const struct conf_port *p = &before->ports[i];

		if (p->vrf != CONF_VRF_NONE && change->vrfs[p->vrf] != CONF_FATE_GONE)
			say_links(f, p, &f->conf->ports[i], false);
	}
	for (unsigned i = 0; i < f->conf->n_ports; i++)
		say_links(f, &f->conf->ports[i], i < before->n_ports ? &before->ports[i] : NULL,
			true);
	fwd_listeners_tell_core(f);
}
