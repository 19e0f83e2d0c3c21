/*
 * A frame on a port: octet 0 chooses the port and the TTL model, 1 and 2 are the EtherType. Whatever it holds, a
 * labelled frame on the access port that accepts none is dropped, and nothing labelled leaves an access port.
 */
#include "tests/fuzz/fuzz.h"

#include "lib/check.h"
#include "mplsfwd/be_rec.h"
#include "mplsfwd/pipeline.h"

enum { ACCESS_A, ACCESS_B_OPEN, CORE, N_PORTS };

static void routes_make(struct fwd_model *m)
{
	const struct ip_addr pe2 = {.af = IP_V4, .o = {10, 255, 0, 3}};
	struct fwd_path path = {.oif = fwd_model_port_ifindex(CORE),
		.gateway = {.af = IP_V4, .o = {10, 0, 0, 2}},
		.n_labels = 1,
		.labels = {17}};
	struct fib_msg told,
		route = {.type = FIB_ROUTE_ADD,
			.prefix = {.addr = {.af = IP_V4, .o = {172, 16}}, .len = 12},
			.route = {.kind = FIB_ROUTE_VPN, .next_hop = pe2, .label = 80}};

	fwd_model_apply(m, &(struct fib_msg){.type = FIB_NEXTHOP_TRACK, .addr = pe2});
	fwd_model_nexthop(m, &pe2, &path, 10, &told);
	for (route.vrf = 0; route.vrf < 2; route.vrf++) {
		struct fib_msg label = {
			.type = FIB_LABEL_ADD, .label = 100u + route.vrf, .vrf = route.vrf};
		CHECK(fwd_model_apply(m, &route) == 0 && fwd_model_apply(m, &label) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct ip_prefix addresses[N_PORTS] = {
		{.addr = {.af = IP_V4, .o = {192, 168, 1, 1}}, .len = 30},
		{.addr = {.af = IP_V4, .o = {192, 168, 1, 1}}, .len = 30}};
	struct conf_port ports[N_PORTS] = {{.name = "a",
						   .role = CONF_PORT_ACCESS,
						   .addresses = &addresses[0],
						   .n_addresses = 1},
		{.name = "b",
			.role = CONF_PORT_ACCESS,
			.vrf = 1,
			.addresses = &addresses[1],
			.n_addresses = 1,
			.accept_labels = true},
		{.name = "core", .role = CONF_PORT_CORE, .vrf = CONF_VRF_NONE}};
	struct conf_vrf vrfs[2] = {
		{.name = "vrf-a", .table = 1001}, {.name = "vrf-b", .table = 1002}};
	struct conf conf = {.label_min = 100,
		.label_max = 109,
		.ports = ports,
		.vrfs = vrfs,
		.n_ports = N_PORTS,
		.n_vrfs = 2};
	struct fwd_packet p;
	struct fwd_trace why;
	struct fwd_model m;

	if (len < 3 || !fwd_packet_init(&p, (uint16_t)(data[1] << 8 | data[2]), data + 3, len - 3))
		return 0;
	fwd_model_init(&m, &conf, 1);
	routes_make(&m);
	m.lfib.ttl_uniform = data[0] & 0x80;
	uint16_t port = data[0] % N_PORTS;
	enum fwd_verdict v = fwd_pipeline(&m.lfib, port, &p, &why);
	CHECK((v == FWD_DROP) == (why.reason != FWD_OK));
	CHECK(why.popped == 0 || m.lfib.ports[port].labels);
	if (port == ACCESS_A && v != FWD_DROP)
		CHECK(why.vrf == 0);
	if (v == FWD_SEND)
		CHECK((p.protocol == FWD_ETH_MPLS) == (why.out_port == CORE));
	fwd_model_fini(&m);
	return 0;
}
