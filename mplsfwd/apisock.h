/*
 * The API's sockets besides those of the run directory: TCP, which bgpd speaks nothing but TLS on. They listen at the given addresses, in no
 * VRF, and outlive bgpd as those of the run directory do.
 */
#ifndef MPLSFWD_APISOCK_H
#define MPLSFWD_APISOCK_H

#include "conf/model.h"
#include "lib/log.h"
#include "mplsfwd/rundir.h"
#include "mplsfwd/server.h"

#define FWD_APISOCK_MAX 8u

struct fwd_apisock {
	int fds[FWD_APISOCK_MAX];
	unsigned n;
};

/* Whether users besides root and ours may give orders. */
bool fwd_apisock_is_shared(const struct conf_api *api);

/* 0 or -errno (logged). An address need not be there yet. */
int fwd_apisock_open(struct fwd_apisock *a, const struct conf_api *api, const struct log *log);
void fwd_apisock_close(struct fwd_apisock *a);

/* Gives all of the API's sockets to a bgpd that begins. */
void fwd_apisock_tell(
	const struct fwd_apisock *a, const struct fwd_rundir *d, struct fwd_server *server);

#endif
