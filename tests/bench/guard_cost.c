/*
 * What the guard's programs cost a packet on this machine's kernel, above a program that does nothing: BPF_PROG_TEST_RUN, many
 * short runs, program and no-op in turn, so that a busy machine makes both slower; CPU time of the thread, medians of
 * the differences. And what loading a port costs.
 *
 *   guard_cost [ROUNDS]        exit status 3: no eBPF for us here
 */
#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "acl/load.h"
#include "lib/check.h"
#include "lib/text.h"

#define REPEAT	   20000
#define ROUNDS_MAX 2000
#define LOADS	   30

enum case_id { DROP, PERMIT, BGP, RULES, CASES };
struct bench_case {
	const char *name;
	struct acl_consts consts;
	uint8_t frame[64];
	struct acl_prog *prog;
	enum acl_reason expect;
	double tc[ROUNDS_MAX], xdp[ROUNDS_MAX]; /* above the no-op of the same round */
	unsigned target;
};

static int order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double part(double *v, unsigned n, unsigned percent)
{
	qsort(v, n, sizeof(*v), order);
	return v[n * percent / 100];
}

static double clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double run(int fd, const uint8_t frame[64])
{
	LIBBPF_OPTS(bpf_test_run_opts, o, .data_in = frame, .data_size_in = 64, .repeat = REPEAT);
	double at = clock_ns(CLOCK_THREAD_CPUTIME_ID);

	CHECK(!bpf_prog_test_run_opts(fd, &o));
	return (clock_ns(CLOCK_THREAD_CPUTIME_ID) - at) / REPEAT;
}

/* A customer: BGP from its router with GTSM, 100 prefixes behind it, 4 of the provider's not for it. */
static void consts_customer(struct acl_consts *c)
{
	*c = (struct acl_consts){.role = ACL_ROLE_ACCESS,
		.source = ACL_SOURCE_STRICT,
		.mac = {2, 0, 0, 0, 0, 1},
		.n_services = 1,
		.services = {{.src_be = __builtin_bswap32(0xc0a80102),
			.src_mask_be = 0xffffffff,
			.proto = 6,
			.min_ttl = 255,
			.port = 179}},
		.police = {[ACL_BUCKET_CTRL] = {1, 1000000000}, /* never empty, and counted */
			[ACL_BUCKET_ARP] = {20000000, 1000000000},
			[ACL_BUCKET_ICMP] = {10000000, 200000000},
			[ACL_BUCKET_FLOW] = {50000000, 1000000000},
			[ACL_BUCKET_SAMPLE] = {100000000, 1900000000}}};
}

static void consts_rules(struct acl_consts *c)
{
	c->n_rules = 16;
	for (unsigned i = 0; i < 16; i++) /* TCP ports from a network: no packet of ours */
		c->rules[i] = (struct acl_rule){.src_be = __builtin_bswap32(0x0a000000),
			.src_mask_be = __builtin_bswap32(0xff000000),
			.proto = 6,
			.proto_mask = 255,
			.sport_hi = 65535,
			.dport_lo = (uint16_t)(100 + i),
			.dport_hi = (uint16_t)(100 + i),
			.ttl_hi = 255,
			.len_hi = 65535,
			.flags = ACL_RULE_PORTS,
			.id = (uint16_t)i};
}

static const uint8_t labelled[64] = {
	2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0x47, 0, 0x10, 1, 0x40, 0x45};
static const uint8_t udp[64] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 46, 0, 0, 0,
	0, 64, 17, 0, 0, 10, 1, 37, 5, 172, 16, 2, 1, 0x30, 0x39, 0x30, 0x3a, 0, 26};
static const uint8_t bgp[64] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0xc0, 0, 40, 0, 0,
	0x40, 0, 255, 6, 0, 0, 192, 168, 1, 2, 192, 168, 1, 1, 0xc3, 0x50, 0, 179, 0, 0, 0, 1, 0, 0,
	0, 1, 0x50, 0x10};

static void tables(struct acl_prog *p)
{
	struct acl_lpm sources, destinations;

	acl_lpm_init(&sources);
	acl_lpm_init(&destinations);
	for (uint32_t i = 0; i < 99; i++)
		acl_lpm_add(&sources, 0x0a010000u + (i << 8), 24, ACL_SRC_ROUTED);
	acl_lpm_add(&sources, 0xc0a80100, 30, ACL_SRC_ROUTED | ACL_SRC_LINK);
	acl_lpm_add(&sources, 0xc0a80101, 32, ACL_SRC_OWN);
	for (uint32_t i = 0; i < 4; i++)
		acl_lpm_add(&destinations, 0x0aff0000u + (i << 14), 18, ACL_DST_INFRA);
	acl_lpm_add(&destinations, 0xc0a80101, 32, ACL_DST_OWN);
	acl_lpm_add(&destinations, 0xc0a80103, 32, ACL_DST_OWN);
	CHECK(!acl_prog_tables(p, &sources, &destinations));
	acl_lpm_fini(&sources);
	acl_lpm_fini(&destinations);
}

static void cases_make(struct bench_case cases[CASES], struct acl_loader *l)
{
	static const struct {
		const char *name;
		const uint8_t *frame;
		enum acl_reason expect;
		unsigned target;
	} what[CASES] = {{"labelled: dropped, counted", labelled, ACL_MPLS_NOT_ENABLED, 15},
		{"UDP to the VPN: permitted", udp, ACL_PASS, 120},
		{"BGP to the router: permitted", bgp, ACL_PASS, 120},
		{"UDP, 16 own rules: permitted", udp, ACL_PASS, 120}};

	for (unsigned i = 0; i < CASES; i++) {
		struct bench_case *c = &cases[i];
		c->name = what[i].name;
		c->expect = what[i].expect;
		c->target = what[i].target;
		memcpy(c->frame, what[i].frame, sizeof(c->frame));
		consts_customer(&c->consts);
		if (i == RULES)
			consts_rules(&c->consts);
		CHECK(!acl_prog_load(l, &c->consts, NULL, &c->prog));
		tables(c->prog);
		acl_prog_open(c->prog, true);
	}
}

static void rounds_run(struct bench_case cases[CASES], struct acl_loader *l, unsigned rounds)
{
	int noop_tc = acl_loader_noop_tc_fd(l), noop_xdp = acl_loader_noop_xdp_fd(l);

	for (unsigned r = 0; r < rounds; r++)
		for (unsigned i = 0; i < CASES; i++) {
			struct bench_case *c = &cases[i];
			double none = run(noop_tc, c->frame);
			c->tc[r] = run(acl_prog_tc_fd(c->prog), c->frame) - none;
			none = run(noop_xdp, c->frame);
			c->xdp[r] = run(acl_prog_xdp_fd(c->prog), c->frame) - none;
		}
}

static bool case_print(struct bench_case *c, unsigned rounds)
{
	uint64_t n[ACL_REASONS_MAX], all = 0;
	double tc = part(c->tc, rounds, 50), xdp = part(c->xdp, rounds, 50);

	acl_prog_counters(c->prog, n);
	for (unsigned i = 0; i < ACL_REASONS_MAX; i++)
		all += n[i];
	CHECK(n[c->expect] == all); /* every packet was what it was to be */
	printf("%-30s tc %6.1f (%.1f - %.1f)   xdp %6.1f (%.1f - %.1f)   both %6.1f   target %u: "
	       "%s\n",
		c->name, tc, part(c->tc, rounds, 5), part(c->tc, rounds, 95), xdp,
		part(c->xdp, rounds, 5), part(c->xdp, rounds, 95), tc + xdp, c->target,
		tc <= c->target && (c->expect == ACL_PASS || xdp <= c->target) ? "reached"
									       : "NOT reached");
	return tc <= c->target;
}

static unsigned verified(int fd)
{
	struct bpf_prog_info info = {0};
	uint32_t len = sizeof(info);

	return bpf_obj_get_info_by_fd(fd, &info, &len) ? 0 : info.verified_insns;
}

static void load_print(struct acl_loader *l, const struct bench_case *c)
{
	double ms[LOADS];
	unsigned tc = 0, xdp = 0;

	for (unsigned i = 0; i < LOADS; i++) {
		struct acl_prog *p;
		double at = clock_ns(CLOCK_MONOTONIC);
		CHECK(!acl_prog_load(l, &c->consts, NULL, &p));
		ms[i] = (clock_ns(CLOCK_MONOTONIC) - at) / 1e6;
		tc = verified(acl_prog_tc_fd(p));
		xdp = verified(acl_prog_xdp_fd(p));
		acl_prog_free(p);
	}
	printf("loading a port (%u own rules): %.1f ms (best %.1f), instructions verified: tc %u, "
	       "xdp %u\n",
		c->consts.n_rules, part(ms, LOADS, 50), part(ms, LOADS, 0), tc, xdp);
}

int main(int argc, char **argv)
{
	static struct bench_case cases[CASES];
	struct acl_loader *l;
	uint64_t rounds = 200;

	if (argc > 1 && (!text_parse_u64(argv[1], ROUNDS_MAX, &rounds) || !rounds))
		return 2;
	int r = acl_loader_new(&l);
	if (r) {
		printf("guard: no eBPF for us here: %s\n", strerror(-r));
		return 3;
	}
	cases_make(cases, l);
	rounds_run(cases, l, (unsigned)rounds);
	printf("guard: ns a packet above a program that does nothing, medians (5th - 95th "
	       "percentile) of %llu runs of %u\n",
		(unsigned long long)rounds, REPEAT);
	for (unsigned i = 0; i < CASES; i++)
		case_print(&cases[i], (unsigned)rounds);
	load_print(l, &cases[PERMIT]);
	load_print(l, &cases[RULES]);
	for (unsigned i = 0; i < CASES; i++)
		acl_prog_free(cases[i].prog);
	acl_loader_free(l);
	return 0;
}
