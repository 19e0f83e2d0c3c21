#include "bgpd/io/confs.h"

#include <errno.h>
#include <unistd.h>

#include "conf/handover.h"
#include "conf/load.h"

static void io_conf_free(const struct io_confs *c, const struct conf *conf)
{
	if (conf != c->first)
		conf_free((struct conf *)conf);
}

void io_confs_end(struct io_confs *c, const struct router *r)
{
	if (!c->before || router_is_reloading(r))
		return;
	io_conf_free(c, c->before);
	c->before = NULL;
}

int io_confs_take(struct io_confs *c, int fd, const struct router *r, struct conf_change *change)
{
	struct conf *next = NULL;

	io_confs_end(c, r);
	if (!c->before && fd >= 0)
		next = conf_handover_get(fd, c->now, change);
	if (fd >= 0)
		close(fd);
	if (!next)
		return c->before ? EBUSY : EINVAL;
	c->before = c->now;
	c->now = next;
	return 0;
}

void io_confs_fini(struct io_confs *c)
{
	io_conf_free(c, c->before);
	io_conf_free(c, c->now);
}
