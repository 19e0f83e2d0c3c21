/* Echo requests from a node, each batch with its own nonce. */
#include "lab/ping.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/check.h"

#define UNREACHABLE_TYPE 3
#define PING_ID		 0x5241

static unsigned long long ping_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000ULL + ts.tv_nsec / 1000;
}

void lab_ping_nonce(uint8_t nonce[LAB_NONCE_LEN])
{
	CHECK(getrandom(nonce, LAB_NONCE_LEN, 0) == LAB_NONCE_LEN);
}

static struct sockaddr_in ping_address(const char *text)
{
	struct sockaddr_in sa = {.sin_family = AF_INET};

	inet_pton(AF_INET, text, &sa.sin_addr);
	return sa;
}

/* True when this was the answer to seq. Refusals are remembered on the way. */
static bool ping_take(struct lab_ping *p, const uint8_t *packet, size_t len, unsigned seq)
{
	struct lab_packet got = {0};

	if (!lab_packet_parse_ip(packet, len, &got))
		return false;
	if (got.icmp_type == UNREACHABLE_TYPE && !p->refused_by.af)
		p->refused_by = got.src;
	if (got.icmp_type || !got.nonce || memcmp(got.nonce, p->nonce, LAB_NONCE_LEN) != 0 ||
		got.icmp_seq != seq)
		return false;
	if (!p->answered++)
		p->answered_by = got.src;
	return true;
}

static void ping_wait(struct lab_ping *p, int fd, unsigned seq, unsigned timeout_ms)
{
	unsigned long long start = ping_now_us(), end = start + timeout_ms * 1000ULL;
	struct pollfd pf = {.fd = fd, .events = POLLIN};
	uint8_t packet[2048];

	for (unsigned long long now = start; now < end; now = ping_now_us()) {
		ssize_t n;

		if (poll(&pf, 1, (end - now) / 1000 + 1) <= 0)
			continue;
		n = recv(fd, packet, sizeof packet, 0);
		if (n <= 0 || !ping_take(p, packet, n, seq))
			continue;
		if (p->answered == 1)
			p->first_us = ping_now_us() - start;
		return;
	}
}

int lab_ping_run(
	struct lab_ping *p, const struct lab_run *r, const struct lab_step *s, unsigned timeout_ms)
{
	struct sockaddr_in from = ping_address(s->source), to = ping_address(s->to);
	int fd = lab_ns_socket(&r->base, &r->ns[s->from], AF_INET, SOCK_RAW, IPPROTO_ICMP);

	*p = (struct lab_ping){0};
	lab_ping_nonce(p->nonce);
	if (fd < 0)
		return fd;
	if (bind(fd, (struct sockaddr *)&from, sizeof from) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	for (unsigned seq = 1; seq <= s->count; seq++) {
		uint8_t echo[LAB_PACKET_MAX];
		size_t len = lab_packet_echo(echo, PING_ID, seq, p->nonce);

		if (sendto(fd, echo, len, 0, (struct sockaddr *)&to, sizeof to) == (ssize_t)len)
			p->sent++;
		ping_wait(p, fd, seq, timeout_ms);
	}
	close(fd);
	return p->sent ? 0 : -ENETUNREACH;
}
