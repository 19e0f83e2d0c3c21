/*
 * Sockets in a node's namespace that listen: what really comes to a program there, and not only to the wire.
 *
 * In the PE they stand for a daemon that speaks the protocol which is tried; at a customer's, for whoever waits for answers.
 */
#ifndef LAB_ATTACKS_EAR_H
#define LAB_ATTACKS_EAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/attacks/stage.h"

#define EAR_SOCKETS_MAX 16
#define EAR_STIMULI_MAX 1024 /* sequence numbers that are told apart */

struct ear_conf {
	int family; /* 0: AF_INET */
	int type, protocol;
	uint16_t port;	   /* 0: none */
	const char *dev;   /* bound to it: a VRF's device; NULL: none */
	const char *group; /* joined on `at` (IPv4); NULL: none */
	const char *at;
};

struct ear {
	int fd[EAR_SOCKETS_MAX];
	unsigned n;
	uint64_t seen[EAR_STIMULI_MAX / 64];
	unsigned heard; /* distinct ones */
};

/* The number that a packet is counted under, -1: not one of those. octets: from the IP header on with a raw socket, else the payload. */
typedef int ear_match_fn(const uint8_t *octets, size_t len, void *arg);

/* 0 or -errno; ear_close() in either case, after ears that began as {0}. */
int ear_open(struct ear *e, struct attack_stage *st, const char *node, const struct ear_conf *c);
void ear_close(struct ear *e);

/*
 * How many distinct stimuli were heard: waits for `want` at most ms, shorter if the row's counters show that all sent were
 * dropped. match NULL: those with the launch's nonce, by their sequence number.
 */
unsigned ear_heard(struct ear *e, struct attack_stage *st, unsigned want, unsigned ms,
	ear_match_fn *match, void *arg);

#endif
