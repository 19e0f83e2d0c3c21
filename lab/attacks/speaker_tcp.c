#include "lab/attacks/speaker_tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BGP_PORT 179
#define LOOK_MS	 2 /* between two looks at a send queue, which nothing tells */

uint64_t speaker_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static int left_ms(uint64_t until_ms)
{
	uint64_t now = speaker_now_ms();

	return until_ms > now ? (int)(until_ms - now) : 0;
}

static bool address(const char *text, uint16_t port, struct sockaddr_in *out)
{
	*out = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
	return !text || inet_pton(AF_INET, text, &out->sin_addr) == 1;
}

static int sign(int fd, const struct sockaddr_in *to, const char *password)
{
	struct tcp_md5sig sig = {.tcpm_keylen = (uint16_t)strlen(password)};

	if (sig.tcpm_keylen > sizeof(sig.tcpm_key))
		return -EINVAL;
	memcpy(&sig.tcpm_addr, to, sizeof(*to));
	memcpy(sig.tcpm_key, password, sig.tcpm_keylen);
	return setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG, &sig, sizeof(sig)) ? -errno : 0;
}

static int prepare(int fd, const struct speaker_conf *c, const struct sockaddr_in *from,
	const struct sockaddr_in *to)
{
	int on = 1, ttl = c->ttl;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) ||
		(ttl && setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl))) ||
		bind(fd, (const struct sockaddr *)from, sizeof(*from)))
		return -errno;
	return c->password ? sign(fd, to, c->password) : 0;
}

static int finish(int fd, uint64_t until_ms)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	socklen_t len = sizeof(int);
	int err = 0;

	if (poll(&p, 1, left_ms(until_ms)) <= 0)
		return -ETIMEDOUT;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len))
		return -errno;
	return -err;
}

int speaker_tcp_dial(struct attack_stage *st, const struct speaker_conf *c, uint64_t until_ms)
{
	int node = lab_topo_find(&st->run->topo, c->node), fd, err;
	struct sockaddr_in from, to;

	if (node < 0 || !address(c->local, c->from, &from) ||
		!address(c->remote, c->port ? c->port : BGP_PORT, &to))
		return -EINVAL;
	fd = lab_ns_socket(
		&st->run->base, &st->run->ns[node], AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return fd;
	err = prepare(fd, c, &from, &to);
	if (!err && connect(fd, (struct sockaddr *)&to, sizeof(to)))
		err = errno == EINPROGRESS ? finish(fd, until_ms) : -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
}

struct ip_addr speaker_tcp_local(int fd)
{
	struct sockaddr_in sa = {0};
	socklen_t len = sizeof(sa);

	getsockname(fd, (struct sockaddr *)&sa, &len);
	return ip_addr_v4(ntohl(sa.sin_addr.s_addr));
}

int speaker_tcp_send(int fd, const void *octets, size_t len, uint64_t until_ms)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	const uint8_t *at = octets;

	while (len > 0) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		if (n < 0 && poll(&p, 1, left_ms(until_ms)) <= 0)
			return -ETIMEDOUT;
		at += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

int speaker_tcp_recv(int fd, void *out, size_t cap, uint64_t until_ms)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	ssize_t n;

	if (poll(&p, 1, left_ms(until_ms)) <= 0)
		return 0;
	n = recv(fd, out, cap, 0);
	if (n > 0)
		return (int)n;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return n < 0 ? -errno : -ECONNRESET;
}

bool speaker_tcp_taken(int fd, uint64_t until_ms)
{
	int waiting = 0;

	while (!ioctl(fd, SIOCOUTQ, &waiting) && waiting > 0 && left_ms(until_ms))
		poll(NULL, 0, LOOK_MS);
	return waiting == 0;
}
