/* The wires of a run: veth pairs between the nodes' namespaces, and the few settings the kernel needs for them. */
#ifndef LAB_LINK_H
#define LAB_LINK_H

#include <stdint.h>

#include "lab/ns.h"

/* One veth pair a link, each end made in its node's namespace under its own name. ns: by node. 0 or -errno. */
int lab_link_wire(const struct lab_topo *t, const struct lab_ns *base, const struct lab_ns *ns);

/*
 * Brings up lo everywhere, core ports and the CEs' ports. The access ports of a PE stay down: until they are in
 * their VRF a packet from a customer would be routed by the core's table.
 */
int lab_link_up(const struct lab_topo *t, const struct lab_ns *base, const struct lab_ns *ns);

/* What forwarding needs in a router without Ravelin: ip_forward, the size of the label table, labels on core ports. */
int lab_link_sysctls(const struct lab_topo *t, const struct lab_ns *base, const struct lab_ns *ns);

/* A port's index and MAC address, asked in its namespace. */
int lab_link_find(const struct lab_ns *base, const struct lab_ns *in, const char *port,
	int *ifindex, uint8_t mac[6]);

#endif
