#include "mplsfwd/vrfdev.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

void fwd_vrfs_init(
	struct fwd_vrfs *v, struct fwd_guard *guard, struct fwd_ctl *ctl, struct fwd_watch *watch)
{
	*v = (struct fwd_vrfs){
		.conf = guard->conf, .log = guard->log, .ctl = ctl, .watch = watch, .guard = guard};
	v->state = calloc(guard->conf->n_vrfs + 1, sizeof(*v->state));
	CHECK(v->state);
}

void fwd_vrfs_fini(struct fwd_vrfs *v)
{
	free(v->state);
	free(v->swept);
	v->state = NULL;
	v->swept = NULL;
	v->n_swept = 0;
}

static int complain(struct fwd_vrfs *v, const struct conf_vrf *c, const char *why, int err)
{
	log_line(v->log, LOG_ERROR_, "vrf_refused", "vrf=%s table=%u error=\"%s\" why=\"%s\"",
		c->name, c->table, strerror(-err), why);
	return err;
}

/* Another VRF device with our table would share its routes with ours. */
static bool table_taken(const struct fwd_vrfs *v, const struct conf_vrf *c)
{
	for (unsigned i = 0; i < v->watch->n_links; i++) {
		const struct fwd_link *l = &v->watch->links[i];
		if (l->vrf_table == c->table && strcmp(l->name, c->name))
			return true;
	}
	return false;
}

/* *missing: there was none. What stands in its place may be something else, so ours is put there all the same. */
static int guard_set(struct fwd_vrfs *v, const struct conf_vrf *c, uint8_t af, bool *missing)
{
	int err = fwd_ctl_unreachable(v->ctl, true, af, c->table);

	if (err == -EEXIST)
		return fwd_ctl_unreachable_force(v->ctl, af, c->table);
	*missing |= !err;
	return err;
}

static int guards_set(struct fwd_vrfs *v, const struct conf_vrf *c, bool *missing)
{
	int err = guard_set(v, c, IP_V4, missing);
	int err6 = guard_set(v, c, IP_V6, missing);

	if (err6 == -EOPNOTSUPP ||
		err6 == -EAFNOSUPPORT) /* no IPv6 in this kernel: nothing to guard */
		err6 = 0;
	err = err ? err : err6;
	return err ? complain(v, c, "no unreachable default in its table", err) : 0;
}

static const struct fwd_link *device_make(struct fwd_vrfs *v, const struct conf_vrf *c, int *err)
{
	*err = fwd_ctl_vrf_add(v->ctl, c->name, c->table);
	if (*err) {
		complain(v, c,
			*err == -EOPNOTSUPP ? "no VRF in this kernel: modprobe vrf"
					    : "cannot make it",
			*err);
		return NULL;
	}
	fwd_watch_drain(v->watch);
	const struct fwd_link *l = fwd_watch_find(v->watch, c->name);
	if (!l)
		*err = complain(v, c, "it went as soon as it was made", -ENODEV);
	return l;
}

static int device_check(
	const struct fwd_vrfs *v, const struct conf_vrf *c, const struct fwd_link *l)
{
	if (l && !l->vrf_table)
		return complain(
			(struct fwd_vrfs *)v, c, "a device of this name is no VRF", -EEXIST);
	if (l && l->vrf_table != c->table)
		return complain(
			(struct fwd_vrfs *)v, c, "this VRF device has another table", -EEXIST);
	if (table_taken(v, c))
		return complain(
			(struct fwd_vrfs *)v, c, "another VRF device has this table", -EEXIST);
	return 0;
}

/* Of a VRF that is in use. */
static int guards_check(struct fwd_vrfs *v, const struct conf_vrf *c)
{
	bool missing = false;
	int err = guards_set(v, c, &missing);

	if (missing)
		log_line(v->log, LOG_ERROR_, "guard_corrected",
			"vrf=%s table=%u why=\"somebody deleted its unreachable default: customers "
			"could have reached the core\"",
			c->name, c->table);
	return err;
}

static int vrf_check(struct fwd_vrfs *v, unsigned i)
{
	const struct conf_vrf *c = &v->conf->vrfs[i];
	struct fwd_vrf_state *s = &v->state[i];
	const struct fwd_link *l = fwd_watch_find(v->watch, c->name);
	bool found = l, missing = false;

	if (l && l->ifindex == s->ifindex && (l->flags & IFF_UP) && l->vrf_table == c->table)
		return guards_check(v, c);
	if (s->ifindex && (!l || l->ifindex != s->ifindex))
		log_line(v->log, LOG_ERROR_, "vrf_lost",
			"vrf=%s why=\"somebody deleted the device: its ports are down until it is "
			"back\"",
			c->name);
	s->ifindex = 0;
	int err = device_check(v, c, l);
	err = err ? err : guards_set(v, c, &missing);
	if (!err && !l)
		l = device_make(v, c, &err);
	if (err)
		return err;
	uint32_t ifindex = l->ifindex;
	s->ours = l->ours || !found; /* the alias of a device that is down is not announced */
	err = fwd_ctl_link_up(v->ctl, (int)ifindex, true);
	if (err)
		return complain(v, c, "cannot bring it up", err);
	fwd_guard_vrf_set(v->guard, c->name);
	s->ifindex = ifindex;
	log_line(v->log, LOG_INFO_, "vrf_ready", "vrf=%s table=%u ifindex=%u %s", c->name, c->table,
		ifindex,
		!found	  ? "made=true"
		: s->ours ? "made=before"
			  : "adopted=true");
	return 0;
}

int fwd_vrfs_check(struct fwd_vrfs *v)
{
	int first = 0;

	for (unsigned i = 0; i < v->conf->n_vrfs; i++) {
		int err = conf_vrf_is_gone(&v->conf->vrfs[i]) ? 0 : vrf_check(v, i);
		first = first ? first : err;
	}
	return first;
}

static bool configured(const struct fwd_vrfs *v, const struct fwd_link *l)
{
	for (unsigned i = 0; i < v->conf->n_vrfs; i++)
		if (strcmp(v->conf->vrfs[i].name, l->name) == 0 &&
			v->conf->vrfs[i].table == l->vrf_table)
			return true;
	return false;
}

/* Deleting a VRF device frees its ports into the core, up: so they are taken down before. */
static void device_remove(struct fwd_vrfs *v, uint32_t ifindex, uint32_t table)
{
	for (unsigned i = 0; i < v->watch->n_links; i++)
		if (v->watch->links[i].master == ifindex)
			fwd_ctl_link_up(v->ctl, (int)v->watch->links[i].ifindex, false);
	fwd_ctl_link_del(v->ctl, (int)ifindex);
	fwd_ctl_unreachable(v->ctl, false, IP_V4, table);
	fwd_ctl_unreachable(v->ctl, false, IP_V6, table);
}

void fwd_vrfs_sweep(struct fwd_vrfs *v)
{
	for (unsigned i = 0; i < v->watch->n_links; i++) {
		const struct fwd_link *l = &v->watch->links[i];
		if (!l->vrf_table || !l->ours || configured(v, l))
			continue;
		log_line(v->log, LOG_WARN_, "leftover_removed",
			"vrf=%s table=%u why=\"of a crashed run\"", l->name, l->vrf_table);
		v->swept = realloc(v->swept, (v->n_swept + 1) * sizeof(*v->swept));
		CHECK(v->swept);
		v->swept[v->n_swept++] = l->vrf_table;
		device_remove(v, l->ifindex, l->vrf_table);
	}
	fwd_watch_drain(v->watch);
}

bool fwd_vrfs_was_swept(const struct fwd_vrfs *v, uint32_t table)
{
	for (unsigned i = 0; i < v->n_swept; i++)
		if (v->swept[i] == table)
			return true;
	return false;
}

void fwd_vrfs_drop(struct fwd_vrfs *v, unsigned vrf)
{
	const struct conf_vrf *c = &v->conf->vrfs[vrf];
	struct fwd_vrf_state *s = &v->state[vrf];

	if (s->ifindex && s->ours)
		device_remove(v, s->ifindex, c->table);
	log_line(v->log, LOG_INFO_, "vrf_removed", "vrf=%s table=%u device=%s", c->name, c->table,
		!s->ifindex ? "none"
		: s->ours   ? "removed"
			    : "kept");
	*s = (struct fwd_vrf_state){0};
	fwd_watch_drain(v->watch);
}

void fwd_vrfs_reload(struct fwd_vrfs *v, const struct conf *conf)
{
	unsigned before = v->conf->n_vrfs;

	v->state = realloc(v->state, (conf->n_vrfs + 1) * sizeof(*v->state));
	CHECK(v->state);
	for (unsigned i = before; i < conf->n_vrfs; i++)
		v->state[i] = (struct fwd_vrf_state){0};
	v->conf = conf;
}

bool fwd_vrfs_remove(struct fwd_vrfs *v)
{
	fwd_watch_drain(v->watch);
	for (unsigned i = 0; i < v->conf->n_vrfs; i++)
		if (v->state[i].ifindex && v->state[i].ours)
			device_remove(v, v->state[i].ifindex, v->conf->vrfs[i].table);
	fwd_watch_drain(v->watch);
	for (unsigned i = 0; i < v->watch->n_links; i++)
		if (v->watch->links[i].vrf_table)
			return false;
	return true;
}
