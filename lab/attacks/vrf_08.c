/* More VRFs than there are labels: refused as a whole, no label is shared. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/stage.h"

#define NO_CONTROL 99

/* A VRF more than the labels of the configuration that runs. The control is in it: with a label more it is accepted. */
static const char vrf_08_script[] =
	"file=$(tr '\\0' '\\n' </proc/$(cat /run/ravelin/ravelin.pid)/cmdline | sed -n "
	"'/^-f$/{n;p}')\n"
	"labels=$(sed -n 's/.*labels: *\\([0-9]*-[0-9]*\\).*/\\1/p' $file)\n"
	"from=${labels%-*} to=${labels#*-} i=0\n"
	"{ echo \"router: {name: many, as: 65000, id: 10.255.0.1}\"\n"
	"echo \"mpls: {labels: $labels}\"\n"
	"echo vrfs:\n"
	"while [ $i -le $((to - from + 1)) ]; do i=$((i + 1))\n"
	"echo \"  - {name: v$i, table: $((10000 + i)), rd: \\\"65000:$i\\\", export: "
	"[\\\"65000:$i\\\"]}\"\n"
	"done; } >/run/many.yaml\n"
	"sed \"s/labels: .*}/labels: $from-$((to + 1))}/\" /run/many.yaml >/run/more.yaml\n"
	"ravelind --check /run/more.yaml >/run/more.out 2>&1 || exit 99\n"
	"ravelind --check /run/many.yaml";

static void vrf_08_launch(struct attack_stage *st, struct attack_impact *out)
{
	char said[1024] = "", *end;
	int status = attack_shell(st, "pe1", vrf_08_script, said, sizeof said);

	out->error = status < 0 ? status : status == NO_CONTROL ? -EINVAL : 0;
	out->sent = 1;
	out->hit = status == 0;
	end = strchr(said, '\n');
	if (end)
		*end = 0;
	snprintf(out->observed, sizeof out->observed, "with a label more accepted, without: %.160s",
		said);
}

const struct attack *attack_vrf_08(void)
{
	static const struct attack row = {
		.id = "VRF-08",
		.title = "more VRFs than there are labels",
		.clause = "RFC 4364 4.3.2, RFC 3031 3.14",
		.attacker = "pe1",
		.target = "pe1",
		.passes = "refused with a reason, nothing half-applied",
		.off = ATTACK_OFF_NONE,
		.launch = vrf_08_launch,
		.only_pe = "ravelin",
	};

	return &row;
}
