/*
 * What the whole router costs a route without its sockets, from the octets of an UPDATE to those that its neighbours are
 * sent: nanoseconds and (under callgrind) instructions, linear in the routes or not.
 *
 *   engine ROUTES [RECEIVERS [SENDERS [ebgp|reflector [none|tag|hygiene|prefixes]]]]
 *
 * The last is the senders' import policy, which takes every route: tag adds a community, whatever the prefix; hygiene is the built-in one;
 * prefixes looks each up in a set of 100,000.
 *
 *   valgrind --tool=callgrind --toggle-collect=bench_announce engine 100000
 * and likewise bench_withdraw, bench_lost.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bgpd/core/router.h"
#include "bgpd/core/state.h"
#include "conf/load.h"
#include "lib/check.h"
#include "lib/text.h"
#include "tests/bench/load/model.h"

#define SUBJECT	  0x0a630001u /* 10.99.0.1 */
#define SENDERS	  0x0a630100u
#define RECEIVERS 0x0a630200u
#define AS	  65000u
#define OTHER_AS  2101u /* of the first external neighbour: a public one, as hygiene wants */
#define SET_SIZE  100000u
#define PIECE	  65536 /* what a shell reads from one connection at once */
#define SLICE	  4096	/* of router_work */

struct bench {
	struct conf *conf;
	struct router *router;
	struct effects fx;
	struct model model;
	struct model_stream *said; /* by sender */
	struct model_stream unsaid;
	unsigned senders, receivers;
	const char *policy;
	uint64_t octets; /* sent */
};

/* CPU time: a busy machine does not make a route dearer. */
static uint64_t cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* 16.0.0.0/24 and the /24s behind it are what the model announces. */
static void policies_print(FILE *f, const char *policy)
{
	if (strcmp(policy, "tag") == 0)
		fprintf(f, "policies: [{name: tag, default: accept, rules: [\n"
			   "  {name: tag, set: {community: {add: [\"65000:9\"]}}, action: "
			   "accept}]}]\n");
	if (strcmp(policy, "prefixes") != 0)
		return;
	fprintf(f, "policies: [{name: prefixes, rules: [\n"
		   "  {name: known, match: {prefix: all}, action: accept}], default: reject}]\n"
		   "sets:\n  - name: all\n    prefixes:\n");
	for (uint32_t i = 0; i < SET_SIZE; i++)
		fprintf(f, "      - %u.%u.%u.0/24\n", 16 + (i >> 16), i >> 8 & 255, i & 255);
}

static const char *import_of(const char *policy)
{
	if (strcmp(policy, "hygiene") == 0)
		return ", import: accept-all, hygiene: true, export: accept-all";
	if (strcmp(policy, "tag") == 0)
		return ", import: tag, export: accept-all";
	return strcmp(policy, "prefixes") == 0 ? ", import: prefixes, export: accept-all"
					       : ", import: accept-all, export: accept-all";
}

static char *configuration(const struct bench *b)
{
	bool internal = b->model.family == WIRE_VPNV4;
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	CHECK(f != NULL);
	fprintf(f, "router: {name: b, as: %u, id: 10.99.0.1, user: nobody, run-dir: /run/b}\n", AS);
	policies_print(f, b->policy);
	fprintf(f, "neighbors:\n");
	for (unsigned i = 0; i < b->senders + b->receivers; i++) {
		bool sends = i < b->senders;
		unsigned k = sends ? i : i - b->senders;

		fprintf(f,
			"  - {address: 10.99.%u.%u, local-address: 10.99.0.1, passive: true, "
			"password: x, name: "
			"%c%u, as: %u, families: [%s]%s}\n",
			sends ? 1 : 2, k + 1, sends ? 's' : 'r', k,
			internal ? AS : OTHER_AS + k + (sends ? 0 : 100),
			internal ? "vpnv4" : "ipv4-unicast",
			internal ? ", reflector-client: true"
				 : import_of(sends ? b->policy : "none"));
	}
	fclose(f);
	return text;
}

static void take_effects(struct bench *b)
{
	for (size_t i = 0; i < b->fx.n; i++) {
		const struct effect *e = &b->fx.list[i];

		if (e->kind == EFF_SEND)
			b->octets += e->block->len;
		if (e->kind != EFF_FIB || e->fib.type != FIB_NEXTHOP_TRACK)
			continue;
		struct event ev = {.kind = EV_FIB, .vrf = FIB_VRF_CORE};
		struct effects mute;
		ev.fib = (struct fib_msg){
			.type = FIB_NEXTHOP, .addr = e->fib.addr, .up = true, .metric = 1};
		effects_init(&mute);
		router_step(b->router, &ev, 1000, &mute);
		effects_fini(&mute);
	}
	effects_reset(&b->fx);
}

static size_t step(struct bench *b, const struct event *ev)
{
	router_step(b->router, ev, 1000, &b->fx);
	size_t taken = b->fx.consumed;
	take_effects(b);
	return taken;
}

static bool work(struct bench *b)
{
	bool left = router_work(b->router, SLICE, 1000, &b->fx);

	take_effects(b);
	return left;
}

static void settle(struct bench *b)
{
	while (work(b))
		;
}

/* Every sender says a piece in its turn, then the router works once: as under a shell that polls. */
static void say(struct bench *b, const struct model_stream *of, bool same)
{
	size_t *at = calloc(b->senders, sizeof(*at));
	bool more = true;

	CHECK(at != NULL);
	while (more) {
		more = false;
		for (unsigned k = 0; k < b->senders; k++) {
			const struct model_stream *s = same ? of : &of[k];
			size_t len = s->len - at[k] < PIECE ? s->len - at[k] : PIECE;

			if (len == 0)
				continue;
			at[k] += step(b, &(struct event){.kind = EV_RECV,
						 .vrf = FIB_VRF_CORE,
						 .conn = k + 1,
						 .data = s->octets + at[k],
						 .len = len});
			more = true;
		}
		work(b);
	}
	free(at);
	settle(b);
}

/* Not inlined: callgrind counts them by their names. */
__attribute__((noinline)) static void bench_announce(struct bench *b)
{
	say(b, b->said, false);
}

__attribute__((noinline)) static void bench_withdraw(struct bench *b)
{
	say(b, &b->unsaid, true);
}

__attribute__((noinline)) static void bench_lost(struct bench *b)
{
	for (unsigned k = 0; k < b->senders; k++)
		step(b, &(struct event){
				.kind = EV_CONN_CLOSED, .vrf = FIB_VRF_CORE, .conn = k + 1});
	settle(b);
}

static void establish(struct bench *b)
{
	step(b, &(struct event){.kind = EV_START, .vrf = FIB_VRF_CORE});
	for (unsigned i = 0; i < b->senders + b->receivers; i++) {
		const struct conf_peer *p = &b->conf->peers[i];
		struct wire_open open = {.as = p->as,
			.hold_s = 90,
			.id = ip_addr_get_v4(&p->addr),
			.mp = true,
			.families = p->families,
			.as4 = true,
			.role = WIRE_ROLE_NONE};
		uint8_t octets[256];
		struct wbuf w = wbuf_of(octets, sizeof(octets));

		wire_open_put(&w, &open);
		wire_keepalive_put(&w);
		step(b, &(struct event){.kind = EV_ACCEPT,
				.conn = i + 1,
				.vrf = FIB_VRF_CORE,
				.remote = p->addr,
				.local = ip_addr_v4(SUBJECT)});
		step(b, &(struct event){.kind = EV_RECV,
				.conn = i + 1,
				.vrf = FIB_VRF_CORE,
				.data = octets,
				.len = w.len});
	}
	settle(b);
}

static void bench_init(struct bench *b, enum model_shape shape, uint32_t routes)
{
	b->model = (struct model){.subject_as = AS,
		.sender_as = shape == MODEL_REFLECTOR ? AS : OTHER_AS,
		.sender = SENDERS + 1,
		.subject = SUBJECT};
	model_init(&b->model, shape, routes);
	b->said = calloc(b->senders, sizeof(*b->said));
	CHECK(b->said != NULL);
	for (unsigned k = 0; k < b->senders; k++)
		model_announce(&b->model, 0, k, &b->said[k]);
	model_withdraw(&b->model, &b->unsaid);
	char *text = configuration(b);
	b->conf = conf_parse("bench", text, strlen(text), stderr);
	CHECK(b->conf != NULL);
	free(text);
	b->router = router_new(b->conf, 1);
	effects_init(&b->fx);
	establish(b);
}

static void bench_fini(struct bench *b)
{
	step(b, &(struct event){.kind = EV_STOP, .vrf = FIB_VRF_CORE});
	settle(b);
	router_free(b->router);
	effects_fini(&b->fx);
	conf_free(b->conf);
	for (unsigned k = 0; k < b->senders; k++)
		free(b->said[k].octets);
	free(b->said);
	free(b->unsaid.octets);
	model_fini(&b->model);
}

static uint32_t held(const struct bench *b)
{
	const struct router *r = b->router;

	return rib_table_count(b->model.family == WIRE_VPNV4 ? r->vrfs.vpn : r->core_ipv4);
}

static void phase(struct bench *b, const char *name, void (*run)(struct bench *), uint32_t want)
{
	uint64_t begin = cpu_ns(), octets = b->octets;

	run(b);
	CHECK(held(b) == want);
	printf("  %s %.0f ns, %.1f octets sent", name,
		(double)(cpu_ns() - begin) / b->model.n / b->senders,
		(double)(b->octets - octets) / b->model.n / (b->receivers ? b->receivers : 1));
}

int main(int argc, char **argv)
{
	uint64_t routes = 0, receivers = 1, senders = 1;
	enum model_shape shape = MODEL_EBGP;
	struct bench b = {.policy = argc > 5 ? argv[5] : "none"};

	if (argc < 2 || !text_parse_u64(argv[1], 8000000, &routes) || !routes ||
		(argc > 2 && !text_parse_u64(argv[2], 99, &receivers)) ||
		(argc > 3 && (!text_parse_u64(argv[3], 99, &senders) || !senders))) {
		fprintf(stderr, "usage: engine ROUTES [RECEIVERS [SENDERS [ebgp|reflector "
				"[none|tag|hygiene|prefixes]]]]\n");
		return 2;
	}
	if (argc > 4 && strcmp(argv[4], model_shape_name(MODEL_REFLECTOR)) == 0)
		shape = MODEL_REFLECTOR;
	b.receivers = (unsigned)receivers;
	b.senders = (unsigned)senders;
	bench_init(&b, shape, (uint32_t)routes);
	printf("%s, policy %s, %" PRIu64 " routes, %" PRIu64 " senders, %" PRIu64
	       " receivers, a route and sender:\n",
		model_shape_name(shape), b.policy, routes, senders, receivers);
	phase(&b, "announce", bench_announce, (uint32_t)routes);
	phase(&b, "withdraw", bench_withdraw, 0);
	printf("\n");
	phase(&b, "again", bench_announce, (uint32_t)routes);
	phase(&b, "lost", bench_lost, 0);
	printf("\n");
	bench_fini(&b);
	return 0;
}
