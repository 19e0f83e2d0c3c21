/*
 * The simulation of `make check`: each scenario over many seeds. With arguments:
 *   sim_test SCENARIO SEED                       one run, told line by line
 *   sim_test SCENARIO SEED NODE RUN CONFIG       ... and NODE recorded for tests/replay
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "tests/sim/l3vpn.h"

#define SECOND	   UINT64_C(1000000)
#define UP_WITHIN  (20 * SECOND)
#define EXPECT(ok) expect((ok), __LINE__, #ok)

static bool expect(bool ok, int line, const char *what)
{
	if (!ok)
		printf("  main.c:%d: not so: %s\n", line, what);
	return ok;
}

static bool delivered(struct l3vpn *t, const char *from, const char *dst, const char *to)
{
	struct sim_trip trip = sim_ping(&t->sim, from, dst);

	if (trip.verdict == FWD_LOCAL && trip.at == sim_node_find(&t->sim, to))
		return true;
	printf("  %s -> %s ends at %s: %s %s\n", from, dst, trip.at->name,
		fwd_verdict_name(trip.verdict), fwd_reason_name(trip.reason));
	return false;
}

static bool start_up(struct l3vpn *t)
{
	l3vpn_start(t, 2 * SECOND);
	return EXPECT(sim_run(&t->sim, UP_WITHIN, l3vpn_is_up, NULL));
}

/* Same addresses, two customers: each reaches its own, nobody reaches the other. */
static bool two_customers(struct l3vpn *t)
{
	struct sim_trip trip;

	if (!start_up(t))
		return false;
	sim_run(&t->sim, SECOND, NULL, NULL);
	trip = sim_ping(&t->sim, "ce-a1", "172.16.2.1");
	if (!EXPECT(trip.core_hops == 1 && trip.core_labels[0] == 300 &&
		    trip.core_labels[1] == l3vpn_label(t->pe2, L3VPN_A)))
		return false;
	/* what only B has, A cannot reach: not from its own site, not across the core */
	trip = sim_ping(&t->sim, "ce-a1", "172.16.9.1");
	if (!EXPECT(trip.verdict == FWD_DROP && trip.reason == FWD_NO_ROUTE))
		return false;
	trip = sim_ping(&t->sim, "ce-a2", "172.16.9.1");
	return EXPECT(trip.verdict == FWD_DROP && trip.reason == FWD_NO_ROUTE) &&
	       EXPECT(delivered(t, "ce-b1", "172.16.9.1", "ce-b2")) && EXPECT(l3vpn_leaks(t) == 0);
}

/* A customer's own label aimed at the other's VRF: dropped at the door. */
static bool labels_are_refused(struct l3vpn *t)
{
	struct sim_trip trip;

	if (!start_up(t))
		return false;
	trip = sim_inject(&t->sim, "pe1", "eth2", l3vpn_label(t->pe1, L3VPN_B), "172.16.1.1");
	return EXPECT(trip.verdict == FWD_DROP && trip.reason == FWD_MPLS_NOT_ENABLED);
}

/* ... and with the protection off it is delivered, so the test above can fail. */
static bool labels_are_accepted(struct l3vpn *t)
{
	struct sim_trip trip;

	if (!start_up(t))
		return false;
	trip = sim_inject(&t->sim, "pe1", "eth2", l3vpn_label(t->pe1, L3VPN_B), "172.16.1.1");
	return EXPECT(trip.verdict == FWD_LOCAL && trip.at == sim_node_find(&t->sim, "ce-b1"));
}

static bool core_session_is_down(struct sim *s, void *arg)
{
	struct l3vpn *t = arg;

	(void)s;
	return l3vpn_remote_routes(t->pe1, L3VPN_A) == 0 &&
	       l3vpn_remote_routes(t->pe2, L3VPN_B) == 0;
}

/* TCP between the PEs is cut, again and again: routes go, routes come back. */
static bool session_loss(struct l3vpn *t)
{
	if (!start_up(t))
		return false;
	for (unsigned i = 0; i < 3; i++) {
		sim_cut(&t->sim, t->pe1, t->pe2);
		if (!EXPECT(sim_run(&t->sim, SECOND, core_session_is_down, t)))
			return false;
		if (!EXPECT(sim_run(&t->sim, 60 * SECOND, l3vpn_is_up, NULL)))
			return false;
	}
	sim_run(&t->sim, SECOND, NULL, NULL);
	return EXPECT(l3vpn_leaks(t) == 0);
}

/* Packets of customer B every 20 ms while pe1's bgpd is away for 3 s and until all is as before: how many were lost. */
static unsigned restart_losses(struct l3vpn *t)
{
	uint32_t label = l3vpn_label(t->pe1, L3VPN_B);
	struct sim *s = &t->sim;
	unsigned lost = 0;

	sim_node_restart(t->pe1, 3 * SECOND);
	for (unsigned i = 0; i < 40 * 50; i++) {
		sim_run(s, SECOND / 50, NULL, NULL);
		lost += sim_ping(s, "ce-b1", "172.16.2.1").at != sim_node_find(s, "ce-b2");
		lost += sim_ping(s, "ce-b2", "172.16.1.1").at != sim_node_find(s, "ce-b1");
	}
	EXPECT(l3vpn_label(t->pe1, L3VPN_B) == label);
	return lost;
}

/* RFC 4724: the kernel of pe1 goes on, pe2 keeps the routes, and nothing of it is left afterwards. */
static bool restart(struct l3vpn *t)
{
	return start_up(t) && EXPECT(restart_losses(t) == 0) &&
	       EXPECT(sim_run(&t->sim, 60 * SECOND, l3vpn_is_up, NULL)) &&
	       EXPECT(l3vpn_label(t->pe1, L3VPN_B) != WIRE_LABEL_NONE) &&
	       EXPECT(l3vpn_leaks(t) == 0);
}

/* Whoever does not come back within its Restart Time is given up: nothing of it is left at the other PE. */
static bool restart_too_late(struct l3vpn *t)
{
	if (!start_up(t))
		return false;
	sim_node_restart(t->pe1, 100 * SECOND);
	sim_run(&t->sim, 29 * SECOND, NULL, NULL);
	if (!EXPECT(l3vpn_remote_routes(t->pe2, L3VPN_B) > 0))
		return false;
	sim_run(&t->sim, 5 * SECOND, NULL, NULL);
	return EXPECT(l3vpn_remote_routes(t->pe2, L3VPN_A) == 0) &&
	       EXPECT(l3vpn_remote_routes(t->pe2, L3VPN_B) == 0) &&
	       EXPECT(sim_run(&t->sim, 120 * SECOND, l3vpn_is_up, NULL)) &&
	       EXPECT(l3vpn_leaks(t) == 0);
}

/* Positive control: nobody was asked to keep anything. */
static bool restart_control(struct l3vpn *t)
{
	return start_up(t) && EXPECT(restart_losses(t) > 0) &&
	       EXPECT(sim_run(&t->sim, 60 * SECOND, l3vpn_is_up, NULL));
}

/* The core's route to the other PE is late, changes its label, goes and comes back. */
static bool transport_changes(struct l3vpn *t)
{
	struct sim_trip trip;

	sim_lsp_set(&t->sim, t->there, 300, false);
	l3vpn_start(t, 2 * SECOND);
	sim_run(&t->sim, UP_WITHIN, NULL, NULL);
	if (!EXPECT(l3vpn_remote_routes(t->pe1, L3VPN_A) == 0) ||
		!EXPECT(l3vpn_remote_routes(t->pe2, L3VPN_A) > 0))
		return false;
	sim_lsp_set(&t->sim, t->there, 300, true);
	if (!EXPECT(sim_run(&t->sim, SECOND, l3vpn_is_up, NULL)))
		return false;
	sim_lsp_set(&t->sim, t->there, 777, true);
	trip = sim_ping(&t->sim, "ce-a1", "172.16.2.1"); /* at once: no route need be touched */
	if (!EXPECT(trip.verdict == FWD_LOCAL && trip.core_labels[0] == 777))
		return false;
	sim_lsp_set(&t->sim, t->there, 777, false);
	trip = sim_ping(&t->sim, "ce-a1", "172.16.2.1"); /* at once: not into a dead path */
	if (!EXPECT(trip.verdict == FWD_DROP && trip.reason == FWD_UNRESOLVED))
		return false;
	sim_run(&t->sim, SECOND, NULL, NULL);
	if (!EXPECT(l3vpn_remote_routes(t->pe1, L3VPN_A) == 0))
		return false;
	sim_lsp_set(&t->sim, t->there, 301, true);
	return EXPECT(sim_run(&t->sim, SECOND, l3vpn_is_up, NULL));
}

/* Not one VPN route leaves before the pop entry of its label is acknowledged. */
static bool label_before_routes(struct l3vpn *t)
{
	t->pe2->hold_acks = true;
	l3vpn_start(t, 2 * SECOND);
	sim_run(&t->sim, UP_WITHIN, NULL, NULL);
	if (!EXPECT(l3vpn_remote_routes(t->pe1, L3VPN_A) == 0) ||
		!EXPECT(l3vpn_remote_routes(t->pe2, L3VPN_A) > 0))
		return false;
	sim_release_acks(t->pe2);
	return EXPECT(sim_run(&t->sim, SECOND, l3vpn_is_up, NULL));
}

static bool is_done(struct sim *s, void *arg)
{
	const struct sim_node *n = arg;

	(void)s;
	return n->done;
}

/* A stopped PE leaves nothing: not in its kernel, not in the other PE. */
static bool stop_leaves_nothing(struct l3vpn *t)
{
	if (!start_up(t))
		return false;
	sim_node_stop(t->pe2);
	if (!EXPECT(sim_run(&t->sim, SECOND, is_done, t->pe2)))
		return false;
	sim_run(&t->sim, SECOND, NULL, NULL);
	return EXPECT(t->pe2->fib.kernel.labels.n == 0) &&
	       EXPECT(t->pe2->fib.kernel.routes.n == 0) &&
	       EXPECT(t->pe2->fib.kernel.objects.n == 0) &&
	       EXPECT(l3vpn_remote_routes(t->pe1, L3VPN_A) == 0) &&
	       EXPECT(l3vpn_remote_routes(t->pe1, L3VPN_B) == 0);
}

/* Another key than the neighbour's: no session, nothing exchanged, and both sides can tell why. */
static bool wrong_key(struct l3vpn *t)
{
	l3vpn_start(t, 2 * SECOND);
	sim_run(&t->sim, 30 * SECOND, NULL, NULL);
	return EXPECT(l3vpn_remote_routes(t->pe1, L3VPN_A) == 0) &&
	       EXPECT(t->pe1->router->peers[1].count.md5_mismatch > 0) &&
	       EXPECT(t->pe2->router->peers[2].count.md5_mismatch > 0) &&
	       EXPECT(t->pe2->router->peers[0].count.md5_mismatch == 0);
}

/* Cuts and core failures at random, customers' sessions too; in the end everything is as it should be. */
static bool chaos(struct l3vpn *t)
{
	static const char *const ces[] = {"ce-a1", "ce-a2", "ce-b2"};

	l3vpn_start(t, 5 * SECOND);
	for (unsigned i = 0; i < 20; i++) {
		struct sim_node *c = sim_node_find(&t->sim, ces[sim_random(&t->sim, 3)]);
		struct sim_lsp *l = sim_random(&t->sim, 2) ? t->there : t->back;

		sim_run(&t->sim, sim_random(&t->sim, SECOND), NULL, NULL);
		if (sim_random(&t->sim, 2))
			sim_cut(&t->sim, t->pe1, t->pe2);
		if (sim_random(&t->sim, 2))
			sim_cut(&t->sim, c, c->name[4] == '1' ? t->pe1 : t->pe2);
		sim_lsp_set(&t->sim, l,
			300 + (uint32_t)sim_random(&t->sim, 100) * 2 + (l == t->back),
			sim_random(&t->sim, 4) != 0);
		if (!EXPECT(sim_ping(&t->sim, "ce-a1", "172.16.9.1").verdict == FWD_DROP))
			return false;
	}
	sim_lsp_set(&t->sim, t->there, 300, true);
	sim_lsp_set(&t->sim, t->back, 301, true);
	/* idle hold has grown: give it its time */
	if (!EXPECT(sim_run(&t->sim, 180 * SECOND, l3vpn_is_up, NULL)))
		return false;
	sim_run(&t->sim, SECOND, NULL, NULL);
	return EXPECT(l3vpn_leaks(t) == 0) && EXPECT(be_rec_dangling(&t->pe1->fib.kernel) == 0);
}

static const struct scenario {
	const char *name;
	bool (*run)(struct l3vpn *t);
	unsigned seeds;
	unsigned flaws; /* enum l3vpn_flaws */
} scenarios[] = {
	{"two-customers", two_customers, 40, 0},
	{"labels-are-refused", labels_are_refused, 10, 0},
	{"labels-are-accepted", labels_are_accepted, 10, L3VPN_LABELS_ACCEPTED},
	{"session-loss", session_loss, 20, 0},
	{"restart", restart, 20, L3VPN_RESTARTER},
	{"restart-too-late", restart_too_late, 10, L3VPN_RESTARTER},
	{"restart-control", restart_control, 5, 0},
	{"transport-changes", transport_changes, 20, 0},
	{"label-before-routes", label_before_routes, 20, 0},
	{"stop-leaves-nothing", stop_leaves_nothing, 20, 0},
	{"wrong-key", wrong_key, 10, L3VPN_WRONG_KEY},
	{"chaos", chaos, 40, 0},
};

/* args: SCENARIO SEED [NODE RUN CONFIG], or NULL for a quiet run. */
static bool run_one(const struct scenario *sc, uint64_t seed, char **args)
{
	struct l3vpn *t = calloc(1, sizeof(*t));
	bool ok;

	CHECK(t);
	l3vpn_init(t, seed, sc->flaws);
	t->sim.verbose = args != NULL;
	if (args && args[2])
		sim_record(sim_node_find(&t->sim, args[2]), args[3], args[4]);
	ok = sc->run(t);
	if (!ok)
		printf("FAIL %s: again with: sim_test %s %llu\n", sc->name, sc->name,
			(unsigned long long)seed);
	sim_fini(&t->sim);
	free(t);
	return ok;
}

int main(int argc, char **argv)
{
	unsigned passed = 0, failed = 0;

	for (unsigned i = 0; i < ARRAY_LEN(scenarios); i++) {
		const struct scenario *sc = &scenarios[i];

		if (argc == 3 || argc == 6) {
			if (!strcmp(argv[1], sc->name))
				return !run_one(sc, strtoull(argv[2], NULL, 10), argv + 1);
			continue;
		}
		for (unsigned seed = 1; seed <= sc->seeds; seed++)
			if (run_one(sc, seed, NULL))
				passed++;
			else
				failed++;
	}
	printf("%u passed, %u failed, 0 skipped\n", passed, failed);
	return failed != 0;
}
