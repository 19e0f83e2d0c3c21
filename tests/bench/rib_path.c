/*
 * What several paths to one destination cost in the RIB: nanoseconds and (under callgrind) instructions a path.
 *
 *   rib_path ROUTES PATHS
 *
 * PATHS peers announce the same ROUTES VPN-IPv4 prefixes, messages of 32; then each best path is looked for again, then
 * all peers withdraw.
 *   valgrind --tool=callgrind --toggle-collect=bench_best rib_path 10000 10
 * and likewise bench_add, bench_del.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bgpd/rib/best.h"
#include "lib/check.h"
#include "lib/text.h"
#include "tests/support/route.h"

#define PATHS_MAX 100
#define MESSAGE	  32

struct bench {
	struct rib_table *t;
	struct rib_route route[PATHS_MAX]; /* by peer */
	uint32_t routes, paths;
};

/* CPU time: a busy machine does not make a path dearer. */
static uint64_t cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* The prefixes from `first` on, as many as a message holds. */
static unsigned message(const struct bench *b, uint32_t first, struct wire_nlri list[MESSAGE])
{
	unsigned n = 0;

	for (; n < MESSAGE && first + n < b->routes; n++) {
		uint32_t i = first + n;
		list[n] = test_nlri(UINT64_C(65000) << 32 | i % 100, i << 8, 24);
		list[n].label = 100000;
	}
	return n;
}

/* Not inlined: callgrind counts them by their names. */
__attribute__((noinline)) static void bench_add(
	struct bench *b, uint32_t peer, const struct wire_nlri *list, unsigned n)
{
	rib_table_add_many(b->t, list, n, &b->route[peer]);
}

__attribute__((noinline)) static void bench_del(
	struct bench *b, uint32_t peer, const struct wire_nlri *list, unsigned n)
{
	rib_table_del_many(b->t, list, n, &b->route[peer]);
}

__attribute__((noinline)) static unsigned bench_best(struct bench *b)
{
	unsigned found = 0;
	enum rib_step step;

	for (uint32_t d = rib_table_next(b->t, 0); d; d = rib_table_next(b->t, d))
		found += rib_best_find(b->t, d, &step) != NULL;
	return found;
}

/* Peers equal to the last but one step: the longest way. */
static void bench_init(struct bench *b, struct rib_store *st)
{
	struct test_attrs a;

	test_attrs_init(&a, 0x0aff0003u, (uint32_t[]){65101, 64512, 7}, 3);
	test_attrs_local_pref(&a, 100);
	b->t = rib_table_new(st, WIRE_VPNV4, RIB_VRF_CORE);
	for (uint32_t i = 0; i < b->paths; i++)
		b->route[i] = (struct rib_route){.attrs = rib_store_get_attrs(st, &a.a),
			.source = test_peer(st, RIB_VRF_CORE, 1 + i, 1 + i, false)};
}

typedef void phase_fn(struct bench *b, uint32_t peer, const struct wire_nlri *list, unsigned n);

static double phase(struct bench *b, phase_fn *say)
{
	struct wire_nlri list[MESSAGE];
	uint64_t begin = cpu_ns();

	for (uint32_t i = 0; i < b->routes; i += MESSAGE) {
		unsigned n = message(b, i, list);
		for (uint32_t peer = 0; peer < b->paths; peer++)
			say(b, peer, list, n);
		test_settle(b->t->store);
	}
	return (double)(cpu_ns() - begin) / b->routes / b->paths;
}

int main(int argc, char **argv)
{
	uint64_t routes = 0, paths = 0;
	struct bench b = {0};

	if (argc != 3 || !text_parse_u64(argv[1], 16000000, &routes) || routes == 0 ||
		!text_parse_u64(argv[2], PATHS_MAX, &paths) || paths == 0) {
		fprintf(stderr, "usage: rib_path ROUTES PATHS\n");
		return 2;
	}
	struct rib_store *st = rib_store_new(1);
	b.routes = (uint32_t)routes;
	b.paths = (uint32_t)paths;
	bench_init(&b, st);
	double add = phase(&b, bench_add);
	uint64_t begin = cpu_ns();
	CHECK(bench_best(&b) == routes);
	double best = (double)(cpu_ns() - begin) / (double)(routes * paths);
	double del = phase(&b, bench_del);
	printf("%" PRIu64 " routes of %" PRIu64
	       " peers: add and decide %.1f ns, best path %.1f ns, "
	       "withdraw and decide %.1f ns a path\n",
		routes, paths, add, best, del);
	for (uint32_t i = 0; i < b.paths; i++)
		rib_store_unref_attrs(st, b.route[i].attrs);
	rib_store_free(st);
	return 0;
}
