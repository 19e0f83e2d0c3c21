/* Options written so that who looks for one of them misses it. Whoever drops by who sends need not look. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/dhcp.h"
#include "lib/check.h"

static void dhc_06_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const uint8_t route[] = {121, 6, 1, 0, 172, 16, 1, 66};
	static const uint8_t overload[] = {52, 1, 1},
			     split[] = {121, 3, 1, 0, 172, 121, 3, 16, 1, 66};
	static const uint8_t twice[] = {121, 0, 121, 6, 1, 0, 172, 16, 1, 66};
	static const uint8_t lie[] = {121, 200, 1, 0, 172, 16, 1, 66};
	static const uint8_t behind[] = {0, 0, 255, 121, 6, 1, 0, 172, 16, 1, 66};
	static const struct dhcp_message rogue[] = {{.type = DHCP_ACK,
							    .options = overload,
							    .n_options = sizeof overload,
							    .file = route,
							    .n_file = sizeof route},
		{.type = DHCP_ACK, .options = split, .n_options = sizeof split},
		{.type = DHCP_ACK, .options = twice, .n_options = sizeof twice},
		{.type = DHCP_ACK, .options = lie, .n_options = sizeof lie, .open = true},
		{.type = DHCP_ACK, .options = behind, .n_options = sizeof behind},
		{.type = DHCP_NONE}};

	dhcp_rogue(st, out, rogue, ARRAY_LEN(rogue));
}

const struct attack *attack_dhc_06(void)
{
	static const struct attack row = {
		.id = "DHC-06",
		.title = "option 121 hidden from who reads options: overload, split, twice, bad "
			 "lengths, behind the end",
		.clause = "RFC 3396 5, RFC 2132 9.3, RFC 3442 7",
		.attacker = "ce-a1:eth1",
		.target = "ce-a2:eth1",
		.passes = "none reaches a client of the VPN",
		.counter = {{ATTACK_GUARD, "eth2", "dhcp_server", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_DHCP,
		.launch = dhc_06_launch,
		.legit = dhcp_client_passes,
	};

	return &row;
}
