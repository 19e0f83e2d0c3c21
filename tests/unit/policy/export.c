#include <criterion/criterion.h>

#include "bgpd/policy/rewrite.h"
#include "bgpd/wire/comm.h"
#include "lib/check.h"
#include "tests/support/route.h"

#define OURS	65000u
#define THEIRS	65101u
#define SELF	0xc0a80101u
#define NEXT	0x0a000009u
#define CLUSTER 0x0a0a0a0au
#define SITE	(UINT64_C(0x0003) << 48 | UINT64_C(65000) << 32 | 7)

/* Who said it, and to whom it goes; each test changes what it is about. */
struct fixture {
	struct rib_store *st;
	struct arena arena;
	struct test_attrs a;
	struct rib_source from;
	struct pol_receiver to;
	enum wire_family family;
	uint32_t label;
	uint16_t flags;
};

static void fixture_init(struct fixture *f, bool from_ebgp, bool to_ebgp)
{
	struct wire_ctx ctx = {.ebgp = to_ebgp, .local_as = OURS};

	*f = (struct fixture){.st = rib_store_new(1),
		.from = {.kind = RIB_PEER,
			.ebgp = from_ebgp,
			.vrf = RIB_VRF_CORE,
			.router_id = 0x01010101},
		.label = WIRE_LABEL_NONE};
	f->to = pol_receiver_of(WIRE_IPV4_UNICAST, RIB_VRF_CORE, &ctx, ip_addr_v4(SELF));
	f->to.cluster_id = CLUSTER;
	arena_init(&f->arena, 65536);
	test_attrs_init(&f->a, NEXT, (uint32_t[]){THEIRS, 65102}, 2);
	test_attrs_med(&f->a, 7);
}

static void fixture_fini(struct fixture *f)
{
	arena_fini(&f->arena);
	rib_store_free(f->st);
}

static enum pol_denial judge(struct fixture *f)
{
	struct rib_path path = {
		.attrs = rib_store_get_attrs(f->st, &f->a.a), .label = f->label, .flags = f->flags};
	enum pol_denial d = pol_export_judge(&f->to, &path, &f->from);

	rib_store_unref_attrs(f->st, path.attrs);
	return d;
}

static struct wire_attrs rewritten(struct fixture *f)
{
	struct wire_attrs a = f->a.a;

	cr_assert(pol_rewrite(&f->to, &f->from, &a, &f->arena));
	return a;
}

/* RFC 4456 6: a client's routes to all, a non-client's to clients only. */
Test(reflection, who_hears_of_whom)
{
	for (unsigned i = 0; i < 4; i++) {
		struct fixture f;

		fixture_init(&f, false, false);
		f.to.reflects = true;
		f.from.reflector_client = i & 1;
		f.to.reflector_client = i & 2;
		cr_assert_eq(judge(&f), i ? POL_SEND : POL_DENY_IBGP);
		fixture_fini(&f);
	}
}

/* RFC 4456 8, 10: ORIGINATOR_ID once, CLUSTER_LIST grows in front, everything else as it was. */
Test(reflection, adds_originator_and_cluster_and_nothing_else)
{
	struct fixture f;

	fixture_init(&f, false, false);
	f.to.reflects = f.to.reflector_client = true;
	f.to.next_hop = POL_NEXT_HOP_SELF;
	cr_assert(pol_receiver_depends_on_source(&f.to));
	test_attrs_local_pref(&f.a, 200);
	struct wire_attrs a = rewritten(&f);
	cr_assert_eq(a.originator_id, f.from.router_id);
	cr_assert_eq(wire_comm_count(a.cluster_list), 1);
	cr_assert_eq(wire_comm_at(a.cluster_list, 0), CLUSTER);
	cr_assert_eq(ip_addr_get_v4(&a.next_hop), NEXT);
	cr_assert_eq(a.local_pref, 200);
	cr_assert_eq(a.med, 7);
	cr_assert_eq(a.as_path.len, f.a.a.as_path.len);

	f.a.a = a;
	f.from.router_id = 2;
	f.to.cluster_id = 5;
	struct wire_attrs again = rewritten(&f);
	cr_assert_eq(again.originator_id, 0x01010101);
	cr_assert_eq(wire_comm_at(again.cluster_list, 0), 5);
	cr_assert_eq(wire_comm_at(again.cluster_list, 1), CLUSTER);

	f.from.ebgp = true; /* that is no reflection */
	f.a.a.present &= ~WIRE_ATTR_BIT(WIRE_ATTR_ORIGINATOR_ID);
	cr_assert_not(wire_attrs_has(
		&(struct wire_attrs){rewritten(&f).present}, WIRE_ATTR_ORIGINATOR_ID));
	fixture_fini(&f);
}

struct hop_case {
	bool from_ebgp, to_ebgp, labelled, rs;
	enum pol_next_hop how;
	uint32_t want;
};

static const struct hop_case hop_cases[] = {
	{true, true, false, false, POL_NEXT_HOP_DEFAULT, SELF},
	{true, true, false, false, POL_NEXT_HOP_SELF, SELF},
	{true, true, false, false, POL_NEXT_HOP_UNCHANGED, NEXT},
	{true, true, false, true, POL_NEXT_HOP_DEFAULT, NEXT},
	{true, false, false, false, POL_NEXT_HOP_DEFAULT, NEXT},
	{true, false, false, false, POL_NEXT_HOP_SELF, SELF},
	{false, false, false, false, POL_NEXT_HOP_SELF, NEXT},
	{true, false, true, false, POL_NEXT_HOP_SELF, NEXT}, /* the label is another's */
};

Test(next_hop, self_or_not)
{
	for (unsigned i = 0; i < ARRAY_LEN(hop_cases); i++) {
		const struct hop_case *k = &hop_cases[i];
		struct fixture f;

		fixture_init(&f, k->from_ebgp, k->to_ebgp);
		f.to.labelled = k->labelled;
		f.to.route_server_client = k->rs;
		f.to.next_hop = k->how;
		struct wire_attrs a = rewritten(&f);
		cr_assert_eq(ip_addr_get_v4(&a.next_hop), k->want, "case %u", i);
		fixture_fini(&f);
	}
}

/* RFC 8950 4 */
Test(next_hop, ipv6_only_where_it_was_agreed)
{
	struct fixture f;

	fixture_init(&f, false, true);
	f.to.self = (struct ip_addr){.af = IP_V6, .o = {0x20, 1}};
	cr_assert_eq(judge(&f), POL_DENY_NEXT_HOP);
	f.to.v6_next_hop = true;
	cr_assert_eq(judge(&f), POL_SEND);
	f.to.v6_next_hop = false;
	f.to.next_hop = POL_NEXT_HOP_UNCHANGED; /* which is IPv4 */
	cr_assert_eq(judge(&f), POL_SEND);
	f.a.a.next_hop = f.to.self;
	cr_assert_eq(judge(&f), POL_DENY_NEXT_HOP);
	f.to.self = ip_addr_v4(SELF);
	f.to.next_hop = POL_NEXT_HOP_DEFAULT;
	cr_assert_eq(judge(&f), POL_SEND);
	fixture_fini(&f);
}

/* A label of another router goes out with that router as next hop, or not at all. */
Test(next_hop, labels_of_others)
{
	struct fixture f;

	fixture_init(&f, false, true);
	f.label = 100;
	cr_assert_eq(judge(&f), POL_DENY_LABEL);
	f.to.next_hop = POL_NEXT_HOP_UNCHANGED;
	cr_assert_eq(judge(&f), POL_SEND);
	f.to.next_hop = POL_NEXT_HOP_DEFAULT;
	f.from.kind = RIB_VRF_EXPORT; /* ours */
	cr_assert_eq(judge(&f), POL_SEND);
	fixture_fini(&f);
}

/* RFC 7947 2.2: AS_PATH, next hop, MED and communities of every kind pass. */
Test(route_server, is_not_seen)
{
	const uint64_t internal = UINT64_C(0x4004) << 48 | 9;

	for (int rs = 0; rs <= 1; rs++) {
		struct fixture f;

		fixture_init(&f, true, true);
		f.to.route_server_client = rs;
		test_attrs_community(&f.a, WIRE_COMM_NO_EXPORT);
		test_attrs_ext(&f.a, internal);
		cr_assert_eq(judge(&f), rs ? POL_SEND : POL_DENY_NO_EXPORT);
		struct wire_attrs a = rewritten(&f);
		cr_assert_eq(wire_aspath_first(a.as_path), rs ? THEIRS : OURS);
		cr_assert_eq(wire_aspath_length(a.as_path), rs ? 2 : 3);
		cr_assert_eq(wire_attrs_has(&a, WIRE_ATTR_MED), rs);
		cr_assert_eq(wire_attrs_has(&a, WIRE_ATTR_EXT_COMMUNITIES), rs);
		f.a.a.as_path = (struct wire_span){0}; /* but what begins here begins with us */
		cr_assert_eq(wire_aspath_first(rewritten(&f).as_path), OURS);
		fixture_fini(&f);
	}
}

Test(as_override, the_neighbours_as_becomes_ours_everywhere)
{
	struct fixture f;
	char s[64];

	fixture_init(&f, true, true);
	test_attrs_init(&f.a, NEXT, (uint32_t[]){65102, THEIRS, 65103, THEIRS}, 4);
	f.to.override_as = THEIRS;
	struct wire_attrs a = rewritten(&f);
	cr_assert_str_eq(
		wire_aspath_print(a.as_path, s, sizeof(s)), "65000 65102 65000 65103 65000");
	f.to.override_as = 0;
	a = rewritten(&f);
	cr_assert_eq(wire_aspath_count(a.as_path, THEIRS), 2);
	fixture_fini(&f);
}

/* RFC 4364 7 */
Test(site, its_routes_do_not_come_back)
{
	struct fixture f;

	fixture_init(&f, false, true);
	test_attrs_ext(&f.a, SITE + 1);
	test_attrs_ext(&f.a, SITE);
	cr_assert_eq(judge(&f), POL_SEND);
	f.to.site_of_origin = SITE;
	cr_assert_eq(judge(&f), POL_DENY_SITE);
	f.to.site_of_origin = SITE + 2;
	cr_assert_eq(judge(&f), POL_SEND);
	fixture_fini(&f);
}

/* RFC 4360 6: inside an AS all, outside those that are transitive; RFC 8092: large ones always. */
Test(communities, extended_ones_stay_inside_if_they_say_so)
{
	static const uint8_t large[12] = {1};

	for (int ebgp = 0; ebgp <= 1; ebgp++) {
		struct fixture f;

		fixture_init(&f, true, ebgp);
		test_attrs_ext(&f.a, UINT64_C(0x4004) << 48 | 9);
		test_attrs_ext(&f.a, test_rt(5));
		f.a.a.large_communities = (struct wire_span){large, sizeof(large)};
		f.a.a.present |= WIRE_ATTR_BIT(WIRE_ATTR_LARGE_COMMUNITIES);
		struct wire_attrs a = rewritten(&f);
		cr_assert_eq(wire_extcomm_count(a.ext_communities), ebgp ? 1 : 2);
		cr_assert(wire_extcomm_has(a.ext_communities, test_rt(5)));
		cr_assert(wire_attrs_has(&a, WIRE_ATTR_LARGE_COMMUNITIES));
		fixture_fini(&f);
	}
}

/* RFC 8326 4 */
Test(communities, graceful_shutdown_is_sent_where_wanted)
{
	for (int ebgp = 0; ebgp <= 1; ebgp++) {
		struct fixture f;

		fixture_init(&f, true, ebgp);
		test_attrs_community(&f.a, 5);
		test_attrs_local_pref(&f.a, 300);
		struct wire_attrs a = rewritten(&f);
		cr_assert_not(wire_comm_has(a.communities, WIRE_COMM_GRACEFUL_SHUTDOWN));
		f.to.graceful_shutdown = true;
		a = rewritten(&f);
		cr_assert(wire_comm_has(a.communities, WIRE_COMM_GRACEFUL_SHUTDOWN));
		cr_assert(wire_comm_has(a.communities, 5));
		cr_assert_eq(wire_attrs_has(&a, WIRE_ATTR_LOCAL_PREF), !ebgp);
		cr_assert(ebgp || a.local_pref == 0);
		fixture_fini(&f);
	}
}

/* RFC 3765 2: "peer" is the only bilateral session that we can tell from others. */
Test(communities, no_peer_is_for_peers)
{
	struct fixture f;

	fixture_init(&f, true, true);
	test_attrs_community(&f.a, WIRE_COMM_NO_PEER);
	cr_assert_eq(judge(&f), POL_SEND);
	f.to.role = POL_ROLE_PEER;
	cr_assert_eq(judge(&f), POL_DENY_NO_PEER);
	f.to.role = POL_ROLE_PROVIDER;
	cr_assert_eq(judge(&f), POL_SEND);
	fixture_fini(&f);
}

/* RFC 8212 2, RFC 9774 3 */
Test(export, nothing_without_a_policy_and_never_a_set)
{
	static const uint8_t set[] = {2, 1, 0, 0, 0xfe, 0x4d, 1, 1, 0, 0, 0, 9};
	struct fixture f;

	fixture_init(&f, true, true);
	f.to.routes = POL_ROUTES_UNSAID;
	cr_assert_eq(judge(&f), POL_DENY_NO_POLICY);
	f.to.routes = POL_ROUTES_NONE;
	cr_assert_eq(judge(&f), POL_DENY_BY_POLICY);
	f.to.routes = POL_ROUTES_ALL;
	cr_assert_eq(judge(&f), POL_SEND);
	f.a.a.as_path = (struct wire_span){set, sizeof(set)};
	cr_assert_eq(judge(&f), POL_DENY_AS_SET);
	f.to.ebgp = false;
	cr_assert_eq(judge(&f), POL_DENY_AS_SET);
	fixture_fini(&f);
}

Test(export, every_denial_has_a_name)
{
	for (unsigned d = 0; d < POL_DENIALS; d++)
		cr_assert(pol_denial_name(d) && *pol_denial_name(d));
	for (unsigned v = 0; v < POL_VERDICTS; v++)
		cr_assert(pol_verdict_name(v) && *pol_verdict_name(v));
}

/* RFC 9494 4.3, and 4.6, 4.7 for neighbours that cannot know better. */
Test(communities, a_last_resort_is_told_to_those_who_know_it)
{
	struct wire_attrs a;

	for (unsigned ebgp = 0; ebgp < 2; ebgp++) {
		struct fixture f;

		fixture_init(&f, true, ebgp);
		test_attrs_community(&f.a, WIRE_COMM_LLGR_STALE);
		cr_assert_eq(judge(&f), ebgp ? POL_DENY_LONG_LIVED : POL_SEND);
		f.to.long_lived = true;
		cr_assert_eq(judge(&f), POL_SEND);
		a = rewritten(&f);
		cr_assert_not(wire_comm_has(a.communities, WIRE_COMM_NO_EXPORT));
		f.to.long_lived = false;
		f.to.vrf = 0; /* a CE */
		cr_assert_eq(judge(&f), POL_SEND);
		a = rewritten(&f);
		cr_assert(wire_comm_has(a.communities, WIRE_COMM_NO_EXPORT));
		cr_assert(wire_comm_has(a.communities, WIRE_COMM_LLGR_STALE));
		cr_assert_eq(wire_attrs_has(&a, WIRE_ATTR_LOCAL_PREF), !ebgp);
		cr_assert(ebgp || a.local_pref == 0);
		fixture_fini(&f);
	}
}
