/* Answers forged towards a relay of the VPN: with its address in giaddr, to its port, option 82 put in. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/dhcp.h"
#include "lib/check.h"

static void dhc_02_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const uint8_t agent[] = {54, 4, 172, 16, 2, 67, 82, 6, 1, 4, 'p', 'o', 'r', 't'};
	static const struct dhcp_message rogue[] = {
		{.type = DHCP_OFFER, .giaddr = "172.16.2.1", .to = 67},
		{.type = DHCP_ACK, .giaddr = "172.16.2.1", .to = 67},
		{.type = DHCP_ACK,
			.giaddr = "172.16.2.1",
			.to = 67,
			.options = agent,
			.n_options = sizeof agent}};

	dhcp_rogue(st, out, rogue, ARRAY_LEN(rogue));
}

const struct attack *attack_dhc_02(void)
{
	static const struct attack row = {
		.id = "DHC-02",
		.title = "forged answers of a server to a relay, with the relay's address and "
			 "option 82",
		.clause = "RFC 3046 2.1, RFC 2131 4.1",
		.attacker = "ce-a1:eth1",
		.target = "ce-a2:eth1",
		.passes = "none reaches a client of the VPN",
		.counter = {{ATTACK_GUARD, "eth2", "dhcp_server", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_DHCP,
		.launch = dhc_02_launch,
		.legit = dhcp_client_passes,
	};

	return &row;
}
