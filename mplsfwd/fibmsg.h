/*
 * The messages between bgpd (unprivileged) and mplsfwd (privileged): this set is the attack surface of the
 * privileged side. Records over a SOCK_SEQPACKET pair; several may stand in one datagram; at most one descriptor
 * goes with a datagram and belongs to its (then only) record. VRFs, ports and peers are indices into struct conf.
 *
 *   record   type(1) len(2, of what follows seq) seq(4) fields...      numbers big-endian
 *
 * mplsfwd refuses (FIB_ACK with an error) whatever the configuration does not allow: labels outside
 * label_min..label_max, unknown VRFs, peers or next hops that are not tracked.
 */
#ifndef MPLSFWD_FIBMSG_H
#define MPLSFWD_FIBMSG_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/prefix.h"
#include "lib/rbuf.h"
#include "lib/wbuf.h"

/* Numbers stand in recorded runs: new ones go to the end of their half. */
enum fib_type {
	/* bgpd -> mplsfwd */
	FIB_DIAL =
		1, /* peer: open a socket with its key, TTL, VRF and local address, begin to connect */
	FIB_NEXTHOP_TRACK,   /* addr: watch the core's route to this BGP next hop */
	FIB_NEXTHOP_UNTRACK, /* addr */
	FIB_LABEL_ADD,	     /* label, vrf: install the pop entry */
	FIB_LABEL_DEL,	     /* label */
	FIB_ROUTE_ADD,	     /* vrf, prefix, route kind: install or replace */
	FIB_ROUTE_DEL,	     /* vrf, prefix */
	FIB_SYNC, /* everything wanted has been said: what is not wanted goes, sources and told labels too */
	/* A port's _COUNTs and _RULEs follow its FIB_GUARD_PORT: what is not said then is 0. */
	FIB_STATS_GET, /* answered by FIB_PORT_STATS, FIB_GUARD_PORT, _COUNT, _RULE per port, FIB_TCP_STATS, then FIB_ACK */
	FIB_BYE,       /* bgpd has sent its Ceases: remove what was installed and end */
	FIB_SOURCE_ADD, /* vrf, prefix, addr: the CE at addr has announced it, best or not (feasible sources, RFC 3704 2.3) */
	FIB_SOURCE_DEL, /* vrf, prefix, addr */
	FIB_LABEL_TELL, /* label, peer: about to be advertised to this core neighbour (RFC 4364 10) ... */
	FIB_LABEL_UNTELL, /* ... no longer */
	FIB_ALIVE,	  /* seq of a FIB_ALIVE_GET: its answer */
	FIB_RELOAD, /* the configuration is to be read anew, and to be confirmed within so many seconds (0: not); answered by FIB_RELOADED */
	FIB_RELOAD_TRY, /* the same, and nothing comes of it: what would differ */
	FIB_CONF_TAKEN, /* error: what came with FIB_CONF is in force from here on, or (not 0) is not and will not be */
	FIB_CONFIRM, /* the last reload is to stay; answered by FIB_RELOADED: 0, ENOENT if none waits, EBUSY */
	FIB_NOTED, /* line ("session_up peer=..."): for the security log, which stamps it; unanswered */

	/* mplsfwd -> bgpd */
	FIB_SOCKET =
		64, /* peer, descriptor (non-blocking, connect begun); error != 0: no descriptor, why in error */
	FIB_LISTENER, /* vrf (FIB_VRF_CORE for the core), descriptor, bound and listening */
	FIB_API,      /* flags (enum fib_api), descriptor of a listening API socket */
	FIB_ACK,      /* seq of the request; error: 0 or errno */
	FIB_NEXTHOP, /* addr, reachable, metric, transport label stack depth: at TRACK and at each change */
	FIB_CONNECTED,	/* vrf, prefix, up: a connected route of a VRF appeared or went */
	FIB_PORT,	/* port, flags: link state and guard state, at start and at each change */
	FIB_PORT_STATS, /* port, MPLS counters of the device */
	FIB_TCP_STATS,	/* TCP-MD5 and GTSM counters of the namespace */
	FIB_KEPT, /* label, vrf: this pop entry stands from before; label 0: something does (struct fib_kept) */
	FIB_GUARD_PORT, /* port (FIB_PORT_UNKNOWN: name), guard, guard_xdp, guard_drifts: at each change, and asked for */
	FIB_GUARD_COUNT, /* port (FIB_PORT_UNKNOWN: name), guard_reason, guard_count: counters that are not 0 */
	FIB_GUARD_RULE, /* port, guard_rule (ace of the port's lists, counted through), guard_count */
	FIB_GUARD_DROP, /* port (FIB_PORT_UNKNOWN: name), guard_reason, guard_rule, drop: a sample, sent unasked */
	FIB_ALIVE_GET, /* to be answered by FIB_ALIVE in the next turn of bgpd's loop */
	FIB_CONF, /* descriptor: a new configuration, without keys (conf/handover.h); answered by FIB_CONF_TAKEN */
	FIB_RELOADED, /* error: 0, ENODATA if nothing differs, or why not; descriptor: a text for whoever asked */
	FIB_UNCONFIRMED, /* seconds: a reload is taken back then, unless it is confirmed; 0: none waits any more */
	FIB_LOGGED, /* line: one of mplsfwd's log, for `show log` */
};

#define FIB_VRF_CORE	 UINT16_MAX
#define FIB_PORT_UNKNOWN UINT16_MAX
#define FIB_RECORD_MAX	 1024 /* octets of the longest record: one with a line; of all others 192 */
#define FIB_LINE_MAX	 1000 /* octets of a line */
#define FIB_DGRAM_MAX	 32768 /* octets of a datagram, at most */
#define FIB_LABELS_MAX	 4

enum fib_route_kind {
	FIB_ROUTE_VPN,	     /* push [transport, label] towards the BGP next hop */
	FIB_ROUTE_CE,	     /* plain IP to a gateway inside the VRF */
	FIB_ROUTE_BLACKHOLE, /* dropped; only in a VRF with a neighbour that may ask for it (RFC 7999) */
};

enum fib_port_flags {
	FIB_PORT_PRESENT = 1, /* the netdevice exists */
	FIB_PORT_UP = 2,      /* up with carrier */
	FIB_PORT_BOUND = 4,   /* enslaved to its VRF (access) */
	FIB_PORT_LABELS = 8, /* the kernel accepts labelled packets here (net.mpls.conf.IF.input) */
	FIB_PORT_CORRECTED =
		16, /* labels had been allowed by somebody and were switched off again */
};

/* What a socket of the API is for: unix sockets, and TCP that must not be spoken to but by TLS. */
enum fib_api { FIB_API_READ_WRITE, FIB_API_READ_ONLY, FIB_API_TLS, FIB_API_KINDS };

/* The state of a port's guard. */
enum fib_guard {
	FIB_GUARD_NONE, /* no guard: switched off, or nothing to guard */
	FIB_GUARD_CLOSED, /* everything is dropped: not proven yet, drifted, or not in the configuration */
	FIB_GUARD_OPEN,	  /* attached, read back, and as it must be */
	FIB_GUARD_FAILED, /* could not be attached: the port is down */
};

struct fib_drop {	  /* a dropped packet; octets are a stranger's */
	uint64_t time_ms; /* UNIX */
	uint16_t len;	  /* of the frame */
	uint8_t cap;	  /* octets below, at most FIB_DROP_OCTETS and len */
	uint8_t xdp;
	const uint8_t *octets; /* borrowed: of the sample, of what was read */
};
#define FIB_DROP_OCTETS 128

struct fib_line {      /* of a log: no octet below space, at least one */
	uint8_t level; /* enum log_level */
	uint16_t len;
	const char *text; /* borrowed: of what was read; no terminator */
};

struct fib_route {
	uint8_t kind; /* enum fib_route_kind */
	struct ip_addr next_hop;
	uint32_t label; /* the remote PE's VPN label, FIB_ROUTE_VPN only */
};

struct fib_mpls_stats { /* packets (ip -j stats group afstats, family MPLS) */
	uint64_t rx_packets, rx_errors, rx_dropped, rx_noroute, tx_packets;
};

struct fib_tcp_stats { /* TcpExt of /proc/net/netstat */
	uint64_t md5_not_found, md5_unexpected, md5_failure, min_ttl_drop;
};

struct fib_msg {
	uint8_t type; /* enum fib_type */
	uint32_t seq; /* chosen by the asker, 0 where no answer is wanted */
	uint16_t vrf;
	uint16_t port;
	uint16_t peer;
	int32_t error; /* 0 or a positive errno */
	uint32_t label;
	struct ip_addr addr;
	struct ip_prefix prefix;
	struct fib_route route;
	bool up; /* FIB_CONNECTED, FIB_NEXTHOP: reachable */
	uint8_t n_labels; /* FIB_NEXTHOP: depth of the transport stack; 0 = plain IP (adjacent, or implicit null) */
	uint32_t labels
		[FIB_LABELS_MAX]; /* FIB_NEXTHOP: the transport labels, outermost first, for `show` */
	uint32_t metric;
	uint8_t flags; /* enum fib_port_flags; FIB_API: enum fib_api */
	struct fib_mpls_stats mpls;
	struct fib_tcp_stats tcp;
	uint8_t guard;	      /* enum fib_guard */
	uint8_t guard_xdp;    /* enum acl_xdp_mode as it came out */
	uint8_t guard_reason; /* enum acl_reason */
	uint16_t guard_rule;  /* ACL_RULE_NONE */
	uint32_t guard_drifts;
	uint64_t guard_count;
	uint32_t seconds;
	char name
		[16]; /* FIB_GUARD_PORT, _DROP with FIB_PORT_UNKNOWN: the device; FIB_GUARD_PORT with a port and CLOSED: what drifted; else "" */
	struct fib_drop drop;
	struct fib_line line;
};

/* What bgpd has from its birth, instead of from the pair: FIB_KEPT records, to be taken in before it begins. */
struct fib_kept {
	struct fib_msg *list;
	unsigned n;
};

/* Appends one record. A full w turns bad. */
void fib_msg_put(struct wbuf *w, const struct fib_msg *m);

/* Reads the next record; only the fields of its type are set. False at a malformed or unknown one. Borrows r. */
bool fib_msg_get(struct rbuf *r, struct fib_msg *out);

/* "dial", "route-add", ... for logs and replay files. */
const char *fib_type_name(enum fib_type t);

#endif
