#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/mplsfwd/fixture.h"

static uint64_t count(const struct fixture *f, enum fwd_op_kind k)
{
	return f->m.kernel.counts[k];
}

static const struct fwd_pair *only_pair(const struct fixture *f)
{
	uint32_t pos = 0;

	cr_assert_eq(f->m.lfib.pairs.n, 1);
	return fwd_table_at(&f->m.lfib.pairs, fwd_table_next(&f->m.lfib.pairs, &pos));
}

Test(plan, refuses_what_the_configuration_does_not_allow)
{
	struct fixture f;

	fixture_init(&f);
	cr_assert_eq(fixture_label(&f, FIB_LABEL_ADD, LABEL_MIN - 1, VRF_A), ERANGE);
	cr_assert_eq(fixture_label(&f, FIB_LABEL_ADD, LABEL_MIN + 10, VRF_A), ERANGE);
	cr_assert_eq(fixture_label(&f, FIB_LABEL_ADD, 0, VRF_A), ERANGE);
	cr_assert_eq(fixture_label(&f, FIB_LABEL_ADD, LABEL_A, N_VRFS), ENOENT);
	cr_assert_eq(fixture_label(&f, FIB_LABEL_DEL, 16, VRF_A), ERANGE);
	cr_assert_eq(fixture_label(&f, FIB_LABEL_ADD, LABEL_A, VRF_A), 0);
	cr_assert_eq(
		fixture_label(&f, FIB_LABEL_ADD, LABEL_A, VRF_B), EEXIST, "one label, one VRF");
	cr_assert_eq(fixture_vpn(&f, VRF_A, "172.16.2.0/24", PE2, 80), EHOSTUNREACH, "untracked");
	cr_assert_eq(fixture_track(&f, PE2), 0);
	cr_assert_eq(fixture_track(&f, 0x7f000001), EINVAL, "martian");
	cr_assert_eq(fixture_vpn(&f, VRF_A, "172.16.2.0/24", PE2, 3), ERANGE, "reserved label");
	cr_assert_eq(fixture_vpn(&f, VRF_A, "172.16.2.0/24", PE2, 1u << 20), ERANGE);
	cr_assert_eq(fixture_vpn(&f, N_VRFS, "172.16.2.0/24", PE2, 80), ENOENT);
	cr_assert_eq(fixture_vpn(&f, FIB_VRF_CORE, "172.16.2.0/24", PE2, 80), ENOENT,
		"never the core's table");
	cr_assert_eq(fixture_vpn(&f, VRF_A, "2001:db8::/32", PE2, 80), EAFNOSUPPORT);
	cr_assert_eq(fixture_ce(&f, VRF_A, "10.0.0.0/8", 0x01010101), ENETUNREACH);
	struct fib_msg host = {
		.type = FIB_ROUTE_DEL, .prefix = {.addr = ip_addr_v4(0x0a000001), .len = 8}};
	cr_assert_eq(fixture_say(&f, &host), EINVAL);
	cr_assert_eq(fwd_model_apply(&f.m, &(struct fib_msg){.type = FIB_DIAL}), EOPNOTSUPP);
	cr_assert_eq(f.m.kernel.refused, 0, "the kernel saw none of it");
	cr_assert_eq(f.m.kernel.routes.n, 0);
	fixture_fini(&f);
}

/* Many labels for one prefix between two looks at the kernel: bgpd's words must not become our memory. */
Test(plan, labels_that_nobody_wants_any_more_are_forgotten)
{
	struct fib_msg m = {.type = FIB_ROUTE_ADD,
		.vrf = VRF_A,
		.prefix = {.addr = ip_addr_v4(0x0a000000), .len = 8},
		.route = {.kind = FIB_ROUTE_VPN, .next_hop = ip_addr_v4(PE2)}};
	struct fixture f;

	fixture_init(&f);
	fixture_track(&f, PE2);
	fixture_path(&f, PE2, 17);
	for (m.route.label = 16; m.route.label < 50000; m.route.label++)
		cr_assert_eq(fwd_lfib_apply(&f.m.lfib, &m), 0);
	cr_assert_eq(f.m.lfib.pairs.n, 1);
	cr_assert_eq(fixture_vpn(&f, VRF_A, "10.0.0.0/8", PE2, 80), 0);
	cr_assert_eq(only_pair(&f)->label, 80);
	cr_assert_eq(f.m.kernel.objects.n, 1);
	fixture_fini(&f);
}

Test(plan, one_object_serves_all_prefixes_and_follows_the_core)
{
	struct fixture f;
	char prefix[32];

	fixture_init(&f);
	fixture_track(&f, PE2);
	cr_assert(fixture_path(&f, PE2, 17));
	for (unsigned i = 0; i < 100; i++) {
		snprintf(prefix, sizeof(prefix), "172.16.%u.0/24", i);
		cr_assert_eq(fixture_vpn(&f, i % 2, prefix, PE2, 80), 0);
	}
	cr_assert_eq(count(&f, FWD_OP_NH_ADD), 1);
	cr_assert_eq(count(&f, FWD_OP_ROUTE_SET), 100);

	cr_assert(fixture_path(&f, PE2, 18), "bgpd is told of a change");
	cr_assert_not(fixture_path(&f, PE2, 18), "and not of none");
	cr_assert(fixture_path(&f, PE2, 0));
	cr_assert(fixture_path(&f, PE2, 19));
	cr_assert_eq(count(&f, FWD_OP_NH_REPLACE), 3, "one a change: new label, blackhole, back");
	cr_assert_eq(count(&f, FWD_OP_ROUTE_SET), 100, "and no route touched (BGP PIC)");

	for (unsigned i = 0; i < 100; i++) {
		snprintf(prefix, sizeof(prefix), "172.16.%u.0/24", i);
		cr_assert_eq(fixture_del(&f, i % 2, prefix), 0);
	}
	cr_assert_eq(count(&f, FWD_OP_NH_DEL), 1);
	cr_assert_eq(f.m.kernel.objects.n + f.m.lfib.pairs.n + f.m.lfib.routes.n, 0);
	cr_assert_eq(fixture_say(&f, &(struct fib_msg){.type = FIB_NEXTHOP_UNTRACK,
					     .addr = ip_addr_v4(PE2)}),
		0);
	cr_assert_eq(f.m.lfib.nexthops.n, 0);
	fixture_fini(&f);
}

Test(plan, make_before_break)
{
	struct fixture f;
	struct fwd_op op[8];

	fixture_init(&f);
	fixture_track(&f, PE2);
	fixture_path(&f, PE2, 17);
	fixture_vpn(&f, VRF_A, "172.16.2.0/24", PE2, 80);
	struct fib_msg m = {.type = FIB_ROUTE_ADD,
		.seq = 9,
		.route = {.kind = FIB_ROUTE_VPN, .next_hop = ip_addr_v4(PE2), .label = 81}};
	ip_prefix_parse("172.16.2.0/24", &m.prefix, NULL);
	cr_assert_eq(fwd_lfib_apply(&f.m.lfib, &m), 0);

	static const uint8_t order[] = {FWD_OP_NH_ADD, FWD_OP_ROUTE_SET, FWD_OP_NH_DEL};
	for (unsigned i = 0; i < sizeof(order); i++) {
		cr_assert_eq(fwd_plan_next(&f.m.lfib, op, 8), 1);
		cr_assert_eq(op[0].kind, order[i], "%s", fwd_op_name(op[0].kind));
		fwd_plan_result(&f.m.lfib, op, be_rec_apply(&f.m.kernel, op));
	}
	cr_assert_eq(fwd_plan_next(&f.m.lfib, op, 8), 0);
	fixture_fini(&f);
}

Test(plan, somebody_elses_identifier_is_stepped_over_and_never_used)
{
	struct fixture f;
	struct fwd_op theirs = {.kind = FWD_OP_NH_ADD, .nhid = FWD_NHID_FIRST, .path = {.oif = 99}};

	fixture_init(&f);
	be_rec_apply(&f.m.kernel, &theirs);
	fixture_track(&f, PE2);
	fixture_path(&f, PE2, 17);
	cr_assert_eq(fixture_vpn(&f, VRF_A, "172.16.2.0/24", PE2, 80), 0);
	cr_assert_eq(only_pair(&f)->have, FWD_OBJECT_PATH, "with the next identifier");
	cr_assert_eq(fixture_say(&f, &(struct fib_msg){.type = FIB_BYE}), 0);
	cr_assert_eq(f.m.kernel.objects.n, 1, "theirs is still there, ours is not");
	fixture_fini(&f);
}

Test(plan, what_the_kernel_drops_with_a_link_comes_back)
{
	struct fixture f;
	uint32_t oif = fwd_model_port_ifindex(PORT_CORE);

	for (unsigned told = 0; told < 2; told++) {
		fixture_init(&f);
		fixture_track(&f, PE2);
		fixture_path(&f, PE2, 17);
		fixture_vpn(&f, VRF_A, "172.16.2.0/24", PE2, 80);
		fixture_vpn(&f, VRF_B, "172.16.2.0/24", PE2, 80);
		be_rec_link_gone(&f.m.kernel, oif);
		cr_assert_eq(f.m.kernel.routes.n, 0);
		if (told) /* the link's event arrives; else only the route's, and the replacement fails */
			fwd_lfib_link_gone(&f.m.lfib, oif);
		fixture_path(&f, PE2, 0);
		cr_assert_eq(f.m.kernel.routes.n, 2, "over a blackhole");
		fixture_path(&f, PE2, 18);
		cr_assert_eq(f.m.kernel.routes.n, 2);
		fixture_fini(&f);
	}
}

Test(plan, a_route_whose_object_is_gone_is_tried_once_more)
{
	struct fixture f;

	fixture_init(&f);
	fixture_track(&f, PE2);
	fixture_path(&f, PE2, 17);
	fixture_vpn(&f, VRF_A, "172.16.2.0/24", PE2, 80);
	be_rec_link_gone(&f.m.kernel, fwd_model_port_ifindex(PORT_CORE));
	cr_assert_eq(fixture_vpn(&f, VRF_A, "172.16.3.0/24", PE2, 80), 0);
	cr_assert_eq(f.m.kernel.routes.n, 2);
	fixture_fini(&f);
}

/* Fails each operation of a short life in turn: whatever fails, nothing dangles and the end is clean. */
Test(plan, any_single_failure_is_survived)
{
	for (unsigned at = 1; at < 14; at++) {
		static const int errors[] = {ENOMEM, EINVAL, ENOENT, EEXIST, ENETUNREACH};
		for (unsigned e = 0; e < 5; e++) {
			struct fixture f;

			fixture_init(&f);
			f.m.kernel.fail_in = at;
			f.m.kernel.fail_error = errors[e];
			fixture_track(&f, PE2);
			fixture_label(&f, FIB_LABEL_ADD, LABEL_A, VRF_A);
			fixture_vpn(&f, VRF_A, "172.16.2.0/24", PE2, 80);
			fixture_path(&f, PE2, 17);
			fixture_vpn(&f, VRF_B, "172.16.2.0/24", PE2, 80);
			fixture_vpn(&f, VRF_B, "172.16.2.0/24", PE2, 81);
			fixture_path(&f, PE2, 0);
			fixture_ce(&f, VRF_A, "172.16.1.0/24", CE_A);
			fixture_del(&f, VRF_A, "172.16.2.0/24");
			cr_assert_eq(be_rec_dangling(&f.m.kernel), 0);
			fixture_say(&f, &(struct fib_msg){.type = FIB_BYE});
			if (!f.m.kernel.fail_in &&
				f.m.kernel.routes.n) /* a failed removal is asked for again */
				fixture_say(&f, &(struct fib_msg){.type = FIB_BYE});
			cr_assert_eq(be_rec_dangling(&f.m.kernel), 0);
			fixture_fini(&f);
		}
	}
}

Test(plan, an_object_stays_while_the_kernel_keeps_a_route_over_it)
{
	struct fixture f;

	fixture_init(&f);
	fixture_track(&f, PE2);
	fixture_path(&f, PE2, 17);
	fixture_vpn(&f, VRF_A, "172.16.2.0/24", PE2, 80);
	f.m.kernel.fail_in = 1;
	f.m.kernel.fail_error = ENOMEM;
	cr_assert_eq(fixture_del(&f, VRF_A, "172.16.2.0/24"), ENOMEM);
	cr_assert(f.m.kernel.routes.n == 1 && f.m.kernel.objects.n == 1);
	cr_assert_eq(fixture_del(&f, VRF_A, "172.16.2.0/24"), 0, "asked for again");
	cr_assert(f.m.kernel.routes.n == 0 && f.m.kernel.objects.n == 0);
	fixture_fini(&f);
}

Test(plan, a_next_hop_in_use_stays_tracked)
{
	struct fixture f;
	struct fib_msg untrack = {.type = FIB_NEXTHOP_UNTRACK, .addr = ip_addr_v4(PE2)};

	fixture_init(&f);
	cr_assert_eq(fixture_say(&f, &untrack), EHOSTUNREACH);
	fixture_track(&f, PE2);
	fixture_vpn(&f, VRF_A, "172.16.2.0/24", PE2, 80);
	cr_assert_eq(fixture_say(&f, &untrack), EBUSY);
	fixture_del(&f, VRF_A, "172.16.2.0/24");
	cr_assert_eq(fixture_say(&f, &untrack), 0);
	fixture_fini(&f);
}

/* RFC 7999: what bgpd says is believed only where the configuration has somebody who may ask for it. */
Test(plan, a_blackhole_needs_a_neighbor_that_may_ask_for_it)
{
	struct conf_peer peers[] = {{.vrf = VRF_A, .accept_blackhole = true}, {.vrf = VRF_B}};
	struct fib_msg m = {.type = FIB_ROUTE_ADD,
		.prefix = {.addr = ip_addr_v4(0xac100209), .len = 32},
		.route = {.kind = FIB_ROUTE_BLACKHOLE, .next_hop = ip_addr_v4(CE_A)}};
	struct fixture f;

	fixture_init(&f);
	f.conf.peers = peers;
	f.conf.n_peers = 2;
	m.vrf = VRF_B;
	cr_assert_eq(fixture_say(&f, &m), EPERM);
	cr_assert_eq(f.m.kernel.routes.n, 0);
	m.vrf = VRF_A;
	cr_assert_eq(fixture_say(&f, &m), 0);
	cr_assert_eq(f.m.kernel.routes.n, 1);
	cr_assert_eq(fixture_del(&f, VRF_A, "172.16.2.9/32"), 0);
	cr_assert_eq(f.m.kernel.routes.n, 0);
	fixture_fini(&f);
}

Test(plan, only_a_core_neighbors_own_address_may_be_said_to_be_one_hop_away)
{
	struct conf_peer peers[] = {
		{.vrf = VRF_A, .addr = ip_addr_v4(P1), .implicit_null = true},
		{.vrf = CONF_VRF_NONE, .addr = ip_addr_v4(PE2), .implicit_null = true},
		{.vrf = CONF_VRF_NONE, .addr = ip_addr_v4(PE2 + 1)},
	};
	static const uint32_t next_hops[] = {P1, PE2, PE2 + 1, PE2 + 2};
	struct fixture f;

	fixture_init(&f);
	f.conf.peers = peers;
	f.conf.n_peers = 3;
	for (unsigned i = 0; i < 4; i++) {
		struct ip_addr a = ip_addr_v4(next_hops[i]);
		cr_assert_eq(fixture_track(&f, next_hops[i]), 0);
		cr_assert_eq(fwd_lfib_nexthop_find(&f.m.lfib, &a)->implicit_null,
			next_hops[i] == PE2, "next hop %u", i);
	}
	fixture_fini(&f);
}

Test(plan, answers_of_a_former_bgpd_are_not_given_to_the_next)
{
	struct fixture f;
	struct fwd_op op;
	struct fwd_ack ack;

	fixture_init(&f);
	fwd_lfib_apply(
		&f.m.lfib, &(struct fib_msg){.type = FIB_LABEL_ADD, .seq = 5, .label = LABEL_A});
	cr_assert_eq(fwd_plan_next(&f.m.lfib, &op, 1), 1);
	fwd_lfib_restart(&f.m.lfib);
	fwd_plan_result(&f.m.lfib, &op, be_rec_apply(&f.m.kernel, &op));
	cr_assert_not(fwd_lfib_ack_get(&f.m.lfib, &ack));
	fixture_fini(&f);
}

Test(plan, a_path_that_the_kernel_refuses_becomes_a_blackhole)
{
	struct fixture f;

	fixture_init(&f);
	fixture_track(&f, PE2);
	fixture_path(&f, PE2, 17);
	f.m.kernel.fail_in = 1;
	f.m.kernel.fail_error = ENETUNREACH;
	cr_assert_eq(fixture_vpn(&f, VRF_A, "172.16.2.0/24", PE2, 80), 0,
		"the route stands, over a blackhole");
	const struct fwd_pair *p = only_pair(&f);
	cr_assert_eq(p->have, FWD_OBJECT_BLACKHOLE);
	fixture_path(&f, PE2, 18);
	cr_assert_eq(p->have, FWD_OBJECT_PATH, "a new path is tried");
	fixture_fini(&f);
}

Test(plan, ce_routes_follow_their_port)
{
	struct fixture f;
	struct fwd_port down = {.ifindex = 11, .bound = true},
			up = {.ifindex = 11, .up = true, .bound = true};

	fixture_init(&f);
	cr_assert_eq(fixture_ce(&f, VRF_A, "172.16.1.0/24", CE_A), 0);
	cr_assert_eq(f.m.kernel.routes.n, 1);
	fwd_lfib_port_set(&f.m.lfib, PORT_A, &down);
	be_rec_run(&f.m.kernel, &f.m.lfib);
	cr_assert_eq(f.m.kernel.routes.n, 0);
	fwd_lfib_port_set(&f.m.lfib, PORT_A, &up);
	be_rec_run(&f.m.kernel, &f.m.lfib);
	cr_assert_eq(f.m.kernel.routes.n, 1);
	fixture_fini(&f);
}

Test(plan, sync_removes_what_an_earlier_run_left_and_nothing_before)
{
	struct fixture f;
	struct fwd_op left[] = {
		{.kind = FWD_OP_NH_ADD, .nhid = 5, .path = {.oif = 10}},
		{.kind = FWD_OP_ROUTE_SET, .table = 1001, .addr = 0xac100200, .len = 24, .nhid = 5},
		{.kind = FWD_OP_ROUTE_SET, .table = 1001, .addr = 0xac100300, .len = 24, .nhid = 5},
		{.kind = FWD_OP_ROUTE_SET, .table = 4242, .addr = 0xac100300, .len = 24, .nhid = 5},
		{.kind = FWD_OP_LABEL_ADD, .label = LABEL_A, .oif = 100000},
		{.kind = FWD_OP_LABEL_ADD, .label = LABEL_B, .oif = 4711},
		{.kind = FWD_OP_LABEL_ADD, .label = 500, .oif = 4711},
	};

	fixture_init(&f);
	for (unsigned i = 0; i < sizeof(left) / sizeof(*left); i++)
		cr_assert_eq(be_rec_apply(&f.m.kernel, &left[i]), 0);
	fwd_lfib_found_nexthop(&f.m.lfib, 5);
	for (unsigned i = 1; i < 4; i++)
		fwd_lfib_found_route(&f.m.lfib, left[i].table, left[i].addr, left[i].len);
	for (unsigned i = 4; i < 7; i++)
		fwd_lfib_found_label(&f.m.lfib, left[i].label, left[i].oif);

	cr_assert_eq(fixture_label(&f, FIB_LABEL_ADD, LABEL_A, VRF_B), EEXIST,
		"still VRF A's, as remote PEs may think");
	cr_assert_eq(fixture_label(&f, FIB_LABEL_ADD, LABEL_A, VRF_A), 0);
	cr_assert_eq(count(&f, FWD_OP_LABEL_ADD), 3, "adopted: nothing to do");
	cr_assert_eq(fixture_label(&f, FIB_LABEL_ADD, LABEL_B, VRF_B), 0,
		"its device was nobody's: replaced");
	fixture_track(&f, PE2);
	cr_assert_eq(fixture_vpn(&f, VRF_A, "172.16.2.0/24", PE2, 80), 0);
	cr_assert_eq(f.m.kernel.routes.n, 3, "nothing removed yet");

	cr_assert_eq(fixture_say(&f, &(struct fib_msg){.type = FIB_SYNC}), 0);
	cr_assert_eq(f.m.kernel.routes.n, 1);
	cr_assert_eq(f.m.kernel.objects.n, 1);
	cr_assert_eq(f.m.kernel.labels.n, 2);
	fixture_fini(&f);
}

Test(plan, a_new_bgpd_keeps_what_it_says_again)
{
	struct fixture f;

	fixture_init(&f);
	fixture_track(&f, PE2);
	fixture_path(&f, PE2, 17);
	fixture_label(&f, FIB_LABEL_ADD, LABEL_A, VRF_A);
	fixture_label(&f, FIB_LABEL_ADD, LABEL_B, VRF_B);
	fixture_vpn(&f, VRF_A, "172.16.2.0/24", PE2, 80);
	fixture_vpn(&f, VRF_A, "172.16.3.0/24", PE2, 81);
	uint64_t sets = count(&f, FWD_OP_ROUTE_SET);

	fwd_lfib_restart(&f.m.lfib);
	cr_assert_eq(f.m.kernel.routes.n, 2, "forwarding goes on");
	fixture_track(&f, PE2);
	cr_assert_eq(fixture_label(&f, FIB_LABEL_ADD, LABEL_A, VRF_A), 0);
	cr_assert_eq(fixture_vpn(&f, VRF_A, "172.16.2.0/24", PE2, 80), 0);
	cr_assert_eq(fixture_say(&f, &(struct fib_msg){.type = FIB_SYNC}), 0);
	cr_assert_eq(count(&f, FWD_OP_ROUTE_SET), sets, "what is said again is not touched");
	cr_assert(
		f.m.kernel.routes.n == 1 && f.m.kernel.labels.n == 1 && f.m.kernel.objects.n == 1);
	fixture_fini(&f);
}

Test(plan, every_request_is_answered_once_also_when_overtaken)
{
	struct fixture f;
	struct fwd_ack ack;
	unsigned answers[4] = {0}, cancelled = 0;

	fixture_init(&f);
	for (uint32_t seq = 1; seq <= 3; seq++) {
		struct fib_msg m = {.type = seq == 2 ? FIB_LABEL_DEL : FIB_LABEL_ADD,
			.seq = seq,
			.label = LABEL_A};
		cr_assert_eq(fwd_lfib_apply(&f.m.lfib, &m), 0);
	}
	be_rec_run(&f.m.kernel, &f.m.lfib);
	while (fwd_lfib_ack_get(&f.m.lfib, &ack)) {
		answers[ack.seq]++;
		cancelled += ack.error == ECANCELED;
	}
	cr_assert(answers[1] == 1 && answers[2] == 1 && answers[3] == 1 && cancelled == 2);
	fixture_fini(&f);
}

/* Random requests and events; afterwards the kernel holds exactly what is wanted. */
static void random_step(struct fixture *f, uint64_t x)
{
	uint32_t nh = PE2 + (x >> 8) % 3, label = 80 + (x >> 16) % 4;
	uint16_t vrf = (x >> 20) % N_VRFS;
	char prefix[32];

	snprintf(prefix, sizeof(prefix), "10.%u.0.0/16", (unsigned)(x >> 24) % 8);
	switch (x % 8) {
	case 0:
	case 1:
	case 2:
		fixture_vpn(f, vrf, prefix, nh, label);
		break;
	case 3:
		fixture_ce(f, VRF_A, prefix, CE_A);
		break;
	case 4:
		fixture_del(f, vrf, prefix);
		break;
	case 5:
		fixture_path(f, nh, (x >> 32) % 3);
		break;
	case 6:
		be_rec_link_gone(&f->m.kernel, fwd_model_port_ifindex(PORT_CORE));
		fwd_lfib_link_gone(&f->m.lfib, fwd_model_port_ifindex(PORT_CORE));
		break;
	case 7:
		fixture_label(f, x >> 40 & 1 ? FIB_LABEL_ADD : FIB_LABEL_DEL,
			LABEL_MIN + (x >> 41) % 4, vrf);
		break;
	}
}

Test(plan, the_kernel_ends_with_exactly_what_is_wanted)
{
	uint64_t x = 1;
	struct fixture f;

	fixture_init(&f);
	for (unsigned i = 0; i < 3; i++)
		fixture_track(&f, PE2 + i);
	for (unsigned i = 0; i < 20000; i++) {
		x = x * 6364136223846793005ull + 1442695040888963407ull;
		random_step(&f, x >> 13);
		cr_assert_eq(be_rec_dangling(&f.m.kernel), 0);
		if (i % 16)
			continue;
		be_rec_run(&f.m.kernel, &f.m.lfib);
		uint32_t pos = 0, id, wanted = 0;
		while ((id = fwd_table_next(&f.m.lfib.routes, &pos))) {
			const struct fwd_route *r = fwd_table_at(&f.m.lfib.routes, id);
			wanted += r->want.via != FWD_VIA_NONE;
			cr_assert_eq(r->want.via, r->have.via);
			cr_assert_eq(r->want.ref, r->have.ref);
		}
		cr_assert_eq(wanted, f.m.kernel.routes.n);
		cr_assert_eq(f.m.lfib.pairs.n, f.m.kernel.objects.n);
	}
	fixture_say(&f, &(struct fib_msg){.type = FIB_BYE});
	cr_assert_eq(f.m.kernel.routes.n + f.m.kernel.objects.n + f.m.kernel.labels.n, 0);
	cr_assert_eq(f.m.lfib.routes.n + f.m.lfib.pairs.n, 0);
	fixture_fini(&f);
}

/* The same with another configuration: VRF a is an empty place, and a new one has its table. */
Test(plan, a_vrf_leaves_nothing_for_who_has_its_table_next)
{
	struct fixture f;
	struct conf next;
	struct conf_vrf vrfs[N_VRFS + 1];

	fixture_init(&f);
	cr_assert_eq(fixture_track(&f, PE2), 0);
	fixture_path(&f, PE2, 300);
	cr_assert_eq(fixture_label(&f, FIB_LABEL_ADD, LABEL_A, VRF_A), 0);
	cr_assert_eq(fixture_label(&f, FIB_LABEL_ADD, LABEL_B, VRF_B), 0);
	cr_assert_eq(fixture_vpn(&f, VRF_A, "172.16.2.0/24", PE2, 80), 0);
	cr_assert_eq(fixture_vpn(&f, VRF_B, "172.16.2.0/24", PE2, 80), 0);

	fwd_lfib_vrf_drop(&f.m.lfib, VRF_A);
	be_rec_run(&f.m.kernel, &f.m.lfib);
	for (unsigned len = 0; len <= 32; len++)
		cr_assert_eq(f.m.lfib.lens[VRF_A][len], 0u);
	cr_assert_eq(f.m.lfib.lens[VRF_B][24], 1u, "the other one keeps its route");
	cr_assert_eq(f.m.lfib.labels[LABEL_A - LABEL_MIN].have, FWD_VRF_NONE);
	cr_assert_eq(f.m.lfib.labels[LABEL_B - LABEL_MIN].have, VRF_B);

	next = f.conf;
	memcpy(vrfs, f.vrfs, sizeof(f.vrfs));
	vrfs[VRF_A] = (struct conf_vrf){.name = ""};
	vrfs[N_VRFS] = (struct conf_vrf){.name = "vrf-c", .table = 1001};
	next.vrfs = vrfs;
	next.n_vrfs = N_VRFS + 1;
	fwd_lfib_reload(&f.m.lfib, &next);
	fwd_lfib_vrf_set(&f.m.lfib, N_VRFS, fwd_model_vrf_ifindex(N_VRFS));
	cr_assert_eq(fixture_label(&f, FIB_LABEL_ADD, LABEL_A, VRF_A), ENOENT);
	cr_assert_eq(fixture_vpn(&f, VRF_A, "172.16.3.0/24", PE2, 80), ENOENT);
	cr_assert_eq(fixture_label(&f, FIB_LABEL_DEL, LABEL_A, VRF_A), 0, "late, and harmless");
	cr_assert_eq(fixture_del(&f, VRF_A, "172.16.2.0/24"), 0);
	cr_assert_eq(fixture_label(&f, FIB_LABEL_ADD, LABEL_A, N_VRFS), 0);
	cr_assert_eq(fixture_vpn(&f, N_VRFS, "172.16.4.0/24", PE2, 80), 0);
	cr_assert_eq(f.m.lfib.lens[N_VRFS][24], 1u);
	fixture_fini(&f);
}
