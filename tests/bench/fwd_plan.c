/*
 * What a VPN route costs the forwarding process between bgpd's datagram and the kernel: octets, nanoseconds and
 * (under callgrind) instructions, from FIB_ROUTE_ADD to the netlink octets and the kernel's answer.
 *
 *   fwd_plan ROUTES [PREFIXES_PER_LABEL]
 *
 * The instruction count of an add is that of bench_adds() and what it calls, of a next hop's change that of
 * bench_reroute():  valgrind --tool=callgrind --toggle-collect='bench_adds*' fwd_plan 100000
 */
#include <inttypes.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lib/check.h"
#include "lib/text.h"
#include "mplsfwd/nlroute.h"

#define BATCH	 128 /* operations a sendmsg, as in be_nl.h */
#define PE2	 0x0aff0003u
#define PER_DATA 512 /* records a datagram */

/* CPU time: a busy machine does not make a route dearer. */
static uint64_t cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* Plans, writes the netlink octets, and takes every operation for done. */
static unsigned plan_run(struct fwd_lfib *l, uint64_t *octets)
{
	static uint8_t out[BATCH * FWD_NL_OP_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct fwd_op ops[BATCH];
	unsigned total = 0, n;

	while ((n = fwd_plan_next(l, ops, BATCH))) {
		struct wbuf w = wbuf_of(out, sizeof(out));
		for (unsigned i = 0; i < n; i++)
			fwd_nl_put_op(&w, &ops[i], total + i, 0);
		CHECK(wbuf_ok(&w));
		for (unsigned i = 0; i < n; i++)
			fwd_plan_result(l, &ops[i], 0);
		*octets += w.len;
		total += n;
	}
	return total;
}

static size_t datagram_make(uint8_t *out, unsigned from, unsigned n, unsigned per_label)
{
	struct wbuf w = wbuf_of(out, FIB_DGRAM_MAX);

	for (unsigned i = from; i < from + n; i++) {
		struct fib_msg m = {.type = FIB_ROUTE_ADD,
			.prefix = {.addr = ip_addr_v4(0x0b000000u + (i << 4)), .len = 28},
			.route = {.kind = FIB_ROUTE_VPN,
				.next_hop = ip_addr_v4(PE2),
				.label = 16 + i / per_label}};
		fib_msg_put(&w, &m);
	}
	CHECK(wbuf_ok(&w));
	return w.len;
}

/* Not inlined: callgrind counts it by its name. */
__attribute__((noinline)) static void bench_adds(
	struct fwd_lfib *l, const uint8_t *datagram, size_t len, unsigned *ops, uint64_t *octets)
{
	struct rbuf r = rbuf_of(datagram, len);
	struct fib_msg m;

	while (fib_msg_get(&r, &m))
		CHECK(!fwd_lfib_apply(l, &m));
	*ops += plan_run(l, octets);
}

__attribute__((noinline)) static unsigned bench_reroute(struct fwd_lfib *l, uint32_t label)
{
	struct ip_addr pe2 = ip_addr_v4(PE2);
	struct fwd_path path = {
		.oif = 7, .gateway = ip_addr_v4(0x0a000002), .n_labels = 1, .labels = {label}};
	uint64_t octets = 0;

	fwd_lfib_nexthop_set(l, &pe2, &path, 10);
	return plan_run(l, &octets);
}

int main(int argc, char **argv)
{
	struct conf_vrf vrf = {.name = "vrf-a", .table = 1001};
	struct conf conf = {.label_min = 100000, .label_max = 100999, .vrfs = &vrf, .n_vrfs = 1};
	uint64_t routes = 100000, per_label = 100, octets = 0, adds_ns = 0, at;
	static uint8_t datagram[FIB_DGRAM_MAX];
	struct fwd_lfib l;
	unsigned ops = 0;

	if ((argc > 1 && !text_parse_u64(argv[1], 4000000, &routes)) ||
		(argc > 2 && !text_parse_u64(argv[2], 4000000, &per_label)) || !routes ||
		!per_label)
		return 2;
	fwd_lfib_init(&l, &conf, 1);
	fwd_lfib_apply(&l, &(struct fib_msg){.type = FIB_NEXTHOP_TRACK, .addr = ip_addr_v4(PE2)});
	bench_reroute(&l, 17);
	for (unsigned i = 0; i < routes; i += PER_DATA) {
		unsigned n = routes - i < PER_DATA ? (unsigned)routes - i : PER_DATA;
		size_t len = datagram_make(datagram, i, n, (unsigned)per_label);
		at = cpu_ns();
		bench_adds(&l, datagram, len, &ops, &octets);
		adds_ns += cpu_ns() - at;
	}
	at = cpu_ns();
	unsigned reroute = bench_reroute(&l, 18);
	uint64_t reroute_ns = cpu_ns() - at;
	printf("%" PRIu64 " routes, %u operations, %" PRIu64 " netlink octets a route\n", routes,
		ops, octets / routes);
	printf("add: %" PRIu64 " ns a route; held: %zu octets a route\n", adds_ns / routes,
		(fwd_table_octets(&l.routes) + fwd_table_octets(&l.pairs)) / (size_t)routes);
	printf("the core's route changes: %u operations, %" PRIu64 " us\n", reroute,
		reroute_ns / 1000);
	fwd_lfib_fini(&l);
	return 0;
}
