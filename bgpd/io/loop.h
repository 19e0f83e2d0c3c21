/*
 * The bgpd process: one libevent loop that turns what happens into events for router_step() and carries out the
 * effects that it returns. This and nothing else is where the router meets the world.
 *
 *   sockets (conn, accept)  --EV_ACCEPT/CONNECTED/RECV/...-->  router_step  --EFF_SEND/CLOSE-->  conn
 *   pair to mplsfwd         --EV_FIB----------------------->        |       --EFF_FIB-------->  fibclient
 *   timer, SIGTERM          --EV_TIMER, EV_STOP------------>        |       --EFF_NOTE------->  lib/log
 *   api                     --mgmt_handle (reads only)----->     router     --EFF_DONE------->  the end
 *
 * A turn: what libevent finds ready (the API too), then reading for IO_READ_US, one slice of queued work (pace.h), and
 * what came of all that is written. So keepalives, other peers and the API wait no longer than a turn for a full table.
 * While mplsfwd is behind, no slice is done at all.
 *
 * SIGUSR1 -> EV_LEAVE: the same end, but mplsfwd keeps what is installed (mplsfwd/daemon.h).
 * The end: SIGTERM -> EV_STOP -> Ceases leave -> EFF_DONE -> connections flushed -> FIB_BYE -> exit; not more than
 * IO_STOP_MS in all.
 */
#ifndef BGPD_IO_LOOP_H
#define BGPD_IO_LOOP_H

#include <stdint.h>

#include <openssl/ssl.h>

#include "bgpd/io/roles.h"
#include "conf/model.h"
#include "lib/log.h"
#include "mplsfwd/fibmsg.h"

#define IO_READ_US 3000 /* and what the connection that is being read then has still to say */
#define IO_STOP_MS 1000

struct io_remotes;
struct io_said;

struct io_options {
	const struct conf *conf; /* borrowed, like log */
	const struct log *log;
	struct io_remotes *remotes; /* owned; NULL: the configuration has none */
	int pair_fd;		    /* owned */
	int record_fd;		    /* owned; -1: do not record */
	uint64_t seed;
	const struct io_roles *roles; /* borrowed: who may use the API */
	SSL_CTX *api_tls;	      /* borrowed; NULL: the API is not spoken over TLS */
	const struct fib_kept *kept;  /* borrowed; NULL: nothing */
	struct io_said *said;	      /* borrowed; log's listener */
};

/* Until SIGTERM, SIGINT or the end of the pair. 0 after an orderly stop, 1 if mplsfwd went away first. */
int io_loop_run(const struct io_options *o);

#endif
