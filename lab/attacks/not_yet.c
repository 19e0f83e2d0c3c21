/* Rows of the catalogue that are not built: the report lists them with the reason, under the clauses that they would be about. */
#include "lab/attacks/catalogue.h"
#include "lib/check.h"

const struct attack_missing *attack_missing_at(size_t i)
{
	static const struct attack_missing rows[] = {
		{"LBL-22", "a label that was withdrawn, and given to another VRF",
			"a VRF's label lives as long as the router runs, so nothing from "
			"outside makes it withdraw one; quarantine and restarts are tested in "
			"tests/unit/vrf and tests/kernel/restart",
			"RFC 4381 3.4, RFC 3031 3.18"},
		{"RTG-02", "a customer that announces and withdraws without end",
			"no limit of a rate is to be switched off: fairness is the turns of the "
			"loop (docs/ARCHITECTURE.md, Data flow), measured in tests/bench; what "
			"it costs others on one shared slow core would say nothing",
			"RFC 4381 3.3"},
		{"RTG-04", "arithmetic of limits near 2^32",
			"no lab holds 2^32 routes: tests/unit/core/limit.c has it", "RFC 4381 3.3"},
		{"RTG-05", "a limit for each VPN on an inter-AS session",
			"limits are of a session or of a VRF (RTG-01, RTG-03); of a VPN on a "
			"session between providers (RFC 4364 10b) there is none",
			"RFC 5920 8.1"},
		{"RTG-06", "a more-specific route of another site's prefix",
			"there are no prefix lists of a customer's", "RFC 7454 6"},
		{"RTG-09", "route targets a customer may choose from",
			"a customer's targets are stripped or kept (RTG-08), not agreed one by "
			"one",
			"RFC 4364 4.3.1"},
		{"RTG-20", "an RD of another PE's",
			"a reflector has no list of the RDs that a PE may use; a CE has no way "
			"to name one (RTG-14)",
			"RFC 4364 4.1"},
		{"RTG-16", "a route server changes what it passes on",
			"the route server's transparency is tested against real peers "
			"(tests/interop); its place here comes with the route server's lab",
			"RFC 7947 2.2"},
		{"RTG-17", "path hiding", "as RTG-16", "RFC 7947 2.3"},
		{"MGT-05", "from customer to customer through the management VRF",
			"a management port is left alone, outside of every VRF: there is no VRF "
			"of its own to cross. Crossing between VRFs is what the VRF rows try",
			"RFC 4364 12"},
		{"MGT-06", "a change of the configuration interrupted half-way",
			"the configuration is read at the start and not changed while the "
			"router runs. Killed at every stage of its start it leaves no port "
			"open: tests/kernel/hostile, tests/kernel/edge",
			"RFC 4381 7"},
		{"VRF-04", "connections of one VRF known in another",
			"the router keeps no state of connections: there is no conntrack whose "
			"zones could be mixed up",
			"RFC 4381 2.1"},
	};

	return i < ARRAY_LEN(rows) ? &rows[i] : NULL;
}
