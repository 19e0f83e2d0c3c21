/*
 * What the output of a route costs: octets, nanoseconds and (under callgrind) instructions a prefix, for one update group.
 *
 *   out_cost ROUTES [MEMBERS [ebgp|vpnv4]]
 *
 * Announces ROUTES prefixes as the router does, in slices of 512 between two looks at the sockets, changes all their attributes, walks the table for one
 * more member, and withdraws; 7 prefixes to a set of attributes. Counted are the calls into out alone:
 *   valgrind --tool=callgrind --toggle-collect=bench_out_change --toggle-collect=bench_out_work out_cost 100000
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bgpd/out/group.h"
#include "lib/text.h"
#include "tests/support/route.h"

#define SLICE	 512
#define TURN	 4096 /* what a router reads before it works */
#define PER_SET	 7
#define NEXT_HOP 0x0aff0003u

struct bench {
	struct rib_store *st;
	struct rib_table *t;
	struct out_set set;
	uint32_t routes, receivers;
	uint64_t begin, octets, blocks; /* of the phase */
};

/* CPU time: a busy machine does not make a prefix dearer. */
static uint64_t cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static void emit(void *arg, uint32_t peer, struct out_block *block)
{
	struct bench *b = arg;

	(void)peer;
	b->octets += block->len;
	b->blocks++;
}

__attribute__((noinline)) static void bench_out_change(struct bench *b, const struct rib_change *c)
{
	out_set_change(&b->set, c, emit, b);
}

__attribute__((noinline)) static bool bench_out_work(struct bench *b)
{
	unsigned budget = SLICE;

	return out_set_work(&b->set, &budget, emit, b);
}

static bool slice(struct bench *b)
{
	unsigned budget = SLICE;
	struct rib_change c;

	rib_store_work(b->st, &budget);
	while (rib_change_next(b->st, &budget, &c)) {
		bench_out_change(b, &c);
		rib_change_done(b->st, &c);
	}
	return bench_out_work(b) || rib_store_has_work(b->st);
}

static void phase_end(struct bench *b, const char *name)
{
	while (slice(b))
		;
	uint64_t now = cpu_ns();
	printf("  %-9s %6.1f octets a route and receiver in %6" PRIu64
	       " blocks, %5.0f ns with the RIB's part\n",
		name, (double)b->octets / b->receivers / b->routes, b->blocks / b->receivers,
		(double)(now - b->begin) / b->routes);
	b->octets = b->blocks = 0;
	b->begin = cpu_ns();
}

static void announce(struct bench *b, uint16_t source, uint32_t generation)
{
	for (uint32_t i = 0; i < b->routes; i++) {
		uint32_t set = i / PER_SET;
		uint32_t as[4] = {65101, 64512 + set % 500, 64512 + set, 7 + generation};
		struct wire_nlri n =
			test_nlri(b->t->family == WIRE_VPNV4 ? UINT64_C(65000) << 32 | i >> 12 : 0,
				i << 8, 24);
		struct test_attrs a;
		test_attrs_init(&a, NEXT_HOP, as, 4);
		test_attrs_community(&a, 65101u << 16 | set % 100);
		if (b->t->family == WIRE_VPNV4)
			test_attrs_ext(&a, test_rt(101 + set % 50));
		test_announce(b->t, &n, source, &a.a,
			b->t->family == WIRE_VPNV4 ? 1000 : WIRE_LABEL_NONE);
		if (i % TURN == TURN - 1)
			slice(b);
	}
}

static void withdraw(struct bench *b, uint16_t source)
{
	for (uint32_t i = 0; i < b->routes; i++) {
		struct wire_nlri n =
			test_nlri(b->t->family == WIRE_VPNV4 ? UINT64_C(65000) << 32 | i >> 12 : 0,
				i << 8, 24);
		test_withdraw(b->t, &n, source);
		if (i % TURN == TURN - 1)
			slice(b);
	}
}

static void join(struct bench *b, const struct out_view *v, uint32_t peer)
{
	out_set_join(&b->set, b->t, v, peer,
		test_peer(b->st, v->to.vrf, peer + 2, peer + 2, v->to.ebgp));
}

int main(int argc, char **argv)
{
	uint64_t routes = 0, members = 1;
	bool vpn = argc > 3 && strcmp(argv[3], "vpnv4") == 0;
	struct bench b = {0};

	if (argc < 2 || !text_parse_u64(argv[1], 8000000, &routes) || !routes ||
		(argc > 2 && !text_parse_u64(argv[2], 1000, &members))) {
		fprintf(stderr, "usage: out_cost ROUTES [MEMBERS [ebgp|vpnv4]]\n");
		return 2;
	}
	struct wire_ctx ctx = {.as4 = true, .ebgp = !vpn, .msg_max = 4096, .local_as = 65000};
	uint16_t vrf = RIB_VRF_CORE;
	enum wire_family f = vpn ? WIRE_VPNV4 : WIRE_IPV4_UNICAST;
	struct pol_receiver to = pol_receiver_of(f, vrf, &ctx, ip_addr_v4(0x0a000001));
	struct out_view v = out_view_of(f, &ctx, &to);
	b.st = rib_store_new(1);
	b.t = rib_table_new(b.st, f, vrf);
	b.routes = (uint32_t)routes;
	out_set_init(&b.set, b.st);
	/* of another AS: what iBGP neighbours said is not told to iBGP neighbours */
	uint16_t source = test_peer(b.st, vrf, 1, 1, true);
	for (uint32_t i = 0; i < members; i++)
		join(&b, &v, i);
	printf("%s: %" PRIu64 " routes, %" PRIu64 " members\n", vpn ? "vpnv4" : "ebgp", routes,
		members);
	while (slice(&b))
		;
	b.receivers = (uint32_t)members;
	b.octets = b.blocks = 0;
	b.begin = cpu_ns();
	announce(&b, source, 0);
	phase_end(&b, "announce");
	announce(&b, source, 1);
	phase_end(&b, "churn");
	join(&b, &v, (uint32_t)members);
	b.receivers = 1;
	phase_end(&b, "late");
	b.receivers = (uint32_t)members + 1;
	withdraw(&b, source);
	phase_end(&b, "withdraw");
	out_set_fini(&b.set);
	rib_store_free(b.st);
	return 0;
}
