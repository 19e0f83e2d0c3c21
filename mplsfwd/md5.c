/* Apart from everything else because <linux/tcp.h>, which has the VRF scope, cannot stand beside <netinet/tcp.h>. */
#include "mplsfwd/md5.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "mplsfwd/sockaddr.h"

/* len 0: the key is taken off. */
static int md5_put(int fd, const struct ip_prefix *peers, int vrf, const uint8_t *key, uint8_t len)
{
	struct tcp_md5sig m = {
		.tcpm_flags = TCP_MD5SIG_FLAG_PREFIX | (vrf ? TCP_MD5SIG_FLAG_IFINDEX : 0),
		.tcpm_prefixlen = peers->len,
		.tcpm_keylen = len,
		.tcpm_ifindex = vrf,
	};
	struct sockaddr_storage ss;

	if (len > TCP_MD5SIG_MAXKEYLEN || peers->len > ip_af_bits(peers->addr.af))
		return -EINVAL;
	if (len)
		memcpy(m.tcpm_key, key, len);
	memcpy(&m.tcpm_addr, &ss, fwd_sockaddr(&peers->addr, 0, &ss));
	int err = setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG_EXT, &m, sizeof(m)) ? -errno : 0;
	explicit_bzero(&m, sizeof(m));
	return err;
}

int fwd_md5_set(int fd, const struct ip_prefix *peers, int vrf, const uint8_t *key, uint8_t len)
{
	return len ? md5_put(fd, peers, vrf, key, len) : -EINVAL;
}

int fwd_md5_del(int fd, const struct ip_prefix *peers, int vrf)
{
	return md5_put(fd, peers, vrf, NULL, 0);
}

int fwd_gtsm_set(int fd, uint8_t af, uint8_t hops)
{
	int ttl = 255, min = 256 - hops;

	if (af == IP_V6) {
		if (setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl, sizeof(ttl)) ||
			setsockopt(fd, IPPROTO_IPV6, IPV6_MINHOPCOUNT, &min, sizeof(min)))
			return -errno;
		return 0;
	}
	if (setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl)) ||
		setsockopt(fd, IPPROTO_IP, IP_MINTTL, &min, sizeof(min)))
		return -errno;
	return 0;
}
