/*
 * The configuration in force, and the one before it, which the router looks at until all neighbours have been told what a reload changed
 * for them (router_is_reloading).
 */
#ifndef BGPD_IO_CONFS_H
#define BGPD_IO_CONFS_H

#include <stdint.h>

#include "bgpd/core/router.h"
#include "conf/model.h"

struct io_confs {
	const struct conf *now, *before; /* before: NULL, or looked at */
	const struct conf *first;	 /* which is not ours to free */
};

/*
 * FIB_CONF's descriptor (closed; -1: there is none): 0, and what came is c->now from here on; *change is the caller's to conf_change_fini().
 * Or a positive errno: EBUSY, EINVAL.
 */
int io_confs_take(struct io_confs *c, int fd, const struct router *r, struct conf_change *change);

/* Frees the one before as soon as that may be. */
void io_confs_end(struct io_confs *c, const struct router *r);

/* After the router. */
void io_confs_fini(struct io_confs *c);

#endif
