/*
 * The forwarding process as one struct: everything that daemon.c starts and stops, and that react.c (what the kernel
 * says) and request.c (what bgpd says) bring together.
 *
 *   kernel --notifications--> nlwatch --> react --> vrfdev, portdev, rules, guard, edge  (close, repair, open)
 *                                           |-----> lfib <--- request <--- server <--- bgpd
 *                                           |        |                        ^
 *                                           |        '--> plan --> be_nl --> kernel
 *                                           '--- FIB_NEXTHOP, _CONNECTED, _PORT, _LISTENER, _ACK --'
 */
#ifndef MPLSFWD_FWD_H
#define MPLSFWD_FWD_H

#include "mplsfwd/apisock.h"
#include "mplsfwd/be_nl.h"
#include "mplsfwd/child.h"
#include "mplsfwd/ctl.h"
#include "mplsfwd/edge.h"
#include "mplsfwd/guard.h"
#include "mplsfwd/lfib.h"
#include "mplsfwd/listen.h"
#include "mplsfwd/nlwatch.h"
#include "mplsfwd/notify.h"
#include "mplsfwd/portdev.h"
#include "mplsfwd/reload.h"
#include "mplsfwd/rollback.h"
#include "mplsfwd/rules.h"
#include "mplsfwd/rundir.h"
#include "mplsfwd/said.h"
#include "mplsfwd/server.h"
#include "mplsfwd/track.h"
#include "mplsfwd/vrfdev.h"

/* An address of a port that is in its VRF: what the LFIB and bgpd have been told. */
struct fwd_seen_addr {
	uint16_t port;
	bool up;		 /* bgpd has been told that the prefix is there */
	struct ip_prefix prefix; /* host bits kept */
};

struct fwd {
	const struct conf *conf;
	struct conf *loaded; /* the same, if a reload brought it */
	fwd_load_fn *load;
	struct fwd_reload reload;
	struct fwd_listeners listeners;
	struct fwd_rollback rollback;
	const struct log *log;
	struct event_base *base;
	struct fwd_rundir rundir;
	struct fwd_apisock apisock;
	struct fwd_ctl ctl;
	struct fwd_guard guard;
	struct fwd_watch watch;
	struct fwd_vrfs vrfs;
	struct fwd_ports ports;
	struct fwd_rules rules;
	struct fwd_edge *edge; /* NULL without a forwarding plane */
	struct fwd_lfib lfib;
	struct be_nl nl;
	struct fwd_server server;
	struct fwd_child child;
	struct fwd_notify notify;
	struct fwd_said said;
	struct event *signals;	/* a signalfd */
	struct event *retry;	/* a step on a device failed: try again */
	struct event *patrol;	/* settings that nobody announces are looked at now and then */
	struct event *restart;	/* bgpd, after its back-off */
	struct event *deadline; /* of a stop */
	int signal_fd;
	uint64_t seed;	  /* hash secret of the run */
	bool no_fib;	  /* struct fwd_options */
	bool starting;	  /* what a run before has left is not known yet: nothing is opened */
	bool failing;	  /* ... in the last look at everything */
	unsigned retry_s; /* the next wait */
	bool stopping;
	bool child_fatal;    /* bgpd said FWD_CHILD_FATAL */
	bool keeping;	     /* stopping for a restart: what is installed stays */
	bool kept;	     /* a bgpd before the next one has left something installed */
	bool said_bye;	     /* bgpd has: what it installed is being removed */
	uint16_t *port_told; /* per port: FIB_PORT flags that bgpd knows, PORT_UNTOLD = none */
	struct fwd_seen_addr *addrs;
	unsigned n_addrs;
	unsigned n_lost; /* what others have deleted of ours, since it was last said */
};

#define PORT_UNTOLD UINT16_MAX

/* Calls for nlwatch. */
const struct fwd_watch_calls *fwd_react_calls(void);

/* Brings everything of ours in the kernel to what it must be, tells LFIB and bgpd. 0 or the first -errno. */
int fwd_react(struct fwd *f);

/* What is known of a next hop: to the log and to bgpd. arg is struct fwd. */
void fwd_react_nexthop(void *arg, const struct fwd_nexthop *nh);

/* bgpd is new: it is told everything from the beginning. */
void fwd_react_hello(struct fwd *f);

/* The port leaves the configuration, or its VRF: LFIB and bgpd hear what went with it. */
void fwd_react_port_gone(struct fwd *f, unsigned port, bool vrf_stays);

/* Another configuration, with at least as many ports; change: what bgpd has to be told anew. */
void fwd_react_reload(struct fwd *f, const struct conf *next, const struct conf_change *change);

/* Undoes what react has allocated. */
void fwd_react_fini(struct fwd *f);

/* Calls for the server. */
const struct fwd_server_calls *fwd_request_calls(void);

/* The same without a forwarding plane, and what bgpd is told at its start then. */
const struct fwd_server_calls *fwd_nofib_calls(void);
void fwd_nofib_hello(struct fwd *f);

/* ... and when the configuration is another than before: f's. */
void fwd_nofib_reload(struct fwd *f, const struct conf *before, const struct conf_change *change);

/* Answers that the LFIB has ready: to bgpd. */
void fwd_request_acks(void *arg);

/* bgpd's end of the pair is gone or not to be trusted: kill it, forget it, start it again later. */
void fwd_daemon_child_lost(struct fwd *f, const char *why);

#endif
