#include "tests/bench/flood_echo.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ECHO_REQUEST 8
#define ECHO_LEN     64

static struct sockaddr_in address_of(const struct ip_addr *a)
{
	struct sockaddr_in in = {.sin_family = AF_INET};

	memcpy(&in.sin_addr, a->o, 4);
	return in;
}

/* Raw, for the identifier of a ping socket is the kernel's; connected, so that only answers from there come. */
bool flood_echo_open(struct flood_echo *e, const struct ip_addr *from, const struct ip_addr *to)
{
	struct sockaddr_in at = address_of(from), there = address_of(to);

	*e = (struct flood_echo){.to = *to};
	e->fd = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMP);
	return e->fd >= 0 && bind(e->fd, (struct sockaddr *)&at, sizeof(at)) == 0 &&
	       connect(e->fd, (struct sockaddr *)&there, sizeof(there)) == 0;
}

void flood_echo_begin(struct flood_echo *e)
{
	memset(e->asked_ms, 0, sizeof(e->asked_ms));
	e->sent = e->answered = 0;
	e->worst_ms = e->at_ms = 0;
}

static uint16_t checksum(const uint8_t *p, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)(p[i] << 8 | p[i + 1]);
	sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t) ~(sum + (sum >> 16));
}

void flood_echo_due(struct flood_echo *e, uint64_t now_ms)
{
	uint8_t packet[ECHO_LEN] = {ECHO_REQUEST};
	uint16_t sum;

	if (now_ms - e->at_ms < FLOOD_ECHO_MS)
		return;
	packet[6] = (uint8_t)(e->seq >> 8);
	packet[7] = (uint8_t)e->seq;
	sum = checksum(packet, sizeof(packet));
	packet[2] = (uint8_t)(sum >> 8);
	packet[3] = (uint8_t)sum;
	e->at_ms = now_ms;
	e->asked_ms[e->seq++ % FLOOD_ECHO_MAX] = now_ms;
	e->sent++;
	/* what has no room in our own kernel is lost as well */
	if (send(e->fd, packet, sizeof(packet), 0) < 0)
		e->asked_ms[(uint16_t)(e->seq - 1) % FLOOD_ECHO_MAX] = 0;
}

void flood_echo_read(struct flood_echo *e, uint64_t now_ms)
{
	uint8_t p[256];
	ssize_t n;

	while ((n = recv(e->fd, p, sizeof(p), 0)) > 0) {
		size_t header = (size_t)(p[0] & 15) * 4;
		uint64_t *asked;

		if ((size_t)n < header + 8 || p[header] != 0)
			continue;
		asked = &e->asked_ms[(p[header + 6] << 8 | p[header + 7]) % FLOOD_ECHO_MAX];
		if (!*asked || now_ms - *asked > FLOOD_ECHO_LATE_MS)
			continue;
		if (now_ms - *asked > e->worst_ms)
			e->worst_ms = now_ms - *asked;
		e->answered++;
		*asked = 0;
	}
}
