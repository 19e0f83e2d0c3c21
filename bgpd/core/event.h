/*
 * Everything that can happen to a router: the only input of router_step(). A run is its list of events, which is
 * why it can be recorded and replayed. Borrowed pointers live as long as the call.
 */
#ifndef BGPD_CORE_EVENT_H
#define BGPD_CORE_EVENT_H

#include <stddef.h>
#include <stdint.h>

#include "lib/prefix.h"
#include "mplsfwd/fibmsg.h"

enum event_kind {
	EV_START,     /* begin: sessions may be dialled */
	EV_STOP,      /* administrative shutdown: Cease to all, withdraw everything from the FIB */
	EV_ACCEPT,    /* conn, vrf, remote, local: somebody connected to a listener */
	EV_CONNECTED, /* conn, local, remote: a connection that we dialled is up */
	EV_CONN_FAILED, /* conn, error: ... could not be made */
	EV_CONN_CLOSED, /* conn, error: the other side closed it, or the system did */
	EV_RECV, /* conn, data, len: octets of the stream; effects.consumed says how many were taken */
	EV_TIMER, /* the deadline of router_deadline() has come */
	EV_FIB, /* fib: a message from mplsfwd; for FIB_SOCKET, conn is the id the shell gave the descriptor */
};

struct event {
	enum event_kind kind;
	uint32_t conn; /* chosen by the shell, never reused in a run, never 0 */
	uint16_t vrf;  /* index into conf vrfs, or FIB_VRF_CORE */
	int32_t error; /* errno, 0 = orderly */
	struct ip_addr remote, local;
	const uint8_t *data;
	size_t len;
	struct fib_msg fib;
};

#endif
