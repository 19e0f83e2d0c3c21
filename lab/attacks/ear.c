#include "lab/attacks/ear.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/attacks/reading.h"
#include "lab/link.h"

#define POLL_MS	 5
#define COUNT_MS 25
#define OCTETS	 2048
#define BUFFER	 (1 << 20)

static int ear_bind(int fd, const struct ear_conf *c)
{
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(c->port)};
	struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(c->port)};
	int on = 1, room = BUFFER;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
	if (c->dev && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, c->dev, strlen(c->dev)))
		return -errno;
	if (!c->port)
		return 0;
	if (c->family == AF_INET6)
		return bind(fd, (struct sockaddr *)&six, sizeof six) ? -errno : 0;
	return bind(fd, (struct sockaddr *)&four, sizeof four) ? -errno : 0;
}

static int ear_join(int fd, struct attack_stage *st, int node, const struct ear_conf *c)
{
	struct ip_mreqn m = {0};
	uint8_t mac[6];
	int err = lab_link_find(&st->run->base, &st->run->ns[node], c->at, &m.imr_ifindex, mac);

	if (err || inet_pton(AF_INET, c->group, &m.imr_multiaddr) != 1)
		return err ? err : -EINVAL;
	return setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof m) ? -errno : 0;
}

int ear_open(struct ear *e, struct attack_stage *st, const char *node, const struct ear_conf *c)
{
	int n = lab_topo_find(&st->run->topo, node), fd, err;

	if (n < 0 || e->n == EAR_SOCKETS_MAX)
		return n < 0 ? -ENOENT : -ENOSPC;
	fd = lab_ns_socket(&st->run->base, &st->run->ns[n], c->family ? c->family : AF_INET,
		c->type | SOCK_NONBLOCK, c->protocol);
	if (fd < 0)
		return fd;
	e->fd[e->n++] = fd;
	err = ear_bind(fd, c);
	return err || !c->group ? err : ear_join(fd, st, n, c);
}

void ear_close(struct ear *e)
{
	while (e->n)
		close(e->fd[--e->n]);
}

static int ear_number(struct attack_stage *st, const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i + LAB_NONCE_LEN + 2 <= len; i++)
		if (!memcmp(octets + i, st->nonce, LAB_NONCE_LEN))
			return octets[i + LAB_NONCE_LEN] << 8 | octets[i + LAB_NONCE_LEN + 1];
	return -1;
}

static void ear_drain(struct ear *e, struct attack_stage *st, ear_match_fn *match, void *arg)
{
	uint8_t octets[OCTETS];
	ssize_t len;

	for (unsigned i = 0; i < e->n; i++) {
		while ((len = recv(e->fd[i], octets, sizeof octets, MSG_DONTWAIT)) >= 0) {
			int k = match ? match(octets, (size_t)len, arg)
				      : ear_number(st, octets, (size_t)len);

			if (k < 0 || k >= EAR_STIMULI_MAX || e->seen[k / 64] >> k % 64 & 1)
				continue;
			e->seen[k / 64] |= 1ull << k % 64;
			e->heard++;
		}
	}
}

unsigned ear_heard(struct ear *e, struct attack_stage *st, unsigned want, unsigned ms,
	ear_match_fn *match, void *arg)
{
	unsigned long long now = lab_now_ms(), end = now + ms, count = now + COUNT_MS;

	ear_drain(e, st, match, arg);
	for (; e->heard < want && now < end; now = lab_now_ms()) {
		poll(NULL, 0, POLL_MS);
		ear_drain(e, st, match, arg);
		if (now < count || st->pe != ATTACK_PE_RAVELIN)
			continue;
		if (attack_readings_done(st, st->attack, st->frames))
			break;
		count = lab_now_ms() + COUNT_MS;
	}
	ear_drain(e, st, match, arg);
	return e->heard;
}
