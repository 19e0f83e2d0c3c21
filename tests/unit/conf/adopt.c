/* From one configuration to the next: everybody keeps his number, and what becomes of him follows from what differs. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/adopt.h"
#include "conf/load.h"

static struct conf *load(const char *rest)
{
	static const char head[] = "router: {name: rs, as: 65000, id: 10.255.0.1}\n"
				   "sets:\n"
				   "  - {name: theirs, prefixes: [10.0.0.0/8]}\n";
	char text[4096], *said = NULL;
	size_t len;
	FILE *diag = open_memstream(&said, &len);

	snprintf(text, sizeof(text), "%s%s", head, rest);
	struct conf *c = conf_parse("test.yaml", text, strlen(text), diag);
	fclose(diag);
	cr_assert_not_null(c, "%s", said);
	free(said);
	return c;
}

#define POLICY(word)                                                                               \
	"policies:\n  - {name: in, rules: [{name: a, match: {prefix: theirs}, action: " word       \
	"}], default: reject}\n"
#define PEER(n, more)                                                                              \
	"  - {address: 10.0.0." #n ", as: 6500" #n                                                 \
	", families: [ipv4-unicast], export: accept-all" more "}\n"

static void check(const char *before, const char *after, const char *fates)
{
	static const char letters[] = {[CONF_FATE_SAME] = '=',
		[CONF_FATE_POLICY] = 'p',
		[CONF_FATE_RESET] = 'r',
		[CONF_FATE_GONE] = '-',
		[CONF_FATE_NEW] = '+'};
	struct conf *now = load(before), *next = load(after);
	struct conf_change change;
	char got[64] = "";

	cr_expect(conf_adopt(next, now, &change), "%s", change.refused);
	for (unsigned i = 0; i < next->n_peers; i++) {
		got[i] = letters[change.fates[i]];
		cr_expect_eq(change.fates[i] == CONF_FATE_GONE, conf_peer_is_gone(&next->peers[i]));
		if (change.fates[i] < CONF_FATE_GONE)
			cr_expect_str_eq(next->peers[i].name, now->peers[i].name);
	}
	cr_expect_str_eq(got, fates);
	conf_change_fini(&change);
	conf_free(now);
	conf_free(next);
}

Test(conf_adopt, nothing_differs)
{
	check(POLICY("accept") "neighbors:\n" PEER(2, ", import: in") PEER(3, ", import: in"),
		POLICY("accept") "neighbors:\n" PEER(3, ", import: in") PEER(2, ", import: in"),
		"==");
}

Test(conf_adopt, who_goes_leaves_his_place_empty_and_who_comes_stands_behind)
{
	check("neighbors:\n" PEER(2, "") PEER(3, "") PEER(4, ""),
		"neighbors:\n" PEER(5, "") PEER(4, "") PEER(2, ""), "=-=+");
}

Test(conf_adopt, a_policy_is_no_reason_to_end_a_session)
{
	check(POLICY("accept") "neighbors:\n" PEER(2, ", import: in")
			PEER(3, ", import: accept-all"),
		POLICY("next") "neighbors:\n" PEER(2, ", import: in")
			PEER(3, ", import: accept-all"),
		"p=");
	check(POLICY("accept") "neighbors:\n" PEER(2, ", import: in")
			PEER(3, ", import: accept-all"),
		POLICY("accept") "neighbors:\n" PEER(2, ", import: in, hygiene: true")
			PEER(3, ", import: in, max-prefix: 7"),
		"pp");
}

Test(conf_adopt, what_a_session_is_made_with_is_one)
{
	check("neighbors:\n" PEER(2, ", import: accept-all") PEER(3, ", password: one") PEER(4, ""),
		"neighbors:\n" PEER(2, ", import: accept-all, hold-time: 30")
			PEER(3, ", password: two") PEER(4, ", import: accept-all"),
		"rrr");
}

Test(conf_adopt, places_of_a_range_stay_in_a_row)
{
	static const char two[] = "  - {range: 10.9.0.0/24, limit: 2, as: external, families: "
				  "[ipv4-unicast], name: some}\n";
	static const char three[] = "  - {range: 10.9.0.0/24, limit: 3, as: external, families: "
				    "[ipv4-unicast], name: some}\n";
	char before[1024], after[1024];

	snprintf(before, sizeof(before), "neighbors:\n%s" PEER(2, ""), two);
	snprintf(after, sizeof(after), "neighbors:\n" PEER(3, "") PEER(2, "") "%s", two);
	check(before, after, "===+");
	snprintf(after, sizeof(after), "neighbors:\n" PEER(2, "") "%s", three);
	check(before, after, "--=+++");
}

Test(conf_adopt, what_only_a_restart_changes_is_said)
{
	struct conf *now = load("neighbors:\n" PEER(2, ""));
	struct conf *next =
		load("mpls: {labels: 200000-200999}\n"
		     "vrfs: [{name: vrf-a, table: 100, rd: \"65000:1\"}]\n"
		     "neighbors:\n" PEER(
			     2, "") "  - {address: 10.255.0.3, as: 65000, families: [vpnv4]}\n");
	struct conf_change change;

	cr_expect_not(conf_adopt(next, now, &change));
	cr_expect_str_eq(change.refused, "mpls, vrfs/vrf-a, the first neighbor of a family");
	cr_expect_eq(next->n_peers, 2);
	conf_change_fini(&change);
	conf_free(now);
	conf_free(next);
}
