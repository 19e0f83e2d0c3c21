/*
 * A customer who sends as fast as the router takes it: from a processor of its own, over a wire into user-mode Linux.
 *
 *   flood_send DIR COMMAND...
 *
 * COMMAND runs with one end of the wire as descriptor FLOOD_FD (for vec0:transport=fd,fd=17). Who wants a flood writes
 *   KIND MILLISECONDS MAC SRC DST LABEL
 * to a file and renames it to DIR/ask; after it DIR/told says "sent=N ms=N". MAC is the router's. Ends with COMMAND's status.
 *
 * Frames of 64 octets, 64 at a system call; what varies in a frame (source, port, identifier) varies in every one, and
 * checksums are right, so that nothing but what is meant stops it. Nothing is lost on the wire: it blocks while it is full.
 *
 *   label     a UDP packet from SRC to DST behind LABEL       syn      TCP SYN to port 179 of DST, any source
 *   own-syn   the same from SRC                               arp      ARP requests for DST from any address of its /16
 *   own-arp   the same from SRC                               udp      UDP from SRC to any port of DST
 *   icmp      echo requests from SRC to DST                   spoof    UDP to DST from any source
 *   scan      UDP from SRC to any address of DST's /16
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/check.h"

#define BATCH	  64
#define FRAME_LEN 64
#define BGP_PORT  179
#define TTL	  255 /* or GTSM would stop it */
#define FLOOD_FD  17
#define POLL_MS	  5

struct flood {
	uint8_t to[6], from[6];
	uint32_t src_be, dst_be;
	uint32_t label;
	uint64_t random;
	uint8_t frames[BATCH][FRAME_LEN];
};

static uint32_t flood_random(struct flood *f)
{
	f->random ^= f->random << 13;
	f->random ^= f->random >> 7;
	f->random ^= f->random << 17;
	return (uint32_t)(f->random >> 16);
}

/* A customer's idea of an address: of any network but 0, 127 and from 224 on. */
static uint32_t flood_any(struct flood *f)
{
	return htonl((1 + flood_random(f) % 126) << 24 | (flood_random(f) & 0xffffff));
}

static void put16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static uint32_t sum_of(const uint8_t *p, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)(p[i] << 8 | p[i + 1]);
	return sum;
}

static uint16_t checksum(uint32_t sum)
{
	sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t) ~(sum + (sum >> 16));
}

/* IPv4 header with the payload behind it, whose checksum (with pseudo header, or for ICMP without) stands at check. */
static void ip_put(
	struct flood *f, uint8_t *ip, size_t len, uint8_t proto, uint32_t src_be, unsigned check)
{
	uint8_t *payload = ip + 20;
	uint32_t pseudo;

	memset(ip, 0, 20);
	ip[0] = 0x45;
	put16(ip + 2, (uint16_t)len);
	put16(ip + 4, (uint16_t)flood_random(f));
	ip[8] = TTL;
	ip[9] = proto;
	memcpy(ip + 12, &src_be, 4);
	memcpy(ip + 16, &f->dst_be, 4);
	put16(ip + 10, checksum(sum_of(ip, 20)));
	pseudo = proto == IPPROTO_ICMP ? 0 : sum_of(ip + 12, 8) + proto + (uint32_t)(len - 20);
	put16(payload + check, 0);
	put16(payload + check, checksum(pseudo + sum_of(payload, len - 20)));
}

static void udp_put(struct flood *f, uint8_t *ip, size_t len, uint32_t src_be)
{
	uint8_t *udp = ip + 20;

	memset(udp, 0, len - 20);
	put16(udp, (uint16_t)(1024 + flood_random(f) % 60000));
	put16(udp + 2, (uint16_t)(1024 + flood_random(f) % 60000));
	put16(udp + 4, (uint16_t)(len - 20));
	ip_put(f, ip, len, IPPROTO_UDP, src_be, 6);
}

static void syn_put(struct flood *f, uint8_t *ip, uint32_t src_be)
{
	uint8_t *tcp = ip + 20;

	memset(tcp, 0, 20);
	put16(tcp, (uint16_t)(1024 + flood_random(f) % 60000));
	put16(tcp + 2, BGP_PORT);
	put16(tcp + 4, (uint16_t)flood_random(f));
	tcp[12] = 5 << 4;
	tcp[13] = 2; /* SYN */
	put16(tcp + 14, 8192);
	ip_put(f, ip, 40, IPPROTO_TCP, src_be, 16);
}

static uint16_t kind_label(struct flood *f, uint8_t *p)
{
	uint32_t entry = htonl(f->label << 12 | 1 << 8 | TTL);

	memcpy(p, &entry, 4);
	udp_put(f, p + 4, FRAME_LEN - 18, f->src_be);
	return ETH_P_MPLS_UC;
}

static uint16_t kind_syn(struct flood *f, uint8_t *p)
{
	syn_put(f, p, flood_any(f));
	return ETH_P_IP;
}

static uint16_t kind_own_syn(struct flood *f, uint8_t *p)
{
	syn_put(f, p, f->src_be);
	return ETH_P_IP;
}

static uint16_t arp_put(struct flood *f, uint8_t *p, uint32_t sender_be)
{
	static const uint8_t request[] = {0, 1, 8, 0, 6, 4, 0, 1};

	memset(p, 0, FRAME_LEN - ETH_HLEN);
	memcpy(p, request, sizeof(request));
	memcpy(p + 8, f->from, 6);
	memcpy(p + 14, &sender_be, 4);
	memcpy(p + 24, &f->dst_be, 4);
	return ETH_P_ARP;
}

/* A host of DST's /16; DST is its first. */
static uint32_t flood_near(struct flood *f)
{
	return (f->dst_be & htonl(0xffff0000)) | htonl(2 + flood_random(f) % 65532);
}

static uint16_t kind_arp(struct flood *f, uint8_t *p)
{
	return arp_put(f, p, flood_near(f));
}

static uint16_t kind_own_arp(struct flood *f, uint8_t *p)
{
	return arp_put(f, p, f->src_be);
}

static uint16_t kind_udp(struct flood *f, uint8_t *p)
{
	udp_put(f, p, FRAME_LEN - ETH_HLEN, f->src_be);
	return ETH_P_IP;
}

static uint16_t kind_icmp(struct flood *f, uint8_t *p)
{
	memset(p + 20, 0, FRAME_LEN - ETH_HLEN - 20);
	p[20] = 8;
	put16(p + 24, (uint16_t)flood_random(f));
	ip_put(f, p, FRAME_LEN - ETH_HLEN, IPPROTO_ICMP, f->src_be, 2);
	return ETH_P_IP;
}

static uint16_t kind_spoof(struct flood *f, uint8_t *p)
{
	udp_put(f, p, FRAME_LEN - ETH_HLEN, flood_any(f));
	return ETH_P_IP;
}

static uint16_t kind_scan(struct flood *f, uint8_t *p)
{
	uint32_t dst_be = f->dst_be;

	f->dst_be = flood_near(f);
	udp_put(f, p, FRAME_LEN - ETH_HLEN, f->src_be);
	f->dst_be = dst_be;
	return ETH_P_IP;
}

static const struct {
	const char *name;
	uint16_t (*put)(struct flood *f, uint8_t *p); /* behind the Ethernet header; its type */
} kinds[] = {
	{"label", kind_label},
	{"syn", kind_syn},
	{"own-syn", kind_own_syn},
	{"arp", kind_arp},
	{"own-arp", kind_own_arp},
	{"udp", kind_udp},
	{"icmp", kind_icmp},
	{"spoof", kind_spoof},
	{"scan", kind_scan},
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void wire_drain(int fd)
{
	uint8_t octets[64];

	while (recv(fd, octets, sizeof(octets), MSG_DONTWAIT | MSG_TRUNC) > 0)
		;
}

static void flood_run(struct flood *f, int fd, unsigned kind, unsigned ms, FILE *told)
{
	uint64_t begin = now_ns(), end = begin + (uint64_t)ms * 1000000, now, sent = 0;
	struct mmsghdr messages[BATCH] = {0};
	struct iovec parts[BATCH];

	for (unsigned i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){f->frames[i], FRAME_LEN};
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
		memcpy(f->frames[i], f->to, 6);
		memcpy(f->frames[i] + 6, f->from, 6);
	}
	while ((now = now_ns()) < end) {
		int n;

		for (unsigned i = 0; i < BATCH; i++)
			put16(f->frames[i] + 12, kinds[kind].put(f, f->frames[i] + ETH_HLEN));
		n = sendmmsg(fd, messages, BATCH, 0);
		sent += n > 0 ? (uint64_t)n : 0;
		wire_drain(fd);
	}
	fprintf(told, "sent=%llu ms=%llu\n", (unsigned long long)sent,
		(unsigned long long)((now - begin) / 1000000));
}

/* False: there is no such file yet, or it is not understood. */
static bool flood_asked(struct flood *f, const char *path, unsigned *kind, unsigned *ms)
{
	char name[16], src[16], dst[16];
	FILE *ask = fopen(path, "re");
	unsigned m[6];
	int n;

	if (!ask)
		return false;
	n = fscanf(ask, "%15s %u %x:%x:%x:%x:%x:%x %15s %15s %u", name, ms, m, m + 1, m + 2, m + 3,
		m + 4, m + 5, src, dst, &f->label);
	fclose(ask);
	unlink(path);
	if (n != 11 || inet_pton(AF_INET, src, &f->src_be) != 1 ||
		inet_pton(AF_INET, dst, &f->dst_be) != 1)
		return false;
	for (unsigned i = 0; i < 6; i++)
		f->to[i] = (uint8_t)m[i];
	for (*kind = 0; *kind < ARRAY_LEN(kinds); ++*kind)
		if (!strcmp(kinds[*kind].name, name))
			return true;
	return false;
}

static void flood_serve(int fd, const char *dir, pid_t child, int *status)
{
	static struct flood f = {
		.from = {2, 0, 0, 0, 0, 0x66}, .random = UINT64_C(0x9e3779b97f4a7c15)};
	char ask[200], making[200], told[200];
	unsigned kind, ms;

	snprintf(ask, sizeof(ask), "%s/ask", dir);
	snprintf(making, sizeof(making), "%s/making", dir);
	snprintf(told, sizeof(told), "%s/told", dir);
	while (waitpid(child, status, WNOHANG) == 0) {
		wire_drain(fd);
		poll(NULL, 0, POLL_MS);
		if (!flood_asked(&f, ask, &kind, &ms))
			continue;
		FILE *answer = fopen(making, "we");
		if (!answer)
			continue;
		flood_run(&f, fd, kind, ms, answer);
		if (fclose(answer) || rename(making, told))
			perror(told);
	}
}

int main(int argc, char **argv)
{
	struct timeval patience = {.tv_usec = 100000};
	int wire[2], status = 0;
	pid_t child;

	if (argc < 3) {
		fprintf(stderr, "usage: flood_send DIR COMMAND...\n");
		return 2;
	}
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, wire) < 0 ||
		setsockopt(wire[0], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0) {
		perror("flood_send");
		return 2;
	}
	child = fork();
	if (!child) {
		dup2(wire[1], FLOOD_FD);
		execv(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	close(wire[1]);
	flood_serve(wire[0], argv[1], child, &status);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}
