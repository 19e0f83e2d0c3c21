/* One change of a configuration, and nothing else changed; every protection's change is one that its configuration takes. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/attacks/protection.h"

static const char text[] = "router: {name: pe1, as: 65000}\n"
			   "guard: {infrastructure: [10.255.0.0/24]}\n"
			   "ports:\n"
			   "  - {name: eth1, role: core}\n"
			   "  - {name: eth2, role: access, vrf: vrf-a}\n"
			   "vrfs:\n"
			   "  - name: vrf-a\n"
			   "    neighbors:\n"
			   "      - {address: 192.168.1.2, gtsm: 1}\n"
			   "      - {address: 192.168.4.2, gtsm: 1}\n";

/* The patched text without blanks and line ends: how it is laid out is libfyaml's. */
static char *patched(const char *key, const char *value)
{
	char err[256] = "", *out = attack_protection_patch(text, key, value, err, sizeof err), *to;

	cr_assert(out, "%s", err);
	to = out;
	for (const char *s = out; *s; s++)
		if (!strchr(" \n", *s))
			*to++ = *s;
	*to = 0;
	return out;
}

static void expect(const char *key, const char *value, const char *part)
{
	char *out = patched(key, value);

	cr_expect(strstr(out, part), "%s", out);
	free(out);
}

Test(protection, value_in_place_of_another)
{
	char *out = patched("vrfs[name=vrf-a].neighbors[address=192.168.4.2].gtsm", "254");

	cr_expect(strstr(out, "address:192.168.1.2,gtsm:1}"), "%s", out);
	cr_expect(strstr(out, "address:192.168.4.2,gtsm:254}"), "%s", out);
	free(out);
}

Test(protection, value_where_there_was_none)
{
	expect("ports[name=eth2].accept-labels", "true", "vrf:vrf-a,accept-labels:true}");
	expect("guard.pin", "true", "guard:{infrastructure:[10.255.0.0/24],pin:true}");
}

Test(protection, mappings_on_the_way_are_made)
{
	expect("ports[name=eth2].guard.allow", "[tags]", "guard:{allow:[tags]}");
	expect("ports[name=eth2].guard.police", "{arp: 0, icmp: 0}", "police:{arp:0,icmp:0}");
}

Test(protection, key_taken_away)
{
	char *out = patched("vrfs[name=vrf-a].neighbors[address=192.168.1.2].gtsm", "");

	cr_expect(strstr(out, "address:192.168.1.2}"), "%s", out);
	cr_expect(strstr(out, "address:192.168.4.2,gtsm:1}"), "%s", out);
	free(out);
}

Test(protection, item_of_a_list)
{
	char *out = patched("ports[name=eth2]", "{name: eth2, role: core}");

	cr_expect(strstr(out, "{name:eth1,role:core}") && strstr(out, "{name:eth2,role:core}"),
		"%s", out);
	cr_expect_not(strstr(out, "access"), "%s", out);
	free(out);
	out = patched("vrfs[name=vrf-a].neighbors[address=192.168.1.2]", "");
	cr_expect_not(strstr(out, "192.168.1.2"), "%s", out);
	cr_expect(strstr(out, "192.168.4.2"), "%s", out);
	free(out);
}

/* Nothing is put anywhere when the way there is not as the key says. */
Test(protection, wrong_ways)
{
	static const char *const keys[] = {"ports[name=eth9].accept-labels", "ports[name=eth9]",
		"ports[name=eth2", "ports[=eth2].x", "ports[name].x", "router.name.x", "guard.",
		".guard", "", "vrfs[name=vrf-a]..x", "ports.accept-labels"};
	char err[256];

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		*err = 0;
		cr_expect_null(attack_protection_patch(text, keys[i], "1", err, sizeof err), "%s",
			keys[i]);
		cr_expect(*err, "%s: no reason", keys[i]);
	}
	cr_expect_null(attack_protection_patch(text, "guard.missing", "", err, sizeof err));
	cr_expect_null(attack_protection_patch("- a\n", "guard.x", "1", err, sizeof err));
	cr_expect_null(attack_protection_patch("{", "guard.x", "1", err, sizeof err));
}

static char *read_all(const char *file)
{
	FILE *f = fopen(file, "re");
	char *s = calloc(1, 1 << 16);

	cr_assert(f && s, "%s", file);
	cr_assert_gt(fread(s, 1, (1 << 16) - 1, f), 0);
	fclose(f);
	return s;
}

/* Each one has a name, and a way to be switched off that this configuration has. */
Test(protection, every_one_fits_its_topology)
{
	const char *src = getenv("RAVELIN_SRCDIR");
	char file[4096], err[256] = "", *config;

	snprintf(file, sizeof file, "%s/topologies/rfc4381/pe1.yaml", src ? src : ".");
	config = read_all(file);
	for (int off = ATTACK_OFF_NONE + 1; off < ATTACK_OFF_N; off++) {
		const struct attack_protection *p = attack_protection_find(off);
		char *out =
			p->key ? attack_protection_patch(config, p->key, p->value, err, sizeof err)
			       : NULL;

		cr_expect(p->name, "protection %d", off);
		cr_expect(p->key || p->off[0] || p->frr_off[0], "%s", p->name);
		cr_expect(!p->key || out, "%s: %s", p->name, err);
		/* where there is a key, the restart that takes it back puts the kernel's settings right */
		cr_expect(!p->off[0] || p->on[0] || p->key, "%s cannot be switched on again",
			p->name);
		cr_expect(
			!p->frr_off[0] || p->frr_on[0], "%s cannot be switched on again", p->name);
		free(out);
	}
	free(config);
}
