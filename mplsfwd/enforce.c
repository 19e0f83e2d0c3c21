#include "mplsfwd/enforce.h"

#include "conf/load.h" /* conf_free */
#include "mplsfwd/fwd.h"

/* Everything here that looks at the configuration. */
static void conf_set(struct fwd *f, struct conf *next)
{
	f->conf = f->child.conf = f->guard.conf = f->lfib.conf = f->vrfs.conf = f->ports.conf =
		next;
	if (f->edge)
		fwd_edge_reload(f->edge, next);
	f->rundir.path = next->run_dir;
}

void fwd_enforce(struct fwd *f, struct conf *next, const struct conf_change *change)
{
	(void)change;
	if (!f->loaded) /* the first one is not ours to free */
		conf_forget_keys(f->conf);
	conf_set(f, next);
	conf_free(f->loaded);
	f->loaded = next;
}
