#include <criterion/criterion.h>
#include <stdlib.h>

#include "bgpd/io/accept.h"
#include "bgpd/io/links.h"
#include "mplsfwd/fibmsg.h"

Test(links, an_id_is_never_used_twice)
{
	struct io_links *t = calloc(1, sizeof(*t));
	uint32_t before = 0;

	for (unsigned i = 0; i < 100; i++) {
		struct io_link *l = io_links_add(t);
		cr_assert(l->id != 0 && l->id > before);
		cr_assert(io_links_find(t, before) == NULL && io_links_find(t, l->id) == l);
		before = l->id;
		io_links_del(t, l);
	}
	for (unsigned i = 0; i < IO_LINKS_MAX; i++)
		cr_assert(io_links_add(t) != NULL);
	cr_assert(io_links_add(t) == NULL && t->n == IO_LINKS_MAX);
	io_links_fini(t);
	cr_assert(t->n == 0);
	free(t);
}

/* A neighbour that never says FIN keeps what we close for a while: that counts as well, or it had all descriptors. */
Test(links, what_is_being_closed_counts_too)
{
	struct io_links *t = calloc(1, sizeof(*t));
	struct ip_addr any = {0};

	for (unsigned i = 0; i < 6; i++) {
		struct io_link *l = io_links_add(t);
		l->peer = i / 3;
		l->accepted = i % 3 > 0;
		l->done = i % 3 > 1;
		l->remote = ip_addr_v4(0x0a000000 + i);
	}
	cr_assert(io_links_accepted(t, 0, &any) == 2 && io_links_accepted(t, 1, &any) == 2);
	any = ip_addr_v4(0x0a000001);
	cr_assert(io_links_accepted(t, 0, &any) == 1 && io_links_accepted(t, 1, &any) == 0);
	io_links_fini(t);
	free(t);
}

Test(links, a_peer_is_known_by_vrf_and_address)
{
	struct conf_peer peers[] = {
		{.name = "core", .addr = ip_addr_v4(0x0a000001), .vrf = CONF_VRF_NONE},
		{.name = "a", .addr = ip_addr_v4(0xc0a80102), .vrf = 0},
		{.name = "b", .addr = ip_addr_v4(0xc0a80102), .vrf = 1},
	};
	struct conf conf = {.peers = peers, .n_peers = 3, .n_vrfs = 2};

	cr_assert(io_accept_match(&conf, FIB_VRF_CORE, &peers[0].addr) == 0);
	cr_assert(io_accept_match(&conf, 0, &peers[1].addr) == 1);
	cr_assert(io_accept_match(&conf, 1, &peers[2].addr) == 2);
	cr_assert(io_accept_match(&conf, FIB_VRF_CORE, &peers[1].addr) == -1);
	cr_assert(io_accept_match(&conf, 0, &peers[0].addr) == -1);
}

Test(links, an_address_of_its_own_before_the_longest_range)
{
	struct conf_peer peers[] = {
		{.dynamic = true, .range = {ip_addr_v4(0x0a000000), 8}, .vrf = 0},
		{.dynamic = true, .range = {ip_addr_v4(0x0a010000), 16}, .vrf = 0},
		{.dynamic = true, .range = {ip_addr_v4(0x0a010000), 16}, .vrf = 0, .slot = 1},
		{.addr = ip_addr_v4(0x0a010102), .vrf = 0},
	};
	struct conf conf = {.peers = peers, .n_peers = 4, .n_vrfs = 2};
	struct ip_addr own = peers[3].addr, far = ip_addr_v4(0x0a020000),
		       near = ip_addr_v4(0x0a010203), none = ip_addr_v4(0x0b000000);

	cr_assert_eq(io_accept_match(&conf, 0, &own), 3);
	cr_assert_eq(io_accept_match(&conf, 0, &near), 1);
	cr_assert_eq(io_accept_match(&conf, 0, &far), 0);
	cr_assert_eq(io_accept_match(&conf, 0, &none), -1);
	cr_assert_eq(io_accept_match(&conf, 1, &near), -1);
}

Test(links, addresses_of_a_range_are_told_apart)
{
	unsigned count[64] = {0}, most = 0, same = 0;

	for (unsigned i = 0; i < 6400; i++) {
		struct ip_addr a = ip_addr_v4(0x0a000000 + i);
		unsigned at = io_accept_place(&a, 7, 64);

		cr_assert_lt(at, 64u);
		same += at == io_accept_place(&a, 8, 64);
		most = ++count[at] > most ? count[at] : most;
	}
	cr_assert_lt(most, 200u);
	cr_assert_lt(same, 400u, "the seed decides");
}

Test(links, a_peer_that_comes_too_often_waits_for_the_next_second)
{
	struct io_accept_pace p = {0};

	for (unsigned s = 0; s < 3; s++) {
		for (unsigned i = 0; i < IO_ACCEPT_PACE; i++)
			cr_assert(io_accept_pace(&p, IO_ACCEPT_PACE, 5000 + 1000 * s + i));
		for (unsigned i = 0; i < 100; i++)
			cr_assert(!io_accept_pace(&p, IO_ACCEPT_PACE, 5999 + 1000 * s));
	}
}
