/* One case played: a fresh session, a prefix, the bad message, one more prefix, and what the router made of it. */
#ifndef LAB_ATTACKS_MALFORMED_PLAY_H
#define LAB_ATTACKS_MALFORMED_PLAY_H

#include "lab/attacks/malformed_case.h"
#include "lab/attacks/malformed_dut.h"
#include "lab/attacks/malformed_score.h"
#include "lab/attacks/speaker.h"

struct malformed_play {
	struct attack_stage *stage; /* for the speaker: its run only */
	struct malformed_dut *dut;
	const char *node; /* of the attacker */
	struct speaker speaker;
	unsigned played; /* numbers the markers */
	size_t said;	 /* octets of the bad message */
};

/* seen is zeroed first. Afterwards there is no session; who died is for the caller to start again. */
void malformed_play_case(
	struct malformed_play *p, const struct malformed_case *c, struct malformed_seen *seen);

#endif
