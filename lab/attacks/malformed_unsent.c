/* What of the regression list no message over a session can express. */
#include "lab/attacks/malformed_case.h"
#include "lib/check.h"

const struct malformed_unsent *malformed_unsent_at(size_t i)
{
	static const struct malformed_unsent rows[] = {
		{"R10", "the error NOTIFICATION races with the end of the peer (CVE-2022-37035)",
			"a race between two threads of one daemon; ours has one thread a process"},
		{"R31", "more RPKI changes than a socket buffer holds (CVE-2024-55553)",
			"RTR, not BGP; we speak no RTR"},
		{"R48", "a malformed UPDATE and a new session at once, for ever",
			"not a message: the group itself does so, once a case"},
		{"R50", "an UPDATE too long for a neighbour of 4096 octets (use after free)",
			"happens on the way to a second neighbour; tests/unit/core/long.c has it"},
		{"R55", "RTR PDU shorter than its header", "RTR, not BGP; we speak no RTR"},
		{"R56", "MRT dump with a 16-bit length",
			"a file that the daemon writes; we write no MRT"},
		{"R64", "an incoming connection for a disabled protocol",
			"needs an operator's order in between; tests/unit/fsm has every event in "
			"every state"},
		{"R65", "BMP name off by one", "BMP, not BGP; we speak no BMP"},
		{"R67", "MRT header length (CVE-2025-43970)", "a file, not BGP; we read no MRT"},
		{"R70", "RTR length (CVE-2025-43973)", "RTR, not BGP; we speak no RTR"},
		{"R82",
			"a long AS_PATH of 4-octet numbers on its way to a neighbour of two octets "
			"(CVE-2023-44186)",
			"happens on the way to a second neighbour; tests/vectors/as4.vec has the "
			"encoding"},
		{"R86", "flaps, damping and a limit of accepted prefixes together (CVE-2020-1662)",
			"a course of events over minutes; we have no damping"},
		{"R87", "flaps while a restart is waited for (CVE-2024-21585)",
			"a course of events; tests/unit/core/restart.c has ours"},
	};

	return i < ARRAY_LEN(rows) ? &rows[i] : NULL;
}
