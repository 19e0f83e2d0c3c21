#include "mplsfwd/apisock.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/check.h"
#include "mplsfwd/sockaddr.h"

#define APISOCK_BACKLOG 64

static int apisock_listen(int fd, const struct conf_endpoint *e)
{
	struct sockaddr_storage ss;
	socklen_t len = fwd_sockaddr(&e->addr, e->port, &ss);
	int one = 1;
	bool v6 = e->addr.af == IP_V6;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
		setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_FREEBIND : IP_FREEBIND,
			&one, sizeof(one)) ||
		(v6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one))))
		return -errno;
	return bind(fd, (struct sockaddr *)&ss, len) || listen(fd, APISOCK_BACKLOG) ? -errno : 0;
}

bool fwd_apisock_is_shared(const struct conf_api *api)
{
	return api->read_write.users.n || api->read_write.groups.n;
}

int fwd_apisock_open(struct fwd_apisock *a, const struct conf_api *api, const struct log *log)
{
	char text[IP_ADDR_STRLEN];

	for (unsigned i = 0; i < api->n_listen; i++) {
		const struct conf_endpoint *e = &api->listen[i];
		int fd = socket(e->addr.af == IP_V6 ? AF_INET6 : AF_INET,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
		int err = fd < 0 ? -errno : apisock_listen(fd, e);

		CHECK(a->n < FWD_APISOCK_MAX);
		if (fd >= 0)
			a->fds[a->n++] = fd;
		if (err) {
			log_line(log, LOG_ERROR_, "start_refused",
				"what=\"cannot listen for the API\" address=%s port=%u "
				"error=\"%s\"",
				ip_addr_print(&e->addr, text), e->port, strerror(-err));
			return err;
		}
	}
	return 0;
}

void fwd_apisock_close(struct fwd_apisock *a)
{
	while (a->n)
		close(a->fds[--a->n]);
}

static void tell(struct fwd_server *server, enum fib_api kind, int fd)
{
	fwd_server_send_fd(
		server, &(struct fib_msg){.type = FIB_API, .flags = (uint8_t)kind}, dup(fd));
}

void fwd_apisock_tell(
	const struct fwd_apisock *a, const struct fwd_rundir *d, struct fwd_server *server)
{
	tell(server, FIB_API_READ_WRITE, d->api);
	tell(server, FIB_API_READ_ONLY, d->api_ro);
	for (unsigned i = 0; i < a->n; i++)
		tell(server, FIB_API_TLS, a->fds[i]);
}
