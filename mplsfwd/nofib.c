/* A router without a forwarding plane: sockets for the core's neighbours, and a yes to everything else. */
#include <errno.h>

#include "mplsfwd/fwd.h"
#include "mplsfwd/sock.h"

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

static void request(void *arg, const struct fib_msg *m)
{
	struct fwd *f = arg;
	struct fib_msg nexthop = {.type = FIB_NEXTHOP, .addr = m->addr, .up = true};
	struct fib_msg ack = {.type = FIB_ACK, .seq = m->seq};

	if (m->type == FIB_DIAL) {
		dial(f, m);
		return;
	}
	if (m->type == FIB_NEXTHOP_TRACK)
		fwd_server_send(&f->server, &nexthop);
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

const struct fwd_server_calls fwd_nofib_calls = {request, idle, broken};

void fwd_nofib_hello(struct fwd *f)
{
	struct fib_msg m = {.type = FIB_LISTENER, .vrf = FIB_VRF_CORE};
	int fd = fwd_sock_wanted(f->conf, CONF_VRF_NONE)
			 ? fwd_sock_listen(f->conf, f->log, CONF_VRF_NONE, 0)
			 : -1;

	if (fd >= 0)
		fwd_server_send_fd(&f->server, &m, fd);
}
