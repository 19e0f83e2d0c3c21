#include "tests/unit/mplsfwd/fixture.h"

#include <criterion/criterion.h>
#include <string.h>

void fixture_init(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->ports[PORT_CORE] =
		(struct conf_port){.name = "eth1", .role = CONF_PORT_CORE, .vrf = CONF_VRF_NONE};
	f->ports[PORT_A] =
		(struct conf_port){.name = "eth2", .role = CONF_PORT_ACCESS, .vrf = VRF_A};
	f->ports[PORT_B] =
		(struct conf_port){.name = "eth3", .role = CONF_PORT_ACCESS, .vrf = VRF_B};
	f->ports[PORT_B_OPEN] = (struct conf_port){
		.name = "eth4", .role = CONF_PORT_ACCESS, .vrf = VRF_B, .accept_labels = true};
	for (unsigned i = PORT_A; i < N_PORTS; i++) {
		f->addresses[i] = (struct ip_prefix){.addr = ip_addr_v4(0xc0a80101), .len = 30};
		f->ports[i].addresses = &f->addresses[i];
		f->ports[i].n_addresses = 1;
	}
	f->addresses[PORT_B_OPEN].addr = ip_addr_v4(0xc0a80105);
	f->vrfs[VRF_A] = (struct conf_vrf){.name = "vrf-a", .table = 1001};
	f->vrfs[VRF_B] = (struct conf_vrf){.name = "vrf-b", .table = 1002};
	f->conf = (struct conf){.label_min = LABEL_MIN,
		.label_max = LABEL_MIN + 9,
		.ports = f->ports,
		.vrfs = f->vrfs,
		.n_ports = N_PORTS,
		.n_vrfs = N_VRFS};
	fwd_model_init(&f->m, &f->conf, 42);
}

void fixture_fini(struct fixture *f)
{
	cr_assert_eq(be_rec_dangling(&f->m.kernel), 0);
	fwd_model_fini(&f->m);
}

int fixture_say(struct fixture *f, const struct fib_msg *m)
{
	struct fib_msg asked = *m;
	struct fwd_ack ack;
	int error = -1, refused;

	asked.seq = 77;
	refused = fwd_model_apply(&f->m, &asked);
	while (fwd_lfib_ack_get(&f->m.lfib, &ack)) {
		cr_assert_eq(error, -1, "answered twice");
		cr_assert_eq(ack.seq, 77u);
		error = ack.error;
	}
	if (refused)
		cr_assert_eq(error, refused);
	return error;
}

int fixture_track(struct fixture *f, uint32_t next_hop)
{
	return fixture_say(
		f, &(struct fib_msg){.type = FIB_NEXTHOP_TRACK, .addr = ip_addr_v4(next_hop)});
}

int fixture_label(struct fixture *f, uint8_t type, uint32_t label, uint16_t vrf)
{
	return fixture_say(f, &(struct fib_msg){.type = type, .label = label, .vrf = vrf});
}

static struct fib_msg route_msg(uint8_t type, uint16_t vrf, const char *prefix)
{
	struct fib_msg m = {.type = type, .vrf = vrf};

	cr_assert(ip_prefix_parse(prefix, &m.prefix, NULL), "%s", prefix);
	return m;
}

int fixture_vpn(
	struct fixture *f, uint16_t vrf, const char *prefix, uint32_t next_hop, uint32_t label)
{
	struct fib_msg m = route_msg(FIB_ROUTE_ADD, vrf, prefix);

	m.route = (struct fib_route){
		.kind = FIB_ROUTE_VPN, .next_hop = ip_addr_v4(next_hop), .label = label};
	return fixture_say(f, &m);
}

int fixture_ce(struct fixture *f, uint16_t vrf, const char *prefix, uint32_t gateway)
{
	struct fib_msg m = route_msg(FIB_ROUTE_ADD, vrf, prefix);

	m.route = (struct fib_route){.kind = FIB_ROUTE_CE, .next_hop = ip_addr_v4(gateway)};
	return fixture_say(f, &m);
}

int fixture_del(struct fixture *f, uint16_t vrf, const char *prefix)
{
	struct fib_msg m = route_msg(FIB_ROUTE_DEL, vrf, prefix);

	return fixture_say(f, &m);
}

bool fixture_path(struct fixture *f, uint32_t next_hop, uint32_t label)
{
	struct ip_addr a = ip_addr_v4(next_hop);
	struct fwd_path path = {.oif = fwd_model_port_ifindex(PORT_CORE),
		.gateway = ip_addr_v4(P1),
		.n_labels = 1,
		.labels = {label}};
	struct fib_msg told;

	return fwd_model_nexthop(&f->m, &a, label ? &path : NULL, 10, &told);
}
