#include "mplsfwd/sockaddr.h"

#include <netinet/in.h>
#include <string.h>

socklen_t fwd_sockaddr(const struct ip_addr *a, uint16_t port, struct sockaddr_storage *ss)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};

	memset(ss, 0, sizeof(*ss));
	if (a->af == IP_V6) {
		memcpy(&in6.sin6_addr, a->o, 16);
		memcpy(ss, &in6, sizeof(in6));
		return sizeof(in6);
	}
	memcpy(&in.sin_addr, a->o, 4);
	memcpy(ss, &in, sizeof(in));
	return sizeof(in);
}
