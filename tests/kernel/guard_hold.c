/*
 * Holds the guard of one device, for tests/kernel/guard_load.sh: orders on standard input, an answer in one line to each.
 *
 *   guard_hold DEVICE XDP_MODE          orders: attach, check, replace N, gap N, count, open, close, detach
 *   guard_hold flood DEVICE             labelled frames into it until it is killed
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "acl/load.h"
#include "lib/check.h"

struct held {
	struct acl_loader *loader;
	struct acl_prog *prog;
	struct acl_consts consts;
	enum acl_xdp_mode mode;
	uint32_t ifindex;
};

__attribute__((noreturn)) static void flood(const char *device)
{
	static const uint8_t frame[64] = {
		2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0x47, 0, 0x10, 1, 0x40};
	struct sockaddr_ll to = {.sll_family = AF_PACKET,
		.sll_ifindex = (int)if_nametoindex(device),
		.sll_halen = 6};
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	for (;;)
		sendto(fd, frame, sizeof(frame), 0, (struct sockaddr *)&to, sizeof(to));
}

static int attach(struct held *h)
{
	enum acl_xdp_mode xdp;

	return acl_prog_attach(h->prog, h->ifindex, h->mode, &xdp);
}

/* The next program takes the place of the last; gap: with nothing there in between. Each time the others may run. */
static int replace(struct held *h, bool gap)
{
	struct acl_prog *next;
	int r = acl_prog_load(h->loader, &h->consts, h->prog, &next);

	if (r)
		return r;
	sched_yield();
	if (gap)
		acl_prog_detach(h->prog, h->ifindex);
	sched_yield();
	acl_prog_free(h->prog);
	h->prog = next;
	return attach(h);
}

static void count_print(const struct held *h)
{
	uint64_t n[ACL_REASONS_MAX];

	acl_prog_counters(h->prog, n);
	printf("pass %llu labelled %llu closed %llu open %d\n", (unsigned long long)n[ACL_PASS],
		(unsigned long long)n[ACL_MPLS_NOT_ENABLED],
		(unsigned long long)n[ACL_PORT_NOT_BOUND], acl_prog_is_open(h->prog));
}

static void obey(struct held *h, const char *order, unsigned n)
{
	int r = 0;

	if (!strcmp(order, "check")) {
		puts(acl_standing_name(acl_prog_check(h->prog)));
		return;
	}
	if (!strcmp(order, "count")) {
		count_print(h);
		return;
	}
	if (!strcmp(order, "attach"))
		r = attach(h);
	else if (!strcmp(order, "detach"))
		r = acl_prog_detach(h->prog, h->ifindex);
	else if (!strcmp(order, "open") || !strcmp(order, "close"))
		acl_prog_open(h->prog, !strcmp(order, "open"));
	else
		for (unsigned i = 0; i < n && !r; i++)
			r = replace(h, !strcmp(order, "gap"));
	puts(r ? strerror(-r) : "ok");
}

int main(int argc, char **argv)
{
	struct held h = {.consts = {.role = ACL_ROLE_ACCESS}};
	char order[32];
	unsigned n;

	if (argc != 3)
		return 2;
	if (!strcmp(argv[1], "flood"))
		flood(argv[2]);
	h.ifindex = h.consts.ifindex = if_nametoindex(argv[1]);
	h.mode = (enum acl_xdp_mode)atoi(argv[2]);
	int r = acl_loader_new(&h.loader);
	if (!r)
		r = acl_prog_load(h.loader, &h.consts, NULL, &h.prog);
	printf("%s\n", r ? strerror(-r) : "loaded");
	if (r)
		return 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	fflush(stdout);
	char line[64];
	while (fgets(line, sizeof(line), stdin)) {
		n = 0;
		if (sscanf(line, "%31s %u", order, &n) >= 1)
			obey(&h, order, n);
	}
	acl_prog_free(h.prog);
	acl_loader_free(h.loader);
	return 0;
}
