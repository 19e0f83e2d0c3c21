/* What bgpd asks for. Indices are checked here against the configuration; the LFIB checks the rest. */
#include <errno.h>
#include <event2/event.h>
#include <string.h>

#include "mplsfwd/fwd.h"
#include "mplsfwd/sock.h"
#include "mplsfwd/stats.h"

static void ack_send(struct fwd *f, uint32_t seq, int error)
{
	struct fib_msg m = {.type = FIB_ACK, .seq = seq, .error = error};

	if (seq)
		fwd_server_send(&f->server, &m);
}

void fwd_request_acks(void *arg)
{
	struct fwd *f = arg;
	struct fwd_ack a;

	while (fwd_lfib_ack_get(&f->lfib, &a))
		ack_send(f, a.seq, a.error);
}

static void dial(struct fwd *f, const struct fib_msg *m)
{
	struct fib_msg out = {.type = FIB_SOCKET, .seq = m->seq, .peer = m->peer};

	if (m->peer >= f->conf->n_peers) {
		log_line(f->log, LOG_WARN_, "request_refused", "request=dial peer=%u", m->peer);
		out.error = ENOENT;
		fwd_server_send(&f->server, &out);
		return;
	}
	int vrf = f->conf->peers[m->peer].vrf;
	uint32_t ifindex = vrf == CONF_VRF_NONE ? 0 : f->vrfs.state[vrf].ifindex;
	int fd = fwd_sock_dial(f->conf, f->log, m->peer, (int)ifindex);
	if (fd >= 0) {
		fwd_server_send_fd(&f->server, &out, fd);
		return;
	}
	out.error = -fd;
	fwd_server_send(&f->server, &out);
}

static void stats_get(struct fwd *f, const struct fib_msg *m)
{
	for (unsigned i = 0; i < f->conf->n_ports; i++) {
		struct fib_msg out = {.type = FIB_PORT_STATS, .seq = m->seq, .port = (uint16_t)i};
		uint32_t ifindex = f->ports.state[i].ifindex;
		if (ifindex && fwd_stats_port(&f->ctl, ifindex, &out.mpls) == 0)
			fwd_server_send(&f->server, &out);
	}
	fwd_edge_stats(f->edge, true);
	struct fib_msg tcp = {.type = FIB_TCP_STATS, .seq = m->seq};
	int err = fwd_stats_tcp(&tcp.tcp);
	if (!err)
		fwd_server_send(&f->server, &tcp);
	ack_send(f, m->seq, -err);
}

/* Answered in order: a label that was told is let in before that is known to be so. */
static void edge_apply(struct fwd *f, const struct fib_msg *m)
{
	int error = fwd_edge_apply(f->edge, m);

	if (error)
		log_line(f->log, LOG_WARN_, "request_refused",
			"request=%s vrf=%u label=%u peer=%u error=\"%s\"", fib_type_name(m->type),
			m->vrf, m->label, m->peer, strerror(error));
	if (m->seq)
		fwd_edge_turn(f->edge);
	ack_send(f, m->seq, error);
}

static void request(void *arg, const struct fib_msg *m)
{
	struct fwd *f = arg;
	int error;

	if (m->type == FIB_NOTED) {
		fwd_said_noted(&f->said, m);
		return;
	}
	if (f->keeping) { /* whatever bgpd says on its way out: it goes, and what it wanted stays */
		f->said_bye |= m->type == FIB_BYE;
		return;
	}
	switch (m->type) {
	case FIB_DIAL:
		dial(f, m);
		break;
	case FIB_NEXTHOP_TRACK:
		if (fwd_lfib_apply(&f->lfib, m) == 0)
			fwd_track_begin(&f->ctl, &f->lfib, &m->addr, fwd_react_nexthop, f);
		break;
	case FIB_STATS_GET:
		stats_get(f, m);
		break;
	case FIB_RELOAD:
	case FIB_RELOAD_TRY:
	case FIB_CONF_TAKEN:
	case FIB_CONFIRM:
		fwd_reload_request(f, m);
		break;
	case FIB_ALIVE:
		fwd_notify_alive(&f->notify, m->seq);
		break;
	case FIB_SOURCE_ADD:
	case FIB_SOURCE_DEL:
	case FIB_LABEL_TELL:
	case FIB_LABEL_UNTELL:
		edge_apply(f, m);
		break;
	default:
		error = fwd_lfib_apply(&f->lfib, m);
		f->said_bye |= m->type == FIB_BYE;
		if (m->type == FIB_SYNC)
			fwd_edge_sync(f->edge);
		if (error)
			log_line(f->log, LOG_WARN_, "request_refused",
				"request=%s vrf=%u label=%u error=\"%s\"", fib_type_name(m->type),
				m->vrf, m->label, strerror(error));
		break;
	}
}

static void idle(void *arg)
{
	struct fwd *f = arg;

	fwd_edge_turn(f->edge);
	fwd_request_acks(f);
	be_nl_kick(&f->nl);
}

static void broken(void *arg, const char *why)
{
	fwd_daemon_child_lost(arg, why);
}

const struct fwd_server_calls *fwd_request_calls(void)
{
	static const struct fwd_server_calls calls = {request, idle, broken};
	return &calls;
}
