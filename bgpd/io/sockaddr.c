#include "bgpd/io/sockaddr.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static bool io_sockaddr_get(const struct sockaddr_storage *ss, struct ip_addr *out)
{
	const struct sockaddr_in *in4 = (const void *)ss;
	const struct sockaddr_in6 *in6 = (const void *)ss;

	*out = (struct ip_addr){.af = IP_NONE};
	if (ss->ss_family == AF_INET) {
		*out = ip_addr_v4(ntohl(in4->sin_addr.s_addr));
		return true;
	}
	if (ss->ss_family != AF_INET6)
		return false;
	if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
		out->af = IP_V4;
		memcpy(out->o, in6->sin6_addr.s6_addr + 12, 4);
		return true;
	}
	out->af = IP_V6;
	memcpy(out->o, in6->sin6_addr.s6_addr, 16);
	return true;
}

bool io_sockaddr_remote(int fd, struct ip_addr *out)
{
	struct sockaddr_storage ss = {0};
	socklen_t len = sizeof(ss);

	return getpeername(fd, (struct sockaddr *)&ss, &len) == 0 && io_sockaddr_get(&ss, out);
}

bool io_sockaddr_local(int fd, struct ip_addr *out)
{
	struct sockaddr_storage ss = {0};
	socklen_t len = sizeof(ss);

	return getsockname(fd, (struct sockaddr *)&ss, &len) == 0 && io_sockaddr_get(&ss, out);
}
