/*
 * The other end of a BGP session's TCP, as far as the first three segments.
 *
 *   tcp_try connect ADDR [-k KEY] [-t TTL] [-l LOCAL]    exit 0: connected within a second
 *   tcp_try listen ADDR [-k KEY -p PEER] [-t TTL]        prints the TTL of what it accepts
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mplsfwd/md5.h"

struct wish {
	struct ip_addr addr, local, peer;
	const char *key;
	int ttl;
};

static int parse(int argc, char **argv, struct wish *w)
{
	int c;

	while ((c = getopt(argc, argv, "k:t:l:p:")) != -1) {
		if (c == 'k')
			w->key = optarg;
		else if (c == 't')
			w->ttl = atoi(optarg);
		else if (!ip_addr_parse(optarg, c == 'l' ? &w->local : &w->peer))
			return -1;
	}
	return optind < argc && ip_addr_parse(argv[optind], &w->addr) ? 0 : -1;
}

static struct sockaddr_in sockaddr_of(const struct ip_addr *a, uint16_t port)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};

	memcpy(&in.sin_addr, a->o, 4);
	return in;
}

static int try_connect(int fd, const struct wish *w)
{
	struct sockaddr_in to = sockaddr_of(&w->addr, 179), from = sockaddr_of(&w->local, 0);
	int err = 0;
	socklen_t len = sizeof(err);

	if (w->local.af && bind(fd, (struct sockaddr *)&from, sizeof(from)))
		return 1;
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) && errno != EINPROGRESS)
		return 1;
	if (poll(&(struct pollfd){fd, POLLOUT, 0}, 1, 1000) != 1)
		return 1;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
	return err != 0;
}

/* Whether the peer sends with TTL 255. */
static void ttl_print(int fd)
{
	int min = 255;

	/* with less its FIN, which follows at once, would not pass this minimum */
	setsockopt(fd, IPPROTO_IP, IP_MINTTL, &min, sizeof(min));
	char c;
	bool closed = poll(&(struct pollfd){fd, POLLIN, 0}, 1, 1000) == 1 && read(fd, &c, 1) == 0;
	printf("accepted ttl=%s\n", closed ? "255" : "less");
}

static int try_listen(int fd, const struct wish *w)
{
	struct sockaddr_in at = sockaddr_of(&w->addr, 179);
	int one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, 4))
		return 1;
	printf("listening\n");
	for (;;) {
		poll(&(struct pollfd){fd, POLLIN, 0}, 1, -1);
		int c = accept(fd, NULL, NULL);
		if (c >= 0) {
			ttl_print(c);
			close(c);
		}
	}
}

int main(int argc, char **argv)
{
	struct wish w = {0};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 3 || fd < 0 || parse(argc - 1, argv + 1, &w))
		return 2;
	if (w.ttl && setsockopt(fd, IPPROTO_IP, IP_TTL, &w.ttl, sizeof(w.ttl)))
		return 2;
	const struct ip_addr *peer = w.peer.af ? &w.peer : &w.addr;
	struct ip_prefix who = {*peer, ip_af_bits(peer->af)};

	if (w.key && fwd_md5_set(fd, &who, 0, (const uint8_t *)w.key, (uint8_t)strlen(w.key)))
		return 2;
	return strcmp(argv[1], "listen") ? try_connect(fd, &w) : try_listen(fd, &w);
}
