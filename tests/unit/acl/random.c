#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acl/reason.h"
#include "tests/support/acl_frames.h"

#define PORTS  2000
#define FRAMES 200

/* Frames in memory of just their size, so that ASan sees an octet too many. */
static struct acl_verdict judge(
	const struct acl_port *p, struct acl_state *s, const uint8_t *frame, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	memcpy(copy, frame, len);
	struct acl_verdict v = acl_match(p, s, 1, copy, len);
	free(copy);
	return v;
}

Test(random, every_reason_is_met_often_and_nothing_else_is_said)
{
	static uint8_t frame[ACL_FRAMES_MAX];
	unsigned counts[ACL_REASONS] = {0}, logged = 0;
	struct rng g = {1};

	for (unsigned i = 0; i < PORTS; i++) {
		struct acl_port p;
		struct acl_state s;
		acl_frames_port(&g, &p);
		acl_frames_state(&g, &s);
		for (unsigned k = 0; k < FRAMES; k++) {
			size_t len = acl_frames_next(&g, &p, frame);
			struct acl_verdict v = judge(&p, &s, frame, len);
			cr_assert_lt(v.reason, ACL_REASONS);
			cr_assert(v.rule == ACL_RULE_NONE || v.rule < p.consts.n_rules);
			counts[v.reason]++;
			logged += v.log;
		}
		acl_port_fini(&p);
	}
	for (unsigned r = 0; r < ACL_REASONS; r++) {
		if (getenv("ACL_COUNTS"))
			fprintf(stderr, "%8u %s\n", counts[r], acl_reason_name(r));
		cr_expect_geq(counts[r], PORTS * FRAMES / 4000, "%s only %u times",
			acl_reason_name(r), counts[r]);
	}
	cr_expect_gt(logged, 1000);
}
