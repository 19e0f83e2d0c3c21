/* Leases of seconds, so that clients ask again and again, and the order to ask now. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/dhcp.h"
#include "lib/check.h"

static void dhc_08_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const uint8_t brief[] = {51, 4, 0, 0, 0, 5, 58, 4, 0, 0, 0, 1},
			     none[] = {51, 4, 0, 0, 0, 0};
	static const struct dhcp_message rogue[] = {
		{.type = DHCP_ACK, .options = brief, .n_options = sizeof brief},
		{.type = DHCP_ACK, .options = none, .n_options = sizeof none},
		{.type = DHCP_FORCERENEW}};

	dhcp_rogue(st, out, rogue, ARRAY_LEN(rogue));
}

const struct attack *attack_dhc_08(void)
{
	static const struct attack row = {
		.id = "DHC-08",
		.title = "very short leases, and FORCERENEW",
		.clause = "RFC 3203 6, RFC 2131 4.4.5",
		.attacker = "ce-a1:eth1",
		.target = "ce-a2:eth1",
		.passes = "none reaches a client of the VPN",
		.counter = {{ATTACK_GUARD, "eth2", "dhcp_server", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_DHCP,
		.launch = dhc_08_launch,
		.legit = dhcp_client_passes,
	};

	return &row;
}
