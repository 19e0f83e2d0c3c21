/*
 * The ports: core ports take labels, access ports are in their VRF, whole or not at all.
 *
 * An access port is never up outside its VRF. The order is: the guard's program, closed (edge.h), down, labels off and
 * the other settings (guard.h), enslave, addresses, up, static neighbours; then it is read back and opened. A step that
 * fails leaves the port down and is tried again. A port that somebody takes out of its VRF, or that falls out
 * because the VRF device was deleted, is taken down at once, said loudly, and brought back the same way. Ports may
 * appear late and go at any time.
 */
#ifndef MPLSFWD_PORTDEV_H
#define MPLSFWD_PORTDEV_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/model.h"
#include "lib/log.h"
#include "mplsfwd/ctl.h"
#include "mplsfwd/guard.h"
#include "mplsfwd/lfib.h"
#include "mplsfwd/nlwatch.h"
#include "mplsfwd/vrfdev.h"

struct fwd_edge;

struct fwd_port_state {
	uint32_t ifindex; /* 0: no such device */
	bool ready;	  /* guarded, and an access port in its VRF */
	bool enslaved;	  /* by us: taken out again at the end */
	bool failed;	  /* a step failed: try again */
};

struct fwd_ports {
	const struct conf *conf; /* all borrowed */
	const struct log *log;
	struct fwd_ctl *ctl;
	struct fwd_watch *watch;
	struct fwd_vrfs *vrfs;
	struct fwd_guard *guard;
	struct fwd_edge *edge;	      /* set when it is there */
	struct fwd_port_state *state; /* one for each of conf's */
};

void fwd_ports_init(struct fwd_ports *p, struct fwd_vrfs *vrfs, struct fwd_guard *guard);
void fwd_ports_fini(struct fwd_ports *p);

/* First of all, whenever links have changed: takes down access ports that are up and not in their VRF. */
void fwd_ports_secure(struct fwd_ports *p);

/* After the VRFs are there: brings each port to what it must be. False: something failed, try again in a second. */
bool fwd_ports_check(struct fwd_ports *p);

/* Reads the label switches of all ports and undoes what somebody changed. */
void fwd_ports_guard(struct fwd_ports *p);

/*
 * The port is out of the configuration, or becomes something else: an access port is taken down and out of its VRF, and the addresses and
 * neighbours that we gave it go. Its program has been closed before. closed: as fwd_guard_port_release.
 */
void fwd_ports_release(struct fwd_ports *p, unsigned port, bool closed);

/* Another configuration, with at least as many ports. */
void fwd_ports_reload(struct fwd_ports *p, const struct conf *conf);

/* The same port with other settings: what it had and has no longer goes now, the rest comes with the next check. */
void fwd_ports_again(struct fwd_ports *p, unsigned port, const struct conf_port *was);

/* What the LFIB wants to know, and enum fib_port_flags for bgpd. */
uint8_t fwd_ports_look(const struct fwd_ports *p, unsigned port, struct fwd_port *out);

/*
 * At the end: ports that we put into a VRF are taken down and out, without the addresses that we gave them. They
 * stay down: up, they would be in the core.
 */
void fwd_ports_remove(struct fwd_ports *p);

#endif
