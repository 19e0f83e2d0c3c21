#include "mplsfwd/sock.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mplsfwd/md5.h"
#include "mplsfwd/sockaddr.h"

/* A TCP socket inside the VRF (or the core), with the class of service of routing protocols (CS6). */
static int sock_open(const struct conf *conf, int vrf, uint8_t af)
{
	int one = 1, tos = 0xc0;
	int fd = socket(af == IP_V6 ? AF_INET6 : AF_INET,
		SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);

	if (fd < 0)
		return -errno;
	const char *dev = vrf == CONF_VRF_NONE ? NULL : conf->vrfs[vrf].name;
	if (dev && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, dev, (socklen_t)strlen(dev))) {
		int err = -errno;
		close(fd);
		return err;
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (af == IP_V6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof(tos));
	else
		setsockopt(fd, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
	return fd;
}

static struct ip_prefix key_owner(const struct conf_peer *p)
{
	return p->dynamic ? p->range : (struct ip_prefix){p->addr, ip_af_bits(p->addr.af)};
}

static int key_set(int fd, const struct log *log, const struct conf_peer *p, int vrf_ifindex)
{
	if (!p->password_len)
		return 0;
	struct ip_prefix who = key_owner(p);
	int err = fwd_md5_set(fd, &who, vrf_ifindex, p->password, p->password_len);
	if (err)
		log_line(log, LOG_ERROR_, "md5_key_refused",
			"peer=%s error=\"%s\" why=\"no session without the key\"", p->name,
			strerror(-err));
	return err;
}

static int dial_setup(int fd, const struct log *log, const struct conf_peer *p, int vrf_ifindex)
{
	struct sockaddr_storage ss;
	int err = key_set(fd, log, p, vrf_ifindex);

	if (!err && p->gtsm_hops)
		err = fwd_gtsm_set(fd, p->addr.af, p->gtsm_hops);
	if (err)
		return err;
	if (p->local.af != IP_NONE) {
		socklen_t len = fwd_sockaddr(&p->local, 0, &ss);
		if (bind(fd, (struct sockaddr *)&ss, len))
			return -errno;
	}
	socklen_t len = fwd_sockaddr(&p->addr, FWD_BGP_PORT, &ss);
	return connect(fd, (struct sockaddr *)&ss, len) && errno != EINPROGRESS ? -errno : 0;
}

int fwd_sock_dial(const struct conf *conf, const struct log *log, unsigned peer, int vrf_ifindex)
{
	const struct conf_peer *p = &conf->peers[peer];

	if (p->dynamic)
		return -EINVAL; /* there is nobody to dial */
	if (p->vrf != CONF_VRF_NONE && !vrf_ifindex)
		return -ENODEV;
	int fd = sock_open(conf, p->vrf, p->addr.af);
	if (fd < 0)
		return fd;
	int err = dial_setup(fd, log, p, vrf_ifindex);
	if (err) {
		close(fd);
		return err;
	}
	return fd;
}

/* By the listener of vrf; a range by its first place alone. */
static bool is_served(const struct conf_peer *p, int vrf)
{
	uint8_t af = p->dynamic ? p->range.addr.af : p->addr.af;

	return p->vrf == vrf && af == IP_V4 && (!p->dynamic || p->slot == 0);
}

bool fwd_sock_wanted(const struct conf *conf, int vrf)
{
	for (unsigned i = 0; i < conf->n_peers; i++)
		if (is_served(&conf->peers[i], vrf))
			return true;
	return false;
}

/* Whatever TTL was asked for before: none is. */
static int ttl_forget(int fd)
{
	int ttl = -1, min = 0;

	return setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl)) ||
			       setsockopt(fd, IPPROTO_IP, IP_MINTTL, &min, sizeof(min))
		       ? -errno
		       : 0;
}

/* All keys, and the least strict TTL among the peers: bgpd sets each connection's own when it has accepted it. */
static int listen_protect(
	int fd, const struct conf *conf, const struct log *log, int vrf, int vrf_ifindex)
{
	uint8_t hops = 0;
	bool all = true;

	for (unsigned i = 0; i < conf->n_peers; i++) {
		const struct conf_peer *p = &conf->peers[i];
		if (!is_served(p, vrf))
			continue;
		int err = key_set(fd, log, p, vrf_ifindex);
		if (err)
			return err;
		all = all && p->gtsm_hops;
		hops = p->gtsm_hops > hops ? p->gtsm_hops : hops;
	}
	if (all && hops)
		return fwd_gtsm_set(fd, IP_V4, hops);
	int ttl = 255; /* a peer with GTSM must see 255 from the first SYN-ACK on */
	return hops && setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl)) ? -errno : 0;
}

int fwd_sock_listen(const struct conf *conf, const struct log *log, int vrf, int vrf_ifindex)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(FWD_BGP_PORT)};
	const char *name = vrf == CONF_VRF_NONE ? "core" : conf->vrfs[vrf].name;

	int fd = sock_open(conf, vrf, IP_V4);
	int err = fd < 0 ? fd : listen_protect(fd, conf, log, vrf, vrf_ifindex);
	if (!err && bind(fd, (struct sockaddr *)&any, sizeof(any)))
		err = -errno;
	if (!err && listen(fd, 64))
		err = -errno;
	if (err) {
		log_line(log, LOG_ERROR_, "listener_refused", "vrf=%s error=\"%s\"", name,
			strerror(-err));
		if (fd >= 0)
			close(fd);
		return err;
	}
	return fd;
}

static bool has_key(const struct conf *conf, const struct ip_prefix *who, int vrf)
{
	for (unsigned i = 0; i < conf->n_peers; i++) {
		const struct conf_peer *p = &conf->peers[i];
		struct ip_prefix other = key_owner(p);

		if (is_served(p, vrf) && p->password_len && ip_prefix_equal(&other, who))
			return true;
	}
	return false;
}

int fwd_sock_protect(
	int fd, const struct conf *conf, const struct log *log, int vrf, int vrf_ifindex)
{
	int err = ttl_forget(fd);

	return err ? err : listen_protect(fd, conf, log, vrf, vrf_ifindex);
}

void fwd_sock_forget(
	int fd, const struct conf *before, const struct conf *now, int vrf, int vrf_ifindex)
{
	for (unsigned i = 0; i < before->n_peers; i++) {
		const struct conf_peer *p = &before->peers[i];
		struct ip_prefix who = key_owner(p);

		if (is_served(p, vrf) && p->password_len && !has_key(now, &who, vrf))
			(void)fwd_md5_del(fd, &who, vrf_ifindex);
	}
}
