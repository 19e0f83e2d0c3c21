/* A DHCP server that nobody appointed, behind a customer's port: its answers do not pass. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/dhcp.h"
#include "lib/check.h"

static void dhc_01_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const struct dhcp_message rogue[] = {
		{.type = DHCP_OFFER}, {.type = DHCP_ACK}, {.type = DHCP_NAK}};

	dhcp_rogue(st, out, rogue, ARRAY_LEN(rogue));
}

const struct attack *attack_dhc_01(void)
{
	static const struct attack row = {
		.id = "DHC-01",
		.title = "OFFERs and ACKs of a server behind a customer's port",
		.clause = "RFC 4381 3.1, RFC 2131 4.3.1",
		.attacker = "ce-a1:eth1",
		.target = "ce-a2:eth1",
		.passes = "none reaches a client of the VPN",
		.counter = {{ATTACK_GUARD, "eth2", "dhcp_server", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_DHCP,
		.launch = dhc_01_launch,
		.legit = dhcp_client_passes,
	};

	return &row;
}
