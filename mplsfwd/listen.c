#include "mplsfwd/listen.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/check.h"
#include "mplsfwd/fwd.h"
#include "mplsfwd/sock.h"

static const struct fwd_listener none = {.fd = -1};

static void listener_close(struct fwd_listener *l)
{
	if (l->fd >= 0)
		close(l->fd);
	*l = none;
}

void fwd_listeners_init(struct fwd_listeners *l, unsigned n_vrfs)
{
	*l = (struct fwd_listeners){.core = none};
	fwd_listeners_resize(l, n_vrfs);
}

void fwd_listeners_fini(struct fwd_listeners *l)
{
	fwd_listeners_close(l);
	free(l->vrfs);
	*l = (struct fwd_listeners){.core = none};
}

void fwd_listeners_resize(struct fwd_listeners *l, unsigned n_vrfs)
{
	l->vrfs = realloc(l->vrfs, (n_vrfs + 1) * sizeof(*l->vrfs));
	CHECK(l->vrfs);
	while (l->n_vrfs < n_vrfs)
		l->vrfs[l->n_vrfs++] = none;
}

void fwd_listeners_close(struct fwd_listeners *l)
{
	listener_close(&l->core);
	for (unsigned i = 0; i < l->n_vrfs; i++)
		listener_close(&l->vrfs[i]);
}

void fwd_listeners_close_vrf(struct fwd_listeners *l, unsigned vrf)
{
	listener_close(&l->vrfs[vrf]);
}

static bool listener_open(struct fwd *f, struct fwd_listener *l, int vrf, uint32_t ifindex)
{
	struct fib_msg m = {
		.type = FIB_LISTENER, .vrf = vrf == CONF_VRF_NONE ? FIB_VRF_CORE : (uint16_t)vrf};

	listener_close(l); /* bound to a device that is no more */
	int fd = fwd_sock_listen(f->conf, f->log, vrf, (int)ifindex);
	if (fd < 0)
		return false;
	*l = (struct fwd_listener){fcntl(fd, F_DUPFD_CLOEXEC, 0), ifindex};
	if (l->fd < 0) {
		close(fd);
		return false;
	}
	fwd_server_send_fd(&f->server, &m, fd);
	return true;
}

bool fwd_listeners_tell_core(struct fwd *f)
{
	if (f->server.fd < 0 || f->listeners.core.fd >= 0 ||
		!fwd_sock_wanted(f->conf, CONF_VRF_NONE))
		return true;
	return listener_open(f, &f->listeners.core, CONF_VRF_NONE, 0);
}

bool fwd_listeners_tell(struct fwd *f)
{
	bool ok = fwd_listeners_tell_core(f);

	for (unsigned i = 0; f->server.fd >= 0 && i < f->conf->n_vrfs; i++) {
		struct fwd_listener *l = &f->listeners.vrfs[i];
		uint32_t now = f->vrfs.state[i].ifindex;

		if (!fwd_sock_wanted(f->conf, (int)i))
			listener_close(l);
		else if (now && (l->fd < 0 || l->ifindex != now))
			ok = listener_open(f, l, (int)i, now) && ok;
	}
	return ok;
}

int fwd_listeners_protect(struct fwd *f, const struct conf *conf)
{
	const struct fwd_listener *core = &f->listeners.core;
	int first = core->fd < 0 ? 0 : fwd_sock_protect(core->fd, conf, f->log, CONF_VRF_NONE, 0);

	for (unsigned i = 0; i < f->listeners.n_vrfs && i < conf->n_vrfs; i++) {
		const struct fwd_listener *l = &f->listeners.vrfs[i];
		int err = l->fd < 0
				  ? 0
				  : fwd_sock_protect(l->fd, conf, f->log, (int)i, (int)l->ifindex);
		first = first ? first : err;
	}
	return first;
}

void fwd_listeners_forget(struct fwd *f, const struct conf *before, const struct conf *now)
{
	if (f->listeners.core.fd >= 0)
		fwd_sock_forget(f->listeners.core.fd, before, now, CONF_VRF_NONE, 0);
	for (unsigned i = 0; i < f->listeners.n_vrfs; i++) {
		const struct fwd_listener *l = &f->listeners.vrfs[i];

		if (l->fd >= 0)
			fwd_sock_forget(l->fd, before, now, (int)i, (int)l->ifindex);
	}
}
