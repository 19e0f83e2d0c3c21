/* Attacks, each with its control: the same where it must succeed. A control that fails makes the attack INVALID. */
#ifndef LAB_ATTACK_H
#define LAB_ATTACK_H

#include "lab/step.h"

enum lab_verdict lab_attack_run(struct lab_run *r, const struct lab_step *s);

/* The kinds: attack_packet.c, attack_rt.c. */
enum lab_verdict lab_attack_packet(struct lab_run *r, const struct lab_step *s);
enum lab_verdict lab_attack_route_target(struct lab_run *r, const struct lab_step *s);

#endif
