/*
 * What the codec costs: nanoseconds and (under callgrind) instructions a prefix, decoding and encoding UPDATEs as the
 * load generator makes them, 7 prefixes to a set of attributes on average.
 *
 *   codec ROUTES [SHAPE]        ebgp (IPv4 unicast) or reflector (VPN-IPv4); both if not given
 *
 *   valgrind --tool=callgrind --toggle-collect='bench_decode*' codec 100000 ebgp
 * and likewise bench_encode. Best path, output and memory: rib_mem.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bgpd/wire/msg.h"
#include "bgpd/wire/update.h"
#include "lib/check.h"
#include "lib/text.h"
#include "tests/bench/load/model.h"

#define ARENA_OCTETS 65536
#define NLRI_MAX     1024

struct update {
	struct wire_update u;
	struct wire_nlri nlri[NLRI_MAX];
	size_t n;
};

/* CPU time: a busy machine does not make a prefix dearer. */
static uint64_t cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* Not inlined: callgrind counts it by its name. One message, to the last prefix; the octets that it took. */
__attribute__((noinline)) static size_t bench_decode(const uint8_t *octets, size_t len,
	const struct wire_ctx *ctx, struct arena *arena, struct update *out)
{
	struct wire_fault fault;
	struct wire_msg m;
	int took = wire_msg_split(octets, len, WIRE_MSG_MAX, &m, &fault);

	CHECK(took > 0 && m.type == WIRE_UPDATE);
	arena_reset(arena);
	CHECK(wire_update_get(m.body, m.body_len, ctx, arena, &out->u) == WIRE_OK);
	out->n = 0;
	for (unsigned i = 0; i < ARRAY_LEN(out->u.reach); i++) {
		const struct wire_nlris *l = &out->u.reach[i];
		struct rbuf r = rbuf_of(l->octets.p, l->octets.len);
		while (rbuf_left(&r) && out->n < NLRI_MAX)
			CHECK(wire_nlri_get(&r, &(struct wire_nlri_form){.family = l->family},
				&out->nlri[out->n++], &fault));
	}
	return (size_t)took;
}

__attribute__((noinline)) static void bench_encode(
	struct wbuf *w, const struct wire_ctx *ctx, enum wire_family f, const struct update *u)
{
	CHECK(wire_update_put_reach(w, ctx, f, &u->u.attrs, u->nlri, u->n) == u->n);
}

static void measure(enum model_shape shape, uint32_t routes)
{
	struct model m = {.subject_as = 65000, .sender_as = 65101, .sender = 0x0a630101};
	struct model_stream in;
	struct update *u = calloc(1, sizeof(*u));
	struct arena arena;
	uint64_t decode_ns = 0, encode_ns = 0;
	size_t n = 0, out = 0;

	CHECK(u != NULL);
	model_init(&m, shape, routes);
	model_announce(&m, 0, 0, &in);
	arena_init(&arena, ARENA_OCTETS);
	struct wire_ctx ctx = {.as4 = true,
		.ebgp = shape != MODEL_REFLECTOR,
		.families = WIRE_FAMILY_BIT(m.family),
		.msg_max = WIRE_MSG_MAX};
	uint64_t at = cpu_ns();
	for (size_t pos = 0; pos < in.len;) {
		pos += bench_decode(in.octets + pos, in.len - pos, &ctx, &arena, u);
		n += u->n;
	}
	decode_ns = cpu_ns() - at;
	CHECK(n == routes);
	/* the same again, with its encoding beside it */
	at = cpu_ns();
	for (size_t pos = 0; pos < in.len;) {
		uint8_t octets[WIRE_MSG_MAX];
		struct wbuf w = wbuf_of(octets, sizeof(octets));
		pos += bench_decode(in.octets + pos, in.len - pos, &ctx, &arena, u);
		if (m.family == WIRE_VPNV4)
			u->u.attrs.next_hop = u->u.mp_next_hop;
		bench_encode(&w, &ctx, m.family, u);
		out += w.len;
	}
	encode_ns = cpu_ns() - at - decode_ns;
	CHECK(out == in.len);
	printf("%s: %u prefixes in %u UPDATEs, %zu octets; decode %.1f ns, encode %.1f ns a "
	       "prefix\n",
		model_shape_name(shape), routes, in.updates, in.len, (double)decode_ns / routes,
		(double)encode_ns / routes);
	arena_fini(&arena);
	free(in.octets);
	free(u);
	model_fini(&m);
}

int main(int argc, char **argv)
{
	uint64_t routes = 0;

	if (argc < 2 || !text_parse_u64(argv[1], 8000000, &routes) || !routes) {
		fprintf(stderr, "usage: codec ROUTES [ebgp|reflector]\n");
		return 2;
	}
	for (enum model_shape s = MODEL_EBGP; s < MODEL_SHAPES; s++)
		if (s != MODEL_SERVER && s != MODEL_SELECTIVE &&
			(argc < 3 || strcmp(argv[2], model_shape_name(s)) == 0))
			measure(s, (uint32_t)routes);
	return 0;
}
