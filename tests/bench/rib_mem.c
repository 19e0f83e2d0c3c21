/*
 * What a VPN-IPv4 route costs in the RIB: octets, nanoseconds and (under callgrind) instructions.
 *
 *   rib_mem ROUTES [PREFIXES_PER_ATTRIBUTE_SET]
 *
 * Announces ROUTES prefixes as a peer would send them, decides them all, and prints what is held, by pool and as the
 * kernel sees it. The instruction count per announce is that of bench_announce() and what it calls:
 *   valgrind --tool=callgrind --toggle-collect=bench_announce rib_mem 100000
 * and likewise bench_decide (which counts the decisions when the session is lost, too)
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lib/text.h"
#include "tests/support/route.h"

#define NEXT_HOP 0x0aff0003u

/* CPU time: a busy machine does not make a route dearer. */
static uint64_t cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static uint64_t resident_octets(const char *field)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];
	uint64_t kib = 0;

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, field, strlen(field)) == 0)
			kib = strtoull(line + strlen(field), NULL, 10);
	if (f)
		fclose(f);
	return kib * 1024;
}

/* One UPDATE's worth: a set of attributes and the prefixes that share it. */
__attribute__((noinline)) static void bench_announce(struct rib_table *t, uint16_t source,
	const struct wire_attrs *a, const struct wire_nlri *list, uint32_t n)
{
	struct rib_route r = {.source = source};

	r.attrs = rib_store_get_attrs(t->store, a);
	rib_table_add_many(t, list, n, &r);
	rib_store_unref_attrs(t->store, r.attrs);
}

__attribute__((noinline)) static void bench_decide(struct rib_store *st)
{
	test_settle(st);
}

static void announce_all(struct rib_table *t, uint16_t source, uint32_t routes, uint32_t per_set)
{
	struct wire_nlri *list = calloc(per_set, sizeof(*list));

	for (uint32_t i = 0; list && i < routes; i += per_set) {
		uint32_t n = routes - i < per_set ? routes - i : per_set;
		uint32_t as[4] = {65101, 64512 + i / per_set % 500, 64512 + i / per_set, 7};
		struct test_attrs a;
		test_attrs_init(&a, NEXT_HOP, as, 4);
		test_attrs_local_pref(&a, 100);
		test_attrs_ext(&a, test_rt(101 + i % 50));
		for (uint32_t k = 0; k < n; k++) {
			list[k] =
				test_nlri(UINT64_C(65000) << 32 | (i + k) % 100, (i + k) << 8, 24);
			list[k].label = 100000;
		}
		bench_announce(t, source, &a.a, list, n);
		if (t->store->changes.n > 4096)
			bench_decide(t->store);
	}
	bench_decide(t->store);
	free(list);
}

static void print_pools(const struct rib_store *st, uint32_t routes)
{
	struct pool lines[RIB_STORE_POOLS];
	double sum = 0;

	rib_store_memory(st, lines);
	for (unsigned i = 0; i < RIB_STORE_POOLS; i++) {
		printf("  %-16s %9u live  %6.1f octets a route\n", lines[i].name, lines[i].live,
			(double)lines[i].slab_octets / routes);
		sum += (double)lines[i].slab_octets;
	}
	printf("  %-16s %15s %6.1f octets a route\n", "pools together", "", sum / routes);
}

int main(int argc, char **argv)
{
	uint64_t routes = 0, per_set = 7;

	if (argc < 2 || !text_parse_u64(argv[1], 16000000, &routes) || routes == 0 ||
		(argc > 2 && (!text_parse_u64(argv[2], 1000000, &per_set) || per_set == 0))) {
		fprintf(stderr, "usage: rib_mem ROUTES [PREFIXES_PER_ATTRIBUTE_SET]\n");
		return 2;
	}
	struct rib_store *st = rib_store_new(1);
	struct rib_table *t = rib_table_new(st, WIRE_VPNV4, RIB_VRF_CORE);
	uint16_t source = test_peer(st, RIB_VRF_CORE, 1, 1, false);
	uint64_t idle = resident_octets("VmRSS:");

	uint64_t begin = cpu_ns();
	announce_all(t, source, (uint32_t)routes, (uint32_t)per_set);
	uint64_t announced = cpu_ns();
	uint64_t rss = resident_octets("VmRSS:"), peak = resident_octets("VmHWM:");
	printf("%" PRIu64 " routes, %" PRIu64 " to a set of attributes\n", routes, per_set);
	print_pools(st, (uint32_t)routes);
	printf("  %-16s %15s %6.1f octets a route (peak %.1f)\n", "resident", "",
		(double)(rss - idle) / (double)routes, (double)(peak - idle) / (double)routes);
	rib_source_down(st, source);
	while (rib_store_has_work(st)) {
		unsigned budget = 4096;
		rib_store_work(st, &budget);
		bench_decide(st);
	}
	printf("  announce and decide %.0f ns, lose the session %.0f ns a route\n",
		(double)(announced - begin) / (double)routes,
		(double)(cpu_ns() - announced) / (double)routes);
	rib_store_free(st);
	return 0;
}
