/* Keys, looked for wherever a router talks about itself. Its control is in it: the same search finds them in the configuration. */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"
#include "lib/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every key of this network ends so; the search does not find itself. */
#define SEARCH " | grep -c -a 'Secre[t]'"

struct mgt_07_place {
	const char *name, *line;
};

static const struct mgt_07_place mgt_07_places[] = {
	{"show", "{ ravelin show bgp neighbors; ravelin show vrf; } 2>&1" SEARCH},
	{"logs", "cat /var/log/*.log" SEARCH},
	{"arguments and environments", "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ" SEARCH},
	/* with a mistake in it, so that the lines are shown */
	{"what --check prints", "sed 's/password:/pasword: Wrong, password:/' "
				"/etc/ravelin/pe1.yaml >/run/mgt_07.yaml; "
				"ravelind --check /run/mgt_07.yaml 2>&1" SEARCH},
};

static const char *const mgt_07_paths[] = {"/v1/bgp/summary", "/v1/bgp/neighbors", "/v1/vrf",
	"/v1/mpls", "/v1/guard", "/v1/guard/drops", "/v1/memory", "/v1/version"};

static unsigned mgt_07_found(struct attack_stage *st, const char *line)
{
	char out[64] = "";

	attack_shell(st, st->run->topo.nodes[st->pe_node].name, line, out, sizeof out);
	return (unsigned)strtoul(out, NULL, 10);
}

static bool mgt_07_told(struct attack_stage *st, const char *path)
{
	json_t *answer = attack_api(st, path);
	char *text = json_dumps(answer, 0);
	bool told = text && strstr(text, "Secret");

	free(text);
	json_decref(answer);
	return told;
}

static void mgt_07_note(struct attack_impact *out, bool found, const char *where)
{
	size_t n = strlen(out->observed);

	out->sent++;
	out->hit += found;
	if (found)
		snprintf(out->observed + n, sizeof out->observed - n, "found in %s; ", where);
}

static void mgt_07_launch(struct attack_stage *st, struct attack_impact *out)
{
	unsigned control;
	size_t n;

	for (unsigned i = 0; i < ARRAY_LEN(mgt_07_places); i++)
		mgt_07_note(
			out, mgt_07_found(st, mgt_07_places[i].line) > 0, mgt_07_places[i].name);
	for (unsigned i = 0; i < ARRAY_LEN(mgt_07_paths); i++)
		mgt_07_note(out, mgt_07_told(st, mgt_07_paths[i]), mgt_07_paths[i]);
	control = mgt_07_found(st, "cat /etc/ravelin/pe1.yaml" SEARCH);
	out->partial = true;
	out->error = control ? 0 : -ENODATA;
	n = strlen(out->observed);
	snprintf(out->observed + n, sizeof out->observed - n,
		"the search finds %u lines in the configuration", control);
}

const struct attack *attack_mgt_07(void)
{
	static const struct attack row = {
		.id = "MGT-07",
		.title = "keys in what the router shows, logs and has for arguments",
		.clause = "RFC 4364 13.2, RFC 2385 4.5",
		.attacker = "pe1",
		.target = "pe1",
		.passes = "no key is found",
		.launch = mgt_07_launch,
		.legit = router_others_live,
		.only_pe = "ravelin",
	};

	return &row;
}
