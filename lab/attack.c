/* Attacks: one row per kind. */
#include "lab/attack.h"

enum lab_verdict lab_attack_run(struct lab_run *r, const struct lab_step *s)
{
	static enum lab_verdict (*const kinds[])(struct lab_run *, const struct lab_step *) = {
		[LAB_ATTACK_LABEL] = lab_attack_packet,
		[LAB_ATTACK_PACKETS] = lab_attack_packet,
		[LAB_ATTACK_ROUTE_TARGET] = lab_attack_route_target,
	};

	return kinds[s->attack](r, s);
}
