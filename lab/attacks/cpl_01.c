/* A scan of the PE's own address from a customer: nothing answers, open or not. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/scan.h"
#include "lib/check.h"

static void cpl_01_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const uint16_t ports[] = {1, 7, 21, 25, 53, 111, 445, 646, 1024, 3784, 33434, 65535};

	scan_tcp(st, out, ports, ARRAY_LEN(ports));
}

const struct attack *attack_cpl_01(void)
{
	static const struct attack row = {
		.id = "CPL-01",
		.title = "a scan of the PE's address in the VPN, from its CE and from behind it",
		.clause = "RFC 4381 3.3, RFC 6192 3",
		.attacker = "ce-a1:eth1",
		.target = "pe1",
		.passes = "nothing is answered",
		.counter = {{ATTACK_GUARD, "eth2", "ctrl_acl", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_CONTROL_PLANE,
		.launch = cpl_01_launch,
	};

	return &row;
}
