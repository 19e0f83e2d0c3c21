/*
 * The kernel settings that keep labels out of customers' hands, and those that a PE cannot do without.
 *
 * net.mpls.conf.IF.input decides whether labelled packets are taken from a port at all (RFC 3031 section 3.18,
 * RFC 4381 section 3.4): 1 on core ports, 0 on access ports. The label table is one for the whole box, so a single
 * access port with 1 lets its customer speak every label that there is. There is no `all` or `default` of it: it is
 * set when a port appears, and checked again whenever the kernel says that it was changed.
 *
 * Of a guarded access port besides: no redirects either way (RFC 1812 5.2.7.2), no source routing, no proxy ARP, ARP
 * answered for addresses of this very port only and asked with its own, no IPv6 (it is not routed in VRFs).
 */
#ifndef MPLSFWD_GUARD_H
#define MPLSFWD_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/model.h"
#include "lib/log.h"

#define FWD_GUARD_SYSCTLS      8
#define FWD_GUARD_PORT_SYSCTLS 11

struct fwd_guard_port {
	bool set; /* the settings have been brought to what they must be since the port appeared */
	uint32_t was[FWD_GUARD_PORT_SYSCTLS]; /* before that */
	bool changed[FWD_GUARD_PORT_SYSCTLS]; /* by us */
	bool there[FWD_GUARD_PORT_SYSCTLS];   /* this kernel has it, and it is ours to look after */
	bool corrected; /* somebody had allowed labels on an access port, and it was undone */
};

/* A setting of a port that is not what it must be. */
struct fwd_guard_fault {
	const char *name; /* "input", "arp_ignore", ... */
	uint32_t want, now;
};

struct fwd_guard {
	const struct conf *conf;
	const struct log *log;
	struct fwd_guard_port *ports; /* one for each of conf's */
	uint32_t was[FWD_GUARD_SYSCTLS];
	bool seen[FWD_GUARD_SYSCTLS]; /* was is known */
	bool changed[FWD_GUARD_SYSCTLS];
};

/* An access port whose guard is not switched off. */
static inline bool fwd_guard_port_guarded(const struct conf_port *p)
{
	return p->role == CONF_PORT_ACCESS && !p->guard.disabled;
}

void fwd_guard_init(struct fwd_guard *g, const struct conf *conf, const struct log *log);
void fwd_guard_fini(struct fwd_guard *g);

/*
 * The settings of the whole namespace: platform_labels at least label_max + 1, IPv4 forwarding on, the MPLS TTL not
 * copied from customers' packets (pipe model, RFC 3443 section 3: hides the core from traceroute), and
 * tcp_l3mdev_accept, and its like for UDP and raw sockets, off (else a customer reaches the core's listeners); new
 * devices do not forward, unless unknown ports are open. 0 or -errno; the log then has the exact sysctl line that an
 * administrator must run.
 */
int fwd_guard_start(struct fwd_guard *g);

/*
 * Another configuration, with at least as many ports. Settings of the namespace that it does not ask for any more are given back, those that it
 * asks for now are set (0 or -errno, logged). The settings of ports follow when they are set the next time.
 */
int fwd_guard_reload(struct fwd_guard *g, const struct conf *conf);

/*
 * The port is out of the configuration, or becomes something else: what was set is given back as at a stop. closed: a device that nobody knows
 * does not forward.
 */
void fwd_guard_port_release(struct fwd_guard *g, unsigned port, bool closed);

/* Whether the configuration closes devices that it does not know. */
bool fwd_guard_closes_unknown(const struct conf *conf);

/* Brings input and the other settings of a port that exists to what the configuration wants. 0 or -errno (logged). */
int fwd_guard_port_set(struct fwd_guard *g, unsigned port);

/* Reads the settings of a port: false if all are right, else *out is the first that is not. */
bool fwd_guard_port_fault(const struct fwd_guard *g, unsigned port, struct fwd_guard_fault *out);

/* Reads them and undoes what somebody changed. True if it did. */
bool fwd_guard_port_check(struct fwd_guard *g, unsigned port);

/*
 * A VRF device forwards; devices that nobody knows must not (conf.default.forwarding is 0 while we run). The kernel asks
 * the port and not the VRF, so it is no more than said if it cannot be set.
 */
void fwd_guard_vrf_set(struct fwd_guard *g, const char *vrf);

/* Reads the namespace's settings and undoes what somebody changed. True if it did. */
bool fwd_guard_check(struct fwd_guard *g);

/* The device is gone: what was known of it is forgotten. */
void fwd_guard_port_gone(struct fwd_guard *g, unsigned port);

/* Whether the kernel takes labelled packets from a port now. */
bool fwd_guard_port_labels(const struct fwd_guard *g, unsigned port);

/* What input of a port must be, by the configuration alone. */
uint32_t fwd_guard_port_want(const struct fwd_guard *g, unsigned port);

/*
 * Gives back, at a clean stop, what can be given back safely: input of core ports, the settings of access ports (they are
 * down), the TTL model and the l3mdev_accept switches. Not given back: input of access ports (stays 0), platform_labels (lowering it deletes the
 * labels that others have installed since) and ip_forward (a routing daemon beside us may rely on it).
 */
void fwd_guard_stop(struct fwd_guard *g);

#endif
