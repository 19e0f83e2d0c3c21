/* What else turns a host's traffic aside: router, names' servers, static routes, a proxy. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/dhcp.h"
#include "lib/check.h"

static void dhc_05_launch(struct attack_stage *st, struct attack_impact *out)
{
	static const uint8_t router[] = {3, 4, 172, 16, 1, 66}, names[] = {6, 4, 172, 16, 1, 66};
	static const uint8_t fixed[] = {33, 8, 203, 0, 113, 5, 172, 16, 1, 66};
	static const uint8_t vendor[] = {43, 4, 1, 2, 0, 66},
			     windows[] = {249, 6, 1, 0, 172, 16, 1, 66};
	static const uint8_t proxy[] = {252, 8, 'h', 't', 't', 'p', ':', '/', '/', 'x'};
	static const struct dhcp_message rogue[] = {
		{.type = DHCP_ACK, .options = router, .n_options = sizeof router},
		{.type = DHCP_ACK, .options = names, .n_options = sizeof names},
		{.type = DHCP_ACK, .options = fixed, .n_options = sizeof fixed},
		{.type = DHCP_ACK, .options = vendor, .n_options = sizeof vendor},
		{.type = DHCP_ACK, .options = windows, .n_options = sizeof windows},
		{.type = DHCP_ACK, .options = proxy, .n_options = sizeof proxy}};

	dhcp_rogue(st, out, rogue, ARRAY_LEN(rogue));
}

const struct attack *attack_dhc_05(void)
{
	static const struct attack row = {
		.id = "DHC-05",
		.title = "other options that turn traffic aside: 3, 6, 33, 43, 249, 252",
		.clause = "RFC 2132 3.5, RFC 2131 7",
		.attacker = "ce-a1:eth1",
		.target = "ce-a2:eth1",
		.passes = "none reaches a client of the VPN",
		.counter = {{ATTACK_GUARD, "eth2", "dhcp_server", ATTACK_EXACTLY}},
		.off = ATTACK_OFF_DHCP,
		.launch = dhc_05_launch,
		.legit = dhcp_client_passes,
	};

	return &row;
}
