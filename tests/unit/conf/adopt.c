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

/* --- VRFs and ports --- */

#define VRF(name, n, more, neighbors)                                                              \
	"  - {name: " name ", table: 10" n ", rd: \"65000:" n "\", " more "neighbors: [" neighbors \
	"]}\n"
#define CE(n, more) "{address: 192.168.0." #n ", as: 6510" #n more "}"

static char *letters_of(const uint8_t *fates, unsigned n, char *out)
{
	for (unsigned i = 0; i < n; i++)
		out[i] = "=pr-+"[fates[i]];
	out[n] = '\0';
	return out;
}

struct place_change { /* what is expected of one */
	const char *before, *after;
	const char *vrfs, *ports, *peers;
	bool guard;
};

static void check_places(const struct place_change *p)
{
	struct conf *now = load(p->before), *next = load(p->after);
	struct conf_change change;
	char got[64];

	cr_expect(conf_adopt(next, now, &change), "%s", change.refused);
	cr_expect_str_eq(letters_of(change.vrfs, next->n_vrfs, got), p->vrfs);
	cr_expect_str_eq(letters_of(change.ports, next->n_ports, got), p->ports);
	cr_expect_str_eq(letters_of(change.fates, next->n_peers, got), p->peers);
	cr_expect_eq(change.guard, p->guard);
	for (unsigned i = 0; i < next->n_vrfs; i++) {
		cr_expect_eq(change.vrfs[i] == CONF_FATE_GONE, conf_vrf_is_gone(&next->vrfs[i]));
		if (change.vrfs[i] < CONF_FATE_GONE)
			cr_expect_str_eq(next->vrfs[i].name, now->vrfs[i].name);
	}
	for (unsigned i = 0; i < next->n_ports; i++) {
		cr_expect_eq(change.ports[i] == CONF_FATE_GONE, conf_port_is_gone(&next->ports[i]));
		if (change.ports[i] == CONF_FATE_GONE)
			cr_expect(next->ports[i].vrf == CONF_VRF_NONE &&
				  next->ports[i].role == CONF_PORT_MANAGEMENT);
	}
	conf_change_fini(&change);
	conf_free(now);
	conf_free(next);
}

Test(conf_adopt, vrfs_keep_their_numbers_and_what_is_in_them_follows)
{
	check_places(&(struct place_change){
		.before = "vrfs:\n" VRF("a", "1", "", CE(1, "")) VRF("b", "2", "", CE(2, ""))
			VRF("c", "3", "", CE(3, "")) "ports: [{name: e0, role: access, vrf: c}]\n",
		.after = "vrfs:\n" VRF("d", "4", "", CE(4, "")) VRF("c", "3", "", CE(3, ""))
			VRF("a", "1", "", CE(1, "")) "ports: [{name: e0, role: access, vrf: c}]\n",
		.vrfs = "=-=+",
		.ports = "=",
		.peers = "=-=+"});
}

Test(conf_adopt, a_vrf_with_another_table_or_rd_is_another_one)
{
	check_places(&(struct place_change){
		.before = "vrfs:\n" VRF(
			"a", "1", "", CE(1, "")) "ports: [{name: e0, role: access, vrf: a}]\n",
		.after = "vrfs:\n" VRF(
			"a", "2", "", CE(1, "")) "ports: [{name: e0, role: access, vrf: a}]\n",
		.vrfs = "-+",
		.ports = "r",
		.peers = "-+"});
}

Test(conf_adopt, neighbours_of_a_vrf_have_fates_as_those_of_the_core)
{
	check_places(&(struct place_change){
		.before = "vrfs:\n" VRF("a", "1", "",
			CE(1, "") "," CE(2, "") "," CE(3, "") "," CE(4, ", password: one")),
		.after = "vrfs:\n" VRF("a", "1", "",
			CE(5, "") "," CE(2, ", hold-time: 30") "," CE(3, ", max-prefix: 5") "," CE(
				4, ", password: two")),
		.vrfs = "=",
		.ports = "",
		.peers = "-rpr+"});
	/* the identifier stands in their OPENs */
	check_places(&(struct place_change){.before = "vrfs:\n" VRF("a", "1", "", CE(1, "")),
		.after = "vrfs:\n" VRF("a", "1", "id: 10.9.9.9, ", CE(1, "")),
		.vrfs = "p",
		.ports = "",
		.peers = "r"});
}

Test(conf_adopt, targets_and_routes_change_a_vrf_but_not_its_sessions)
{
	check_places(&(struct place_change){
		.before = "vrfs:\n" VRF("a", "1", "import: [\"65000:1\"], ", CE(1, "")),
		.after = "vrfs:\n" VRF("a", "1",
			"import: [\"65000:2\"], routes: [{prefix: 10.1.0.0/16, next-hop: "
			"192.168.0.1}], ",
			CE(1, "")),
		.vrfs = "p",
		.ports = "",
		.peers = "="});
}

#define LISTS(action) "acls: [{name: l, aces: [{name: all, actions: {forwarding: " action "}}]}]\n"

Test(conf_adopt, a_port_has_the_lists_of_its_vrf)
{
	static const char ports[] =
		"ports: [{name: e0, role: access, vrf: a}, {name: e1, role: access, vrf: b},"
		" {name: e2, role: access, vrf: b, acl: [l]}, {name: c0, role: core}]\n";
	char before[1024], after[1024];

	snprintf(before, sizeof(before),
		"%s%svrfs:\n" VRF("a", "1", "acl: [l], ", "") VRF("b", "2", "", ""),
		LISTS("accept"), ports);
	snprintf(after, sizeof(after),
		"%s%svrfs:\n" VRF("a", "1", "acl: [l], ", "") VRF("b", "2", "", ""), LISTS("drop"),
		ports);
	check_places(&(struct place_change){.before = before,
		.after = after,
		.vrfs = "p=",
		.ports = "p=p=",
		.peers = "",
		.guard = true});
}

Test(conf_adopt, a_port_that_changes_role_or_vrf_is_begun_anew)
{
	static const char vrfs[] = "vrfs:\n" VRF("a", "1", "", "") VRF("b", "2", "", "");
	char before[1024], after[1024];

	snprintf(before, sizeof(before),
		"%sports: [{name: e0, role: access, vrf: a}, {name: e1, role: access, vrf: a}, "
		"{name: e2, role: access, vrf: a}, {name: e3, role: access, vrf: a}]\n",
		vrfs);
	snprintf(after, sizeof(after),
		"%sports: [{name: e4, role: core}, {name: e0, role: access, vrf: b}, {name: e1, "
		"role: core}, "
		"{name: e3, role: access, vrf: a, address: [192.0.2.1/24]}]\n",
		vrfs);
	check_places(&(struct place_change){
		.before = before, .after = after, .vrfs = "==", .ports = "rr-p+", .peers = ""});
}

static struct conf *load_ports(char letter, unsigned n)
{
	char *text = NULL, *said = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len), *diag = open_memstream(&said, &len);

	fprintf(f, "router: {name: rs, as: 65000, id: 10.255.0.1}\nports:\n");
	for (unsigned i = 0; i < n; i++)
		fprintf(f, "  - {name: %c%u, role: core}\n", letter, i);
	fclose(f);
	struct conf *c = conf_parse("test.yaml", text, strlen(text), diag);
	fclose(diag);
	cr_assert_not_null(c, "%s", said);
	free(text);
	free(said);
	return c;
}

/* ... so that there is an end of them, and a restart begins anew. */
Test(conf_adopt, numbers_run_out)
{
	struct conf *now = load_ports('a', 2100), *few = load_ports('b', 1900),
		    *many = load_ports('b', 2000);
	struct conf_change change;

	cr_expect(conf_adopt(few, now, &change), "%s", change.refused);
	cr_expect_eq(few->n_ports, 4000);
	conf_change_fini(&change);
	cr_expect_not(conf_adopt(many, now, &change));
	cr_expect_not_null(strstr(change.refused, "too many have come and gone"));
	cr_expect_eq(many->n_ports, 2000);
	conf_change_fini(&change);
	conf_free(now);
	conf_free(few);
	conf_free(many);
}

/* What each reload leaves empty stays so. */
Test(conf_adopt, an_empty_place_is_nobodys)
{
	struct conf *a = load("vrfs:\n" VRF(
			    "a", "1", "", CE(1, "")) "ports: [{name: e0, role: access, vrf: a}]\n"),
		    *b = load(""),
		    *c = load("vrfs:\n" VRF(
			    "a", "1", "", CE(1, "")) "ports: [{name: e0, role: access, vrf: a}]\n");
	struct conf_change first, second;
	char got[16];

	cr_expect(conf_adopt(b, a, &first));
	cr_expect(conf_adopt(c, b, &second));
	cr_expect_str_eq(letters_of(second.vrfs, c->n_vrfs, got), "-+");
	cr_expect_str_eq(letters_of(second.ports, c->n_ports, got), "-+");
	cr_expect_str_eq(letters_of(second.fates, c->n_peers, got), "-+");
	cr_expect_eq(c->peers[1].vrf, 1);
	cr_expect_eq(c->ports[1].vrf, 1);
	conf_change_fini(&first);
	conf_change_fini(&second);
	conf_free(a);
	conf_free(b);
	conf_free(c);
}

Test(conf_adopt, what_only_a_restart_changes_is_said)
{
	struct conf *now = load("neighbors:\n" PEER(2, ""));
	struct conf *next =
		load("mpls: {labels: 200000-200999}\n"
		     "neighbors:\n" PEER(
			     2, "") "  - {address: 10.255.0.3, as: 65000, families: [vpnv4]}\n");
	struct conf_change change;

	cr_expect_not(conf_adopt(next, now, &change));
	cr_expect_str_eq(change.refused, "mpls");
	cr_expect_eq(next->n_peers, 2);
	conf_change_fini(&change);
	conf_free(now);
	conf_free(next);
}

/* --- caches and stations --- */

#define CACHES(list)   "rpki: {caches: [" list "]}\n"
#define STATIONS(list) "bmp: {stations: [" list "]}\n"
#define ONE(name, n)   "{name: " name ", address: 192.0.2." #n "}"
#define TLS(name, n)   "{name: " name ", address: 192.0.2." #n ", tls: {}}"

/* names: what stands in each place afterwards. */
static void check_remotes(
	const char *before, const char *after, const char *fates, const char *const *names)
{
	struct conf *now = load(before), *next = load(after);
	struct conf_change change;
	char got[CONF_REMOTES_MAX + 1];

	cr_expect(conf_adopt(next, now, &change), "%s", change.refused);
	cr_assert_str_eq(letters_of(change.remotes, next->n_remotes, got), fates);
	for (unsigned i = 0; i < next->n_remotes; i++) {
		cr_expect_str_eq(next->remotes[i].name, names[i]);
		cr_expect_eq(change.remotes[i] == CONF_FATE_GONE,
			conf_remote_is_gone(&next->remotes[i]));
		if (i < now->n_remotes)
			cr_expect_eq(next->remotes[i].kind, now->remotes[i].kind);
	}
	conf_change_fini(&change);
	conf_free(now);
	conf_free(next);
}

Test(conf_adopt, caches_and_stations_keep_their_places)
{
	check_remotes(CACHES(ONE("a", 1) "," ONE("b", 2)) STATIONS(ONE("s", 3)),
		CACHES(ONE("b", 2) "," ONE("a", 1)) STATIONS(ONE("s", 3)),
		"===", (const char *[]){"a", "b", "s"});
	check_remotes(CACHES(ONE("a", 1) "," ONE("b", 2)) STATIONS(ONE("s", 3)),
		CACHES(ONE("b", 7)) STATIONS(ONE("s", 3) "," ONE("t", 4)), "-r=+",
		(const char *[]){"", "b", "s", "t"});
	check_remotes("", CACHES(ONE("a", 1)), "+", (const char *[]){"a"});
	check_remotes(STATIONS(ONE("s", 3)), "", "-", (const char *[]){""});
}

Test(conf_adopt, who_is_new_takes_the_place_of_one_of_its_kind_who_goes)
{
	check_remotes(CACHES(ONE("a", 1) "," ONE("b", 2)) STATIONS(ONE("s", 3)),
		CACHES(ONE("c", 3) "," ONE("b", 2)) STATIONS(ONE("u", 1) "," ONE("a", 2)), "r=r+",
		(const char *[]){"c", "b", "u", "a"});
}

static struct conf *load_caches(char letter, unsigned n)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	fprintf(f, "rpki:\n  caches:\n");
	for (unsigned i = 0; i < n; i++)
		fprintf(f, "    - {name: %c%u, address: 192.0.2.%u}\n", letter, i, i + 1);
	fclose(f);
	struct conf *c = load(text);
	free(text);
	return c;
}

/* ... so that there is no end of them. */
Test(conf_adopt, places_of_caches_do_not_run_out)
{
	struct conf *now = load_caches('a', CONF_CACHES_MAX);

	for (char letter = 'b'; letter <= 'z'; letter++) {
		struct conf *next = load_caches(letter, letter % 2 ? CONF_CACHES_MAX : 3);
		struct conf_change change;

		cr_assert(conf_adopt(next, now, &change), "%s", change.refused);
		cr_assert_eq(next->n_remotes, CONF_CACHES_MAX);
		cr_expect_eq(next->remotes[0].name[0], letter);
		conf_change_fini(&change);
		conf_free(now);
		now = next;
	}
	conf_free(now);
}

static void check_refused(const char *before, const char *after, const char *why)
{
	struct conf *now = load(before), *next = load(after);
	struct conf_change change;

	cr_expect_not(conf_adopt(next, now, &change));
	cr_expect_str_eq(change.refused, why);
	conf_change_fini(&change);
	conf_free(now);
	conf_free(next);
}

Test(conf_adopt, tls_comes_at_a_start_alone)
{
	static const char why[] = "rpki/caches/a (its certificates and keys are read at the start)";

	check_refused("", CACHES(TLS("a", 1)), why);
	check_refused(CACHES(ONE("a", 1)), CACHES(TLS("a", 1)), why);
	check_refused(CACHES(TLS("a", 1)), CACHES(TLS("a", 2)), why);
	check_refused(STATIONS(TLS("b", 1)), STATIONS(TLS("c", 1)),
		"bmp/stations/c (its certificates and keys are read at the start)");
	check_remotes(CACHES(TLS("a", 1)) STATIONS(TLS("s", 2) "," TLS("t", 3)),
		CACHES(TLS("a", 1)) STATIONS(ONE("s", 2)), "=r-", (const char *[]){"a", "s", ""});
}
