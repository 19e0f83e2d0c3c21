#include "conf/adopt.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/policy/set.h"
#include "conf/object.h"
#include "lib/check.h"
#include "lib/text.h"

#define ADOPT_PATH_MAX 256

/* --- what cannot be changed --- */

struct adopt_refusal {
	const struct conf *now, *next;
	struct text text;
};

static bool begins(const char *path, const char *with)
{
	return strncmp(path, with, strlen(with)) == 0;
}

static void refuse(
	void *arg, const char *path, const struct conf_object *had, const struct conf_object *has)
{
	struct adopt_refusal *r = arg;

	(void)had;
	(void)has;
	if (begins(path, "neighbors/") || begins(path, "policies/") || begins(path, "sets/"))
		return;
	text_add(&r->text, "%s%s", r->text.len ? ", " : "", path);
}

static uint32_t families(const struct conf *c)
{
	uint32_t all = 0;

	for (unsigned i = 0; i < c->n_peers; i++)
		all |= c->peers[i].vrf == CONF_VRF_NONE ? c->peers[i].families : 0;
	return all;
}

static bool reflects(const struct conf *c)
{
	for (unsigned i = 0; i < c->n_peers; i++)
		if (c->peers[i].reflector_client)
			return true;
	return false;
}

/* What a router is made with besides: its tables, and which VPN routes it keeps. */
static void refuse_kinds(struct adopt_refusal *r)
{
	if (families(r->next) & ~families(r->now))
		text_add(&r->text, "%sthe first neighbor of a family", r->text.len ? ", " : "");
	if (r->now->retain == CONF_RETAIN_AUTO && reflects(r->next) != reflects(r->now))
		text_add(&r->text, "%sthe first reflector-client, or the last one",
			r->text.len ? ", " : "");
}

/* --- policies --- */

static bool object_is_same(
	const struct conf *a, const struct conf *b, const char *list, const char *name)
{
	char path[ADOPT_PATH_MAX];
	struct text t = text_of(path, sizeof(path));

	text_add(&t, "%s/%s", list, name);
	const struct conf_object *x = conf_object_find(a, path), *y = conf_object_find(b, path);
	return x && y ? strcmp(x->json, y->json) == 0 : x == y;
}

static bool set_is_same(const struct conf *a, const struct conf *b, const struct pol_set *s)
{
	return !s || object_is_same(a, b, "sets", s->name);
}

static bool program_is_same(const struct conf *a, const struct conf *b, const struct pol_program *p)
{
	if (!object_is_same(a, b, "policies", p->name))
		return false;
	for (unsigned i = 0; i < p->n_rules; i++) {
		const struct pol_rule *rule = &p->rules[i];

		for (unsigned t = 0; t < rule->n_terms; t++)
			if (!set_is_same(a, b, rule->terms[t].set))
				return false;
		for (unsigned e = 0; e < rule->n_edits; e++)
			if (!set_is_same(a, b, rule->edits[e].set))
				return false;
	}
	return true;
}

/* Built-in programs have names that no object has: they are the same by those. */
static bool chain_is_same(const struct conf *a, const struct pol_chain *x, const struct conf *b,
	const struct pol_chain *y)
{
	if (x->n != y->n)
		return false;
	for (unsigned i = 0; i < x->n; i++)
		if (strcmp(x->list[i]->name, y->list[i]->name) != 0 ||
			!program_is_same(a, b, x->list[i]))
			return false;
	return true;
}

/* --- neighbours --- */

/* Whether routes come in: which of them is the chain's business. */
static bool takes(const struct conf_peer *p)
{
	return p->import == CONF_POLICY_ACCEPT_ALL || p->import == CONF_POLICY_PROGRAM;
}

static const struct conf_object *object_of(const struct conf *c, const struct conf_peer *p)
{
	char path[ADOPT_PATH_MAX];
	struct text t = text_of(path, sizeof(path));

	text_add(&t, "neighbors/%s", p->name);
	return p->vrf == CONF_VRF_NONE ? conf_object_find(c, path) : NULL;
}

/* A neighbour of a VRF is the same, or the whole is refused. */
static enum conf_fate fate_of(const struct conf *now, const struct conf_peer *p,
	const struct conf *next, const struct conf_peer *q)
{
	const struct conf_object *had = object_of(now, p), *has = object_of(next, q);

	if (!had || !has)
		return CONF_FATE_SAME;
	if (strcmp(had->made, has->made) != 0 || takes(p) != takes(q) ||
		p->password_len != q->password_len ||
		memcmp(p->password, q->password, p->password_len) != 0)
		return CONF_FATE_RESET;
	if (strcmp(had->json, has->json) != 0 ||
		!chain_is_same(now, &p->import_chain, next, &q->import_chain) ||
		!chain_is_same(now, &p->export_chain, next, &q->export_chain))
		return CONF_FATE_POLICY;
	return CONF_FATE_SAME;
}

/* The places of a range stand in a row; a neighbour is one place. */
static unsigned places(const struct conf *c, unsigned first)
{
	unsigned n = 1;

	while (first + n < c->n_peers && c->peers[first + n].dynamic &&
		c->peers[first + n].slot == n)
		n++;
	return n;
}

static unsigned find(const struct conf *c, const struct conf_peer *p)
{
	unsigned i = 0;

	while (i < c->n_peers &&
		(conf_peer_is_gone(&c->peers[i]) || c->peers[i].vrf != p->vrf || c->peers[i].slot ||
			strcmp(c->peers[i].name, p->name) != 0))
		i++;
	return i;
}

struct adopt_order {
	struct conf_peer *list;
	uint8_t *fates;
	unsigned n;
};

/* Everybody who was there stands where he stood. */
static void order_old(
	struct adopt_order *o, const struct conf *now, const struct conf *next, bool *placed)
{
	for (unsigned i = 0; i < now->n_peers;) {
		const struct conf_peer *p = &now->peers[i];
		unsigned n = places(now, i), at = find(next, p);
		bool stays = !conf_peer_is_gone(p) && at < next->n_peers && places(next, at) == n &&
			     next->peers[at].dynamic == p->dynamic;

		for (unsigned k = 0; k < n; k++) {
			o->list[i + k] =
				stays ? next->peers[at + k]
				      : (struct conf_peer){
						.name = "", .vrf = CONF_VRF_NONE, .dynamic = true};
			o->fates[i + k] =
				stays ? fate_of(now, p, next, &next->peers[at]) : CONF_FATE_GONE;
			if (stays)
				placed[at + k] = true;
		}
		i += n;
	}
	o->n = now->n_peers;
}

static void order_new(struct adopt_order *o, const struct conf *next, const bool *placed)
{
	for (unsigned i = 0; i < next->n_peers; i++) {
		if (placed[i])
			continue;
		o->fates[o->n] = CONF_FATE_NEW;
		o->list[o->n++] = next->peers[i];
	}
}

bool conf_adopt(struct conf *next, const struct conf *now, struct conf_change *out)
{
	struct adopt_refusal r = {now, next, text_of(out->refused, sizeof(out->refused))};
	unsigned most = now->n_peers + next->n_peers;
	bool *placed = calloc(next->n_peers + 1, sizeof(*placed));
	struct adopt_order o = {0};

	*out = (struct conf_change){0};
	conf_diff(now, next, refuse, &r);
	refuse_kinds(&r);
	o.list = arena_alloc(&next->arena, (most + 1) * sizeof(*o.list));
	o.fates = calloc(most + 1, sizeof(*o.fates));
	CHECK(placed && o.list && o.fates);
	if (r.text.len == 0) {
		order_old(&o, now, next, placed);
		order_new(&o, next, placed);
		explicit_bzero(next->peers, next->n_peers * sizeof(*next->peers));
		next->peers = o.list;
		next->n_peers = o.n;
	}
	for (unsigned i = 0; i < o.n; i++)
		out->counts[o.fates[i]]++;
	out->fates = o.fates;
	free(placed);
	return r.text.len == 0;
}

void conf_change_fini(struct conf_change *c)
{
	free(c->fates);
	c->fates = NULL;
}
