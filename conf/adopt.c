#include "conf/adopt.h"

#include <stdlib.h>
#include <string.h>

#include "conf/fate.h"
#include "conf/loader.h"
#include "conf/object.h"
#include "lib/check.h"
#include "lib/text.h"

/* --- what cannot be changed --- */

struct adopt_refusal {
	const struct conf *now, *next;
	struct text text;
	bool guard; /* it differs */
};

static bool begins(const char *path, const char *with)
{
	return strncmp(path, with, strlen(with)) == 0;
}

static void say(struct adopt_refusal *r, const char *what)
{
	text_add(&r->text, "%s%s", r->text.len ? ", " : "", what);
}

static void refuse(
	void *arg, const char *path, const struct conf_object *had, const struct conf_object *has)
{
	static const char *const kept[] = {"neighbors/", "policies/", "sets/", "vrfs/", "ports/",
		"acls/", "guard", "log", "rpki", "bmp"};
	struct adopt_refusal *r = arg;
	bool changes = false;

	(void)had;
	(void)has;
	r->guard |= begins(path, "acls/") || begins(path, "guard");
	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		changes |= begins(path, kept[i]);
	if (!changes)
		say(r, path);
}

static bool pin_is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* How programs are attached. */
static void refuse_attachment(struct adopt_refusal *r)
{
	if (r->now->xdp != r->next->xdp)
		say(r, "guard: xdp");
	if (!pin_is_same(r->now->guard_pin, r->next->guard_pin))
		say(r, "guard: pin");
}

/* --- the order of all that has a number --- */

struct adopt_order {
	struct conf *next;
	const struct conf *now;
	struct conf_vrf *vrfs;
	struct conf_port *ports;
	struct conf_peer *peers;
	struct conf_remote *remotes;
	unsigned n_vrfs, n_ports, n_peers, n_remotes;
	int *numbers; /* of next's VRFs, what they become */
};

static bool vrf_stays(const struct conf_vrf *v, const struct conf_vrf *w)
{
	return !conf_vrf_is_gone(v) && strcmp(v->name, w->name) == 0 && v->table == w->table &&
	       v->rd == w->rd;
}

static void order_vrfs(struct adopt_order *o)
{
	for (unsigned i = 0; i < o->now->n_vrfs; i++)
		o->vrfs[i] = (struct conf_vrf){.name = ""};
	o->n_vrfs = o->now->n_vrfs;
	for (unsigned k = 0; k < o->next->n_vrfs; k++) {
		unsigned at = 0;

		while (at < o->now->n_vrfs && !vrf_stays(&o->now->vrfs[at], &o->next->vrfs[k]))
			at++;
		if (at == o->now->n_vrfs)
			at = o->n_vrfs++;
		o->vrfs[at] = o->next->vrfs[k];
		o->numbers[k] = (int)at;
	}
}

static int vrf_again(const struct adopt_order *o, int vrf)
{
	return vrf == CONF_VRF_NONE ? CONF_VRF_NONE : o->numbers[vrf];
}

static void order_ports(struct adopt_order *o)
{
	for (unsigned i = 0; i < o->now->n_ports; i++)
		o->ports[i] = (struct conf_port){
			.name = "", .role = CONF_PORT_MANAGEMENT, .vrf = CONF_VRF_NONE};
	o->n_ports = o->now->n_ports;
	for (unsigned k = 0; k < o->next->n_ports; k++) {
		const struct conf_port *p = &o->next->ports[k];
		unsigned at = 0;

		while (at < o->now->n_ports &&
			(conf_port_is_gone(&o->now->ports[at]) ||
				strcmp(o->now->ports[at].name, p->name) != 0))
			at++;
		if (at == o->now->n_ports)
			at = o->n_ports++;
		o->ports[at] = *p;
		o->ports[at].vrf = vrf_again(o, p->vrf);
	}
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

/* The first place of p among those that were there. */
static unsigned find(const struct adopt_order *o, const struct conf_peer *p)
{
	const struct conf *c = o->now;
	unsigned i = 0;

	while (i < c->n_peers &&
		(conf_peer_is_gone(&c->peers[i]) || c->peers[i].vrf != vrf_again(o, p->vrf) ||
			c->peers[i].slot || strcmp(c->peers[i].name, p->name) != 0))
		i++;
	return i;
}

/* Everybody who was there stands where he stood. */
static void order_peers(struct adopt_order *o)
{
	const struct conf *now = o->now, *next = o->next;

	for (unsigned i = 0; i < now->n_peers; i++)
		o->peers[i] = (struct conf_peer){.name = "", .vrf = CONF_VRF_NONE, .dynamic = true};
	o->n_peers = now->n_peers;
	for (unsigned i = 0, n; i < next->n_peers; i += n) {
		unsigned at = find(o, &next->peers[i]);

		n = places(next, i);
		if (at == now->n_peers || places(now, at) != n ||
			now->peers[at].dynamic != next->peers[i].dynamic) {
			at = o->n_peers;
			o->n_peers += n;
		}
		for (unsigned k = 0; k < n; k++) {
			o->peers[at + k] = next->peers[i + k];
			o->peers[at + k].vrf = vrf_again(o, next->peers[i + k].vrf);
		}
	}
}

/* The place of who was there: n_remotes if it was not. */
static unsigned find_remote(const struct conf *now, const struct conf_remote *r)
{
	unsigned i = 0;

	while (i < now->n_remotes &&
		(conf_remote_is_gone(&now->remotes[i]) || now->remotes[i].kind != r->kind ||
			strcmp(now->remotes[i].name, r->name) != 0))
		i++;
	return i;
}

static unsigned free_remote(const struct adopt_order *o, enum conf_remote_kind kind)
{
	unsigned i = 0;

	while (i < o->n_remotes &&
		(!conf_remote_is_gone(&o->remotes[i]) || o->remotes[i].kind != kind))
		i++;
	return i;
}

/* Who was there first: what is free then is for those who are new. */
static void order_remotes(struct adopt_order *o)
{
	const struct conf *now = o->now, *next = o->next;
	unsigned at;

	for (unsigned i = 0; i < now->n_remotes; i++)
		o->remotes[i] = (struct conf_remote){.kind = now->remotes[i].kind, .name = ""};
	o->n_remotes = now->n_remotes;
	for (unsigned k = 0; k < next->n_remotes; k++)
		if ((at = find_remote(now, &next->remotes[k])) < now->n_remotes)
			o->remotes[at] = next->remotes[k];
	for (unsigned k = 0; k < next->n_remotes; k++) {
		if (find_remote(now, &next->remotes[k]) < now->n_remotes)
			continue;
		at = free_remote(o, next->remotes[k].kind);
		o->n_remotes += at == o->n_remotes;
		CHECK(o->n_remotes <= CONF_REMOTES_MAX);
		o->remotes[at] = next->remotes[k];
	}
}

static void order_make(struct adopt_order *o)
{
	struct arena *a = &o->next->arena;

	o->vrfs = arena_alloc(a, (o->now->n_vrfs + o->next->n_vrfs + 1) * sizeof(*o->vrfs));
	o->ports = arena_alloc(a, (o->now->n_ports + o->next->n_ports + 1) * sizeof(*o->ports));
	o->peers = arena_alloc(a, (o->now->n_peers + o->next->n_peers + 1) * sizeof(*o->peers));
	o->remotes = arena_alloc(a, CONF_REMOTES_MAX * sizeof(*o->remotes));
	o->numbers = calloc(o->next->n_vrfs + 1, sizeof(*o->numbers));
	CHECK(o->vrfs && o->ports && o->peers && o->remotes && o->numbers);
	order_vrfs(o);
	order_ports(o);
	order_peers(o);
	order_remotes(o);
}

/* An empty place is not given to somebody else: who was meant by its number would not be known. */
static void refuse_too_many(struct adopt_refusal *r, const struct adopt_order *o)
{
	if (o->n_vrfs > CONF_VRFS_MAX || o->n_ports > CONF_PORTS_MAX || o->n_peers > CONF_PEERS_MAX)
		say(r, "numbers: too many have come and gone since the start");
}

static void order_take(struct adopt_order *o)
{
	struct conf *next = o->next;

	if (next->n_peers)
		explicit_bzero(next->peers, next->n_peers * sizeof(*next->peers));
	next->vrfs = o->vrfs;
	next->ports = o->ports;
	next->peers = o->peers;
	next->n_vrfs = o->n_vrfs;
	next->n_ports = o->n_ports;
	next->n_peers = o->n_peers;
	next->remotes = o->remotes;
	next->n_remotes = o->n_remotes;
}

/* --- fates --- */

static enum conf_fate vrf_fate(const struct conf *now, const struct conf *next, unsigned i)
{
	if (i >= now->n_vrfs)
		return CONF_FATE_NEW;
	if (conf_vrf_is_gone(&next->vrfs[i]))
		return CONF_FATE_GONE;
	return conf_fate_vrf(now, &now->vrfs[i], next, &next->vrfs[i]);
}

static enum conf_fate port_fate(const struct conf *now, const struct conf *next, unsigned i)
{
	if (i >= now->n_ports)
		return CONF_FATE_NEW;
	if (conf_port_is_gone(&next->ports[i]))
		return CONF_FATE_GONE;
	return conf_fate_port(now, &now->ports[i], next, &next->ports[i]);
}

static enum conf_fate peer_fate(const struct conf *now, const struct conf *next, unsigned i)
{
	if (i >= now->n_peers)
		return CONF_FATE_NEW;
	if (conf_peer_is_gone(&next->peers[i]))
		return CONF_FATE_GONE;
	return conf_fate_peer(now, &now->peers[i], next, &next->peers[i]);
}

/* r: what stands in the place in next. */
static enum conf_fate remote_fate(
	const struct conf *now, const struct conf *next, const struct conf_remote *r, unsigned i)
{
	if (conf_remote_is_gone(r))
		return CONF_FATE_GONE;
	if (i >= now->n_remotes || conf_remote_is_gone(&now->remotes[i]))
		return CONF_FATE_NEW;
	return conf_fate_remote(now, &now->remotes[i], next, r);
}

/* bgpd sees no file any more. */
static void refuse_tls(struct adopt_refusal *r, const struct adopt_order *o)
{
	for (unsigned i = 0; i < o->n_remotes; i++) {
		const struct conf_remote *t = &o->remotes[i];
		enum conf_fate fate = remote_fate(o->now, o->next, t, i);

		if (t->tls && (fate == CONF_FATE_NEW || fate == CONF_FATE_RESET))
			text_add(&r->text,
				"%s%s/%s (its certificates and keys are read at the start)",
				r->text.len ? ", " : "", conf_fate_remote_list(t->kind), t->name);
	}
}

static void fates_make(struct conf_change *out, const struct conf *now, const struct conf *next)
{
	for (unsigned i = 0; i < next->n_vrfs; i++)
		out->vrfs[i] = vrf_fate(now, next, i);
	for (unsigned i = 0; i < next->n_ports; i++)
		out->ports[i] = port_fate(now, next, i);
	for (unsigned i = 0; i < next->n_remotes; i++)
		out->remotes[i] = remote_fate(now, next, &next->remotes[i], i);
	for (unsigned i = 0; i < next->n_peers; i++) {
		out->fates[i] = peer_fate(now, next, i);
		out->counts[out->fates[i]]++;
	}
}

bool conf_adopt(struct conf *next, const struct conf *now, struct conf_change *out)
{
	struct adopt_refusal r = {now, next, text_of(out->refused, sizeof(out->refused)), false};
	struct adopt_order o = {.next = next, .now = now};

	*out = (struct conf_change){0};
	conf_diff(now, next, refuse, &r);
	refuse_attachment(&r);
	order_make(&o);
	refuse_too_many(&r, &o);
	refuse_tls(&r, &o);
	out->guard = r.guard;
	out->vrfs = calloc(o.n_vrfs + 1, 1);
	out->ports = calloc(o.n_ports + 1, 1);
	out->fates = calloc(o.n_peers + 1, 1);
	out->remotes = calloc(o.n_remotes + 1, 1);
	CHECK(out->vrfs && out->ports && out->fates && out->remotes);
	if (r.text.len == 0) {
		order_take(&o);
		fates_make(out, now, next);
	}
	free(o.numbers);
	return r.text.len == 0;
}

void conf_change_fini(struct conf_change *c)
{
	free(c->fates);
	free(c->vrfs);
	free(c->ports);
	free(c->remotes);
	c->fates = c->vrfs = c->ports = c->remotes = NULL;
}
