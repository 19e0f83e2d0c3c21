/* The session of the other AS (as-s) with the PE, which shares one VPN with it (RFC 4364 10 b). */
#ifndef LAB_ATTACKS_OTHERAS_H
#define LAB_ATTACKS_OTHERAS_H

#include "lab/attacks/speaker.h"

/* Established, and the PE knows that only routes of target 65000:101 are wanted (RFC 4684). 0 or as speaker_dial(); close in either case. */
int otheras_dial(struct speaker *s, struct attack_stage *st, unsigned ms);

#endif
