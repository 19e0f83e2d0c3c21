/* More VRFs than there are labels: refused as a whole, no label is shared. */
#include <stdio.h>
#include <string.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/stage.h"

/* The labels of the configuration that runs, and a VRF more than its first hundred. */
static const char vrf_08_script[] =
	"file=$(tr '\\0' '\\n' </proc/$(cat /run/ravelin/ravelin.pid)/cmdline | sed -n "
	"'/^-f$/{n;p}')\n"
	"labels=$(sed -n 's/.*labels: *\\([0-9]*-[0-9]*\\).*/\\1/p' $file)\n"
	"{ echo \"router: {name: many, as: 65000, id: 10.255.0.1}\"\n"
	"echo \"mpls: {labels: $labels}\"\n"
	"echo vrfs:\n"
	"i=0; while [ $i -lt 1001 ]; do i=$((i + 1))\n"
	"echo \"  - {name: v$i, table: $((10000 + i)), rd: \\\"65000:$i\\\", export: "
	"[\\\"65000:$i\\\"]}\"; done; } "
	">/run/many.yaml\n"
	"ravelind --check /run/many.yaml";

static void vrf_08_launch(struct attack_stage *st, struct attack_impact *out)
{
	char said[2048] = "", *end;
	int status = attack_shell(st, "pe1", vrf_08_script, said, sizeof said);

	out->error = status < 0 ? status : 0;
	out->sent = 1;
	out->hit = status == 0;
	end = strchr(said, '\n');
	if (end)
		*end = 0;
	snprintf(out->observed, sizeof out->observed, "1001 VRFs: exit status %d: %.160s", status,
		said);
}

const struct attack *attack_vrf_08(void)
{
	static const struct attack row = {
		.id = "VRF-08",
		.title = "1001 VRFs where there are 1000 labels",
		.clause = "RFC 4364 4.3.2, RFC 3031 3.14",
		.attacker = "pe1",
		.target = "pe1",
		.passes = "refused with a reason, nothing half-applied",
		.off = ATTACK_OFF_LABEL_RANGE,
		.launch = vrf_08_launch,
		.only_pe = "ravelin",
	};

	return &row;
}
