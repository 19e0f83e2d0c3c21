#include "mplsfwd/enforce.h"

#include "conf/load.h" /* conf_free */
#include "mplsfwd/fwd.h"

/* It is somewhere now, and will not be there any more. */
static bool port_leaves(const struct fwd *f, const struct conf_change *change, unsigned i)
{
	return !conf_port_is_gone(&f->conf->ports[i]) &&
	       (change->ports[i] == CONF_FATE_GONE || change->ports[i] == CONF_FATE_RESET);
}

static bool vrf_leaves(const struct fwd *f, const struct conf_change *change, unsigned i)
{
	return !conf_vrf_is_gone(&f->conf->vrfs[i]) && change->vrfs[i] == CONF_FATE_GONE;
}

/* Closed before anything else is done to any of them. */
static void ports_release(struct fwd *f, const struct conf *next, const struct conf_change *change)
{
	bool closes = fwd_guard_closes_unknown(next);

	for (unsigned i = 0; i < f->conf->n_ports; i++)
		if (port_leaves(f, change, i))
			fwd_edge_release(f->edge, i);
	for (unsigned i = 0; i < f->conf->n_ports; i++) {
		int vrf = f->conf->ports[i].vrf;

		if (!port_leaves(f, change, i))
			continue;
		fwd_react_port_gone(
			f, i, vrf != CONF_VRF_NONE && change->vrfs[vrf] != CONF_FATE_GONE);
		fwd_ports_release(&f->ports, i, closes && change->ports[i] == CONF_FATE_GONE);
	}
}

/* Nothing of it is left before its table, or its name, can be another's. */
static void vrfs_release(struct fwd *f, const struct conf_change *change)
{
	for (unsigned i = 0; i < f->conf->n_vrfs; i++) {
		if (!vrf_leaves(f, change, i))
			continue;
		fwd_listeners_close_vrf(&f->listeners, i);
		fwd_lfib_vrf_drop(&f->lfib, (uint16_t)i);
	}
	be_nl_run(&f->nl);
	for (unsigned i = 0; i < f->conf->n_vrfs; i++) {
		if (!vrf_leaves(f, change, i))
			continue;
		fwd_vrfs_drop(&f->vrfs, i);
		fwd_lfib_vrf_set(&f->lfib, (uint16_t)i, 0);
	}
}

/* Everything here that looks at the configuration. */
static void conf_set(struct fwd *f, const struct conf *next)
{
	fwd_listeners_resize(&f->listeners, next->n_vrfs);
	f->rundir.path = next->run_dir;
	fwd_said_reload(&f->said, next);
	f->child.conf = f->conf = next;
}

/* The rules of ports stand before the devices are touched, the guard's programs go with their ports. */
static void forwarding_set(struct fwd *f, const struct conf *next, const struct conf_change *change)
{
	fwd_react_reload(f, next, change);
	for (unsigned i = 0; i < next->n_ports; i++)
		if (fwd_guard_port_guarded(&next->ports[i]))
			fwd_rules_add(&f->rules, next->ports[i].name);
	(void)fwd_rules_ports(&f->rules); /* looked at again by fwd_react */
	fwd_lfib_reload(&f->lfib, next);
	(void)fwd_guard_reload(&f->guard, next); /* said; and looked at on patrol */
	fwd_vrfs_reload(&f->vrfs, next);
	fwd_ports_reload(&f->ports, next);
	fwd_edge_reload(f->edge, next, change);
}

static void ports_follow(struct fwd *f, const struct conf *before, const struct conf_change *change)
{
	for (unsigned i = 0; i < before->n_ports; i++)
		if (change->ports[i] == CONF_FATE_POLICY)
			fwd_ports_again(&f->ports, i, &before->ports[i]);
}

void fwd_enforce(struct fwd *f, struct conf *next, const struct conf_change *change)
{
	const struct conf *before = f->conf;

	if (!f->no_fib) {
		ports_release(f, next, change);
		vrfs_release(f, change);
		forwarding_set(f, next, change);
	}
	conf_set(f, next);
	if (f->no_fib) {
		fwd_nofib_reload(f, before, change);
	} else {
		ports_follow(f, before, change);
		(void)fwd_react(f);
	}
	if (f->loaded)
		conf_free(f->loaded);
	else /* the first one is not ours to free */
		conf_forget_keys(before);
	f->loaded = next;
}
