#include "cli/command.h"

#include <string.h>

#include "lib/check.h"

static const struct cli_row rows[] = {
	{"show bgp summary", "/v1/bgp/summary", NULL, cli_render_summary,
		"neighbors: state, prefixes, why one ended"},
	{"show bgp neighbors", "/v1/bgp/neighbors", "WHO", cli_render_neighbors,
		"all that is known of each neighbor"},
	{"show bgp neighbors WHO received", "/v1/bgp/neighbors/received", "PREFIX",
		cli_render_received, "what it has told, as it was let in"},
	{"show bgp neighbors WHO advertised", "/v1/bgp/neighbors/advertised", "PREFIX",
		cli_render_advertised, "what it is told, as it is sent"},
	{"show bgp ipv4", "/v1/bgp/ipv4", "PREFIX", cli_render_ipv4,
		"IPv4 routes of the core, or of one prefix"},
	{"show bgp vpnv4", "/v1/bgp/vpnv4", "PREFIX", cli_render_vpnv4,
		"VPN-IPv4 routes, and why the best is best"},
	{"show bgp rejected", "/v1/bgp/rejected", "PREFIX", cli_render_rejected,
		"routes that policies rejected, and why"},
	{"show bgp vrf VRF ipv4", "/v1/bgp/vrf", "PREFIX", cli_render_ipv4,
		"BGP routes of a VRF, or of one prefix"},
	{"show vrf", "/v1/vrf", "VRF", cli_render_vrf, "VRFs: route targets, label, routes",
		"name"},
	{"show mpls", "/v1/mpls", NULL, cli_render_mpls, "labels, transport to next hops, ports"},
	{"show mpls path PREFIX vrf VRF", "/v1/bgp/explain", NULL, cli_render_path,
		"the labels that a VRF's route leaves with"},
	{"show guard", "/v1/guard", "PORT", cli_render_guard,
		"ports, and what they dropped and why"},
	{"show guard drops", "/v1/guard/drops", NULL, cli_render_drops,
		"the last packets that were dropped"},
	{"show rpki", "/v1/rpki", "PREFIX", cli_render_rpki,
		"RPKI caches, and what they say of a prefix"},
	{"show bmp", "/v1/bmp", NULL, cli_render_bmp, "monitoring stations, and how they follow"},
	{"show config", "/v1/config", "PATH", cli_render_config,
		"the configuration in force, without keys", .wide = true},
	{"show log", "/v1/log", "LEVEL", cli_render_log,
		"the last lines of the log, from a level on", .wide = true},
	{"show memory", "/v1/memory", NULL, cli_render_memory, "objects alive, by pool"},
	{"show version", "/v1/version", NULL, cli_render_version,
		"version of the daemon that runs"},
	{"explain PREFIX", "/v1/bgp/explain", NULL, cli_render_explain,
		"why a route is (not) used, and who has it", .also = "vrf VRF"},
	{"monitor", "/v1/events", "WHAT", NULL, "what happens, as it happens: JSON lines",
		.does = CLI_MONITOR},

	{"diff", "/v1/reload/try", NULL, cli_render_reload, "what a reload would change, in full",
		.does = CLI_ORDER, .wide = true},
	{"reload", "/v1/reload", NULL, cli_render_reload,
		"read the configuration anew; sessions stay", .does = CLI_ORDER, .wide = true,
		.options = CLI_CONFIRM_WITHIN "=TIME"},
	{"confirm", "/v1/confirm", NULL, cli_render_confirm,
		"keep what `reload --confirm-within` did", .does = CLI_ORDER},
	{"neighbor WHO reset", "/v1/bgp/neighbors/reset", "TEXT", cli_render_order,
		"end the session and begin it again", .does = CLI_ORDER},
	{"neighbor WHO shutdown", "/v1/bgp/neighbors/shutdown", "TEXT", cli_render_order,
		"end it, and have none until `enable`", .does = CLI_ORDER},
	{"neighbor WHO enable", "/v1/bgp/neighbors/enable", NULL, cli_render_order,
		"let it have a session again", .does = CLI_ORDER},
	{"neighbor WHO refresh", "/v1/bgp/neighbors/refresh", "FAMILY", cli_render_order,
		"ask for its routes, tell it ours, again", .does = CLI_ORDER},
	{"neighbor WHO refresh in", "/v1/bgp/neighbors/refresh-in", "FAMILY", cli_render_order,
		"ask for its routes again", .does = CLI_ORDER},
	{"neighbor WHO refresh out", "/v1/bgp/neighbors/refresh-out", "FAMILY", cli_render_order,
		"tell it ours again", .does = CLI_ORDER},
	{"neighbor WHO graceful-shutdown on", "/v1/bgp/neighbors/graceful-shutdown-on", NULL,
		cli_render_order, "tell it to prefer other ways (RFC 8326)", .does = CLI_ORDER},
	{"neighbor WHO graceful-shutdown off", "/v1/bgp/neighbors/graceful-shutdown-off", NULL,
		cli_render_order, "tell it not to any more", .does = CLI_ORDER},

	{"web", NULL, CLI_REST, NULL, "the daemon's page, for your browser", .does = CLI_WEB,
		.options = "--port=PORT"},
	{"audit", NULL, CLI_REST, NULL, "the kernel, explained or flagged", .does = CLI_AUDIT,
		.options = "--config=FILE --of-host --netns=NAME --core=PORT --management=PORT "
			   "--checks"},
	{"policy test", NULL, CLI_REST, NULL, "what import policies make of a route",
		.does = CLI_POLICY, .takes = "FILE NEIGHBOR",
		.options = "--route=ROUTE --export --policy=NAME"},
	{"mrt dump", NULL, CLI_REST, NULL, "routes of the core as an MRT file", .does = CLI_MRT,
		.takes = "FILE", .options = "--force"},
	{"mrt updates", NULL, CLI_REST, NULL, "what neighbors say, into MRT files", .does = CLI_MRT,
		.takes = "FILE", .options = "--force --neighbor=NEIGHBOR --sent --rotate=TIME"},
	{"mrt help", NULL, CLI_REST, NULL, "what those commands take", .does = CLI_MRT},
	{"lab run", NULL, CLI_REST, NULL, "a network, its scenario, the outcome", .does = CLI_LAB,
		.takes = "[TOPOLOGY]",
		.options =
			"--backend=BACKEND --scenario=FILE --json --junit=FILE --timeout=SECONDS"},
	{"lab attack", NULL, CLI_REST, NULL, "the catalogue of attacks on a PE", .does = CLI_LAB,
		.takes = "[ATTACK ...]", .options = "--pe=PE --quick --list --out=DIR"},
	{"lab up", NULL, CLI_REST, NULL, "a network that stays until `down`", .does = CLI_LAB,
		.takes = "[TOPOLOGY]", .options = "--backend=BACKEND --timeout=SECONDS"},
	{"lab down", NULL, CLI_REST, NULL, "the end of it", .does = CLI_LAB},
	{"lab list", NULL, CLI_REST, NULL, "networks that are up", .does = CLI_LAB},
	{"lab shell", NULL, CLI_REST, NULL, "a shell in one of their nodes", .does = CLI_LAB,
		.takes = "NODE"},
	{"lab exec", NULL, CLI_REST, NULL, "one command there", .does = CLI_LAB,
		.takes = "NODE COMMAND ..."},
	{"lab validate", NULL, CLI_REST, NULL, "does what is expected of a lab hold",
		.does = CLI_LAB, .takes = "[TOPOLOGY]",
		.options = "--scenario=FILE --wait=SECONDS --json"},
	{"lab check", NULL, CLI_REST, NULL, "is a topology well-formed", .does = CLI_LAB,
		.takes = "TOPOLOGY", .options = "--scenario=FILE"},
	{"lab graph", NULL, CLI_REST, NULL, "a picture of a network", .does = CLI_LAB,
		.takes = "TOPOLOGY", .options = "--mermaid --dot --svg"},
	{"lab capture", NULL, CLI_REST, NULL, "what goes over a port, as pcapng", .does = CLI_LAB,
		.takes = "NODE:PORT [FILTER ...]", .options = "--count=N"},
	{"lab init", NULL, CLI_REST, NULL, NULL, .does = CLI_LAB},
	{"lab help", NULL, CLI_REST, NULL, "what those commands take", .does = CLI_LAB},
	{"log verify", NULL, CLI_REST, NULL, "is a security log whole", .does = CLI_LOG,
		.takes = "FILE ...", .options = "--head=HASH"},
	{"log help", NULL, CLI_REST, NULL, "what that command takes", .does = CLI_LOG},
	{"report verify", NULL, CLI_REST, NULL, "does a report hold what was signed",
		.does = CLI_REPORT, .takes = "[DIR]", .options = "--key=FILE"},
	{"report keygen", NULL, CLI_REST, NULL, "a key to sign reports with", .does = CLI_REPORT,
		.takes = "FILE"},
	{"report help", NULL, CLI_REST, NULL, "what those commands take", .does = CLI_REPORT},
	{"completion bash", NULL, CLI_REST, NULL, "completion of these words, for bash",
		.does = CLI_COMPLETION},
	{"completion zsh", NULL, CLI_REST, NULL, "... for zsh", .does = CLI_COMPLETION},
	{"completion fish", NULL, CLI_REST, NULL, "... for fish", .does = CLI_COMPLETION},
	{"help", NULL, CLI_REST, NULL, "this, or of some words alone", .does = CLI_HELP,
		.takes = "[WORD ...]"},
};

static const struct cli_kind kinds[] = {
	{"PREFIX", "prefix", "192.0.2.0/24"},
	{"WHO", "name", "a name, an address, a range's name, or all", .path = "/v1/bgp/summary",
		.list = "peers", .member = "name"},
	{"VRF", "vrf", "the name of a VRF", .path = "/v1/vrf", .list = "vrfs", .member = "name"},
	{"PORT", "name", "the name of a port", .path = "/v1/guard", .list = "ports",
		.member = "name"},
	{"NAME", "name", "its name"},
	{"PATH", "path", "neighbors/pe2, or what it begins with", .path = "/v1/config",
		.list = "objects", .member = "path"},
	{"FAMILY", "family", "of addresses", .words = "ipv4-unicast vpnv4 rt-constraint"},
	{"TEXT", "text", "for the other side's operator, in quotes", .max = 255},
	{"WHAT", "what", "one kind alone", .words = "neighbors routes drops"},
	{"LEVEL", "level", "the least that is shown", .words = "debug info warn error"},
	{"BACKEND", NULL, "of a laboratory", .words = "netns uml"},
	{"PE", NULL, "who is attacked", .words = "ravelin frr"},
};

const struct cli_row *cli_row(size_t i)
{
	return i < ARRAY_LEN(rows) ? &rows[i] : NULL;
}

const struct cli_kind *cli_kind(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strlen(kinds[i].name) == len && memcmp(kinds[i].name, name, len) == 0)
			return &kinds[i];
	return NULL;
}

const char *cli_row_exits(const struct cli_row *row)
{
	static const char *const exits[] = {
		[CLI_ASK] = "0 1 2 3",
		[CLI_ORDER] = "0 1 2 3",
		[CLI_MONITOR] = "1 2 3",
		[CLI_HELP] = "0 2",
		[CLI_AUDIT] = "0 1 2 3 4",
		[CLI_COMPLETION] = "0 2",
		[CLI_LAB] = "0 1 2 3 4",
		[CLI_LOG] = "0 1 2 4",
		[CLI_MRT] = "0 1 2 3",
		[CLI_POLICY] = "0 1 2 4",
		[CLI_REPORT] = "0 2 4",
		[CLI_WEB] = "0 1 2 3",
	};

	return exits[row->does];
}
