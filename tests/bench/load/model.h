/*
 * What the sender announces, as a function of (route, generation), and what a receiver must therefore hold.
 *
 * Routes are numbered 0..n-1; route i is the /24 at 16.0.0.0 + 256 i, so a receiver finds the number in the prefix.
 * Neighbouring routes share a set of attributes: 1 to 13, 7 on average. A generation changes every set.
 */
#ifndef TESTS_BENCH_LOAD_MODEL_H
#define TESTS_BENCH_LOAD_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/wire/family.h"

#define MODEL_BASE     0x100000u /* 16.0.0.0 >> 8 */
#define MODEL_LEN      24	 /* bits of every prefix */
#define MODEL_PER_SET  7
#define MODEL_RD_SHIFT 12 /* 4096 neighbouring routes share a route distinguisher and a label */

/* What the subject does to a route on its way; it decides what a right answer is. */
enum model_shape {
	MODEL_EBGP,   /* IPv4, another AS: own AS in front, next hop self */
	MODEL_SERVER, /* IPv4 route server (RFC 7947): AS_PATH and next hop untouched */
	MODEL_SELECTIVE, /* as the server, and a tenth of the sets asks not to be told to one of the first ten receivers */
	MODEL_REFLECTOR, /* VPNv4 route reflector (RFC 4456) */
	MODEL_SHAPES,
};

struct model {
	enum model_shape shape;
	enum wire_family family;
	uint32_t n, n_sets;
	uint32_t *first; /* of set s; first[n_sets] == n */
	uint32_t subject_as, sender_as;
	uint32_t receiver_as;	  /* of the first */
	uint32_t sender, subject; /* addresses, host order; sender k is k above the first */
};

struct model_stream { /* encoded messages */
	uint8_t *octets;
	size_t len;
	uint32_t updates;
};

/* The attributes that must be equal at every receiver, taken apart: lists whose order is free are sums of hashes. */
struct model_seen {
	uint8_t origin;
	uint32_t local_pref; /* 0: none, and outside the reflector */
	uint32_t next_hop;
	uint64_t as_path; /* hash of the AS numbers in order, without the subject's own in front */
	uint64_t communities, ext_communities;
};

void model_init(struct model *m, enum model_shape shape, uint32_t n);
void model_fini(struct model *m);
const char *model_shape_name(enum model_shape s);

/*
 * What sender number k says. Number 0 has the best path; the others have the same routes with a longer AS_PATH, so that
 * the answer does not depend on who was first.
 */
void model_announce(
	const struct model *m, uint32_t generation, unsigned k, struct model_stream *out);
void model_withdraw(const struct model *m, struct model_stream *out);

uint64_t model_rd(uint32_t route);
uint32_t model_label(uint32_t route);

/* 64 well-mixed bits. */
static inline uint64_t model_mix(uint64_t x)
{
	x ^= x >> 32;
	x *= UINT64_C(0xd6e8feb86659fd93);
	x ^= x >> 32;
	x *= UINT64_C(0xd6e8feb86659fd93);
	return x ^ x >> 32;
}

uint64_t model_seen_hash(const struct model_seen *s);

/* Wrong on purpose, to see that it is found: one UPDATE in the middle is left out, or one octet of it differs. */
enum model_spoil { MODEL_UNSPOILT, MODEL_MISSING, MODEL_ATTRIBUTE };

void model_stream_spoil(struct model_stream *s, enum model_spoil how);

/* What a receiver remembers of one route; never 0. */
static inline uint32_t model_tag(uint64_t seen, uint64_t rd, uint32_t label)
{
	return (uint32_t)model_mix(seen ^ rd * 31 ^ (uint64_t)label << 40) | 1;
}

/* A route's share of a digest, which is their sum: the order in which they come does not matter. */
static inline uint64_t model_share(uint32_t route, uint32_t tag)
{
	return model_mix((uint64_t)route << 32 | tag);
}

struct model_expected { /* what a receiver holds */
	uint32_t n;
	uint64_t digest;
};

/* Of receiver number i, all routes of this generation that are meant for it; added: a community that the policy adds, or 0.
 * GRACEFUL_SHUTDOWN takes LOCAL_PREF along. */
struct model_expected model_expect(
	const struct model *m, uint32_t generation, uint32_t added, unsigned i);

#endif
