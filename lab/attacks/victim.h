/* A BGP session of ce-x that an attacker on its link knows everything about: ports, and where both directions stand. */
#ifndef LAB_ATTACKS_VICTIM_H
#define LAB_ATTACKS_VICTIM_H

#include "lab/attacks/frame.h"
#include "lab/attacks/speaker.h"

struct victim {
	struct speaker s;
	uint16_t port;		/* ce-x's */
	uint32_t seq, from_seq; /* next that ce-x sends, that the PE sends */
};

/* Established, with its key or, where the PE has none, without. 0 or -errno; victim_end() in either case. */
int victim_begin(struct victim *v, struct attack_stage *st);

/* Where it stands now, asked of ce-x's kernel. 0 or -errno. */
int victim_look(struct victim *v);

/* Nothing has come of it yet after so long: the session is still up. */
bool victim_lives(struct victim *v, unsigned ms);
void victim_end(struct victim *v, struct attack_stage *st);

/* A segment as if from ce-x, unsigned: offset from where it stands. */
void victim_segment(struct victim *v, struct attack_stage *st, struct frame *f, uint32_t offset,
	uint8_t flags, const void *data, size_t len);

#endif
