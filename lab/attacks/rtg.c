#include "lab/attacks/rtg.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <sys/socket.h>

#include "lab/table.h"
#include "lib/check.h"
#include "lib/text.h"

#define DIAL_MS	  8000
#define TAKEN_MS  5000
#define AFTER_MS  150 /* behind the marker */
#define SETTLE_MS 2000
#define VRF	  "vrf-a"

struct rtg_neighbor {
	struct speaker_conf conf;
	const char *name; /* in Ravelin's configuration */
	const char *vrf;
};

static const struct rtg_neighbor *find(enum rtg_who who)
{
	static const struct rtg_neighbor rows[] = {
		[RTG_CE_X] = {{.node = "ce-x",
				      .local = "192.168.4.2",
				      .remote = "192.168.4.1",
				      .password = "CeXSecret",
				      .as = 65104,
				      .ttl = 255,
				      .with_role = true,
				      .role = 3},
			"ce-x", VRF},
		[RTG_CE_T] = {{.node = "ce-t",
				      .local = "192.168.20.2",
				      .remote = "192.168.20.1",
				      .password = "CeTSecret",
				      .as = 65120,
				      .ttl = 255},
			"ce-t", VRF},
		[RTG_ASBR] = {{.node = "p1",
				      .local = "10.0.1.2",
				      .remote = "10.0.1.1",
				      .password = "AsbrSecret",
				      .as = 65099},
			"asbr", NULL},
		[RTG_NEW] = {{.node = "p1",
				     .local = "10.0.2.1",
				     .remote = "10.0.1.1",
				     .password = "NewSecret",
				     .as = 65098},
			"new", NULL},
	};

	CHECK(who < ARRAY_LEN(rows));
	return &rows[who];
}

struct speaker_conf rtg_conf(enum rtg_who who)
{
	struct speaker_conf c = find(who)->conf;

	c.patient = true;
	return c;
}

void rtg_forgiven(struct attack_stage *st, enum rtg_who who)
{
	const struct rtg_neighbor *n = find(who);

	speaker_forgiven(st, n->name, n->conf.local, n->vrf);
}

int rtg_dial(struct attack_stage *st, struct speaker *s, enum rtg_who who,
	const struct speaker_conf *conf)
{
	struct speaker_conf right = rtg_conf(who);

	rtg_forgiven(st, who);
	attack_comment(st, "BGP of %s, AS %u, with pe1", find(who)->name, right.as);
	return speaker_dial(s, st, conf ? conf : &right, DIAL_MS);
}

struct seen {
	const char *node, *vrf, *prefix;
};

static bool is_there(struct attack_stage *st, void *arg)
{
	const struct seen *s = arg;

	return attack_kernel_route(st, s->node, s->vrf, s->prefix);
}

bool rtg_taken(struct attack_stage *st, const char *node, const char *vrf, const char *prefix)
{
	struct seen s = {node, vrf, prefix};

	return attack_until(st, is_there, &s, AFTER_MS);
}

bool rtg_arrived(struct attack_stage *st, const char *node, const char *vrf, const char *prefix)
{
	struct seen s = {node, vrf, prefix};

	return attack_until(st, is_there, &s, TAKEN_MS);
}

bool rtg_marked(struct attack_stage *st, struct speaker *s, const char *node)
{
	char prefix[IP_PREFIX_STRLEN];

	/* another one for each launch: an earlier one's may still be on its way out */
	snprintf(prefix, sizeof(prefix), "172.17.%u.%u/32", st->nonce[0], st->nonce[1]);
	return !speaker_announce(s, prefix, NULL, 0) && rtg_arrived(st, node, VRF, prefix);
}

unsigned rtg_count(struct attack_stage *st, const char *vrf, const char *within, bool blackhole)
{
	struct ip_prefix wide;
	struct lab_table t;
	uint32_t table;
	unsigned n = 0;

	CHECK(ip_prefix_parse(within, &wide, NULL));
	if (!lab_table_read(&t, &st->run->base, &st->run->ns[st->pe_node], AF_INET)) {
		table = lab_table_of(&t, vrf);
		for (unsigned i = 0; i < t.n_routes; i++) {
			const struct lab_route *r = &t.routes[i];

			n += r->table == table && ip_prefix_contains(&wide, &r->dst.addr) &&
			     r->dst.len >= wide.len && (!blackhole || r->type == RTN_BLACKHOLE);
		}
	}
	lab_table_fini(&t);
	return n;
}

bool rtg_lost(struct speaker *s)
{
	while (speaker_wait(s, 0) == SPEAKER_MESSAGE)
		;
	return !s->up;
}

static void observe(struct attack_stage *st, const char *node, const struct speaker_route *routes,
	unsigned n, struct attack_impact *out)
{
	struct text t = text_of(out->observed, sizeof(out->observed));

	for (unsigned i = 0; i < n; i++)
		if (rtg_taken(st, node, VRF, routes[i].prefix))
			text_add(&t, "%s%s", out->hit++ ? ", " : "", routes[i].prefix);
	text_add(&t, "%s in " VRF " of %s", out->hit ? "" : "the marker alone is", node);
}

void rtg_try(struct attack_stage *st, const char *node, const struct speaker_route *routes,
	unsigned n, struct attack_impact *out)
{
	struct speaker s;

	out->error = rtg_dial(st, &s, RTG_CE_X, NULL);
	for (unsigned i = 0; i < n && !out->error; i++) {
		out->error = speaker_update(&s, &routes[i]);
		out->sent++;
	}
	if (!out->error && rtg_marked(st, &s, node))
		observe(st, node, routes, n, out);
	else if (!out->error && rtg_lost(&s))
		out->hit =
			(unsigned)snprintf(out->observed, sizeof(out->observed),
				"it ended the session: NOTIFICATION %u/%u", s.code, s.subcode) > 0;
	else if (!out->error)
		out->error = -ETIMEDOUT;
	speaker_close(&s);
}

bool rtg_legit(struct attack_stage *st, char *what, size_t cap)
{
	struct speaker s;
	bool ok = !rtg_dial(st, &s, RTG_CE_X, NULL) && rtg_marked(st, &s, "pe2");

	snprintf(what, cap, "a route that ce-x may tell reaches pe2");
	speaker_close(&s);
	return ok;
}

bool rtg_legit_asbr(struct attack_stage *st, char *what, size_t cap)
{
	struct speaker s;
	bool ok = !rtg_dial(st, &s, RTG_ASBR, NULL) &&
		  !speaker_announce(&s, "198.51.100.0/24", NULL, 0) &&
		  speaker_settled(&s, SETTLE_MS);

	snprintf(what, cap, "the other AS says what was agreed, and its session stands");
	speaker_close(&s);
	return ok;
}
