#include "cli/policy.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "bgpd/policy/reject.h"
#include "bgpd/wire/aspath.h"
#include "cli/cli.h"
#include "cli/route.h"
#include "cli/trial.h"
#include "conf/load.h"
#include "lib/complaint.h"

#define POLICY_ARENA (1u << 20)

struct policy_ask {
	const char *file, *neighbor, *route, *policy;
	bool exporting, json, help;
};

static int usage(FILE *to)
{
	fputs("usage: ravelin policy test FILE NEIGHBOR --route ROUTE [-x] [--policy NAME] "
	      "[-j]\n\n"
	      "  What the import policies of a neighbor (name or address) make of a route, rule "
	      "by\n"
	      "  rule; FILE is a configuration. No daemon is asked.\n\n"
	      "  -r, --route ROUTE     \"PREFIX [as-path AS ...] [next-hop ADDRESS] [community C "
	      "...]\n"
	      "                        [med N] [local-pref N] [origin igp|egp|incomplete]\n"
	      "                        [rpki valid|invalid|not-found|unknown]\n"
	      "                        [aspa valid|invalid|unknown|none]\"\n"
	      "  -x, --export          its export policies: what it would be told of the route\n"
	      "  -p, --policy NAME     this policy in place of the neighbor's\n"
	      "  -j, --json\n\n"
	      "exit status: 0 accepted, 4 rejected, 1 no such neighbor or policy, 2 not "
	      "understood\n"
	      "or a bad configuration\n",
		to);
	return to == stdout ? CLI_OK : CLI_USAGE;
}

static bool parse(int argc, char **argv, struct policy_ask *a)
{
	static const struct option options[] = {
		{"route", required_argument, NULL, 'r'},
		{"policy", required_argument, NULL, 'p'},
		{"export", no_argument, NULL, 'x'},
		{"json", no_argument, NULL, 'j'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "r:p:xjh", options, NULL)) != -1) {
		if (c == 'r')
			a->route = optarg;
		else if (c == 'p')
			a->policy = optarg;
		else if (c == 'x')
			a->exporting = true;
		else if (c == 'j')
			a->json = true;
		else if (c == 'h')
			a->help = true;
		else
			return false;
	}
	if (a->help)
		return true;
	if (argc - optind != 3 || strcmp(argv[optind], "test") != 0 || !a->route)
		return false;
	a->file = argv[optind + 1];
	a->neighbor = argv[optind + 2];
	return true;
}

static bool is_of(const struct conf_peer *p, const char *name, const struct ip_addr *addr)
{
	if (strcmp(p->name, name) == 0 || ip_addr_equal(&p->addr, addr))
		return true;
	return p->dynamic && addr->af != IP_NONE && ip_prefix_contains(&p->range, addr);
}

/* By name, by address, or by an address of a range. */
static const struct conf_peer *neighbor_find(
	const struct conf *c, const char *name, struct ip_addr *addr)
{
	struct ip_addr a = {0};

	ip_addr_parse(name, &a);
	for (unsigned i = 0; i < c->n_peers; i++) {
		const struct conf_peer *p = &c->peers[i];
		if (!is_of(p, name, a.af == IP_NONE ? &(struct ip_addr){.af = 0xff} : &a))
			continue;
		*addr = p->addr.af == IP_NONE ? a : p->addr;
		return p;
	}
	fprintf(complaint_to(), "ravelin: there is no such neighbor in %s\n", c->file);
	return NULL;
}

static const struct pol_program *policy_find(const struct conf *c, const char *name)
{
	for (unsigned i = 0; i < c->n_policies; i++)
		if (strcmp(c->policies[i].name, name) == 0)
			return &c->policies[i];
	fprintf(complaint_to(), "ravelin: there is no such policy in %s\n", c->file);
	return NULL;
}

/* Without a policy of its own. */
static const char *word_of(enum conf_policy policy, bool exporting)
{
	static const char *const in[] = {
		[CONF_POLICY_NONE] = "no import: nothing is taken (RFC 8212 2)",
		[CONF_POLICY_ACCEPT_ALL] = "import: accept-all",
		[CONF_POLICY_REFUSE_ALL] = "import: refuse-all",
		[CONF_POLICY_PROGRAM] = NULL};
	static const char *const out[] = {
		[CONF_POLICY_NONE] = "no export: nothing is told (RFC 8212 2)",
		[CONF_POLICY_ACCEPT_ALL] = "export: accept-all",
		[CONF_POLICY_REFUSE_ALL] = "export: refuse-all",
		[CONF_POLICY_PROGRAM] = NULL};

	return exporting ? out[policy] : in[policy];
}

static void verdict_json(const struct cli_trial *t, const char *word)
{
	bool accept = t->outcome.accept;
	json_t *o = json_pack("{s:b, s:s?, s:s?, s:s?, s:O}", "accept", accept, "policy",
		t->program ? t->program->name : word, "rule", t->program ? cli_trial_rule(t) : NULL,
		"reason", accept || !t->program ? NULL : pol_reject_name(t->outcome.reason),
		"policies", t->policies);

	cli_print_json(o);
}

static void verdict_text(const struct cli_trial *t, const char *word)
{
	const char *what = t->outcome.accept ? "accepted" : "rejected";

	cli_trial_print(t, stdout);
	if (!t->program)
		printf("%s: %s\n", what, word ? word : "no policy");
	else if (t->outcome.rule == t->program->n_rules)
		printf("%s by policy %s: its default\n", what, t->program->name);
	else
		printf("%s by policy %s, rule %s%s%s\n", what, t->program->name, cli_trial_rule(t),
			t->outcome.accept ? "" : ": ",
			t->outcome.accept ? "" : pol_reject_name(t->outcome.reason));
}

/* What the neighbour would send by itself, where the route does not say; of one that is told to it, nothing is its own. */
static void route_complete(struct cli_route *r, const struct conf *c, struct pol_subject *s)
{
	if (!s->neighbor_as && !s->exporting) /* of a range: whoever stands in front */
		s->neighbor_as = wire_aspath_first(r->attrs.as_path);
	if (!r->attrs.as_path.len && !s->exporting && s->neighbor_as != c->as)
		cli_route_add_as(r, s->neighbor_as);
	if (r->attrs.next_hop.af == IP_NONE)
		r->attrs.next_hop = s->exporting ? ip_addr_v4(c->id) : s->neighbor;
	s->nlri = &r->nlri;
	s->local_as = c->as;
	s->rov = r->rov;
	s->aspa = r->aspa;
}

static int judge(const struct policy_ask *ask, const struct conf *c, struct cli_route *r)
{
	struct pol_subject s = {.family = WIRE_IPV4_UNICAST, .exporting = ask->exporting};
	const struct conf_peer *p = neighbor_find(c, ask->neighbor, &s.neighbor);
	const struct pol_program *one = NULL;
	struct cli_trial trial;
	struct arena arena;

	if (!p || (ask->policy && !(one = policy_find(c, ask->policy))))
		return CLI_NO;
	struct pol_chain only = {.list = &one, .n = 1}, none = {0};
	enum conf_policy kind = ask->exporting ? p->export : p->import;
	const struct pol_chain *chain = ask->exporting ? &p->export_chain : &p->import_chain;
	const char *word = one ? NULL : word_of(kind, ask->exporting);
	s.neighbor_as = p->as;
	route_complete(r, c, &s);
	arena_init(&arena, POLICY_ARENA);
	bool all = kind == CONF_POLICY_ACCEPT_ALL || kind == CONF_POLICY_PROGRAM;
	cli_trial_run(&trial, one ? &only : all ? chain : &none, &s, &r->attrs, &arena);
	if (!trial.program)
		trial.outcome.accept = all;
	(ask->json ? verdict_json : verdict_text)(&trial, word);
	int status = trial.outcome.accept ? CLI_OK : CLI_FAILED;
	cli_trial_fini(&trial);
	arena_fini(&arena);
	return fflush(stdout) ? CLI_NO : status;
}

int cli_policy(int argc, char **argv, bool json)
{
	struct policy_ask ask = {.json = json};
	struct cli_route route;
	char why[256];

	if (!parse(argc, argv, &ask))
		return usage(complaint_to());
	if (ask.help)
		return usage(stdout);
	if (!cli_route_parse(&route, ask.route, why, sizeof(why))) {
		fprintf(complaint_to(), "ravelin: %s\n", why);
		return CLI_USAGE;
	}
	struct conf *c = conf_load(ask.file, complaint_to());
	int status = c ? judge(&ask, c, &route) : CLI_USAGE;
	conf_free(c);
	return status;
}
