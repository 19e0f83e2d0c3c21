/* Random but valid attributes and NLRI from a seed, for properties. */
#ifndef TESTS_SUPPORT_GEN_H
#define TESTS_SUPPORT_GEN_H

#include <stdint.h>

#include "bgpd/wire/attr.h"
#include "bgpd/wire/ctx.h"
#include "bgpd/wire/nlri.h"
#include "lib/arena.h"

struct gen {
	uint64_t state; /* any seed but 0 */
};

uint32_t gen_u32(struct gen *g);
unsigned gen_below(struct gen *g, unsigned n); /* 0 .. n-1 */

/* ORIGIN, AS_PATH and a next hop always, each of the others half of the time. Lists are in the arena. */
void gen_attrs(
	struct gen *g, const struct wire_ctx *ctx, struct arena *arena, struct wire_attrs *out);
void gen_nlri(struct gen *g, enum wire_family f, struct wire_nlri *out); /* path_id: 0 */
struct ip_addr gen_next_hop_v6(struct gen *g);

#endif
