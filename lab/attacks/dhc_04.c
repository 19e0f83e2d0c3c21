/* Option 121 as TunnelVision uses it: halves and quarters of everything, host routes, the tunnel's own server. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/dhcp.h"
#include "lib/check.h"

static void dhc_04_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const uint8_t halves[] = {121, 12, 1, 0, 172, 16, 1, 66, 1, 128, 172, 16, 1, 66};
	static const uint8_t quarters[] = {121, 24, 2, 0, 172, 16, 1, 66, 2, 64, 172, 16, 1, 66, 2,
		128, 172, 16, 1, 66, 2, 192, 172, 16, 1, 66};
	static const uint8_t host[] = {121, 9, 32, 203, 0, 113, 5, 172, 16, 1, 66};
	static const uint8_t on_link[] = {121, 9, 32, 203, 0, 113, 5, 0, 0, 0, 0};
	static const struct dhcp_message rogue[] = {
		{.type = DHCP_ACK, .options = halves, .n_options = sizeof halves},
		{.type = DHCP_ACK, .options = quarters, .n_options = sizeof quarters},
		{.type = DHCP_OFFER, .options = host, .n_options = sizeof host},
		{.type = DHCP_ACK, .options = on_link, .n_options = sizeof on_link}};

	dhcp_rogue(st, out, rogue, ARRAY_LEN(rogue));
}

const struct attack *attack_dhc_04(void)
{
	static const struct attack row = {
		.id = "DHC-04",
		.title = "classless routes (option 121) that turn a host's traffic aside",
		.clause = "RFC 3442 7, RFC 2131 7",
		.attacker = "ce-a1:eth1",
		.target = "ce-a2:eth1",
		.passes = "none reaches a client of the VPN",
		.counter = {{ATTACK_GUARD, "eth2", "dhcp_server", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_DHCP,
		.launch = dhc_04_launch,
		.legit = dhcp_client_passes,
	};

	return &row;
}
