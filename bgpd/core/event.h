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

	/* How well the other side reads; conn. What is sent meanwhile is still queued, in order: see below. */
	EV_CONN_FULL, /* too much waits: nothing but session messages, please, until ... */
	EV_CONN_DRAINED, /* ... little waits again. Follows each EV_CONN_FULL, unless the connection ends */
	EV_CONN_STALLED, /* something waits, and for a second the other side has taken nothing */
	EV_CONN_PROGRESS, /* it takes something again; also once a second while it does and is full */

	EV_ADMIN, /* peer, admin, families, text: what an operator orders at run time */
	EV_LEAVE, /* stop for a restart: what is installed stays, a new run goes on with it (RFC 4724 4.1) */

	/* Caches and stations (conf remotes); remote_index. After EV_REMOTE_DOWN nothing more comes before the next EFF_REMOTE_DIAL. */
	EV_REMOTE_UP,	   /* what was dialled is there, TLS and all */
	EV_REMOTE_DOWN,	   /* text: why; could not be made, or is lost */
	EV_REMOTE_RECV,	   /* data, len; effects.consumed says how many octets were taken */
	EV_REMOTE_FULL,	   /* too much waits to be sent ... */
	EV_REMOTE_DRAINED, /* ... little waits again */
};

enum event_admin {
	ADMIN_RESET,	    /* text: Cease/4, and again at once; what blocked it is forgotten */
	ADMIN_SHUTDOWN,	    /* text: Cease/2, and no session until ... */
	ADMIN_ENABLE,	    /* ... it may have one again */
	ADMIN_REFRESH,	    /* families: both of the following */
	ADMIN_REFRESH_IN,   /* families: ROUTE-REFRESH is sent */
	ADMIN_REFRESH_OUT,  /* families: as if one had come */
	ADMIN_GRACEFUL_ON,  /* its routes carry GRACEFUL_SHUTDOWN from now on (RFC 8326 4) ... */
	ADMIN_GRACEFUL_OFF, /* ... no more */
	ADMIN_ACTIONS
};

#define EVENT_PEER_ALL UINT32_MAX

/*
 * Two things are told of what a connection's other side has not taken yet, apart from each other:
 *
 *   how much   FULL ... DRAINED, with hysteresis. A healthy receiver of a whole table may become full for moments.
 *   since when STALLED ... PROGRESS, for the send hold timer (RFC 9687 4). It runs from EV_CONN_STALLED (nothing could
 *              be written since a second before that) to the next EV_CONN_PROGRESS or EV_CONN_DRAINED, and a connection
 *              with neither behind it is not stalled. One octet that leaves is progress. A stalled queue may be small (KEEPALIVEs
 *              alone): then no EV_CONN_FULL comes.
 */

struct event {
	enum event_kind kind;
	uint32_t conn; /* chosen by the shell, never reused in a run, never 0 */
	uint16_t vrf;  /* index into conf vrfs, or FIB_VRF_CORE */
	int32_t error; /* errno, 0 = orderly */
	struct ip_addr remote, local;
	const uint8_t *data;
	size_t len;
	struct fib_msg fib;
	enum event_admin admin;
	uint32_t peer;	       /* index into conf peers, or EVENT_PEER_ALL */
	uint32_t families;     /* WIRE_FAMILY_BIT()s; 0: all */
	const char *text;      /* UTF-8 (RFC 9003 2); NULL: none */
	uint32_t remote_index; /* into conf remotes */
	uint64_t wall_us; /* EV_START: what the clock on the wall shows, since 1970; 0: not known */
};

#endif
