/* What a rule `UDP from port 67' does not see: another source port, no checksum, a first fragment, an IP option, a relay's port. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/dhcp.h"
#include "lib/check.h"

static void dhc_07_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const struct dhcp_message rogue[] = {{.type = DHCP_ACK, .from = 1067},
		{.type = DHCP_ACK, .from = 53}, {.type = DHCP_ACK, .to = 6768},
		{.type = DHCP_ACK, .unsummed = true}, {.type = DHCP_ACK, .fragment = true},
		{.type = DHCP_ACK, .alert = true}};

	dhcp_rogue(st, out, rogue, ARRAY_LEN(rogue));
}

const struct attack *attack_dhc_07(void)
{
	static const struct attack row = {
		.id = "DHC-07",
		.title = "a server's answers past a naive filter: other ports, no checksum, a "
			 "fragment, router alert",
		.clause = "RFC 2131 4.1, RFC 1858 4, RFC 2113 2.1",
		.attacker = "ce-a1:eth1",
		.target = "ce-a2:eth1",
		.passes = "none reaches a client of the VPN",
		.counter = {{ATTACK_GUARD, "eth2", "dhcp_server", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_DHCP,
		.launch = dhc_07_launch,
		.legit = dhcp_client_passes,
	};

	return &row;
}
