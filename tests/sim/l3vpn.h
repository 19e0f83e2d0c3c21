/*
 * Two PEs, two customers with the same addresses.
 *
 *   ce-a1 172.16.1.0/24 --192.168.1.0/30-- pe1 ==lsp== pe2 --192.168.2.0/30-- ce-a2 172.16.2.0/24
 *   ce-b1 172.16.1.0/24 --192.168.1.0/30--   (300, 301)   --192.168.2.0/30-- ce-b2 172.16.2.0/24, 172.16.9.0/24
 *
 * All CEs but ce-b1 speak BGP; ce-b1 stands behind a static route. 172.16.9.0/24 is B's alone.
 */
#ifndef TESTS_SIM_L3VPN_H
#define TESTS_SIM_L3VPN_H

#include "tests/sim/packets.h"

struct l3vpn {
	struct sim sim;
	struct sim_node *pe1, *pe2;
	struct sim_lsp *there, *back;
	char pe1_yaml[2048], ce_yaml[4][1024];
};

enum l3vpn_flaws {
	L3VPN_LABELS_ACCEPTED = 1, /* pe1's port to ce-a1: the dangerous switch */
	L3VPN_WRONG_KEY = 2,	   /* pe1 has another TCP-MD5 key than pe2 */
	L3VPN_RESTARTER = 4,	   /* pe1 asks pe2 to keep its routes; no flaw */
};

/* flaws: enum l3vpn_flaws bits. Nothing is started. */
void l3vpn_init(struct l3vpn *t, uint64_t seed, unsigned flaws);

/* Starts every node within start_us of each other. */
void l3vpn_start(struct l3vpn *t, uint64_t start_us);

/* Every route is in every kernel that wants it. */
sim_condition l3vpn_is_up;

/* Nothing is queued in any router: the isolation checker may look. */
unsigned l3vpn_leaks(const struct l3vpn *t);

/* VRF number of pe1 and pe2. */
enum { L3VPN_A, L3VPN_B };

/* The label of this VRF; the remote PE's routes in the kernel of n for this VRF. */
uint32_t l3vpn_label(const struct sim_node *pe, unsigned vrf);
unsigned l3vpn_remote_routes(const struct sim_node *pe, unsigned vrf);

#endif
